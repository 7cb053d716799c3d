"""What the people of the made-up municipality did last weeks: questions in every state, a meeting, help requests."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.network.models import Area, Organisation, Team
from schakel_web.questions import actions, offers
from schakel_web.questions.models import Meeting, QuestionState, SharedQuestion, SparKind
from schakel_web.questions.models.looks import LookResult
from schakel_web.questions.models.shared import CheckResult
from schakel_web.signals import actions as signals
from schakel_web.signals.models import Kind, Layer, Route, Signal, Source

#: Who cannot be named, in the words of residents: text, theme, people, source.
_FROM_OUTSIDE = (
    ("Op het plein staan elke avond scooters met draaiende motor.", "jongeren_hangen", 10),
    ("Er is hier geen plek meer om even koffie te drinken sinds de bakker dicht is.", "plek_ontmoeten", 5),
)
_ALONE_AT_TABLE = (
    "Bij de koffie vertellen drie buren dat zij op zondag altijd alleen eten.",
    "In de flat wil men wel samen koken, maar er is geen keuken.",
)
_REQUESTS = (
    (
        "Ik krijg steeds brieven van de gemeente en ik begrijp niet wat ik moet doen.",
        "administratie",
        {
            "wish": "Weten welke brieven belangrijk zijn en niet meer schrikken van de post.",
            "strength": "Kan goed koken en helpt graag in de buurtkeuken.",
            "network": "Een buurvrouw komt elke week langs.",
            "tried": "De balie van het gemeentehuis gebeld; de uitleg ging te snel.",
            "underlying": "Iemand bij wie ik met vragen terecht kan, zonder me te schamen.",
        },
        Route.COMBINATION,
        Layer.BASIS,
        True,
        "",
    ),
    (
        "Sinds mijn man er niet meer is eet ik elke dag alleen.",
        "rouw_verlies",
        {"wish": "Weer met mensen aan tafel zitten.", "strength": "Heeft een grote tuin en deelt graag."},
        Route.COLLECTIVE,
        Layer.OWN_CIRCLE,
        True,
        "",
    ),
    (
        "Het lukt me niet meer om zelf het huis schoon te houden na de operatie.",
        "huishouden",
        {"wish": "Thuis blijven wonen.", "tried": "De kinderen helpen in het weekend."},
        Route.INDIVIDUAL,
        Layer.TEAM,
        False,
        "Dit kan alleen in het eigen huis.",
    ),
)


def tell(teams: list[Team]) -> None:
    """Keep all of it, by the same actions as people use."""
    people = {user.email.split("@")[0]: user for user in User.objects.filter(is_active=True)}
    first, second = teams[0], teams[1]
    home = Area.objects.filter(teams=first).order_by("code")
    _from_outside(home)
    _requests(home, first, people["teamlid"])
    eating = _eating_together(home, first, people["procestrekker"], people["coordinator"])
    _letters(home, first, people["teamlid"])
    _young_people(home, first, people["coordinator"])
    _moving_in(second, people["coordinator2"], by=people["teamlid2"])
    _last_meeting(first, eating, people["coordinator"])


def _from_outside(home: QuerySet[Area]) -> None:
    for area, (text, theme, number) in zip(home, _FROM_OUTSIDE, strict=False):
        signals.give(
            area=area, text=text, themes=[theme], people=number, source=Source.RESIDENT, by=None, wait=True
        )


def _requests(home: QuerySet[Area], team: Team, by: User) -> None:
    for area, (text, theme, answers, route, layer, looked, reason) in zip(home, _REQUESTS, strict=False):
        request, _code = signals.give(
            area=area,
            text=text,
            themes=[theme],
            people=1,
            source=Source.CASE_CONTACT,
            kind=Kind.REQUEST,
            by=by,
            team=team,
        )
        signals.clarify(signal=request, answers=answers, by=by)
        signals.weigh(signal=request, route=route, layer=layer, collective_first=looked, reason=reason, by=by)


def _step(question: SharedQuestion, to: str, why: str, by: User) -> SharedQuestion:
    question.refresh_from_db()
    actions.move(question=question, version=question.version, to=to, why=why, by=by)
    question.refresh_from_db()
    return question


def _open(
    *, team: Team, by: User, theme: str, text: str, underlying: str, areas: list[Area]
) -> SharedQuestion:
    since = timezone.localdate() - timedelta(weeks=8)
    linked = Signal.objects.counting().filter(themes__theme=theme, area__in=areas, date__gte=since)
    return actions.open_question(
        text=text,
        underlying=underlying,
        theme=theme,
        areas=[area.pk for area in areas],
        team=team,
        by=by,
        signals=linked,
    )


def _eating_together(home: QuerySet[Area], team: Team, owner: User, coordinator: User) -> SharedQuestion:
    """Recognised by residents, and taken up."""
    for area, text in zip(home, _ALONE_AT_TABLE, strict=False):
        signals.give(
            area=area, text=text, themes=["samen_eten"], people=3, source=Source.GROUP, by=owner, team=team
        )
    question = _open(
        team=team,
        by=owner,
        theme="samen_eten",
        text="Wij eten te vaak alleen en zouden graag met buren aan tafel zitten.",
        underlying="Niet het eten is de vraag, maar erbij horen.",
        areas=list(home[:2]),
    )
    _step(question, QuestionState.EXPLORED, "Wij hoorden het in het buurthuis en op straat.", owner)
    actions.check(
        question=question,
        day=timezone.localdate() - timedelta(days=12),
        how="Aan tafel in het buurthuis, en bij de ingang van de supermarkt",
        people=14,
        said="Ja, vooral op zondag is het stil. Wij willen zelf koken, maar zoeken een keuken.",
        result=CheckResult.RECOGNISED,
        by=owner,
    )
    _step(question, QuestionState.CONFIRMED, "Bewoners herkennen het en willen zelf meedoen.", coordinator)
    offers.look(
        question=question,
        result=LookResult.BUILD,
        provision=None,
        reason="De eettafels in de buurt zitten vol, en er is niets op zondag.",
        advice="",
        by=owner,
    )
    question = _step(question, QuestionState.TAKEN_UP, "Vier bewoners en een kok gaan beginnen.", coordinator)
    actions.promise(
        question=question,
        what="Met de beheerder van het buurthuis praten over de keuken op zondag",
        who=owner,
        due=timezone.localdate() + timedelta(days=5),
        by=coordinator,
    )
    actions.say_back(
        question=question,
        text="Bewoners herkennen dit. Vanaf volgende maand wordt op zondag samen gekookt in het buurthuis.",
        by=owner,
    )
    return question


def _letters(home: QuerySet[Area], team: Team, by: User) -> None:
    """Explored; residents were not asked yet."""
    question = _open(
        team=team,
        by=by,
        theme="administratie",
        text="Wij begrijpen de brieven van de gemeente niet en durven dat niet te zeggen.",
        underlying="Gewone taal, en iemand die even meeleest.",
        areas=list(home[1:4]),
    )
    _step(question, QuestionState.EXPLORED, "Bij vier huisbezoeken lag er ongeopende post.", by)
    actions.promise(
        question=question,
        what="Tien bewoners vragen of zij dit herkennen",
        who=by,
        due=timezone.localdate() - timedelta(days=2),
        by=by,
    )


def _young_people(home: QuerySet[Area], team: Team, by: User) -> None:
    """Parked, with a reason."""
    question = _open(
        team=team,
        by=by,
        theme="jongeren_hangen",
        text="Waar kunnen wij ’s avonds terecht zonder dat iemand de politie belt?",
        underlying="",
        areas=list(home[2:3]),
    )
    _step(
        question, QuestionState.PARKED, "De jongerenwerker begint over zes weken; dan kijken wij opnieuw.", by
    )


def _moving_in(team: Team, owner: User, *, by: User) -> None:
    """Another team asks a housing association to think along (S052)."""
    question = _open(
        team=team,
        by=by,
        theme="nieuw_in_wijk",
        text="Wij wonen hier net en kennen niemand in de flat.",
        underlying="Een eerste contact dat niet van toeval afhangt.",
        areas=list(Area.objects.filter(teams=team).order_by("code")[:2]),
    )
    _step(question, QuestionState.EXPLORED, "Ook de huismeester merkt het.", owner)
    actions.ask_along(
        question=question,
        to=Organisation.objects.get(name="Wonen Samen"),
        kind=SparKind.values[0],
        asked="Kunnen wij bij het tekenen van het huurcontract vertellen wat er in de flat te doen is?",
        by=by,
    )


def _last_meeting(team: Team, question: SharedQuestion, by: User) -> None:
    meeting = actions.start_meeting(team=team, by=by)
    actions.decide(meeting=meeting, text="Wij gaan door met samen koken op zondag.", question=question, by=by)
    actions.close_meeting(meeting=meeting, present=6, notes="Volgende keer eerst de nieuwe patronen.", by=by)
    Meeting.objects.filter(pk=meeting.pk).update(date=timezone.localdate() - timedelta(days=7))
