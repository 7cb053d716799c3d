"""Faults of a file in Dutch: where it is, what stands there, and what was expected (DESIGN §8)."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext as _

from schakel.records import Fault, SchakelError

#: What the library expected, as it says it, and in Dutch. The first that fits holds, so the narrow ones come first.
_EXPECTED: tuple[tuple[str, str], ...] = (
    (r"column '(\w+)' is missing; expected (.*)", r"de kolom '\1' ontbreekt; verwacht: \2"),
    (r"a known column: (.*)", r"een kolom die wij kennen: \1"),
    (r"every column once.*", "elke kolom één keer"),
    (
        r"(?:expected )?(\d+) fields as in the header, but found (\d+)",
        r"verwacht: \1 velden, zoals in de kop; er zijn er \2",
    ),
    (r"expected every quotation mark closed.*", "verwacht: elk aanhalingsteken sluit aan het eind van het veld"),
    (
        r"a row of its own \((\d+)\)",
        r"een regel die er nog niet staat; dezelfde staat op regel \1. Zijn het er echt twee? Tel dan de mensen op, "
        r"of geef elke regel een eigen nummer in een kolom 'signal'",
    ),
    (r"a number of its own \((\d+)\)", r"een eigen nummer; regel \1 heeft hetzelfde"),
    (r"at most (\d+) readable characters", r"hoogstens \1 leesbare tekens"),
    (r"a source of the list", "een bron uit de lijst"),
    (r"a value of the list", "een waarde uit de lijst"),
    (r"a theme of the list", "een thema uit de lijst"),
    (r"every area once.*", "elk gebied één keer"),
    (r"a valid Polygon or MultiPolygon.*", "een gesloten grens (Polygon of MultiPolygon) die zichzelf niet kruist"),
    (r"a property area.*", "een kenmerk 'buurtcode' bij elk gebied"),
    (r"a code of a neighbourhood such as (\w+)", r"een buurtcode zoals \1"),
    (r"a code such as (\w+)", r"een gebiedscode zoals \1"),
    (r"a known area|.*code of the areas.*", "een buurt die in Schakel bekend is"),
    (r"a day not after today.*", "een dag die niet in de toekomst ligt"),
    (r"a date such as 2024-05-31", "een datum zoals 2024-05-31"),
    (r"a whole number from 1 to (\d+)", r"een heel getal van 1 tot en met \1"),
    (r"a number of people of at least 0.*", "een aantal mensen van 0 of meer, of een punt als het onbekend is"),
    (r"a number, or '.' when unknown", "een getal, of een punt als het onbekend is"),
    (r"a UUID", "een kenmerk in de vorm van een UUID"),
    (r"text", "tekst"),
    (r"a number", "een getal"),
    (r"a whole number", "een heel getal"),
    (r"a number such as (\S+)", "een getal, zoals 2,5"),
    (r"ja or nee", "ja of nee"),
    (r"values separated by ';'", "waarden met een puntkomma ertussen"),
    (r"times such as (.*), separated by '\|'", r"tijden zoals \1, met een | ertussen"),
    (r"a list", "een lijst"),
    (r"a date and time such as (\S+)", r"een dag en tijd zoals \1"),
    (r"a date such as (\S+)", r"een datum zoals \1"),
    (r"a date as (\S+)", r"een datum in de vorm \1"),
    (r"an address such as (\S+)", r"een adres zoals \1"),
    (r"an object with the fields of (\w+)", r"een object met de velden van ‘\1’ (Open Referral)"),
    (r"one of (.*)", r"een van: \1"),
    (
        r"a list of HSDS services, one service, or a page with 'contents'",
        "een lijst met diensten van Open Referral (HSDS), één dienst, of een bladzijde met ‘contents’",
    ),
)  # fmt: skip
#: What the social map expects of a provision (`schakel.provisions.checks`).
_PROVISIONS = {
    "an identifier": "een kenmerk waaraan het te herkennen is",
    "a name": "een naam",
    "every identifier once": "elk kenmerk één keer",
    "a number from 0 to 1": "een getal van 0 tot 1",
    "an amount of at least 0 euros": "een bedrag van 0 euro of meer",
    "a lowest value that is not above the highest": "een laagste waarde die niet boven de hoogste ligt",
    "a whole number of at least 0": "een heel getal van 0 of meer",
    "from 0 to 10,000 hours a week": "0 tot 10.000 uur per week",
    "a distance above 0 km, at most 1,000 km": "een afstand van meer dan 0 en hoogstens 1.000 km",
    "no more free places than places": "niet meer vrije plaatsen dan er plaatsen zijn",
    "a group of at least 1 person": "een groep van 1 of meer",
    "ages from 0 to 120": "een leeftijd van 0 tot 120",
    "from 1 to 730 days": "1 tot 730 dagen",
    "a theme of the taxonomy": "een thema uit de lijst",
    "a life phase of the vocabulary": "een levensfase uit de lijst",
    "0, 1 or 2": "0, 1 of 2",
    "a CBS area code such as BU01060305": "een gebiedscode van het CBS zoals BU01060305",
    "a language code of two letters, such as nl": "een taalcode van twee letters, zoals nl",
    "both x and y, or neither": "x en y allebei, of geen van beide",
    "x before y: in the Netherlands x is the smaller of the two": "eerst x, dan y: in Nederland is x het kleinst",
    "metres in the Dutch grid (EPSG:28992), not degrees": "meters in het Rijksdriehoeksstelsel, geen graden",
    "a place in the Netherlands, not in the sea or abroad": "een plek in Nederland, niet in zee of in het buitenland",
    "an organisation that exists": "een organisatie die bestaat",
    "parents that do not lead back to itself": "bovenliggende organisaties die niet in een kring lopen",
    "A, B or C": "A, B of C",
    "an address that starts with http:// or https://": "een adres dat begint met http:// of https://",
    "an e-mail address": "een e-mailadres",
    "a day that is not in the future": "een dag die niet in de toekomst ligt",
    "a recurrence rule that gives at least one day": "een herhaalregel die minstens één dag geeft",
}
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r".*has no rows.*|.*no features.*|.*only a header.*|.*but no records.*", "Er staan geen regels in het bestand."),
    (r".*swapped.*", "De coördinaten lijken omgewisseld: eerst de lengte (oost), dan de breedte (noord)."),
    (r".*too large when it is unpacked.*", "Uitgepakt is dit bestand te groot. Kies een kleiner bestand."),
    (r".*cannot be read as GeoJSON.*|.*no GeoJSON.*", "Dit is geen leesbaar GeoJSON-bestand."),
    (r".*is empty.*", "Het bestand is leeg."),
    (r".*not lie in the Netherlands.*", "Deze gebieden liggen niet in Nederland."),
    (r".*No area of municipality (\w+).*", r"In dit bestand staat geen buurt van gemeente \1."),
    (r".*No column with codes of areas.*", "Wij vinden geen kolom met gebiedscodes of met kerncijfers van het CBS."),
    (r".*not a text file.*", "Dit is geen tekstbestand. Kies een CSV- of Excel-bestand met de juiste naam erachter."),
    (
        r".*only end with a carriage return.*",
        "De regels in dit bestand eindigen op een manier die wij niet kennen. Bewaar het opnieuw als CSV.",
    ),
    (
        r".*a sheet that is too large.*",
        "Dit Excel-bestand heeft cellen ver onder of naast de tabel. Haal lege rijen en kolommen weg of kies CSV.",
    ),
    (r".*cannot be read as (?:Excel|xlsx|xls|xlsm|ods).*", "Dit Excel-bestand is beschadigd of van een andere soort."),
    (r".*cannot be read as.*", "Dit bestand kunnen wij niet lezen. Bewaar het opnieuw als CSV of Excel."),
)  # fmt: skip


class TooLargeError(SchakelError):
    """The file is larger than may be sent in."""


def in_dutch(problem: Fault | SchakelError) -> str:
    """One sentence about a fault. What is about our own computer (the place of a file) never reaches the screen."""
    if isinstance(problem, Fault):
        place = (
            _("regel %(line)s") % {"line": problem.line}
            if problem.line
            else re.sub(r"^feature (\d+)$", r"gebied \1", problem.file.rpartition(", ")[2])
        )
        expected = _PROVISIONS.get(problem.expected) or next(
            (
                re.sub(pattern, dutch, problem.expected)
                for pattern, dutch in _EXPECTED
                if re.fullmatch(pattern, problem.expected)
            ),
            problem.expected,
        )
        shown = _("leeg") if problem.value in (None, "") else f"'{problem.value}'"
        field = "grens" if problem.field == "geometry" else problem.field
        if field is None:
            return f"{place}: {expected}"
        return _("%(place)s, %(field)s: %(shown)s; verwacht: %(expected)s") % {
            "place": place, "field": field, "shown": shown, "expected": expected,
        }  # fmt: skip
    if isinstance(problem, TooLargeError):
        return too_large()
    text = str(problem)
    found = ((re.fullmatch(pattern, text, re.DOTALL), dutch) for pattern, dutch in _SENTENCES)
    return next(
        (match.expand(dutch) for match, dutch in found if match),
        _("Dit bestand kunnen wij niet lezen. Kies een ander bestand, of bewaar het opnieuw."),
    )


def too_large() -> str:
    """The file is larger than may be sent in."""
    return _("Het bestand is te groot; het mag hoogstens %(most)s MB zijn.") % {
        "most": settings.UPLOAD_MOST // 1024**2
    }
