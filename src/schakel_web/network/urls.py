"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.network import imports, views

urlpatterns = [
    path("", views.home, name="home"),
    path("over/", views.about, name="about"),
    path("rechten/", views.matrix, name="matrix"),
    path("ik/", views.profile, name="profile"),
    path("ik/team/", views.choose_team, name="choose-team"),
    path("uitnodiging/<str:key>/", views.invitation, name="invitation"),
    path("beheer/", views.manage, name="manage"),
    path("beheer/mensen/", views.people, name="people"),
    path("beheer/uitnodigingen/<int:pk>/opnieuw/", views.invite_again, name="invite-again"),
    path("beheer/uitnodigingen/<int:pk>/intrekken/", views.withdraw_invitation, name="invitation-withdraw"),
    path("beheer/mensen/<int:pk>/schakel/", views.switch_user, name="switch-user"),
    path("beheer/rollen/<int:pk>/einde/", views.end_membership, name="end-membership"),
    path("beheer/teams/nieuw/", views.team, name="team-new"),
    path("beheer/teams/<int:pk>/", views.team, name="team"),
    path("beheer/organisaties/nieuw/", views.organisation, name="organisation-new"),
    path("beheer/organisaties/<int:pk>/", views.organisation, name="organisation"),
    path("beheer/gebieden/", imports.areas, name="import-areas"),
    path("beheer/kerncijfers/", imports.figures, name="import-figures"),
]
