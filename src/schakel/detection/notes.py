"""What is worth knowing before any pattern: which signals stay out, and whether a pattern can be shown at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from schakel.detection.calendar import PER_YEAR, Calendar
from schakel.detection.facts import Both, teller
from schakel.detection.wording import count, days, periods
from schakel.records import Areas, Settings


class NothingCanBeShownWarning(UserWarning):
    """No pattern of these signals can reach the least number of sources (R6), whatever is found."""


def too_few_sources(signals: pl.DataFrame, settings: Settings) -> Both | None:
    """Why no pattern can have `min_sources` different sources or reporters (R6); None when one can, or with `raw`."""
    least = settings.min_sources
    told = signals.group_by("theme").agg(teller().drop_nulls().n_unique())
    most = int(told["teller"].max() or 0)  # type: ignore[arg-type]
    if settings.raw or most >= least:
        return None
    if not most:
        return Both(
            f"Bij geen enkel signaal staat een bron of melder. Een patroon heeft er {least} nodig, dus het team kan nu"
            " geen enkel patroon zien. Geef de bron of de melder mee.",
            f"no signal names a source or a reporter, and a pattern needs {least} (R6): none will be shown to a team;"
            " give the column 'source' or 'reporter'.",
        )
    few = "één bron of melder" if most == 1 else f"{most} bronnen of melders"
    return Both(
        f"Elk thema komt van hoogstens {few}. Een patroon heeft er {least} nodig, dus het team kan nu geen enkel"
        " patroon zien. Is de bron wel degene die het signaal doorgaf?",
        f"every theme has signals of at most {most} source(s) or reporter(s), and a pattern needs {least} (R6): none"
        " will be shown to a team; 'source' and 'reporter' are who told it, not what it is about.",
    )


def too_few_areas(signals: pl.DataFrame, settings: Settings) -> Both | None:
    """Why no pattern can be in `min_areas` areas; None when one can."""
    least = settings.min_areas
    most = int(signals.group_by("theme").agg(pl.col("area").n_unique())["area"].max() or 0)  # type: ignore[arg-type]
    if most >= least:
        return None
    return Both(
        f"Elk thema komt uit hoogstens {count(most, 'buurt', 'buurten')}. Een patroon heeft er {least} nodig, dus"
        " hier is er geen te vinden. Dat zegt niet dat er niets speelt.",
        f"every theme has signals in at most {most} area(s), and a pattern needs {least}: none can be found here,"
        " which does not say that there is nothing.",
    )


def too_few_people(signals: pl.DataFrame, settings: Settings) -> Both | None:
    """Why no pattern can have `min_count` people, or `min_people` before a team sees it; None when one can."""
    least = settings.min_count if settings.raw else max(settings.min_count, settings.min_people)
    most = int(signals.group_by("theme").agg(pl.col("people").sum())["people"].max() or 0)  # type: ignore[arg-type]
    if most >= least:
        return None
    return Both(
        f"Elk thema gaat over hoogstens {count(most, 'mens', 'mensen')}. Een patroon heeft er {least} nodig, dus het"
        " team kan nu geen enkel patroon zien. Dat zegt niet dat er niets speelt.",
        f"every theme is about at most {most} person(s), and a pattern needs {least}: none will be shown to a team,"
        " which does not say that there is nothing.",
    )


def population_unknown(areas: Areas, settings: Settings) -> Both | None:
    """That inhabitants count for nothing, because they are known for some areas only; None otherwise."""
    unknown = int((~np.isfinite(areas.population)).sum())
    if settings.method != "expectation" or unknown in (0, len(areas)):
        return None
    return Both(
        f"Van {count(unknown, 'buurt', 'buurten')} weten we niet hoeveel mensen er wonen. Daarom telt nergens mee"
        " hoeveel mensen er wonen.",
        f"{unknown} of {len(areas)} areas have no population, so that of the others does not count either: give it"
        " for every area.",
    )


def stayed_out(
    *, sensitive: int, outside: int, themes: Sequence[str], calendar: Calendar, settings: Settings
) -> list[Both]:
    """Themes that never enter (R5), and signals before or after the whole periods of the study."""
    found = []
    first, last = calendar.starts[0], calendar.ends[-1]
    if themes:
        found.append(
            Both(
                f"Signalen over veiligheid tellen niet mee: {_signals(sensitive)}. Daar zoeken we geen patronen in."
                " Wie zoiets hoort, helpt meteen.",
                f"sensitive themes were left out (R5): {', '.join(themes)}; such a signal needs help now, not a"
                f" pattern. {sensitive} signal(s) have no other theme.",
            )
        )
    if outside:
        said = "is van een andere dag en telt" if outside == 1 else "zijn van andere dagen en tellen"
        found.append(
            Both(
                f"We keken naar de signalen van {days(first, last)}. {_signals(outside)} {said} niet mee.",
                f"{outside} signal(s) are not in the whole {settings.period}s from {first} to {last} and stay out.",
            )
        )
    return found


def _signals(value: int) -> str:
    return count(value, "signaal", "signalen")


def short_history(history: int, settings: Settings) -> Both | None:
    """That what is usual is learnt from less than a year; None otherwise, or when it is given or not learnt."""
    if settings.method != "expectation" or history >= PER_YEAR[settings.period]:
        return None
    return Both(
        f"Wat normaal is, leren we nu uit {periods(history, settings.period)}. Dat is minder dan een jaar. Een rustig"
        " beeld zegt dan nog niet veel.",
        f"what is usual is learnt from {periods(history, settings.period, language='en')}, less than a year: the"
        " season is unknown, and finding nothing says little.",
    )
