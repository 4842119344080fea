"""Rules about people: pure."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import roles
from yichuang.people import rules
from yichuang.people.values import Budget, GrantView

TODAY = date(2026, 11, 24)
SOMEBODY = UUID(int=1)
ADMINISTRATORS = sorted(roles.THREE_ADMINISTRATORS)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def codes(reasons):
    return [reason.code for reason in reasons]


def grant(role, *, held=(), start=TODAY, end=None, to_oneself=False):
    return codes(
        rules.judge_grant(
            role=role,
            place=None,
            department=None,
            valid_from=start,
            valid_to=end,
            held=held,
            to_oneself=to_oneself,
        )
    )


def holds(role, start=TODAY, end=None):
    return GrantView(UUID(int=9), SOMEBODY, role, None, None, start, end)


@pytest.mark.parametrize("one", ADMINISTRATORS)
@pytest.mark.parametrize("two", ADMINISTRATORS)
def test_nobody_is_two_of_the_three_administrators(one, two):
    expected = ["ROLE_HELD"] if one == two else ["ADMINISTRATORS_EXCLUDE"]
    assert grant(two, held=[holds(one)]) == expected


def test_an_administrator_may_become_another_one_after_the_first_has_ended():
    before = holds(roles.SYSTEM_ADMIN, end=TODAY - timedelta(days=1))
    assert grant(roles.SECURITY_ADMIN, held=[before]) == []
    assert grant(roles.SECURITY_ADMIN, held=[holds(roles.SYSTEM_ADMIN, end=TODAY)]) == ["ADMINISTRATORS_EXCLUDE"]


def test_an_unknown_role_hides_no_other_reason():
    assert grant("king", end=TODAY - timedelta(days=1)) == ["ROLE_UNKNOWN", "ENDS_BEFORE_START"]


def test_all_reasons_against_a_grant_are_told_at_once():
    told = grant(
        roles.SECURITY_ADMIN,
        held=[holds(roles.SYSTEM_ADMIN, start=TODAY - timedelta(days=9))],
        end=TODAY - timedelta(days=1),
        to_oneself=True,
    )
    assert grant(roles.SECURITY_ADMIN, end=TODAY) == [], "one day is a period"
    assert told == ["GRANT_TO_ONESELF", "ENDS_BEFORE_START", "ADMINISTRATORS_EXCLUDE"]


def test_a_role_that_does_not_exist_is_refused():
    assert grant("king") == ["ROLE_UNKNOWN"]


def test_periods_that_share_one_day_overlap():
    day = timedelta(days=1)
    assert rules.overlaps(TODAY, TODAY + day, TODAY + day, None)
    assert rules.overlaps(TODAY + day, None, TODAY, TODAY + day)
    assert not rules.overlaps(TODAY, TODAY, TODAY + day, None)
    assert not rules.overlaps(TODAY + day, None, TODAY, TODAY)


@given(days, st.none() | days, days, st.none() | days, days)
def test_two_periods_overlap_when_they_share_a_day(a, a_end, b, b_end, day):
    in_both = a <= day <= (a_end or date.max) and b <= day <= (b_end or date.max)
    if in_both:
        assert rules.overlaps(a, a_end, b, b_end)
    if (a_end or date.max) >= a and (b_end or date.max) >= b and rules.overlaps(a, a_end, b, b_end):
        shared = max(a, b)
        assert a <= shared <= (a_end or date.max)
        assert b <= shared <= (b_end or date.max)


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)))
def test_one_is_a_minor_until_the_eighteenth_birthday(birth):
    of_age = rules.adult_from(birth)
    assert rules.is_minor(birth, of_age - timedelta(days=1))
    assert not rules.is_minor(birth, of_age)


def test_whoever_was_born_on_29_february_comes_of_age_on_1_march():
    assert rules.adult_from(date(2008, 2, 29)) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("kind", "name", "birth", "shown"),
    [
        ("person", "张晓", date(1990, 3, 7), "张*"),
        ("person", "𠮷野䶮", date(1978, 11, 30), "𠮷*䶮"),
        ("person", "张小满", date(2019, 4, 2), "***"),
        ("person", "张", date(2019, 4, 2), "**"),
        ("person", "张小满", None, "张*满"),
        ("person", "张小满", date(2012, 11, 25), "***"),
        ("person", "张小满", date(2012, 11, 24), "张*满"),
        ("company", "深圳演示小店餐饮有限公司", None, "深圳演示小店餐饮有限公司"),
    ],
)
def test_names_are_masked_and_those_of_small_children_hidden_whole(kind, name, birth, shown):
    assert rules.masked_name(kind, name, birth, TODAY) == shown


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("correct horse 4 battery", []),
        ("密码里有汉字和数字2026", []),
        ("short1", ["PASSWORD_LENGTH"]),
        ("onlyletters", ["PASSWORD_TOO_PLAIN"]),
        ("1234567890", ["PASSWORD_TOO_PLAIN"]),
        ("LiNa-2026-x", ["PASSWORD_HAS_NAME"]),
        ("lina", ["PASSWORD_LENGTH", "PASSWORD_TOO_PLAIN", "PASSWORD_HAS_NAME"]),
        ("a1" * 64, []),
        ("a1" * 64 + "a", ["PASSWORD_LENGTH"]),
        ("a234567890", []),
        ("a23456789", ["PASSWORD_LENGTH"]),
    ],
)
def test_a_bad_password_is_told_everything_at_once(password, reasons):
    assert codes(rules.judge_password(password, "lina")) == reasons
    if "PASSWORD_HAS_NAME" not in reasons:
        assert codes(rules.judge_password(password, "")) == reasons, "whoever has no user name has none in the password"


def agency(**more):
    wanted = {
        "same": False,
        "agent_kind": "person",
        "agent_birth": date(1990, 1, 1),
        "principal_birth": date(1980, 1, 1),
        "by_guardian": False,
        "valid_from": TODAY,
        "valid_to": TODAY + timedelta(days=30),
        "today": TODAY,
        **more,
    }
    return codes(rules.judge_agency(**wanted))


@pytest.mark.parametrize(
    ("case", "reasons"),
    [
        ({}, []),
        ({"same": True}, ["AGENT_IS_PRINCIPAL"]),
        ({"agent_kind": "company"}, ["AGENT_NOT_A_PERSON"]),
        ({"agent_birth": date(2010, 1, 1)}, ["AGENT_UNDER_AGE"]),
        ({"principal_birth": date(2019, 4, 2)}, ["PRINCIPAL_UNDER_AGE"]),
        ({"principal_birth": date(2019, 4, 2), "by_guardian": True}, []),
        ({"principal_birth": None}, []),
        ({"valid_to": TODAY - timedelta(days=1), "valid_from": TODAY - timedelta(days=9)}, ["ENDS_IN_THE_PAST"]),
        ({"valid_to": TODAY - timedelta(days=1)}, ["ENDS_BEFORE_START"]),
        ({"valid_to": TODAY}, []),
        ({"valid_to": TODAY, "valid_from": TODAY - timedelta(days=9)}, []),
        ({"valid_to": TODAY + timedelta(days=1098)}, []),
        ({"valid_to": TODAY + timedelta(days=1099)}, ["AGENCY_TOO_LONG"]),
        ({"valid_to": date(2036, 1, 1)}, ["AGENCY_TOO_LONG"]),
        ({"agent_birth": date(2010, 1, 1), "valid_to": date(2036, 1, 1)}, ["AGENT_UNDER_AGE", "AGENCY_TOO_LONG"]),
    ],
)
def test_who_may_be_whose_agent_and_for_how_long(case, reasons):
    assert agency(**case) == reasons


def guardian(**more):
    wanted = {
        "same": False,
        "guardian_birth": date(1990, 1, 1),
        "ward_birth": date(2019, 4, 2),
        "declared": False,
        "basis": "出生医学证明",
        "today": TODAY,
        **more,
    }
    return codes(rules.judge_guardian(**wanted))


@pytest.mark.parametrize(
    ("case", "reasons"),
    [
        ({}, []),
        ({"ward_birth": date(1950, 1, 1)}, ["WARD_OF_AGE"]),
        ({"ward_birth": date(1950, 1, 1), "declared": True}, []),
        ({"guardian_birth": date(2010, 1, 1)}, ["GUARDIAN_UNFIT"]),
        ({"same": True, "basis": "  "}, ["GUARDIAN_UNFIT", "BASIS_MISSING"]),
    ],
)
def test_a_guardian_is_for_minors_or_those_whom_a_court_declared(case, reasons):
    assert guardian(**case) == reasons


def test_a_minors_guardianship_ends_the_day_before_coming_of_age():
    assert rules.guardianship_ends(date(2019, 4, 2), TODAY) == date(2037, 4, 1)
    assert rules.guardianship_ends(date(1950, 4, 2), TODAY) is rules.guardianship_ends(None, TODAY) is None


@pytest.mark.parametrize(
    ("reason", "fine"),
    [
        ("核对证件信息", True),
        ("核对证件", True),
        ("对证件", False),
        ("", False),
        ("。。。。。。", False),
        ("看 看", False),
    ],
)
def test_a_reason_is_more_than_a_keystroke(reason, fine):
    assert (rules.judge_reason(reason) == []) == fine


@pytest.mark.parametrize(
    ("owner", "renews"),
    [
        (set(), roles.SYSTEM_ADMIN),
        ({roles.INTAKE_CLERK, roles.REVIEWER}, roles.SYSTEM_ADMIN),
        ({roles.SYSTEM_ADMIN}, roles.SECURITY_ADMIN),
        ({roles.SECURITY_AUDITOR, roles.REVIEWER}, roles.SECURITY_ADMIN),
        ({roles.SECURITY_ADMIN}, roles.SECURITY_AUDITOR),
        ({roles.SECURITY_ADMIN, roles.SYSTEM_ADMIN}, roles.SECURITY_AUDITOR),
    ],
)
def test_nobody_renews_the_password_of_who_watches_them(owner, renews):
    assert rules.renewer_of(owner) == renews


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, []),
        ({"name": ""}, ["NAME_MISSING"]),
        ({"name": "王" * 60}, []),
        ({"name": "王" * 61}, ["NAME_MISSING"]),
        ({"staff_no": "A" * 20}, []),
        ({"staff_no": "A" * 21}, ["STAFF_NO_FORMAT"]),
        ({"staff_no": "甲1"}, ["STAFF_NO_FORMAT"]),
        ({"username": "l2"}, []),
        ({"username": "l"}, ["USERNAME_FORMAT"]),
        ({"username": "Lina"}, ["USERNAME_FORMAT"]),
        ({"username": "l" * 31}, ["USERNAME_FORMAT"]),
        ({"window": "A-000008"}, []),
        ({"window": "A-0000009"}, ["WINDOW_FORMAT"]),
        (
            {"name": "", "staff_no": "", "username": "", "window": "123456789"},
            ["NAME_MISSING", "STAFF_NO_FORMAT", "USERNAME_FORMAT", "WINDOW_FORMAT"],
        ),
    ],
)
def test_the_particulars_of_staff(changes, reasons):
    given = {"name": "李娜", "staff_no": "LH-001", "username": "lina", "window": "A03", **changes}
    assert codes(rules.judge_staff(**given)) == reasons


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ("name@example.com", True),
        ("ｎａｍｅ＠example.com", True),
        ("a" * 64 + "@example.com", True),
        ("a" * 65 + "@example.com", False),
        ("a@" + ("b" * 60 + ".") * 4 + "bbbb.com", True),  # 254 characters
        ("a@" + ("b" * 60 + ".") * 4 + "bbbbb.com", False),
        ("name@example", False),
        ("@example.com", False),
        ("name", False),
        ("", False),
    ],
)
def test_an_email_address_is_whole_and_not_too_long(typed, fine):
    assert codes(rules.check_email(typed)) == ["EMAIL_FORMAT"] * (not fine)


def test_what_people_type_is_read_in_one_spelling():
    assert rules.fold(" Ｌｉ\u200bＮａ ") == "LiNa"
    assert rules.fold("Ⅳ\uf900") == "Ⅳ\uf900", "a name keeps the character it is written with"
    assert rules.normalise_username("ＬＩ Na") == "lina"
    assert rules.normal_email("Name@Example.COM") == "Name@example.com"


def test_how_often_somebody_may_try():
    """Whoever changes one of these figures changes what keeps guessers out, and says so here."""
    minutes, hour, day = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
    budgets = {value.scope: value for value in vars(rules).values() if isinstance(value, Budget)}
    assert {scope: (one.limit, one.span, one.renew) for scope, one in budgets.items()} == {
        "code.phone": (5, day, False),
        "code.email": (5, day, False),
        "code.address": (60, hour, False),
        "code.all": (600, timedelta(minutes=10), False),
        "code.tries": (100, hour, False),
        "password.pair": (5, minutes, True),
        "password.account": (20, minutes, True),
        "password.address": (100, minutes, False),
    }
    assert (timedelta(minutes=5), timedelta(seconds=60)) == (rules.CODE_LIFE, rules.CODE_WAIT)
    assert rules.CODE_TRIES == 5
