"""``schakel-web retention``: remove what is over time; ``--dry-run`` only says what that is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from schakel_web.privacy import retention


class Command(BaseCommand):
    """Meant to run every night."""

    help = "Removes what is over its retention time (R15)."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--dry-run``."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be removed, and remove nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say, per rule, how many."""
        if options["dry_run"]:
            for each in retention.due():
                self.stdout.write(f"{each.rule.key}: {each.number} of before {each.before:%Y-%m-%d}")
            return
        for removal in retention.run(by=None):
            self.stdout.write(f"{removal.rule}: {removal.number} removed")
