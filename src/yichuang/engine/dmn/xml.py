"""Looking into elements, whatever the version of their namespace."""

from collections.abc import Iterator

from lxml import etree


def tag(element: etree._Element) -> str:
    """The local name."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of a name."""
    return (one for one in element if tag(one) == name)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of a name."""
    return next(children(element, name), None)


def line_of(element: etree._Element) -> int:
    """The line on which an element begins, from 1."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else 1


def name_of(element: etree._Element) -> str:
    """The name, with single spaces."""
    return " ".join((element.get("name") or "").split())


def text_in(element: etree._Element, name: str) -> str:
    """The text of a child, bare of a prefix (`feel:string` of DMN 1.1)."""
    found = child(element, name)
    return _bare(element, (found.text or "").strip()) if found is not None else ""


def type_ref(element: etree._Element) -> str:
    """The name of the type; DMN 1.1 writes it with a prefix."""
    return _bare(element, " ".join((element.get("typeRef") or "").split()))


def _bare(element: etree._Element, name: str) -> str:
    prefix, mark, rest = name.partition(":")
    return rest if mark and prefix in element.nsmap else name


def href(element: etree._Element) -> str:
    """What a reference points at: the id, or namespace#id for an element of another file."""
    target = element.get("href") or ""
    space, _, anchor = target.rpartition("#")
    root = element.getroottree().getroot()
    return anchor if not space or space == root.get("namespace") else f"{space}#{anchor}"
