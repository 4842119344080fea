"""`./run manage grant_powers lina --by li --role intake_clerk@LH --post WINDOW.receive`: roles and posts of staff."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from yichuang.core.asked import stands_for
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.roles import ALL
from yichuang.network.queries import get_department, get_place
from yichuang.people.commands import assign_post, grant_role
from yichuang.people.commands.grants import GRANT
from yichuang.people.management.acting import acting_as


class Command(BaseCommand):
    """In the name of a security administrator. A role is held everywhere, @PLACE, /DEPARTMENT, or @PLACE/DEPARTMENT."""

    help = f"Give roles and posts to a member of staff. Roles: {' '.join(sorted(ALL))}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the security administrator who grants")
        parser.add_argument("--role", action="append", default=[], metavar="ROLE[@PLACE][/DEPARTMENT]")
        parser.add_argument("--post", action="append", default=[], metavar="DEPARTMENT.POST")

    def handle(self, *args: Any, username: str, by: str, role: list[str], post: list[str], **options: Any) -> None:
        at = now()
        try:
            with transaction.atomic(), stands_for(GRANT):  # who runs commands on the machine needs no second person
                actor, staff = acting_as(by, at), acting_as(username, at).id
                assert staff is not None
                for text in role:
                    name, place, department = _scope(text)
                    grant_role(
                        actor=actor,
                        staff=staff,
                        role=name,
                        place=get_place(place).id if place else None,
                        department=get_department(department).id if department else None,
                        at=at,
                    )
                for code in post:
                    assign_post(actor=actor, staff=staff, post=code, at=at)
        except Refused as refused:
            raise CommandError("\n".join(f"{r.words.zh} / {r.words.en}" for r in refused.reasons)) from refused
        self.stdout.write(f"{username}: {' '.join([*role, *post])}")


def _scope(text: str) -> tuple[str, str, str]:
    """ "reviewer@LH/CGZF" → role, place code, department code; what is left out is empty."""
    rest, _, department = text.partition("/")
    name, _, place = rest.partition("@")
    return name, place, department
