"""Words for settings, data and methods in the report: Dutch, and English where a part of it is shown in English."""

from __future__ import annotations

from typing import Final

from schakel.detection.facts import Both
from schakel.records import Method, Mode, Null, Period

UNITS: Final[dict[Period, Both]] = {
    "day": Both("dag", "day"),
    "week": Both("week", "week"),
    "month": Both("maand", "month"),
    "year": Both("jaar", "year"),
}

VALUES: Final[dict[object, str]] = {True: "ja", False: "nee", None: "niet ingesteld", (): "geen"}

#: What `max_share` is when nothing is said, by whether people who came together count as about one (ADR 16).
LARGEST: Final = {True: "een kwart, of tien gebieden", False: "de helft"}

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
    "min_count": "Minste aantal mensen of keren om mee te tellen",
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
    "nothing_can_be_shown": "Te weinig bronnen voor welk patroon ook",
    "nothing_can_be_found": "Te weinig buurten voor welk patroon ook",
    "faulty_rows_left_out": "Rijen met een fout, overgeslagen",
}

FIGURES: Final = {
    "observed": Both("Gezien, mensen", "Seen, people"),
    "expected": Both("Normaal, mensen", "Usual, people"),
    "relative_risk": Both("Verhouding", "Ratio"),
    "statistic": Both(
        "Toetsingsgrootheid (log van de aannemelijkheidsverhouding)", "Test statistic (log likelihood ratio)"
    ),
    "p_value": Both("p-waarde, naar rang", "p-value, by rank"),
    "p_value_gumbel": Both("p-waarde, naar Gumbel", "p-value, by Gumbel"),
    "q_value": Both("q-waarde, over alle thema’s", "q-value, over all themes"),
    "recurrence_days": Both("Door toeval eens in … dagen", "By chance once in … days"),
    "people": Both("Mensen, zelf opgegeven", "People, as reported"),
    "sources": Both("Bronnen", "Sources"),
    "dates": Both("Verschillende dagen", "Different days"),
    "dominance": Both("Aandeel van de grootste bron", "Share of the largest source"),
    "start": Both("Eerste dag", "First day"),
    "end": Both("Laatste dag", "Last day"),
    "theme": Both("Thema", "Theme"),
    "identifier": Both("Kenmerk", "Identifier"),
    "continues": Both("Vervolg op", "Continues"),
}

METHODS: Final[dict[Method, str]] = {
    "expectation": "Wat normaal is, leidt de berekening af uit eerdere signalen: de trend, het seizoen en de"
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

OCCASIONS: Final = (
    "Komen er in één gebied in één periode veel meer mensen dan daar normaal is, dan kwamen zij vaak samen. Zij tellen"
    " dan minder zwaar. Acht mensen in acht buurten of weken zeggen meer dan acht mensen in één buurt in één week."
)

MODES: Final[dict[Mode, str]] = {
    "prospective": "Er is alleen gekeken naar patronen die nu nog lopen.",
    "retrospective": "Er is gekeken naar patronen op elk moment, ook als ze voorbij zijn.",
    "spatial": "Er is alleen gekeken naar plaatsen, over de hele periode samen.",
}
