"""`verify_ledger`: is the ledger whole? Exit code 1 when it is not."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.core import ledger
from yichuang.core.ledger.tree import tree_size


class Command(BaseCommand):
    help = "Read the whole ledger against itself and against the checkpoints kept outside the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoints", type=Path, help="file of checkpoints (default: checkpoints.log in the data folder)"
        )
        parser.add_argument("--public-key", type=Path, help="PEM file of the key that signed them")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["checkpoints"]
        if file is not None and not file.exists():
            raise CommandError(f"{file} does not exist: without checkpoints from outside nothing is proved")
        key = options["public_key"].read_bytes() if options["public_key"] else None
        notes = list(ledger.read_checkpoints(file))
        faults = ledger.verify_ledger(notes, public_key_pem=key)
        for fault in faults:
            self.stderr.write(f"{fault.kind} {fault.words.zh} · {fault.words.en}")
        if faults:
            raise CommandError(f"{len(faults)} faults in the ledger")
        self.stdout.write(f"The ledger is whole: {tree_size()} leaves, {len(notes)} checkpoints from outside.")
