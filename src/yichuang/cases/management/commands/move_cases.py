"""`move_cases ITEM --from 1 --to 2 [--dry-run]`: running cases of an item go on under a newer version, where they can."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yichuang.cases.commands.move_version import movable, move_version
from yichuang.core import clock
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused


class Command(BaseCommand):
    help = "Move running cases to a newer version of their item; says of each that stays why. Exit codes: 0 done, 1 refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("item", help="the item's code")
        parser.add_argument("--from", dest="old", type=int, required=True, metavar="VERSION")
        parser.add_argument("--to", dest="new", type=int, required=True, metavar="VERSION")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be")

    def handle(self, *args: Any, item: str, old: int, new: int, dry_run: bool, **options: Any) -> None:
        at, moved, stayed = clock.now(), 0, 0
        try:
            for number in movable(actor=SYSTEM, item=item, old=old, new=new, at=at):
                one = move_version(actor=SYSTEM, number=number, old=old, new=new, at=at, dry_run=dry_run)
                moved, stayed = moved + one.moved, stayed + (not one.moved)
                words = one.asked if one.moved else [reason.words for reason in one.stays]
                zh, en = "；".join(word.zh for word in words), "; ".join(word.en for word in words)
                told = ("迁移", "moves", "需补", "asks for") if one.moved else ("不动", "stays", "原因", "because")
                said = f"：{told[2]} {zh} / {told[3]}: {en}" if zh else ""
                self.stdout.write(f"{number} {told[0]} / {told[1]}{said}")
        except Refused as refused:
            words_ = "; ".join(f"{reason.words.zh} / {reason.words.en}" for reason in refused.reasons)
            raise CommandError(words_ or str(refused), returncode=1) from refused
        self.stdout.write(
            f"迁移 {moved}，不动 {stayed} / moved {moved}, stayed {stayed}" + (" (dry run)" if dry_run else "")
        )
