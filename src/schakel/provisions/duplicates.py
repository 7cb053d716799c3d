"""The same thing twice: by identifier for certain, else likely, for a person to choose.

Only what shares something telling is compared: a rare word of the name, a telephone number, an address on the web or
a place. What is wholly alike is put together first, so that fifty thousand copies cost no more than one pass; in a
large block only neighbours in the order of their names are compared (sorted neighbourhood, Hernández & Stolfo 1995,
doi:10.1145/568271.223807).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from schakel.provisions.provision import Provision
from schakel.themes.features import WORD, normal

LIKELY: Final = 0.8
SURE: Final = 0.9  # within one file, whose maker knows its rows apart
BLOCK: Final = 40  # provisions that share something, of which every pair is compared
WINDOW: Final = 6  # neighbours that are compared in a larger block
NEAR_M: Final = 150.0
KNOWN: Final = 100_000  # texts whose plain form is kept at hand; bounds the memory
_RARE: Final = 30  # a word in more names than this tells nothing
_NAME, _PLACE, _OWNER = 0.6, 0.25, 0.15
_CONTACT: Final = 0.1
_FORMS: Final = frozenset("stichting vereniging bv nv vzw de het een en van in voor".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Likely:
    """Two that are probably the same: ``first`` and ``second`` are identifiers, the score is from 0 to 1.

    ``because`` says in Dutch what is alike.
    """

    first: str
    second: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """Incoming provisions beside the ones that are there. ``same`` are those with the same identifier.

    ``likely`` gives per incoming identifier what is there already and is probably the same, the most alike first; a
    person chooses. ``new`` are the others.
    """

    same: tuple[str, ...]
    likely: dict[str, tuple[Likely, ...]]
    new: tuple[str, ...]


def duplicates(provisions: Sequence[Provision], *, least: float = LIKELY) -> tuple[Likely, ...]:
    """Likely duplicates, the most alike first. Of things wholly alike each is paired with the first of them."""
    return _found(provisions, least, None)


def twins(provisions: Sequence[Provision]) -> dict[str, Likely]:
    """Those that are twice in one file: by identifier the first of the file that they are probably the same as.

    They have the same name ("Wandelgroep 1" and "2" are two), and are surely alike, or nothing tells them apart.
    """
    order: dict[str, int] = {}
    for number, one in enumerate(provisions):
        order.setdefault(one.id, number)
    once = [provisions[number] for number in order.values()]
    forms = {one.id: _form(one) for one in once}
    pairs = []
    for pair in duplicates(once):
        here, there = forms[pair.first], forms[pair.second]
        if here.name == there.name and (pair.score >= SURE or here.alike == there.alike):
            pairs.append(pair)
    found: dict[str, Likely] = {}
    for group in groups(pairs):
        first, *others = sorted(group, key=order.__getitem__)
        for other in others:
            likely = _compared(forms[first], forms[other], 0.0)
            assert likely is not None  # everything is at least 0
            found[other] = likely
    return found


def match(incoming: Sequence[Provision], existing: Sequence[Provision], *, least: float = LIKELY) -> Matches:
    """What to do with each incoming provision; those with the identifier of an existing one are the same."""
    there = {one.id for one in existing}
    others = [one for one in incoming if one.id not in there]
    arriving = {one.id for one in incoming}
    left = [one for one in existing if one.id not in arriving]
    likely: dict[str, list[Likely]] = {}
    pairs = _found([*left, *others], least, frozenset(one.id for one in others)) if left and others else ()
    for pair in pairs:
        new, old = (pair.second, pair.first) if pair.first in there else (pair.first, pair.second)
        likely.setdefault(new, []).append(replace(pair, first=new, second=old))
    heads: dict[tuple[object, ...], str] = {}
    for one in others if likely else ():  # what is wholly alike is asked about alike
        head = heads.setdefault(_form(one).whole, one.id)
        if head in likely and one.id not in likely:
            likely[one.id] = [replace(likely[head][0], first=one.id)]
    return Matches(
        same=tuple(one.id for one in incoming if one.id in there),
        likely={key: tuple(found) for key, found in likely.items()},
        new=tuple(one.id for one in others if one.id not in likely),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """What is compared of a provision."""

    id: str
    name: str
    owner: str
    place: str
    point: tuple[float, float] | None
    contacts: frozenset[str]

    @property
    def alike(self) -> tuple[object, ...]:
        """What two have in common that nothing about who and where tells apart."""
        return self.name, self.owner, self.place, self.point

    @property
    def whole(self) -> tuple[object, ...]:
        """What two have in common that are wholly alike."""
        return *self.alike, self.contacts


def _form(one: Provision) -> _Form:
    point = None if one.place.x is None or one.place.y is None else (one.place.x, one.place.y)
    contacts = (re.sub(r"\D", "", one.phone), one.email.casefold(), _site(one.website))
    where = " ".join((one.place.address, one.place.area or "", one.place.name))
    return _Form(
        one.id,
        _plain(one.name),
        _plain(one.organisation),
        _plain(where),
        point,
        frozenset(filter(None, contacts)),
    )


@lru_cache(KNOWN)
def _plain(text: str) -> str:
    words = [
        word.casefold() if any(map(str.isdigit, word)) else normal(word)  # 111 is not 11
        for word in WORD.findall(text)
    ]
    return " ".join(word for word in words if word not in _FORMS)


def _site(website: str) -> str:
    return re.sub(r"^https?://(www\.)?|/+$", "", website.casefold())


def _found(
    provisions: Sequence[Provision], least: float, across: frozenset[str] | None
) -> tuple[Likely, ...]:
    """Likely pairs; `across` are identifiers of one side, where only pairs of both sides count."""
    forms = [_form(one) for one in provisions]
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, form in enumerate(forms):
        alike.setdefault(form.whole, []).append(number)
    pairs = {pair for group in alike.values() for pair in _star(group, forms, across)}
    heads = [group[0] for group in alike.values()]
    if across is not None:  # a head of each side
        heads = sorted({n for group in alike.values() for n in _heads(group, forms, across)})
    pairs |= set(_candidates(heads, forms))
    found = []
    for one, two in pairs:
        if across is not None and (forms[one].id in across) == (forms[two].id in across):
            continue
        likely = _compared(forms[one], forms[two], least)
        if likely is not None:
            found.append(likely)
    return tuple(sorted(found, key=lambda each: (-each.score, each.first, each.second)))


def _heads(group: Sequence[int], forms: Sequence[_Form], across: frozenset[str]) -> list[int]:
    sides: dict[bool, int] = {}
    for number in group:
        sides.setdefault(forms[number].id in across, number)
    return list(sides.values())


def _star(
    group: Sequence[int], forms: Sequence[_Form], across: frozenset[str] | None
) -> Iterator[tuple[int, int]]:
    """Each with the first; across two sides each of the one with the first of the other."""
    if across is None:
        yield from ((group[0], other) for other in group[1:])
        return
    heads = _heads(group, forms, across)
    for other in group if len(heads) == 2 else ():
        for head in heads:
            if (forms[head].id in across) != (forms[other].id in across):
                yield (min(head, other), max(head, other))


def _candidates(numbers: Sequence[int], forms: Sequence[_Form]) -> Iterator[tuple[int, int]]:
    """Pairs that share something telling."""
    words = Counter(word for number in numbers for word in set(forms[number].name.split()))
    blocks: dict[str, list[int]] = {}
    for number in numbers:
        form = forms[number]
        names = form.name.split()
        keys = {f"w:{word}" for word in names if words[word] <= _RARE}
        keys |= {f"n:{form.name}", *(f"c:{contact}" for contact in form.contacts)}
        keys |= {f"p:{form.place}:{word}" for word in names} if form.place else set()
        keys |= {f"s:{''.join(sorted(names))[:8]}"} if names else set()
        for key in keys:
            blocks.setdefault(key, []).append(number)
    for block in blocks.values():
        if len(block) <= BLOCK:
            yield from combinations(sorted(block), 2)
            continue
        order = sorted(block, key=lambda number: (forms[number].name, forms[number].place, number))
        for step in range(1, WINDOW + 1):
            yield from (tuple(sorted(pair)) for pair in zip(order, order[step:], strict=False))  # type: ignore[misc]


def _compared(one: _Form, two: _Form, least: float) -> Likely | None:
    """How alike two are; None below `least`. What is not known counts for half."""
    name = fuzz.token_sort_ratio(one.name, two.name) / 100 if one.name and two.name else 0.0
    shared = one.contacts & two.contacts
    if round(_NAME * name + _PLACE + _OWNER + _CONTACT * bool(shared), 4) < least:
        return None
    place, near = _place_alike(one, two)
    owner = fuzz.token_sort_ratio(one.owner, two.owner) / 100 if one.owner and two.owner else 0.5
    score = min(1.0, round(_NAME * name + _PLACE * place + _OWNER * owner + _CONTACT * bool(shared), 4))
    if score < least:
        return None
    because = ["dezelfde naam" if name == 1 else "bijna dezelfde naam"]
    because += [near] if near else []
    because += ["dezelfde organisatie"] if one.owner and owner == 1 else []
    because += ["hetzelfde telefoonnummer, e-mailadres of dezelfde website"] if shared else []
    return Likely(one.id, two.id, score, tuple(because))


def _place_alike(one: _Form, two: _Form) -> tuple[float, str]:
    if one.point and two.point:
        apart = ((one.point[0] - two.point[0]) ** 2 + (one.point[1] - two.point[1]) ** 2) ** 0.5
        return (1.0, "op dezelfde plek") if apart <= NEAR_M else (0.0, "")
    if one.place and two.place:
        # what both have, such as the town, tells nothing; streets resemble each other: from 60
        here, there = one.place.split(), two.place.split()
        apart = [word for word in here if word not in there], [word for word in there if word not in here]
        texts = map(" ".join, apart if all(apart) else (here, there))
        alike = max(0.0, fuzz.token_sort_ratio(*texts) / 40 - 1.5)
        return (alike, "op dezelfde plek" if alike > 0.9 else "")
    return 0.5, ""


def groups(pairs: Sequence[Likely]) -> tuple[tuple[str, ...], ...]:
    """Provisions that hang together by likely pairs, the largest group first."""
    parent: dict[str, str] = {}

    def top(one: str) -> str:
        while parent.setdefault(one, one) != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for pair in pairs:
        parent[top(pair.second)] = top(pair.first)
    found: dict[str, list[str]] = {}
    for one in sorted(parent):
        found.setdefault(top(one), []).append(one)
    return tuple(sorted(map(tuple, found.values()), key=lambda group: (-len(group), group)))


def brought_in(
    incoming: Sequence[Provision], existing: Sequence[Provision], choices: Mapping[str, str | None]
) -> tuple[tuple[Provision, ...], tuple[Provision, ...]]:
    """New and changed provisions, after a person chose. `choices`: incoming → the existing one it is, or None: it is
    new.

    An existing one keeps its identifier and its place on the two scales, which people here gave it (S115, S118).
    Without a choice an incoming provision with an existing identifier changes that one, any other is new. What is
    equal is left out.
    """
    there = {one.id: one for one in existing}
    new, changed = [], []
    for one in incoming:
        target = choices.get(one.id, one.id if one.id in there else None)
        if target is None or target not in there:
            new.append(one)
            continue
        old = there[target]
        after = replace(one, id=old.id, position=old.position)
        if after != old:
            changed.append(after)
    return tuple(new), tuple(changed)
