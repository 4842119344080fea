"""The worked examples of a decision table: a case of the pack's own examples, and what the registers answer to it."""

import copy
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yichuang.catalog.decisions import SKIPPED
from yichuang.catalog.packs.documents import Document
from yichuang.catalog.packs.examples import apply_changes
from yichuang.catalog.values import DecisionExample, Example, Lookup, PackFault
from yichuang.core.words import W, Words
from yichuang.registry.values import FIELDS, Answer, FieldSpec

_PYTHON: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "flag": (bool,),
    "list": (list,),
    "date": (str,),
}


def build_examples(
    document: Document, lookups: tuple[Lookup, ...], examples: Mapping[str, Example], faults: list[PackFault]
) -> Iterator[DecisionExample]:
    """Each of them; one without `like` starts from the first, with its answers of the registers."""
    reader = _Reader(document, {one.name: one for one in lookups}, examples, faults)
    for n, row in enumerate(document.data["examples"]):
        found = reader.read(row, f"/examples/{n}", first=n == 0)
        if found is not None:
            yield found


class _Reader:
    def __init__(
        self,
        document: Document,
        lookups: Mapping[str, Lookup],
        examples: Mapping[str, Example],
        faults: list[PackFault],
    ) -> None:
        self.document, self.lookups, self.examples, self.faults = document, lookups, examples, faults
        self.base: tuple[dict[str, Any], dict[str, Any], datetime] | None = None

    def read(self, row: Mapping[str, Any], at: str, *, first: bool) -> DecisionExample | None:
        """One example; None (and a fault) when it has nothing to start from."""
        given = self._given(row, at)
        if given is None:
            return None
        case, told, applied_at = given
        apply_changes(self.document, row, case, self.faults, at)
        self._merge(told, row.get("lookups", {}), f"{at}/lookups")
        if first:
            self.base = copy.deepcopy((case, told, applied_at))
        return DecisionExample(
            name=Words(row["name"]["zh"], row["name"]["en"]),
            answers=case["answers"],
            form=case["form"],
            facts=case["facts"],
            materials=tuple(case["materials"]),
            applied_at=applied_at,
            lookups=dict(self._answers(told, applied_at, f"{at}/lookups")),
            expect=row["expect"],
            because=tuple(row["because"]) if "because" in row else None,
            line=self.document.place(at)[0],
        )

    def _given(self, row: Mapping[str, Any], at: str) -> tuple[dict[str, Any], dict[str, Any], datetime] | None:
        like = row.get("like")
        if like is None and at != "/examples/0":
            return copy.deepcopy(self.base)  # None: the first has told why
        example = self.examples.get(f"examples/{like}")
        if example is None:
            words = W(f"like 指向的例子不存在：{like}", f"like names no example: {like}")
            self.faults.append(self.document.fault(f"{at}/like", "EXAMPLE_LIKE", words))
            return None
        case = {
            "answers": dict(example.answers),
            "form": dict(example.form),
            "facts": dict(example.facts),
            "materials": list(example.materials),
        }
        told = copy.deepcopy(self.base[1]) if self.base is not None else {}
        return copy.deepcopy(case), told, example.applied_at

    def _merge(self, told: dict[str, Any], new: Mapping[str, Any], at: str) -> None:
        """Fields replace fields, null takes one away; "none" and "unknown" replace the answer, "skipped" drops it."""
        for name, said in new.items():
            lookup = self.lookups.get(name.partition(".")[0])
            if lookup is None or (lookup.many != ("." in name)):
                has = "、".join(f"{one.name}.0" if one.many else one.name for one in self.lookups.values())
                words = W(f"没有查询 {name}；有：{has}", f"There is no look-up {name}; there are: {has}")
                self.faults.append(self.document.fault(f"{at}/{name}", "EXAMPLE_LOOKUP", words))
            elif said == SKIPPED:
                told.pop(name, None)
            elif isinstance(said, str):
                told[name] = said
            else:
                before = told.get(name)
                merged = {**(before if isinstance(before, dict) else {}), **said}
                told[name] = {key: value for key, value in merged.items() if value is not None}

    def _answers(self, told: Mapping[str, Any], at: datetime, pointer: str) -> Iterator[tuple[str, Answer]]:
        for name, said in told.items():
            lookup = self.lookups[name.partition(".")[0]]
            if isinstance(said, str):
                yield (
                    name,
                    Answer(name, lookup.base, "none" if said == "none" else "unknown", source="example", as_of=at),
                )
                continue
            fields = {key: self._value(lookup, key, value, f"{pointer}/{name}") for key, value in said.items()}
            yield name, Answer(name, lookup.base, "found", fields, source="example", as_of=at)

    def _value(self, lookup: Lookup, key: str, value: Any, at: str) -> Any:
        """A value of the example as the register gives it."""
        spec = FIELDS[lookup.base].get(key)
        if key not in lookup.fields or spec is None:
            words = W(f"查询 {lookup.name} 没有问 {key}", f"The look-up {lookup.name} does not ask for {key}")
            self.faults.append(self.document.fault(f"{at}/{key}", "EXAMPLE_LOOKUP", words))
            return None
        try:
            return _typed(spec, value)
        except (TypeError, ValueError):
            words = W(f"{key} 的值类型不对", f"The value of {key} is of the wrong kind")
            self.faults.append(self.document.fault(f"{at}/{key}", "EXAMPLE_LOOKUP", words))
            return None


def _typed(spec: FieldSpec, value: Any) -> Any:
    """The value in the field's kind. Raises TypeError or ValueError when it is of another."""
    right = isinstance(value, _PYTHON[spec.kind]) and isinstance(value, bool) == (spec.kind == "flag")
    if not right:
        raise TypeError(spec.kind)
    match spec.kind:
        case "date":
            return date.fromisoformat(str(value))
        case "number":
            return Decimal(str(value))
        case "list":
            return tuple(value)
        case _:
            return value
