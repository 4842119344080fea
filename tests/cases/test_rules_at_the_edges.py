"""Hearing, inspection, answers and ends at their edges: the longest words that fit, the last day that counts.

Without a database, so that `./run mutate` can change one thing in a rule and see whether a test here turns red.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from yichuang.cases.aftermath import GROUNDS, EndAct, Stage, Taken
from yichuang.cases.rules import answer, ending, hearing, inspection
from yichuang.core.workdays import Calendar

WEEK = Calendar({}, frozenset({2026, 2027}))  # Monday to Friday
DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the hall
END = date(2027, 11, 23)
ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))


def codes(faults):
    return [(reason.code, reason.field or "") for reason in faults]


def lengths(most):
    """(text, fits): nothing, blanks, one sign, the longest, one more; blanks at the ends are not counted."""
    return [("", False), ("   ", False), ("字", True), (" " + "字" * most + " ", True), ("字" * (most + 1), False)]


# ── 听证 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "fits"), lengths(500))
def test_a_hearing_is_moved_for_a_reason(text, fits):
    assert codes(hearing.reason_faults(text)) == [("REASON_NEEDED", "/reason")] * (not fits)


def test_a_hearing_ends_on_a_ground_that_fits():
    assert codes(hearing.close_faults("", "", called=True)) == [
        ("REASON_NEEDED", "/reason"),
        ("GROUND_NEEDED", "/ground"),
    ]
    assert codes(hearing.close_faults("not_held", "病假", called=False)) == [("NOT_CALLED", "/ground")]
    assert hearing.close_faults("not_held", "病假", called=True) == []
    assert hearing.close_faults("withdrawn", "撤回", called=False) == []


@pytest.mark.parametrize(
    ("ground", "wished", "by", "found"),
    [
        ("withdrawn", (), "", []),
        ("withdrawn", ("a",), "", []),  # of one alone it is clear who
        ("withdrawn", ("a", "b"), "", ["WHO_WITHDREW"]),
        ("withdrawn", ("a", "b"), "b", []),
        ("withdrawn", ("a",), "c", ["WHO_WITHDREW"]),
        ("withdrawn", (), "c", ["WHO_WITHDREW"]),
        ("not_held", ("a", "b"), "", []),
        ("not_held", ("a", "b"), "c", []),
    ],
)
def test_of_several_who_wished_for_a_hearing_it_is_said_who_withdrew(ground, wished, by, found):
    faults = hearing.close_faults(ground, "原因", called=True, wished=wished, by=by)
    assert codes(faults) == [(code, "/by") for code in found]


def test_a_wish_for_a_hearing_is_its_own_askers_and_only_they_take_it_back():
    said = [
        {"who": "王", "asks": True},
        {"who": "李", "party": "7", "asks": True},
        {"who": "李", "party": "7", "words": "还有一点"},
        {"who": "赵", "asks": True, "withdrawn": "2026-11-23"},
        {"who": "王", "asks": False},
        {"words": "没有署名", "asks": True},
    ]
    assert hearing.wishes(said) == {"王": "王", "7": "李", "": ""}
    after = hearing.withdraw(said, "7", TUESDAY)
    assert after == [said[0], {**said[1], "withdrawn": "2026-11-24"}, *said[2:]]
    assert "withdrawn" not in said[1], "what was put down before is another value"
    assert hearing.wishes(after) == {"王": "王", "": ""}
    assert hearing.withdraw(said, "赵", TUESDAY) == hearing.withdraw(said, "李", TUESDAY) == said


def test_a_hearing_is_asked_for_within_five_working_days():
    assert hearing.ASK_DAYS == 5


@pytest.mark.parametrize(("text", "fits"), lengths(2000))
def test_the_notice_says_how_others_are_touched(text, fits):
    assert codes(hearing.tell_faults(text, [("王某", "138")])) == [("MATTER_NEEDED", "/matter")] * (not fits)


@pytest.mark.parametrize(
    ("parties", "found"),
    [
        ([], ["PARTY_NEEDED"]),
        ([("王", "1")], []),
        ([("王" * 60, "1" * 200)], []),
        ([("王" * 61, "1")], ["PARTY_NEEDED"]),
        ([("王", "1" * 201)], ["PARTY_NEEDED"]),
        ([("王", "1"), ("", "1")], ["PARTY_NEEDED"]),
        ([("王", "1"), ("李", "")], ["PARTY_NEEDED"]),
        ([("王", "1")] * 20, []),
        ([("王", "1")] * 21, ["TOO_MANY_PARTIES"]),
    ],
)
def test_each_interested_party_has_a_name_and_a_contact(parties, found):
    assert codes(hearing.tell_faults("犬舍", parties)) == [(code, "/parties") for code in found]


@pytest.mark.parametrize(("who", "who_fits"), lengths(60))
@pytest.mark.parametrize(("words", "words_fit"), lengths(4000))
def test_a_statement_has_a_name_and_words(who, who_fits, words, words_fit):
    found = hearing.statement_faults(who, words, False, END, TUESDAY)
    assert codes(found) == [("WHO_NEEDED", "/who")] * (not who_fits) + [("WORDS_NEEDED", "/words")] * (not words_fit)


def test_a_hearing_is_asked_for_until_the_last_day():
    assert hearing.statement_faults("王", "不同意", True, TUESDAY, TUESDAY) == []
    late = hearing.statement_faults("王", "不同意", True, TUESDAY + DAY, TUESDAY)
    assert codes(late) == [("TOO_LATE_TO_ASK", "/asks")]
    assert "2026年11月24日" in late[0].words.zh
    assert hearing.statement_faults("王", "不同意", True, TUESDAY, None) == [], "nothing is served yet"
    assert hearing.statement_faults("王", "不同意", False, TUESDAY + DAY, TUESDAY) == []


def called(day, *, asked=TUESDAY, today=TUESDAY, place="301", chair=ONE):
    return hearing.call_faults(day, place, chair, {ONE}, asked, today, WEEK)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, "DAY_NEEDED"),
        (date(2026, 12, 2), "TOO_SOON"),  # the sixth working day
        (date(2026, 12, 3), ""),
        (date(2026, 12, 5), "NO_WORKDAY"),
        (date(2026, 12, 22), ""),  # the twentieth
        (date(2026, 12, 23), "TOO_FAR"),
    ],
)
def test_the_day_of_a_hearing(day, code):
    assert codes(called(day)) == [(code, "/day")] * bool(code)


def test_a_hearing_that_was_asked_for_long_ago_is_still_told_seven_days_ahead():
    """Both days cannot be kept: whoever comes is told in time."""
    assert called(date(2027, 2, 2), asked=TUESDAY, today=date(2027, 1, 4)) == []
    assert codes(called(date(2027, 1, 8), asked=TUESDAY, today=date(2027, 1, 4))) == [("TOO_SOON", "/day")]
    # the two days meet: asked on 24 November, looked at on 11 December, both give 22 December
    assert called(date(2026, 12, 22), today=date(2026, 12, 11)) == []
    assert codes(called(date(2026, 12, 23), today=date(2026, 12, 11))) == [("TOO_FAR", "/day")]


@pytest.mark.parametrize(("text", "fits"), lengths(200))
def test_a_hearing_has_a_place_and_a_chair_who_had_no_part(text, fits):
    day = date(2026, 12, 3)
    assert codes(called(day, place=text)) == [("PLACE_NEEDED", "/place")] * (not fits)
    assert codes(called(day, chair=TWO)) == codes(called(day, chair=None)) == [("CHAIR_WRONG", "/chair")]


@pytest.mark.parametrize(("present", "present_fits"), lengths(500))
@pytest.mark.parametrize(("record", "record_fits"), lengths(4000))
def test_the_record_of_a_hearing_says_who_came_and_what_was_said(present, present_fits, record, record_fits):
    found = hearing.record_faults(TUESDAY, present, record, True, "", TUESDAY)
    assert codes(found) == [("PRESENT_NEEDED", "/present")] * (not present_fits) + [("RECORD_NEEDED", "/record")] * (
        not record_fits
    )


@pytest.mark.parametrize(("note", "fits"), lengths(500))
def test_the_record_of_a_hearing_is_signed_or_says_why_not(note, fits):
    def found(signed, today=TUESDAY):
        return codes(hearing.record_faults(TUESDAY, "王", "记录", signed, note, today))

    assert found(True) == []
    assert found(None) == [("SIGNED_NEEDED", "/signed")]
    assert found(False) == [("NOTE_NEEDED", "/note")] * (not fits)
    assert found(True, TUESDAY - DAY) == [("NOT_HELD_YET", "")]


@pytest.mark.parametrize(
    ("late", "note", "found"),
    [(("王", "李"), "", True), (("王",), "  ", True), (("王",), "到场并同意", False), ((), "", False)],
)
def test_who_had_no_seven_days_is_named_unless_the_record_says_why_it_was_held(late, note, found):
    faults = hearing.record_faults(TUESDAY, "王", "记录", True, note, TUESDAY, late)
    assert codes(faults) == [("TOLD_TOO_LATE", "/note")] * found
    assert all("、".join(late) in reason.words.zh for reason in faults)


@pytest.mark.parametrize(
    ("stage", "may_ask", "bars"),
    [
        ("told", True, True),
        ("told", False, False),
        ("asked", False, True),
        ("called", False, True),
        ("held", True, False),
    ],
)
def test_what_bars_a_decision(stage, may_ask, bars):
    assert hearing.bars_decision(stage, may_ask=may_ask) is bars


# ── 现场核查 ──────────────────────────────────────────────────────────────────────────────────────────────────────

PLAN = inspection.Plan(inspection.Inspector(ONE, "A001"), inspection.Inspector(TWO, "A002"), NOW + DAY, "演示路 8 号")
RECORD = inspection.Record(NOW, "犬舍通风良好。", True, "管理员", "signed", "")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"second": inspection.Inspector(ONE, "A002")}, [("TWO_INSPECTORS", "/second")]),
        ({"first": inspection.Inspector(THREE, "A003")}, [("INSPECTOR_UNKNOWN", "/first")]),
        ({"second": inspection.Inspector(None, "A003")}, [("INSPECTOR_UNKNOWN", "/second")]),
        ({"first": inspection.Inspector(ONE, " 粤A-1 ")}, []),
        ({"first": inspection.Inspector(ONE, "A01")}, [("LICENCE_NEEDED", "/first_licence")]),
        ({"second": inspection.Inspector(TWO, "1" * 31)}, [("LICENCE_NEEDED", "/second_licence")]),
        ({"at": None}, [("WHEN_WRONG", "/planned_at")]),
        ({"at": NOW}, [("WHEN_WRONG", "/planned_at")]),
        ({"at": NOW + timedelta(seconds=1)}, []),
        ({"at": NOW + 60 * DAY}, []),
        ({"at": NOW + 60 * DAY + timedelta(seconds=1)}, [("WHEN_WRONG", "/planned_at")]),
        ({"place": "路 "}, [("PLACE_NEEDED", "/place")]),
        ({"place": "八号"}, []),
        ({"place": "路" * 200}, []),
        ({"place": "路" * 201}, [("PLACE_NEEDED", "/place")]),
    ],
)
def test_a_plan(changes, found):
    assert codes(inspection.plan_faults(replace(PLAN, **changes), {ONE, TWO}, NOW)) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"held_at": None}, [("HELD_WRONG", "/held_at")]),
        ({"held_at": NOW + timedelta(seconds=1)}, [("HELD_WRONG", "/held_at")]),
        *(({"findings": text}, [("FINDINGS_NEEDED", "/findings")] * (not fits)) for text, fits in lengths(4000)),
        ({"meets": None}, [("MEETS_NEEDED", "/meets")]),
        ({"meets": False}, []),
        ({"signed": ""}, [("SIGNED_NEEDED", "/signed")]),
        *(({"present": text}, [("PRESENT_NEEDED", "/present")] * (not fits)) for text, fits in lengths(60)),
        *(
            ({"signed": "refused", "note": text}, [("NOTE_NEEDED", "/note")] * (not fits))
            for text, fits in lengths(500)
        ),
        ({"signed": "refused", "present": "", "note": "x"}, [("PRESENT_NEEDED", "/present")]),
        ({"signed": "absent", "present": "", "note": ""}, [("NOTE_NEEDED", "/note")]),
        ({"signed": "absent", "present": "", "note": "无人"}, []),
    ],
)
def test_a_record(changes, found):
    assert codes(inspection.record_faults(replace(RECORD, **changes), 1, NOW)) == found
    assert codes(inspection.record_faults(replace(RECORD, **changes), 0, NOW)) == sorted(
        [*found, ("PHOTO_NEEDED", "/photos")], key=lambda one: ORDER.index(one[0])
    )


ORDER = [
    "HELD_WRONG",
    "FINDINGS_NEEDED",
    "MEETS_NEEDED",
    "PHOTO_NEEDED",
    "SIGNED_NEEDED",
    "PRESENT_NEEDED",
    "NOTE_NEEDED",
]


# ── 陈述、申辩, 终止 ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        *(({"who": text}, [("WHO_NEEDED", "/who")] * (not fits)) for text, fits in lengths(60)),
        ({"how": "written"}, []),
        ({"how": "sung"}, [("HOW_NEEDED", "/how")]),
        ({"on": None}, [("DAY_NEEDED", "/said_on")]),
        ({"on": TUESDAY - DAY}, [("DAY_UNFIT", "/said_on")]),
        ({"on": TUESDAY + 3 * DAY}, []),
        ({"on": TUESDAY + 4 * DAY}, [("DAY_UNFIT", "/said_on")]),
    ],
)
def test_an_answer_that_did_not_come_online(changes, found):
    taken = replace(Taken("张晓", "oral", TUESDAY), **changes)
    assert codes(answer.judge_taken(taken, told_on=TUESDAY, today=TUESDAY + 3 * DAY)) == found


@pytest.mark.parametrize("worth", ["valid", "not_yet", "expired", "suspended"])
def test_the_grounds_of_a_certificate_in_force(worth):
    fits = ending.grounds_for(worth)
    for key, ground in GROUNDS.items():
        wanted = ground.ended == worth or (not ground.ended and (worth != "expired" or ground.act is EndAct.REVOKE))
        assert (key in fits) == wanted
        assert codes(ending.judge_ground(key, worth)) == [("GROUND_UNFIT", "/ground")] * (not wanted)
    assert codes(ending.judge_ground("whim", worth)) == [("GROUND_UNKNOWN", "/ground")]


@pytest.mark.parametrize("worth", ["revoked", "withdrawn", "forfeited", "cancelled", "replaced"])
def test_what_has_ended_does_not_end_again(worth):
    assert ending.grounds_for(worth) == {}
    assert codes(ending.judge_ground("fraud", worth)) == [("NOT_IN_FORCE", "")]


def test_the_holder_is_told_first_unless_the_law_states_a_fact():
    for ground in GROUNDS.values():
        assert ending.first_stage(ground) is (Stage.TOLD if ground.told else Stage.READY)
    assert {ground.told for ground in GROUNDS.values()} == {True, False}


def test_what_stands_against_ending_it_now():
    last = ending.last_day_to_answer(TUESDAY, WEEK)
    assert last == date(2026, 12, 1)

    def found(stage, today, until=last, opened=False):
        return codes(ending.why_not_decide(stage, today=today, answer_until=until, opened_by_decider=opened))

    assert found(Stage.TOLD, last) == [("STILL_TIME", "")]
    assert found(Stage.TOLD, last + DAY) == found(Stage.TOLD, last, None) == found(Stage.READY, last) == []
    assert found(Stage.HEARING, last, opened=True) == [("NOT_WHO_OPENED", ""), ("HEARING_FIRST", "")]


def test_the_holder_answers_until_the_last_day_and_at_any_time_while_a_hearing_is_open():
    assert ending.why_not_answer(TUESDAY, TUESDAY, Stage.TOLD) == []
    assert codes(ending.why_not_answer(TUESDAY + DAY, TUESDAY, Stage.TOLD)) == [("ANSWER_OVER", "")]
    assert ending.why_not_answer(TUESDAY + DAY, TUESDAY, Stage.HEARING) == []
    assert ending.why_not_answer(TUESDAY, None, Stage.TOLD) == []


def test_who_may_ask_for_a_hearing():
    heard = {act for act in EndAct if ending.may_ask_hearing(act, Stage.TOLD)}
    assert heard == ending.HEARD_ON_REQUEST
    assert not [stage for stage in Stage if stage is not Stage.TOLD and ending.may_ask_hearing(min(heard), stage)]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 12, 2), "TOO_SOON"),
        (date(2026, 12, 3), ""),
        (date(2026, 12, 5), "NOT_A_WORKING_DAY"),
        (date(2026, 12, 7), ""),
    ],
)
def test_the_day_of_the_hearing_before_a_certificate_ends(day, code):
    assert codes(ending.judge_hearing_day(day, today=TUESDAY, calendar=WEEK)) == [(code, "/hearing_on")] * bool(code)


def test_nothing_is_put_on_record_of_a_hearing_before_its_day():
    assert codes(ending.why_no_record(None, TUESDAY)) == [("NO_HEARING_CALLED", "")]
    assert codes(ending.why_no_record(TUESDAY, TUESDAY - DAY)) == [("HEARING_NOT_YET", "")]
    assert ending.why_no_record(TUESDAY, TUESDAY) == []
