"""A guide of what there is, as a register that comes again."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schakel_web.socialmap.models import Draft, Register

NAMES = ["Eettafel", "Wandelgroep De Stap", "Taalcafé", "Buurtmoestuin"]
ALL = "id,name\n" + "".join(f"gids-{n},{name}\n" for n, name in enumerate(NAMES))
WITHOUT_TWO = "id,name\ngids-0,Eettafel\ngids-1,Wandelgroep De Stap\n"
LIKE = "id,name,organisation,phone\n{},Eettafel De Brug,Stichting Oost,030 1234560\n"
KEY = "ac148810-d857-441c-9679-408f346de14{}".format


def sent(client: Client, content: str, *, name: str = "gids.csv", what: str = "all", **more: Any) -> Any:
    """A file of the guide, in the form."""
    file = SimpleUploadedFile(name, content.encode())
    known = Register.objects.filter(name="Gids").first()
    register = {"register": known.pk} if known else {"new_register": "Gids"}
    given = {"file": file, "what": what, "mapping": "", **register, **more}
    return client.post("/kaart/inlezen/", given, follow=True)


def brought(client: Client, content: str, *, whole: str = "yes", **more: Any) -> Draft:
    """A file that was put ready and brought in."""
    sent(client, content, **more)
    draft = Draft.objects.latest("pk")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply", "whole": whole})
    return draft


def waiting(client: Client, content: str) -> Draft:
    """A file that was put ready."""
    sent(client, content)
    return Draft.objects.latest("pk")


def bring(client: Client, draft: Draft, **given: Any) -> str:
    """Bring it in; the page afterwards."""
    return client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply", **given}, follow=True).content.decode()
