"""Made-up personal data in a Dutch sentence, so that redaction (R4) has something to find."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from numpy.random import Generator

from .content import load, names

MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
          "november", "december")  # fmt: skip
LETTERS = "BDFGHJKLNPRSTVXZ"  # as used on licence plates; postcodes never have SA, SD or SS
BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def identity(rng: Generator) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A sentence with made-up personal data, and those data as (kind, value) pairs; nobody is meant."""
    sentence = _sentences()[int(rng.integers(len(_sentences())))]
    found = []
    for kind, make in MAKERS.items():
        slot = f"{{{kind}}}"
        if slot in sentence:
            found.append((sentence.index(slot), kind, make(rng)))
    for _, kind, value in found:
        sentence = sentence.replace(f"{{{kind}}}", value)
    return sentence, tuple((kind, value) for _, kind, value in sorted(found))


@cache
def _sentences() -> tuple[str, ...]:
    return tuple(load("grammar.yaml")["personal"])


def _one(rng: Generator, values: tuple[str, ...] | str) -> str:
    return values[int(rng.integers(len(values)))]


def _name(rng: Generator) -> str:
    family = _one(rng, names().family)
    formal = family[0].upper() + family[1:]
    initial = _one(rng, names().given)[0]
    return _one(
        rng,
        (
            f"{_one(rng, names().given)} {family}",
            f"mevrouw {formal}",
            f"meneer {formal}",
            f"{initial}. {family}",
        ),
    )


def _phone(rng: Generator) -> str:
    mobile = f"06-{rng.integers(10_000_000, 59_999_999)}"
    plain = mobile.replace("-", "")
    spaced = f"06 {plain[2:4]} {plain[4:6]} {plain[6:8]} {plain[8:]}"
    return _one(rng, (mobile, plain, spaced, f"+31 6 {plain[2:]}"))


def _email(rng: Generator) -> str:
    family = _one(rng, names().family).replace(" ", "").lower()
    host = _one(rng, ("example.org", "example.com", "example.net"))  # kept free for examples (RFC 2606)
    return f"{_one(rng, names().given).lower()}.{family}@{host}"


def _address(rng: Generator) -> str:
    return f"{_one(rng, names().streets)} {rng.integers(1, 220)}{_one(rng, ('', '', '', 'a', 'b', '-2'))}"


def _postcode(rng: Generator) -> str:
    letters = _one(rng, LETTERS.replace("S", "")) + _one(rng, LETTERS)
    return f"{rng.integers(1011, 9999)}{_one(rng, (' ', ''))}{letters} {rng.integers(1, 200)}"


def _birth_date(rng: Generator) -> str:
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(1932, 2016))
    return _one(
        rng, (f"{day:02d}-{month:02d}-{year}", f"{day} {MONTHS[month - 1]} {year}", f"{day}/{month}/{year}")
    )


def _bsn(rng: Generator) -> str:
    """A number that passes the 11-test, from the 9999 range that is kept for tests."""
    while True:
        digits = [9, 9, 9, 9, *rng.integers(0, 10, 4).tolist()]
        check = sum(weight * digit for weight, digit in zip(BSN_WEIGHTS, digits, strict=False)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def _iban(rng: Generator) -> str:
    """A Dutch account number of a bank that does not exist, with a valid check (ISO 7064 mod 97-10)."""
    account = f"TEST{rng.integers(10**8, 10**9):010d}"
    number = "".join(str(int(sign, 36)) for sign in f"{account}NL00")
    compact = f"NL{98 - int(number) % 97:02d}{account}"
    grouped = " ".join(compact[index : index + 4] for index in range(0, len(compact), 4))
    return _one(rng, (compact, grouped))


def _plate(rng: Generator) -> str:
    letters = "".join(_one(rng, LETTERS) for _ in range(4))
    return _one(
        rng,
        (
            f"{letters[:2]}-{rng.integers(100, 999)}-{letters[2]}",
            f"{rng.integers(1, 9)}-{letters[:3]}-{rng.integers(10, 99)}",
            f"{rng.integers(10, 99)}-{letters[:2]}-{letters[2:]}",
        ),
    )


def _handle(rng: Generator) -> str:
    return f"@{_one(rng, names().given).lower()}_{rng.integers(10, 99)}"


MAKERS: dict[str, Callable[[Generator], str]] = {
    "name": _name,
    "phone": _phone,
    "email": _email,
    "address": _address,
    "postcode": _postcode,
    "birth_date": _birth_date,
    "bsn": _bsn,
    "iban": _iban,
    "licence_plate": _plate,
    "handle": _handle,
}
