"""延时办理: a hall serves longer, for what was said; tickets, boards, appointments and forecasts follow, no term does."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from tests.visits.booked import PLAN, BookedHall

from yichuang.cases.models import Case
from yichuang.core.clock import SHANGHAI, local_date
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network import commands as network_commands
from yichuang.network import queries as network
from yichuang.network.values import Span
from yichuang.visits.commands.booking.planning import publish_ahead
from yichuang.visits.commands.desks import close_desk
from yichuang.visits.commands.hours import end_extended, extend_hours, open_longer, serve_until_last
from yichuang.visits.models import ExtendedService, HallDay, Slot
from yichuang.visits.queries import board, extended_hours, hall_hours, halls_now, hours_page, queues_of, stretches_of
from yichuang.visits.values import BookingKind

EVENING = Span(time(18), time(20))
WHY = W("延时办理", "Extended hours")


class Longer(BookedHall):
    """The hall of 李娜 (Monday to Friday 9–18, Saturday 9–12), its manager 马丽."""

    def extend(self, days: int | None = 0, span: Span = EVENING, **more: Any):
        """From today on for so many days (None: until ended)."""
        today = local_date(self.at)
        last = None if days is None else today + timedelta(days=days)
        given = {"actor": self.manager, "place": self.place, "first": today, "last": last, "span": span, "reason": WHY}
        return extend_hours(**given | more, at=self.at)

    def until(self, clock: time) -> None:
        open_longer(actor=self.manager, place=self.place, until=clock, at=self.at)

    def last(self, on: bool = True) -> None:
        serve_until_last(actor=self.manager, place=self.place, on=on, at=self.at)

    def go_to(self, hour: float, days: int = 0) -> None:
        self.at = self.moment(local_date(self.at) + timedelta(days=days), hour)

    def now(self):
        return hall_hours(self.place, at=self.at)

    def open_at(self, hour: float, days: int = 0) -> bool:
        return network.is_open(self.place, self.moment(local_date(self.at) + timedelta(days=days), hour))

    def acts(self) -> list[str]:
        return [entry.act for entry in list_entries(Subject("place", self.place))]


@pytest.fixture
def hall(demo: Any) -> Longer:
    found = Longer.of(demo)
    assert isinstance(found, Longer)
    return found


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# ── the running day ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hall_that_stays_open_longer_gives_numbers_until_then_and_says_so(hall):
    hall.go_to(18.5)
    with pytest.raises(Refused) as refused:
        hall.take("A")
    assert codes(refused) == ["HALL_CLOSED"]
    hall.until(time(19))
    assert hall.take("A").number == "A001"
    shown = board(hall.place, at=hall.at)
    assert (shown.open, shown.hours.extended) == (True, True)
    assert shown.hours.changes_at == hall.moment(local_date(hall.at), 19)
    hall.go_to(19.1)
    with pytest.raises(Refused):
        hall.take("A")


def test_staying_open_longer_pressed_twice_is_one_extension(hall):
    hall.until(time(19))
    hall.until(time(19))
    assert len(extended_hours(hall.place, since=local_date(hall.at))) == 1
    assert hall.acts().count("network.extended_hours_set") == 1


def test_it_can_be_made_longer_again_and_only_by_half_hours_that_come_later(hall):
    hall.until(time(19))
    hall.until(time(19, 30))
    assert hours_page(hall.manager, hall.place, at=hall.at).closes == time(19, 30)
    for wrong in (time(18), time(19, 45)):
        with pytest.raises(Refused) as refused:
            hall.until(wrong)
        assert codes(refused) == ["NOT_LATER"]


def test_a_day_without_hours_is_extended_by_arranging_it_not_by_staying_open(hall):
    hall.go_to(10, days=5)  # Sunday
    with pytest.raises(Refused) as refused:
        hall.until(time(19))
    assert codes(refused) == ["NOT_OPEN_TODAY"]
    hall.extend(span=Span(time(9), time(12)))
    assert hall.take("A").number == "A001"


def test_until_the_last_one_closes_no_window_that_people_still_wait_for(hall):
    hall.open()
    hall.open(hall.demo.actor("zhoujie"), "2")
    hall.take("A")
    hall.last()
    close_desk(actor=hall.demo.actor("zhoujie"), at=hall.at)  # another one serves them
    with pytest.raises(Refused) as refused:
        close_desk(actor=hall.clerk, at=hall.at)
    assert codes(refused) == ["QUEUE_LEFT_ALONE"]
    hall.serve()
    close_desk(actor=hall.clerk, at=hall.at)


def test_a_hall_that_serves_to_the_last_one_gives_no_numbers_after_closing_but_calls_those_it_gave(hall):
    hall.open()
    hall.go_to(17.9)
    taken = hall.take("A")
    hall.last()
    hall.go_to(18.2)
    with pytest.raises(Refused) as refused:
        hall.take("A")
    assert "已取号的人都会办完" in refused.value.reasons[0].words.zh
    assert hall.now().until_last
    assert not hall.now().open
    called = hall.call()
    assert called is not None
    assert called.number == taken.number


def test_pressed_before_the_hall_opens_it_says_when_it_opens_and_not_that_numbers_are_over(hall):
    hall.go_to(7.5)
    hall.last()
    with pytest.raises(Refused) as refused:
        hall.take("A")
    assert "09:00" in refused.value.reasons[0].words.zh
    assert "已取号的人都会办完" not in refused.value.reasons[0].words.zh
    assert not hall.now().stopped
    hall.go_to(18.2)
    assert hall.now().stopped


def test_until_the_last_one_is_pressed_once_and_taken_back_once(hall):
    hall.last()
    hall.last()
    assert hall.acts().count("serve-until-last") == 1
    hall.last(on=False)
    assert not hall.now().until_last
    assert HallDay.objects.get(place=hall.place, day=local_date(hall.at)).until_last_at is None
    hall.go_to(10, days=1)
    assert not hall.now().until_last


# ── arranged days ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_extended_hours_are_for_the_queues_that_were_named(hall):
    hall.extend(queues=[hall.queues["B"]], windows=["2", "3"])
    hall.go_to(18.5)
    assert hall.take("B").number == "B001"
    with pytest.raises(Refused) as refused:
        hall.take("A")
    assert codes(refused) == ["NOT_EXTENDED"]
    assert "B 出件" in refused.value.reasons[0].words.zh
    shut = {row.letter: row.shut for row in queues_of(hall.place, at=hall.at)}
    assert shut == {"A": True, "B": False}
    assert hall.now().windows == ("2", "3")
    assert [letter for letter, _ in hall.now().only] == ["B"]
    assert halls_now([hall.place], at=hall.at)[hall.place].shut
    assert not halls_now([hall.place], item="shebao-chaxun", at=hall.at)[hall.place].shut


def test_in_its_ordinary_hours_a_hall_serves_everything_whatever_its_extended_ones_are_for(hall):
    hall.extend(queues=[hall.queues["B"]], span=Span(time(17), time(20)))
    assert hall.take("A").number == "A001"
    assert not any(row.shut for row in queues_of(hall.place, at=hall.at))
    assert not hall.now().extended


def test_weekdays_repeat_until_they_are_ended_and_the_past_keeps_its_hours(hall):
    hours = hall.extend(None, weekdays=[1])  # Tuesdays
    tuesday = local_date(hall.at)
    assert hall.open_at(18.5)
    assert not hall.open_at(18.5, days=1)
    assert hall.open_at(18.5, days=7)
    hall.go_to(19)
    end_extended(actor=hall.manager, place=hall.place, hours=hours, at=hall.at)
    assert hall.open_at(19.5)  # today still
    assert not network.is_open(hall.place, hall.moment(tuesday + timedelta(days=7), 18.5))


def test_what_never_held_is_taken_back_and_ending_it_again_changes_nothing(hall):
    hours = hall.extend()
    for _ in range(2):
        end_extended(actor=hall.manager, place=hall.place, hours=hours, at=hall.at)
    assert not hall.open_at(18.5)
    assert hall.acts().count("network.extended_hours_ended") == 1
    assert hall.extend() != hours  # and it may be arranged anew


def test_the_same_hours_again_are_the_same_ones_and_change_what_is_served(hall):
    first = hall.extend(queues=[hall.queues["A"]])
    assert hall.extend(queues=[hall.queues["B"]]) == first
    assert ExtendedService.objects.get(hours=first).queues == [hall.queues["B"]]


def test_every_fault_of_extended_hours_is_said_at_once(hall):
    wrong = Span(time(20), time(18))
    with pytest.raises(Refused) as refused:
        hall.extend(-1, span=wrong, queues=[hall.place], windows=["999"], reason=W("", ""), weekdays=[9])
    assert set(codes(refused)) == {
        "HOURS_BACKWARDS", "ENDS_BEFORE_START", "NO_QUEUE", "WINDOW_UNKNOWN", "REASON_MISSING", "WEEKDAY_UNKNOWN",
    }  # fmt: skip


def test_a_closed_day_is_not_extended_by_anything(hall):
    today = local_date(hall.at)
    given = {"actor": hall.manager, "place": hall.place, "at": hall.at}
    network_commands.set_special_day(**given, day=today, spans=(), reason=W("检修", "Repairs"))
    with pytest.raises(Refused) as refused:
        hall.extend()
    assert codes(refused) == ["DAY_CLOSED"]
    hall.extend(None)
    assert not hall.open_at(18.5)
    assert hall.open_at(18.5, days=1)


@pytest.mark.parametrize("who", ["lina", "zhaomin", "zhangxiao", "moshengren"])
def test_only_its_manager_extends_a_hall(hall, who):
    for act in (lambda: hall.extend(actor=hall.demo.actor(who)), lambda: end_extended(
        actor=hall.demo.actor(who), place=hall.place, hours=hall.place, at=hall.at
    ), lambda: open_longer(actor=hall.demo.actor(who), place=hall.place, until=time(19), at=hall.at),
        lambda: serve_until_last(actor=hall.demo.actor(who), place=hall.place, at=hall.at),
        lambda: hours_page(hall.demo.actor(who), hall.place, at=hall.at)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.kind == "forbidden"


def test_hours_of_another_hall_are_none_of_this_one(hall):
    hours = hall.extend()
    elsewhere = hall.demo.actor("zhaomin").place
    assert network.find_extended(elsewhere, hours) is None
    with pytest.raises(NotFound):
        end_extended(actor=hall.manager, place=hall.place, hours=hall.place, at=hall.at)


# ── what follows ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_published_appointments_follow_extended_hours_for_their_queues_and_windows(demo):
    hall = Longer.open_to(demo)
    tomorrow = local_date(hall.at) + timedelta(days=1)
    evening = Slot.objects.filter(day=tomorrow, starts_at__gte=hall.moment(tomorrow, 18))
    given = {"first": tomorrow, "last": tomorrow}
    hall.extend(queues=[hall.queues["B"]], **given)
    assert not evening.exists()
    hall.extend(queues=[hall.queues["A"]], windows=["1", "2", "3"], **given)
    rows = list(evening.order_by("starts_at"))
    assert [row.kind for row in rows] == [BookingKind.HALL.value] * 4  # nobody goes out in the evening for it
    assert {row.capacity for row in rows} == {
        3 * 30 * 60 // (PLAN.minutes * 100)
    }  # three windows, forty of a hundred kept
    assert Slot.objects.filter(day=tomorrow + timedelta(days=1)).exists()


def test_who_has_an_appointment_in_hours_that_are_ended_is_told_why(demo):
    hall = Longer.open_to(demo)
    tomorrow = local_date(hall.at) + timedelta(days=1)
    hours = hall.extend(first=tomorrow, last=tomorrow)
    late, usual = hall.book(slot=hall.slot(1, 18)), hall.book("maimaiti", slot=hall.slot(1, 10))
    end = {"actor": hall.manager, "place": hall.place, "hours": hours, "at": hall.at}
    with pytest.raises(Refused) as refused:
        end_extended(**end)
    assert codes(refused) == ["REASON_MISSING"]
    assert hall.slot(1, 18).planned > 0  # nothing of it was done
    assert end_extended(**end, reason="当晚停电") == 1
    assert (hall.state(late), hall.state(usual)) == ("CANCELLED", "BOOKED")
    assert hall.slot(1, 18).planned == 0
    assert end_extended(**end) == 0


def test_the_night_publishes_extended_hours_too(demo):
    hall = Longer.open_to(demo, days=1)
    hall.extend(None, weekdays=[])
    publish_ahead(at=hall.at)
    day = local_date(hall.at) + timedelta(days=2)
    assert Slot.objects.filter(queue=hall.queues["A"], starts_at=hall.moment(day, 18)).exists()


def test_a_day_that_takes_no_appointments_is_not_opened_by_extending_it(demo):
    hall = Longer.open_to(demo)
    tomorrow = local_date(hall.at) + timedelta(days=1)
    Slot.objects.filter(day=tomorrow).update(planned=0)
    hall.extend(first=tomorrow, last=tomorrow)
    assert not Slot.objects.filter(day=tomorrow, planned__gt=0).exists()


def test_a_queue_is_served_in_the_ordinary_hours_and_in_those_that_are_for_it(hall):
    hall.extend(queues=[hall.queues["B"]])
    today = local_date(hall.at)
    since, until = (datetime.combine(today, clock, SHANGHAI) for clock in (time.min, time(23, 59)))
    ends = {letter: stretches_of(hall.place, id, since, until)[-1][1] for letter, id in hall.queues.items()}
    assert ends == {"A": hall.moment(today, 18), "B": hall.moment(today, 20)}


def test_no_term_is_counted_by_extended_hours(demo):
    """The hall's calendar is not the legal one: domain.md §6."""
    zhang = demo.actor("zhangxiao")
    due = Case.objects.get(number=demo.file(zhang).number).due_at
    hall = Longer.of(demo)
    today = local_date(hall.at)
    hall.extend(None, weekdays=[5, 6], span=Span(time(9), time(18)))
    hall.extend(None, weekdays=[])
    assert Case.objects.get(number=demo.file(zhang).number).due_at == due
    since, until = hall.moment(today, 9), hall.moment(today, 23)
    assert network.open_stretches(hall.place, since, until, longer=False)[-1][1] == hall.moment(today, 18)
    assert not network.working_calendar().is_working(today + timedelta(days=4))
