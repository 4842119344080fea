"""The learned forecast of a queue: what it knows, and when it says that it knows nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.insight.months import QUEUE, months

from yichuang.insight.rules.line import ENOUGH, from_json, learn, seen_by, to_json
from yichuang.visits.values import LineSeen, TicketClass

TODAY = months()[-1].day + timedelta(days=1)
TEN = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)  # ten in the morning of a Tuesday in the hall
NOON = TEN + timedelta(hours=1, minutes=50)


def seen(ahead: int = 6, desks: int = 2, at: datetime = TEN, **more: Any) -> LineSeen:
    given = {"mix": {"shebao-chaxun": ahead}, "taken": desks, **more}
    return LineSeen(QUEUE, at, ahead, desks, **given)


def test_too_little_history_teaches_nothing() -> None:
    rows = months()
    early = [row for row in rows if row.day <= rows[0].day + timedelta(days=8)]
    assert learn(early, TODAY) is None  # eight days
    assert learn(rows[:: len(rows) // ENOUGH + 1], TODAY) is None  # enough days, too few numbers
    assert learn([], TODAY) is None
    assert learn(rows, TODAY) is not None


def test_who_waits_behind_long_errands_waits_longer() -> None:
    model = learn(months(), TODAY)
    assert model is not None
    short, long = model.wait(seen()), model.wait(seen(mix={"getihu-sheli": 6}))
    assert short is not None
    assert long is not None
    assert long.likely > short.likely * 1.5
    assert short.learned
    assert short.least <= short.likely <= short.most


def test_more_ahead_wait_longer_and_more_windows_shorter() -> None:
    model = learn(months(), TODAY)
    assert model is not None
    likely = [wait.likely for n in (0, 3, 8, 20) if (wait := model.wait(seen(n))) is not None]
    assert likely == sorted(likely)
    one, two = model.wait(seen(desks=1)), model.wait(seen(desks=2))
    assert one is not None
    assert two is not None
    assert one.likely > two.likely
    assert model.wait(seen(desks=0)) is None  # no window: nobody can know


def test_before_noon_it_knows_that_a_window_shuts() -> None:
    model = learn(months(), TODAY)
    assert model is not None
    assert model.base(seen(8, at=NOON)) > model.base(seen(8)) * 1.1


def test_what_changed_lately_counts_most() -> None:
    rows = months()
    middle = rows[len(rows) * 2 // 3].day
    slower = [
        replace(row, waited=row.waited * 2, served=(row.served or 0) * 2)
        if row.day > middle and row.waited is not None
        else row
        for row in rows
    ]
    before, after = learn(rows, TODAY), learn(slower, TODAY)
    assert before is not None
    assert after is not None
    then, now = before.wait(seen()), after.wait(seen())
    assert then is not None
    assert now is not None
    assert now.likely > then.likely * 1.3


def test_what_is_kept_is_what_was_learned() -> None:
    model = learn(months(), TODAY)
    assert model is not None
    assert from_json(to_json(model)) == model
    row = months()[100]
    assert from_json(to_json(model)).wait(seen_by(row)) == model.wait(seen_by(row))


def test_a_class_with_enough_numbers_has_its_own_quantiles() -> None:
    rows = [
        replace(row, of=TicketClass.BOOKED, waited=1.0) if n % 3 == 0 and row.waited else row
        for n, row in enumerate(months())
    ]
    model = learn(rows, TODAY)
    assert model is not None
    booked, other = model.wait(seen(of=TicketClass.BOOKED)), model.wait(seen())
    assert booked is not None
    assert other is not None
    assert booked.likely < other.likely
