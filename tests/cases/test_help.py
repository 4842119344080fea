"""求助 (帮办, 代办, 上门办): its own small thing beside cases; taken by one; consent by consent; the asker signs and files."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from yichuang.cases import queries
from yichuang.cases.commands.help import (
    ask_help,
    end_help,
    finish_help,
    hand_on,
    link_case,
    note_step,
    return_help,
    take_help,
    withdraw_consent,
)
from yichuang.cases.helping import HelpState
from yichuang.cases.models import Case, HelpRequest, HelpStep
from yichuang.core import ledger
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.feedback.commands.rate import rate
from yichuang.feedback.models import Invitation
from yichuang.notices.queries import list_inbox

DOG = "yangquan-dengji"
HOME = "演示路 8 号 501"


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def ask(demo, who="zhangxiao", **more):
    given = {"kind": "assist", "text": "不会上传材料", "place": "LH", "item_code": DOG, "consents": ["progress"]}
    return ask_help(actor=demo.actor(who), at=demo.at, **{**given, **more})


def page(demo, who, id):
    return queries.get_help(demo.actor(who), id, at=demo.at)


# ── its life ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_asked_online_taken_by_one_done_step_by_step(demo):
    id = ask(demo)
    assert ask(demo) == id, "pressed twice"
    assert [row.id for row in queries.list_help(demo.actor("lina"), at=demo.at)] == [id]
    assert queries.list_help(demo.actor("zhaomin"), at=demo.at) == ()
    take_help(actor=demo.actor("lina"), request=id, at=demo.at)
    take_help(actor=demo.actor("lina"), request=id, at=demo.at)
    with pytest.raises(Conflict) as second:
        take_help(actor=demo.actor("mali"), request=id, at=demo.at)
    assert (codes(second), second.value.change.at) == (["TAKEN_ALREADY"], demo.at)
    assert any("接单" in message.body for message in list_inbox(demo.actor("zhangxiao").id))
    for _ in range(2):
        note_step(actor=demo.actor("lina"), request=id, text="电话讲解了材料。", at=demo.at)
    receipt = demo.file(demo.actor("zhangxiao"))
    assert [one.number for one in page(demo, "lina", id).cases] == [receipt.number], "what came of it, by itself"
    finish_help(actor=demo.actor("lina"), request=id, note="已由本人提交。", at=demo.at)
    shown = page(demo, "zhangxiao", id)
    assert [step.words.zh for step in shown.steps] == ["提出求助", "接单", "记录一步", "办结"]
    assert shown.row.state is HelpState.DONE
    assert not any(given for _, _, given in shown.consents), "consent ends with the request"
    assert page(demo, "lina", id).cases == ()
    entries = ledger.list_entries(ledger.Subject("help", id))
    assert [entry.act for entry in entries] == ["help.asked", "help.taken", "help.noted", "help.done"]
    assert queries.list_help(demo.actor("lina"), at=demo.at) == ()
    with pytest.raises(Conflict) as over:
        end_help(actor=demo.actor("zhangxiao"), request=id, at=demo.at)
    assert codes(over) == ["NOT_RUNNING"]
    assert Case.objects.get(number=receipt.number).applicant_id == demo.actor("zhangxiao").id
    raw = str(list(HelpRequest.objects.extra(select={"raw": "text"}).values_list("raw", flat=True)))
    raw += str(list(HelpStep.objects.extra(select={"raw": "text"}).values_list("raw", flat=True)))
    assert not any(words in raw for words in ("上传", "电话", "本人"))


def test_help_that_was_done_is_rated_once_by_who_asked_and_counts_for_who_helped(demo):
    """S1: by the person served only; help that was ended or given back is no service."""
    li, zhang = demo.actor("lina"), demo.actor("zhangxiao")
    id = ask(demo)
    take_help(actor=li, request=id, at=demo.at)
    assert not Invitation.objects.filter(kind="help").exists()
    finish_help(actor=li, request=id, note="一起交了", at=demo.at)
    row = Invitation.objects.get(kind="help", subject=id)
    assert (row.person_id, row.staff_id) == (zhang.id, li.id)
    given = {"token": str(row.id), "level": 5, "key": "one", "at": demo.at}
    for who in ("moshengren", "wangxiuying", "lina"):
        with pytest.raises(NotFound):
            rate(actor=demo.actor(who), **given)
    assert not rate(actor=zhang, **given).again
    assert rate(actor=zhang, **given).again
    with pytest.raises(Refused) as twice:
        rate(actor=zhang, **{**given, "key": "two", "level": 1})
    assert codes(twice) == ["RATED_ALREADY"]


@pytest.mark.parametrize("kind", ["guide", "lead"])
def test_guiding_at_the_door_is_a_request_on_record_taken_done_and_rated(demo, kind):
    """导办、领办: the guide puts it down for who stands there, takes it and ends it."""
    li, zhang = demo.actor("lina"), demo.actor("zhangxiao")
    id = ask_help(actor=li, asker=zhang.id, kind=kind, text="要取号，看不清屏幕", at=demo.at)
    take_help(actor=li, request=id, at=demo.at)
    finish_help(actor=li, request=id, note="陪到 3 号窗口", at=demo.at)
    told = queries.get_help(zhang, id, at=demo.at)
    assert (told.row.helper, told.kind.value) == ("李娜", kind)
    assert Invitation.objects.filter(kind="help", subject=id, staff=li.id).exists()


def test_the_helper_reads_what_was_consented_to_and_only_while_it_is_theirs(demo):
    id = ask(demo, kind="visit", address=HOME, wished="周三下午", consents=["home", "phone"])
    waiting = page(demo, "lina", id)
    assert (waiting.address, waiting.mobile, waiting.text, waiting.may_take) == ("", "", "不会上传材料", True)
    take_help(actor=demo.actor("lina"), request=id, at=demo.at)
    mine = page(demo, "lina", id)
    assert (mine.address, mine.mobile[:3], mine.wished) == (HOME, "138", "周三下午")
    receipt = demo.file(demo.actor("zhangxiao"))
    assert mine.cases == page(demo, "lina", id).cases == (), "no consent to see how far it is"
    others = page(demo, "mali", id)
    assert (others.address, others.mobile, others.text, others.may_take) == ("", "", "", False)
    assert page(demo, "zhangxiao", id).address == HOME
    withdraw_consent(actor=demo.actor("zhangxiao"), request=id, consent="phone", at=demo.at)
    assert (page(demo, "lina", id).mobile, page(demo, "lina", id).address) == ("", HOME)
    withdraw_consent(actor=demo.actor("zhangxiao"), request=id, consent="home", at=demo.at)
    ended = page(demo, "lina", id)
    assert (ended.row.state, ended.address, ended.text) == (HelpState.ENDED, "", "")
    assert receipt


def test_handed_on_given_back_and_taken_again(demo):
    id = ask(demo)
    take_help(actor=demo.actor("lina"), request=id, at=demo.at)
    mali = demo.actor("mali").id
    assert mali in dict(page(demo, "lina", id).colleagues)
    for to in (demo.actor("lina").id, demo.actor("zhaomin").id):
        with pytest.raises(Refused) as wrong:
            hand_on(actor=demo.actor("lina"), request=id, to=to, reason="休假", at=demo.at)
        assert codes(wrong) == ["NOT_A_COLLEAGUE"]
    with pytest.raises(Refused) as silent:
        hand_on(actor=demo.actor("lina"), request=id, to=mali, reason=" ", at=demo.at)
    assert codes(silent) == ["WORDS_NEEDED"]
    hand_on(actor=demo.actor("lina"), request=id, to=mali, reason="休假", at=demo.at)
    for act in (note_step, return_help):
        with pytest.raises(Conflict) as no_longer:
            act(actor=demo.actor("lina"), request=id, at=demo.at, **{"text" if act is note_step else "reason": "x"})
        assert codes(no_longer) == ["NOT_YOURS"]
    return_help(actor=demo.actor("mali"), request=id, reason="不熟悉", at=demo.at)
    assert page(demo, "lina", id).row.state is HelpState.OPEN
    take_help(actor=demo.actor("lina"), request=id, at=demo.at)
    kinds = list(HelpStep.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["asked", "taken", "handed-on", "returned", "taken"]


def test_staff_ask_for_who_is_there_at_their_own_place(demo):
    wen = demo.actor("wenhui")
    id = ask(demo, "wenhui", asker=demo.actor("wangxiuying").id, kind="errand", consents=["papers"], place="LH")
    row = HelpRequest.objects.get(id=id)
    assert (row.place_id, row.asker_id, row.asked_at_window_by_id) == (
        wen.place, demo.actor("wangxiuying").id, wen.id,
    )  # fmt: skip
    assert [one.id for one in queries.my_help(demo.actor("wangxiuying"), at=demo.at)] == [id]
    end_help(actor=demo.actor("wangxiuying"), request=id, reason="家人来帮了", at=demo.at)
    assert HelpRequest.objects.get(id=id).consents == []


def test_what_staff_registered_is_told_and_its_clerk_reads_nothing_by_it(demo):
    clerk, colleague, person = (demo.actor(who) for who in ("lina", "mali", "zhangxiao"))
    id = ask(demo, "lina", asker=person.id, consents=["phone", "progress"])
    [told] = [row for row in list_inbox(person.id) if row.template == "help_registered"]
    assert all(words in told.body for words in ("手机号", "进度", "撤回"))
    assert (page(demo, "lina", id).may_take, page(demo, "mali", id).may_take) == (False, True)
    with pytest.raises(Refused) as own:
        take_help(actor=clerk, request=id, at=demo.at)
    take_help(actor=colleague, request=id, at=demo.at)
    with pytest.raises(Refused) as handed:
        hand_on(actor=colleague, request=id, to=clerk.id, reason="休假", at=demo.at)
    assert codes(own) == codes(handed) == ["REGISTERED_BY_YOU"]
    assert page(demo, "lina", id).mobile == ""
    link_case(actor=person, request=id, number=demo.file(person).number, at=demo.at)  # signed in: it is known there
    hand_on(actor=colleague, request=id, to=clerk.id, reason="休假", at=demo.at)
    assert page(demo, "lina", id).mobile
    other = ask(demo, "lina", asker=person.id, consents=[], text="另一件")
    take_help(actor=clerk, request=other, at=demo.at)  # nothing to read by it


def test_only_cases_of_the_asker_are_linked(demo):
    id = ask(demo, item_code="")
    mine, other = demo.file(demo.actor("zhangxiao")), demo.file(demo.actor("jiye"), form=other_dog(demo))
    link_case(actor=demo.actor("zhangxiao"), request=id, number=mine.number, at=demo.at)
    link_case(actor=demo.actor("zhangxiao"), request=id, number=mine.number, at=demo.at)
    assert [one.number for one in page(demo, "zhangxiao", id).cases] == [mine.number]
    silent = ask(demo, consents=[], text="另一件")
    link_case(actor=demo.actor("zhangxiao"), request=silent, number=mine.number, at=demo.at)
    take_help(actor=demo.actor("lina"), request=silent, at=demo.at)
    assert [step.text for step in page(demo, "lina", silent).steps] == ["", "", ""], "no consent to know of the case"
    assert mine.number in {step.text for step in page(demo, "zhangxiao", silent).steps}
    take_help(actor=demo.actor("lina"), request=id, at=demo.at)
    for who, number, code in (
        ("lina", other.number, "NOT_THEIRS"),
        ("zhangxiao", other.number, "CASE_UNKNOWN"),
        ("zhangxiao", "440303", "CASE_UNKNOWN"),
    ):
        with pytest.raises(Refused) as wrong:
            link_case(actor=demo.actor(who), request=id, number=number, at=demo.at)
        assert codes(wrong) == [code]


def other_dog(demo):
    form = demo.example(DOG).form
    return {
        "dog": {**form["dog"], "chip": "999000000077771"},
        "address": {**form["address"], "detail": "演示路 99 号 101"},
    }


def test_strangers_find_nothing_and_who_may_see_it_does_only_their_part(demo):
    id = ask(demo)
    for who in ("moshengren", "zhaomin", "wangqiang", "zhoujie", "huanghai", "shilei"):
        with pytest.raises(NotFound):
            page(demo, who, id)
        with pytest.raises(NotFound):
            take_help(actor=demo.actor(who), request=id, at=demo.at)
    with pytest.raises(Refused) as own:
        take_help(actor=demo.actor("zhangxiao"), request=id, at=demo.at)
    with pytest.raises(Refused) as clerk:
        end_help(actor=demo.actor("lina"), request=id, at=demo.at)
    with pytest.raises(Refused) as reviewer:
        ask(demo, "wangqiang")
    assert codes(own) == codes(clerk) == codes(reviewer) == ["NOT_ALLOWED"]
    with pytest.raises(Refused) as faulty:
        ask(demo, place="NOWHERE", item_code="none", text="")
    assert codes(faulty) == ["PLACE_NEEDED", "TEXT_NEEDED", "ITEM_UNKNOWN"]


def test_pressed_by_two_at_once_one_has_it(demo, transactional_db):
    id = ask(demo)
    actors = [demo.actor("lina"), demo.actor("mali")]

    def press(actor):
        try:
            take_help(actor=actor, request=id, at=demo.at)
        except Conflict as refused:
            return refused.reasons[0].code
        finally:
            connections.close_all()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, actors)) == ["TAKEN_ALREADY", "taken"]
    assert HelpStep.objects.filter(kind="taken").count() == 1
