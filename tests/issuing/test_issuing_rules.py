"""What a checked file or number is worth, and who may take a result: without a database."""

from datetime import date
from typing import get_args

import pytest

from yichuang.core.words import W
from yichuang.issuing import rules
from yichuang.issuing.values import Verdict
from yichuang.registry.values import VALIDITY_WORDS

RECEIVER, APPLICANT, AGENT = "110105194912310021", "11010519491231002X", "440524188001010014"


def test_what_a_genuine_certificate_is_called_in_public():
    called = {validity: rules.verdict_of(validity) for validity in VALIDITY_WORDS}
    assert {validity for validity, verdict in called.items() if verdict == "valid"} == {"valid"}
    assert {validity for validity, verdict in called.items() if verdict == "expired"} == {"expired", "not_yet"}
    assert set(called.values()) == {"valid", "expired", "revoked"}


def test_every_verdict_has_words():
    assert set(rules.VERDICT_WORDS) == set(get_args(Verdict))


@pytest.mark.parametrize(
    ("verdict", "validity", "said"),
    [
        ("valid", "valid", W("真实有效，与签发时一致", "Genuine and in force")),
        ("valid", None, W("真实有效，与签发时一致", "Genuine and in force")),
        (
            "revoked",
            "cancelled",
            W("曾经真实签发，现已失去效力（已注销）", "Once genuinely issued, but no longer in force (Cancelled)"),
        ),
        (
            "expired",
            "not_yet",
            W("真实，但不在有效期内（尚未生效）", "Genuine, but not within its term (Not yet in force)"),
        ),
        ("altered", "cancelled", rules.VERDICT_WORDS["altered"]),
        ("unknown", "expired", rules.VERDICT_WORDS["unknown"]),
        ("expired", None, rules.VERDICT_WORDS["expired"]),
    ],
)
def test_the_exact_status_is_told_where_it_says_more(verdict, validity, said):
    assert rules.sentence(verdict, validity) == said


@pytest.mark.parametrize(
    ("identity", "taker"),
    [(RECEIVER, "receiver"), (APPLICANT, "applicant"), (AGENT, "agent"), ("11010519491231003X", None), ("", None)],
)
def test_a_result_is_taken_by_a_party_of_the_case(identity, taker):
    parties = [("receiver", RECEIVER), ("applicant", APPLICANT), ("agent", AGENT), ("agent", "")]
    assert rules.who_takes(identity, parties) == taker
    assert rules.who_takes(identity, []) is None


def test_who_is_two_of_the_parties_takes_it_as_the_first():
    assert rules.who_takes(APPLICANT, [("receiver", APPLICANT), ("applicant", APPLICANT)]) == "receiver"


@pytest.mark.parametrize(
    ("told", "name", "fits"),
    [
        ("张晓", "张晓", True),
        (" 张 晓 ", "张晓", True),
        ("阿卜杜拉麦麦提江", "阿卜杜拉·麦麦提江", True),
        ("阿卜杜拉•麦麦提江", "阿卜杜拉・麦麦提江", True),
        ("JOHN SMITH", "John Smith", True),
        ("张", "张晓", False),
        ("张晓晓", "张晓", False),
        ("", "", False),
        (" · ", "·", False),
        ("", "张晓", False),
    ],
)
def test_beside_a_pick_up_code_the_whole_name_is_told(told, name, fits):
    assert rules.same_name(told, name) is fits


def test_five_wrong_codes_are_enough_and_no_paper_of_ours_is_beyond_twenty_megabytes():
    assert (rules.PICKUP_TRIES, rules.MAX_FILE) == (5, 20_971_520)


@pytest.mark.parametrize(
    ("old_paper", "reason", "fault"),
    [
        ("returned", "", None),
        ("returned", "窗口收回", None),
        ("lost", "地铁上丢失", None),
        ("destroyed", "x" * 500, None),
        ("destroyed", "x" * 501, "WHY_NOT_BACK"),
        ("returned", "x" * 501, "WHY_NOT_BACK"),
        ("lost", "", "WHY_NOT_BACK"),
        ("lost", "   ", "WHY_NOT_BACK"),
        ("", "地铁上丢失", "OLD_PAPER_NEEDED"),
        ("eaten", "", "OLD_PAPER_NEEDED"),
    ],
)
def test_an_old_paper_that_does_not_come_back_needs_a_reason(old_paper, reason, fault):
    assert [one.code for one in rules.old_paper_faults(old_paper, reason)] == ([fault] if fault else [])


TODAY = date(2026, 11, 24)
OVER = date(2026, 11, 23)


def appraised(**changes):
    given = {"outcome": "extend", "reason": "仍需查考", "until": date(2030, 1, 1), "kept_until": OVER, "held": ()}
    return [one.code for one in rules.appraisal_faults(**given | changes, today=TODAY)]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"kept_until": None}, ["KEPT_FOR_EVER"]),
        ({"kept_until": TODAY}, ["NOT_DUE"]),
        ({"reason": "  "}, ["WHY_NEEDED"]),
        ({"until": None}, ["UNTIL_WHEN"]),
        ({"until": TODAY}, ["UNTIL_WHEN"]),
        ({"until": date(2026, 11, 25)}, []),
        ({"until": date(2056, 11, 24)}, []),
        ({"until": date(2056, 11, 25)}, ["UNTIL_WHEN"]),
        ({"outcome": "destroy", "until": None}, []),
        ({"outcome": "destroy", "until": None, "held": (W("证照仍在有效期内", "Still in force"),)}, ["FILE_HELD"]),
        ({"held": (W("证照仍在有效期内", "Still in force"),)}, []),  # it is kept longer: nothing is lost
        (
            {"kept_until": TODAY, "reason": "", "until": None},
            ["NOT_DUE", "WHY_NEEDED", "UNTIL_WHEN"],
        ),
    ],
)
def test_a_file_is_appraised_when_its_term_is_over_with_a_reason_and_a_day_that_fits(changes, faults):
    assert appraised(**changes) == faults


def test_thirty_years_on_from_a_leap_day_end_with_february():
    given = {
        "outcome": "extend",
        "reason": "仍需查考",
        "kept_until": date(2028, 2, 28),
        "held": (),
        "today": date(2028, 2, 29),
    }
    assert rules.appraisal_faults(**given, until=date(2058, 2, 28)) == []
    assert [one.code for one in rules.appraisal_faults(**given, until=date(2058, 3, 1))] == ["UNTIL_WHEN"]


def test_every_reason_why_a_file_is_held_is_told():
    held = [W("证照仍在有效期内", "Still in force"), W("有未结的诉讼", "A lawsuit is open")]
    assert [(one.code, one.words) for one in rules.held_by(held)] == [("FILE_HELD", words) for words in held]
