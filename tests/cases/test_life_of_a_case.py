"""The life of a case through the real commands, with the demo's people and items."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps, deem_accepted
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import lapse_promise, terminate_case, withdraw_case
from yichuang.cases.commands.extend import ask_extension
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.commands.supplement import make_supply_link, supplement_case
from yichuang.cases.states import State
from yichuang.cases.values import DocumentKind, Light, RefusalKind
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.engine.queries import tasks_of
from yichuang.notices.queries import list_inbox
from yichuang.people.commands import choose_language
from yichuang.people.queries import account_of

DOG = "yangquan-dengji"


def kinds(actor, number):
    return [row.kind for row in queries.documents(actor, number)]


def review_all(demo, case_id, version, *people):
    """Every review task, claimed and agreed by the one whose post it is."""
    for name in people:
        actor = demo.actor(name)
        for task in tasks_of(("case", case_id)):
            if task.state == "open" and task.act == "review" and task.post in actor.posts:
                head = claim_review(actor=actor, task=task.id, version=version, at=demo.at)
                head = complete_review(
                    actor=actor, task=task.id, version=head.version, outcome="agree", opinion="同意", at=demo.at
                )
                version = head.version
    return version


def accepted(demo, **filing):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, **filing)
    head = accept_case(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    return receipt, head


def test_from_filing_to_a_certificate(demo):
    zhang, lin = demo.actor("zhangxiao"), demo.actor("linfang")
    receipt, head = accepted(demo)
    assert head.state is State.IN_REVIEW
    version = review_all(demo, receipt.case_id, head.version, "wangqiang")
    head = decide_case(actor=lin, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    assert head.state in {State.GRANTED, State.READY}
    page = queries.get_case_for(zhang, receipt.number, at=demo.at)
    assert page.decision.outcome == "grant"
    assert DocumentKind.GRANT in kinds(zhang, receipt.number)
    assert [row.act for row in page.timeline][:2] == ["file", "accept"]


def test_the_due_day_is_derived_with_the_calendar_and_shown_to_citizen_and_staff_alike(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt, _ = accepted(demo)
    mine = queries.clock_of(zhang, receipt.number, at=demo.at)
    assert mine == queries.clock_of(li, receipt.number, at=demo.at)
    promise = next(d for d in mine.deadlines if d.name.zh == "承诺办结时限")
    assert promise.due_date == date(2026, 12, 1)


def test_an_incomplete_filing_cannot_simply_be_accepted_and_every_gap_is_named(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("property_certificate",))
    with pytest.raises(Refused) as refused:
        accept_case(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    fields = {reason.field for reason in refused.value.reasons}
    assert {"/materials/owner_id", "/materials/immunity_certificate", "/materials/dog_photos"} <= fields


def test_one_notice_then_corrections_set_the_day_of_acceptance(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("property_certificate", "immunity_certificate", "dog_photos"))
    head = notify_gaps(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    assert head.state is State.CORRECTING
    page = queries.get_case_for(zhang, receipt.number, at=demo.at)
    assert [item.material for item in page.asked] == ["owner_id"]
    later = demo.at + timedelta(days=2)
    head = supplement_case(
        actor=zhang, number=receipt.number, version=head.version, materials={"owner_id": [demo.upload(zhang)]}, at=later
    )
    assert head.state is State.SUBMITTED
    much_later = later + timedelta(days=5)
    accept_case(actor=li, number=receipt.number, version=head.version, findings={}, at=much_later)
    clock = queries.clock_of(zhang, receipt.number, at=much_later)
    promise = next(d for d in clock.deadlines if d.name.zh == "承诺办结时限")
    assert promise.steps[0].day == date(2026, 11, 26)


def one_photo(demo):
    """A dog's case with one photograph of the two that are asked for."""
    zhang = demo.actor("zhangxiao")
    files = {code: [demo.upload(zhang)] for code in demo.example("yangquan-dengji").materials}
    files["dog_photos"] = [demo.upload(zhang, pages=1)]
    return demo.file(zhang, uploads=files)


def test_too_few_pages_are_told_with_the_gaps_and_more_of_them_are_enough(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = one_photo(demo)
    with pytest.raises(Refused) as refused:
        accept_case(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    (reason,) = refused.value.reasons
    assert (reason.field, "只有 1 页（张），应有 2 页（张）以上" in reason.words.zh) == ("/materials/dog_photos", True)
    assert queries.promise_offer(li, receipt.number, states={"dog_photos": "provided"}, at=demo.at).gaps
    assert not queries.promise_offer(li, receipt.number, states={"dog_photos": "checked"}, at=demo.at).gaps
    head = notify_gaps(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    second = {"dog_photos": [demo.upload(zhang, pages=1)]}
    head = supplement_case(
        actor=zhang, number=receipt.number, version=head.version, materials=second, at=demo.at + timedelta(hours=1)
    )
    later = demo.at + timedelta(hours=2)
    assert accept_case(actor=li, number=receipt.number, version=head.version, findings={}, at=later).version


def test_what_a_clerk_found_fine_may_have_fewer_pages(demo):
    receipt = one_photo(demo)
    fine = {"dog_photos": MaterialFinding("checked", "")}
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=receipt.version, findings=fine, at=demo.at)


def test_a_second_notice_cannot_ask_for_something_new_without_a_supervisor(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("property_certificate", "immunity_certificate", "dog_photos"))
    head = notify_gaps(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    faulty = {"dog_photos": MaterialFinding("faulty", "照片模糊，请重拍正面")}
    with pytest.raises(Refused) as refused:
        notify_gaps(actor=li, number=receipt.number, version=head.version, findings=faulty, at=demo.at)
    assert refused.value.reasons[0].code == "NEW_DEMAND"
    huang = demo.actor("huanghai")
    head = notify_gaps(
        actor=huang,
        number=receipt.number,
        version=head.version,
        findings=faulty,
        supervisor_reason="首次遗漏",
        at=demo.at,
    )
    page = queries.get_case_for(zhang, receipt.number, at=demo.at)
    assert page.notices[-1].new_demands == ("dog_photos",)
    assert page.notices[-1].supervisor_reason == "首次遗漏"


def tolerated(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "property_certificate", "immunity_certificate"))
    head = accept_with_gaps(
        actor=li, number=receipt.number, version=receipt.version, findings={}, promise_signed=True, at=demo.at
    )
    return receipt, head


def test_a_promised_paper_keeps_the_approval_prepared_until_it_comes(demo):
    zhang, lin = demo.actor("zhangxiao"), demo.actor("linfang")
    receipt, head = tolerated(demo)
    assert {DocumentKind.PROMISE, DocumentKind.GAP_ACCEPTANCE} <= set(kinds(zhang, receipt.number))
    version = review_all(demo, receipt.case_id, head.version, "wangqiang")
    head = decide_case(actor=lin, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    assert head.state is State.PREPARED
    page = queries.get_case_for(zhang, receipt.number, at=demo.at)
    assert page.decision is None, "an unserved decision is not shown to the applicant"
    assert DocumentKind.GRANT not in kinds(zhang, receipt.number)
    head = supplement_case(
        actor=zhang,
        number=receipt.number,
        version=head.version,
        materials={"dog_photos": [demo.upload(zhang)]},
        at=demo.at,
    )
    assert head.state in {State.GRANTED, State.READY}
    assert queries.releasable(receipt.case_id) == ()


def test_a_promise_not_kept_ends_the_case_and_bars_only_the_next_promise(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt, _ = tolerated(demo)
    assert lapse_promise(case=receipt.case_id, at=demo.at + timedelta(days=1)) is None
    head = lapse_promise(case=receipt.case_id, at=demo.at + timedelta(days=30))
    assert head.state is State.TERMINATED
    assert DocumentKind.LAPSE in kinds(zhang, receipt.number)
    chip = {"dog": {**demo.example(DOG).form["dog"], "chip": "999000000000077"}}
    again = demo.file(zhang, form=chip, materials=("owner_id", "property_certificate", "immunity_certificate"))
    with pytest.raises(Refused) as refused:
        accept_with_gaps(
            actor=li, number=again.number, version=again.version, findings={}, promise_signed=True, at=demo.at
        )
    assert any("失信" in reason.words.zh for reason in refused.value.reasons)
    complete = demo.file(zhang, form=chip)
    assert accept_case(actor=li, number=complete.number, version=1, findings={}, at=demo.at).state is State.IN_REVIEW


def test_two_clerks_exactly_one_wins_and_the_other_sees_who_and_when(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang)
    accept_case(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    with pytest.raises(Conflict) as conflict:
        notify_gaps(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    assert conflict.value.change.who
    assert conflict.value.change.at == demo.at


@pytest.mark.parametrize("name", ["zhaomin", "moshengren", "sunli"])
def test_others_do_not_find_the_case(demo, name):
    receipt = demo.file(demo.actor("zhangxiao"))
    with pytest.raises(NotFound):
        queries.get_case_for(demo.actor(name), receipt.number, at=demo.at)
    with pytest.raises(NotFound):
        accept_case(actor=demo.actor(name), number=receipt.number, version=1, findings={}, at=demo.at)


def test_the_applicant_cannot_accept_their_own_case(demo):
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    with pytest.raises(Refused) as refused:
        accept_case(actor=zhang, number=receipt.number, version=1, findings={}, at=demo.at)
    assert refused.value.kind == "forbidden"


def test_public_progress_needs_number_and_query_code(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    found = queries.find_by_query_code(receipt.number.lower(), receipt.query_code.lower(), at=demo.at)
    assert found.state is State.SUBMITTED
    with pytest.raises(NotFound):
        queries.find_by_query_code(receipt.number, "AAAAAAAA", at=demo.at)


def test_a_special_procedure_stops_the_clock_and_an_extension_is_given_once(demo):
    wang = demo.actor("wangqiang")
    receipt, head = accepted(demo)
    with pytest.raises(Refused):
        suspend_case(
            actor=wang, number=receipt.number, version=head.version, ground="lunch", days=0, reason="", at=demo.at
        )
    head = suspend_case(
        actor=wang, number=receipt.number, version=head.version, ground="testing", days=3, reason="送检", at=demo.at
    )
    page = queries.get_case_for(wang, receipt.number, at=demo.at)
    assert (page.state, page.due_at) == (State.SUSPENDED, None)
    later = demo.at + timedelta(days=3)
    head = resume_case(actor=wang, number=receipt.number, version=head.version, at=later)
    clock = queries.clock_of(wang, receipt.number, at=later)
    assert next(d for d in clock.deadlines if d.name.zh == "承诺办结时限").due_date == date(2026, 12, 4)
    head = demo.extended(number=receipt.number, version=head.version, at=later)
    with pytest.raises(Refused) as refused:
        ask_extension(actor=wang, number=receipt.number, version=head.version, days=3, reason="再延", at=later)
    assert refused.value.reasons[0].code == "EXTENDED_ALREADY"


def test_the_legal_limit_is_extended_only_while_it_runs(demo):
    """Dog: promised by 1 December, by law within 10 working days, 8 December. On the 2nd the law's day moves, the promise not."""
    wang = demo.actor("wangqiang")
    receipt, head = accepted(demo)
    more = {"number": receipt.number, "days": 3, "reason": "情况复杂"}
    with pytest.raises(Refused) as refused:
        ask_extension(actor=wang, **more, version=head.version, at=demo.at + timedelta(days=15))
    (reason,) = refused.value.reasons
    assert (reason.code, reason.basis) == ("EXTENSION_TOO_LATE", "《行政许可法》第四十二条")
    assert "12月8日" in reason.words.zh
    assert "12月8日" in queries.clock_of(wang, receipt.number, at=demo.at + timedelta(days=15)).why_no_extension.zh
    later = demo.at + timedelta(days=8)
    assert queries.clock_of(wang, receipt.number, at=later).why_no_extension is None
    demo.extended(**more, version=head.version, at=later)
    clock = queries.clock_of(wang, receipt.number, at=later)
    assert {d.name.zh: d.due_date for d in clock.deadlines if d.name.zh in {"承诺办结时限", "法定办结时限"}} == {
        "承诺办结时限": date(2026, 12, 1),
        "法定办结时限": date(2026, 12, 11),
    }
    page = queries.get_case_for(wang, receipt.number, at=later)
    assert page.light is Light.OVERDUE, "a broken promise stays one"
    assert "一次" in clock.why_no_extension.zh


def test_a_task_goes_back_to_the_post_and_only_its_holder_completes_it(demo):
    wang = demo.actor("wangqiang")
    receipt, head = accepted(demo)
    task = tasks_of(("case", receipt.case_id))[0]
    head = claim_review(actor=wang, task=task.id, version=head.version, at=demo.at)
    head = return_review(actor=wang, task=task.id, version=head.version, note="请他人办理", at=demo.at)
    with pytest.raises(Refused):
        complete_review(actor=wang, task=task.id, version=head.version, outcome="agree", opinion="", at=demo.at)
    with pytest.raises(NotFound):
        claim_review(actor=demo.actor("sunli"), task=task.id, version=head.version, at=demo.at)


def test_departments_that_review_side_by_side_do_not_make_each_other_stale(demo):
    house, people, street = demo.actor("zhengkai"), demo.actor("gaofeng"), demo.actor("zhaomin")
    receipt = demo.file(demo.actor("zhangxiao"), "fangwu-zulin-beian")
    opened = accept_case(
        actor=street, number=receipt.number, version=receipt.version, findings={}, at=demo.at
    ).version  # both have this page open
    mine = {t.post: t.id for t in tasks_of(("case", receipt.case_id))}
    claim_review(actor=people, task=mine["GAFJ.review"], version=opened, at=demo.at)
    head = claim_review(actor=house, task=mine["ZFJS.review"], version=opened, at=demo.at)
    complete_review(
        actor=people, task=mine["GAFJ.review"], version=head.version, outcome="agree", opinion="同意", at=demo.at
    )
    with pytest.raises(Conflict):  # one's own task has moved since: told
        claim_review(actor=house, task=mine["ZFJS.review"], version=opened, at=demo.at)
    complete_review(
        actor=house, task=mine["ZFJS.review"], version=head.version, outcome="agree", opinion="同意", at=demo.at
    )
    assert [t.act for t in tasks_of(("case", receipt.case_id)) if t.state == "open"] == ["decide"]


def test_a_refusal_needs_a_reason_and_names_the_remedies(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang)
    with pytest.raises(Refused) as refused:
        refuse_case(
            actor=li,
            number=receipt.number,
            version=1,
            kind=RefusalKind.NOT_OURS,
            reason=" ",
            where_to_go="",
            at=demo.at,
        )
    assert {r.field for r in refused.value.reasons} == {"/reason", "/where_to_go"}
    head = refuse_case(
        actor=li, number=receipt.number, version=1, kind=RefusalKind.NOT_ACCEPTED, reason="不符合条件", at=demo.at
    )
    document = queries.get_document_values(head.documents[0])
    assert document.values["review_organ"]
    assert document.values["court"]


def test_withdrawing_and_terminating_end_the_case(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang)
    head = withdraw_case(actor=zhang, number=receipt.number, version=1, reason="", at=demo.at)
    assert head.state is State.WITHDRAWN
    with pytest.raises(Conflict):
        withdraw_case(actor=zhang, number=receipt.number, version=head.version, reason="", at=demo.at)
    chip = {"dog": {**demo.example(DOG).form["dog"], "chip": "999000000000078"}}
    other = demo.file(zhang, form=chip)
    assert (
        terminate_case(actor=li, number=other.number, version=1, reason="申请人失联", at=demo.at).state
        is State.TERMINATED
    )


def test_a_link_opens_exactly_the_missing_papers(demo):
    zhang = demo.actor("zhangxiao")
    receipt, _ = tolerated(demo)
    code = make_supply_link(actor=zhang, number=receipt.number, materials=[], at=demo.at)
    scope = queries.supply_scope(code, at=demo.at)
    assert [m.code for m in scope.materials] == ["dog_photos"]
    with pytest.raises(Refused) as refused:
        queries.supply_scope(code, at=demo.at + timedelta(days=8))
    assert refused.value.kind == "gone"
    with pytest.raises(NotFound):
        make_supply_link(actor=demo.actor("moshengren"), number=receipt.number, materials=[], at=demo.at)


def test_silence_of_five_working_days_is_acceptance_for_a_permit_only(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    is_permit = queries.get_case_for(demo.actor("lina"), receipt.number, at=demo.at).is_permit
    late = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
    assert deem_accepted(case=receipt.case_id, at=demo.at + timedelta(days=3)) is None
    head = deem_accepted(case=receipt.case_id, at=late)
    assert (head is not None) == is_permit


def test_the_applicant_is_told_in_the_language_they_now_use_not_in_that_of_the_filing(demo):
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    choose_language(account=account_of(zhang), locale="en")
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    assert {m.template: m.locale for m in list_inbox(zhang.id)} == {"case_accepted": "en", "case_filed": "zh-hans"}


def test_a_denial_needs_the_law_that_it_rests_on_and_its_paper_cites_it(demo):
    chief, number = demo.actor("chengang"), demo.file(demo.actor("zhangxiao")).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    of = {"actor": chief, "number": number, "version": 2, "outcome": "deny", "at": demo.at}
    with pytest.raises(Refused) as caught:
        decide_case(**of, reasons="", basis=["L9"])
    assert [(r.code, r.field) for r in caught.value.reasons] == [
        ("REASON_NEEDED", "/reasons"),
        ("BASIS_UNKNOWN", "/basis"),
    ]
    with pytest.raises(Refused) as caught:
        decide_case(**of, reasons="犬种禁养")
    assert [r.code for r in caught.value.reasons] == ["BASIS_NEEDED"]
    decide_case(**of, reasons="犬种禁养", basis=["L3", "L2"])
    told = queries.get_case_for(demo.actor("zhangxiao"), number, at=demo.at).ending
    assert told is not None
    assert told.basis == ("《深圳市养犬管理条例》犬只登记各条", "《中华人民共和国动物防疫法》第三十条")
    assert queries.get_document_values(told.document).values["basis"] == "；".join(told.basis)
