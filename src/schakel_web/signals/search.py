"""Finding signals by word, in any form and with a typing error, on any database."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Count, Q
from rapidfuzz import fuzz, process

from schakel_web.signals.models import Signal, SignalQuerySet, SignalWord, Word
from schakel_web.signals.tasks import asked, words

_ALIKE = 82  # of 100: 'eenzamheid' finds 'eenzaamheid', 'huur' does not find 'buur'
_OTHERS = 3  # words that are tried for one that nobody wrote
_VOCABULARY = 600  # seconds that the list of words is kept
_RECENT = 5000  # signals with a word that are compared at most


def index(signals: Iterable[Signal], texts: dict[int, str] | None = None) -> None:
    """Add signals to the index; safe to repeat."""
    by_signal = {s.pk: words(texts[s.pk] if texts else s.text) for s in signals}
    every = set().union(*by_signal.values()) if by_signal else set()
    known = dict(Word.objects.filter(word__in=every).values_list("word", "pk"))
    Word.objects.bulk_create(
        [Word(word=w) for w in sorted(every - set(known))], ignore_conflicts=True, batch_size=1000
    )
    known = dict(Word.objects.filter(word__in=every).values_list("word", "pk"))
    rows = [
        SignalWord(signal_id=pk, word_id=known[w]) for pk, found in by_signal.items() for w in sorted(found)
    ]
    SignalWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def reindex(signal: Signal) -> None:
    """The index after the text of a signal was changed or removed."""
    SignalWord.objects.filter(signal=signal).delete()
    index([signal])


def _vocabulary() -> list[str]:
    found: list[str] | None = cache.get("vocabulary")
    if found is None:
        found = list(Word.objects.values_list("word", flat=True))
        cache.set("vocabulary", found, _VOCABULARY)
    return found


def meant(query: str) -> list[list[str]]:
    """For each word of a query the words of the index that it may mean; a word that nobody wrote means near ones."""
    lemmas = asked(query)
    known = set(Word.objects.filter(word__in=lemmas).values_list("word", flat=True))
    found = []
    for word in lemmas:
        if word in known:
            found.append([word])
            continue
        near = process.extract(word, _vocabulary(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_OTHERS)
        found.append([match for match, _, _ in near])
    return found


def matching(signals: SignalQuerySet, query: str) -> SignalQuerySet:
    """Those of `signals` in which every word of the query stands, or a word that is much like it."""
    for alternatives in meant(query):
        numbers = list(Word.objects.filter(word__in=alternatives).values_list("pk", flat=True))
        signals = signals.filter(pk__in=SignalWord.objects.filter(word__in=numbers).values("signal"))
    return signals


def similar(signal: Signal, within: SignalQuerySet, *, at_most: int = 5) -> list[Signal]:
    """Signals in the same or a neighbouring area that share a theme or rare words, the most alike first."""
    near = {signal.area_id, *signal.area.neighbours.values_list("pk", flat=True)}
    mine = list(signal.words.values_list("word_id", flat=True))
    themes = list(signal.themes.values_list("theme", flat=True))
    rare = (
        SignalWord.objects.filter(word__in=mine).values("word").annotate(n=Count("pk")).order_by("n")[:6]
        if len(mine) > 6
        else [{"word": word} for word in mine]
    )
    candidates = within.filter(area__in=near).exclude(pk=signal.pk)
    candidates = candidates.filter(date__gte=signal.date.replace(year=signal.date.year - 1, day=1))
    shared = candidates.filter(
        Q(themes__theme__in=themes)
        | Q(pk__in=SignalWord.objects.filter(word__in=[r["word"] for r in rare]).values("signal"))
    )
    numbers = list(dict.fromkeys(shared.order_by("-date", "-pk").values_list("pk", flat=True)[:_RECENT]))
    scores: dict[int, float] = dict.fromkeys(numbers, 0.0)
    for pk in SignalWord.objects.filter(signal__in=numbers, word__in=mine).values_list("signal", flat=True):
        scores[pk] += 1.0
    best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:at_most]
    found = {
        s.pk: s for s in Signal.objects.filter(pk__in=best).select_related("area").prefetch_related("themes")
    }
    return [found[pk] for pk in best if scores[pk] > 0]
