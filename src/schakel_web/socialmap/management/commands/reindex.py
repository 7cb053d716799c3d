"""``schakel-web reindex``: what signals and provisions are found by, made anew after an upgrade reads words better."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from schakel_web.signals.models import Signal, SignalWord
from schakel_web.signals.search import index as index_signals
from schakel_web.socialmap.indexing import index as index_provisions
from schakel_web.socialmap.models import Provision

_SHARE = 500  # at a time, so that people can go on working


class Command(BaseCommand):
    """Safe to repeat and to break off: each share is done whole or not at all."""

    help = "Makes the search index of signals and of the social map anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many of each."""
        last = done = 0
        while share := list(Signal.objects.filter(pk__gt=last).order_by("pk")[:_SHARE]):
            with transaction.atomic():
                SignalWord.objects.filter(signal__in=[signal.pk for signal in share]).delete()
                index_signals(share)
            last, done = share[-1].pk, done + len(share)
        self.stdout.write(f"signals: {done} indexed")
        last = done = 0
        there = Provision.objects.prefetch_related("sessions").order_by("pk")
        while part := list(there.filter(pk__gt=last)[:_SHARE]):
            with transaction.atomic():
                index_provisions(part)
            last, done = part[-1].pk, done + len(part)
        self.stdout.write(f"provisions: {done} indexed")
