"""`./run demo` shows with this who can sign in."""

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yichuang.people.queries import list_demo_accounts


def _pad(text: str, width: int) -> str:
    """Chinese characters take two columns of a terminal."""
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(width - taken, 1)


class Command(BaseCommand):
    help = "Print the demo's accounts, one per role (only where YICHUANG_DEMO is on)."

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = list_demo_accounts()
        if not accounts:
            raise CommandError("演示账号只在演示环境中存在 · demo accounts exist only in a demo (YICHUANG_DEMO)")
        self.stdout.write(f"演示账号 Demo accounts · 密码 password: {accounts[0].password}")
        for a in accounts:
            where = f"{a.place.zh} {a.note.zh}".strip()
            self.stdout.write(
                f"  {_pad(a.username, 13)}{_pad(a.name, 31)}{_pad(a.role.zh, 14)}{a.phone}  {where} · {a.note.en}"
            )
