"""Gives halls that have windows and no queue yet their standard queues, so that numbers can be taken and called."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.queues import HALLS, start_queues


class Command(BaseCommand):
    """`start_queues [CODE …]`: one queue for each kind of window; without codes, at every hall that has none."""

    help = "Set up the standard queues of places by code, or of every hall that has windows and no queue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", help="codes of places (default: every hall without a queue)")

    def handle(self, *args: Any, codes: list[str], **options: Any) -> None:
        at = now()
        try:
            places = [network.get_place(code) for code in codes] or [
                one
                for one in network.list_places(kinds=HALLS)
                if not visits.queue_settings(SYSTEM, one.id) and any(w.active for w in network.list_windows(one.id))
            ]
        except NotFound as missing:
            raise CommandError(f"{missing} ({', '.join(codes)})") from missing
        for place in places:
            try:
                count = start_queues(actor=SYSTEM, place=place.id, at=at)
            except Refused as refused:
                raise CommandError(
                    "\n".join(f"{place.code}: {r.words.zh} / {r.words.en}" for r in refused.reasons)
                ) from refused
            self.stdout.write(f"{place.code} {place.name.zh}: {count} queues")
        if not places:
            self.stdout.write("every hall with windows has queues")
