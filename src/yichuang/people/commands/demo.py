"""The demo's people (演示人物): one for each role, and citizens with every kind of name. Synthetic, and marked so."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.core.identifiers import synthetic
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.network.queries import get_department, get_place
from yichuang.people import cast
from yichuang.people.cast import Citizen, Worker
from yichuang.people.commands.accounts import create_account, open_staff_account
from yichuang.people.commands.agency import grant_agency, record_guardian, record_legal_representative
from yichuang.people.commands.grants import assign_post, grant_role
from yichuang.people.commands.parties import register_party
from yichuang.people.commands.qualify import grant_qualification
from yichuang.people.models import Account, Qualification, Staff
from yichuang.people.queries import represented

SERVES_PEOPLE = W(
    "这个数据库里是正式使用的系统，不能装入演示数据，也不能模拟",
    "This database is of an installation that serves people: it takes no demo data, and no day is played on it",
)
_SINCE = timedelta(days=365)  # powers reach back, so that the demo's clock may be set back


def check_holds_a_demo() -> None:
    """Refused SERVES_PEOPLE where staff work of whom none is the demo's: switched on by mistake, YICHUANG_DEMO would give this
    installation accounts whose password is in the documentation, and a day of made-up people."""
    if Staff.objects.filter(demo=False).exists() and not Staff.objects.filter(demo=True).exists():
        raise Refused(Reason("SERVES_PEOPLE", SERVES_PEOPLE), kind="forbidden")


@transaction.atomic
def load_demo_people(*, at: datetime) -> int:
    """Enter the cast where it is missing (the network must be there); how many accounts are new. Demo only."""
    if not settings.YICHUANG_DEMO:
        raise RuntimeError("demo people are only for a demo: YICHUANG_DEMO is off")
    check_holds_a_demo()
    new = sum(_load_worker(number, worker, at) for number, worker in enumerate(cast.WORKERS, start=1))
    parties = {citizen.name: _register(number, citizen, at) for number, citizen in enumerate(cast.CITIZENS)}
    new += sum(
        _open(citizen, parties[citizen.name], number, at) for number, citizen in enumerate(cast.CITIZENS, start=1)
    )
    _load_ties(parties, at)
    _qualify(at)
    return new


def _qualify(at: datetime) -> None:
    """Some clerks are qualified for items that ask for it (上岗资格); once."""
    if Qualification.objects.exists():
        return
    since = local_date(at - _SINCE)
    for one in cast.QUALIFICATIONS:
        staff = Staff.objects.get(account__username=one.username)
        assert staff.place_id is not None
        grant_qualification(
            actor=SYSTEM,
            place=staff.place_id,
            staff=staff.id,
            item=one.item,
            department=one.department,
            evidence=one.evidence,
            valid_from=since,
            valid_to=local_date(at + timedelta(days=one.days)),
            at=at,
        )


def _phone(number: int) -> str:
    return f"13800000{number:03}"


def _load_worker(number: int, worker: Worker, at: datetime) -> bool:
    if Account.objects.filter(username=worker.username).exists():
        return False
    place = get_place(worker.place).id if worker.place else None
    department = get_department(worker.department).id if worker.department else None
    staff = open_staff_account(
        actor=SYSTEM,
        username=worker.username,
        name=worker.name,
        staff_no=f"LH{number:04}",
        password=cast.PASSWORD,
        phone=_phone(100 + number),
        place=place,
        department=department,
        window=worker.window,
        must_change=False,
        demo=True,
        at=at,
    )
    since = local_date(at - _SINCE)
    grant_role(
        actor=SYSTEM,
        staff=staff,
        role=worker.role,
        place=None if worker.everywhere else place,
        department=None if worker.everywhere else department,
        valid_from=since,
        at=at,
    )
    for post in worker.posts:
        assign_post(actor=SYSTEM, staff=staff, post=post, valid_from=since, at=at)
    return True


def _register(number: int, citizen: Citizen, at: datetime) -> UUID:
    return register_party(
        actor=SYSTEM,
        kind="person",
        name=citizen.name,
        id_type="111",
        id_no=synthetic.cn_id(citizen.birth, citizen.sex, region="440303", nth=number),
        mobile=_phone(number + 1) if citizen.username else "",
        address=citizen.address,
        demo=True,
        at=at,
    )


def _open(citizen: Citizen, party: UUID, number: int, at: datetime) -> bool:
    if not citizen.username or Account.objects.filter(username=citizen.username).exists():
        return False
    create_account(citizen.username, _phone(number), cast.PASSWORD, at, party=party, must_change=False, seen=True)
    return True


def _load_ties(parties: dict[str, UUID], at: datetime) -> None:
    """A company with its legal representative and an authorised agent; a child with her guardian."""
    since = local_date(at - _SINCE)
    company = register_party(
        actor=SYSTEM,
        kind="company",
        name=cast.COMPANY,
        id_type="001",
        id_no=synthetic.uscc(0, region="440303"),
        address="深圳市罗湖区东门街道演示路 66 号",
        demo=True,
        at=at,
    )
    record_legal_representative(
        actor=SYSTEM,
        company=company,
        person=parties[cast.LEGAL_REPRESENTATIVE],
        basis="营业执照（演示）",
        valid_from=since,
        at=at,
    )
    record_guardian(
        actor=SYSTEM,
        ward=parties[cast.CHILD],
        guardian=parties[cast.GUARDIAN],
        basis="出生医学证明（演示）",
        valid_from=since,
        at=at,
    )
    agent = parties[cast.COMPANY_AGENT]
    if not _has_agent(company, agent, at):
        grant_agency(
            actor=SYSTEM, principal=company, agent=agent, valid_from=since, valid_to=local_date(at + _SINCE), at=at
        )


def _has_agent(company: UUID, agent: UUID, at: datetime) -> bool:
    return any(row.principal == company for row in represented(agent, at=at))
