"""共同签署, by the rule alone: who may ask, what is over, what is no signature."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yichuang.cases.cosigning import SignatureState, SigningState, digest_of
from yichuang.cases.rules.signing import MOST, Before, why_closed, why_not_ask, why_not_sign
from yichuang.catalog.values import NamedSigner

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
END = NOW + timedelta(days=7)
ZHANG, LI = NamedSigner("44030319900307900X", "张晓", (), ()), NamedSigner("440303198808089006", "李娜", (), ())
WAITS = Before(SignatureState.ASKED, SigningState.OPEN, END, "李娜")
RIGHT: dict[str, Any] = {"name": "李娜", "mark": "m", "read": "m", "agreed": True}


def codes(reasons: Any) -> list[str]:
    return [one.code for one in reasons]


@pytest.mark.parametrize(
    ("signers", "number", "name", "why"),
    [
        ([ZHANG, LI], ZHANG.number, "张晓", []),
        ([ZHANG, LI], ZHANG.number.lower(), " 张晓 ", []),
        ([ZHANG], ZHANG.number, "张晓", ["NOBODY_ELSE"]),
        ([], ZHANG.number, "张晓", ["NOBODY_ELSE"]),
        ([LI], ZHANG.number, "张晓", ["NOT_A_SIGNER"]),
        ([ZHANG, LI], ZHANG.number, "张小小", ["NAME_DIFFERS"]),
        ([ZHANG, LI], "440303198001010001", "陌生人", ["NOT_A_SIGNER"]),
        ([ZHANG, *[LI] * (MOST - 1)], ZHANG.number, "张晓", []),
        ([ZHANG, *[LI] * MOST], ZHANG.number, "张晓", ["TOO_MANY_SIGNERS"]),
        ([LI] * (MOST + 1), ZHANG.number, "张晓", ["NOT_A_SIGNER", "TOO_MANY_SIGNERS"]),
    ],
)
def test_who_may_ask_for_signatures(signers: list[NamedSigner], number: str, name: str, why: list[str]) -> None:
    assert codes(why_not_ask(signers, number, name)) == why


@pytest.mark.parametrize(
    ("before", "at", "why"),
    [
        (WAITS, NOW, []),
        (WAITS, END - timedelta(microseconds=1), []),
        (WAITS, END, ["SIGNING_OVER"]),
        (replace(WAITS, signing=SigningState.VOID), NOW, ["SIGNING_OVER"]),
        (replace(WAITS, state=SignatureState.SIGNED), NOW, ["SIGNED_ALREADY"]),
        (replace(WAITS, state=SignatureState.REFUSED), NOW, ["SIGNED_ALREADY"]),
    ],
)
def test_what_is_over_is_neither_signed_nor_refused(before: Before, at: datetime, why: list[str]) -> None:
    assert codes(why_closed(before, at)) == why


def test_what_is_over_says_how_it_ended() -> None:
    (void,), (late,) = why_closed(replace(WAITS, signing=SigningState.VOID), NOW), why_closed(WAITS, END)
    assert "内容改过" in void.words.zh
    assert "到期" in late.words.zh
    (signed,) = why_closed(replace(WAITS, state=SignatureState.SIGNED), NOW)
    assert "已签署" in signed.words.zh


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, []),
        ({"name": "李那"}, ["NAME_DIFFERS"]),
        ({"read": "n"}, ["CHANGED"]),
        ({"agreed": False}, ["NOT_READ"]),
        ({"name": "李那", "read": "", "agreed": False}, ["NAME_DIFFERS", "CHANGED", "NOT_READ"]),
    ],
)
def test_a_signature_is_of_the_one_who_is_named_on_what_was_read(wrong: dict[str, Any], why: list[str]) -> None:
    assert codes(why_not_sign(WAITS, **(RIGHT | wrong))) == why


def test_the_mark_follows_the_content_and_nothing_else() -> None:
    mark = digest_of({"a": "1"}, {"x": 1, "y": [1, 2]}, {"paper": ["b", "a"], "none": []})
    assert mark == digest_of({"a": "1"}, {"y": [1, 2], "x": 1}, {"paper": ["a", "b"]})
    assert len({mark, digest_of({"a": "2"}, {"x": 1, "y": [1, 2]}, {"paper": ["a", "b"]}),
                digest_of({"a": "1"}, {"x": 1, "y": [2, 1]}, {"paper": ["a", "b"]}),
                digest_of({"a": "1"}, {"x": 1, "y": [1, 2]}, {"paper": ["a"]})}) == 4  # fmt: skip
