"""一次性告知 is computed and complete; 容缺受理 opens only where it may."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.cases.rules.acceptance import (
    Accept,
    AcceptOnPromise,
    Finding,
    Needed,
    TellGaps,
    acceptance_date,
    find_gaps,
    guard_second_notice,
    judge_acceptance,
    last_day_to_sign,
    may_deem,
    short_of_pages,
)
from yichuang.cases.values import MaterialState
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

PLAIN = Calendar({}, frozenset({2026}))
FRIDAY = date(2026, 4, 3)
ID = Needed("id", W("身份证", "Identity card"), True, False, 0)
PHOTO = Needed("photo", W("犬只照片", "Photograph of the dog"), True, True, 5)
LEASE = Needed("lease", W("租赁合同", "Lease"), True, True, 3)
EXTRA = Needed("extra", W("其他说明", "Remarks"), False, False, 0)
ALL = (ID, PHOTO, LEASE, EXTRA)
OK = Finding(MaterialState.PROVIDED)


def test_a_paper_with_fewer_pages_than_asked_is_faulty_and_says_how_many():
    short = short_of_pages(OK, pages=1, least=2)
    assert short.state is MaterialState.FAULTY
    assert short.fault == W(
        "只有 1 页（张），应有 2 页（张）以上", "Only 1 page(s) or picture(s) came; at least 2 are asked for"
    )


@pytest.mark.parametrize(
    ("state", "pages"),
    [("provided", 2), ("provided", 3), ("provided", 0), ("checked", 1), ("held", 0), ("missing", 0), ("faulty", 1)],
)
def test_pages_are_no_matter_once_enough_came_or_a_clerk_looked_or_nothing_was_uploaded(state, pages):
    found = Finding(MaterialState(state))
    assert short_of_pages(found, pages=pages, least=2) is found


def judge(*provided, signed=False, barred=False, limit=5, faulty=()):
    found = dict.fromkeys(provided, OK) | {code: Finding(MaterialState.FAULTY, W("模糊", "Blurred")) for code in faulty}
    return judge_acceptance(
        needed=ALL,
        found=found,
        promise_signed=signed,
        barred=barred,
        today=FRIDAY,
        days={m.code: PLAIN.add(FRIDAY, min(m.promise_days, limit)) for m in ALL if m.tolerable},
    )


def test_all_required_papers_must_be_accepted():
    assert judge("id", "photo", "lease") == Accept()


def test_secondary_papers_may_follow_on_a_signed_promise_each_by_its_day():
    verdict = judge("id", signed=True)
    assert isinstance(verdict, AcceptOnPromise)
    assert [gap.material for gap in verdict.gaps] == ["photo", "lease"]
    assert verdict.days == {"photo": date(2026, 4, 10), "lease": date(2026, 4, 8)}
    assert verdict.due_date == date(2026, 4, 8)


@pytest.mark.parametrize(
    ("kwargs", "word"),
    [
        ({"signed": False}, "承诺书"),
        ({"signed": True, "barred": True}, "失信"),
        ({"signed": True, "limit": 0}, "当场办结"),
    ],
)
def test_without_a_promise_a_clean_record_or_time_nothing_may_follow(kwargs, word):
    verdict = judge("id", **kwargs)
    assert isinstance(verdict, TellGaps)
    assert any(word in why.zh for why in verdict.why_no_promise)


def test_a_missing_main_paper_hinders_the_promise_and_every_gap_is_told():
    verdict = judge("photo", signed=True, faulty=["lease"])
    assert isinstance(verdict, TellGaps)
    assert [(gap.material, gap.fault) for gap in verdict.gaps] == [("id", "missing"), ("lease", "faulty")]


@given(st.sets(st.sampled_from([m.code for m in ALL])), st.booleans(), st.booleans())
def test_the_notice_names_exactly_what_is_required_and_not_there(provided, signed, barred):
    verdict = judge(*provided, signed=signed, barred=barred)
    missing = {m.code for m in ALL if m.required} - provided
    assert (verdict == Accept()) == (not missing)
    if missing:
        assert {gap.material for gap in verdict.gaps} == missing


def test_a_second_notice_may_name_a_told_paper_as_faulty_but_nothing_new():
    first = find_gaps(ALL, {"id": OK, "lease": OK})
    again = find_gaps(ALL, {"id": OK, "photo": Finding(MaterialState.FAULTY), "lease": OK})
    assert guard_second_notice(first, again).materials == ()
    new = find_gaps(ALL, {"id": Finding(MaterialState.FAULTY), "photo": OK, "lease": OK})
    assert guard_second_notice(first, new).materials == ("id",)


def test_the_day_of_acceptance_follows_corrections_then_silence_then_today():
    today, received, corrected = date(2026, 4, 10), date(2026, 4, 1), date(2026, 4, 8)
    assert acceptance_date(today=today, received=received, corrected=None, deemed=False) == today
    assert acceptance_date(today=today, received=received, corrected=None, deemed=True) == received
    assert acceptance_date(today=today, received=received, corrected=corrected, deemed=False) == corrected


@pytest.mark.parametrize(
    ("permit", "today", "deemed"),
    [(True, date(2026, 4, 10), False), (True, date(2026, 4, 11), True), (False, date(2026, 5, 1), False)],
)
def test_silence_means_acceptance_for_permits_only_after_five_working_days(permit, today, deemed):
    assert may_deem(is_permit=permit, received=FRIDAY, corrected=None, today=today, calendar=PLAIN, limit=5) is deemed


def test_a_notice_says_what_is_wrong_in_the_clerks_words_or_at_least_that_it_is():
    found = {
        "id": Finding(MaterialState.FAULTY, W("模糊", "Blurred")),
        "photo": Finding(MaterialState.FAULTY),
        "lease": OK,
    }
    blurred, other = find_gaps(ALL, found)
    assert blurred.words == W("模糊", "Blurred")
    assert "不符合要求" in other.words.zh


def test_a_paper_that_could_not_be_fetched_is_missing_and_the_notice_says_why():
    why = W("系统暂时没有回应", "The system gave no answer")
    fetched, plain = find_gaps((ID, PHOTO), {"id": Finding(MaterialState.MISSING, why)})
    assert fetched.words == W(
        "缺少“身份证”（系统没有取到：系统暂时没有回应）",
        "“Identity card” is missing (we could not fetch it: The system gave no answer)",
    )
    assert plain.words == W("缺少“犬只照片”", "“Photograph of the dog” is missing")


def test_an_offered_promise_is_signed_before_the_last_day_to_answer():
    given = {"calendar": PLAIN, "limit": 5}
    assert last_day_to_sign(received=FRIDAY, corrected=None, **given) == date(2026, 4, 9)
    assert last_day_to_sign(received=FRIDAY, corrected=date(2026, 4, 8), **given) == date(2026, 4, 14)
