"""`./run manage open_staff lina 李娜 W001 --by zhang --place LH --window 1`: an account for a member of staff."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.network.queries import get_department, get_place
from yichuang.people.commands import first_password, open_staff_account
from yichuang.people.management.acting import acting_as


class Command(BaseCommand):
    """Opened in the name of a system administrator; powers are given with `grant_powers`, by a security administrator."""

    help = "Open an account for a member of staff; prints its first password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("staff_no")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the system administrator who opens it")
        parser.add_argument("--phone", default="")
        parser.add_argument("--place", default="", metavar="CODE")
        parser.add_argument("--department", default="", metavar="CODE")
        parser.add_argument("--window", default="")

    def handle(self, *args: Any, **given: Any) -> None:
        at, password = now(), first_password()
        try:
            open_staff_account(
                actor=acting_as(given["by"], at),
                username=given["username"],
                name=given["name"],
                staff_no=given["staff_no"],
                password=password,
                phone=given["phone"],
                place=get_place(given["place"]).id if given["place"] else None,
                department=get_department(given["department"]).id if given["department"] else None,
                window=given["window"],
                at=at,
            )
        except Refused as refused:
            raise CommandError("\n".join(f"{r.words.zh} / {r.words.en}" for r in refused.reasons)) from refused
        self.stdout.write(f"首次登录须修改密码 · to be changed at the first sign-in: {given['username']}  {password}")
