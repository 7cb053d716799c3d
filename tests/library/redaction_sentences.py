"""The labelled sentences of redaction, and how redaction is scored on them.

The sentences are our own; the persons are made up. What is personal stands between double brackets with
its kind: ``Mevrouw [[name:Jansen]] belde``. Development sentences were written before the first version was
built, held-out, fresh, last and unseen ones after it, in that order; unseen ones by somebody who went looking for
forms that were forgotten. Reported ones were missed by a version that was
in use; they stand below, because some have signs that nobody can see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from schakel.redaction import KINDS, Span, redact

FOLDER = Path(__file__).parent / "data"
SETS = ("development", "held_out", "fresh", "last", "unseen", "reported")
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True)
class Sentence:
    text: str
    gold: tuple[Span, ...]


@dataclass
class Score:
    """Spans that should be found and were, and spans that were found and should be, per kind."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    predicted: Counter[str] = field(default_factory=Counter)
    correct: Counter[str] = field(default_factory=Counter)

    def recall(self, kinds: Iterable[str] = KINDS) -> float:
        return self._share(self.found, self.gold, kinds)

    def precision(self, kinds: Iterable[str] = KINDS) -> float:
        return self._share(self.correct, self.predicted, kinds)

    @staticmethod
    def _share(part: Counter[str], whole: Counter[str], kinds: Iterable[str]) -> float:
        kinds = tuple(kinds)
        total = sum(whole[kind] for kind in kinds)
        return sum(part[kind] for kind in kinds) / total if total else float("nan")


def parse(marked: str) -> Sentence:
    text, gold, position = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        gold.append(Span(len(text), len(text) + len(mark[2]), mark[1], mark[2]))
        text += mark[2]
        position = mark.end()
    return Sentence(text + marked[position:], tuple(gold))


def sentences(name: str) -> list[Sentence]:
    if name == "reported":
        return [parse(line) for line in REPORTED.strip().splitlines()]
    lines = (FOLDER / f"redaction_{name}.txt").read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line]


def score(labelled: Iterable[Sentence]) -> Score:
    """A gold span is found when all its letters and digits are covered; a found span is correct when at
    least half of its characters are gold. The kind may differ: what matters is that it is gone."""
    result = Score()
    for sentence in labelled:
        predicted = redact(sentence.text).spans
        covered, gold = _positions(predicted), _positions(sentence.gold)
        for span in sentence.gold:
            letters = {at for at in range(span.start, span.end) if sentence.text[at].isalnum()}
            result.gold[span.kind] += 1
            result.found[span.kind] += letters <= covered
        for span in predicted:
            result.predicted[span.kind] += 1
            result.correct[span.kind] += (
                2 * len(gold.intersection(range(span.start, span.end))) >= span.end - span.start
            )
    return result


def _positions(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


REPORTED = """
Bel haar op [[phone:06\u00a012345678]] na vijven.
Bel [[phone:06\u201112345678]] of app even.
Haar nummer: [[phone:06\u20101234\u20105678]].
Hij is bereikbaar op [[phone:06\u200b12345678]].
Mobiel [[phone:06\u202f12\u202f34\u202f56\u202f78]], liefst in de avond.
Zij belt met [[phone:06\u00ad1234\u00ad5678]].
Vast nummer [[phone:030\u2013\u2009231\u200945\u200967]] van de zoon.
Stort het op [[iban:NL91\u00a0ABNA\u00a00417\u00a01643\u00a000]] graag.
Rekening [[iban:NL91\u2009ABNA\u20090417\u20091643\u200900]] staat rood.
Haar bsn is [[bsn:111\u202f222\u202f333]].
Op de brief staat [[bsn:111\u200b222\u200b333]].
Het gaat om postcode [[postcode:3512\u00a0AB]].
[[postcode:3512\u2009AB Utrecht]] is haar adres.
Zij is geboren op [[birth_date:12\u201104\u20111951]].
Geboren op [[birth_date:3\u00a0mei\u00a01962]] in Paramaribo.
geb.\u00a0[[birth_date:12\u00ad-04\u2010\u200b1951]], weduwe
Gisteren belde mevrouw\u00a0[[name:Jansen]] weer.
Mevrouw [[name:Jan\u00adsen]] belde.
[[name:Piet\u200b Jansen]] eet slecht.
Ik sprak [[name:Kees\u2011Jan]] bij de bakker.
Ik sprak [[name:Jan\u202fde\u202fVries]] op straat.
Ze woont op [[address:Kerk\u00adstraat\u00a012]].
[[name:Rene\u0301e]] slaapt slecht.
[[name:Sanne]]'s moeder is ziek.
[[name:Fatima]]'s zoon spijbelt.
[[name:Mehmet]]'s vrouw spreekt nog geen Nederlands.
[[name:Kees-Jan]]'s dochter wil niet meer naar school.
[[name:Karin]]'s man drinkt.
[[name:Bilal]]\u2019s broertje is bang in het donker.
Gisteren was [[name:sanne]]'s vriend er weer.
De hond van mevrouw [[name:Jansen]]'s buurman blaft de hele nacht.
[[name:Roos]]'s fiets is gestolen.
Foto's, auto's en video's: oma's en opa's willen het leren.
Baby's en mama's komen op dinsdag samen.
Collega's zien dezelfde risico's en thema's.
mevrouw [[name:kok]] is ziek
mw. [[name:kok]] belde
mevrouw [[name:koning]] is ziek
meneer [[name:prins]] is ziek
dhr [[name:haan]] heeft geen geld voor eten
mevrouw [[name:zwart]] belde over de schimmel
mevrouw [[name:visser-kok]] en meneer [[name:wolf]] helpen elkaar
mevrouw is ziek
mevrouw woont alleen en mevrouw wil graag koken
meneer ziek, mevrouw oud en alleen
omdat mevrouw pijn heeft en meneer hulp zoekt
de broers [[name:Bouchiba]] hangen bij de flat
de zussen [[name:Yilmaz]] koken voor de straat
Gesproken met mevrouw [[name:S. de W.]] over de huur.
meneer [[name:J. van der B.]] zegt dat hij niemand ziet
woont aan de [[address:kerkstraat op nr 12]]
Ze woont in de [[address:Kerkstraat op nummer 12]].
Woont op [[address:Singel 12]] in Utrecht
mevrouw woont op [[address:Dam 1]]
Op [[address:'t Zand 4]] is brand geweest.
Zij woont op nummer 3 van de rij, op kamer 12.
Hij woont in Utrecht en wil op dinsdag 12 keer komen.
[[postcode:3512JK]][[address:23]] is het adres.
Het pakket ging naar [[postcode:3512 JK]]-[[address:23]].
Hij woont op straat 3 nachten per week.
Er is 1200m2 groen en 5000km2 water.
Paspoortnummer [[number:NW1234567]] is verlopen.
Haar rijbewijsnummer is [[number:5123456789]].
Cliëntnummer [[number:884512]], graag bellen.
V-nummer [[number:281.234.5678]] van de IND
Overgemaakt van bankrekening [[number:0417164300]].
Mijn paspoort [[number:NWP3R5KD1]] is gestolen.
dossiernr. [[number:2024-00817]] ligt bij het wijkteam
Haar klantnummer bij de bank is [[number:70012345]].
zaaknummer: [[number:C/16/123456]] bij de rechtbank
ID bewijs nummer [[number:NW 1234567]]
Polisnummer van mevrouw: [[number:4512.88.901]]
leerlingnummer [[number:30412]] komt niet meer op school
ID-kaart [[number:IRX4B7F06]] ingeleverd
Zijn paspoort is in 2019 verlopen en een rijbewijs kost 45 euro.
Op de bankrekening staat 150000 euro van de vereniging.
Het rijbewijs is op 12-04-2019 verlopen.
Er zijn 884512 dossiers en 12 klanten per dag.
tel:[[phone:06-12345678]],[[phone:0687654321]]
tel.[[phone:0612345678]]
Op [[birth_date:12 mei 1984]] kwam ze ter wereld.
Op [[birth_date:12-05-1984]] zag hij het levenslicht.
Haar geboortejaar: [[birth_date:82]]
Hij wordt [[birth_date:12 mei]] 40 jaar.
Oma wordt op [[birth_date:3 juni]] 90.
op 12 mei 2024 is de buurtdag
De buurtdag wordt 12 mei 2 uur later.
Het buurthuis wordt op 12 mei 40 jaar.
ik ben [[name:Hans de Jong]] en ik wil graag koken
Ik ben [[name:Jansen]] van nummer acht.
[[name:Xiu Ying]] kent niemand in de flat.
In buurthuis De Brug is op maandag koffie.
We gaan naar wijkcentrum Het Anker en speeltuin De Kameleon.
"""
