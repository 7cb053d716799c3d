"""What the attributes of a provision may be, with their Dutch names. Values are those of the library's record."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What it is: a place and a group can be lost, and then it is said (S083)."""

    PLACE = "place", _("plek")
    GROUP = "group", _("groep of activiteit")
    SERVICE = "service", _("dienst of ondersteuning")


class State(models.TextChoices):
    """Whether it is there."""

    OPEN = "open", _("is er")
    PAUSED = "paused", _("ligt even stil")
    CLOSED = "closed", _("is er niet meer")


class LegalType(models.TextChoices):
    """What it is in law (S128–S136): a badge, never the way to find something."""

    GENERAL = "algemene_voorziening", _("algemene voorziening")
    TAILORED = "maatwerkvoorziening", _("maatwerkvoorziening")
    COLLECTIVE = "collectieve_voorziening", _("collectieve voorziening")
    INITIATIVE = "burgerinitiatief", _("burgerinitiatief")
    PRECEDING = "voorliggende_voorziening", _("voorliggende voorziening")
    OUTSIDE = "buiten_zorg_welzijn", _("buiten zorg en welzijn")
    INFORMAL = "informele_steun", _("informele steun")


class Layer(models.TextChoices):
    """Layer of the pyramid, from below (S014)."""

    CIVIL_SOCIETY = "civil_society", _("bewoners en verenigingen")
    BASIS = "basis", _("basisvoorziening")
    TEAM = "wijkteam", _("wijkteam")
    SPECIALIST = "specialistisch", _("specialistische hulp")


class Access(models.TextChoices):
    """How somebody comes in."""

    WALK_IN = "inloop", _("gewoon binnenlopen")
    SIGN_UP = "aanmelden", _("aanmelden")
    REFERRAL = "verwijzing", _("met een verwijzing")
    DECISION = "beschikking", _("met een besluit van de gemeente (beschikking)")


class Prevention(models.TextChoices):
    """Type of prevention (S028)."""

    UNIVERSAL = "universeel", _("voor iedereen (universeel)")
    SELECTIVE = "selectief", _("voor wie meer risico loopt (selectief)")
    INDICATED = "geindiceerd", _("bij eerste klachten (geïndiceerd)")
    CARE_RELATED = "zorggerelateerd", _("om erger te voorkomen (zorggerelateerd)")
    NONE = "geen", _("geen preventie")


class Payer(models.TextChoices):
    """Whose pocket (S081)."""

    WMO = "gemeente_wmo", _("gemeente, Wmo")
    YOUTH = "gemeente_jeugd", _("gemeente, Jeugdwet")
    PARTICIPATION = "gemeente_pwet", _("gemeente, Participatiewet")
    WELFARE = "gemeente_welzijn", _("gemeente, sociale basis")
    HEALTH = "zvw", _("zorgverzekeraar (Zvw)")
    LONG_TERM = "wlz", _("Wlz")
    UWV = "uwv", _("UWV")
    SPUK = "spuk", _("rijksbijdrage (SPUK)")
    HOUSING = "corporatie", _("woningcorporatie")
    FUND = "fonds", _("fonds")
    RESIDENTS = "bewoners", _("bewoners zelf")
    EDUCATION = "onderwijs", _("onderwijs")


class Goal(models.TextChoices):
    """Goals of a neighbourhood team (S003)."""

    SERVICE = "integrale_dienstverlening", _("hulp die op elkaar aansluit")
    PARTICIPATION = "burgerparticipatie", _("bewoners doen mee")
    SELF_RELIANCE = "zelfredzaamheid", _("bewoners redden zichzelf")
    MUTUALITY = "verantwoordingsrelaties", _("bewoners zijn er voor elkaar")


class Capital(models.TextChoices):
    """Kind of social capital (S064)."""

    BONDING = "bonding", _("binden: mensen die op elkaar lijken")
    BRIDGING = "bridging", _("overbruggen: mensen die verschillen")
    LINKING = "linking", _("verbinden: bewoners en instellingen")


class LifePhase(models.TextChoices):
    """Who it is for, by phase of life (S073)."""

    YOUNG_CHILD = "jong_kind", _("jonge kinderen (0–3)")
    CHILD = "kind", _("kinderen (4–11)")
    YOUTH = "jongere", _("jongeren (12–22)")
    ADULT = "volwassene", _("volwassenen (23–64)")
    ELDERLY = "oudere", _("ouderen (65 en ouder)")


class Line(models.IntegerChoices):
    """Line of care (S015)."""

    ZERO = 0, _("nulde lijn: zonder hulpverlener")
    FIRST = 1, _("eerste lijn: zonder verwijzing")
    SECOND = 2, _("tweede lijn: na verwijzing of besluit")


class Provenance(models.TextChoices):
    """Where a position on the two scales comes from (S110)."""

    FIGURE = "figuur3", _("figuur 3 van de publicatie")
    DERIVED = "figuur3_afgeleid", _("afgeleid uit figuur 3")
    OWN = "eigen", _("eigen inschatting")
    UNKNOWN = "onbekend", _("nog niet geplaatst")


class Basis(models.TextChoices):
    """Grade of a price."""

    A = "A", _("prijs met bron")
    B = "B", _("prijs met bron, hoeveelheid geschat")
    C = "C", _("schatting")


class Barrier(models.TextChoices):
    """What may keep vulnerable people out (S098)."""

    COST = "kosten", _("het kost te veel")
    LANGUAGE = "taal", _("de taal is moeilijk")
    BUILDING = "gebouw", _("het gebouw is niet toegankelijk")
    TRANSPORT = "vervoer", _("mensen kunnen er niet komen")
    GROUP = "groep", _("de groep is hecht, een nieuweling valt op")
    PACE = "tempo", _("het gaat te snel of is te druk")
    RULES = "regels", _("de regels of formulieren houden mensen tegen")
    UNKNOWN = "onbekend", _("mensen kennen het niet of durven niet")


LANGUAGES = (
    ("nl", _("Nederlands")), ("en", _("Engels")), ("ar", _("Arabisch")), ("tr", _("Turks")), ("pl", _("Pools")),
    ("uk", _("Oekraïens")), ("ti", _("Tigrinya")), ("so", _("Somalisch")), ("fa", _("Farsi")), ("pap", _("Papiaments")),
    ("zgh", _("Berbers (Tamazight)")), ("es", _("Spaans")), ("fr", _("Frans")), ("de", _("Duits")),
    ("zh", _("Chinees")), ("pt", _("Portugees")), ("ro", _("Roemeens")), ("bg", _("Bulgaars")), ("ru", _("Russisch")),
)  # fmt: skip
DAYS = (
    ("MO", _("maandag")), ("TU", _("dinsdag")), ("WE", _("woensdag")), ("TH", _("donderdag")), ("FR", _("vrijdag")),
    ("SA", _("zaterdag")), ("SU", _("zondag")),
)  # fmt: skip
