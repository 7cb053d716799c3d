"""``schakel-web verify_audit``: proof that the log is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schakel_web.audit.chain import verify
from schakel_web.audit.models import Event


class Command(BaseCommand):
    """Exit code 1 when a row was changed or removed."""

    help = "Checks the chain of the log."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is wrong, or that all is well."""
        faults = list(verify())
        for fault in faults[:20]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The log is not intact: {len(faults)} fault(s).")
        self.stdout.write(f"The log is intact: {Event.objects.count()} rows.")
