"""`manage messages`: extract page texts per app, compile the English, name what is missing (exit code 1).

`manage messages --check` writes nothing and names what is missing, left over or not compiled.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.webkit import messages


class Command(BaseCommand):
    help = "Extract the texts of pages, compile their English, and name what has none yet"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, tell what is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            if faults := messages.check_all():
                raise CommandError("\n".join(faults))
            return
        missing = 0
        for folder in messages.folders():
            for text in messages.update(folder):
                missing += 1
                self.stdout.write(f"{folder.name}: {text}")
        if missing:
            raise SystemExit(1)
