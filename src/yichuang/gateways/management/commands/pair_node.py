"""`pair_node CODE`: this installation becomes the hall node that the code names at the centre (docs/how-to/hall-node.md)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.gateways.centre.client import Declined, LineDown
from yichuang.gateways.centre.line import pair
from yichuang.visits import queries


class Command(BaseCommand):
    help = "Pair this hall node with its centre, by the code that the console gave for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.YICHUANG_CENTRE:
            raise CommandError("This is no hall node: start it with ./run serve --centre URL")
        try:
            pair(code=options["code"], at=now())
        except (Declined, LineDown) as no:
            raise CommandError(f"The centre at {settings.YICHUANG_CENTRE} did not pair: {no.code}") from None
        except Refused as refused:
            raise CommandError("; ".join(reason.words.en for reason in refused.reasons)) from None
        link = queries.node_link()
        assert link is not None
        self.stdout.write(f"Paired: node {link.node}. 已配对。")
