"""送达 and answers: days run from each party's own service; those told answer by a code or signed in, and see only what is theirs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.test_hearing import GRANT, NEIGHBOUR, TOLD, Hall

from yichuang.cases import queries
from yichuang.cases.commands.answer_notice import answer_notice, claim_notice, open_notice
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.hearing import (
    call_hearing,
    close_hearing,
    hold_hearing,
    postpone_hearing,
    record_statement,
    tell_interested,
)
from yichuang.cases.commands.serve_notice import make_answer_code, record_service
from yichuang.cases.models import ToldParty, Upload
from yichuang.core import ledger
from yichuang.core.actors import Actor, Channel
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.models import Message
from yichuang.people.commands import withdraw_service_consent

OTHER = ("物业公司", "桂园路 1 号")
ANSWER = {"words": "影响我家通行。", "asks": True}


@pytest.fixture
def hall(demo):
    hall = Hall(demo)
    hall.act(tell_interested, matter=TOLD["matter"], parties=[NEIGHBOUR, OTHER])
    hall.opens()
    return hall


def told(hall):
    return queries.hearings_of(hall.id, at=hall.at)[-1].told


def code_for(hall, nth):
    head, code = make_answer_code(
        actor=hall.demo.actor("wangqiang"), number=hall.number, version=hall.version, party=told(hall)[nth].id,
        at=hall.at,
    )  # fmt: skip
    hall.version = head.version
    return code


def holder(hall, nth=2):
    return Actor(kind="link", case=hall.id, link=told(hall)[nth].id, channel=Channel.LINK)


def answer(hall, actor, nth, code="", **more):
    answered = answer_notice(actor=actor, party=told(hall)[nth].id, code=code, at=hall.at, **{**ANSWER, **more})
    hall.version += 1
    return answered


def test_days_to_ask_run_from_each_partys_own_service(hall):
    applicant, neighbour, other = told(hall)
    assert (applicant.served_how, applicant.answer_until) == ("electronic", date(2026, 12, 1))
    assert (neighbour.served_on, other.answer_until, neighbour.has_code, other.has_code) == (None, None, True, False)
    assert hall.no(record_service, party=neighbour.id, on=None, how="", refused=True, note="") == [
        "SERVED_WHEN", "SERVED_HOW", "SERVED_NOTE",
    ]  # fmt: skip
    hall.serve(1)
    assert hall.no(record_service, party=neighbour.id, on=hall.at.date(), how="mail", refused=False, note="") == [
        "SERVED_ALREADY"
    ]
    hall.at += timedelta(days=8)  # 2 December: the first two are past their days, the third has not been found yet
    assert hall.no(decide_case, "chengang", **GRANT) == ["HEARING_OPEN"]
    hall.serve(2, how="left", refused=True, note="拒收，社区工作者见证")
    assert [row.answer_until for row in told(hall)] == [date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 9)]
    late = {"who": "", "words": "不同意", "asks": True}
    assert hall.no(record_statement, party=neighbour.id, **late) == ["TOO_LATE_TO_ASK"]
    hall.act(record_statement, party=other.id, **late)
    assert queries.hearings_of(hall.id, at=hall.at)[-1].stage == "asked"
    assert ledger.verify_ledger([]) == []
    ToldParty.objects.update(served_note="本人签收")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_an_account_alone_is_no_service_and_opening_the_notice_in_it_is(hall, demo):
    hall.act(record_statement, who="物业公司", words="要求听证", asks=True)
    hall.act(call_hearing, day=date(2026, 12, 3), place="301", chair=demo.actor("hejing").id)
    assert told(hall)[0].called_on is None, "who has an account has not opened it"
    hall.at += timedelta(days=1)
    stranger = demo.actor("moshengren")
    with pytest.raises(NotFound):
        hall.opens("moshengren", 1)
    claim_notice(actor=stranger, code=code_for(hall, 1), at=hall.at)
    for _ in range(2):  # the second look serves nothing anew
        hall.opens()
        hall.opens("moshengren", 1)
        applicant, neighbour, _other = told(hall)
        assert (applicant.served_on, applicant.called_on) == (date(2026, 11, 24), date(2026, 11, 25))
        assert (neighbour.served_on, neighbour.served_how, neighbour.called_on) == (
            date(2026, 11, 25), "electronic", date(2026, 11, 25),
        )  # fmt: skip
        hall.at += timedelta(days=1)
    assert ledger.verify_ledger([]) == []


def test_what_is_opened_without_consent_is_read_and_not_served(demo):
    hall = Hall(demo)
    hall.act(tell_interested, matter=TOLD["matter"], parties=[NEIGHBOUR])
    zhang = demo.actor("zhangxiao")
    notice = told(hall)[0].id

    def opens(at):
        return open_notice(actor=zhang, party=notice, at=at)

    assert not opens(hall.at)
    hall.at += timedelta(days=1)
    assert not opens(hall.at)
    row = told(hall)[0]
    assert (row.served_on, row.read_on, row.answer_until, row.consents) == (None, date(2026, 11, 24), None, False)
    electronic = {"how": "electronic", "note": ""}
    assert hall.no(record_service, party=notice, on=hall.at.date(), refused=False, **electronic) == ["OPENING_SERVES"]
    hall.serve(0)
    assert told(hall)[0].answer_until == date(2026, 12, 2), "from the paper"
    hall.serve(1)
    hall.act(record_statement, who="邻居王某", words="要求听证", asks=True)
    hall.act(call_hearing, day=date(2026, 12, 10), place="301", chair=demo.actor("hejing").id)
    assert not opens(hall.at)
    row = told(hall)[0]
    assert (row.called_on, row.call_read_on) == (None, date(2026, 11, 25))
    demo.agrees("zhangxiao")
    assert told(hall)[0].consents
    hall.at += timedelta(days=1)
    assert opens(hall.at), "what was agreed to counts for what is opened from now on"
    row = told(hall)[0]
    assert (row.called_on, row.called_how, row.served_how) == (date(2026, 11, 26), "electronic", "in_person")
    acts = [entry.act for entry in ledger.list_entries(subject=ledger.Subject("case", hall.id))]
    assert acts.count("read-notice") == 2, "each paper once"
    assert ledger.verify_ledger([]) == []
    ToldParty.objects.update(read_on=None)
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_staff_enter_no_electronic_service_by_hand_of_who_is_on_the_books(demo):
    hall = Hall(demo)
    hall.act(tell_interested, matter=TOLD["matter"], parties=[NEIGHBOUR])
    demo.agrees("zhangxiao")
    applicant, neighbour = told(hall)
    assert (applicant.consents, applicant.known, neighbour.known) == (True, True, False)
    by_hand = {"on": hall.at.date(), "how": "electronic", "refused": False, "note": "11 月 24 日同意"}
    assert hall.no(record_service, party=applicant.id, **by_hand) == ["OPENING_SERVES"], "it was never opened"
    hall.opens()
    assert told(hall)[0].served_how == "electronic"


def test_nobody_takes_the_consent_back_while_a_service_rests_on_it(demo):
    hall = Hall(demo)
    hall.act(tell_interested, matter=TOLD["matter"], parties=[NEIGHBOUR])
    demo.agrees("zhangxiao")
    with CaptureQueriesContext(connection) as asked:
        hall.opens()
    assert any('FOR UPDATE OF "people_serviceconsent"' in one["sql"] for one in asked)


def test_a_call_read_together_with_its_notice_is_read_from_that_day_and_anew_when_it_moves(demo):
    hall = Hall(demo)
    hall.act(tell_interested, matter=TOLD["matter"], parties=[NEIGHBOUR])
    hall.act(record_statement, who="邻居王某", words="要求听证", asks=True)
    where = {"place": "301", "chair": demo.actor("hejing").id}
    hall.act(call_hearing, day=date(2026, 12, 10), **where)
    zhang = demo.actor("zhangxiao")
    for _ in range(2):
        assert not open_notice(actor=zhang, party=told(hall)[0].id, at=hall.at)
        row = told(hall)[0]
        assert (row.read_on, row.call_read_on) == (date(2026, 11, 24), date(2026, 11, 24))
        hall.at += timedelta(days=1)
    hall.act(postpone_hearing, day=date(2026, 12, 11), reason="主持人生病", **where)
    assert (told(hall)[0].read_on, told(hall)[0].call_read_on) == (date(2026, 11, 24), None), "a new call"
    assert ledger.verify_ledger([]) == []


def test_who_answers_has_it_but_for_who_took_the_consent_back(demo):
    hall = Hall(demo)
    hall.act(tell_interested, matter=TOLD["matter"], parties=[NEIGHBOUR])
    zhang = demo.actor("zhangxiao")
    demo.agrees("zhangxiao")
    withdraw_service_consent(actor=zhang, party=zhang.id, at=hall.at)
    answer(hall, zhang, 0, asks=False)
    assert told(hall)[0].served_on is None, "said that only paper counts"
    electronic = {"how": "electronic", "refused": False}
    neighbour = told(hall)[1].id
    assert hall.no(record_service, party=neighbour, on=hall.at.date(), note="", **electronic) == ["SERVED_NOTE"]
    hall.act(record_service, party=neighbour, on=hall.at.date(), note="11 月 24 日签署确认书，邮箱", **electronic)
    assert told(hall)[1].served_how == "electronic"


def test_when_the_last_days_are_over_the_decision_is_free(hall):
    hall.serve(1)
    hall.serve(2)
    hall.at += timedelta(days=8)
    hall.act(decide_case, "chengang", **GRANT)


def test_a_party_answers_by_code_and_sees_only_what_is_theirs(hall, demo):
    sent = Message.objects.get(template="interested_told")
    assert hall.number not in sent.body
    assert sent.secret, "who has the link may answer: it is shown in no list and never sent again"
    code = code_for(hall, 2)
    page = queries.notice_by_code(code.lower(), at=hall.at)
    assert (page.number, page.name, page.answer_until, page.may_ask) == ("", "物**司", None, True)
    assert page.applicant == "张*"
    upload = demo.upload(holder(hall))
    for actor, given in ((holder(hall), "AAAAAAAA"), (demo.actor("moshengren"), code), (demo.actor("zhangxiao"), "")):
        with pytest.raises(NotFound):
            answer(hall, actor, 2, given)
    with pytest.raises(Refused) as refused:
        answer(hall, holder(hall), 2, code, words=" ")
    assert [reason.code for reason in refused.value.reasons] == ["WORDS_NEEDED"]
    assert answer(hall, holder(hall), 2, code, uploads=[upload]) is True
    row = told(hall)[2]
    assert (row.served_how, row.answer_until) == ("electronic", date(2026, 12, 1)), "who answers has it"
    (said,) = queries.notice_by_code(code, at=hall.at).statements
    assert (said.words, said.files, said.asks, said.by) == ("影响我家通行。", (upload,), True, "link")
    assert queries.notices_of(demo.actor("zhangxiao"), at=hall.at)[0].statements == (), "not another's words"
    assert queries.read_upload(demo.actor("wangqiang"), upload)[0].id == upload
    assert answer(hall, holder(hall), 2, code) is False, "asked for already: words only"
    last = queries.timeline(demo.actor("zhangxiao"), hall.number)[-1]
    assert (last.act, last.who) == ("hearing", "")
    assert ledger.verify_ledger([]) == []
    fresh = code_for(hall, 2)
    with pytest.raises(NotFound):
        queries.notice_by_code(code, at=hall.at)
    hall.serve(1)
    hall.at += timedelta(days=8)  # everybody's days are over
    hall.act(close_hearing, ground="withdrawn", reason="撤回")
    with pytest.raises(Refused) as gone:
        queries.notice_by_code(fresh, at=hall.at)
    assert gone.value.kind == "gone"


def test_who_holds_one_link_of_a_case_takes_nothing_that_came_through_another(hall, demo):
    codes = {nth: code_for(hall, nth) for nth in (1, 2)}
    supplied = demo.upload(Actor(kind="link", case=hall.id, link=new_id(), channel=Channel.LINK))
    theirs, own, before = demo.upload(holder(hall, 1)), demo.upload(holder(hall)), demo.upload(holder(hall))
    Upload.objects.filter(id=before).update(link=None)  # from before links had names of their own
    assert {row.id for row in queries.list_uploads(holder(hall), [supplied, theirs, own, before])} == {own, before}
    for foreign in (supplied, theirs):
        with pytest.raises(Refused) as refused:
            answer(hall, holder(hall), 2, codes[2], uploads=[own, foreign])
        assert [reason.code for reason in refused.value.reasons] == ["UNKNOWN_UPLOAD"]
    answer(hall, holder(hall), 2, codes[2], uploads=[own, before])
    answer(hall, holder(hall, 1), 1, codes[1], uploads=[theirs])
    (said,) = queries.notice_by_code(codes[2], at=hall.at).statements
    assert said.files == (own, before)


def test_one_partys_withdrawal_ends_nobody_elses_right(hall):
    hall.serve(1)
    row = told(hall)
    hall.act(record_statement, who="", party=row[1].id, words="要求听证", asks=True)
    hall.act(close_hearing, ground="withdrawn", reason="邻居书面撤回")
    assert queries.hearings_of(hall.id, at=hall.at)[-1].stage == "told"
    assert hall.no(decide_case, "chengang", **GRANT) == ["HEARING_OPEN"], "the others may still ask"
    for who in (0, 1, 2):
        hall.act(record_statement, who="", party=row[who].id, words="要求听证", asks=True)
    assert hall.no(close_hearing, ground="withdrawn", reason="撤回") == ["WHO_WITHDREW"]
    assert hall.no(close_hearing, ground="withdrawn", reason="撤回", by="路人") == ["WHO_WITHDREW"]
    hall.act(close_hearing, ground="withdrawn", reason="撤回", by=str(row[1].id))
    where = {"day": date(2026, 12, 4), "place": "301", "chair": hall.demo.actor("hejing").id}
    hall.act(call_hearing, **where)
    head = hall.act(close_hearing, ground="withdrawn", reason="撤回", by=str(row[0].id))
    now = queries.hearings_of(hall.id, at=hall.at)[-1]
    assert (now.stage, now.askers, head.state.value) == ("called", ((str(row[2].id), "物业公司"),), "SUSPENDED")
    hall.serve(2)
    hall.at += timedelta(days=8)
    head = hall.act(close_hearing, ground="withdrawn", reason="撤回")
    assert (queries.hearings_of(hall.id, at=hall.at)[-1].stage, head.state.value) == ("closed", "IN_REVIEW")
    hall.act(decide_case, "chengang", **GRANT)
    assert ledger.verify_ledger([]) == []


def test_a_signed_in_person_keeps_the_notice_and_the_applicant_answers_too(hall, demo):
    stranger, zhang = demo.actor("moshengren"), demo.actor("zhangxiao")
    code = code_for(hall, 1)
    with CaptureQueriesContext(connection) as asked:
        mine = claim_notice(actor=stranger, code=code, at=hall.at)
    assert any('FOR UPDATE OF "cases_case"' in one["sql"] for one in asked), "the case first, as staff lock it"
    assert claim_notice(actor=stranger, code=code, at=hall.at) == mine
    with pytest.raises(NotFound):
        claim_notice(actor=zhang, code=code, at=hall.at)
    assert [row.id for row in queries.notices_of(stranger, at=hall.at)] == [mine]
    with pytest.raises(NotFound):
        queries.get_case_for(stranger, hall.number, at=hall.at)
    mine_too = demo.upload(stranger)
    assert answer(hall, stranger, 1, asks=False, uploads=[mine_too]) is False
    assert queries.read_upload(stranger, mine_too)[0].id == mine_too
    assert queries.read_upload(demo.actor("wangqiang"), mine_too)[0].id == mine_too
    with pytest.raises(NotFound):
        queries.read_upload(zhang, mine_too)
    with pytest.raises(Refused):
        answer(hall, stranger, 1, uploads=[demo.upload(zhang)])
    his = demo.upload(zhang)
    assert answer(hall, zhang, 0, uploads=[his]) is True
    assert queries.read_upload(zhang, his)[0].id == his
    with pytest.raises(NotFound):
        queries.read_upload(stranger, his)
    assert [one.who for one in queries.hearings_of(hall.id, at=hall.at)[-1].statements] == ["邻居王某", "张晓"]
    assert queries.notices_of(demo.actor("wangqiang"), at=hall.at) == ()
    assert ledger.verify_ledger([]) == []


def test_a_new_code_undoes_a_wrong_claim(hall, demo):
    stranger = demo.actor("moshengren")
    mine = claim_notice(actor=stranger, code=code_for(hall, 1), at=hall.at)
    fresh = code_for(hall, 1)
    assert queries.notices_of(stranger, at=hall.at) == ()
    with pytest.raises(NotFound):
        answer(hall, stranger, 1)
    right = demo.actor("jiye")
    assert claim_notice(actor=right, code=fresh, at=hall.at) == mine
    assert ledger.verify_ledger([]) == []
    code_for(hall, 0)
    assert queries.notices_of(demo.actor("zhangxiao"), at=hall.at) != (), "the applicant stays told"


def test_a_claim_and_a_service_at_once_both_stay(hall, demo, monkeypatch):
    """Who serves read the party before it was claimed: its save must not undo the claim."""
    from yichuang.cases.commands import serve_notice

    code, stranger, real = code_for(hall, 1), demo.actor("moshengren"), serve_notice.service_faults

    def meanwhile(*given):
        claim_notice(actor=stranger, code=code, at=hall.at)
        return real(*given)

    monkeypatch.setattr(serve_notice, "service_faults", meanwhile)
    hall.serve(1)
    assert ToldParty.objects.get(order=1).party_id == stranger.id


def test_a_hearing_is_not_held_before_somebody_who_had_no_seven_days(hall, demo):
    hall.serve(1)
    hall.serve(2)
    hall.act(record_statement, who="物业公司", words="要求听证", asks=True)
    where = {"place": "301", "chair": demo.actor("hejing").id}
    hall.act(call_hearing, day=date(2026, 12, 3), **where)
    assert hall.no(
        record_service,
        party=told(hall)[1].id,
        on=hall.at.date() - timedelta(days=1),
        how="mail",
        refused=False,
        note="",
    ) == ["SERVED_WHEN"]
    hall.serve(1)
    hall.opens()
    hall.at += timedelta(days=3)
    hall.serve(2, how="mail")  # on the 27th: six days
    hall.at += timedelta(days=6)
    said = {"present": "各方", "record": "陈述。", "signed": True}
    assert hall.no(hold_hearing, note="", **said) == ["TOLD_TOO_LATE"]
    hall.act(postpone_hearing, day=date(2026, 12, 14), reason="送达不足七日", **where)
    assert [row.called_on for row in told(hall)] == [None, None, None], "a new notice, served anew"
    hall.opens()
    hall.serve(1)
    hall.serve(2)
    hall.at += timedelta(days=11)
    hall.act(hold_hearing, note="", **said)
