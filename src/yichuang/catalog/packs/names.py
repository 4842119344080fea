"""Which names a condition of a pack may use: answers.…, form.…, facts.…, today; and the compiling of conditions."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from yichuang.catalog.packs.documents import Document
from yichuang.catalog.values import PackFault
from yichuang.engine.values import Expression, ExpressionError, compile_expression

BUILT_IN_FACTS = ("channel", "certificates", "applicant_kind", "follow_up")  # what the filing room always gives


def form_paths(schema: Mapping[str, Any], before: str = "form") -> Iterator[str]:
    """Every property of a form as a dotted path; `form.rooms.area` of a list of rooms is the list of their areas."""
    for name, child in schema.get("properties", {}).items():
        path = f"{before}.{name}"
        inner = child.get("items", {}) if child.get("type") == "array" else child
        if inner.get("type") == "object":
            yield from form_paths(inner, path)
        else:
            yield path


def known_names(
    questions: Collection[str], form: Mapping[str, Any], facts: Collection[str], *, today: bool = True
) -> frozenset[str]:
    """All dotted names of a pack."""
    names = {f"answers.{one}" for one in questions} | {f"facts.{one}" for one in (*facts, *BUILT_IN_FACTS)}
    return frozenset(names | set(form_paths(form)) | ({"today"} if today else set()))


class Compiler:
    """Compiles the conditions of one pack and collects what cannot be read."""

    def __init__(self, names: frozenset[str], faults: list[PackFault]) -> None:
        self.names = names
        self.faults = faults

    def optional(self, document: Document, pointer: str, text: object) -> Expression | None:
        """The expression, or None when there is none (or it is at fault)."""
        return None if text is None else self.needed(document, pointer, text)

    def needed(self, document: Document, pointer: str, text: object) -> Expression | None:
        try:
            return compile_expression(str(text), names=self.names)
        except ExpressionError as error:
            line, column = document.place(pointer)
            self.faults.append(PackFault(document.file, line, "CONDITION", error.message, column))
            return None
