"""`./run token NAME`: a bearer token for a demo person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.core.clock import now
from yichuang.people.commands import issue_token
from yichuang.people.queries import find_demo_account, list_demo_accounts


class Command(BaseCommand):
    help = "Print a bearer token for a person of the demo, by name (李娜) or user name (lina)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        account = find_demo_account(options["name"])
        if account is None:
            known = "、".join(f"{a.name}({a.username})" for a in list_demo_accounts()) or "（无 none）"
            raise CommandError(f"没有这个演示账号 · no such demo account: {options['name']}\n{known}")
        self.stdout.write(issue_token(account=account, at=now()))
