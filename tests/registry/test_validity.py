"""What a certificate is worth on a day: both ends of its term count, and what an organ did comes before the dates."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.registry.rules import TRANSITIONS, can_follow, plain_data, serial_of, validity
from yichuang.registry.values import STATUS_WORDS, VALIDITY_WORDS, Status

FROM, TO = date(2026, 11, 24), date(2027, 11, 23)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (FROM - timedelta(days=1), "not_yet"),
        (FROM, "valid"),
        (TO, "valid"),
        (TO + timedelta(days=1), "expired"),
    ],
)
def test_both_ends_of_the_term_are_days_of_validity(on, expected):
    assert validity(status=Status.VALID, valid_from=FROM, valid_to=TO, on=on) == expected


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.VALID])
def test_what_an_organ_did_comes_before_the_dates(status):
    assert validity(status=status, valid_from=FROM, valid_to=TO, on=TO + timedelta(days=400)) == status.value


@given(st.dates(), st.integers(0, 40000))
def test_without_an_end_it_never_expires(start, days):
    on = start + timedelta(days=min(days, (date.max - start).days))
    assert validity(status=Status.VALID, valid_from=start, valid_to=None, on=on) == "valid"


def test_what_ended_never_comes_back():
    for ended in (Status.REVOKED, Status.CANCELLED, Status.REPLACED):
        assert not any(can_follow(ended, new) for new in Status)
    assert can_follow(Status.SUSPENDED, Status.VALID)


def test_an_organ_suspends_or_ends_what_is_valid_and_only_a_suspension_is_lifted():
    ends = {Status.REVOKED, Status.WITHDRAWN, Status.FORFEITED, Status.CANCELLED}
    after = {old: {new for new in Status if can_follow(old, new)} for old in Status}
    assert after == {
        Status.VALID: {Status.SUSPENDED, Status.REPLACED, *ends},
        Status.SUSPENDED: {Status.VALID, *ends},
        Status.REPLACED: set(),
        **{end: set() for end in ends},
    }


def test_every_status_has_transitions_and_words():
    assert set(TRANSITIONS) == set(STATUS_WORDS) == set(Status)
    assert {s.value for s in Status} <= set(VALIDITY_WORDS)


@pytest.mark.parametrize(
    ("number", "serial"),
    [
        ("深罗养犬2026000123", "2026000123"),
        ("92440303MA5XXXXX1T", "92440303MA5XXXXX1T"),
        ("第12号", "X"),
        ("深-2026/0001 号", "20260001"),
        ("A" * 5, "X"),
        ("A" * 6, "A" * 6),
        ("A" * 32, "A" * 32),
        ("A" * 33, "X"),
    ],
)
def test_the_serial_keeps_what_the_standard_allows(number, serial):
    assert serial_of(number, "X") == serial


def test_data_of_a_certificate_are_kept_as_json_holds_them():
    moment = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    given = {"on": FROM, 7: (moment, Decimal("2.50"), "豆豆", None, True), "list": [{"n": 3}]}
    assert plain_data(given) == {
        "on": "2026-11-24",
        "7": ["2026-11-24T02:00:00+00:00", "2.50", "豆豆", None, True],
        "list": [{"n": 3}],
    }
