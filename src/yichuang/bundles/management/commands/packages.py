"""`packages check|publish DIR…`: packages (一件事) from any folder, also outside the repository."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yichuang.bundles.commands.publish import check_package, publish_package
from yichuang.bundles.reading import YAML
from yichuang.core import clock
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused


class Command(BaseCommand):
    help = "Check or publish packages. Their items must be published before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "publish"])
        parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="a package, or a folder of packages")

    def handle(self, *args: Any, action: str, folders: list[Path], **options: Any) -> None:
        at, wrong = clock.now(), False
        for folder in (found for one in folders for found in _packages_in(one)):
            _, faults = check_package(folder, at=at)
            for fault in faults:
                self.stdout.write(f"{folder}/{fault}")
            wrong = wrong or bool(faults)
            if action == "publish" and not faults:
                self.stdout.write(f"{folder}: {self._publish(folder)}")
        if wrong:
            raise SystemExit(1)

    def _publish(self, folder: Path) -> str:
        try:
            new = publish_package(folder=folder, actor=SYSTEM, at=clock.now())
        except Refused as refused:
            raise CommandError("\n".join(f"{r.words.zh} / {r.words.en}" for r in refused.reasons)) from refused
        return "已发布 / published" if new else "没有变化 / nothing new"


def _packages_in(folder: Path) -> list[Path]:
    found = sorted(path.parent for path in folder.rglob(YAML))
    if not found:
        raise CommandError(f"{folder} 里没有套餐 / There is no package in {folder}")
    return found
