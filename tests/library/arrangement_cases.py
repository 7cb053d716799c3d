"""Small made-up questions for the tests of the composer: coarse values, so that ties and clashes are common."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import strategies as st

from schakel.arrangements import Candidate, Kind, Need, NotFor, Slot, Weights, Wishes

THEMES = ("eenzaamheid", "rondkomen", "te_weinig_bewegen")
some_of = st.sampled_from

slots = st.builds(
    lambda start, length: Slot(start * 30, (start + length) * 30), st.integers(18, 24), st.integers(1, 4)
)


def candidates(size: int = 6) -> st.SearchStrategy[list[Candidate]]:
    """At most so many candidates with different identifiers."""
    degrees = st.dictionaries(some_of(THEMES), some_of((0.25, 0.5, 1.0)), max_size=3)
    one = st.builds(
        Candidate,
        id=st.sampled_from("abcdefgh"),
        name=st.just("Iets"),
        covers=degrees.map(lambda found: tuple(found.items())),
        kind=some_of((Kind.PROVISION, Kind.COLLECTIVE, Kind.INDIVIDUAL, Kind.NETWORK, Kind.OWN)),
        approach=some_of((0.0, 0.5, 1.0)),
        formality=some_of((0.0, 1.0)),
        organisation=some_of(("", "buurthuis", "wijkteam")),
        times=st.lists(slots, max_size=2).map(tuple),
        pick=st.booleans(),
        km=some_of((None, 0.0, 1.0, 2.5)),
        euros=some_of((None, 0.0, 5.0, 12.5)),
        hours=some_of((None, (0.0, 1.0))),
        cost=some_of((None, (100.0, 500.0))),
        free=some_of((None, 0, 3)),
        group=some_of((None, (1, 1), (1, 8), (6, 12))),
        languages=some_of(((), ("nl",), ("nl", "tr"))),
        wheelchair=some_of((None, True, False)),
        easy_read=some_of((None, True, False)),
        referral=st.booleans(),
        decision=st.booleans(),
        not_for=some_of(((), (), (), (NotFor.AREA,))),
    )
    return st.lists(one, max_size=size, unique_by=lambda each: each.id)


needs = st.lists(
    st.builds(
        Need,
        theme=some_of(THEMES),
        weight=some_of((0.2, 0.5, 1.0)),
        must=st.booleans(),
        enough=some_of((0.5, 1.0)),
    ),
    max_size=3,
    unique_by=lambda need: need.theme,
)
_names = st.lists(some_of("abc"), max_size=1).map(tuple)
wishes = st.builds(
    Wishes,
    available=st.none() | st.lists(slots, max_size=2).map(tuple),
    max_km=some_of((None, None, 1.0)),
    budget=some_of((None, None, 0.0, 15.0)),
    languages=some_of(((), (), ("tr",))),
    wheelchair=some_of((False, False, True)),
    easy_read=some_of((False, False, True)),
    groups=some_of((None, None, True, False)),
    no_referral=some_of((False, False, True)),
    no_decision=some_of((False, False, True)),
    no_waiting=some_of((False, False, True)),
    max_parts=some_of((None, None, 1, 2)),
    max_faces=some_of((None, None, 1)),
    keep=_names,
    without=_names,
)
weights = st.builds(Weights, **{one.name: some_of((0.0, 5.0, 12.5)) for one in fields(Weights)})


@st.composite
def questions(
    draw: st.DrawFn, size: int = 6, free: bool = False
) -> tuple[list[Candidate], list[Need], Wishes, Weights]:
    """Candidates, needs, wishes about candidates that exist, and weights; ``free`` has few wishes."""
    offered, wished = draw(candidates(size)), Wishes(max_parts=2, max_km=1.0) if free else draw(wishes)
    here = {one.id for one in offered}
    keep, without = (tuple(one for one in some if one in here) for some in (wished.keep, wished.without))
    return offered, draw(needs), replace(wished, keep=keep, without=without), draw(weights)
