"""Finding signals by word: in any form, in everyday words, in compounds and with a typing error, on any database.

Every step is bounded: words that are near another are looked up in memory, and queries ask for words by number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

from schakel_web.signals.models import Signal, SignalQuerySet, SignalTheme, SignalWord, Word
from schakel_web.signals.tasks import Sought, dutch, everyday, sought, words

_OTHERS = 5  # words that are tried beside the one that was asked for
_LONG = 8  # letters from which two may be wrong; below it one
_SHORT = 4  # letters below which none may
_COMPARED = 500  # signals that are compared with one, the newest first
_AROUND = timedelta(days=365)  # that they may be older or newer
_THEME = 2.0  # weight of a theme in common; a word weighs at most 1


def index(signals: Iterable[Signal], texts: dict[int, str] | None = None) -> None:
    """Add signals to the index; safe to repeat."""
    by_signal, area_of = {}, {}
    for signal in signals:
        by_signal[signal.pk] = words(texts[signal.pk] if texts else signal.text)
        area_of[signal.pk] = signal.area_id
    every = set().union(*by_signal.values()) if by_signal else set()
    known = dict(Word.objects.filter(word__in=every).values_list("word", "pk"))
    if missing := sorted(every - set(known)):
        Word.objects.bulk_create([Word(word=w) for w in missing], ignore_conflicts=True, batch_size=1000)
        known |= dict(Word.objects.filter(word__in=missing).values_list("word", "pk"))
    rows = [
        SignalWord(signal_id=pk, word_id=known[w], area_id=area_of[pk])
        for pk, found in by_signal.items()
        for w in sorted(found)
    ]
    SignalWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def reindex(signal: Signal) -> None:
    """The index after the text of a signal was changed or removed."""
    SignalWord.objects.filter(signal=signal).delete()
    index([signal])


class Vocabulary:
    """The words of the index by their length, in memory; new ones are read when somebody looks for a near one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._last: tuple[int, str] | None = None
        self._by_length: dict[int, list[str]] = {}

    def refresh(self) -> None:
        """Read the words that came since the last time; all of them when the last one is no longer there."""
        with self._lock:
            rows = list(self._since(self._last[0] if self._last else 0))
            if self._last and (not rows or rows[0] != self._last):
                self._forget()
                rows = list(self._since(0))
            for _pk, word in rows[1 if self._last else 0 :]:
                self._by_length.setdefault(len(word), []).append(word)
            self._last = rows[-1] if rows else None

    @staticmethod
    def _since(pk: int) -> Iterable[tuple[int, str]]:
        return Word.objects.filter(pk__gte=pk).order_by("pk").values_list("pk", "word").iterator(20_000)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Words with few letters wrong, missing, too many or swapped (at most two), the nearest first."""
        most = 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2
        found: list[tuple[str, int]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            others = self._by_length.get(length, ())
            close = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=50)
            found += [(other, int(distance)) for other, distance, _place in close if other != word]
        return sorted(found, key=lambda pair: (pair[1], pair[0]))


vocabulary = Vocabulary()


def meant(query: str) -> list[list[str]]:
    """What has to be in a signal: one of the words of each list. A compound that nobody wrote asks for its parts."""
    every = sought(query)
    possible = {word for each in every for word in (*each.same, *each.parts)}
    known = set(Word.objects.filter(word__in=possible).values_list("word", flat=True))
    if every:
        vocabulary.refresh()
    return [words for each in every for words in _meant(each, known)]


def _meant(each: Sought, known: set[str]) -> list[list[str]]:
    """A word that is right finds also what was written wrongly; a word that is wrong finds what is nearest to it."""
    there = [word for word in sorted(each.same) if word in known]
    if each.dutch and not there:
        return [[part] for part in each.parts] or [[each.word]]
    near = _near(each.typed, each.word)
    if each.dutch:
        slips = [word for word, distance in near if distance == 1 and not dutch(word)]
        return [[*there, *slips[:_OTHERS]]]
    near = near or _near(*sorted(each.same))
    nearest = sorted((w for w, distance in near if distance == near[0][1]), key=lambda w: not dutch(w))[
        :_OTHERS
    ]
    also = {other for word in nearest for other in everyday().get(word, ())} - set(nearest)
    return [[*there, *nearest, *sorted(also)] or [each.word]]


def _near(*forms: str) -> list[tuple[str, int]]:
    """What is near one of these forms of a word, the nearest first."""
    found = {pair for form in dict.fromkeys(forms) for pair in vocabulary.near(form)}
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def matching(signals: SignalQuerySet, query: str, *, areas: Collection[int]) -> SignalQuerySet:
    """Those of `signals` in these areas that have everything that was asked for."""
    wanted = meant(query)
    every = {word for alternatives in wanted for word in alternatives}
    numbers = dict(Word.objects.filter(word__in=every).values_list("word", "pk"))
    for alternatives in wanted:
        known = [numbers[word] for word in alternatives if word in numbers]
        having = SignalWord.objects.filter(word__in=known, area__in=areas)
        signals = signals.filter(pk__in=having.values("signal"))
    return signals


def similar(signal: Signal, within: SignalQuerySet, *, at_most: int = 5) -> list[Signal]:
    """Signals of about that time in the same or a neighbouring area with words in common, the most alike first.

    A word weighs more the fewer of the compared signals have it, and a theme in common weighs as two rare words.
    """
    near = {signal.area_id, *signal.area.neighbours.values_list("pk", flat=True)}
    mine = list(signal.words.values_list("word_id", flat=True))
    themes = [theme.theme for theme in signal.themes.all()]
    numbers = list(
        within.filter(area__in=near, date__range=(signal.date - _AROUND, signal.date + _AROUND))
        .exclude(pk=signal.pk)
        .order_by("-date", "-pk")
        .values_list("pk", flat=True)[:_COMPARED]
    )
    shared = list(SignalWord.objects.filter(signal__in=numbers, word__in=mine).values_list("signal", "word"))
    often = Counter(word for _pk, word in shared)
    scores: dict[int, float] = defaultdict(float)
    for pk, word in shared:
        scores[pk] += 1 / often[word] ** 0.5
    alike = SignalTheme.objects.filter(signal__in=list(scores), theme__in=themes)
    for pk in alike.values_list("signal", flat=True):
        scores[pk] += _THEME
    best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:at_most]
    rows = Signal.objects.filter(pk__in=best).select_related("area").prefetch_related("themes")
    found = {each.pk: each for each in rows}
    return [found[pk] for pk in best]
