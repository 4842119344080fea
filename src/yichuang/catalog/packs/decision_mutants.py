"""Changing each rule, cell and look-up of a decision table once (变异检查): one example must notice each change."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from yichuang.catalog import decisions
from yichuang.catalog.packs.decision import YAML
from yichuang.catalog.packs.decision_trial import differences, judged
from yichuang.catalog.values import APPROVE, DecisionExample, DecisionSpec, Lookup, Mutation, Pack
from yichuang.engine.values import DecisionFaults, ReadyDecision, compile_expression, ready_decision

_UNREADABLE: Final = "the table cannot be read any more"


def decision_mutations(pack: Pack) -> Iterator[Mutation]:
    """Every change to the table and the first example that noticed it. Nothing for a pack without one."""
    spec = pack.decision
    if spec is None:
        return
    sound = [one for one in spec.examples if not any(differences(pack, one))]
    for what, noticed in _Rows(pack, spec, sound).changes():
        yield Mutation(f"decision: {what}", noticed)
    for n, lookup in enumerate(spec.lookups):
        for what, other in _lookups(lookup):
            changed = replace(spec, lookups=(*spec.lookups[:n], other, *spec.lookups[n + 1 :]))
            found = next((one for one in sound if any(differences(replace(pack, decision=changed), one))), None)
            yield Mutation(f"decision: look-up {lookup.name}: {what}", None if found is None else _named(found))


def _named(one: DecisionExample) -> str:
    return f"{YAML}:{one.line}"


def _lookups(lookup: Lookup) -> Iterator[tuple[str, Lookup]]:
    yield "never asked", replace(lookup, when=compile_expression("1 = 2"))
    if lookup.when is not None:
        yield "always asked", replace(lookup, when=None)


@dataclass(frozen=True, slots=True)
class _Case:
    """An example, what the table sees of it, and the rows that hit."""

    example: DecisionExample
    inputs: Mapping[str, Any]
    hits: tuple[bool, ...]


class _Rows:
    """The rows of a table that gathers what hits: each can be changed by itself, so it is read by itself."""

    def __init__(self, pack: Pack, spec: DecisionSpec, sound: Sequence[DecisionExample]) -> None:
        self.spec, self.codes = spec, decisions.results_of(spec)
        self.cases = [self._case(pack, spec, one) for one in sound]
        self.root = etree.fromstring(spec.xml)
        self.decision = next(one for one in self.root if _tag(one) == "decision" and one.get("name") == spec.name)
        self.rules = [one for one in self.decision.iter() if _tag(one) == "rule"]

    def _case(self, pack: Pack, spec: DecisionSpec, one: DecisionExample) -> _Case:
        got = judged(pack, one)
        rows = decisions.explain(pack, got.inputs, got.record)
        return _Case(one, decisions.revived(spec, got.inputs), tuple(row.hit for row in rows))

    def changes(self) -> Iterator[tuple[str, str | None]]:
        """What was changed, and the example that noticed."""
        for at, rule in enumerate(self.rules):
            yield f"row {at + 1}: removed", self._noticed(at, None, "")
            for what, changed, code in _cells(rule, self.codes[at]):
                ready = self._alone(rule, changed)
                noticed = _UNREADABLE if ready is None else self._noticed(at, ready, code)
                yield f"row {at + 1}, {what}", noticed

    def _alone(self, rule: etree._Element, changed: etree._Element) -> ReadyDecision | None:
        """The table with the changed rule alone."""
        parent = rule.getparent()
        assert parent is not None
        kept = [one for one in parent if _tag(one) == "rule"]
        for one in kept:
            parent.remove(one)
        parent.append(changed)
        try:
            return ready_decision(etree.tostring(self.root), self.spec.name)
        except DecisionFaults:
            return None
        finally:
            parent.remove(changed)
            parent.extend(kept)

    def _noticed(self, at: int, ready: ReadyDecision | None, code: str) -> str | None:
        for case in self.cases:
            hits = list(case.hits) or [False] * len(self.codes)
            hits[at] = ready is not None and ready.decide(case.inputs, at=case.example.applied_at).decided
            codes = [code if row == at else said for row, said in enumerate(self.codes) if hits[row]]
            if _differs(case.example, tuple(dict.fromkeys(codes))):
                return _named(case.example)
        return None


def _differs(example: DecisionExample, codes: tuple[str, ...]) -> bool:
    approved = codes == (APPROVE,)
    wrong = approved != (example.expect == APPROVE)
    return wrong or (example.because is not None and sorted(example.because) != sorted(codes))


def _tag(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _cells(rule: etree._Element, code: str) -> Iterator[tuple[str, etree._Element, str]]:
    """The rule with one cell opened, one turned round, or a doubt made an approval; and what it says then."""
    for what, changed in changed_cells(rule):
        yield what, changed, code
    if code != APPROVE:
        yield "approves", copy.deepcopy(rule), APPROVE


def changed_cells(rule: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The rule with one cell opened, or turned round."""
    entries = [one for one in rule if _tag(one) == "inputEntry"]
    for column, entry in enumerate(entries, 1):
        said = _text(entry)
        if said != "-":
            yield f"column {column}: anything fits", _with(rule, entry, "-")
            yield f"column {column}: turned round", _with(rule, entry, _inverse(said))


def _with(rule: etree._Element, entry: etree._Element, text: str) -> etree._Element:
    changed = copy.deepcopy(rule)
    cell = changed[rule.index(entry)]
    for one in cell:
        if _tag(one) == "text":
            one.text = text
    return changed


def _text(entry: etree._Element) -> str:
    return "".join(one.text or "" for one in entry if _tag(one) == "text").strip()


def _inverse(cell: str) -> str:
    return cell[4:-1] if cell.startswith("not(") and cell.endswith(")") else f"not({cell})"
