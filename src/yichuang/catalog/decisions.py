"""Deciding by an item's table (秒批): what to ask of registers, the judgement, and why. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from yichuang.catalog.business_names import FAULT_WORDS, name_faults
from yichuang.catalog.outcome import names_in, plain
from yichuang.catalog.rules import Same, typed_values
from yichuang.catalog.values import (
    APPROVE,
    DecisionDoubt,
    DecisionInput,
    DecisionRow,
    DecisionSpec,
    Judgement,
    Lookup,
    Pack,
)
from yichuang.core.clock import local_date
from yichuang.core.words import W, Words
from yichuang.engine.values import Expression, Outcome, Tried
from yichuang.registry.queries import compare, sure
from yichuang.registry.values import FIELDS, Answer, Ground, Question

SKIPPED: Final = "skipped"  # the state of a look-up that this situation does not need
_THREE: Final[Mapping[object, str]] = {True: "yes", False: "no", None: "unknown"}
_ANY: Final = frozenset({"", "-"})  # a cell that looks at nothing
_JSON: Final = frozenset({str, bool, type(None)})
_PYTHON: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str, "boolean": bool, "date": date, "number": (Decimal, int, float),
}  # fmt: skip
_WORST: Final = {"different": 2, "unknown": 1, "same": 0}
_OPEN = W("“{name}”无法确认", "“{name}” cannot be told")
_NONE = W("没有一条规则适用于这种情况", "No rule fits this situation")
_HIT = W("各项都符合", "Everything fits")
_CELL = W("“{name}”：{seen}；这一条要的是：{cell}", "“{name}”: {seen}; this rule asks for: {cell}")
_NOT = W("{cell}以外", "anything but {cell}")
_NAMED = W("{doubt}（{faults}）", "{doubt} ({faults})")
_SAID: Final[Mapping[str, Words]] = {
    '"fine"': W("没有问题", "nothing against it"),
    '"yes"': W("是", "yes"),
    '"no"': W("否", "no"),
    '"unknown"': W("无法确认", "cannot be told"),
    '"found"': W("有记录", "on record"),
    '"none"': W("没有记录", "no record"),
    '"skipped"': W("不需要查", "not asked"),
    '"same"': W("一致", "the same"),
    '"different"': W("不一致", "different"),
    '"partly"': W("部分有记录", "some on record"),
    **{f'"{code}"': words for code, words in FAULT_WORDS.items()},
}


def questions_of(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], *, at: datetime
) -> tuple[Question, ...]:
    """What the item's table has to know of registers for this filing, with no more fields than it reads (最小必要).

    Empty for an item without a table. A key that was not filled in asks nothing: its state stays unknown.
    """
    spec = pack.decision
    if spec is None:
        return ()
    values = seen_values(pack, answers, form, {}, at)
    return tuple(question for lookup in spec.lookups for question in _questions(lookup, values))


def grounds_of(pack: Pack) -> dict[str, Ground]:
    """By the name of each question (before the dot of one of several): why it may be asked (PIPL arts. 13, 34)."""
    if pack.decision is None:
        return {}
    return {one.name: Ground(one.ground, pack.cite(one.basis), None) for one in pack.decision.lookups}


def seen_values(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], facts: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """What the table's expressions may see of a filing: the groups of the form that they name, and no more."""
    narrow, groups = _narrow(Same(pack))
    seen = {name: form[name] for name in groups if name in form}
    values = typed_values(narrow, answers, seen, {**facts, "today": local_date(at)})
    values["channel"] = facts.get("channel")
    return values


@lru_cache(maxsize=256)
def _narrow(same: Same[Pack]) -> tuple[Pack, tuple[str, ...]]:
    """The pack with only those parts of its form that its table reads, and the names of these parts."""
    pack = same.it
    paths = {path for one in _expressions(pack) for path in one.paths}
    groups = {path.split(".")[1] for path in paths if path.startswith("form.")}
    whole = "form" in paths
    conditions: dict[str, Expression] = {}
    while True:  # whether a part is shown may depend on another
        more = {
            pointer: shown
            for pointer, shown in pack.form_conditions.items()
            if pointer not in conditions and (whole or pointer.split("/")[1] in groups)
        }
        if not more:
            break
        conditions |= more
        named = (path for shown in more.values() for path in shown.paths)
        groups |= {path.split(".")[1] for path in named if path.startswith("form.")}
        paths |= {path for shown in more.values() for path in shown.paths}
    properties = pack.form.get("properties", {})
    kept = tuple(name for name in properties if whole or name in groups)
    form = {**pack.form, "properties": {name: properties[name] for name in kept}}
    order = {pointer: shown for pointer, shown in pack.form_conditions.items() if pointer in conditions}
    return replace(pack, form=form, form_conditions=order), kept


def _expressions(pack: Pack) -> Iterator[Expression]:
    """Every expression of the table's inputs and look-ups."""
    assert pack.decision is not None
    for one in pack.decision.inputs:
        yield one.value
    for subject in pack.decision.subjects:
        yield subject.number
        yield subject.name
    for lookup in pack.decision.lookups:
        yield lookup.key
        yield from lookup.compare.values()
        if lookup.when is not None:
            yield lookup.when


def _questions(lookup: Lookup, values: Mapping[str, Any]) -> Iterator[Question]:
    if lookup.when is not None and lookup.when.truth(values) is not True:
        return
    key = lookup.key.evaluate(values)
    if not lookup.many:
        if isinstance(key, str) and key:
            yield Question(lookup.name, lookup.base, key, lookup.fields)
        return
    for place, one in enumerate(_keys(key)):
        if isinstance(one, str) and one:
            yield Question(f"{lookup.name}.{place}", lookup.base, one, lookup.fields)


def _keys(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else ()


def decide(
    pack: Pack,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    materials: Collection[str],
    answers_of_registry: Sequence[Answer],
    *,
    at: datetime,
) -> Judgement:
    """Judge a filing by the item's table. Raises ValueError for an item without one; nothing else, whatever it is given.

    Approved only where exactly the rule that approves hits. What no register told is no "none": it is a doubt. So is what
    registers contradict each other on, also where a person chose between them.
    """
    spec = pack.decision
    if spec is None:
        raise ValueError(f"{pack.code} has no decision table")
    values = seen_values(pack, answers, form, facts, at)
    values["materials"] = sorted(materials)
    told = {answer.name: sure(answer) for answer in answers_of_registry}
    lookups: dict[str, Any] = {}
    verdicts: dict[str, Any] = {}
    for lookup in spec.lookups:
        lookups[lookup.name], verdicts[lookup.name] = _answered(lookup, told, values)
    values["lookups"], values["verdicts"] = lookups, verdicts
    judged = _judged(spec, {one.name: _input(one, values) for one in spec.inputs}, told, at)
    because = judged.because if judged.approved else _with_names(spec, judged.because, faults_of_names(pack, form))
    return replace(judged, because=because, confirmed=frozenset(_confirmed(lookups, verdicts)))


def faults_of_names(pack: Pack, form: Mapping[str, Any]) -> dict[str, Words]:
    """What speaks against a business's name by itself, word by word, under the fact that says so; nothing: no entry."""
    found = ((fact, tuple(fault.words for fault in name_faults(name))) for fact, _, name in names_in(pack, form))
    return {
        fact: W("；".join(words.zh for words in faults), "; ".join(words.en for words in faults))
        for fact, faults in found
        if faults
    }


def _with_names(
    spec: DecisionSpec, because: tuple[DecisionDoubt, ...], faults: Mapping[str, Words]
) -> tuple[DecisionDoubt, ...]:
    """The doubts, those about a name with the very words that raised them."""
    return tuple(
        replace(one, words=_NAMED.format(doubt=one.words, faults=faults[fact]))
        if (fact := _fact_of(spec, one.inputs)) in faults
        else one
        for one in because
    )


def _fact_of(spec: DecisionSpec, columns: Collection[str]) -> str:
    """The one fact that these inputs read, "" for none or several."""
    paths = {path for one in spec.inputs if one.name in columns for path in one.value.paths}
    facts = {path.removeprefix("facts.") for path in paths if path.startswith("facts.")}
    return facts.pop() if len(facts) == 1 else ""


def decide_again(pack: Pack, inputs: Mapping[str, Any], *, at: datetime) -> Judgement:
    """The same decision from the inputs that were kept, or what this version of the rules would say on them (重放)."""
    spec = pack.decision
    if spec is None:
        raise ValueError(f"{pack.code} has no decision table")
    return _judged(spec, revived(spec, inputs), {}, at)


def _judged(spec: DecisionSpec, inputs: dict[str, Any], told: Mapping[str, Answer], at: datetime) -> Judgement:
    outcome = spec.ready.decide(inputs, at=at)
    codes = _codes(outcome)
    kept = {name: value if type(value) in _JSON else plain(value) for name, value in inputs.items()}
    if codes == (APPROVE,):
        return Judgement("approve", codes, (), outcome.record, kept)
    because = tuple(dict.fromkeys((*_doubts(spec, inputs, codes, outcome), *_silent(told))))
    return Judgement("person", codes, because, outcome.record, kept)


def _confirmed(lookups: Mapping[str, Mapping[str, Any]], verdicts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, seen in lookups.items():
        if seen["state"] == "found" and all(verdict == "same" for verdict in verdicts[name].values()):
            yield name


def _codes(outcome: Outcome) -> tuple[str, ...]:
    """The results of the rules that hit, each once; empty when nothing was decided."""
    value = outcome.value
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(str(one) for one in value))
    return ()


def _doubts(
    spec: DecisionSpec, inputs: Mapping[str, Any], codes: tuple[str, ...], outcome: Outcome
) -> Iterator[DecisionDoubt]:
    found = False
    for code in codes:
        result = spec.results.get(code)
        if result is not None and code != APPROVE:
            found = True
            columns = columns_of(spec, code)
            yield DecisionDoubt(result.words, code, _asked_for(spec, columns), columns)
    for one in spec.inputs:
        if inputs[one.name] is None:
            found = True
            yield DecisionDoubt(_OPEN.format(name=one.words), "", _asked_for(spec, (one.name,)), (one.name,))
    if not found:
        every = frozenset(lookup.name for lookup in spec.lookups)
        for words in outcome.doubts or (_NONE,):
            yield DecisionDoubt(words, "", every)


def _silent(told: Mapping[str, Answer]) -> Iterator[DecisionDoubt]:
    """What a register that did not answer said of it."""
    for answer in told.values():
        if answer.state == "unknown" and answer.why is not None:
            yield DecisionDoubt(answer.why, "", frozenset({answer.name.partition(".")[0]}))


def columns_of(spec: DecisionSpec, code: str) -> tuple[str, ...]:
    """The inputs that the rules saying `code` look at, in the table's order."""
    return _columns(Same(spec)).get(code, ())


@lru_cache(maxsize=64)
def _columns(same: Same[DecisionSpec]) -> dict[str, tuple[str, ...]]:
    spec = same.it
    table = spec.ready.table
    if table is None:
        return {}
    heads = [column.expression.text if column.expression else column.label for column in table.inputs]
    found: dict[str, dict[str, None]] = {}
    for rule, code in zip(table.rules, results_of(spec), strict=True):
        seen = (head for head, cell in zip(heads, rule.tests, strict=True) if cell.text.strip() not in _ANY)
        found.setdefault(code, {}).update(dict.fromkeys(seen))
    return {code: tuple(names) for code, names in found.items()}


def _asked_for(spec: DecisionSpec, columns: Collection[str]) -> frozenset[str]:
    """The look-ups that these inputs read."""
    paths = [path for one in spec.inputs if one.name in columns for path in one.value.paths]
    return frozenset(path.split(".")[1] for path in paths if path.startswith(("lookups.", "verdicts.")))


def _input(one: DecisionInput, values: Mapping[str, Any]) -> Any:
    value = one.value.evaluate(values)
    if one.doubts and (value is None or value is True or value is False):
        return _THREE[value]
    return value


def _answered(
    lookup: Lookup, told: Mapping[str, Answer], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What conditions see of a look-up: its state and fields, and how what was entered compares."""
    if lookup.when is not None and lookup.when.truth(values) is False:
        return {"state": SKIPPED, **dict.fromkeys(lookup.fields)}, dict.fromkeys(lookup.compare, SKIPPED)
    if lookup.many:
        return _several(lookup, told, values)
    answer = told.get(lookup.name)
    if answer is None or answer.state != "found":
        state = "none" if answer is not None and answer.state == "none" else "unknown"
        return {"state": state}, dict.fromkeys(lookup.compare, "unknown")
    fields = answer.fields
    seen: dict[str, Any] = {"state": "found", **{name: fields[name] for name in lookup.fields if name in fields}}
    return seen, {name: _verdict(lookup, name, said.evaluate(values), fields) for name, said in lookup.compare.items()}


def _several(
    lookup: Lookup, told: Mapping[str, Answer], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """All answers together: "found" or "none" where it is so of each, "partly" of some, "unknown" where one did not
    answer. Fields are lists of those found, in the order of the keys; a verdict is the worst of all."""
    keys = _keys(lookup.key.evaluate(values))
    found = [told.get(f"{lookup.name}.{place}") for place in range(len(keys))]
    states = {"unknown" if answer is None else answer.state for answer in found}
    if not keys or "unknown" in states:
        return {"state": "unknown"}, {name: _worst(lookup, name, values, found) for name in lookup.compare}
    fields = [answer.fields for answer in found if answer is not None and answer.state == "found"]
    seen: dict[str, Any] = {"state": "partly" if len(states) > 1 else next(iter(states))}
    for name in lookup.fields:
        if fields and all(name in one for one in fields):
            seen[name] = [one[name] for one in fields]
    return seen, {name: _worst(lookup, name, values, found) for name in lookup.compare}


def _worst(lookup: Lookup, name: str, values: Mapping[str, Any], found: Sequence[Answer | None]) -> str:
    """ "different" when one is, "same" only when all are."""
    entered = _keys(lookup.compare[name].evaluate(values))
    if not entered or len(entered) != len(found):
        return "unknown"
    verdicts = [
        _verdict(lookup, name, one, answer.fields) if answer is not None and answer.state == "found" else "unknown"
        for one, answer in zip(entered, found, strict=True)
    ]
    return max(verdicts, key=_WORST.__getitem__)


def _verdict(lookup: Lookup, name: str, claimed: object, known: Mapping[str, Any]) -> str:
    if claimed is None or known.get(name) is None:
        return "unknown"
    return compare(FIELDS[lookup.base][name], claimed, known[name]).state


def revived(spec: DecisionSpec, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs as they were kept, with dates and numbers as such."""
    return {one.name: _typed(one.kind, inputs.get(one.name)) for one in spec.inputs}


def misfits(pack: Pack, inputs: Mapping[str, Any]) -> tuple[Words, ...]:
    """The columns of the table that take another kind of value than was kept: on such inputs it cannot decide again."""
    spec = pack.decision
    if spec is None:
        return ()
    kept = revived(spec, inputs)
    return tuple(one.words for one in spec.inputs if not _fits(one.kind, kept[one.name]))


def _fits(kind: str, value: Any) -> bool:
    if value is None or kind not in _PYTHON:
        return True
    return isinstance(value, _PYTHON[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _typed(kind: str, value: Any) -> Any:
    """As the table takes it; what is not of the kind stays as it is."""
    try:
        if isinstance(value, str) and kind == "date":
            return date.fromisoformat(value)
        if isinstance(value, str) and kind == "number":
            return Decimal(value)
    except (ValueError, InvalidOperation):
        return value
    return value


def explain(pack: Pack, inputs: Mapping[str, Any], record: bytes) -> tuple[DecisionRow, ...]:
    """Every rule and what became of it, from what was kept. ValueError when the record is of another version of the table.

    `why` shows inputs: only for who may see the case.
    """
    spec = pack.decision
    if spec is None:
        raise ValueError(f"{pack.code} has no decision table")
    codes = results_of(spec)
    tried = spec.ready.explain(revived(spec, inputs), record)
    return tuple(_row(pack, spec, codes[one.row - 1], one) for one in tried)


def results_of(spec: DecisionSpec) -> tuple[str, ...]:
    """What each rule of the table says, as it is written ("" for one that is worked out)."""
    table = spec.ready.table
    return () if table is None else tuple(written(rule.results[0].text) for rule in table.rules)


def written(text: str) -> str:
    """A FEEL text in quotes as itself; "" for anything else."""
    inner = text.strip()[1:-1]
    return inner if text.strip() == f'"{inner}"' and '"' not in inner and "\\" not in inner else ""


def _row(pack: Pack, spec: DecisionSpec, code: str, one: Tried) -> DecisionRow:
    result = spec.results.get(code)
    words = result.words if result else W(code, code)
    basis = pack.cite(result.basis) if result and result.basis else ""
    columns = columns_of(spec, code)
    why = _HIT if one.hit else _why(spec, one)
    return DecisionRow(one.row, code, words, basis, one.hit, why, _asked_for(spec, columns), columns)


def _why(spec: DecisionSpec, one: Tried) -> Words:
    by_label = {column.label: column for column in spec.ready.table.inputs} if spec.ready.table else {}
    column = by_label.get(one.label)
    name = column.expression.text if column is not None and column.expression is not None else one.label
    named = next((known.words for known in spec.inputs if known.name == name), W(one.label, one.label))
    return _CELL.format(name=named, seen=in_words(one.seen), cell=_said(one.cell))


def in_words(value: object) -> Words:
    """What a column holds, as people are told it."""
    return _said(_feel(value))


def _feel(value: object) -> str:
    shown = plain(value)
    return f'"{shown}"' if isinstance(value, str) else str(shown)


def _said(text: str) -> Words:
    """A cell or a value in words, where its texts are known ones."""
    if text.startswith("not(") and text.endswith(")"):
        return _NOT.format(cell=_said(text[4:-1]))
    zh, en = text.replace(",", "、"), text.replace(",", ", ")
    for code, words in _SAID.items():
        zh, en = zh.replace(code, words.zh), en.replace(code, words.en)
    return W(zh, en)
