"""Two versions side by side: nothing that differs is left out, and what is harder for people is called so."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from tests.catalog.dog import dog_pack

from yichuang.catalog.comparison import tables
from yichuang.catalog.comparison.rule import SKIPPED, compare
from yichuang.catalog.comparison.words import PARTS, label
from yichuang.catalog.values import Change, Fee, Limit, Mark, Pack
from yichuang.core.words import W, Words
from yichuang.engine.values import Expression, compile_expression

DOG = dog_pack()
NOW, THEN = DOG.version, DOG.version + 1
NEXT = replace(DOG, version=THEN, digest="1" * 64)


def changes(**new: Any) -> tuple[Change, ...]:
    return compare(DOG, replace(NEXT, **new)).changes


def other(value: Any) -> Any:
    """A value of the same kind that is another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Words):
        return W(value.zh + "改", value.en + " x")
    if isinstance(value, Expression):
        return compile_expression(f"({value.text}) and 1 = 1")
    if isinstance(value, StrEnum):
        return next(one for one in type(value) if one is not value)
    if isinstance(value, Mapping):
        return {**value, "another": "1"}
    if isinstance(value, datetime):
        return value + timedelta(days=1)
    return value + 1 if isinstance(value, int) else f"{value}x"


CHOICES = {  # properties whose values come from a list
    "necessity": "optional", "form": "electronic", "origin": "other", "kind": "approval", "level": "city", "unit": "month",
    "power_source": "entrusted_above", "provider": "staff", "area": "state",
}  # fmt: skip


def mutants(value: Any, way: str) -> Iterator[tuple[str, Any]]:
    """(where, the record with one property, however deep, made another one)."""
    for one in fields(value):
        here, now = f"{way}.{one.name}", getattr(value, one.name)
        if isinstance(value, Pack) and one.name in (*SKIPPED, "form", "process_xml", "routes", "decision"):
            continue
        for place, new in property_mutants(one.name, now, here):
            yield place, replace(value, **{one.name: new})


def property_mutants(name: str, now: Any, here: str) -> Iterator[tuple[str, Any]]:
    if isinstance(now, tuple):
        if now:
            yield f"{here}: first gone", now[1:]
        if now and is_dataclass(now[0]) and not isinstance(now[0], Words):
            for place, new in mutants(now[0], f"{here}[0]"):
                yield place, (new, *now[1:])
    elif isinstance(now, Limit):
        yield here, replace(now, amount=now.amount + 1, unit="day")
        yield f"{here}.basis", replace(now, basis="L9")
    elif is_dataclass(now) and not isinstance(now, Words | Expression):
        yield from mutants(now, here)
    elif now is not None:
        yield here, CHOICES[name] if name in CHOICES and isinstance(now, str) and now != CHOICES[name] else other(now)


def test_every_property_has_a_place_and_a_name():
    listed = [name for _, names in PARTS for name in names]
    assert sorted((*listed, *SKIPPED)) == sorted(one.name for one in fields(Pack))
    for name in listed:
        assert label(Pack, name).zh


def test_no_difference_is_left_out():
    """Each property of each thing of the pack, one at a time; also: nothing else is called different."""
    seen = 0
    for place, pack in mutants(NEXT, "pack"):
        found = compare(DOG, pack)
        # a thing with another code is one that went and one that came
        assert 1 <= len(found.changes) <= 2, (place, found.changes)
        assert "Words(" not in "".join(tables.lines(found, "en")), place
        seen += 1
    assert seen > 140


def test_the_same_content_has_nothing_to_tell():
    assert compare(DOG, DOG).meaning[0].zh == "两个版本的内容完全相同。"
    found = compare(DOG, NEXT)
    assert found.changes == ()
    assert "只有文件的写法" in found.meaning[0].zh


def materials(code: str, **new: Any) -> dict[str, Any]:
    return {"materials": tuple(replace(m, **new) if m.code == code else m for m in DOG.materials)}


@pytest.mark.parametrize(
    ("new", "weight"),
    [
        ({"promise_limit": Limit(8, "workday")}, "harder"),
        ({"promise_limit": Limit(3, "workday")}, "easier"),
        ({"promise_limit": Limit(0, "instant")}, "easier"),
        ({"promise_limit": Limit(6, "day")}, ""),  # six days may be more or less than five working days
        ({"legal_limit": Limit(9, "workday")}, "easier"),
        ({"visits": replace(DOG.visits, count=2)}, "harder"),
        ({"fees": replace(DOG.fees, charged=True)}, "harder"),
        ({"fees": replace(DOG.fees, items=(Fee(W("工本费", "Cost"), W("每证", "each"), 1000, "L1", "P"),))}, "harder"),
        ({"marks": tuple(m for m in DOG.marks if m is not Mark.ONLINE)}, "harder"),
        ({"marks": (*DOG.marks, Mark.AT_HOME)}, "easier"),
        ({"ways": (*DOG.ways, "post")}, "easier"),
        ({"scope": replace(DOG.scope, area="city")}, "easier"),
        ({"summary": W("别的", "else")}, ""),
        ({"conditions": DOG.conditions[1:]}, "easier"),
        ({"materials": DOG.materials[1:]}, "easier"),
        (materials("owner_id", necessity="optional"), "easier"),
        (materials("owner_id", copies=3), "harder"),
        (materials("property_certificate", replaces=None), "harder"),
        ({"questions": DOG.questions[1:]}, ""),
    ],
)
def test_what_it_means_for_who_applies(new, weight):
    assert {change.weight for change in changes(**new)} == {weight}


def test_a_changed_material_is_told_old_and_new():
    (change,) = changes(**materials("owner_id", necessity="secondary"))
    assert (change.part.zh, change.kind, change.code, change.what.zh if change.what else "") == (
        "材料", "changed", "owner_id", "必要性",
    )  # fmt: skip
    assert (change.before, change.after) == (W("必要", "Required"), W("可容缺后补", "Required, may follow later"))


def test_another_order_is_one_change():
    (change,) = changes(materials=DOG.materials[::-1])
    assert (change.what, change.weight) == (W("顺序", "Order"), "")


def form(**dog: Any) -> dict[str, Any]:
    """The form with another node for the dog."""
    whole = {**DOG.form, "properties": dict(DOG.form["properties"])}
    node = whole["properties"]["dog"]
    whole["properties"]["dog"] = {**node, **dog}
    return whole


def test_fields_of_the_form():
    node = DOG.form["properties"]["dog"]
    (change,) = changes(form=form(required=[name for name in node["required"] if name != "chip"]))
    assert (change.code, change.name.zh, change.what, change.weight) == (
        "/dog/chip", node["properties"]["chip"]["x-label"], W("必填", "Required"), "easier",
    )  # fmt: skip
    inner = {**node["properties"], "collar": {"type": "string", "x-label": "项圈", "x-label-en": "Collar"}}
    (change,) = changes(form=form(properties=inner, required=[*node["required"], "collar"]))
    assert (change.kind, change.code, change.weight) == ("added", "/dog/collar", "harder")
    (change,) = changes(
        form=form(properties={**node["properties"], "chip": {**node["properties"]["chip"], "x-when": "1 = 1"}})
    )
    assert (change.what, change.after) == (W("何时出现", "Shown when"), W("1 = 1", "1 = 1"))


def test_steps_and_ways_of_the_process():
    text = DOG.process_xml.decode()
    moved = text.replace('yc:post="CGZF.decide"', 'yc:post="CGZF.review"')
    assert moved != text
    found = changes(process_xml=moved.encode())
    assert {(c.part.zh, c.kind, c.what.zh if c.what else "", c.after.zh if c.after else "") for c in found} == {
        ("流程", "changed", "岗位", "CGZF.review")
    }
    assert changes(process_xml=(text + "<!-- drawn anew -->").encode()) == ()


def test_the_meaning_speaks_of_open_cases_drafts_and_people():
    found = compare(DOG, replace(NEXT, promise_limit=Limit(8, "workday"), materials=DOG.materials[1:]))
    told = "".join(words.zh for words in found.meaning)
    for part in (
        f"仍按提交时的第 {NOW} 版",
        f"新的申请一律按第 {THEN} 版",
        f"草稿要按第 {THEN} 版重新核对",
        "更费事的有 1 处：承诺办结时限",
        "更省事的有 1 处",
    ):
        assert part in told
    assert [words.en for words in found.meaning if "Harder" in words.en] == [
        "Harder for those who apply (1): Promised limit."
    ]


def test_the_table_can_be_pasted():
    found = compare(DOG, replace(NEXT, summary=W("一|二\n三", "one|two")))
    lines = tables.lines(found, "zh-hans")
    assert lines[0] == f"养犬登记（首次）（yangquan-dengji）：第 {NOW} 版 → 第 {THEN} 版，共 1 处不同"
    rows = [line for line in lines if line.startswith("| ")]
    assert rows[2].endswith(r"| 一\|二 三 |  |")
    assert {row.replace(r"\|", "").count("|") for row in rows} == {8}
