"""The issuing desk with the demo's people: every document of a case is made, results go to the right hands only."""

from datetime import date, timedelta

import pytest
from tests.cases.test_life_of_a_case import accepted, review_all
from tests.issuing.pdf import text_of

from yichuang.cases import queries as cases
from yichuang.cases.commands.accept import accept_case, accept_with_gaps, deem_accepted
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import lapse_promise, terminate_case, withdraw_case
from yichuang.cases.commands.holds import lift_hold, place_hold
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.states import State
from yichuang.cases.turns import Wish
from yichuang.cases.values import DocumentKind, RefusalKind
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.words import Words
from yichuang.issuing.commands import hand_over, make_pickup_code, record_print, render_document
from yichuang.issuing.documents import missing_values
from yichuang.issuing.models import PublicCode
from yichuang.issuing.queries import count_prints, find_delivery, paper_of, ready_list, verify_file
from yichuang.notices.queries import list_inbox
from yichuang.people import queries as people
from yichuang.people.commands import grant_agency
from yichuang.registry.queries import get_certificate, list_held

pytestmark = pytest.mark.usefixtures("data_folder")


def granted(demo, **filing):
    """A dog licence, decided; the job that makes it has not run yet."""
    receipt, head = accepted(demo, **filing)
    version = review_all(demo, receipt.case_id, head.version, "wangqiang")
    lin = demo.actor("linfang")
    head = decide_case(actor=lin, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    return receipt, head


def ready(demo, **filing):
    receipt, _ = granted(demo, **filing)
    run_waiting()
    return receipt, cases.get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)


def party_of(demo):
    return people.get_party(demo.actor("zhangxiao").id)


def code_of(caught):
    return caught.value.reasons[0].code


def documents_of(demo, number):
    return cases.documents(demo.actor("zhangxiao"), number)


def check_all(demo, number, tmp_path):
    """Every document of the case is told what it needs, is made, and is genuine."""
    kinds = set()
    for row in documents_of(demo, number):
        values = cases.get_document_values(row.id)
        assert missing_values(values.kind.value, values.values) == (), row.kind
        pdf = render_document(row.id)
        text = text_of(pdf, tmp_path)
        assert row.number in text
        assert row.title.zh in text.replace("\n", ""), "the list and the paper name it alike"
        assert number in text
        assert "张晓" in text
        assert pdf == render_document(row.id)
        found = verify_file(pdf, at=demo.at)
        assert (found.verdict, found.holder_masked, found.number) == ("valid", "张*", row.number)
        kinds.add(row.kind)
    return kinds


def test_a_grant_s_documents_are_all_made(demo, tmp_path):
    receipt, page = ready(demo)
    assert page.state is State.READY
    assert check_all(demo, receipt.number, tmp_path) == {
        DocumentKind.RECEIPT,
        DocumentKind.ACCEPTANCE,
        DocumentKind.GRANT,
    }


def test_the_documents_of_gaps_promise_and_lapse_are_made(demo, tmp_path):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    given = ("owner_id", "property_certificate", "immunity_certificate")
    receipt = demo.file(zhang, materials=given)
    accept_with_gaps(
        actor=li, number=receipt.number, version=receipt.version, findings={}, promise_signed=True, at=demo.at
    )
    lapse_promise(case=receipt.case_id, at=demo.at + timedelta(days=30))
    kinds = check_all(demo, receipt.number, tmp_path)
    assert {DocumentKind.PROMISE, DocumentKind.GAP_ACCEPTANCE, DocumentKind.LAPSE} <= kinds


def test_the_notice_names_every_gap(demo, tmp_path):
    receipt = demo.file(demo.actor("zhangxiao"), materials=("property_certificate",))
    notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    assert DocumentKind.GAP_NOTICE in check_all(demo, receipt.number, tmp_path)


@pytest.mark.parametrize("kind", list(RefusalKind))
def test_every_refusal_is_made(demo, kind, tmp_path):
    receipt = demo.file(demo.actor("zhangxiao"))
    refuse_case(
        actor=demo.actor("lina"),
        number=receipt.number,
        version=receipt.version,
        kind=kind,
        reason="不属于本区管辖",
        where_to_go="南山区城市管理和综合执法局" if kind is RefusalKind.NOT_OURS else "",
        at=demo.at,
    )
    assert DocumentKind(kind.value if kind is not RefusalKind.NOT_ACCEPTED else "non_acceptance") in check_all(
        demo, receipt.number, tmp_path
    )


def test_denial_termination_and_deemed_acceptance_are_made(demo, tmp_path):
    denied, head = accepted(demo)
    version = review_all(demo, denied.case_id, head.version, "wangqiang")
    about = {"number": denied.number, "version": version, "at": demo.at}
    decide_case(actor=demo.actor("linfang"), outcome="deny", reasons="犬只属于禁养品种", basis=["L2"], **about)
    assert DocumentKind.REFUSAL in check_all(demo, denied.number, tmp_path)
    left = demo.file(demo.actor("zhangxiao"))
    terminate_case(actor=demo.actor("lina"), number=left.number, version=1, reason="申请人死亡", at=demo.at)
    assert DocumentKind.TERMINATION in check_all(demo, left.number, tmp_path)
    silent = demo.file(demo.actor("zhangxiao"), "getihu-sheli")
    assert deem_accepted(case=silent.case_id, at=demo.at + timedelta(days=10)) is not None
    assert DocumentKind.DEEMED_ACCEPTANCE in check_all(demo, silent.number, tmp_path)


def test_who_files_for_another_shows_the_authority_and_who_stands_by_law_needs_none(demo, tmp_path):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    grant_agency(actor=zhang, principal=zhang.id, agent=agent.id, valid_to=date(2027, 1, 31), at=demo.at)
    receipt = demo.file(demo.actor("moshengren"), applicant=zhang.id)
    assert check_all(demo, receipt.number, tmp_path) == {DocumentKind.RECEIPT, DocumentKind.PROXY}
    (paper,) = (row for row in documents_of(demo, receipt.number) if row.kind is DocumentKind.PROXY)
    text = text_of(render_document(paper.id), tmp_path)
    assert "代理委托书" in text
    assert "2027年1月31日" in text
    at_window = demo.file(demo.actor("lina"), applicant=zhang.id, agent=agent.id, authority_seen=True)
    assert DocumentKind.PROXY in {row.kind for row in documents_of(demo, at_window.number)}
    child = next(row.principal for row in people.represented(zhang.id, at=demo.at) if row.kind == "guardian")
    for_child = demo.file(demo.actor("zhangxiao"), applicant=child)
    assert [row.kind for row in cases.documents(zhang, for_child.number)] == [DocumentKind.RECEIPT]


def test_special_procedure_extension_and_withdrawal_are_made(demo, tmp_path):
    receipt, head = accepted(demo)
    wang = demo.actor("wangqiang")
    about = {"number": receipt.number, "reason": "需要核实", "at": demo.at}
    head = demo.extended(**about, version=head.version)
    head = suspend_case(**about, actor=wang, version=head.version, ground="inspection", days=5)
    withdraw_case(
        actor=demo.actor("zhangxiao"), number=receipt.number, version=head.version, reason="不办了", at=demo.at
    )
    kinds = check_all(demo, receipt.number, tmp_path)
    assert {DocumentKind.EXTENSION, DocumentKind.SPECIAL_PROCEDURE, DocumentKind.WITHDRAWAL} <= kinds


def test_what_lies_ready_is_on_the_desk_of_the_issuing_clerk_only(demo):
    receipt, _ = ready(demo)
    assert receipt.number in [row.number for row in ready_list(demo.actor("zhoujie"), at=demo.at).items]
    for other in ("zhaomin", "zhangxiao", "wangqiang"):
        assert ready_list(demo.actor(other), at=demo.at).items == ()


def test_the_result_is_handed_over_against_identity(demo, tmp_path):
    receipt, page = ready(demo)
    zhou, party = demo.actor("zhoujie"), party_of(demo)
    head = hand_over(
        actor=zhou,
        number=receipt.number,
        version=page.version,
        identity=f" {party.id_no.lower()} ",
        receiver_name=party.name,
        at=demo.at,
    )
    assert head.state is State.DELIVERED
    delivery = find_delivery(receipt.case_id)
    assert (delivery.receiver_masked, delivery.relation.zh, delivery.place) == ("张*", "领取人本人", zhou.place)
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("case", receipt.case_id))]
    assert acts[-2:] == ["deliver", "paper.hand-over"]
    assert DocumentKind.DELIVERY in check_all(demo, receipt.number, tmp_path)
    with pytest.raises(Refused):
        hand_over(
            actor=zhou,
            number=receipt.number,
            version=head.version,
            identity=party.id_no,
            receiver_name=party.name,
            at=demo.at,
        )


def test_the_wrong_person_gets_nothing(demo):
    receipt, page = ready(demo)
    about = {"actor": demo.actor("zhoujie"), "number": receipt.number, "version": page.version, "at": demo.at}
    party = party_of(demo)
    for identity, name, code in [
        ("440303199001019993", "李四", "IDENTITY_NO_MATCH"),
        (party.id_no, "李四", "NAME_NO_MATCH"),
        ("", party.name, "IDENTITY_NEEDED"),
        ("12345678", party.name, "PICKUP_LOCKED"),
    ]:
        with pytest.raises(Refused) as caught:
            hand_over(**about, identity=identity, receiver_name=name)
        assert code_of(caught) == code
    assert find_delivery(receipt.case_id) is None


@pytest.mark.parametrize("who", ["lina", "zhaomin", "wangqiang", "zhangxiao"])
def test_only_an_issuing_clerk_hands_over(demo, who):
    receipt, page = ready(demo)
    party = party_of(demo)
    with pytest.raises(Refused) as caught:
        hand_over(
            actor=demo.actor(who),
            number=receipt.number,
            version=page.version,
            identity=party.id_no,
            receiver_name=party.name,
            at=demo.at,
        )
    assert caught.value.kind in {"forbidden", "missing"}


def test_a_stale_version_is_told_who_was_faster(demo):
    receipt, page = ready(demo)
    party = party_of(demo)
    with pytest.raises(Conflict):
        hand_over(
            actor=demo.actor("zhoujie"),
            number=receipt.number,
            version=page.version - 1,
            identity=party.id_no,
            receiver_name=party.name,
            at=demo.at,
        )
    assert find_delivery(receipt.case_id) is None


def test_a_pick_up_code_opens_only_with_the_name_and_five_errors_lock_it(demo):
    receipt, page = ready(demo)
    zhang, party = demo.actor("zhangxiao"), party_of(demo)
    code = make_pickup_code(actor=zhang, number=receipt.number, at=demo.at)
    assert len(code.code) == 8
    assert make_pickup_code(actor=zhang, number=receipt.number, at=demo.at) == code
    about = {"actor": demo.actor("zhoujie"), "number": receipt.number, "version": page.version, "at": demo.at}
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Refused) as caught:
            hand_over(**about, identity=code.code, receiver_name="李四")
        assert code_of(caught) == "PICKUP_WRONG"
        assert str(left) in caught.value.reasons[0].words.zh
    with pytest.raises(Refused) as caught:
        hand_over(**about, identity=code.code, receiver_name=party.name)
    assert code_of(caught) == "PICKUP_LOCKED"
    fresh = make_pickup_code(actor=zhang, number=receipt.number, at=demo.at)
    assert hand_over(**about, identity=fresh.code, receiver_name=party.name).state is State.DELIVERED


def test_a_name_forgotten_beside_a_code_costs_no_try(demo):
    receipt, page = ready(demo)
    code = make_pickup_code(actor=demo.actor("zhangxiao"), number=receipt.number, at=demo.at)
    about = {"actor": demo.actor("zhoujie"), "number": receipt.number, "version": page.version, "at": demo.at}
    for _ in range(6):
        with pytest.raises(Refused) as caught:
            hand_over(**about, identity=code.code, receiver_name=" ")
        assert (code_of(caught), caught.value.reasons[0].field) == ("NAME_NEEDED", "/receiver_name")
    assert hand_over(**about, identity=code.code, receiver_name=party_of(demo).name).state is State.DELIVERED


def test_a_pick_up_code_runs_out_and_is_the_receiver_s_alone(demo):
    receipt, page = ready(demo)
    code = make_pickup_code(actor=demo.actor("zhangxiao"), number=receipt.number, at=demo.at)
    with pytest.raises(Refused) as caught:
        hand_over(
            actor=demo.actor("zhoujie"),
            number=receipt.number,
            version=page.version,
            identity=code.code,
            receiver_name="张晓",
            at=code.expires_at,
        )
    assert code_of(caught) == "PICKUP_LOCKED"
    for other in ("lina", "sunli"):
        with pytest.raises(NotFound):
            make_pickup_code(actor=demo.actor(other), number=receipt.number, at=demo.at)


def test_the_certificate_is_made_by_the_job_and_nothing_happens_twice(demo):
    receipt, _ = granted(demo)
    run_waiting()
    from yichuang.issuing.jobs import prepare

    (row,) = list_held([demo.actor("zhangxiao").id]).items
    prepare(receipt.case_id, str(row.id), True)
    page = cases.get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert page.state is State.READY
    assert [entry.act for entry in page.timeline].count("make-ready") == 1


def decided(demo, receipt, decider):
    head = accept_case(actor=SYSTEM, number=receipt.number, version=1, findings={}, at=demo.at)
    version = review_all(demo, receipt.case_id, head.version, "wangqiang", "zhengkai", "gaofeng")
    actor = demo.actor(decider)
    return decide_case(actor=actor, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)


UNPAID = Words("费用未缴", "The fee is unpaid")


@pytest.mark.parametrize(
    ("item", "decider", "served"),
    [("fangwu-zulin-beian", "fengxue", State.DELIVERED), ("yangquan-dengji", "linfang", State.READY)],
)
def test_a_held_result_waits_and_is_served_when_the_last_hold_is_lifted(demo, item, decider, served):
    receipt = demo.file(demo.actor("zhangxiao"), item)
    place_hold(case=receipt.case_id, kind="fee", source="order-1", words=UNPAID, at=demo.at)
    place_hold(case=receipt.case_id, kind="fee", source="order-2", words=UNPAID, at=demo.at)
    decided(demo, receipt, decider)

    def state():
        run_waiting()
        return cases.get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at).state

    assert state() is State.GRANTED
    lift_hold(case=receipt.case_id, kind="fee", source="order-1", at=demo.at)
    assert state() is State.GRANTED
    told = {m.template for m in list_inbox(demo.actor("zhangxiao").id)}
    assert not told & {"ready_for_collection", "delivered"}, "nobody is called in vain"
    lift_hold(case=receipt.case_id, kind="fee", source="order-2", at=demo.at)
    assert state() is served
    lift_hold(case=receipt.case_id, kind="fee", source="order-2", at=demo.at)
    assert state() is served


def test_prints_are_counted(demo):
    receipt, _ = ready(demo)
    document = documents_of(demo, receipt.number)[0].id
    zhou = demo.actor("zhoujie")
    assert record_print(actor=zhou, kind="document", id=document, copies=2, at=demo.at) == 2
    assert record_print(actor=zhou, kind="document", id=document, copies=1, at=demo.at) == 3
    assert count_prints("document", document) == 3
    for copies, actor in ((0, "zhoujie"), (21, "zhoujie"), (1, "zhangxiao")):
        with pytest.raises(Refused):
            record_print(actor=demo.actor(actor), kind="document", id=document, copies=copies, at=demo.at)


def corrected(demo, number):
    wish = Wish("form:/dog/colour", "黑白")
    id = ask_correction(actor=demo.actor("zhangxiao"), number=number, wishes=[wish], reason="写错", at=demo.at)
    return make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at)


def files_of(case):
    """The versions of the case's certificate that a file was made of."""
    made = PublicCode.objects.filter(subject_kind="certificate").values_list("subject_id", flat=True)
    return sorted(row.version for row in (get_certificate(id) for id in made) if row.subject == ("case", case))


def test_a_correction_before_the_result_is_made_makes_the_corrected_version_only(demo):
    receipt, _ = granted(demo)
    corrected(demo, receipt.number)
    run_waiting()
    assert files_of(receipt.case_id) == [2]
    assert cases.get_case_for(SYSTEM, receipt.number, at=demo.at).state is State.READY


def test_a_corrected_certificate_that_lies_ready_is_made_anew_and_the_desk_is_told_which(demo):
    receipt, page = ready(demo)
    assert paper_of(receipt.case_id)[1] is False
    corrected(demo, receipt.number)
    run_waiting()
    assert files_of(receipt.case_id) == [1, 2]
    paper, replaces = paper_of(receipt.case_id)
    assert (paper.version, replaces) == (2, True)
    zhang = demo.actor("zhangxiao")
    assert [row.template for row in list_inbox(zhang.id)].count("certificate_reissued") == 1
    given = {"number": receipt.number, "identity": party_of(demo).id_no, "receiver_name": "", "at": demo.at}
    with pytest.raises(Refused) as stale:
        hand_over(actor=demo.actor("zhoujie"), version=page.version, **given)
    assert code_of(stale) == "STALE_VERSION"
    hand_over(actor=demo.actor("zhoujie"), version=page.version + 1, **given)
    assert cases.get_case_for(SYSTEM, receipt.number, at=demo.at).state is State.DELIVERED


def test_after_delivery_the_corrected_version_is_made_and_the_receiver_told(demo):
    receipt, page = ready(demo)
    given = {"number": receipt.number, "identity": party_of(demo).id_no, "receiver_name": "", "at": demo.at}
    hand_over(actor=demo.actor("zhoujie"), version=page.version, **given)
    corrected(demo, receipt.number)
    run_waiting()
    assert 2 in files_of(receipt.case_id)
    assert "certificate_reissued" in {row.template for row in list_inbox(demo.actor("zhangxiao").id)}
