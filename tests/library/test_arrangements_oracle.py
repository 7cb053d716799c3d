"""The composer finds what looking at every set of candidates finds (R11)."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.arrangements import Candidate, Kind, Need, NotFor, Slot, Weights, Wishes, assess, compose
from tests.library import arrangement_oracle as oracle

THEMES = ("eenzaamheid", "geld", "bewegen")
half_hours = st.builds(
    lambda start, length: Slot(start * 30, (start + length) * 30), st.integers(18, 24), st.integers(1, 4)
)
some_of = st.sampled_from


def candidates(size: int = 6) -> st.SearchStrategy[list[Candidate]]:
    """Coarse values, so that ties, clashes and clashing wishes are common."""
    one = st.builds(
        Candidate,
        id=st.sampled_from("abcdefgh"),
        name=st.just("iets"),
        covers=st.dictionaries(some_of(THEMES), some_of((0.25, 0.5, 1.0)), max_size=3).map(
            lambda d: tuple(d.items())
        ),
        kind=some_of((Kind.PROVISION, Kind.COLLECTIVE, Kind.INDIVIDUAL, Kind.NETWORK, Kind.OWN)),
        approach=some_of((0.0, 0.5, 1.0)),
        formality=some_of((0.0, 1.0)),
        organisation=some_of(("", "buurthuis", "wijkteam")),
        times=st.lists(half_hours, max_size=2).map(tuple),
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
names = st.lists(some_of("abc"), max_size=1).map(tuple)
wishes = st.builds(
    Wishes,
    available=st.none() | st.lists(half_hours, max_size=2).map(tuple),
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
    keep=names,
    without=names,
)
points = some_of((0.0, 5.0, 12.5))
weights = st.builds(Weights, **{name: points for name in Weights.__dataclass_fields__})


def known(wished: Wishes, offered: list[Candidate]) -> Wishes:
    """The wishes about candidates that exist."""
    here = {one.id for one in offered}
    keep, without = (tuple(one for one in some if one in here) for some in (wished.keep, wished.without))
    return Wishes(
        **{
            **{name: getattr(wished, name) for name in Wishes.__dataclass_fields__},
            "keep": keep,
            "without": without,
        }
    )


@settings(max_examples=1000, deadline=None)
@given(offered=candidates(), needed=needs, wished=wishes, weighed=weights)
def test_the_best_and_its_alternatives_are_those_of_looking_at_every_set(
    offered: list[Candidate], needed: list[Need], wished: Wishes, weighed: Weights
) -> None:
    wished = known(wished, offered)
    found = compose(needed, offered, wishes=wished, weights=weighed)
    answers = [one for one in (found.best, *found.alternatives) if one is not None]
    earlier: list[tuple[str, ...]] = []
    for answer in answers:
        expected = oracle.best(offered, needed, wished, weighed, earlier=earlier)
        assert expected is not None
        assert answer.ids == tuple(one.id for one in expected)
        assert Fraction(str(answer.score)) == oracle.score(expected, needed, wished, weighed)
        assert assess(expected, needed, wished, weighed).possible
        earlier.append(answer.ids)
    if len(answers) < 3:
        assert oracle.best(offered, needed, wished, weighed, earlier=earlier) is None
    if not answers:
        assert found.clash == oracle.smallest_clash(offered, needed, wished)
