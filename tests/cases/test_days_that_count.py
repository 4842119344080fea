"""Days that the model test found miscounted: each is a right of the applicant, or a duty that ends."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.demo import Demo

from yichuang.cases import jobs, queries
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps, deem_accepted
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import terminate_case, withdraw_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.models import Case
from yichuang.cases.states import State
from yichuang.cases.values import Light, RefusalKind
from yichuang.core import actors, clock
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Conflict
from yichuang.notices.queries import list_outbox

ANSWER, DELIVERY = "答复期限", "颁证送达期限"
ALL_BUT_PHOTOS = ("owner_id", "property_certificate", "immunity_certificate")
ALL_BUT_ID = ("property_certificate", "immunity_certificate", "dog_photos")


def deadlines(number: str, at: datetime) -> dict[str, Any]:
    return {d.name.zh: d for d in queries.clock_of(actors.SYSTEM, number, at=at).deadlines}


def told(demo: Demo) -> tuple[Any, Any]:
    """A filing without the identity card, and the notice that asks for it."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=ALL_BUT_ID)
    head = notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt, head


def bring(demo: Demo, head: Any, code: str, at: datetime) -> Any:
    zhang = demo.actor("zhangxiao")
    return supplement_case(
        actor=zhang, number=head.number, version=head.version, materials={code: [demo.upload(zhang)]}, at=at
    )


def test_after_five_silent_days_nobody_answers_as_if_it_were_still_open(demo: Demo) -> None:
    receipt = demo.file(demo.actor("zhangxiao"))
    after = demo.at + timedelta(days=8)
    of: dict[str, Any] = {"actor": demo.actor("lina"), "number": receipt.number, "version": 1, "at": after}
    faulty = {"dog_photos": MaterialFinding("faulty", "模糊")}
    for answer in (
        lambda: accept_case(**of, findings={}),
        lambda: accept_with_gaps(**of, findings=faulty, promise_signed=True),
        lambda: notify_gaps(**of, findings=faulty),
        lambda: refuse_case(**of, kind=RefusalKind.NOT_ACCEPTED, reason="不符合条件"),
    ):
        with pytest.raises(Conflict) as conflict:
            answer()
        assert conflict.value.reasons[0].code == "DEEMED_ACCEPTED"
    assert deem_accepted(case=receipt.case_id, at=after).state is State.IN_REVIEW
    case = Case.objects.get(id=receipt.case_id)
    assert (case.accepted_as, case.accepted_date) == ("deemed", date(2026, 11, 24))
    assert deadlines(receipt.number, after)[ANSWER].met is False


def test_a_demand_that_the_first_notice_did_not_name_never_moves_the_day_of_acceptance(demo: Demo) -> None:
    _, head = told(demo)
    head = bring(demo, head, "owner_id", demo.at + timedelta(days=1))
    late = demo.at + timedelta(days=2)
    head = notify_gaps(
        actor=demo.actor("huanghai"),
        number=head.number,
        version=head.version,
        findings={"dog_photos": MaterialFinding("faulty", "模糊")},
        supervisor_reason="首次遗漏",
        at=late,
    )
    late += timedelta(days=1)
    head = bring(demo, head, "dog_photos", late)
    assert head.state is State.SUBMITTED
    accept_case(actor=demo.actor("lina"), number=head.number, version=head.version, findings={}, at=late)
    assert Case.objects.get(number=head.number).accepted_date == date(2026, 11, 25)


def test_what_is_promised_comes_within_the_limit_that_runs_from_the_correction(demo: Demo) -> None:
    _, head = told(demo)
    head = bring(demo, head, "owner_id", demo.at)
    monday = demo.at + timedelta(days=6)  # 11-30: the fourth of five working days
    blurred = {"property_certificate": MaterialFinding("faulty", "模糊")}
    accept_with_gaps(
        actor=demo.actor("lina"),
        number=head.number,
        version=head.version,
        findings=blurred,
        promise_signed=True,
        at=monday,
    )
    case = Case.objects.get(number=head.number)
    assert case.materials.get(code="property_certificate").due_date == date(2026, 12, 1)


def test_while_corrections_are_awaited_no_limit_runs_and_the_notice_was_the_answer(demo: Demo) -> None:
    _, head = told(demo)
    weeks = demo.at + timedelta(days=30)
    assert Case.objects.get(number=head.number).due_at is None
    answer = deadlines(head.number, weeks)[ANSWER]
    assert (answer.light, answer.met) == (Light.DONE, True)


@pytest.mark.parametrize("who", ["zhangxiao", "lina"])
def test_no_clock_runs_after_the_end(demo: Demo, who: str) -> None:
    receipt = demo.file(demo.actor("zhangxiao"))
    end = withdraw_case if who == "zhangxiao" else terminate_case
    end(actor=demo.actor(who), number=receipt.number, version=1, reason="不办了", at=demo.at)
    answer = deadlines(receipt.number, demo.at + timedelta(days=30))[ANSWER]
    assert (answer.light, answer.met, answer.half_days_left) == (Light.DONE, None, None)


def test_the_ten_days_to_deliver_run_from_the_service_of_a_prepared_approval(demo: Demo) -> None:
    receipt = demo.file(demo.actor("zhangxiao"), materials=ALL_BUT_PHOTOS)
    of: dict[str, Any] = {"number": receipt.number, "at": demo.at}
    head = accept_with_gaps(actor=demo.actor("lina"), version=1, findings={}, promise_signed=True, **of)
    chief = demo.actor("chengang")
    head = decide_case(actor=chief, version=head.version, outcome="grant", reasons="", **of)
    assert DELIVERY not in deadlines(receipt.number, demo.at)
    bring(demo, head, "dog_photos", demo.at + timedelta(days=2))
    assert deadlines(receipt.number, demo.at)[DELIVERY].due_date == date(2026, 12, 10)


def test_nothing_is_to_be_delivered_after_a_denial(demo: Demo) -> None:
    receipt = demo.file(demo.actor("zhangxiao"))
    of: dict[str, Any] = {"number": receipt.number, "at": demo.at}
    head = accept_case(actor=demo.actor("lina"), version=1, findings={}, **of)
    decide_case(
        actor=demo.actor("chengang"),
        version=head.version,
        outcome="deny",
        reasons="超过每户限养数量",
        basis=["L2"],
        **of,
    )
    assert DELIVERY not in deadlines(receipt.number, demo.at)


def test_ended_cases_never_fill_the_batch_of_the_watch(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers stay as they were when a case ends; looked at again each minute, 500 of them would hide all others."""
    monkeypatch.setattr(jobs, "BATCH", 1)
    li, chip = demo.actor("lina"), demo.example("yangquan-dengji").form["dog"]
    receipts = []
    for nth in (1, 2):
        form = {"dog": {**chip, "chip": f"99900000000008{nth}"}}
        receipt = demo.file(demo.actor("zhangxiao"), form=form, materials=ALL_BUT_PHOTOS)
        head = accept_with_gaps(
            actor=li, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at
        )
        receipts.append((receipt, head))
    first, head = receipts[0]
    withdraw_case(actor=demo.actor("zhangxiao"), number=first.number, version=head.version, reason="", at=demo.at)
    with clock.fixed(demo.at + timedelta(days=10)):
        jobs.watch_clocks()
        run_waiting()
    assert Case.objects.get(id=receipts[1][0].case_id).state == "TERMINATED"


def test_the_last_day_is_the_same_in_the_message_by_the_query_code_and_on_the_page(demo):
    """The limit ends at 24:00 of 1 December: no message says the 2nd, when it is over."""
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    told = next(row.body for row in list_outbox().items if row.template == "case_accepted")
    assert "最迟 2026年12月1日（周二）" in told
    assert queries.find_by_query_code(receipt.number, receipt.query_code, at=demo.at).due_date == date(2026, 12, 1)
    assert "2026年12月1日前" in queries.get_case_for(zhang, receipt.number, at=demo.at).sentence.zh
