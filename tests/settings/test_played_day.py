"""A day is played through the doors of a running system, and what came of it is judged by what the system tells."""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Event, Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from tests.demo import TUESDAY, Demo

from yichuang.core import clock
from yichuang.core.clock import local_date
from yichuang.core.pace import Pace
from yichuang.insight.simulation.day import DayPlan, Setting, plan_day
from yichuang.people.commands import issue_token
from yichuang.people.queries import find_demo_account
from yichuang.settings.day.cast import gather, machines
from yichuang.settings.day.floor import Outcomes
from yichuang.settings.day.play import Wish, play
from yichuang.settings.day.summary import Summary, in_words, summary_of
from yichuang.settings.day.wires import Traffic
from yichuang.settings.management.commands import simulate
from yichuang.visits import figures
from yichuang.visits.models import Call, Desk, Ticket
from yichuang.visits.values import BookedMove, BookedNumber, DayBook

NINE = TUESDAY - timedelta(hours=1)
BEGINS = NINE - timedelta(minutes=6)


@pytest.fixture
def quickened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """`quickened(300)`: from now on it is six minutes to nine, and the clock runs so quickly."""

    def run(speed: float) -> None:
        since = datetime.now(UTC)
        monkeypatch.setattr(clock, "_OFFSET", BEGINS - since)
        monkeypatch.setattr(clock, "_PACE", Pace(since, speed))

    return run


def morning(people: int, minutes: int) -> DayPlan:
    return plan_day(Setting(seed=3, people=people, opens=NINE, closes=NINE + timedelta(minutes=minutes)))


def played(plan: DayPlan, address: str, quickened: Callable[[float], None], speed: float) -> Summary:
    quickened(1)
    cast = gather(plan, "LH", at=clock.now())
    for warm in ("/api/v1/halls/LH/board", f"/api/v1/items/{plan.setting.errands[1].item}", "/kiosk/enrol/"):
        with urlopen(f"{address}{warm}") as answer:
            answer.read()  # the first request of a server takes seconds, which are an hour here
    with machines(cast, at=clock.now()) as standing:
        quickened(speed)
        ends = plan.setting.closes + timedelta(minutes=10)
        lines: list[str] = []
        summary = play(plan, cast, standing, Wish(address, ends, frozenset({"1"}), lines.append))
    assert lines
    assert all("5xx 0" in line for line in lines)
    return summary


def holds(summary: Summary) -> None:
    """What must be true of every day; the figures are the system's own."""
    assert list(summary.broken) == []
    numbers = Ticket.objects.filter(day=local_date(NINE), source__in=["kiosk", "phone", "guide"])
    assert summary.book["numbers"] >= numbers.count() > 0
    assert summary.book["numbers"] == summary.book["served"] + summary.book["gone"] + summary.book["still there"]
    assert 0 <= summary.book["served"] - summary.people["served"] <= 3  # what was under way when the day was over
    assert summary.cases
    assert "Everything holds" in in_words(summary)


@pytest.mark.long
def test_an_hour_of_the_hall_is_played_through_its_doors(
    demo: Demo, live_server: Any, quickened: Callable[[float], None]
) -> None:
    summary = played(morning(14, 60), live_server.url, quickened, 300)
    holds(summary)
    assert summary.book["served"] >= 3
    assert not Desk.objects.filter(window_number="1").exists()  # the window that was left to somebody else
    assert Call.objects.filter(move="finish").count() == summary.book["served"]


def trainee(address: str, token: str, over: Event) -> None:
    """李娜, of flesh and blood, takes window 1 and calls whoever waits."""

    def press(path: str, body: dict[str, str] | None = None) -> Any:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }
        sent = json.dumps(body).encode() if body else b"{}"
        try:
            with urlopen(Request(f"{address}/api/v1/{path}", sent, headers)) as answer:
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                return {"ticket": None}

    press("halls/LH/desk/open", {"window": "1"})
    while not over.wait(0.3):
        if ticket := press("desk/next")["ticket"]:
            press(f"desk/steps/start?ticket={ticket}")
            over.wait(0.5)
            press("desk/finish", {"outcome": "consulted", "ticket": ticket})


@pytest.mark.long
def test_who_trains_at_a_window_that_was_left_serves_people_of_the_day(
    demo: Demo, live_server: Any, quickened: Callable[[float], None]
) -> None:
    quickened(1)
    account = find_demo_account("lina")
    assert account is not None
    token, over = issue_token(account=account, at=clock.now()), Event()
    beside = Thread(target=trainee, args=(live_server.url, token, over))
    beside.start()
    try:
        summary = played(morning(30, 90), live_server.url, quickened, 240)
    finally:
        over.set()
        beside.join()
    served = Call.objects.filter(move="finish", window="1").count()
    assert served >= 1
    assert list(summary.broken) == []
    assert summary.book["served"] >= served
    assert Desk.objects.get(window_number="1").staff_name == "李娜"


@pytest.mark.long
def test_a_morning_with_forty_people_holds_and_ends_with_everybody_accounted_for(
    demo: Demo, live_server: Any, quickened: Callable[[float], None]
) -> None:
    summary = played(morning(40, 180), live_server.url, quickened, 240)
    holds(summary)
    assert summary.planned["people"] == 40
    assert summary.book["served"] >= 20
    assert summary.people["accepted"] >= 5
    assert summary.people["reviewed"] >= 1
    assert sum(summary.machines.values()) >= 1  # the printer was empty for a while, and somebody met it
    assert summary.waits["median"] < 60


def test_the_command_plays_on_what_runs_and_tells_it_as_json(
    demo: Demo, live_server: Any, quickened: Callable[[float], None]
) -> None:
    told = StringIO()
    quickened(120)
    with override_settings(YICHUANG_BASE_URL=live_server.url):
        call_command("simulate", "--people=0", "--until=09:04", "--json", stdout=told)
    summary = json.loads(told.getvalue())
    assert summary["broken"] == []
    assert summary["planned"]["people"] == 0
    assert summary["requests"]["sent"] > 0


def test_a_hall_that_is_none_and_one_without_a_queue_for_all_are_refused(
    demo: Demo, live_server: Any, quickened: Callable[[float], None]
) -> None:
    quickened(1)
    for hall, said in (("LH-X", "There is no hall"), ("LH-Z1", "cannot be played")):
        with override_settings(YICHUANG_BASE_URL=live_server.url), pytest.raises(CommandError, match=said):
            call_command("simulate", "--people=0", f"--hall={hall}", stdout=StringIO())


# ── what must not be is reported ──────────────────────────────────────────────────────────────────────────────────


PLAN = morning(0, 90)
TICKET = BookedNumber(uuid4(), "A001", "CALLED", NINE)
BOOK = DayBook([TICKET], [BookedMove(1, TICKET.ticket, "call", "2", NINE + timedelta(minutes=4))])


def summed(book: DayBook = BOOK, states: dict[str, str] | None = None, **changes: Any) -> Summary:
    outcomes, traffic = replace(Outcomes(), numbers=["A001"], cases={}), Traffic()
    for name, value in changes.items():
        setattr(traffic if hasattr(traffic, name) else outcomes, name, value)
    return summary_of(PLAN, outcomes, traffic, book, states or {})


def test_a_day_on_which_all_is_well_says_so() -> None:
    assert list(summed().broken) == []
    assert summed().waits == {"median": 4.0, "90 %": 4.0}
    assert json.loads(json.dumps(summed().as_data()))["book"]["still there"] == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"book": replace(BOOK, moves=[*BOOK.moves, replace(BOOK.moves[0], seq=2)])}, "A001: call while CALLED"),
        ({"numbers": ["A001", "A001"]}, "A001 is in 2 people's hands"),
        ({"numbers": ["A001", "A002"]}, "A002 is in somebody's hand and not in the book"),
        ({"cases": {"1-2-3": "token"}}, "case 1-2-3 was acknowledged and is not there"),
        ({"broken": Traffic().broken + type(Traffic().broken)({"GET board: 500": 2})}, "GET board: 500 ×2"),
        ({"crashes": ["KeyError: 'x'"]}, "the player itself"),
    ],
    ids=["called twice", "given twice", "lost", "case lost", "5xx", "our own fault"],
)
def test_what_must_not_be_is_said_and_ends_with_a_fault(changes: dict[str, Any], said: str) -> None:
    summary = summed(**changes)
    assert any(said in one for one in summary.broken), summary.broken
    assert "What must not be" in in_words(summary)


@pytest.mark.parametrize(("crashes", "code"), [([], None), (["KeyError: 'x'"], 1)], ids=["well", "broken"])
def test_a_day_with_a_fault_ends_the_program_with_one(
    monkeypatch: pytest.MonkeyPatch, crashes: list[str], code: int | None
) -> None:
    monkeypatch.setattr(simulate.Command, "_await_pages", lambda self: None)
    monkeypatch.setattr(simulate.Command, "_day", lambda self, seed, options: summed(crashes=crashes))
    told = StringIO()
    with pytest.raises(SystemExit) if code else nullcontext() as ended:
        call_command("simulate", "--json", stdout=told)
    assert code is None or ended.value.code == code
    assert bool(json.loads(told.getvalue())["broken"]) is bool(crashes)


@pytest.mark.django_db
def test_a_call_that_the_book_has_twice_is_found_in_the_hall_itself(demo: Demo) -> None:
    """The control: the rows of a true day are broken, as no command does it, and the judge sees it."""
    from yichuang.visits.commands.calling import call_next
    from yichuang.visits.commands.desks import open_desk
    from yichuang.visits.commands.tickets import take_ticket
    from yichuang.visits.rules.book import faults_of
    from yichuang.visits.values import Source

    clerk, guest = demo.actor("lina"), demo.actor("moshengren")
    open_desk(actor=clerk, place=clerk.place, window="1", at=TUESDAY)
    taken = take_ticket(
        actor=guest, place=clerk.place, source=Source.PHONE, key="k", items=["shebao-chaxun"], at=TUESDAY
    )
    call_next(actor=clerk, at=TUESDAY)
    assert faults_of(figures.book_of(clerk.place, local_date(TUESDAY))) == []
    first = Call.objects.get(ticket=taken.ticket, move="call")
    first.pk, first.seq, first.window = uuid4(), 2, "2"
    first.save(force_insert=True)
    assert faults_of(figures.book_of(clerk.place, local_date(TUESDAY))) == [
        f"{taken.number}: call while CALLED (line 2)"
    ]


@override_settings(YICHUANG_DEMO=False)
def test_a_real_hall_is_not_played() -> None:
    with pytest.raises(CommandError, match="Only a demo"):
        call_command("simulate", stdout=StringIO())


@pytest.mark.parametrize("people", ["-1", "601"])
def test_more_people_than_the_demo_has_are_refused(people: str) -> None:
    with pytest.raises(CommandError, match="--people"):
        call_command("simulate", f"--people={people}", stdout=StringIO())
