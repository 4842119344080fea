"""Loads a district's own network from a folder like `network/demo`, and the calendar of the years named."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Refused
from yichuang.network.commands import load_network


class Command(BaseCommand):
    """`load_network FOLDER`: creates what is missing, changes nothing that exists, tells every fault with its entry."""

    help = "Load places, departments, posts and authorisations from a folder, and seed the working-day calendar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--years", type=int, nargs="*", help="calendar years (default: last, this and next year)")

    def handle(self, *args: Any, folder: Path, years: list[int] | None, **options: Any) -> None:
        at = now()
        this = local_date(at).year
        try:
            report = load_network(actor=SYSTEM, folder=folder, years=tuple(years or range(this - 1, this + 2)), at=at)
        except Refused as refused:
            raise CommandError(
                "\n".join(f"{r.field}: {r.words.zh} / {r.words.en}" for r in refused.reasons)
            ) from refused
        self.stdout.write(
            f"new: {report.places} places, {report.departments} departments, {report.posts} posts, "
            f"{report.assignments} assignments, {report.authorisations} authorisations, {report.calendar_days} days"
        )
