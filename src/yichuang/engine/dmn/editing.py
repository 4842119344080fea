"""A table for a drawing editor: editors know DMN 1.3 at most, and point at cells by ids, which files written by hand lack."""

from typing import Final

from lxml import etree

from yichuang.engine.dmn.xml import tag

_KNOWN: Final = "https://www.omg.org/spec/DMN/20191111/"
_LATER: Final = ("https://www.omg.org/spec/DMN/20211108/", "https://www.omg.org/spec/DMN/20230324/")
_NEW: Final = frozenset({"conditional", "for", "every", "some", "filter"})  # boxes that 1.3 does not have
_NAMED: Final = frozenset(
    {
        "definitions",
        "itemDefinition",
        "inputData",
        "variable",
        "decision",
        "informationRequirement",
        "decisionTable",
        "input",
        "inputExpression",
        "output",
        "rule",
        "inputEntry",
        "outputEntry",
    }
)


def with_ids(xml: bytes) -> bytes:
    """The same model as DMN 1.3 with an id at everything that an editor points at; one that is so already stays as it is, and
    so does what cannot be read or has boxes that 1.3 does not know."""
    root = _root(xml)
    if root is None or any(tag(one) in _NEW for one in root.iter(etree.Element)):
        return xml
    for name in _LATER:
        xml = xml.replace(name.encode(), _KNOWN.encode())
    root = _root(xml)
    if root is None:
        return xml
    bare = [one for one in root.iter(etree.Element) if tag(one) in _NAMED and not one.get("id")]
    if not bare:  # every other character as it is
        return xml
    taken = {one.get("id") for one in root.iter(etree.Element)}
    numbers = iter(range(1, 10**9))
    for one in bare:
        one.set("id", next(name for n in numbers if (name := f"{tag(one)}_{n}") not in taken))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _root(xml: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None
    return None if getattr(root.getroottree().docinfo, "doctype", "") else root
