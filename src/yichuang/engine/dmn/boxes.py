"""Boxed expressions of the file (DMN 1.5, 10.2): read, not yet understood."""

from collections.abc import Callable
from typing import Final

from lxml import etree

from yichuang.engine.dmn.model import (
    Box,
    Column,
    ConditionalBox,
    ContextBox,
    Entry,
    FilterBox,
    FunctionBox,
    InvocationBox,
    ListBox,
    Literal,
    LoopBox,
    RelationBox,
    Rule,
    Table,
    Text,
    Variable,
)
from yichuang.engine.dmn.xml import child, children, line_of, name_of, tag, type_ref

_POLICIES: Final = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}


def box_of(element: etree._Element | None) -> Box | None:
    """The boxed expression of an element; None when there is none, or none that is known."""
    if element is None:
        return None
    read = BOXES.get(tag(element))
    return None if read is None else read(element)


def _first(element: etree._Element | None) -> Box | None:
    """The boxed expression inside an element."""
    if element is None:
        return None
    return next((box_of(one) for one in element if tag(one) in BOXES), None)


def _text(element: etree._Element | None) -> Text | None:
    if element is None:
        return None
    inner = child(element, "text")
    if inner is None:
        return Text("", line_of(element))
    return Text((inner.text or "").strip(), line_of(inner))


def _literal(element: etree._Element) -> Box:
    foreign = (element.get("expressionLanguage") or "").lower()
    text = _text(element) or Text("", line_of(element))
    if foreign and "feel" not in foreign:
        return FunctionBox((), None, True)
    return Literal(text, type_ref(element))


def _table(element: etree._Element) -> Box:
    return Table(
        policy=_POLICIES.get(element.get("hitPolicy") or "UNIQUE", "?"),
        collect=element.get("aggregation") or "",
        inputs=tuple(_input(one) for one in children(element, "input")),
        outputs=tuple(_output(one) for one in children(element, "output")),
        rules=tuple(_rule(one) for one in children(element, "rule")),
        line=line_of(element),
        type_ref=type_ref(element),
    )


def _input(element: etree._Element) -> Column:
    expression = child(element, "inputExpression")
    text = _text(expression)
    return Column(
        label=element.get("label") or (text.text if text else ""),
        name=text.text if text else "",
        type_ref="" if expression is None else type_ref(expression),
        values=_text(child(element, "inputValues")),
        line=line_of(element),
        expression=text,
    )


def _output(element: etree._Element) -> Column:
    return Column(
        label=element.get("label") or name_of(element),
        name=name_of(element),
        type_ref=type_ref(element),
        values=_text(child(element, "outputValues")),
        line=line_of(element),
        default=_text(child(element, "defaultOutputEntry")),
    )


def _rule(element: etree._Element) -> Rule:
    description, note = child(element, "description"), child(element, "annotationEntry")
    words = (description.text if description is not None else None) or (
        _text(note).text if note is not None else ""  # type: ignore[union-attr]  # of an element there is a text
    )
    return Rule(
        id=element.get("id") or "",
        tests=tuple(_text(one) or Text("", line_of(one)) for one in children(element, "inputEntry")),
        results=tuple(_text(one) or Text("", line_of(one)) for one in children(element, "outputEntry")),
        note=words.strip(),
        line=line_of(element),
    )


def _variable(element: etree._Element) -> Variable:
    return Variable(name_of(element), type_ref(element))


def _context(element: etree._Element) -> Box:
    entries = []
    for one in children(element, "contextEntry"):
        variable = child(one, "variable")
        entries.append(Entry(None if variable is None else _variable(variable), _first(one)))
    return ContextBox(tuple(entries), type_ref(element))


def _invocation(element: etree._Element) -> Box:
    bindings = []
    for one in children(element, "binding"):
        parameter = child(one, "parameter")
        bindings.append(Entry(None if parameter is None else _variable(parameter), _first(one)))
    return InvocationBox(_first(element), tuple(bindings), type_ref(element))


def _function(element: etree._Element) -> Box:
    params = tuple(_variable(one) for one in children(element, "formalParameter"))
    foreign = (element.get("kind") or "FEEL") != "FEEL"
    return FunctionBox(params, None if foreign else _first(element), foreign, type_ref(element))


def _list(element: etree._Element) -> Box:
    items = [box_of(one) for one in element if tag(one) in BOXES]
    return ListBox(tuple(one for one in items if one is not None), type_ref(element))


def _relation(element: etree._Element) -> Box:
    rows = []
    for row in children(element, "row"):
        cells = [box_of(one) for one in row if tag(one) in BOXES]
        rows.append(tuple(one for one in cells if one is not None))
    return RelationBox(tuple(_variable(one) for one in children(element, "column")), tuple(rows), type_ref(element))


def _conditional(element: etree._Element) -> Box:
    condition, then, otherwise = (_first(child(element, name)) for name in ("if", "then", "else"))
    return ConditionalBox(condition, then, otherwise, type_ref(element))


def _loop(element: etree._Element) -> Box:
    body = child(element, "return")
    if body is None:
        body = child(element, "satisfies")
    return LoopBox(
        kind=tag(element),
        iterator=" ".join((element.get("iteratorVariable") or "").split()),
        source=_first(child(element, "in")),
        body=_first(body),
        type_ref=type_ref(element),
    )


def _filter(element: etree._Element) -> Box:
    return FilterBox(_first(child(element, "in")), _first(child(element, "match")), type_ref(element))


BOXES: Final[dict[str, Callable[[etree._Element], Box]]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": _function,
    "encapsulatedLogic": _function,
    "list": _list,
    "relation": _relation,
    "conditional": _conditional,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "filter": _filter,
}
