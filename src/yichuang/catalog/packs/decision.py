"""decision.dmn and decision.yaml: from the two files of a pack to its ready decision, or every fault with its line."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from yichuang.catalog.packs.decision_examples import build_examples
from yichuang.catalog.packs.documents import Document
from yichuang.catalog.packs.names import Compiler
from yichuang.catalog.packs.shapes import KINDS
from yichuang.catalog.values import (
    DecisionExample,
    DecisionInput,
    DecisionResult,
    DecisionSpec,
    Example,
    Lookup,
    PackFault,
    Subject,
)
from yichuang.core.words import W, Words
from yichuang.engine.values import (
    DecisionFault,
    DecisionFaults,
    ExpressionError,
    InputKind,
    ReadyDecision,
    Shape,
    kind_of_text,
    kind_words,
    ready_decision,
)
from yichuang.registry.values import FIELDS, Base

DMN: Final = "decision.dmn"
YAML: Final = "decision.yaml"
THREE: Final = frozenset({"yes", "no"})


def table_fault(fault: DecisionFault, file: str = DMN, prefix: str = "DECISION") -> PackFault:
    """What is wrong in a file of tables, with its row and column where it stands in one."""
    zh, en = fault.words.zh, fault.words.en
    if fault.row:
        zh, en = f"第 {fault.row} 行第 {fault.column} 列：{zh}", f"Row {fault.row}, column {fault.column}: {en}"
    return PackFault(file, fault.line, f"{prefix}_{fault.code}", W(zh, en))


class DecisionBuilder:
    """Builds the decision; what cannot be read lands in `faults`.

    `known` are the dotted names of the pack (answers.…, form.…, facts.…, today), `shape` the kinds of their values.
    """

    def __init__(
        self, document: Document, xml: bytes, known: frozenset[str], shape: Mapping[str, Shape], faults: list[PackFault]
    ) -> None:
        self.document, self.xml, self.faults = document, xml, faults
        self.shape: dict[str, Shape] = {**shape, "channel": "string", "materials": ["string"]}
        self.asked = Compiler(known | {"channel"}, faults)
        self.known = known | {"channel", "materials"}

    def build(self, examples: Mapping[str, Example], *, gate: str) -> DecisionSpec | None:
        """`examples`: the worked examples of the pack, by their file. `gate`: what else decides whether it approves."""
        ready = self._ready()
        subjects = tuple(self._subjects())
        lookups = tuple(self._lookups())
        self._learn(lookups)
        papers = self._papers(lookups)
        inputs = tuple(self._inputs(ready.kinds)) if ready else ()
        results = {code: _result(code, row) for code, row in self.document.data["results"].items()}
        tried: tuple[DecisionExample, ...] = ()
        if ready is not None and not self.faults:
            tried = tuple(build_examples(self.document, lookups, examples, self.faults))
        if ready is None or self.faults:
            return None
        return DecisionSpec(
            name=self.document.data["decision"],
            ready=ready,
            lookups=lookups,
            inputs=inputs,
            results=results,
            covers=frozenset(self.document.data.get("covers", ())),
            subjects=subjects,
            papers=papers,
            examples=tried,
            xml=self.xml,
            sha=hashlib.sha256(b"\0".join([self.xml, self.document.text.encode(), gate.encode()])).hexdigest(),
        )

    def _ready(self) -> ReadyDecision | None:
        try:
            return ready_decision(self.xml, self.document.data["decision"])
        except DecisionFaults as wrong:
            self.faults.extend(table_fault(fault) for fault in wrong.faults)
            return None

    def fault(self, pointer: str, code: str, zh: str, en: str) -> None:
        self.faults.append(self.document.fault(pointer, code, W(zh, en)))

    def _subjects(self) -> Iterator[Subject]:
        given = self.document.data.get("subject", ())
        for n, row in enumerate([given] if isinstance(given, dict) else given):
            at = "/subject" if isinstance(given, dict) else f"/subject/{n}"
            number = self.asked.needed(self.document, f"{at}/number", row["number"])
            name = self.asked.needed(self.document, f"{at}/name", row["name"])
            kinds = [self._kind(f"{at}/{part}", row[part], "string", "list") for part in ("number", "name")]
            if number is not None and name is not None and kinds[0] == kinds[1]:
                yield Subject(number, name)

    def _papers(self, lookups: tuple[Lookup, ...]) -> Mapping[str, str]:
        known = {one.name: one for one in lookups}
        papers: Mapping[str, str] = self.document.data.get("papers", {})
        for material, name in papers.items():
            if name not in known:
                self.fault(f"/papers/{material}", "PAPER_LOOKUP", f"没有查询 {name}", f"There is no look-up {name}")
            elif not known[name].compare:
                zh, en = f"查询 {name} 没有比对（compare），证明不了什么", f"The look-up {name} compares nothing"
                self.fault(f"/papers/{material}", "PAPER_LOOKUP", zh, en)
        return papers

    def _lookups(self) -> Iterator[Lookup]:
        for n, row in enumerate(self.document.data.get("lookups", ())):
            at = f"/lookups/{n}"
            key = self.asked.needed(self.document, f"{at}/key", row["key"])
            kind = self._kind(f"{at}/key", row["key"], "string", "list")
            compare = dict(self._compared(row, at))
            self._fields(row, at)
            if key is not None:
                yield Lookup(
                    name=row["name"],
                    base=Base(row["base"]),
                    key=key,
                    fields=tuple(row["fields"]),
                    when=self.asked.optional(self.document, f"{at}/when", row.get("when")),
                    ground=row["ground"],
                    basis=row["basis"],
                    source=row["source"],
                    compare=compare,
                    many=kind == "list",
                )

    def _compared(self, row: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any]]:
        known = FIELDS[Base(row["base"])]
        for name, text in row.get("compare", {}).items():
            here = f"{at}/compare/{name}"
            if name not in row["fields"]:
                self.fault(here, "LOOKUP_COMPARE", f"fields 中没有 {name}", f"{name} does not stand in fields")
            elif known[name].compare is None if name in known else False:
                self.fault(here, "LOOKUP_COMPARE", f"{name} 不能比对", f"{name} cannot be compared")
            expression = self.asked.needed(self.document, here, text)
            if expression is not None:
                yield name, expression

    def _fields(self, row: Mapping[str, Any], at: str) -> None:
        known = FIELDS[Base(row["base"])]
        for n, name in enumerate(row["fields"]):
            if name not in known:
                has = "、".join(known)
                zh = f"{row['base']} 库没有字段 {name}；有：{has}"
                self.fault(f"{at}/fields/{n}", "LOOKUP_FIELD", zh, f"{row['base']} has no field {name}; it has: {has}")

    def _learn(self, lookups: tuple[Lookup, ...]) -> None:
        """The names that look-ups bring, and their kinds."""
        states: dict[str, Shape] = {}
        verdicts: dict[str, Shape] = {}
        for one in lookups:
            kinds = {name: KINDS[FIELDS[one.base][name].kind] for name in one.fields if name in FIELDS[one.base]}
            states[one.name] = {
                "state": "string",
                **{name: [kind] if one.many else kind for name, kind in kinds.items()},
            }
            if one.compare:
                verdicts[one.name] = dict.fromkeys(one.compare, "string")
        self.shape |= {"lookups": states, "verdicts": verdicts}
        named = {f"lookups.{one.name}.{name}" for one in lookups for name in ("state", *one.fields)}
        named |= {f"verdicts.{one.name}.{name}" for one in lookups for name in one.compare}
        self.read = Compiler(self.known | named, self.faults)

    def _inputs(self, kinds: Mapping[str, InputKind]) -> Iterator[DecisionInput]:
        given: Mapping[str, Any] = self.document.data["inputs"]
        for name in sorted(set(kinds) - set(given)):
            zh, en = f"决策表的输入 {name} 没有写在 inputs 中", f"The table's input {name} does not stand in inputs"
            self.fault("/inputs", "INPUT_MISSING", zh, en)
        for name, row in given.items():
            here = f"/inputs/{name}"
            if name not in kinds:
                has = "、".join(sorted(kinds))
                self.fault(
                    here,
                    "INPUT_UNKNOWN",
                    f"决策表没有输入 {name}；有：{has}",
                    f"The table has no input {name}; it has: {has}",
                )
                continue
            value = self.read.needed(self.document, f"{here}/value", row["value"])
            kind, allowed = kinds[name]
            doubts = kind == "string" and "unknown" in allowed
            truths = doubts and set(allowed) >= THREE
            self._kind(f"{here}/value", row["value"], kind, *(("boolean",) if truths else ()))
            if value is not None:
                yield DecisionInput(name, Words(row["zh"], row["en"]), value, kind, doubts)

    def _kind(self, pointer: str, text: str, *wanted: str) -> str:
        """The kind of what the text gives; a fault when it is surely another one."""
        try:
            kind, remarks = kind_of_text(text, self.shape)
        except ExpressionError:
            return ""  # told by the compiler
        line, column = self.document.place(pointer)
        for remark in remarks:
            if "名称" not in remark.words.zh and "这一项" not in remark.words.zh:  # names: told by the compiler
                self.faults.append(PackFault(YAML, line, "INPUT_KIND", remark.words, column))
        if kind and kind not in wanted and all(wanted):
            got, want = kind_words(kind), kind_words(wanted[0])
            zh = f"这里应得{want.zh}，却得到{got.zh}"
            self.faults.append(
                PackFault(YAML, line, "INPUT_KIND", W(zh, f"This should give {want.en}, not {got.en}"), column)
            )
        return kind


def _result(code: str, row: Mapping[str, Any]) -> DecisionResult:
    return DecisionResult(
        code, Words(row["zh"], row["en"]), row.get("basis", ""), row["source"], row.get("grave", False)
    )
