"""The pages that people open, how often, and with which record: one table for the load and for a single visitor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

Visitor = dict[str, Any]
Pick = Callable[[list[Any]], Any]

WORDS = ("eenzaam", "huur betalen", "speeltuin", "formulieren invullen", "overlast jongeren", "mantelzorg")
OFFERS = ("samen eten", "taalcafe", "wandelgroep", "hulp bij geld", "koffie", "repair cafe", "mantelzrog")
SLIPS = ("eenzamheid", "mantelzrog", "speeltuni", "formuleiren")
SENTENCES = (
    "Veel ouderen hier eten elke avond alleen.",
    "Gezinnen begrijpen de brieven over toeslagen niet.",
    "Jongeren vervelen zich na school op het plein.",
)


TEAM = frozenset({"team_member", "process_owner", "coordinator"})
LEAD = frozenset({"coordinator"})
EVERYBODYS = {"words": WORDS, "slips": SLIPS, "offers_by_word": OFFERS}


@dataclass(frozen=True)
class Page:
    """What is measured under one name: whose page, how often it is opened beside the others, and where it is."""

    name: str
    roles: frozenset[str]
    weight: int
    path: str  # with the name of a list of the visitor's records, of which one is opened

    def address(self, visitor: Visitor, pick: Pick) -> str:
        """The address with one of the visitor's records; the list itself where this visitor has none."""
        found = re.search(r"{(\w+)}", self.path)
        if found is None:
            return self.path
        options = list(visitor.get(found[1]) or EVERYBODYS.get(found[1], ()))
        return (
            self.path.replace(found[0], quote(str(pick(options)))) if options else self.path[: found.start()]
        )


PAGES = (
    Page("today", TEAM, 3, "/vandaag/"),
    Page("signals", TEAM, 5, "/signalen/"),
    Page("signals: area", TEAM, 2, "/signalen/?area={areas}"),
    Page("signals: theme", TEAM, 2, "/signalen/?theme=eenzaamheid"),
    Page("signals: rare source", TEAM, 1, "/signalen/?source=data&since=2024-01-01"),
    Page("signals: a later page", TEAM, 2, "/signalen/?na=2023-06-01_1"),
    Page("search", TEAM, 3, "/signalen/?q={words}"),
    Page("search: typing error", TEAM, 1, "/signalen/?q={slips}"),
    Page("search: word and theme", TEAM, 1, "/signalen/?q=kinderen&theme=opvoeden"),
    Page("signal", TEAM, 5, "/signalen/{signals}/"),
    Page("signal form", TEAM | {"partner"}, 3, "/signaal/nieuw/"),
    Page("my signals", TEAM | {"partner"}, 1, "/mijn-signalen/"),
    Page("patterns", TEAM, 2, "/patronen/"),
    Page("pattern", TEAM, 2, "/patronen/{patterns}/"),
    Page("signals as a file", LEAD, 1, "/signalen/bestand/?since=2026-11-01"),
    Page("questions", TEAM, 2, "/vragen/"),
    Page("question", TEAM, 2, "/vragen/{questions}/"),
    Page("areas", TEAM, 1, "/wijk/"),
    Page("agenda of an area", TEAM, 2, "/wijk/{areas}/"),
    Page("board", TEAM, 2, "/overleg/"),
    Page("minutes", TEAM, 1, "/overleg/{meetings}/"),
    Page("minutes as PDF", TEAM, 1, "/overleg/{meetings}/pdf/"),
    Page("signals from outside", LEAD, 3, "/signalen/van-buiten/"),
    Page("social map", TEAM, 2, "/kaart/"),
    Page("social map: words", TEAM, 2, "/kaart/?q={offers_by_word}"),
    Page("social map: near, day", TEAM, 2, "/kaart/?theme=eenzaamheid&area={areas}&km=2&day=WE"),
    Page("provision", TEAM, 2, "/kaart/{offers}/"),
    Page("map: what to check", LEAD, 1, "/kaart/bijhouden/"),
    Page("arrangements", TEAM, 1, "/arrangementen/"),
    Page("arrangement", TEAM, 2, "/arrangementen/{plans}/"),
    Page("figures", frozenset({"policy_officer"}), 3, "/cijfers/"),
    Page("manage", frozenset({"administrator"}), 1, "/beheer/"),
    Page("people", frozenset({"administrator"}), 1, "/beheer/mensen/"),
    Page("log", frozenset({"administrator"}), 2, "/beheer/logboek/"),
    Page("about", frozenset({"resident"}), 1, "/over/"),
    Page("what there is, for everyone", frozenset({"resident"}), 2, "/ontdek/?q={offers_by_word}"),
    Page("resident's form", frozenset({"resident"}), 2, "/meld/"),
    Page("receipt", frozenset({"resident"}), 4, "/mijn-signaal/{codes}/"),
)


def picker(seed: int) -> Pick:
    """Chooses one of a list; the same seed chooses the same."""
    rng = np.random.default_rng(seed)
    return lambda options: options[int(rng.integers(len(options)))] if options else None
