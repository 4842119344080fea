"""中台支撑: the counter asks the department's duty specialist; question and answer stay on the case."""

from datetime import timedelta

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.ask import answer_question, ask_specialist
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.models import Question
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(demo):
    """李娜 asks about 张晓's dog."""
    receipt = demo.file(demo.actor("zhangxiao"))
    id = ask_specialist(actor=demo.actor("lina"), number=receipt.number, text=" 芯片号能否后补？ ", at=demo.at)
    return receipt, id


def shown(demo, who, number):
    return queries.get_case_for(demo.actor(who), number, at=demo.at).questions


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def test_a_question_and_its_answer_stay_on_the_case_with_who_and_when(demo, asked):
    receipt, id = asked
    waiting, answered = queries.list_questions(demo.actor("wangqiang"), at=demo.at)
    assert ([row.number for row in waiting], answered) == ([receipt.number], ())
    assert (waiting[0].question.text, waiting[0].question.asked_at) == ("芯片号能否后补？", demo.at)
    answer_question(
        actor=demo.actor("wangqiang"), question=id, text="可以，五日内补交。", for_knowledge=True, at=demo.at + HOUR
    )
    for who in ("lina", "zhoujie", "wangqiang", "chengang"):
        [row] = shown(demo, who, receipt.number)
        assert (row.asked_by, row.answer, row.answered_by) == (row.asked_by, "可以，五日内补交。", row.answered_by)
        assert row.asked_by
        assert row.answered_by
        assert (row.answered_at, row.for_knowledge) == (demo.at + HOUR, True)
    assert shown(demo, "zhangxiao", receipt.number) == ()
    waiting, answered = queries.list_questions(demo.actor("linfang"), at=demo.at)
    assert (waiting, [row.question.id for row in answered]) == ((), [id])
    entries = ledger.list_entries(ledger.Subject("case", receipt.case_id))
    assert [entry.act for entry in entries][-2:] == ["ask-specialist", "answer-question"]
    assert queries.get_case_for(demo.actor("lina"), receipt.number, at=demo.at).version == 1, "no act on the case"
    assert "芯片" not in str(Question.objects.extra(select={"raw": "text"}).values_list("raw", flat=True))


def test_it_is_answered_once_and_the_second_is_told_by_whom(demo, asked):
    _, id = asked
    answer_question(actor=demo.actor("wangqiang"), question=id, text="可以。", at=demo.at)
    with pytest.raises(Refused) as second:
        answer_question(actor=demo.actor("linfang"), question=id, text="不可以。", at=demo.at + HOUR)
    assert codes(second) == ["ANSWERED_ALREADY"]
    assert second.value.change.at == demo.at
    assert Question.objects.get(id=id).answer == "可以。"


def test_who_asks_and_who_answers(demo, asked):
    receipt, id = asked
    again = ask_specialist(actor=demo.actor("lina"), number=receipt.number, text="芯片号能否后补？", at=demo.at + HOUR)
    assert again == id, "pressed twice"
    for who in ("zhangxiao", "zhoujie", "wangqiang", "mali"):
        with pytest.raises(Refused) as refused:
            ask_specialist(actor=demo.actor(who), number=receipt.number, text="问", at=demo.at)
        assert refused.value.kind == "forbidden"
    with pytest.raises(NotFound):
        ask_specialist(actor=demo.actor("zhaomin"), number=receipt.number, text="问", at=demo.at)
    for who in ("lina", "sunli", "chengang", "huanghai", "zhangxiao"):
        with pytest.raises(NotFound):
            answer_question(actor=demo.actor(who), question=id, text="答", at=demo.at)
    assert queries.list_questions(demo.actor("sunli"), at=demo.at) == ((), ())
    for text, code in ((" ", "WORDS_NEEDED"), ("问" * 1001, "WORDS_TOO_LONG")):
        with pytest.raises(Refused) as empty:
            ask_specialist(actor=demo.actor("lina"), number=receipt.number, text=text, at=demo.at)
        assert codes(empty) == [code]
    withdraw_case(actor=demo.actor("zhangxiao"), number=receipt.number, version=1, reason="", at=demo.at)
    with pytest.raises(Refused) as ended:
        ask_specialist(actor=demo.actor("lina"), number=receipt.number, text="还问", at=demo.at)
    assert ended.value.kind == "conflict"
