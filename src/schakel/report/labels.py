"""Dutch words for settings, data and methods in the report."""

from __future__ import annotations

from typing import Final

from schakel.records import Method, Mode, Null, Period

UNITS: Final[dict[Period, str]] = {"day": "dag", "week": "week", "month": "maand", "year": "jaar"}

VALUES: Final[dict[object, str]] = {True: "ja", False: "nee", None: "niet ingesteld", (): "geen"}

SETTINGS: Final = {
    "method": "Wat is normaal",
    "null": "Model van toeval",
    "mode": "Manier van kijken",
    "period": "Lengte van een periode",
    "start": "Begin van het onderzoek",
    "end": "Einde van het onderzoek",
    "max_share": "Grootste deel van de gemeente in één patroon",
    "max_radius_km": "Grootste straal (km)",
    "neighbours": "Hoogstens zoveel dichtstbijzijnde gebieden",
    "windows": "Lengtes van een patroon, in perioden",
    "min_count": "Minste aantal mensen om mee te tellen",
    "min_areas": "Minste aantal gebieden",
    "zones": "Vorm van een patroon",
    "replicas": "Aantal nagebootste keren toeval",
    "seed": "Beginwaarde van het toeval",
    "threads": "Rekenkernen (0: alle; verandert de uitkomst niet)",
    "raw": "Zonder drempels, alleen voor controle",
    "min_people": "Drempel: mensen",
    "min_sources": "Drempel: bronnen",
    "min_dates": "Drempel: verschillende dagen",
    "alpha": "Grens voor de q-waarde",
    "adjust_reporting": "Rekening houden met meer melden",
    "stop_after": "Eerder stoppen na zoveel sterkere (0: nooit)",
}

DATA: Final = {
    "signals": "Signalen",
    "signals_used": "Gebruikte signalen",
    "people": "Mensen in die signalen",
    "areas": "Gebieden",
    "themes": "Thema’s",
    "themes_left_out": "Thema’s die niet meedoen",
    "first_day": "Eerste dag",
    "last_day": "Laatste dag",
    "periods": "Perioden",
    "history": "Perioden om van te leren wat normaal is",
}

FIGURES: Final = {
    "observed": "Gezien, mensen",
    "expected": "Normaal, mensen",
    "relative_risk": "Verhouding",
    "statistic": "Toetsingsgrootheid (log van de aannemelijkheidsverhouding)",
    "p_value": "p-waarde, naar rang",
    "p_value_gumbel": "p-waarde, naar Gumbel",
    "q_value": "q-waarde, over alle thema’s",
    "recurrence_days": "Door toeval eens in … dagen",
    "people": "Mensen, zelf opgegeven",
    "sources": "Bronnen",
    "dates": "Verschillende dagen",
    "dominance": "Aandeel van de grootste bron",
    "start": "Eerste dag",
    "end": "Laatste dag",
    "theme": "Thema",
    "identifier": "Kenmerk",
    "continues": "Vervolg op",
}

METHODS: Final[dict[Method, str]] = {
    "expectation": "Wat normaal is, leidt de berekening af uit eerdere jaren: de trend, het seizoen en de"
    " gebieden. Ze ziet ook wat in de hele gemeente toeneemt. Maar meer melden lijkt dan op meer vragen.",
    "poisson": "Wat normaal is, volgt uit het aantal inwoners of uit een opgegeven verwachting."
    " Waar meer gemeld wordt, lijkt dan meer te spelen.",
    "permutation": "Wat normaal is, volgt uit de signalen zelf: dezelfde plaatsen en momenten, anders"
    " gecombineerd. Verschil in meldgedrag telt zo niet mee. Wat overal tegelijk toeneemt, blijft onzichtbaar.",
}

NULLS: Final[dict[Null, str]] = {
    "nb1": "Toeval is nagebootst met signalen die soms in groepjes komen, zoals in het echt.",
    "poisson": "Toeval is nagebootst met signalen die los van elkaar komen. Komen ze in het echt in groepjes,"
    " dan vallen er te veel patronen op.",
}

MODES: Final[dict[Mode, str]] = {
    "prospective": "Er is alleen gekeken naar patronen die nu nog lopen.",
    "retrospective": "Er is gekeken naar patronen op elk moment, ook als ze voorbij zijn.",
    "spatial": "Er is alleen gekeken naar plaatsen, over de hele periode samen.",
}
