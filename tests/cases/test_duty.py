"""值班: who decides for a department puts somebody down; a question goes to them, and after some minutes to everybody."""

from datetime import date, timedelta

import pytest
from django.test import Client

from yichuang.cases import queries
from yichuang.cases.commands.ask import answer_question, ask_specialist, hand_on
from yichuang.cases.commands.duty import set_duties, set_duty
from yichuang.cases.models import Duty, Question
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.cast import PASSWORD

MINUTES = timedelta(minutes=15)


def put(demo, who="hejing", by="linfang", **changes):
    given = {"department": "CGZF", "day": demo.at.date(), "half": "am", "staff": demo.actor(who).id, **changes}
    set_duty(actor=demo.actor(by), at=demo.at, **given)


def ask(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    return ask_specialist(actor=demo.actor("lina"), number=receipt.number, text="芯片号能否后补？", at=demo.at)


def waiting(demo, who, at):
    return [row.question.put_to_name for row in queries.list_questions(demo.actor(who), at=at)[0]]


def test_a_question_goes_to_who_is_on_duty_and_after_some_minutes_to_everybody(demo):
    put(demo)
    id = ask(demo)
    assert waiting(demo, "hejing", demo.at) == ["何静"]
    assert waiting(demo, "wangqiang", demo.at) == []
    answer = {"actor": demo.actor("wangqiang"), "question": id, "text": "可以。"}
    with pytest.raises(NotFound):
        answer_question(**answer, at=demo.at + MINUTES / 2)
    hand_on(question=id)
    later = demo.at + MINUTES
    assert waiting(demo, "wangqiang", later) == ["何静"]
    answer_question(**answer, at=later)
    assert Question.objects.get().answered_name == "王强"
    assert ledger.verify_ledger([]) == []


def test_nobody_on_duty_or_somebody_who_left_is_everybody(demo):
    put(demo, half="pm")  # it is morning
    ask(demo)
    assert waiting(demo, "wangqiang", demo.at) == [""]
    assert waiting(demo, "hejing", demo.at) == [""]
    put(demo)
    Duty.objects.update(staff=demo.actor("luobin").id)
    ask(demo)
    assert waiting(demo, "wangqiang", demo.at) == ["", ""]


def test_who_decides_sets_it_and_gaps_are_seen(demo):
    (page,) = queries.duty_pages(demo.actor("linfang"), at=demo.at)
    assert (page.code, page.may_set, page.gaps, len(page.days)) == ("CGZF", True, 20, 20)
    assert page.days[-1].day == date(2026, 12, 7), "working days only"
    put(demo)
    put(demo)  # pressed twice
    put(demo, "wangqiang")
    (page,) = queries.duty_pages(demo.actor("wangqiang"), at=demo.at)
    assert (page.may_set, page.gaps, page.days[0].name) == (False, 19, "王强")
    put(demo, staff=None)
    assert not Duty.objects.exists()
    for by, kind in (("wangqiang", "forbidden"), ("luobin", "missing"), ("tangmin", "missing")):
        with pytest.raises(Refused) as refused:
            put(demo, by=by)
        assert refused.value.kind == kind
    with pytest.raises(Refused) as refused:
        put(demo, "luobin", half="", day=date(2026, 11, 28))
    assert [r.code for r in refused.value.reasons] == ["NO_WORKDAY", "HALF_NEEDED", "NOT_A_COLLEAGUE"]
    assert queries.duty_pages(demo.actor("zhangxiao"), at=demo.at) == queries.duty_pages(demo.actor("lina"), at=demo.at)


def test_a_page_saves_its_changes_at_once_and_only_those(demo):
    lin, wang, he = demo.actor("linfang"), demo.actor("wangqiang"), demo.actor("hejing")
    client, day, next_day = Client(), "2026-11-24", "2026-11-25"
    client.post("/sign-in", {"username": "linfang", "password": PASSWORD})
    put(demo, half="pm")  # somebody else, after the page was opened
    form = {
        "department": "CGZF",
        **{f"duty:{day}:am": str(wang.id), f"was:{day}:am": "", f"duty:{day}:pm": "", f"was:{day}:pm": ""},
        **{f"duty:{next_day}:am": str(he.id), f"was:{next_day}:am": ""},
    }
    assert client.post("/office/duty/", form).status_code == 302
    assert [(row.half, row.staff_name) for row in Duty.objects.order_by("day", "half")] == [
        ("am", "王强"),
        ("pm", "何静"),
        ("am", "何静"),
    ]
    sunday = date(2026, 11, 29)
    with pytest.raises(Refused) as refused:
        set_duties(
            actor=lin,
            department="CGZF",
            at=demo.at,
            halves=[(demo.at.date(), "am", None), (sunday, "am", None), (sunday, "pm", None)],
        )
    assert [r.code for r in refused.value.reasons] == ["NO_WORKDAY"], "said once"
    assert Duty.objects.count() == 3, "all or none"
