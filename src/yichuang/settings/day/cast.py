"""Who plays: the demo's people with a token each, and the machines of the hall with simulators behind them.

This is the only part that calls commands: what an administrator does on the console before the day. All else are requests.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.catalog.queries import get_pack
from yichuang.core.actors import Channel
from yichuang.core.bearers import bearer_hash
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.devices.commands import add_device, enrol, revoke_device
from yichuang.devices.queries import list_devices
from yichuang.devices.values import Health
from yichuang.gateways.card_reader import simulator as card_reader
from yichuang.gateways.escpos import simulator as escpos
from yichuang.insight.simulation.day import DayPlan
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow
from yichuang.people.commands.demo_crowd import Crew, load_demo_crowd
from yichuang.people.commands.tokens import issue_token
from yichuang.people.queries import actor_for_account, find_account
from yichuang.visits import figures

OFFICE = (  # of the departments whose items people come for: who reviews, who decides
    *("wangqiang", "hejing", "linfang"),
    *("caomei", "pengtao"),
    *("luobin", "tangmin"),
    *("zengyan", "yuanhong"),
)
KIOSK, PRINTER, READER = "模拟取号机", "模拟小票机", "模拟读卡器"
NOT_PLAYED = W("这个大厅没有综合队列，不能模拟", "This hall has no queue for all matters: it cannot be played")


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff who plays."""

    username: str
    token: str
    staff: UUID | None = None


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who may come."""

    token: str
    party: UUID
    name: str
    id_no: str
    mobile: str


@dataclass(frozen=True, slots=True)
class Filing:
    """How an item is filed: its first worked example, with other people's names."""

    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    papers: Sequence[str]
    grounds: Sequence[str]

    def form_of(self, citizen: Citizen, mark: str) -> dict[str, Any]:
        """The form as this person fills it in; `mark` tells one dog, one shop from another."""
        own = {"name": citizen.name, "cn_id": citizen.id_no, "mobile": citizen.mobile}
        made = {
            name: {**part, **{field: own[field] for field in part if "cn_id" in part and field in own}}
            if isinstance(part, dict)
            else part
            for name, part in self.form.items()
        }
        if "dog" in made:
            made["dog"] |= {"chip": mark}
        if "address" in made:
            made["address"] |= {"detail": f"桂园社区演示路 {mark[-6:]} 号 301"}
        if isinstance(made.get("name"), dict):
            made["name"] = {**made["name"], "trade": f"晓{mark[-6:].translate(NUMERALS)}"}
        return made


NUMERALS = str.maketrans("0123456789", "零一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything of the day."""

    place: PlaceRow
    queue: UUID  # for all matters
    results: UUID | None  # where results are fetched
    clerks: Sequence[Staff]
    issuer: Staff
    manager: Staff
    office: Sequence[Staff]
    citizens: Sequence[Citizen]
    filings: Mapping[str, Filing]
    keeper: UUID


def gather(plan: DayPlan, place: str, *, at: datetime) -> Cast:
    """Enter whoever is missing, and give everybody their token. Refused NOT_PLAYED for a hall without a queue for all."""
    hall = network.get_place(place)
    letters = {letter: queue for queue, (letter, _) in figures.queues_of(hall.id).items()}
    if "A" not in letters:
        raise Refused(Reason("NOT_PLAYED", NOT_PLAYED, "/hall"))
    crowd = load_demo_crowd(place=hall.id, clerks=len(plan.clerks), citizens=len(plan.visitors), at=at)

    def crew(one: Crew) -> Staff:
        return Staff(one.username, issue_token(account=one.account, at=at), one.staff)

    known = ((name, find_account(name)) for name in OFFICE)
    items = {one.item for one in plan.setting.errands}
    return Cast(
        hall,
        letters["A"],
        letters.get("B"),
        tuple(crew(one) for one in crowd.clerks),
        crew(crowd.issuer),
        crew(crowd.manager),
        tuple(Staff(name, issue_token(account=account, at=at)) for name, account in known if account is not None),
        tuple(
            Citizen(issue_token(account=one.account, at=at), one.party, one.name, one.id_no, one.mobile)
            for one in crowd.citizens
        ),
        {item: _filing(item, at) for item in sorted(items)},
        crowd.keeper.account,
    )


def _filing(item: str, at: datetime) -> Filing:
    pack = get_pack(item, at=at)
    example = min(pack.examples, key=lambda one: one.file)
    return Filing(example.answers, example.form, tuple(example.materials), tuple(pack.grounds()))


@dataclass(frozen=True, slots=True)
class Machines:
    """The kiosk's token, and what stands at it."""

    bearer: str
    printer: escpos.Printer
    reader: card_reader.Reader


@contextmanager
def machines(cast: Cast, *, at: datetime) -> Iterator[Machines]:
    """A kiosk with printer and reader for the day, served on this machine; those of earlier days are revoked."""
    keeper = actor_for_account(cast.keeper, Channel.COUNTER, place=cast.place.id, at=at)
    for row in list_devices(keeper, cast.place.id, at=at):
        if row.name in {KIOSK, PRINTER, READER} and row.health is not Health.REVOKED:
            revoke_device(actor=keeper, device=row.id, at=at)
    of: dict[str, Any] = {"actor": keeper, "place": cast.place.id, "at": at}
    came = enrol(code=add_device(kind="kiosk", name=KIOSK, **of).code, at=at)
    printer, reader = escpos.Printer(), card_reader.Reader()
    with ExitStack() as stack:
        paper = stack.enter_context(escpos.serving(printer))
        add_device(kind="printer", name=PRINTER, kiosk=came.device, address=paper, **of)
        cards = stack.enter_context(card_reader.serving(reader))
        proved = enrol(code=add_device(kind="reader", name=READER, kiosk=came.device, address=cards, **of).code, at=at)
        reader.key, reader.secret = str(proved.device), bearer_hash(proved.bearer)
        yield Machines(came.bearer, printer, reader)
