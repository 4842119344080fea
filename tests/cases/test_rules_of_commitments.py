"""Pure rules of the check behind a commitment: by when, what follows, which days and words will do."""

from datetime import date

import pytest

from yichuang.cases.commitments import Kept
from yichuang.cases.rules.commitment import (
    after,
    check_due,
    day_faults,
    finding_faults,
    last_mend_day,
    second_due,
)
from yichuang.core.workdays import Calendar

CALENDAR = Calendar({}, frozenset())
TODAY, LAST = date(2026, 11, 24), date(2026, 12, 8)  # Tuesdays


def test_the_check_is_due_so_many_working_days_behind_the_decision() -> None:
    assert check_due(TODAY, 1, CALENDAR) == date(2026, 11, 25)
    assert check_due(TODAY, 10, CALENDAR) == date(2026, 12, 8)


def test_the_second_check_is_due_ten_working_days_behind_the_day_of_the_order() -> None:
    assert second_due(LAST, CALENDAR) == date(2026, 12, 22)
    assert last_mend_day(TODAY, 10, CALENDAR) == LAST


@pytest.mark.parametrize(
    ("kept", "mend_days", "ordered", "then"),
    [
        (True, 10, False, Kept.KEPT),
        (True, 10, True, Kept.KEPT),
        (True, 0, False, Kept.KEPT),
        (False, 10, False, Kept.FOUND),
        (False, 1, False, Kept.FOUND),
        (False, 10, True, Kept.BROKEN),
        (False, 0, False, Kept.BROKEN),  # nothing can be put right: what was stated was not true
    ],
)
def test_what_follows_from_a_check(kept: bool, mend_days: int, ordered: bool, then: Kept) -> None:
    assert after(kept=kept, mend_days=mend_days, ordered=ordered) is then


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (None, ["DAY_NEEDED"]),
        (TODAY, ["DAY_PAST"]),
        (date(2026, 11, 23), ["DAY_PAST"]),
        (date(2026, 11, 25), []),
        (date(2026, 11, 28), ["NOT_A_WORKING_DAY"]),
        (LAST, []),
        (date(2026, 12, 9), ["DAY_LATE"]),
    ],
)
def test_a_day_is_ahead_a_working_day_and_not_beyond_the_last(day: date | None, codes: list[str]) -> None:
    found = day_faults(day, today=TODAY, last=LAST, calendar=CALENDAR, field="/mend_by")
    assert [reason.code for reason in found] == codes
    assert {reason.field for reason in found} <= {"/mend_by"}
    assert all("12月8日" in reason.words.zh for reason in found if reason.code == "DAY_LATE")
    assert all("11月28日" in reason.words.zh for reason in found if reason.code == "NOT_A_WORKING_DAY")


@pytest.mark.parametrize(
    ("kept", "findings", "told"),
    [
        (None, " ", [("KEPT_NEEDED", "/kept"), ("FINDINGS_NEEDED", "/findings")]),
        (False, "", [("FINDINGS_NEEDED", "/findings")]),
        (True, "好", []),
        (False, "字" * 4000, []),
        (False, "字" * 4001, [("FINDINGS_NEEDED", "/findings")]),
    ],
)
def test_a_record_says_yes_or_no_and_what_was_found(
    kept: bool | None, findings: str, told: list[tuple[str, str]]
) -> None:
    assert [(reason.code, reason.field) for reason in finding_faults(kept, findings)] == told
