"""`manage messages`: extract page texts per app, compile the English, name what is missing (exit code 1)."""

from typing import Any

from django.core.management.base import BaseCommand

from yichuang.webkit import messages


class Command(BaseCommand):
    help = "Extract the texts of pages, compile their English, and name what has none yet"
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for folder in messages.folders():
            for text in messages.update(folder):
                missing += 1
                self.stdout.write(f"{folder.name}: {text}")
        if missing:
            raise SystemExit(1)
