"""A decision table as named things with labelled facts, so that two of them can be compared. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from yichuang.catalog.comparison.facts import Facts, Thing
from yichuang.catalog.values import DecisionExample, DecisionInput, DecisionResult, DecisionSpec, Lookup
from yichuang.core.words import W, Words
from yichuang.engine.values import ReadyDecision, Table

_KEY = W("查询的对象", "Asked about")
_BASE = W("数据库", "Base")
_FIELDS = W("字段", "Fields")
_WHEN = W("何时查询", "Asked when")
_GROUND = W("查询依据", "Ground")
_BASIS = W("依据", "Basis")
_SOURCE = W("来源标记", "Source mark")
_SAYS = W("含义", "Meaning")
_VALUE = W("取值", "Value")
_RESULT = W("结果", "Result")
_NOTE = W("说明", "Note")
_LABEL = W("名称", "Label")
_WHOLE = W("决策表", "Decision table")
_POLICY = W("命中规则", "Hit policy")
_COVERS = W("由规则判断的受理条件", "Conditions that the rules judge")
_SUBJECT = W("当事人", "Whom it is about")
_GIVEN = W("给定", "Given")
_ANSWERS = W("各库的答复", "What the registers answer")
_EXPECT = W("应得结果", "Expected")


def decision_facts(spec: DecisionSpec | None) -> dict[str, Thing]:
    """The table itself, its rows by their number, look-ups, inputs, results and examples; nothing for none."""
    return {} if spec is None else dict(_things(spec))


def _things(spec: DecisionSpec) -> Iterator[tuple[str, Thing]]:
    yield "table", Thing(_WHOLE, _whole(spec))
    if spec.ready.table is not None:
        yield from _rows(spec.ready.table, {one.name: one.words for one in spec.inputs})
    for lookup in spec.lookups:
        yield f"lookup {lookup.name}", Thing(W(f"查询 {lookup.name}", f"Look-up {lookup.name}"), _lookup(lookup))
    for one in spec.inputs:
        yield f"input {one.name}", Thing(one.words, _input(one))
    for code, result in spec.results.items():
        yield f"result {code}", Thing(W(f"结果 {code}", f"Result {code}"), _result(result))
    for n, example in enumerate(spec.examples, 1):
        yield f"example {n}", Thing(example.name, _example(example))


def _whole(spec: DecisionSpec) -> Facts:
    table = spec.ready.table
    covers = "、".join(sorted(spec.covers))
    whole: Facts = {"name": (_LABEL, _same(spec.name)), "covers": (_COVERS, _same(covers))}
    if spec.subjects:
        told = "；".join(f"{one.number.text}, {one.name.text}" for one in spec.subjects)
        whole["subject"] = (_SUBJECT, _same(told))
    for material, name in sorted(spec.papers.items()):
        whole[f"paper {material}"] = (
            W(f"材料 {material} 由数据核对", f"Paper {material}, confirmed by"),
            _same(name),
        )
    if table is not None:
        whole["policy"] = (_POLICY, _same(f"{table.policy}{table.collect}"))
    return whole


def route_facts(routes: Mapping[str, ReadyDecision]) -> dict[str, Thing]:
    """The tables that the process asks which way to go, each with its rows by their number."""
    found: dict[str, Thing] = {}
    for name, decision in sorted(routes.items()):
        if decision.table is not None:
            policy: Facts = {"policy": (_POLICY, _same(decision.table.policy))}
            found[name] = Thing(W(f"分派规则 {name}", f"Routing rules {name}"), policy)
            found |= {f"{name} {key}": row for key, row in _rows(decision.table, {})}
    return found


def _rows(table: Table, labels: Mapping[str, Words]) -> Iterator[tuple[str, Thing]]:
    for number, rule in enumerate(table.rules, 1):
        facts: Facts = {"note": (_NOTE, _same(rule.note)), "id": (_LABEL, _same(rule.id))}
        for column, cell in zip(table.inputs, rule.tests, strict=False):
            name = column.expression.text if column.expression else column.label
            facts[name] = (labels.get(name, _same(column.label or name)), _same(cell.text))
        for output, cell in zip(table.outputs, rule.results, strict=False):
            facts[f"= {output.name}"] = (_RESULT, _same(cell.text))
        yield f"row {number}", Thing(W(f"第 {number} 行", f"Row {number}"), facts)


def _lookup(one: Lookup) -> Facts:
    facts: Facts = {
        "base": (_BASE, _same(one.base.value)),
        "key": (_KEY, _same(one.key.text)),
        "fields": (_FIELDS, _same("、".join(one.fields))),
        "ground": (_GROUND, _same(one.ground)),
        "basis": (_BASIS, _same(one.basis)),
        "source": (_SOURCE, _same(one.source)),
    }
    if one.when is not None:
        facts["when"] = (_WHEN, _same(one.when.text))
    for name, said in one.compare.items():
        facts[f"compare {name}"] = (W(f"比对 {name}", f"Compared: {name}"), _same(said.text))
    return facts


def _input(one: DecisionInput) -> Facts:
    return {"name": (_LABEL, one.words), "value": (_VALUE, _same(one.value.text))}


def _result(one: DecisionResult) -> Facts:
    return {"words": (_SAYS, one.words), "basis": (_BASIS, _same(one.basis)), "source": (_SOURCE, _same(one.source))}


def _example(one: DecisionExample) -> Facts:
    given = {
        "answers": one.answers,
        "form": one.form,
        "facts": one.facts,
        "materials": one.materials,
        "at": one.applied_at.isoformat(),
    }
    told = {name: [answer.state, dict(answer.fields)] for name, answer in one.lookups.items()}
    expected = one.expect if one.because is None else f"{one.expect}: {', '.join(one.because)}"
    return {
        "name": (_LABEL, one.name),
        "given": (_GIVEN, _same(_text(given))),
        "lookups": (_ANSWERS, _same(_text(told))),
        "expect": (_EXPECT, _same(expected)),
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _same(text: str) -> Words:
    return W(text, text)
