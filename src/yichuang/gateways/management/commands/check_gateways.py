"""`check_gateways`: are the outside systems described well, and do they answer? Exit code 1 when not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.gateways.checking import faults, probe


class Command(BaseCommand):
    help = "Check the settings of all outside systems and ask each whether it answers; nobody gets a message."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--offline", action="store_true", help="look at the settings only")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = faults()
        for fault in wrong:
            self.stderr.write(fault)
        systems = 0
        for system, fault in () if options["offline"] or wrong else probe():
            systems += 1
            self.stdout.write(f"{system}: {fault or 'answers'}")
            wrong += [fault] if fault else []
        if wrong:
            raise CommandError(f"{len(wrong)} faults")
        self.stdout.write(f"The settings are in order; {systems} systems answer.")
