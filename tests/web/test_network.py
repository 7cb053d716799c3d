"""Areas, figures, teams, people; and files that are not what they should be (S001, S002, S004, DESIGN §8)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.network import actions
from schakel_web.network.models import Area, Figure, Invitation, Membership, Team
from schakel_web.network.presets import presets
from schakel_web.signals.models import Batch, Signal
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def square(code: str, x: float, y: float, **properties: Any) -> dict[str, Any]:
    ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
    return {
        "type": "Feature",
        "properties": {"buurtcode": code, "buurtnaam": f"Buurt {code[-2:]}", **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def geojson(*features: Any) -> SimpleUploadedFile:
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return SimpleUploadedFile("buurten.geojson", body)


def upload(client: Client, address: str, file: SimpleUploadedFile, **fields: Any) -> Any:
    return client.post(address, {"file": file, **fields}, follow=True)


def test_a_division_is_read_in_with_districts_borders_and_names(city: City, as_: As) -> None:
    file = geojson(square("BU03630000", 4.90, 52.37), square("BU03630001", 4.91, 52.37))
    page = upload(as_("administrator"), "/beheer/gebieden/", file, year=2026)
    assert "2 buurten zijn ingelezen" in page.content.decode()
    one, other = Area.objects.filter(code__startswith="BU0363").order_by("code")
    assert other in one.neighbours.all()
    assert (one.parent and one.parent.code, bool(one.rings)) == ("WK036300", True)


def test_reading_the_same_division_again_changes_nothing(city: City, as_: As) -> None:
    for _ in range(2):
        upload(
            as_("administrator"), "/beheer/gebieden/", geojson(square("BU03630000", 4.90, 52.37)), year=2026
        )
    assert Area.objects.filter(code="BU03630000").count() == 1


def test_a_new_year_takes_over_and_teams_and_old_signals_stay_where_they_were(city: City, as_: As) -> None:
    old = city.areas[0]
    signal = make.signal(old)
    file = geojson(*(square(area.code, 4.9 + k / 100, 52.37) for k, area in enumerate(city.areas)))
    upload(as_("administrator"), "/beheer/gebieden/", file, year=2027)
    old.refresh_from_db()
    assert not old.current
    assert signal.area_id == old.pk
    assert set(city.teams[0].areas.values_list("year", flat=True)) == {2027}


def test_a_neighbourhood_that_did_not_change_goes_on_in_the_next_division(city: City, as_: As) -> None:
    """A team reads on Monday what it read on Friday: signals, patterns, plans and what is on the map."""
    client, code = as_("administrator"), "BU03630000"
    upload(client, "/beheer/gebieden/", geojson(square(code, 4.90, 52.37)), year=2026)
    area = Area.objects.get(code=code)
    city.teams[0].areas.add(area)
    signal, pattern = make.signal(area), make.pattern([area])
    almost = square(code, 4.90, 52.3701)  # eleven metres to the north: drawn anew
    page = upload(client, "/beheer/gebieden/", geojson(almost), year=2027).content.decode()
    assert "bestaat niet meer" not in page
    area.refresh_from_db()
    assert (area.year, area.current, Area.objects.filter(code=code).count()) == (2027, True, 1)
    assert as_("member").get(f"/signalen/{signal.pk}/").status_code == 200
    assert as_("member").get(f"/patronen/{pattern.pk}/").status_code == 200


def test_a_neighbourhood_that_is_other_land_under_the_same_code_is_named(city: City, as_: As) -> None:
    client = as_("administrator")
    upload(client, "/beheer/gebieden/", geojson(square("BU03630000", 4.90, 52.37)), year=2026)
    moved = square("BU03630000", 4.905, 52.37)  # half of it is next door now
    page = upload(client, "/beheer/gebieden/", geojson(moved), year=2027).content.decode()
    assert "Deze buurt is veranderd of bestaat niet meer: Buurt 00." in page
    assert list(Area.objects.filter(code="BU03630000").values_list("year", "current").order_by("year")) == [
        (2026, False), (2027, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([], "Er staan geen regels in het bestand"),
        ([square("BU03630000", 52.37, 4.90)], "omgewisseld"),
        ([square("BU03630000", 4.9, 52.37), square("BU03630000", 4.91, 52.37)], "elk gebied één keer"),
        ([square("", 4.9, 52.37)], "een kenmerk"),
        ([square("WK036300", 4.9, 52.37)], "een buurtcode zoals"),
        ([square("BU03630000", 14.9, 2.37)], "niet in Nederland"),
        (
            [
                {
                    "type": "Feature",
                    "properties": {"buurtcode": "BU03630000"},
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [
                            [[4.9, 52.3], [4.91, 52.31], [4.91, 52.3], [4.9, 52.31], [4.9, 52.3]]
                        ],
                    },
                }
            ],
            "die zichzelf niet kruist",
        ),
    ],
)
def test_a_division_with_faults_changes_nothing_and_says_all_of_them(
    city: City, as_: As, features: Any, said: str
) -> None:
    before = Area.objects.count()
    page = upload(as_("administrator"), "/beheer/gebieden/", geojson(*features), year=2026)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert Area.objects.count() == before


def test_something_that_is_no_geojson_is_refused(city: City, as_: As) -> None:
    page = upload(
        as_("administrator"), "/beheer/gebieden/", SimpleUploadedFile("x.geojson", b"\x00\x01"), year=2026
    )
    assert page.status_code == 422
    assert "geen leesbaar GeoJSON" in page.content.decode()


def figures(text: str, name: str = "kwb.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("latin-1"))


def test_key_figures_are_matched_by_how_a_column_begins_and_a_point_stays_missing(
    city: City, as_: As
) -> None:
    file = figures("Codering_3;AantalInwoners_5;HuishoudensTotaal_29\nBU90010000  ;1200;.\nBU99999999;5;5\n")
    page = upload(as_("administrator"), "/beheer/kerncijfers/", file, year=2025, status="provisional")
    assert "1 gebieden uit het bestand kennen wij niet" in page.content.decode()
    kept = {f.indicator: (f.value, f.status) for f in Figure.objects.filter(year=2025)}
    assert kept == {"inwoners": (1200.0, "provisional"), "households": (None, "missing")}


def test_figures_of_another_year_than_was_said_are_refused(city: City, as_: As) -> None:
    file = figures("Perioden;Codering;AantalInwoners\n2019;BU90010000;5\n")
    page = upload(as_("administrator"), "/beheer/kerncijfers/", file, year=2025, status="published")
    assert page.status_code == 422
    assert "In het bestand staat het jaar 2019" in page.content.decode()
    assert not Figure.objects.filter(year=2025).exists()


def test_an_area_that_stands_there_twice_is_a_fault(city: City, as_: As) -> None:
    file = figures("Codering;AantalInwoners\nBU90010000;5\nBU90010000;6\n")
    page = upload(as_("administrator"), "/beheer/kerncijfers/", file, year=2025, status="published")
    assert "elk gebied één keer" in page.content.decode()
    assert not Figure.objects.filter(year=2025).exists()


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "Codering;AantalInwoners_5\nBU90010000;veel\n"])
def test_figures_that_cannot_be_read_change_nothing(city: City, as_: As, text: str) -> None:
    page = upload(as_("administrator"), "/beheer/kerncijfers/", figures(text), year=2025, status="published")
    assert page.status_code == 422
    assert not Figure.objects.filter(year=2025).exists()
    assert "Traceback" not in page.content.decode()


HEADER = "date,area,theme,people,source,text\n"


def signals(rows: str, name: str = "signalen.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEADER + rows).encode())


GOOD = (
    "2026-05-01,BU90010000,schulden,2,street,Veel rekeningen.\n2026-05-02,BU90010001,eenzaamheid,1,street,\n"
)


def test_a_file_is_looked_at_first_and_then_read_in(city: City, as_: As) -> None:
    client = as_("coordinator")
    page = upload(client, "/signalen/inlezen/", signals(GOOD), what="look")
    assert "Het bestand klopt: 2 signalen" in page.content.decode()
    assert not Signal.objects.exists()
    upload(client, "/signalen/inlezen/", signals(GOOD), what="all")
    assert Signal.objects.count() == 2


def test_the_same_file_twice_is_counted_once(city: City, as_: As) -> None:
    client = as_("coordinator")
    upload(client, "/signalen/inlezen/", signals(GOOD), what="all")
    page = upload(client, "/signalen/inlezen/", signals(GOOD), what="all")
    assert "al eerder ingelezen" in page.content.decode()
    assert (Signal.objects.count(), Batch.objects.count()) == (2, 1)


def test_every_fault_is_shown_at_once_with_its_line(city: City, as_: As) -> None:
    future = (timezone.localdate() + timedelta(days=9)).isoformat()
    bad = (
        f"{future},BU90010000,schulden,1,street,\n2026-05-01,BU90010103,schulden,1,street,\n"
        "morgen,BU90010000,ruimtevaart,0.5,roddel,\n" + GOOD
    )
    page = upload(as_("coordinator"), "/signalen/inlezen/", signals(bad), what="all").content.decode()
    for said in (
        "regel 2, date",
        "regel 3, area",
        "regel 4, date",
        "regel 4, theme",
        "regel 4, people",
        "regel 4, source",
    ):
        assert said in page
    assert "2 regels zijn wel goed" in page
    assert not Signal.objects.exists()


def test_good_rows_are_read_in_when_that_is_asked(city: City, as_: As) -> None:
    page = upload(
        as_("coordinator"),
        "/signalen/inlezen/",
        signals("morgen,BU90010000,schulden,1,street,\n" + GOOD),
        what="good",
    )
    assert "2 signalen zijn ingelezen; 1 regels zijn overgeslagen" in page.content.decode()


def test_areas_of_another_team_are_unknown(city: City, as_: As) -> None:
    page = upload(
        as_("coordinator"),
        "/signalen/inlezen/",
        signals("2026-05-01,BU90010100,schulden,1,street,\n"),
        what="good",
    )
    assert "een buurt die in Schakel bekend is" in page.content.decode()
    assert not Signal.objects.exists()


def test_personal_data_in_a_file_are_taken_out_and_formulas_stay_text_r4(city: City, as_: As) -> None:
    start = "2026-05-01,BU90010000,schulden,1,street,"
    rows = f'{start}"Mevrouw Jansen belt 06-12345678"\n{start}=1+1\n'
    upload(as_("coordinator"), "/signalen/inlezen/", signals(rows), what="all")
    texts = set(Signal.objects.values_list("text", flat=True))
    assert "=1+1" in texts
    assert not any("Jansen" in text or "06" in text for text in texts)


def test_latin_1_with_semicolons_is_read_as_well(city: City, as_: As) -> None:
    body = "date;area;theme;text\n2026-05-01;BU90010000;schulden;Veel échte zorgen.\n".encode("latin-1")
    upload(as_("coordinator"), "/signalen/inlezen/", SimpleUploadedFile("oud.csv", body), what="all")
    assert Signal.objects.get().text == "Veel échte zorgen."


@pytest.mark.parametrize("body", [b"", b"date,area,theme\n", b"a,b\n1,2\n", b"\x00\xff\x00"])
def test_files_that_are_no_table_of_signals_get_one_clear_sentence(city: City, as_: As, body: bytes) -> None:
    page = upload(as_("coordinator"), "/signalen/inlezen/", SimpleUploadedFile("x.csv", body), what="all")
    assert "Traceback" not in page.content.decode()
    assert not Signal.objects.exists()


def test_a_file_that_is_too_large_is_refused(city: City, as_: As, settings: Any) -> None:
    settings.UPLOAD_MOST = 100
    page = upload(as_("coordinator"), "/signalen/inlezen/", signals(GOOD * 10), what="all")
    assert "te groot" in page.content.decode()


def test_an_invitation_makes_an_account_with_that_role_once(city: City, as_: As) -> None:
    given = {"name": "Nieuw", "email": "Nieuw@Stad.nl", "role": "team_member", "team": city.teams[0].pk}
    as_("administrator").post("/beheer/mensen/", given)
    link = re.search(r"/uitnodiging/\S+", str(mail.outbox[0].body))
    assert link
    visitor = Client()
    visitor.post(link.group(), {"name": "Nieuw Mens", "password": "lang genoeg wachtwoord"})
    user = User.objects.get(email="nieuw@stad.nl")
    assert (user.memberships.get().role, user.memberships.get().team) == ("team_member", city.teams[0])
    assert visitor.get("/signalen/").status_code == 200
    assert Client().get(link.group()).status_code == 410


def test_an_old_invitation_is_over(city: City) -> None:
    invitation = actions.invite(
        email="x@stad.nl",
        name="X",
        role="policy_officer",
        team=None,
        organisation=None,
        by=city["administrator"],
    )
    Invitation.objects.filter(pk=invitation.pk).update(expires=timezone.now() - timedelta(minutes=1))
    link = re.search(r"/uitnodiging/\S+", str(mail.outbox[0].body))
    assert link
    assert Client().get(link.group()).status_code == 410


@pytest.mark.parametrize(
    ("role", "place", "said"),
    [
        ("team_member", None, "Kies bij deze rol een team"),
        ("partner", None, "een organisatie"),
        ("policy_officer", "team", "hoort geen team"),
    ],
)
def test_a_role_without_its_place_is_refused(
    city: City, as_: As, role: str, place: str | None, said: str
) -> None:
    given = {"name": "X", "email": "x@stad.nl", "role": role} | ({"team": city.teams[0].pk} if place else {})
    assert said in as_("administrator").post("/beheer/mensen/", given).content.decode()
    assert not Invitation.objects.exists()


def test_the_database_refuses_a_role_without_its_place(city: City) -> None:
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=city["nobody"], role="team_member")


def test_nobody_switches_off_themselves(city: City, as_: As) -> None:
    as_("administrator").post(f"/beheer/mensen/{city['administrator'].pk}/schakel/")
    city["administrator"].refresh_from_db()
    assert city["administrator"].is_active


def test_somebody_who_was_switched_off_can_do_nothing(city: City, as_: As) -> None:
    client = as_("member")
    as_("administrator").post(f"/beheer/mensen/{city['member'].pk}/schakel/")
    assert client.get("/signalen/").status_code in {302, 403}


def test_the_six_practices_are_there_with_their_source_s050_s055() -> None:
    assert {p.source for p in presets().values()} == {f"S05{k}" for k in range(6)}


def test_a_team_is_made_with_areas_and_a_way_of_working(city: City, as_: As) -> None:
    given = {
        "name": "Team nieuw",
        "organisation": city.organisations["Welzijn"].pk,
        "preset": "pyramid:1",
        "active": "on",
        "areas": [city.areas[0].pk],
    }
    as_("administrator").post("/beheer/teams/nieuw/", given)
    team = Team.objects.get(name="Team nieuw")
    assert (team.preset, team.areas.get()) == ("pyramid", city.areas[0])


def test_nobody_has_a_role_twice_in_one_place_on_any_database(city: City) -> None:
    for name in ("member", "partner", "policy"):
        held = city[name].memberships.get()
        held.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            held.save(force_insert=True)


def test_a_division_in_a_thousand_brackets_is_refused_in_one_sentence(city: City, as_: As) -> None:
    deep = SimpleUploadedFile("buurten.geojson", b'{"features":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    page = upload(as_("administrator"), "/beheer/gebieden/", deep, year=2026)
    assert page.status_code == 422
    assert "geen leesbaar GeoJSON" in page.content.decode()
