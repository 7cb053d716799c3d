"""The made-up municipality of the demonstration, small."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import ROLES
from schakel_web.audit import chain
from schakel_web.demo import municipality
from schakel_web.network.models import Area, Membership
from schakel_web.questions.models import Meeting, Publication, QuestionState, SharedQuestion
from schakel_web.signals.models import Reply, Signal, State, Weighing
from schakel_web.signals.tasks import read


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_shows_every_part_of_the_loop_without_personal_data_and_everybody_can_log_in() -> (
    None
):
    """A twentieth of its size (R4)."""
    said: list[str] = []
    made = municipality.load(municipality.made_up(areas=12, signals=1200.0), say=said.append)
    assert made["state"] == "done"
    assert any("patterns" in sentence for sentence in said)
    assert Area.objects.neighbourhoods().count() == 12
    assert Signal.objects.filter(state=State.ACCEPTED).count() > 500
    assert Signal.objects.filter(state=State.WAITING).exists()
    assert Weighing.objects.count() == 3
    states = set(SharedQuestion.objects.values_list("state", flat=True))
    assert states == {QuestionState.TAKEN_UP, QuestionState.EXPLORED, QuestionState.PARKED}
    assert Reply.objects.exists()
    attention = Publication.objects.get().attention
    assert attention["groups"] == ["lower", "middle", "higher", "unknown"]
    assert None not in attention["measures"]["signals"]["times"]
    assert Meeting.objects.exclude(closed=None).get().date < timezone.localdate()
    assert list(chain.verify()) == []
    assert not any(read(text).spans for text in Signal.objects.values_list("text", flat=True)[:300])
    assert set(Membership.objects.values_list("role", flat=True)) == set(ROLES)
    for local, _name, _role, _place in municipality.PEOPLE:
        user = User.objects.get(email=f"{local}@voorbeeldstad.nl")
        assert user.check_password(municipality.PASSWORD)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get("/", follow=True).status_code == 200
