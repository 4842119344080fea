"""What a checked file or number is worth, and who may take a result: without a database."""

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
