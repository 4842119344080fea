"""A promise that soon falls due is brought to mind: two working days before, once, in the hours when people are awake."""

from datetime import timedelta

import pytest

from yichuang.cases.commands.accept import accept_with_gaps
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.remind import remind_promise
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.jobs import watch_promises
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.notices.queries import list_outbox


@pytest.fixture
def promised(demo):
    """A case of Tuesday with a paper promised for Friday, and one for the Monday after."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=("owner_id", "immunity_certificate"))
    clerk = demo.actor("lina")
    head = accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    return receipt, head


def reminders(at=None):
    """What was said, after the job of that moment ran."""
    if at is not None:
        with fixed(at):
            watch_promises()
            run_waiting()
    return [row.body for row in reversed(list_outbox().items) if row.template == "promise_due"]


def test_each_day_is_told_once_two_working_days_before_it(demo, promised):
    assert reminders(demo.at) == []
    [friday] = reminders(demo.at + timedelta(days=1))
    assert "11月27日" in friday
    assert "尚缺 1 项" in friday
    assert reminders(demo.at + timedelta(days=1, hours=1)) == [friday]
    _, monday = reminders(demo.at + timedelta(days=2))
    assert "11月30日" in monday
    assert len(reminders(demo.at + timedelta(days=3))) == 2


def test_who_has_brought_the_paper_or_ended_the_case_is_not_written_to(demo, promised):
    receipt, head = promised
    zhang = demo.actor("zhangxiao")
    photo = demo.upload(zhang)
    head = supplement_case(
        actor=zhang, number=receipt.number, version=head.version, materials={"dog_photos": [photo]}, at=demo.at
    )
    assert reminders(demo.at + timedelta(days=1)) == []
    withdraw_case(actor=zhang, number=receipt.number, version=head.version, reason="", at=demo.at)
    assert reminders(demo.at + timedelta(days=2)) == []
    assert remind_promise(case=receipt.case_id, at=demo.at + timedelta(days=2)) == 0
