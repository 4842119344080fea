"""`./run manage first_administrators zhang=张华 li=李云 wang=王军`: the three administrators of a new installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.roles import SECURITY_ADMIN, SECURITY_AUDITOR, SYSTEM_ADMIN, WORDS
from yichuang.people.commands import first_password, grant_role, open_staff_account
from yichuang.people.queries import administrators_exist

ORDER = (SYSTEM_ADMIN, SECURITY_ADMIN, SECURITY_AUDITOR)


class Command(BaseCommand):
    """Once, on an installation without administrators; prints each first password, to be changed at the first sign-in."""

    help = "Open the accounts of the three administrators: 系统管理员 安全管理员 安全审计员, in this order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("people", nargs=3, metavar="USERNAME=NAME", help="system, security, audit")

    def handle(self, *args: Any, people: list[str], **options: Any) -> None:
        if administrators_exist():
            raise CommandError(
                "已有管理员，新的管理员由他们开通 · There are administrators already: they open further ones"
            )
        named = [text.partition("=") for text in people]
        if not all(username and name for username, _, name in named):
            raise CommandError("请写成 用户名=姓名 · Write USERNAME=NAME three times")
        try:
            with transaction.atomic():
                lines = [
                    self._open(role, n[0], n[2], i) for i, (role, n) in enumerate(zip(ORDER, named, strict=True), 1)
                ]
        except Refused as refused:
            raise CommandError("\n".join(f"{r.words.zh} / {r.words.en}" for r in refused.reasons)) from refused
        self.stdout.write("首次登录须修改密码 · to be changed at the first sign-in:\n" + "\n".join(lines))

    def _open(self, role: str, username: str, name: str, serial: int) -> str:
        at, password = now(), first_password()
        staff = open_staff_account(
            actor=SYSTEM, username=username, name=name, staff_no=f"A{serial:03}", password=password, at=at
        )
        grant_role(actor=SYSTEM, staff=staff, role=role, at=at)
        return f"  {WORDS[role].zh} {WORDS[role].en}: {username}  {password}"
