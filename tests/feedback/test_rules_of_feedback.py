"""What a rating may say, what is shown of many, who rates and who reads: without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Grant
from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.feedback.permissions import can_see, can_see_staff, check_can_see, check_may_use_link, is_of
from yichuang.feedback.rules import fitting, follow_up_of, hide_numbers, judge, shown_levels, state_of, tags_of
from yichuang.feedback.values import FEWEST, TAGS, FollowUp, Level, Line

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ZHANG, OTHER, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)
SERVED: dict[str, Any] = {"kind": "stay", "person": ZHANG, "items": []}


def person(id: UUID = ZHANG, **more: Any) -> Actor:
    return Actor("person", id=id, **more)


def staff(*held: str) -> Actor:
    return Actor("staff", id=UUID(int=9), grants=frozenset(Grant(role) for role in held))


def codes(kind: str, level: int | None, tags: list[str], words: str = "") -> list[str]:
    return [reason.code for reason in judge(kind, level, tags, words)]


@pytest.mark.parametrize(
    ("kind", "level", "tags", "words", "faults"),
    [
        ("stay", 5, ["polite"], "", []),
        ("stay", 1, [], "字" * 500, []),
        ("stay", None, [], "", ["LEVEL_MISSING"]),
        ("stay", 0, [], "", ["LEVEL_MISSING"]),
        ("stay", 6, [], "", ["LEVEL_MISSING"]),
        ("stay", 5, [], "字" * 501, ["LONG_WORDS"]),
        ("stay", 5, ["easy"], "", ["TAG_UNKNOWN"]),  # of services online
        ("case", 5, ["easy"], "", []),
        ("package", 5, ["easy", "easy"], "", []),
        ("stay", 3, ["quick", "clear", "polite", "skilled", "slow", "rude"], "", []),
        ("stay", 3, ["quick", "clear", "polite", "skilled", "slow", "rude", "favours"], "", ["MANY_TAGS"]),
        ("case", 9, ["x"], "字" * 501, ["LEVEL_MISSING", "TAG_UNKNOWN", "LONG_WORDS"]),
    ],
)
def test_every_fault_of_what_was_sent_is_named(
    kind: str, level: int | None, tags: list[str], words: str, faults: list[str]
) -> None:
    assert codes(kind, level, tags, words) == faults


@pytest.mark.parametrize(
    ("level", "kept"),
    [
        (Level.VERY_GOOD, ["polite"]),
        (Level.GOOD, ["polite"]),
        (Level.FAIR, ["polite", "rude"]),
        (Level.BAD, ["rude"]),
        (Level.VERY_BAD, ["rude"]),
    ],
)
def test_praise_goes_with_good_levels_and_blame_with_bad_ones(level: Level, kept: list[str]) -> None:
    assert fitting("stay", level, ["rude", "polite"]) == kept


def test_what_is_bad_is_followed_and_what_is_good_is_not() -> None:
    owed = [level for level in Level if follow_up_of(level) is FollowUp.OPEN]
    assert sorted(owed) == [Level.VERY_BAD, Level.BAD]
    assert {follow_up_of(level) for level in Level if level not in owed} == {FollowUp.NONE}


def test_a_service_is_rated_within_its_time_and_once() -> None:
    until = AT + timedelta(days=1)
    assert state_of(False, until, until - timedelta(microseconds=1)) == "open"
    assert state_of(False, until, until) == "over"
    assert state_of(True, until, AT) == state_of(True, until, until) == "rated"


def test_a_sum_is_shown_of_five_and_not_of_four() -> None:
    assert FEWEST == 5
    assert shown_levels([0, 0, 0, 0, 4]) == ()
    assert shown_levels([1, 1, 1, 1, 1]) == (1, 1, 1, 1, 1)


def test_a_line_counts_defaults_nowhere() -> None:
    line = Line("", W("厅", "hall"), 20, 5, 10, 1, (2, 1, 0, 1, 1))
    assert (line.shown, line.praise, line.average, line.active) == (True, 0.6, (2 * 5 + 4 + 2 + 1) / 5, 0.25)
    few = Line("", W("厅", "hall"), 0, 0, 0, 0, ())
    assert (few.shown, few.praise, few.average, few.active) == (False, None, None, None)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("电话 13800001234 没人接", "电话 ******34 没人接"),
        ("138-0000-1234", "******34"),
        ("44030319900307900X", "******0X"),
        ("等了 40 分钟，2026 年 11 月", "等了 40 分钟，2026 年 11 月"),
        ("1234567", "******67"),
        ("123456", "123456"),
    ],
)
def test_long_numbers_are_hidden(said: str, shown: str) -> None:
    assert hide_numbers(said) == shown


def test_every_list_of_tags_has_praise_and_blame_with_words_in_both_languages() -> None:
    assert tags_of("stay") != tags_of("case") == tags_of("package")
    for groups in TAGS.values():
        for tags in groups.values():
            assert {tag.praise for tag in tags} == {True, False}
            assert len({tag.code for tag in tags}) == len(tags)
            assert all(tag.words.zh and tag.words.en for tag in tags)


def test_who_was_served_and_who_stands_for_them() -> None:
    assert is_of(person(), **SERVED)
    assert not is_of(person(OTHER), **SERVED)
    assert not is_of(person(), kind="stay", person=None, items=[])
    assert not is_of(Actor("person"), kind="stay", person=None, items=[])
    guardian = person(OTHER, represents=frozenset({ZHANG}))
    assert not is_of(guardian, **SERVED)  # at a window it was they who came
    assert is_of(guardian, kind="help", person=ZHANG, items=["a"])  # who could have asked: a company has nobody else
    assert is_of(guardian, kind="case", person=ZHANG, items=["a"])
    assert is_of(guardian, kind="package", person=ZHANG, items=[])
    half = person(OTHER, represents_in=frozenset({(ZHANG, "a")}))
    assert is_of(half, kind="case", person=ZHANG, items=["a"])
    assert not is_of(half, kind="package", person=ZHANG, items=["a", "b"])
    assert not is_of(half, kind="case", person=ZHANG, items=[])
    assert not is_of(half, kind="help", person=ZHANG, items=["a"])
    for other in (Actor("staff", id=ZHANG), Actor("link", link=ZHANG), SYSTEM):
        assert not is_of(other, **SERVED)


def test_a_link_serves_whoever_has_it_but_no_staff_and_nobody_with_another_name() -> None:
    check_may_use_link(person(), **SERVED)
    check_may_use_link(Actor("anonymous"), **SERVED)
    check_may_use_link(person(OTHER), kind="stay", person=None, items=[])
    for who, code in ((staff(roles.INTAKE_CLERK), "STAFF_DO_NOT_RATE"), (person(OTHER), "NOT_SERVED")):
        with pytest.raises(Refused) as refused:
            check_may_use_link(who, **SERVED)
        assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", code)


@pytest.mark.parametrize(
    ("role", "sums", "of_staff"),
    [
        (roles.SUPERVISOR, True, True),
        (roles.CHIEF_REPRESENTATIVE, True, True),
        (roles.HALL_MANAGER, True, True),
        (roles.REVIEWER, True, False),
        (roles.INTAKE_CLERK, False, False),
        (roles.SYSTEM_ADMIN, False, False),
    ],
)
def test_who_reads_sums_and_who_reads_them_of_single_staff(role: str, sums: bool, of_staff: bool) -> None:
    assert (can_see(staff(role)), can_see_staff(staff(role))) == (sums, of_staff)
    assert can_see(staff(roles.INTAKE_CLERK, role)) == sums
    nobody = Actor("person", id=ZHANG, grants=frozenset({Grant(role)}))
    assert not can_see(nobody)
    assert not can_see_staff(nobody)
    if sums:
        check_can_see(staff(role))
    else:
        with pytest.raises(Refused) as refused:
            check_can_see(staff(role))
        assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_ALLOWED")
