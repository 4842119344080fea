"""`verify_archive FILE.zip …`: is an archive package whole and genuine? Asks no database. Exit code 1 when one is not."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.issuing.archive import check_package


class Command(BaseCommand):
    help = "Check archive packages offline: every file, the organ's signature, the proof of every act."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+")
        parser.add_argument("--root", type=Path, help="PEM of the root that one trusts (default: the one inside)")
        parser.add_argument("--ledger-key", type=Path, help="PEM of the ledger's public key (default: the one inside)")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        root, key = (options[name].read_bytes() if options[name] else None for name in ("root", "ledger_key"))
        wrong = 0
        for file in files:
            faults = check_package(file.read_bytes(), root=root, ledger_key=key)
            wrong += bool(faults)
            for fault in faults:
                self.stderr.write(f"{file.name}: {fault}")
            if not faults:
                self.stdout.write(f"{file.name}: 完整、真实 · whole and genuine")
        if wrong:
            raise CommandError(f"{wrong} of {len(files)} packages are not what they say")
