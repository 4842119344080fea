"""What the gate checks over a decision table (发布检查): nothing decides that nobody named, and nothing is asked for nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from yichuang.catalog.packs.decision import DMN, YAML, table_fault
from yichuang.catalog.packs.documents import Document
from yichuang.catalog.packs.trial import facts_of
from yichuang.catalog.rules import requirements_for
from yichuang.catalog.values import APPROVE, DecisionExample, DecisionSpec, Pack, PackFault
from yichuang.core.clock import local_date
from yichuang.core.words import W, Words
from yichuang.engine.values import DecisionFault, check_decision, one_budget

Documents = Mapping[str, Document]


class _TooCostly(Exception):
    """What a check says that ran out of steps holds for no other time: it is not kept."""


@lru_cache(maxsize=64)
def _kept(xml: bytes, name: str) -> tuple[DecisionFault, ...]:
    with one_budget() as budget:
        faults = check_decision(xml, name).faults
        if budget.over:
            raise _TooCostly(faults)
    return faults


def _walked(xml: bytes, name: str) -> tuple[DecisionFault, ...]:
    """Gaps and overlaps, worked out once for faults and warnings."""
    try:
        return _kept(xml, name)
    except _TooCostly as told:
        faults: tuple[DecisionFault, ...] = told.args[0]
        return faults


def decision_faults(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """Every fault of the decision; none for a pack without one."""
    spec = pack.decision
    if spec is None:
        return
    document = documents[YAML]
    yield from (table_fault(one) for one in _walked(spec.xml, spec.name) if not one.warns)
    yield from _results(spec, document)
    yield from _lookups(spec, document)
    yield from _covers(pack, spec, document)
    yield from _papers(pack, spec, document)
    yield from _examples(pack, spec, document)


def decision_warnings(pack: Pack) -> Iterator[PackFault]:
    """What may be published all the same: gaps of the table, and limits “on the spot” that no table can keep."""
    spec = pack.decision
    if spec is not None:
        yield from (table_fault(one) for one in _walked(spec.xml, spec.name) if one.warns)
        yield from _alone(pack, spec)
    at_once = pack.promise_limit.unit == "instant" or any(
        variant.promise is not None and variant.promise.unit == "instant" for variant in pack.limit_variants
    )
    if at_once and not any(_instant(pack, one) for one in (spec.examples if spec else ())):
        words = W(
            "承诺当场办结，但没有能够当场自动决定的规则：只能靠窗口人员当场办",
            "The promise is “on the spot”, but no rules can decide on the spot: staff at the counter have to",
        )
        yield PackFault("item.yaml", 0, "INSTANT_BY_PEOPLE", words)


def _alone(pack: Pack, spec: DecisionSpec) -> Iterator[PackFault]:
    """What keeps every case with a person, whatever the table says: nobody named, or papers that only people read."""
    if not spec.subjects:
        words = W(
            "没有写明当事人（subject），核不了本人，不会自动办结",
            "Nobody is named (subject): who applies cannot be compared, so nothing is decided alone",
        )
        yield PackFault(YAML, 0, "SUBJECT_MISSING", words)
    read = [unread_papers(pack, one) for one in spec.examples if one.expect == APPROVE]
    if read and all(read):
        names = W("、".join(w.zh for w in read[0]), ", ".join(w.en for w in read[0]))
        words = W(
            "没有数据能够代替这些材料（papers），要由人看，不会自动办结：{names}",
            "No data stand for these papers (papers): a person reads them, so nothing is decided alone: {names}",
        )
        yield PackFault(YAML, 0, "PAPERS_READ", words.format(names=names))


def unread_papers(pack: Pack, example: DecisionExample) -> tuple[Words, ...]:
    """The papers that this approved example asks for, and that neither the state holds nor a look-up confirms."""
    assert pack.decision is not None
    facts = {**facts_of(pack, example.form, example.facts), "today": local_date(example.applied_at)}
    needs = requirements_for(pack, example.answers, example.form, facts)
    return tuple(
        one.name
        for one in needs.materials
        if one.necessity != "optional" and not one.held and one.code not in pack.decision.papers
    )


def _instant(pack: Pack, example: DecisionExample) -> bool:
    if example.expect != APPROVE:
        return False
    facts = {**facts_of(pack, example.form, example.facts), "today": local_date(example.applied_at)}
    return requirements_for(pack, example.answers, example.form, facts).path == "instant"


def _results(spec: DecisionSpec, document: Document) -> Iterator[PackFault]:
    """The table says results that are named, and every named one."""
    table = spec.ready.table
    if table is None or len(table.outputs) != 1 or table.policy not in {"C", "R"} or table.collect:
        words = W(
            "要有一张只有一列结果的决策表，命中规则为 COLLECT（疑点一次列全）",
            "It takes a decision table with one output and the hit policy COLLECT: all doubts are named at once",
        )
        yield PackFault(DMN, table.line if table else 1, "DECISION_TABLE", words)
        return
    said = set()
    for number, rule in enumerate(table.rules, 1):
        text = rule.results[0]
        code = text.text.strip().strip('"')
        said.add(code)
        if text.text.strip() != f'"{code}"' or code not in spec.results:
            words = W(
                f"第 {number} 行的结果 {text.text} 没有写在 results 中",
                f"Row {number}: the result {text.text} does not stand in results",
            )
            yield PackFault(DMN, text.line, "RESULT_UNNAMED", words)
    for code in spec.results:
        if code not in said:
            words = W(f"没有一行得出 {code}", f"No row gives {code}")
            yield document.fault(f"/results/{code}", "RESULT_UNUSED", words)
    for code, result in spec.results.items():
        if not result.basis and result.source != "P":
            words = W(f"{code} 要写明依据，或者标明是我们的建议（P）", f"{code} needs its article, or the mark P")
            yield document.fault(f"/results/{code}", "RESULT_BASIS", words)


def _lookups(spec: DecisionSpec, document: Document) -> Iterator[PackFault]:
    """Each name once; no field that nobody reads (最小必要, PIPL art. 6)."""
    for name, count in Counter(one.name for one in spec.lookups).items():
        if count > 1:
            at = max(n for n, one in enumerate(spec.lookups) if one.name == name)
            words = W(f"{name} 出现了 {count} 次", f"{name} stands here {count} times")
            yield document.fault(f"/lookups/{at}/name", "TWICE", words)
    read = {path for one in spec.inputs for path in one.value.paths}
    for n, one in enumerate(spec.lookups):
        if not any(path.startswith((f"lookups.{one.name}.", f"verdicts.{one.name}.")) for path in read):
            words = W(f"没有输入用到查询 {one.name}", f"No input reads the look-up {one.name}")
            yield document.fault(f"/lookups/{n}", "LOOKUP_UNUSED", words)
            continue
        for m, name in enumerate(one.fields):
            if f"lookups.{one.name}.{name}" not in read and f"verdicts.{one.name}.{name}" not in read:
                words = W(f"没有输入用到 {name}：不要多问", f"No input reads {name}: ask for no more than is needed")
                yield document.fault(f"/lookups/{n}/fields/{m}", "LOOKUP_UNUSED", words)


def _covers(pack: Pack, spec: DecisionSpec, document: Document) -> Iterator[PackFault]:
    """What the rules claim to judge is a condition of the item; what no register answers, they judge."""
    checks = {condition.code: condition.check for condition in pack.conditions}
    for n, code in enumerate(document.data.get("covers", ())):
        if checks.get(code) is None:
            words = W(f"没有带判断的受理条件 {code}", f"There is no condition {code} with a check")
            yield document.fault(f"/covers/{n}", "COVERS", words)
    staffed = {f"facts.{fact.name}" for fact in pack.facts if fact.provider in {"staff", "face"}}
    for code, check in checks.items():
        if check is not None and check.paths & staffed and code not in spec.covers:
            words = W(
                f"受理条件 {code} 要由人判断，规则没有接过来（covers），永远不能自动批准",
                f"A person judges the condition {code} and the rules do not cover it: nothing can ever be approved",
            )
            yield document.fault("/covers", "NOT_COVERED", words)


def _papers(pack: Pack, spec: DecisionSpec, document: Document) -> Iterator[PackFault]:
    for code in sorted(set(spec.papers) - pack.material_codes):
        words = W(f"没有材料 {code}", f"There is no material {code}")
        yield document.fault(f"/papers/{code}", "PAPER_MATERIAL", words)


def _examples(pack: Pack, spec: DecisionSpec, document: Document) -> Iterator[PackFault]:
    """One example is approved, every doubt has one, and papers exist."""
    if not any(one.expect == APPROVE for one in spec.examples):
        words = W("至少要有一个自动批准的例子", "At least one example must be approved")
        yield document.fault("/examples", "NO_APPROVE_EXAMPLE", words)
    shown = {code for one in spec.examples for code in one.because or ()}
    for code in spec.results:
        if code not in shown and code != APPROVE:
            words = W(f"没有例子说明疑点 {code}（because）", f"No example shows the doubt {code} (because)")
            yield document.fault(f"/results/{code}", "NO_DOUBT_EXAMPLE", words)
    for n, one in enumerate(spec.examples):
        for code in one.because or ():
            if code not in spec.results:
                words = W(f"results 中没有 {code}", f"There is no result {code}")
                yield document.fault(f"/examples/{n}/because", "EXAMPLE_RESULT", words)
        for code in sorted(set(one.materials) - pack.material_codes):
            words = W(f"没有材料 {code}", f"There is no material {code}")
            yield document.fault(f"/examples/{n}", "EXAMPLE_MATERIAL", words)
