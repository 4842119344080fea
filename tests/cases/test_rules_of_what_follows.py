"""Follow-ups, versions, escalation, priority and the sentence of a case at their edges: the day before and the day after.

Without a database, so that `./run mutate` can change one thing in a rule and see whether a test here turns red.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from yichuang.cases.rules import escalation, follow, moving, priority, sentences
from yichuang.cases.rules.acceptance import Needed
from yichuang.cases.rules.clock import end_of
from yichuang.cases.states import ENDS, State, Turn
from yichuang.cases.values import Light, MaterialState, Step
from yichuang.catalog.values import FollowUp
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

WEEK = Calendar({}, frozenset({2026, 2027}))  # Monday to Friday
DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the hall
END = date(2027, 11, 23)


def codes(faults):
    return [(reason.code, reason.field or "") for reason in faults]


# ── 变更, 延续, 补发 ──────────────────────────────────────────────────────────────────────────────────────────────


def followed(spec: FollowUp | None = FollowUp("renew", 90), **changes):  # noqa: B008  (a frozen value)
    given = {
        "worth": "valid",
        "valid_to": END,
        "today": END - 90 * DAY,
        "by_holder": True,
        "running": "",
        "ending": False,
    }
    return follow.judge_follow_up("renew", spec, **{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"spec": None}, [("FOLLOW_UP_UNKNOWN", "/follow_up")]),
        ({"by_holder": False}, [("NOT_THE_HOLDER", "/applicant")]),
        ({"worth": "revoked"}, [("NOT_IN_FORCE", "/previous")]),
        ({"running": "change"}, [("FOLLOW_UP_RUNNING", "/previous")]),
        ({"ending": True}, [("PROCEEDING_RUNNING", "/previous")]),
        ({"today": END - 91 * DAY}, [("TOO_EARLY", "/follow_up")]),
        ({"today": END - 91 * DAY, "worth": "revoked"}, [("NOT_IN_FORCE", "/previous")]),
        ({"today": END - 91 * DAY, "spec": FollowUp("change", 90)}, []),
        ({"today": END - 91 * DAY, "spec": FollowUp("renew")}, []),
        ({"valid_to": None}, []),
    ],
)
def test_a_follow_up(changes, found):
    assert codes(followed(**changes)) == found


@pytest.mark.parametrize(
    ("worth", "advice"),
    [("revoked", "请重新申请"), ("suspended", "有效以后"), ("not_yet", "有效以后"), ("replaced", "请用新版本申请")],
)
def test_what_a_certificate_out_of_force_lets_its_holder_do(worth, advice):
    """In the same words for each kind, so that a page can say them once."""
    [reason] = followed(worth=worth)
    assert advice in reason.words.zh


def test_who_asks_too_early_reads_from_when_on_and_by_which_law():
    [early] = followed(today=END - 91 * DAY)
    assert "90" in early.words.zh
    assert "2027年8月25日" in early.words.zh
    assert early.basis == follow.RENEWAL_LAW


@pytest.mark.parametrize(
    ("permit", "ahead", "over", "deemed"),
    [(True, 30, 1, True), (True, 29, 1, False), (True, 30, 0, False), (False, 30, 1, False)],
)
def test_silence_renews(permit, ahead, over, deemed):
    given = {"is_permit": permit, "received": END - ahead * DAY, "today": END + over * DAY}
    assert follow.may_deem_renewed(**given, valid_to=END) is deemed
    assert follow.may_deem_renewed(**given, valid_to=None) is False
    assert "2027年11月23日" in follow.law_has_granted(END).words.zh


def test_a_renewed_term_follows_the_old_one():
    assert follow.renewed_from(END, END) == END + DAY
    assert follow.renewed_from(END, END + DAY) == END + DAY
    assert follow.renewed_from(END, END + 2 * DAY) == END + 2 * DAY
    assert follow.renewed_from(None, TUESDAY) == TUESDAY


def test_reminders_of_the_end_come_within_three_days_of_ninety_sixty_and_thirty():
    due = {left: follow.step_of(left) for left in range(100) if follow.step_of(left)}
    assert due == {left: step for step in (90, 60, 30) for left in (step, step - 1, step - 2)}


# ── 版本 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def need(code, *, required=True):
    return Needed(code, W(code, code), required, False, 0, "")


MISSING, CHECKED, PROVIDED = MaterialState.MISSING, MaterialState.CHECKED, MaterialState.PROVIDED


def changed(has, needed, held=frozenset()):
    change = moving.change_of([moving.Has(*row) for row in has], needed, frozenset(held))
    return [n.code for n in change.added], list(change.dropped), list(change.spared), [n.code for n in change.asked]


def test_what_is_new_is_added_and_asked_for_unless_the_house_holds_it():
    assert changed([], [need("a"), need("b"), need("c", required=False)], {"b"}) == (["a", "b", "c"], [], [], ["a"])


def test_what_goes_is_spared_where_something_was_handed_in():
    has = [
        ("a", MISSING, True, False),
        ("b", CHECKED, True, False),
        ("c", PROVIDED, True, True),
        ("d", MISSING, True, True),
    ]
    assert changed(has, []) == ([], ["a"], ["b", "c", "d"], [])


def test_what_was_optional_and_missing_is_asked_for_when_it_is_needed_now():
    has = [("a", MISSING, False, False), ("b", MISSING, True, False), ("c", PROVIDED, False, True)]
    assert changed(has, [need("a"), need("b"), need("c")]) == ([], [], [], ["a"])
    assert changed(has, [need("a", required=False)]) == ([], ["b"], ["c"], [])


@pytest.mark.parametrize("state", list(State))
def test_what_keeps_a_case_at_its_version(state):
    def stays(change, told=None, **more):
        given = {"offered": False, "same_organ": True, "faults": [], **more}
        return [r.code for r in moving.obstacles(state, told=told, change=change, **given)]

    nothing = moving.change_of([], [], frozenset())
    two = moving.change_of([], [need("a"), need("b")], frozenset())
    if state not in {State.SUBMITTED, State.CORRECTING}:
        over = {State.NOT_ACCEPTED, State.DENIED, State.WITHDRAWN, State.TERMINATED, State.DELIVERED}
        assert stays(nothing, offered=True) == ["OVER" if state in over else "ACCEPTED"]
        return
    assert stays(nothing) == stays(two) == stays(two, frozenset("ab")) == []
    assert stays(two, frozenset("a")) == ["NEW_DEMAND"]
    assert stays(nothing, offered=True) == ["PROMISE_OFFERED"]
    assert stays(nothing, same_organ=False) == ["OTHER_ORGAN"]
    assert stays(nothing, faults=[Reason("X", W("x", "x"))]) == ["X"]


def test_of_two_limits_the_shorter_goes_on():
    five = (Decimal(5), "workday")
    for new, goes_on in (
        ((4, "workday"), (4, "workday")), ((5, "workday"), (5, "workday")), ((6, "workday"), five), ((1, "day"), five)
    ):  # fmt: skip
        assert moving.limit_after(five, new) == goes_on


@pytest.mark.parametrize("state", State)
def test_a_review_goes_on_by_another_process_while_it_is_one_and_of_the_same_organ(state):
    reviewed = [] if state in (State.IN_REVIEW, State.SUSPENDED) else ["NOT_UNDER_REVIEW"]
    assert [one.code for one in moving.process_obstacles(state, same_organ=True)] == reviewed
    assert [one.code for one in moving.process_obstacles(state, same_organ=False)] == [*reviewed, "OTHER_ORGAN"]


# ── 督办, 优先 ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_limit_that_runs_out_is_put_before_somebody_else():
    steps = {light: escalation.step_of(light) for light in Light if escalation.step_of(light)}
    assert steps == {Light.RED: Step.DUE_SOON, Light.OVERDUE: Step.OVERDUE}
    saturday = NOW + 4 * DAY
    assert escalation.horizon(NOW, WEEK) == end_of(TUESDAY)
    assert escalation.horizon(saturday, WEEK) == end_of(date(2026, 11, 30))


def test_days_are_counted_back_and_late_in_working_days():
    assert [escalation.days_ago(NOW, n, WEEK) for n in (0, 1, 2, 5)] == [
        TUESDAY, date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 17)
    ]  # fmt: skip
    due = end_of(TUESDAY)
    assert [escalation.days_late(due, due + n * DAY, WEEK) for n in range(4)] == [0, 2, 3, 3]
    assert [escalation.days_late(due, NOW + n * DAY, WEEK) for n in range(5)] == [0, 1, 2, 3, 3]
    friday = end_of(date(2026, 11, 27))
    assert escalation.days_late(friday, NOW + 4 * DAY, WEEK) == 1, "past is past, on a Saturday too"


def woven(first, others, since=0):
    lines = priority.weave(first, others, since=since, light=lambda line: line[0], due=lambda line: line[1])
    return "".join(line[2] for line in lines)


def test_a_priority_goes_after_two_others_of_its_light():
    others = [(1, 1, "a"), (1, 2, "b"), (1, 3, "c"), (1, 4, "d")]
    assert woven([(1, 9, "P"), (1, 9, "Q")], others) == "abPcdQ"
    assert woven([(1, 9, "P")], others, since=1) == "aPbcd"
    assert woven([(1, 9, "P")], others, since=2) == "Pabcd"
    assert woven([(1, 2, "P")], others) == "aPbcd", "its own day lets it go before whom it shares it with"
    assert woven([(2, 0, "P")], others) == "abcdP", "no light is overtaken"
    assert woven([(0, 9, "P")], others) == "Pabcd"
    assert woven([(1, 1, "P"), (1, 9, "Q")], others) == "PabQcd", "who went by its day begins the count anew"
    assert woven([(1, 9, "P")], []) == "P"


# ── 一句话 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sentence_names_the_last_day_that_counts():
    midnight = end_of(TUESDAY)
    said = sentences.sentence_of(State.IN_REVIEW, midnight)
    assert "2026年11月24日" in said.zh
    assert "24 November 2026" in said.en
    assert "规定时限" in sentences.sentence_of(State.IN_REVIEW, None).zh
    offered = sentences.sentence_of(State.SUBMITTED, None, midnight)
    assert "2026年11月24日" in offered.zh
    assert "承诺书" in offered.zh
    assert sentences.day_of(None).zh == "规定时限"


def test_an_offered_promise_waits_for_the_applicant_until_its_instant():
    assert sentences.turn_of(State.SUBMITTED, NOW + timedelta(seconds=1), NOW) is Turn.APPLICANT
    hall = sentences.turn_of(State.SUBMITTED, None, NOW)
    assert hall is not Turn.APPLICANT
    assert sentences.turn_of(State.SUBMITTED, NOW, NOW) is hall


def test_the_step_bar_shows_what_is_done_what_runs_and_what_comes():
    def bar(state):
        return [row.state for row in sentences.phases_of(state)]

    assert bar(State.SUBMITTED).index("current") < bar(State.IN_REVIEW).index("current")
    assert set(bar(State.DELIVERED)) == {"done"}
    review = bar(State.IN_REVIEW)
    here = review.index("current")
    assert here > 0
    assert review == ["done"] * here + ["current"] + ["todo"] * (len(review) - here - 1)
    assert bar(State.DENIED).count("stopped") == 1
    assert "current" not in bar(State.DENIED)


@pytest.mark.parametrize(
    ("left", "light"),
    [
        (timedelta(seconds=-1), Light.OVERDUE),
        (timedelta(0), Light.RED),
        (DAY, Light.RED),
        (DAY + timedelta(seconds=1), Light.YELLOW),
        (2 * DAY, Light.YELLOW),
        (2 * DAY + timedelta(seconds=1), Light.GREEN),
    ],
)
def test_the_light_of_a_row(left, light):
    assert sentences.light_of_row(State.IN_REVIEW, NOW + left, NOW) is light
    assert all(sentences.light_of_row(state, NOW + left, NOW) is Light.DONE for state in ENDS)


def test_the_light_of_a_row_without_a_limit():
    stopped = {state for state in State if sentences.light_of_row(state, None, NOW) is Light.STOPPED}
    assert stopped == {State.SUSPENDED, State.CORRECTING}
    assert sentences.light_of_row(State.GRANTED, None, NOW) is Light.GREEN
