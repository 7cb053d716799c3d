"""``schakel-web verify_audit``: proof that the log is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schakel_web.audit.chain import anchor, verify
from schakel_web.audit.models import Event


class Command(BaseCommand):
    """Exit code 1 when a row was changed or removed."""

    help = "Checks the chain of the log."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--anchor``."""
        parser.add_argument("--anchor", metavar="SEAL", help="a seal that was logged earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is wrong, or that all is well."""
        faults = list(verify())
        if options["anchor"] and not Event.objects.filter(seal=options["anchor"]).exists():
            faults.append("The row with the seal of --anchor is gone.")
        for fault in faults[:20]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The log is not intact: {len(faults)} fault(s).")
        self.stdout.write("The log is intact: {} rows. The last seal is {}.".format(*anchor()))
