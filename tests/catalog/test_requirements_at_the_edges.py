"""What an item asks, with each part of a pack changed by hand: the words beside a paper, limits, files, and what is unknown."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from tests.catalog.dog import complete, dog_pack

from yichuang.catalog import rules
from yichuang.catalog.values import Condition, FileRule, Limit, LimitVariant, Pack, Requirements
from yichuang.core.words import W, Words
from yichuang.engine.values import compile_expression

DOG = dog_pack()
(OWNER,) = (material for material in DOG.materials if material.code == "owner_id")
PAPER = replace(OWNER, when=None, when_words=None, replaces=None, replaces_name=None)
TYPE = "11100000000013338W001"
ITS_OWN = replace(DOG, limit_variants=(), legal_limit=Limit(20, "workday"), promise_limit=Limit(5, "workday"))


def asked(pack: Pack, **facts: Any) -> Requirements:
    given = complete()
    return rules.requirements_for(pack, given.answers, given.form, {"today": date(2026, 2, 13)} | facts)


def paper(**changes: Any) -> Any:
    held = changes.pop("certificates", ())
    (found,) = asked(replace(DOG, materials=(replace(PAPER, **changes),)), certificates=held).materials
    return found


# ── the paper and the words beside it ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "本事项必须提交"),
        ({"necessity": "secondary"}, "本事项必须提交"),
        ({"necessity": "optional"}, "自愿提交"),
        ({"when_words": W("单位申请", "organisations")}, "单位申请"),
        ({"when": compile_expression("nobody.knows = 1")}, "可能需要，看您还没填的内容"),
        (
            {"when": compile_expression("nobody.knows = 1"), "when_words": W("单位申请", "organisations")},
            "可能需要，看您还没填的内容（单位申请）",
        ),
        ({"replaces": TYPE, "certificates": [TYPE]}, f"{PAPER.name.zh}已在证照库中，免提交"),
        (
            {"replaces": TYPE, "certificates": [TYPE], "replaces_name": W("身份证", "ID card")},
            "身份证已在证照库中，免提交",
        ),
        ({"replaces": TYPE, "certificates": ["another"]}, "本事项必须提交"),
    ],
)
def test_each_paper_says_why_it_is_asked_for(changes: dict[str, Any], why: str) -> None:
    assert paper(**changes).why.zh == why


def test_what_a_register_holds_need_not_follow_later() -> None:
    assert paper(necessity="secondary").tolerable
    assert not paper().tolerable
    held = paper(necessity="secondary", replaces=TYPE, certificates=[TYPE])
    assert (held.held, held.tolerable) == (True, False)
    assert not paper(certificates=[None]).held, "a paper that nothing replaces is held by nobody"


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────

YES, NO = compile_expression("1 = 1"), compile_expression("1 = 2")
UNKNOWN = compile_expression("nobody.knows = 1")
SHORT, SHORTER = Limit(9, "workday"), Limit(3, "workday")


@pytest.mark.parametrize(
    ("variants", "limits"),
    [
        ([], (20, 5)),
        ([(YES, SHORT, SHORTER)], (9, 3)),
        ([(YES, None, SHORTER)], (20, 3)),
        ([(YES, SHORT, None)], (9, 5)),
        ([(NO, SHORT, SHORTER)], (20, 5)),
        ([(UNKNOWN, SHORT, SHORTER)], (20, 5)),
        ([(NO, SHORTER, SHORTER), (YES, SHORT, SHORT), (YES, SHORTER, SHORTER)], (9, 9)),
    ],
)
def test_the_first_variant_that_surely_holds_sets_the_limits(variants: list[Any], limits: tuple[int, int]) -> None:
    found = asked(replace(ITS_OWN, limit_variants=tuple(LimitVariant(*one, W("", "")) for one in variants)))
    assert (found.legal.amount, found.promise.amount) == limits
    assert found.path == "promise"


def test_what_is_decided_on_the_spot_is_not_once_papers_follow() -> None:
    at_once = LimitVariant(YES, None, Limit(0, "instant"), W("", ""))
    found = asked(replace(ITS_OWN, limit_variants=(at_once,)))
    assert (found.path, found.promise_with_gaps) == ("instant", Limit(5, "workday"))
    assert rules.limit_with_gaps(ITS_OWN, SHORTER) == SHORTER


# ── conditions ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_condition_that_fails_says_its_refusal_and_one_that_nobody_knows_goes_to_a_person() -> None:
    def judged(check: Any, refusal: Words | None) -> list[str]:
        condition = Condition("X", W("须有住所", "a home"), check, refusal)
        found = asked(replace(DOG, conditions=(condition,)))
        return [reason.words.zh for reason in (*found.blocked, *found.undecided)]

    assert judged(NO, W("没有住所", "no home")) == ["没有住所"]
    assert judged(NO, None) == ["须有住所"]
    assert judged(UNKNOWN, W("没有住所", "no home")) == ["需要工作人员核实：须有住所"]
    assert judged(YES, None) == judged(None, None) == []


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Sent:
    kind: str
    name: str = "a"
    size: int = 1000


@pytest.mark.parametrize(
    ("kinds", "taken"),
    [
        (("pdf",), {"pdf"}),
        (("jpg",), {"jpg", "webp"}),
        (("png",), {"png", "webp"}),
        (("jpeg",), {"jpg", "webp"}),
        (("heic",), {"jpg", "webp"}),
        (("pdf", "png"), {"pdf", "png", "webp"}),
    ],
)
def test_the_kinds_of_files_that_a_paper_may_be(kinds: tuple[str, ...], taken: set[str]) -> None:
    sent = ("pdf", "jpg", "png", "webp", "ofd")
    fits = {kind for kind in sent if not rules.file_faults(FileRule(kinds=kinds), [Sent(kind)], field="/m")}
    assert fits == taken


def test_as_many_files_as_the_rule_allows() -> None:
    rule = FileRule(most=2)
    assert rules.file_faults(rule, [Sent("pdf")], field="/m", had=1) == []
    assert len(rules.file_faults(rule, [Sent("pdf")], field="/m", had=2)) == 1


# ── what conditions are asked over ────────────────────────────────────────────────────────────────────────────────

SCHEMA = {
    "properties": {
        "dog": {
            "properties": {
                "born": {"type": "string", "format": "date"},
                "name": {"type": "string"},
                "chip": {"type": "string"},
                "shots": {"items": {"type": "string", "format": "date"}},
            },
            "required": ["name"],
        }
    },
    "required": ["dog"],
}


def typed(form: Any, **conditions: Any) -> Any:
    shown = {pointer.replace("__", "/"): check for pointer, check in conditions.items()}
    return rules.typed_values(replace(DOG, form=SCHEMA, form_conditions=shown), {}, form, {})["form"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-02-13", date(2026, 2, 13)),
        ("2026-2-3", date(2026, 2, 3)),
        ("2026-02-1", date(2026, 2, 1)),
        ("2026-W07-5", "2026-W07-5"),
        ("20260213", "20260213"),
        ("2026-02-30", "2026-02-30"),
        ("soon", "soon"),
    ],
)
def test_days_are_compared_as_days_and_what_is_none_stays_a_text(text: str, value: Any) -> None:
    assert typed({"dog": {"born": text, "name": text, "shots": [text]}})["dog"] == {
        "born": value, "name": text, "chip": None, "shots": [value]
    }  # fmt: skip


def test_what_was_left_empty_beside_others_is_known_to_be_nothing_and_what_is_required_is_not() -> None:
    assert typed({"dog": {"chip": "", "born": None}})["dog"] == {"born": None, "chip": None, "shots": None}
    assert typed({}) == {}


def test_a_field_that_is_not_shown_is_known_to_be_nothing() -> None:
    assert typed({"dog": {"chip": "1"}}, __dog__name=NO)["dog"]["name"] is None
    assert typed({"dog": {"name": "豆豆"}}, __dog__name=NO)["dog"]["name"] == "豆豆", "what was written stays"
    for check in (YES, UNKNOWN):
        assert "name" not in typed({"dog": {"chip": "1"}}, __dog__name=check)["dog"]
    assert typed({"dog": "none"}, __dog__name__first=NO) == {"dog": "none"}
    assert typed({}, __cat__name=NO) == {}
    assert typed({"dog": {"cat": {"name": {}}}}, __dog__cat__name__first=NO)["dog"]["cat"] == {"name": {"first": None}}


def test_a_question_that_is_not_asked_is_shortened_in_the_answer() -> None:
    (_, reason) = sorted(rules.check_answers(DOG, {"x" * 60: "1"}), key=lambda reason: reason.code)
    assert "“" + "x" * 40 + "”" in reason.words.zh
