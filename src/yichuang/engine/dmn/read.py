"""XML to a model (DMN 1.1 to 1.5). Entities and document types are refused; every fault has its line."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from yichuang.core.words import Words
from yichuang.engine.dmn.boxes import BOXES, box_of
from yichuang.engine.dmn.model import (
    DecisionFaults,
    Element,
    Fault,
    Import,
    ItemDefinition,
    Model,
    Text,
    Variable,
)
from yichuang.engine.dmn.xml import child, children, href, line_of, name_of, tag, text_in, type_ref

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
MAX_BYTES: Final = 2_000_000
MAX_ELEMENTS: Final = 2_000
MAX_DEPTH: Final = 60  # of boxes in boxes


def read_model(xml: bytes) -> Model:
    """The model of a file. Raises `DecisionFaults`."""
    root = _root(xml)
    items = tuple(_item(one) for one in children(root, "itemDefinition"))
    elements: dict[str, Element] = {}
    for one in root:
        element = _element(one)
        if element is not None:
            elements[element.id] = element
    if len(elements) > MAX_ELEMENTS:
        raise _hopeless(1, "TOO_LARGE", "决策模型的元素太多", "The decision model has too many elements")
    return Model(
        name=root.get("name") or "",
        namespace=root.get("namespace") or "",
        items=items,
        elements=elements,
        imports=tuple(
            Import(one.get("name") or "", one.get("namespace") or "", line_of(one)) for one in children(root, "import")
        ),
        names=frozenset(_names(items)),
    )


def _root(xml: bytes) -> etree._Element:
    if len(xml) > MAX_BYTES:
        raise _hopeless(1, "TOO_LARGE", "决策文件太大，最多 2 MB", "The decision file is too large: at most 2 MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise _hopeless(
            error.lineno or 1, "NO_XML", f"不是合法的 XML：{error.msg}", f"Not well-formed XML: {error.msg}"
        ) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _hopeless(1, "DOCTYPE", "决策文件不能带 DOCTYPE", "A decision file may not have a DOCTYPE")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise _hopeless(1, "NO_DMN", "这不是 DMN 1.1 至 1.5 文件", "This is not a DMN file of versions 1.1 to 1.5")
    if _depth(root) > MAX_DEPTH:
        raise _hopeless(1, "TOO_DEEP", "决策文件嵌套太深", "The decision file is nested too deeply")
    return root


def _depth(root: etree._Element) -> int:
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((one, depth + 1) for one in element)
    return deepest


def _hopeless(line: int, code: str, zh: str, en: str) -> DecisionFaults:
    return DecisionFaults((Fault(line, "definitions", Words(zh, en), code),))


def _names(items: tuple[ItemDefinition, ...]) -> Iterator[str]:
    for item in items:
        for part in item.parts:
            yield part.name
        yield from _names(item.parts)


def _item(element: etree._Element) -> ItemDefinition:
    function = child(element, "functionItem")
    params = () if function is None else tuple(type_ref(one) for one in children(function, "parameters"))
    return ItemDefinition(
        name=name_of(element),
        type_ref=text_in(element, "typeRef") or type_ref(element),
        is_list=element.get("isCollection") == "true",
        allowed=_text(child(element, "allowedValues")) or _text(child(element, "typeConstraint")),
        parts=tuple(_item(one) for one in children(element, "itemComponent")),
        line=line_of(element),
        function=None if function is None else (params, function.get("outputTypeRef") or ""),
    )


def _text(element: etree._Element | None) -> Text | None:
    if element is None:
        return None
    inner = child(element, "text")
    found = element if inner is None else inner
    return Text((found.text or "").strip(), line_of(found))


def _element(element: etree._Element) -> Element | None:
    kind = {
        "inputData": "input",
        "decision": "decision",
        "businessKnowledgeModel": "bkm",
        "decisionService": "service",
    }.get(tag(element))
    if kind is None:
        return None
    name = name_of(element)
    variable = child(element, "variable")
    logic = child(element, "encapsulatedLogic")
    body = next((one for one in element if tag(one) in BOXES), None)
    return Element(
        kind=kind,
        id=element.get("id") or name,
        name=name,
        variable=Variable(name, "" if variable is None else type_ref(variable)),
        line=line_of(element),
        needs=tuple(_needs(element)),
        body=box_of(logic if logic is not None else body),
        **{
            key: tuple(href(one) for one in children(element, part))
            for key, part in (
                ("outputs", "outputDecision"),
                ("encapsulated", "encapsulatedDecision"),
                ("given", "inputDecision"),
                ("inputs", "inputData"),
            )
        },
    )


def _needs(element: etree._Element) -> Iterator[str]:
    for requirement in element:
        if tag(requirement) in {"informationRequirement", "knowledgeRequirement"}:
            for one in requirement:
                if tag(one) in {"requiredInput", "requiredDecision", "requiredKnowledge"}:
                    yield href(one)
