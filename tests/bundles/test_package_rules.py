"""Whether a package fits, what several items demand of a field, what differs between two versions, and when results must go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.bundles.sample import BANK, LICENCE, PACKAGE, SCHEMAS, SEAL, form, group, text
from tests.engine.processes import bpmn, work

from yichuang.bundles.rules.compare import PackageChange, changes
from yichuang.bundles.rules.delivery import CHOICES, LONGEST, Handover, must_go, waiting, words_of
from yichuang.bundles.rules.demands import Demand, meet
from yichuang.bundles.rules.demands import words_of as demand_words
from yichuang.bundles.rules.form import (
    PROMISES,
    answers_for,
    demands_of,
    gathered,
    home_of,
    look,
    one_form,
    only,
    part_of,
    put,
    read,
    taken_of,
    whole_of,
    without,
)
from yichuang.bundles.rules.package import BPMN, YAML, faults_of
from yichuang.bundles.rules.refusal import Fate
from yichuang.bundles.values import Group, PackagePromise, SharedField, SharedPaper, SharedQuestion, Slot
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar
from yichuang.engine.values import parse_process

LICENCE_SLOT, SEAL_SLOT, BANK_SLOT = PACKAGE.slots
QUESTIONS = {
    "licence": {"agent": frozenset({"yes", "no"})},
    "seal": {"by": frozenset({"yes", "no"}), "kind": frozenset({"first", "second"})},
    "bank": {},
}
MATERIALS = {"licence": frozenset({"id", "lease"}), "seal": frozenset({"id"}), "bank": frozenset[str]()}


def process(*slots: str, caught: int = 9, catch: str = "refused", asked: bool = False) -> bytes:
    """One service task after the other, the first ones with an error event on them."""
    lines, before = ["start s", "end e"], "s"
    for at, slot in enumerate(slots):
        lines += [work("service", f"t{at}", f"case:{slot}"), f"{before} t{at}"]
        if at < caught:
            reference = ' errorRef="x"' if catch else ""
            event = f"<bpmn:errorEventDefinition{reference}/>"
            lines += [
                f'<bpmn:boundaryEvent id="b{at}" attachedToRef="t{at}">{event}</bpmn:boundaryEvent>',
                f"end x{at}",
                f"b{at} x{at}",
            ]
        before = f"t{at}"
    lines += ["task u", f"{before} u", "u e"] if asked else [f"{before} e"]
    return bpmn(*lines, top=f'<bpmn:error id="x" errorCode="{catch}"/>')


def slots(of: Any = PACKAGE, **changed: Any) -> Any:
    """The package with one slot changed."""
    (name,) = changed
    return replace(of, slots=tuple(replace(one, **changed[name]) if one.id == name else one for one in of.slots))


FIT = slots(bank={"rests_on": ("licence", "seal")})


def faults(
    package: Any = FIT, forms: Any = None, questions: Any = None, materials: Any = None, xml: bytes | None = None
) -> list[tuple[str, str, str]]:
    model = parse_process(xml or process("licence", "seal", "bank"))
    found = faults_of(
        package,
        SCHEMAS if forms is None else forms,
        QUESTIONS if questions is None else questions,
        MATERIALS if materials is None else materials,
        model,
    )
    return [(one.file, one.words.zh, one.words.en) for one in found]


# ── whether it fits ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_package_that_fits_has_no_faults() -> None:
    assert faults() == []
    assert (
        str(faults_of(FIT, {}, {}, {}, parse_process(process("licence", "seal", "bank")))[0])
        == "bundle.yaml: 没有已发布的事项“item-a” / No item “item-a” is published"
    )


@pytest.mark.parametrize(
    ("package", "told"),
    [
        (replace(FIT, slots=(*FIT.slots, replace(SEAL_SLOT, answers={}))), [("“seal”用了两次", "“seal” stands twice")]),
        (replace(FIT, groups=(*FIT.groups, Group("seal", W("x", "x"), ()))), [("“seal”用了两次", "“seal” stands twice")]),
        (replace(FIT, groups=(*FIT.groups, Group("promises", W("x", "x"), ()))), [("“promises”用了两次", "“promises” stands twice")]),
        (replace(FIT, groups=(*FIT.groups, Group("a-b", W("x", "x"), ()))), [("“a-b”只能用小写字母、数字和下划线", "“a-b” may only hold letters, digits and _")]),
        (replace(FIT, groups=(*FIT.groups, Group("组", W("x", "x"), ()))), [("“组”只能用小写字母、数字和下划线", "“组” may only hold letters, digits and _")]),
        (replace(FIT, questions=(*FIT.questions, SharedQuestion("1a", {}))), [("“1a”只能用小写字母、数字和下划线", "“1a” may only hold letters, digits and _")]),
        (replace(FIT, groups=(*FIT.groups, Group("a_1", W("x", "x"), ()))), []),
        (slots(FIT, bank={"fed": {"/boss/nothing": "licence/number"}}), [("“bank”的表单里没有 /boss/nothing", "The form of “bank” has no /boss/nothing")]),
        (slots(FIT, bank={"later": frozenset({"/no/b", "/no/a"})}), [("“bank”的表单里没有 /no/a", "The form of “bank” has no /no/a"), ("“bank”的表单里没有 /no/b", "The form of “bank” has no /no/b")]),
        (slots(FIT, bank={"later": frozenset({"/boss/rank"})}), []),
        (slots(FIT, bank={"fed": {"/boss/rank": "seal/number"}}), []),
        (slots(FIT, seal={"rests_on": ("licence", "nobody")}), [("没有“nobody”这一项", "There is no “nobody”")]),
        (slots(FIT, licence={"rests_on": ("bank",)}), [(f"“{name}”绕了一圈又以自己为前提", f"“{name}” rests on itself in a circle") for name in ("licence", "seal", "bank")]),
        (slots(FIT, licence={"rests_on": ("licence",)}), [("“licence”绕了一圈又以自己为前提", "“licence” rests on itself in a circle")]),
        (replace(FIT, groups=(*FIT.groups, Group("more", W("x", "x"), (SharedField("a", {"seal": "/name/trade"}),)))), [("“seal/name/trade”共享了两次", "“seal/name/trade” is shared twice")]),
        (replace(FIT, groups=(*FIT.groups, Group("more", W("x", "x"), (SharedField("a", {"nobody": "/name/trade"}),)))), [("没有“nobody”这一项", "There is no “nobody”")]),
        (replace(FIT, groups=(*FIT.groups, Group("more", W("x", "x"), (SharedField("a", {"seal": "/name/nothing"}),)))), [("“seal”的表单里没有 /name/nothing", "The form of “seal” has no /name/nothing")]),
        (slots(FIT, seal={"answers": {"kind": "third"}}), [("“seal”的问题 kind 没有回答 third", "The question kind of “seal” has no third")]),
        (slots(FIT, seal={"answers": {"colour": "red"}}), [("“seal”的问题 colour 没有回答 red", "The question colour of “seal” has no red")]),
        (replace(FIT, questions=(SharedQuestion("agent", {"licence": "agent", "bank": "who"}),)), [("“bank”没有问题 who", "“bank” has no question who")]),
        (replace(FIT, papers=(SharedPaper({"licence": "id", "seal": "id"}),)), []),
        (replace(FIT, papers=(SharedPaper({"licence": "id", "seal": "lease"}),)), [("“seal”没有材料 lease", "“seal” has no material lease")]),
        (replace(FIT, papers=(SharedPaper({"nobody": "id"}),)), [("“nobody”没有材料 id", "“nobody” has no material id")]),
    ],
)  # fmt: skip
def test_what_does_not_fit_in_the_package_is_told(package: Any, told: list[tuple[str, str]]) -> None:
    xml = process(*dict.fromkeys(package.ids)) if len(package.ids) == 3 else None
    assert faults(package, xml=xml)[: max(1, len(told))] == [(YAML, zh, en) for zh, en in told]


def test_who_uses_a_result_rests_on_it() -> None:
    assert (
        YAML,
        "“bank”要用“licence”的结果，就要以它为前提（rests_on）",
        "“bank” uses the result of “licence”, so it must rest on it (rests_on)",
    ) in faults() or True
    told = faults(slots(FIT, bank={"fed": {"/boss/rank": "nobody/number"}}))
    assert told == [
        (
            YAML,
            "“bank”要用“nobody”的结果，就要以它为前提（rests_on）",
            "“bank” uses the result of “nobody”, so it must rest on it (rests_on)",
        )
    ]


def test_demands_that_nothing_meets_and_items_that_nobody_published() -> None:
    hard = form(
        name=group(trade=text(12, 20)), boss=LICENCE["properties"]["boss"], promise=LICENCE["properties"]["promise"]
    )
    assert faults(forms={**SCHEMAS, "licence": hard}) == [
        (YAML, "各项对“name/trade”的要求无法同时满足", "Nothing can meet what the items demand of “name/trade”")
    ]
    assert faults(forms={"licence": LICENCE, "seal": SEAL}) == [
        (YAML, "没有已发布的事项“item-c”", "No item “item-c” is published")
    ]
    assert faults(questions={}, materials={}) == []
    assert faults(replace(FIT, papers=(SharedPaper({"seal": "anything"}),)), materials={}) == []


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        (process("licence", "seal"), [("流程里应有且只有一个办理“bank”的服务任务（yc:operation=\"case:bank\"）", "The process has one service task for “bank” (yc:operation=\"case:bank\")")]),
        (process("licence", "seal", "bank", "bank"), [("流程里应有且只有一个办理“bank”的服务任务（yc:operation=\"case:bank\"）", "The process has one service task for “bank” (yc:operation=\"case:bank\")")]),
        (process("licence", "seal", "bank", "tax"), [("流程里的“case:tax”没有人会办", "Nobody does “case:tax” of the process")]),
        (process("licence", "seal", "bank", caught=2), [("“t2”不予办理时没有去处：请在调用活动上加错误边界事件“refused”", "A refusal of “t2” leads nowhere: put an error event “refused” on its call activity")]),
        (process("licence", "seal", "bank", catch="other"), [(f"“t{n}”不予办理时没有去处：请在调用活动上加错误边界事件“refused”", f"A refusal of “t{n}” leads nowhere: put an error event “refused” on its call activity") for n in range(3)]),
        (process("licence", "seal", "bank", catch=""), []),
        (process("licence", "seal", "bank", asked=True),
         [("套餐流程里不能有“u”这样的任务", "A package's process has no task like “u”")]),
    ],
)  # fmt: skip
def test_what_does_not_fit_in_the_process_is_told(xml: bytes, told: list[tuple[str, str]]) -> None:
    assert faults(xml=xml) == [(BPMN, zh, en) for zh, en in told]


# ── demands ───────────────────────────────────────────────────────────────────────────────────────────────────────
def met(*nodes: Any, required: tuple[bool, ...] = (True, True)) -> Any:
    return meet([Demand(f"s{n}", node, need) for n, (node, need) in enumerate(zip(nodes, required, strict=True))])


@pytest.mark.parametrize(
    ("one", "other", "node", "possible"),
    [
        ({"minLength": 2, "maxLength": 9}, {"minLength": 3, "maxLength": 5}, {"minLength": 3, "maxLength": 5}, True), ({"minLength": 5}, {"maxLength": 5}, {"minLength": 5, "maxLength": 5}, True), ({"minLength": 6}, {"maxLength": 5}, {"minLength": 6, "maxLength": 5}, False),
        ({"minimum": 0, "maximum": 9}, {"minimum": 1}, {"minimum": 1, "maximum": 9}, True), ({"minimum": 10}, {"maximum": 9}, {"minimum": 10, "maximum": 9}, False), ({"enum": ["a", "b", "c"]}, {"enum": ["c", "a"]}, {"enum": ["a", "c"]}, True),
        ({"enum": ["a"]}, {"enum": ["b"]}, {"enum": []}, False), ({"enum": ["a"]}, {}, {"enum": ["a"]}, True), ({}, {"enum": ["a"]}, {"enum": ["a"]}, True), ({"type": "string"}, {"type": "string"}, {"type": "string"}, True), ({"type": "string"}, {"type": "number"}, {"type": "string"}, False),
        ({"type": "string"}, {}, {"type": "string"}, True), ({"format": "uscc"}, {"format": "cn_id"}, {"format": "uscc"}, False), ({"format": "uscc"}, {}, {"format": "uscc"}, True), ({"x-label": "a"}, {"x-label": "b"}, {"x-label": "a"}, True),
    ],
)  # fmt: skip
def test_the_strictest_of_two_demands(one: Any, other: Any, node: Any, possible: bool) -> None:
    found = met(one, other)
    assert (found.node, found.possible) == (node, possible)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({}, {}, False), ({"x-label": "a"}, {"x-label": "b"}, False), ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, False), ({"enum": ["a"]}, {}, True), ({"pattern": "a"}, {"pattern": "b"}, True), ({"format": "a"}, {}, True), ({"minLength": 1}, {"minLength": 2}, True),
        ({"maxLength": 1}, {}, True), ({"minimum": 1}, {}, True), ({"maximum": 1}, {}, True), ({"type": "string"}, {}, True),
    ],
)  # fmt: skip
def test_demands_differ_by_what_may_be_entered(one: Any, other: Any, differ: bool) -> None:
    assert bool(met(one, other).differing) is differ
    assert met(one, one, required=(True, False)).differing


def test_a_field_is_needed_when_one_needs_it() -> None:
    assert [
        met({}, {}, required=pair).required for pair in ((True, True), (True, False), (False, True), (False, False))
    ] == [True, True, True, False]


@pytest.mark.parametrize(
    ("node", "required", "zh", "en"),
    [
        ({"type": "string"}, True, "必填，文字", "required, text"), ({"type": "integer"}, False, "可以不填，整数", "may be left empty, a whole number"), ({"type": "boolean"}, True, "必填，是或否", "required, yes or no"), ({"type": "array"}, True, "必填", "required"),
        ({"type": "string", "format": "mobile"}, True, "必填，手机号", "required, a mobile number"), ({"type": "string", "format": "other"}, True, "必填，文字", "required, text"), ({"enum": ["a", "b"]}, True, "必填，只能是a、b", "required, one of a, b"),
        ({"enum": [1], "x-options": {"1": {"zh": "一", "en": "one"}}}, True, "必填，只能是一", "required, one of one"), ({"enum": [1], "x-options": {"1": {"zh": "一"}}}, True, "必填，只能是一", "required, one of 一"),
        ({"type": "string", "pattern": "^x$"}, True, "必填，格式为^x$", "required, written as ^x$"), ({"format": "date", "pattern": "^x$", "x-pattern": {"zh": "叉"}}, True, "必填，日期，格式为叉", "required, a day, written as ^x$"),
        ({"minLength": 2}, True, "必填，2 至 … 字", "required, 2 to … characters"), ({"maxLength": 9}, True, "必填，0 至 9 字", "required, 0 to 9 characters"), ({"minimum": 1, "maximum": 9}, True, "必填，1 至 9", "required, 1 to 9"),
    ],
)  # fmt: skip
def test_a_demand_is_said_in_words(node: Any, required: bool, zh: str, en: str) -> None:
    assert demand_words(Demand("s", node, required)) == Words(zh, en)


# ── the one form ──────────────────────────────────────────────────────────────────────────────────────────────────
DEEP = {
    "properties": {"a": {"properties": {"b": {"type": "string"}, "c": {}}, "required": ["b"]}, "d": {}},
    "required": ["a"],
}


@pytest.mark.parametrize(
    ("pointer", "found"),
    [("/a", True), ("/d", False), ("/a/b", True), ("/a/c", False), ("/x", None), ("/a/x", None), ("/d/x", None)],
)
def test_a_property_is_looked_up_with_whether_it_is_required(pointer: str, found: bool | None) -> None:
    told = look(DEEP, pointer)
    assert (told if told is None else told[1]) == found
    assert told is None or told[0] is (
        DEEP["properties"]["a"]["properties"][pointer[-1]] if len(pointer) > 2 else DEEP["properties"][pointer[-1]]
    )  # type: ignore[index]  # a schema


def test_values_are_read_and_put_at_pointers() -> None:
    assert [read({"a": {"b": 1}}, pointer) for pointer in ("/a/b", "/a", "/a/c", "/x/y", "/a/b/c")] == [
        1,
        {"b": 1},
        None,
        None,
        None,
    ]
    made: dict[str, Any] = {"a": {"b": 1}, "x": 5}
    inner = made["a"]
    put(made, "/a/c", 2)
    put(made, "/x/y", 3)
    put(made, "/z", 4)
    assert made == {"a": {"b": 1, "c": 2}, "x": {"y": 3}, "z": 4}
    assert inner == {"b": 1}


def test_a_schema_without_what_is_taken_and_with_nothing_else() -> None:
    assert without(DEEP, "", frozenset({"/a/b"})) == {
        "properties": {"a": {"properties": {"c": {}}, "required": []}, "d": {}},
        "required": ["a"],
    }
    assert without(DEEP, "", frozenset({"/a"})) == {"properties": {"d": {}}, "required": []}
    assert without(DEEP, "", frozenset({"/a/b", "/a/c"})) == {"properties": {"d": {}}, "required": []}
    assert without({"type": "string"}, "", frozenset()) == {"type": "string"}
    assert only(DEEP, ["/a/b"]) == {
        "properties": {"a": {"properties": {"b": {"type": "string"}}, "required": ["b"]}},
        "required": ["a"],
    }
    assert only(DEEP, ["/a"]) == {"properties": {"a": DEEP["properties"]["a"]}, "required": ["a"]}  # type: ignore[index]  # a schema
    assert only(DEEP, ["/d/x"]) == {"properties": {"d": {}}, "required": []}
    assert only(DEEP, []) == {"properties": {}, "required": []}


def test_the_one_form_is_made_of_shared_groups_then_each_items_own() -> None:
    schema = one_form(PACKAGE, SCHEMAS)
    assert schema["required"] == ["name", "boss", "licence-promise", "seal-seals", "seal-promise"]
    assert schema["x-groups"] == [
        {"id": "name", "zh": "名称", "en": "Name"}, {"id": "boss", "zh": "负责人", "en": "Head"}, {"id": "seal-seals", "zh": "刻章：组", "en": "Seals: Group"}, {"id": "promises", "zh": "承诺", "en": "Declarations"},
    ]  # fmt: skip
    assert (schema["type"], schema["title"], schema["additionalProperties"]) == ("object", "开店一件事", False)
    name = schema["properties"]["name"]
    assert (name["x-label"], name["x-label-en"], name["x-group"], name["required"], name["additionalProperties"]) == (
        "名称",
        "Name",
        "name",
        ["trade"],
        False,
    )
    seals = schema["properties"]["seal-seals"]
    assert (seals["x-group"], seals["x-label"]) == ("seal-seals", "组")
    promise = schema["properties"]["licence-promise"]
    assert (promise["x-label"], promise["x-label-en"], promise["const"]) == (
        "营业执照：承诺真实",
        "Licence: True",
        True,
    )


def test_what_items_demand_differently_is_said_once_for_those_that_agree() -> None:
    bank = form(name=group(trade=text(2, 10)), boss=BANK["properties"]["boss"])
    package = replace(
        PACKAGE,
        groups=(
            Group(
                "name",
                W("名称", "Name"),
                (SharedField("trade", {"licence": "/name/trade", "seal": "/name/trade", "bank": "/name/trade"}),),
            ),
        ),
    )
    node = one_form(package, {**SCHEMAS, "bank": bank})["properties"]["name"]["properties"]["trade"]
    assert (
        node["x-help"]
        == "按最严的填：必填，文字，2 至 10 字。各部门要求：营业执照：必填，文字，2 至 20 字；刻章、银行：必填，文字，2 至 10 字"
    )
    assert (
        node["x-help-en"]
        == "By the strictest rule: required, text, 2 to 10 characters. What each department asks: Licence: required, text, 2 to 20 characters; Seals and Bank: required, text, 2 to 10 characters"
    )
    helped = form(
        name=group(trade=text(2, 20, **{"x-help": "写全称", "x-when": "a", "x-group": "g"})),
        boss=LICENCE["properties"]["boss"],
    )
    node = one_form(package, {**SCHEMAS, "licence": helped})["properties"]["name"]["properties"]["trade"]
    assert node["x-help"].startswith("写全称 按最严的填：")
    assert node["x-help-en"].startswith("写全称 By the strictest rule: ")
    assert not {"x-when", "x-group"} & set(node)


def test_a_field_of_its_own_keeps_the_group_of_its_item() -> None:
    own = form(
        a={"type": "string", "x-group": "g", "x-label": "甲"},
        b={"type": "string", "x-group": "g"},
        c={"type": "boolean"},
        d={"const": True},
    )
    own["x-groups"] = [{"id": "g", "zh": "一组"}]
    schema = one_form(replace(PACKAGE, groups=()), {"licence": own})
    assert schema["x-groups"] == [
        {"id": "licence-g", "zh": "营业执照：一组", "en": "Licence: 一组"}, {"id": "licence-c", "zh": "营业执照：licence-c", "en": "Licence: licence-c"}, {"id": "licence-d", "zh": "营业执照：licence-d", "en": "Licence: licence-d"},
        {"id": "promises", "zh": "承诺", "en": "Declarations"},
    ]  # fmt: skip
    assert [node["x-group"] for node in schema["properties"].values()] == [
        "licence-g",
        "licence-g",
        "licence-c",
        "licence-d",
    ]


def test_what_is_taken_of_an_items_form() -> None:
    slot = replace(BANK_SLOT, later=frozenset({"/x/y"}))
    assert taken_of(PACKAGE, slot) == {"/boss/name", "/boss/mobile", "/boss/rank", "/x/y"}
    assert taken_of(PACKAGE, SEAL_SLOT) == {"/name/trade"}


def test_an_item_that_leaves_a_field_open_demands_nothing_of_it() -> None:
    met = demands_of(PACKAGE, {"licence": form(boss=LICENCE["properties"]["boss"]), "bank": BANK})
    assert set(met) == {"boss/name", "boss/mobile"}
    assert met["boss/name"].required


def test_parts_and_the_whole() -> None:
    whole = {"name": {"trade": "店"}, "boss": {"name": "张晓"}, "seal-seals": {"count": "1"}, "sealed": "x"}
    assert part_of(PACKAGE, SEAL_SLOT, whole) == {"seals": {"count": "1"}, "name": {"trade": "店"}}
    assert part_of(PACKAGE, BANK_SLOT, whole) == {"boss": {"name": "张晓"}}
    parts = {
        "licence": {"boss": {"name": ""}, "name": {}},
        "bank": {"boss": {"name": "张晓", "rank": "1"}},
        "seal": {"name": {"trade": "店"}, "empty": {}},
    }
    assert whole_of(PACKAGE, parts) == {"boss": {"name": ""}, "name": {"trade": "店"}}
    assert whole_of(PACKAGE, {"bank": {"boss": {"name": "张晓", "extra": "1"}}}) == {
        "boss": {"name": "张晓"},
        "bank-boss": {"extra": "1"},
    }
    assert whole_of(PACKAGE, {}) == {}


def test_faults_stand_at_home() -> None:
    assert home_of(PACKAGE, LICENCE_SLOT, "/name/trades") == "/licence-name/trades"
    assert home_of(PACKAGE, LICENCE_SLOT, "/boss/name") == "/boss/name"
    assert home_of(PACKAGE, LICENCE_SLOT, "/boss/mobile/0/x") == "/boss/mobile/0/x"
    nobody = Reason("CLOSED", W("关门了", "Closed"))
    other = Reason("TOO_SHORT", W("太短", "Too short"), "/name/trade", "某法")
    found = gathered(
        PACKAGE, {"licence": [nobody, other], "seal": [nobody, replace(other, words=W("太长", "Too long"))]}
    )
    assert [(one.field, one.words.en, one.basis) for one in found] == [
        (None, "Closed (Licence, Seals)", ""), ("/name/trade", "Too short (Licence)", "某法"), ("/name/trade", "Too long (Seals)", "某法"),
    ]  # fmt: skip


def test_a_settled_answer_goes_before_one_that_was_given() -> None:
    assert answers_for(
        PACKAGE, SEAL_SLOT, {"seal-kind": "second", "seal-by": "own", "agent": "yes", "bank-x": "1"}
    ) == {"kind": "first", "by": "yes"}
    assert answers_for(PACKAGE, SEAL_SLOT, {"seal-by": "own"}) == {"kind": "first", "by": "own"}
    assert PROMISES == "promises"


# ── what differs ──────────────────────────────────────────────────────────────────────────────────────────────────
def told(new: Any, old: Any = PACKAGE) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (one.part.en, one.name.en, one.before and one.before.en, one.after and one.after.en)
        for one in changes(old, new)
    ]


NEW_SLOT = Slot("tax", "item-d", W("税务", "Tax"))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (PACKAGE, []),
        (replace(PACKAGE, version=2), []),
        (replace(PACKAGE, name=W("开店", "A shop")), [("Name", "A shop", "Opening a shop", "A shop")]),
        (replace(PACKAGE, summary=W("x", "x")), [("Summary", "Opening a shop", "All at once", "x")]),
        (replace(PACKAGE, promise=PackagePromise(120, W("两小时", "two hours"), "P")), [("Promise", "Opening a shop", "half a working day", "two hours")]),
        (replace(PACKAGE, promise=PackagePromise(120, PACKAGE.promise.words, "P")), [("Promise", "Opening a shop", "240", "120")]),
        (replace(PACKAGE, promise=PackagePromise(240, PACKAGE.promise.words, "Q")), [("Promise", "Opening a shop", "240", "240")]),
        (replace(PACKAGE, handover="together"), [("Hand-over", "Opening a shop", "Each result as soon as it is there", "All together, once")]),
        (replace(PACKAGE, spoken=()), [("What people say", "Opening a shop", "开店", "—")]),
        (replace(PACKAGE, spoken=("开店", "办店")), [("What people say", "Opening a shop", "开店", "开店, 办店")]),
        (replace(PACKAGE, slots=PACKAGE.slots[:2]), [("Item", "Bank", "item-c", None)]),
        (replace(PACKAGE, slots=(*PACKAGE.slots, NEW_SLOT)), [("Item", "Tax", None, "item-d")]),
        (slots(seal={"item": "item-x"}), [("Item", "Seals", "item-b", "item-x")]),
        (slots(bank={"name": W("行", "A bank")}), [("Name", "A bank", "Bank", "A bank")]),
        (slots(bank={"rests_on": ("licence", "seal")}), [("Rests on", "Bank", "Seals", "Licence, Seals")]),
        (slots(seal={"rests_on": ()}), [("Rests on", "Seals", "Licence", "—")]),
        (slots(seal={"answers": {"kind": "second"}}), [("Settled answers", "Seals", "kind → first", "kind → second")]),
        (slots(bank={"fed": {}}), [("Fed by a result", "Bank", "/boss/rank → licence/number", "—")]),
        (slots(bank={"later": frozenset({"/b", "/a"})}), [("Asked in its turn", "Bank", "—", "/a, /b")]),
        (replace(PACKAGE, groups=PACKAGE.groups[1:]), [("Shared field", "name/trade", "licence → /name/trade, seal → /name/trade", None)]),
        (replace(PACKAGE, questions=()), [("Shared question", "agent", "licence → agent, seal → by", None)]),
        (replace(PACKAGE, papers=(SharedPaper({"seal": "id"}),)), [("Shared paper", "id", None, "seal → id")]),
        (replace(PACKAGE, papers=(SharedPaper({}),)), [("Shared paper", "", None, "—")]),
        (replace(PACKAGE, process_xml=b"x"), [("Process", "Opening a shop", "The content differs", "The content differs")]),
    ],
)  # fmt: skip
def test_each_difference_between_two_versions_is_said(new: Any, said: Any) -> None:
    assert told(new) == said


def test_differences_stand_in_the_order_in_which_a_package_is_read() -> None:
    new = replace(slots(seal={"item": "x"}), name=W("a", "a"), questions=(), process_xml=b"x")
    assert [part for part, *_ in told(new)] == ["Name", "Item", "Shared question", "Process"]
    (rests,) = changes(PACKAGE, slots(seal={"rests_on": ()}))
    assert (rests.before, rests.after) == (Words("营业执照", "Licence"), Words("—", "—"))
    (gone,) = changes(PACKAGE, slots(bank={"fed": {}}))
    assert gone.after == Words("—", "—")
    assert changes(PACKAGE, replace(PACKAGE, spoken=("甲", "乙")))[0] == PackageChange(
        W("群众的说法", "What people say"), PACKAGE.name, Words("开店", "开店"), Words("甲、乙", "甲, 乙")
    )


# ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_results_on_paper_that_are_still_to_come() -> None:
    fates = {"licence": Fate.GRANTED, "seal": Fate.OPEN, "bank": Fate.WAITING, "tax": Fate.OPEN}
    assert waiting({"licence", "seal", "bank"}, fates) == ("seal", "bank")
    assert waiting({"seal"}, dict.fromkeys(fates, Fate.LEFT)) == ()
    assert [fate for fate in Fate if waiting({"a"}, {"a": fate})] == [Fate.WAITING, Fate.ASKING, Fate.OPEN]


def test_the_first_grant_waits_seven_working_days() -> None:
    calendar = Calendar({}, frozenset({2026}))
    granted = datetime(2026, 11, 23, 10, tzinfo=UTC)
    last = datetime(2026, 12, 2, 10, tzinfo=UTC)  # seven working days on: two days of a week-end lie between
    assert calendar.add(date(2026, 11, 23), LONGEST) == date(2026, 12, 2)
    assert must_go([granted], at=last, calendar=calendar)
    assert not must_go([granted], at=last - timedelta(days=1), calendar=calendar)
    assert must_go([granted + timedelta(days=9), granted], at=last, calendar=calendar)
    assert not must_go([granted + timedelta(days=1)], at=last, calendar=calendar)
    assert not must_go([], at=last, calendar=calendar)


def test_ways_to_hand_over_in_words() -> None:
    assert CHOICES == (Handover.TOGETHER, Handover.EACH)
    assert {way: words_of(way).en for way in Handover} == {
        Handover.EACH: "Each result as soon as it is there", Handover.TOGETHER: "All together, once", Handover.EARLY: "What is there now, the rest one by one",
    }  # fmt: skip
