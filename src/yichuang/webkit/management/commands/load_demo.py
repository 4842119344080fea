"""Loads the demo: the network with its calendar, the cast of people, what the shared bases know of them, and every item pack of the repository."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.bundles.commands.publish import publish_package
from yichuang.cases.commands.demo import load_demo_rule_sets
from yichuang.catalog.commands import publish_lists, publish_pack
from yichuang.catalog.queries import list_versions
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.insight.commands.demo import load_demo_waits
from yichuang.network.commands import load_demo_network
from yichuang.people.commands.demo import check_holds_a_demo, load_demo_people
from yichuang.registry.commands import load_demo_bases
from yichuang.visits.commands.demo import load_demo_asking, load_demo_loans, load_demo_queues
from yichuang.visits.commands.demo_bookings import load_demo_bookings

# The demo's items have applied since the first day of its calendar: `--now` may move the clock back.
DEMO_START = datetime(2024, 1, 1, tzinfo=UTC)
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PACKS = Path(__file__).resolve().parents[5] / "packs"


class Command(BaseCommand):
    """`load_demo`: creates what is missing and says how much that was; a second run writes nothing."""

    help = "Load the demo network, people and items (only where YICHUANG_DEMO is on)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--packs", type=Path, default=PACKS, help="folder of item packs (default: the repository's)"
        )

        parser.add_argument(
            "--crowd", type=int, default=None, help="how many people the shared bases know besides the cast"
        )

        parser.add_argument("--no-past", action="store_true", help="a hall without numbers of days gone by")

        parser.add_argument("--shadow", action="store_true", help="let no decision table decide alone")

    def handle(
        self,
        *args: Any,
        packs: Path,
        crowd: int | None = None,
        shadow: bool = False,
        no_past: bool = False,
        **options: Any,
    ) -> None:
        if not settings.YICHUANG_DEMO:
            raise CommandError("Demo data is only for a demo: set YICHUANG_DEMO=True.")
        at = now()
        try:
            check_holds_a_demo()  # before anything is written
            network = load_demo_network(at=at)
            people = load_demo_people(at=at)
            records = load_demo_bases(at=at, people=crowd)
            items = sum(_publish(folder.parent, at) for folder in sorted(packs.glob("*/*/item.yaml")))
            load_demo_queues(at=at)
            load_demo_asking(at=at)
            load_demo_loans()
            load_demo_bookings(at=at)
            if not no_past:
                load_demo_waits(at=at)
            if not shadow:
                load_demo_rule_sets(at=at)
            for folder in sorted(packs.glob("bundles/*/bundle.yaml")):
                publish_package(folder=folder.parent, actor=SYSTEM, at=at)
            if (packs / "lists.toml").exists():
                publish_lists(file=packs / "lists.toml", actor=SYSTEM, at=at)
        except Refused as refused:
            reasons = (f"{r.field or ''} {r.words.zh} / {r.words.en}" for r in refused.reasons)
            raise CommandError("\n".join(reasons)) from refused
        self.stdout.write(f"demo: {network.places} places, {people} accounts, {records} records, {items} items are new")


def _publish(folder: Path, at: datetime) -> bool:
    """Publish the pack unless this version is published already: reading its facts is quicker than checking a pack."""
    facts = yaml.load((folder / "item.yaml").read_bytes(), Loader=LOADER)
    published = list_versions(facts["code"])
    if any(version == facts["version"] for version, *_ in published):
        return False
    publish_pack(folder=folder, actor=SYSTEM, at=at if published else DEMO_START)
    return True
