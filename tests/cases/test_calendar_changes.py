"""A day is declared a holiday while cases run: their due days, tasks and lights follow."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yichuang.cases import queries
from yichuang.cases.commands import rederive
from yichuang.cases.commands.accept import accept_case, accept_with_gaps
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.promise import offer_promise
from yichuang.cases.models import Case, Material
from yichuang.cases.pages import WorkFilters
from yichuang.cases.values import Light
from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.core.words import W
from yichuang.engine.queries import tasks_of
from yichuang.network.commands import set_calendar_day

TYPHOON = W("台风停工", "Typhoon")


def declare(demo, day, *, working=False):
    with fixed(demo.at):
        set_calendar_day(actor=demo.actor("shilei"), day=day, working=working, name=TYPHOON, at=demo.at)
        run_waiting()


def test_an_emergency_holiday_moves_what_is_due_behind_it(demo):
    zhang, li, wang = demo.actor("zhangxiao"), demo.actor("lina"), demo.actor("wangqiang")
    waiting, running, told = (demo.file(zhang) for _ in range(3))
    accept_case(actor=li, number=running.number, version=1, findings={}, at=demo.at)
    late = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

    def due_day(receipt):
        page = queries.get_case_for(zhang, receipt.number, at=demo.at)
        clock = queries.clock_of(zhang, receipt.number, at=demo.at)
        assert page.due_at == next(d.due for d in clock.deadlines if d.name.zh in {"答复期限", "承诺办结时限"})
        return (page.due_at - timedelta(microseconds=1)).date()

    def light():
        page = queries.list_work(wang, filters=WorkFilters(), at=late)
        return next(row.light for row in page.items if row.number == running.number)

    assert (due_day(waiting), due_day(running), light()) == (date(2026, 12, 1), date(2026, 12, 1), Light.RED)
    declare(demo, date(2026, 11, 26))
    assert (due_day(waiting), due_day(running), light()) == (date(2026, 12, 2), date(2026, 12, 2), Light.YELLOW)
    case = Case.objects.get(id=running.case_id)
    assert {task.due_at for task in tasks_of(("case", case.id)) if task.state == "open"} == {case.due_at}
    declare(demo, date(2026, 11, 26), working=None)
    assert (due_day(waiting), due_day(running)) == (date(2026, 12, 1), date(2026, 12, 1))
    version = Case.objects.get(id=told.case_id).version
    assert version == 1, "nobody acted on it"


def test_a_promised_day_on_which_nobody_works_becomes_the_next_one(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "property_certificate", "immunity_certificate"))
    accept_with_gaps(actor=li, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    photos = Material.objects.get(case=receipt.case_id, code="dog_photos")
    assert photos.due_date == date(2026, 11, 27)
    declare(demo, date(2026, 11, 27))
    photos.refresh_from_db()
    assert photos.due_date == date(2026, 11, 30)


def test_a_case_that_waits_for_corrections_has_no_due_day_and_gets_none(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("property_certificate",))
    notify_gaps(actor=li, number=receipt.number, version=1, findings={}, at=demo.at)
    assert queries.get_case_for(zhang, receipt.number, at=demo.at).due_at is None
    declare(demo, date(2026, 11, 26))
    assert queries.get_case_for(zhang, receipt.number, at=demo.at).due_at is None


def test_many_cases_are_done_batch_by_batch(demo, monkeypatch):
    monkeypatch.setattr(rederive, "BATCH", 2)
    zhang = demo.actor("zhangxiao")
    receipts = [demo.file(zhang) for _ in range(3)]
    declare(demo, date(2026, 11, 26))
    dues = Case.objects.filter(id__in=[r.case_id for r in receipts]).values_list("due_at", flat=True)
    assert {due.date() for due in dues} == {date(2026, 12, 2)}


@pytest.mark.parametrize("day", [date(2026, 12, 7)])
def test_a_day_behind_every_due_day_changes_nothing(demo, day):
    receipt = demo.file(demo.actor("zhangxiao"))
    before = Case.objects.get(id=receipt.case_id).due_at
    declare(demo, day)
    assert Case.objects.get(id=receipt.case_id).due_at == before


def test_an_offered_promise_may_be_signed_until_the_day_before_the_new_answer_day(demo, settings, tmp_path):
    settings.YICHUANG_DATA = tmp_path
    receipt = demo.file(demo.actor("zhangxiao"), materials=("owner_id", "immunity_certificate"))
    offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    before = Case.objects.get(id=receipt.case_id).promise_until
    declare(demo, date(2026, 11, 30))
    assert Case.objects.get(id=receipt.case_id).promise_until == before + timedelta(days=1)
    ledger.sequence(at=demo.at)
    note = ledger.checkpoint(at=demo.at).note
    assert ledger.verify_ledger([note]) == [], "the record vouches for the new day"
