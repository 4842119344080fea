"""`items export FILE [DIR…]`, `items import FILE --to DIR [DIR…]`: item lists as XLSX in the national element columns."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from yichuang.catalog.management.commands.packs import FAULTY, packs_in
from yichuang.catalog.sheets.folders import exported, imported, read_packs
from yichuang.core.spreadsheets import Unreadable


class Command(BaseCommand):
    help = "Write item packs to a workbook, or turn a workbook into drafts. Exit codes: 0 done, 1 faults, 2 wrong call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["export", "import"])
        parser.add_argument("file", type=Path, metavar="FILE", help="the workbook (XLSX)")
        parser.add_argument(
            "folders", nargs="*", type=Path, metavar="DIR", help="packs or folders of packs (default: the repository's)"
        )
        parser.add_argument("--to", type=Path, help="import: the folder of the drafts (default: drafts beside FILE)")

    def handle(self, *args: Any, **options: Any) -> None:
        folders = [
            pack
            for folder in options["folders"] or settings.YICHUANG_PACKS
            for pack in packs_in(folder)
            if pack.is_dir()
        ]
        if options["action"] == "export":
            self._export(options["file"], folders)
        else:
            self._import(options["file"], folders, options["to"] or options["file"].parent / "drafts")

    def _export(self, file: Path, folders: list[Path]) -> None:
        packs, faults = read_packs(folders)
        for fault in faults:
            self.stdout.write(f"{fault}")
        if faults or not packs:
            raise SystemExit(FAULTY)
        try:
            file.write_bytes(exported(packs))
        except (OSError, ValueError) as error:
            raise CommandError(str(error), returncode=FAULTY) from error
        self.stdout.write(f"{len(packs)} 个事项写入 {file} / {len(packs)} items written to {file}")

    def _import(self, file: Path, folders: list[Path], to: Path) -> None:
        try:
            done = imported(file.read_bytes(), folders, to)
        except Unreadable as error:
            words = error.args[0]
            raise CommandError(f"{file}: {words.zh} / {words.en}", returncode=FAULTY) from error
        except FileExistsError as error:
            raise CommandError(f"草稿已存在 / This draft is there already: {error}", returncode=FAULTY) from error
        except OSError as error:
            raise CommandError(str(error), returncode=FAULTY) from error
        for fault in done.faults:
            self.stdout.write(f"{fault.place} {fault.words.zh} / {fault.words.en}")
        if done.faults:
            raise SystemExit(FAULTY)
        for folder in done.written:
            self.stdout.write(f"草稿 {folder}：./run packs check {folder} / draft {folder}: ./run packs check {folder}")
        self.stdout.write(f"{len(done.unchanged)} 个事项没有变化 / {len(done.unchanged)} items are as they were")
