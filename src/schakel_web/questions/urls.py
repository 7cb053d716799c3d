"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from schakel_web.questions import attention, boards, figures, meetings, offers, patterns, views

urlpatterns = [
    path("vandaag/", meetings.today, name="today"),
    path("patronen/", patterns.patterns, name="pattern-list"),
    path("patronen/zoek/", patterns.search, name="pattern-search"),
    path("patronen/voortgang/", patterns.progress, name="pattern-progress"),
    path("patronen/<int:pk>/", patterns.pattern, name="pattern"),
    path("patronen/<int:pk>/terzijde/", patterns.dismiss, name="pattern-dismiss"),
    path("patronen/<int:pk>/oppakken/", patterns.reopen, name="pattern-reopen"),
    path("zoektochten/<int:pk>/", patterns.run, name="run"),
    path("zoektochten/<int:pk>/stop/", patterns.stop, name="run-stop"),
    path("zoektochten/<int:pk>/opnieuw/", patterns.again, name="run-again"),
    path("vragen/", views.questions, name="question-list"),
    path("vragen/nieuw/", views.new, name="question-new"),
    path("vragen/<int:pk>/", views.question, name="question"),
    path("vragen/<int:pk>/aanbod/", offers.offers, name="question-offers"),
    path("afspraken/<int:pk>/gedaan/", views.promise_kept, name="promise-kept"),
    path("meedenken/", views.sparrings, name="sparring-list"),
    path("meedenken/<int:pk>/", views.sparring, name="sparring"),
    path("overleg/", meetings.board, name="meeting-board"),
    path("overleg/begin/", meetings.start, name="meeting-start"),
    path("overleg/besluit/", meetings.decide, name="meeting-decide"),
    path("overleg/einde/", meetings.close, name="meeting-close"),
    path("overleg/<int:pk>/", meetings.meeting, name="meeting"),
    path("overleg/<int:pk>/pdf/", meetings.pdf, name="meeting-pdf"),
    path("wijk/", meetings.areas, name="area-list"),
    path("wijk/<int:pk>/", meetings.agenda, name="agenda"),
    path("cijfers/", figures.figures, name="figures"),
    path("cijfers/aandacht/", attention.attention, name="attention"),
    path("cijfers/bestand/", figures.figures_file, name="figures-file"),
    path("vrijgegeven/", figures.released, name="released"),
    path("vrijgegeven/bestand/", figures.released_file, name="released-file"),
    path("op-straat/", boards.outreach, name="outreach"),
    path("verbinden/", boards.matching, name="matching"),
    path("piramide/", boards.pyramid, name="pyramid"),
]
