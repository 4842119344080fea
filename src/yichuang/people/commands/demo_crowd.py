"""More people for a demo whose day is played (docs/adr/0044): clerks of one hall, its manager, and citizens who come.

Nobody of them is shown at sign-in: the cast stays who one plays with. Made up like the cast, and marked so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yichuang.core import roles
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.core.identifiers import synthetic
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow
from yichuang.people import cast
from yichuang.people.commands.accounts import create_account, open_staff_account
from yichuang.people.commands.demo import check_holds_a_demo
from yichuang.people.commands.grants import assign_post, grant_role
from yichuang.people.commands.parties import register_party
from yichuang.people.models import Account, Staff

MOST: Final = 600  # citizens: as many telephone numbers as the demo's family has left
NTH: Final = 30  # of identity numbers of one day and sex, behind those of the cast and of the shared bases
FIRST_BIRTH, BIRTHS, STRIDE = date(1945, 1, 1), 21_900, 7919
SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN: Final = ("秀兰", "建国", "小梅", "志强", "丽华", "文博", "雨桐", "国栋", "桂芳", "子涵", "海燕", "俊杰")
LONG: Final = ("阿依古丽·买买提江·吐尔逊", "欧阳·迪丽努尔", "斯琴高娃")
_SINCE = timedelta(days=365)  # as with the cast: the demo's clock may be set back


@dataclass(frozen=True, slots=True)
class Crew:
    """Somebody who works in the hall."""

    username: str
    account: UUID
    staff: UUID


@dataclass(frozen=True, slots=True)
class Comer:
    """A citizen who may come, with what stands on the identity card."""

    account: UUID
    party: UUID
    name: str
    id_no: str
    mobile: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who plays the day of a hall besides the cast."""

    clerks: Sequence[Crew]
    issuer: Crew
    manager: Crew
    keeper: Crew
    citizens: Sequence[Comer]


@transaction.atomic
def load_demo_crowd(*, place: UUID, clerks: int, citizens: int, at: datetime) -> Crowd:
    """Who works in this hall and who comes, entered where missing. Demo only."""
    if not settings.YICHUANG_DEMO:
        raise RuntimeError("a crowd is only for a demo: YICHUANG_DEMO is off")
    check_holds_a_demo()
    hall = network.get_place_by_id(place)
    return Crowd(
        tuple(_crew(hall, "clerk", n, roles.INTAKE_CLERK, "WINDOW.receive", at) for n in range(1, clerks + 1)),
        _crew(hall, "issuer", 1, roles.ISSUING_CLERK, "WINDOW.issue", at),
        _crew(hall, "manager", 1, roles.HALL_MANAGER, "", at),
        _crew(hall, "keeper", 1, roles.DEVICE_KEEPER, "", at),
        tuple(_comer(n, at) for n in range(min(citizens, MOST))),
    )


def _crew(hall: PlaceRow, kind: str, nth: int, role: str, post: str, at: datetime) -> Crew:
    username = f"{hall.code.lower()}-{kind}-{nth}"
    known = Staff.objects.filter(account__username=username).values_list("account_id", "id").first()
    if known is not None:
        return Crew(username, *known)
    dice = Random(username)
    staff = open_staff_account(
        actor=SYSTEM,
        username=username,
        name=dice.choice(SURNAMES) + dice.choice(GIVEN),
        staff_no=f"{hall.code}-{kind[0].upper()}{nth:02}",
        password=cast.PASSWORD,
        place=hall.id,
        must_change=False,
        demo=True,
        at=at,
    )
    since = local_date(at - _SINCE)
    grant_role(actor=SYSTEM, staff=staff, role=role, place=hall.id, department=None, valid_from=since, at=at)
    if post:
        assign_post(actor=SYSTEM, staff=staff, post=post, valid_from=since, at=at)
    return Crew(username, Staff.objects.values_list("account_id", flat=True).get(id=staff), staff)


def _comer(nth: int, at: datetime) -> Comer:
    """The n-th citizen; the same each time."""
    dice, username, mobile = Random(nth), f"comer{nth:03}", f"13800000{200 + nth:03}"
    name = LONG[nth // 40 % len(LONG)] if nth % 40 == 39 else dice.choice(SURNAMES) + dice.choice(GIVEN)
    birth = FIRST_BIRTH + timedelta(days=nth * STRIDE % BIRTHS)  # a day of their own each
    number = synthetic.cn_id(birth, "male" if nth % 2 else "female", region="440303", nth=NTH)
    known = Account.objects.filter(username=username).values_list("id", "party_id").first()
    if known is None:
        party = register_party(
            actor=SYSTEM, kind="person", name=name, id_type="111", id_no=number, mobile=mobile,
            address=f"深圳市罗湖区{dice.choice(('桂园', '黄贝', '东门', '翠竹'))}街道演示路 {nth + 100} 号", demo=True, at=at,
        )  # fmt: skip
        known = create_account(username, mobile, None, at, party=party, must_change=False, seen=True), party
    return Comer(known[0], known[1], name, number, mobile)
