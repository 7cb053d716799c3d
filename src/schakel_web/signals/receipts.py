"""Receipt codes: who gave a signal keeps a code, and Schakel only a hash of it (R14)."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
_LENGTH, _GROUP = 12, 4


def new_code() -> str:
    """A code such as 7KQM-2XAB-9RTV: 58 bits, more than anybody can guess."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))


def hashed(code: str, *, key: str | None = None) -> str:
    """What is kept of a code; small letters, spaces and dashes make no difference."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    return salted_hmac("schakel.receipt", plain, secret=key, algorithm="sha256").hexdigest()


def hashes(code: str) -> list[str]:
    """What may have been kept of a code: by the secret key, or by one of those before it."""
    return [hashed(code, key=key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
