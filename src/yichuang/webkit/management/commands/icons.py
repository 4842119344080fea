"""Rebuild the icon sprite: `manage icons node_modules/@tabler/icons/icons/outline` after editing webkit/icons.txt."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.webkit import icons


class Command(BaseCommand):
    help = "Rebuild the icon sprite from the folder icons/outline of the npm package @tabler/icons"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if missing := [name for name in icons.wanted() if not (folder / f"{name}.svg").is_file()]:
            raise CommandError("not in the package: " + ", ".join(missing))
        icons.SPRITE.write_text(icons.sprite(folder), encoding="utf-8")
        self.stdout.write(f"{icons.SPRITE}: {len(icons.wanted())} icons")
