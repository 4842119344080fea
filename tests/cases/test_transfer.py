"""移送: competence, not convenience: to another place before acceptance, to another department's posts after it."""

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.ask import answer_question, ask_specialist
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.extend import ask_extension, decline_extension, extend_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.commands.transfer import transfer_case
from yichuang.cases.corrections import row_of
from yichuang.cases.models import Case, Correction, Question, Transfer
from yichuang.cases.states import Act, State
from yichuang.cases.turns import Wish
from yichuang.cases.values import DocumentKind
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import NotFound, Refused
from yichuang.engine.queries import posts_of, tasks_of
from yichuang.issuing.commands import render_document
from yichuang.network import queries as network
from yichuang.network.commands import assign_item
from yichuang.network.models import Post
from yichuang.network.queries import get_department, get_place
from yichuang.network.values import AssignmentRule
from yichuang.notices.queries import list_inbox
from yichuang.people.models import Posting
from yichuang.registry.queries import certificate_of_subject

WHY = {"ground": "reorganised", "reason": "犬只管理职责已划入住建部门。"}
AREA = {"ground": "area", "reason": "犬只饲养地在另一街道。"}


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def send(demo, who, number, **more):
    version = Case.objects.get(number=number).version
    return transfer_case(
        **{"actor": demo.actor(who), "number": number, "version": version, "at": demo.at, **WHY, **more}
    )


@pytest.fixture
def filed(demo):
    return demo.file(demo.actor("zhangxiao"))


@pytest.fixture
def accepted(demo, filed):
    accept_case(actor=demo.actor("lina"), number=filed.number, version=1, findings={}, at=demo.at)
    return filed


@pytest.fixture
def other(demo):
    """住建局 has a post for each step that 城管 has: its reviewer of streets, and its decider."""
    assert Post.objects.filter(code="ZFJS.decide").exists()
    return "ZFJS"


def sees(demo, who, number):
    try:
        queries.get_case_for(demo.actor(who), number, at=demo.at)
    except NotFound:
        return False
    return True


# ── before acceptance: to another place ───────────────────────────────────────────────────────────────────────────────


def test_a_clerk_sends_a_filing_to_the_place_that_answers_for_it(demo, filed):
    targets = queries.transfer_targets(demo.actor("lina"), filed.number, at=demo.at)
    assert "LH-S01" in dict(targets.places)
    assert "LH" not in dict(targets.places)
    assert targets.departments == ()
    due = Case.objects.get(number=filed.number).due_at
    head = send(demo, "lina", filed.number, to_place="LH-S01", **AREA)
    case = Case.objects.get(number=filed.number)
    assert (head.state, head.version, case.due_at) == (State.SUBMITTED, 2, due), "the clock goes on"
    assert case.responsible_place_id == get_place("LH-S01").id
    assert case.taking_place_id == get_place("LH").id, "what was taken where stays so"
    assert Act.ACCEPT in queries.get_case_for(demo.actor("zhaomin"), filed.number, at=demo.at).acts
    assert Act.ACCEPT not in queries.get_case_for(demo.actor("lina"), filed.number, at=demo.at).acts
    [paper] = [row for row in queries.documents(SYSTEM, filed.number) if row.kind is DocumentKind.TRANSFER]
    assert paper.number.startswith("CGZF移字〔2026〕")
    assert render_document(paper.id).startswith(b"%PDF")
    assert any("移送" in message.body for message in list_inbox(demo.actor("zhangxiao").id))
    entry = ledger.list_entries(ledger.Subject("case", filed.case_id))[-1]
    assert (entry.act, entry.detail["to_place"], entry.detail["ground"]) == ("transfer", "LH-S01", "area")
    assert "街道" not in str(Transfer.objects.extra(select={"raw": "reason"}).values_list("raw", flat=True))
    with pytest.raises(Refused) as twice:
        transfer_case(actor=demo.actor("lina"), number=filed.number, version=1, to_place="LH-S01", at=demo.at, **AREA)
    assert Transfer.objects.count() == 1, codes(twice)
    head = accept_case(actor=demo.actor("zhaomin"), number=filed.number, version=2, findings={}, at=demo.at)
    assert head.state is State.IN_REVIEW


def test_what_keeps_a_filing_where_it_is(demo, filed):
    for who, more, expected in (
        ("lina", {"to_place": "LH"}, ["ALREADY_THERE"]),
        ("lina", {"to_place": "NOWHERE"}, ["NOT_A_TARGET"]),
        ("lina", {}, ["ONE_TARGET"]),
        ("lina", {"to_place": "LH-S01", "to_department": "ZFJS"}, ["ONE_TARGET"]),
        ("lina", {"to_department": "ZFJS"}, ["DEPARTMENT_LATER"]),
        ("linfang", {"to_place": "LH-S01"}, ["BY_CLERK"]),
        ("chengang", {"to_place": "LH-S01"}, ["BY_CLERK"]),
        ("wangqiang", {"to_place": "LH-S01"}, ["NOT_ALLOWED"]),
        ("zhangxiao", {"to_place": "LH-S01"}, ["NOT_ALLOWED"]),
    ):
        with pytest.raises(Refused) as refused:
            send(demo, who, filed.number, **more)
        assert codes(refused) == expected, (who, more)
    with pytest.raises(NotFound):
        send(demo, "zhaomin", filed.number, to_place="LH-S01")
    assert Case.objects.get(number=filed.number).version == 1


# ── after acceptance: to another department ───────────────────────────────────────────────────────────────────────────


def test_a_department_sends_a_case_to_another_with_posts_for_the_same_steps(demo, accepted, other):
    number, subject = accepted.number, ("case", accepted.case_id)
    [task] = tasks_of(subject)
    claim_review(actor=demo.actor("wangqiang"), task=task.id, version=2, at=demo.at)
    question = ask_specialist(actor=demo.actor("lina"), number=number, text="能否后补？", at=demo.at)
    targets = queries.transfer_targets(demo.actor("linfang"), number, at=demo.at)
    assert other in dict(targets.departments)
    assert "GAFJ" not in dict(targets.departments), "no posts for these steps"
    before = Case.objects.get(number=number)
    head = send(demo, "linfang", number, to_department=other)
    case = Case.objects.get(number=number)
    assert (case.due_at, case.accepted_date, head.state) == (before.due_at, before.accepted_date, State.IN_REVIEW)
    assert case.department_id == get_department(other).id
    [moved] = tasks_of(subject)
    assert (moved.post, moved.state, moved.claimed_by) == ("ZFJS.street_review", "open", None)
    assert [(note.kind, note.to) for note in moved.notes] == [("transfer", other)]
    assert {post.partition(".")[0] for post in posts_of(subject)} == {other}
    assert {who: sees(demo, who, number) for who in ("wangqiang", "linfang", "jinhui", "fengxue", "lina")} == {
        "wangqiang": False, "linfang": False, "jinhui": True, "fengxue": True, "lina": True,
    }  # fmt: skip
    assert [row.question.id for row in queries.list_questions(demo.actor("fengxue"), at=demo.at)[0]] == [question]
    assert queries.list_questions(demo.actor("linfang"), at=demo.at)[0] == ()
    with pytest.raises(NotFound):
        claim_review(actor=demo.actor("wangqiang"), task=task.id, version=head.version, at=demo.at)

    head = claim_review(actor=demo.actor("jinhui"), task=task.id, version=head.version, at=demo.at)
    head = complete_review(
        actor=demo.actor("jinhui"), task=task.id, version=head.version, outcome="agree", opinion="", at=demo.at
    )
    assert {t.post for t in tasks_of(subject)} == {"ZFJS.street_review", "ZFJS.decide"}, "steps to come too"
    decide_case(
        actor=demo.actor("fengxue"), number=number, version=head.version, outcome="grant", reasons="", at=demo.at
    )
    certificate = certificate_of_subject("case", accepted.case_id)
    assert certificate.issuer_uscc == get_department(other).uscc


def test_the_tasks_that_the_old_department_did_open_nothing_to_it_any_more(demo, accepted, other):
    [task] = tasks_of(("case", accepted.case_id))
    head = claim_review(actor=demo.actor("wangqiang"), task=task.id, version=2, at=demo.at)
    complete_review(
        actor=demo.actor("wangqiang"), task=task.id, version=head.version, outcome="agree", opinion="", at=demo.at
    )
    send(demo, "linfang", accepted.number, to_department=other)
    assert not sees(demo, "wangqiang", accepted.number)
    assert sees(demo, "fengxue", accepted.number)
    done, live = sorted(tasks_of(("case", accepted.case_id)), key=lambda row: row.created_at)
    assert (done.post, done.state, live.post) == ("CGZF.street_review", "done", "ZFJS.decide")
    send(demo, "fengxue", accepted.number, to_department="CGZF")  # and back again
    assert sees(demo, "wangqiang", accepted.number)
    assert not sees(demo, "fengxue", accepted.number)
    assert posts_of(("case", accepted.case_id)) >= {"CGZF.street_review", "CGZF.decide"}


def test_after_acceptance_who_decides_may_send_it_to_another_place_too(demo, accepted):
    with pytest.raises(Refused) as clerk:
        send(demo, "lina", accepted.number, to_place="LH-S01")
    assert codes(clerk) == ["BY_DECIDER"]
    head = send(demo, "chengang", accepted.number, to_place="LH-S01", **AREA)
    assert (head.state, Transfer.objects.get().to_place.code) == (State.IN_REVIEW, "LH-S01")


def test_no_department_without_staff_at_the_posts(demo, accepted, other):
    Posting.objects.filter(post="ZFJS.decide").update(ended_at=demo.at)
    with pytest.raises(Refused) as empty:
        send(demo, "linfang", accepted.number, to_department=other)
    assert codes(empty) == ["NOT_A_TARGET"]


def test_the_other_department_extends_the_limit_and_what_was_asked_here_is_answered_before(demo, accepted, other):
    number = accepted.number
    ask_extension(actor=demo.actor("wangqiang"), number=number, version=2, days=3, reason="需核实住所", at=demo.at)
    with pytest.raises(Refused) as asked:
        send(demo, "linfang", number, to_department=other)
    assert codes(asked) == ["EXTENSION_OPEN"]
    decline_extension(actor=demo.actor("linfang"), number=number, version=3, reason="将移送", at=demo.at)
    head = send(demo, "linfang", number, to_department=other)
    head = ask_extension(
        actor=demo.actor("jinhui"), number=number, version=head.version, days=3, reason="需核实住所", at=demo.at
    )
    ((work,), old) = (queries.waiting_extensions(demo.actor(who), at=demo.at) for who in ("fengxue", "linfang"))
    assert (work.number, work.to_answer, old) == (number, True, ())
    assert Act.EXTEND in queries.get_case_for(demo.actor("fengxue"), number, at=demo.at).acts
    extend_case(actor=demo.actor("fengxue"), number=number, version=head.version, at=demo.at)


def test_a_question_put_to_who_was_on_duty_is_the_other_departments(demo, accepted, other):
    ask_specialist(actor=demo.actor("lina"), number=accepted.number, text="能否后补？", at=demo.at)
    question = Question.objects.get()
    question.put_to_id, question.put_to_name = demo.actor("wangqiang").id, "王强"
    question.save()
    send(demo, "linfang", accepted.number, to_department=other)
    question.refresh_from_db()
    assert (question.department.code, question.put_to_id, question.put_to_name) == (other, None, "")
    answer_question(actor=demo.actor("jinhui"), question=question.id, text="可以。", at=demo.at)
    assert ledger.verify_ledger([]) == []


def test_the_other_department_answers_a_correction_that_was_asked_for_before(demo, accepted, other):
    wish = Wish("form:/dog/colour", "黑白")
    id = ask_correction(actor=demo.actor("wangqiang"), number=accepted.number, wishes=[wish], reason="写错", at=demo.at)
    send(demo, "linfang", accepted.number, to_department=other)
    [(number, _, row)] = queries.list_corrections(demo.actor("fengxue"))
    assert (number, row.id, row.may_decide) == (accepted.number, id, True)
    assert queries.list_corrections(demo.actor("linfang")) == ()
    row = row_of(demo.actor("wangqiang"), Case.objects.get(number=accepted.number), Correction.objects.get())
    assert not row.may_withdraw, "whoever asked is a stranger to the case now"
    make_correction(actor=demo.actor("fengxue"), correction=id, at=demo.at)


def test_only_a_reorganisation_gives_a_case_to_a_department_whose_the_item_is_not(demo, accepted, other, monkeypatch):
    for ground in ("competence", "area", "recusal"):
        with pytest.raises(Refused) as refused:
            send(demo, "linfang", accepted.number, to_department=other, ground=ground)
        assert codes(refused) == ["NOT_COMPETENT"], ground
    opened = tuple(row for row in network.list_departments() if row.code != other)
    with monkeypatch.context() as closed:
        closed.setattr(network, "list_open_departments", lambda: opened)
        assert other not in dict(
            queries.transfer_targets(demo.actor("linfang"), accepted.number, at=demo.at).departments
        )
    item = Case.objects.get(number=accepted.number).item_code
    assign_item(actor=demo.actor("shilei"), item_code=item, department=other, rule=AssignmentRule.DISTRICT, at=demo.at)
    send(demo, "linfang", accepted.number, to_department=other, ground="competence")
