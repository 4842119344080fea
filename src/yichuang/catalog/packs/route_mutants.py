"""Changing each row and cell of the routing tables once (变异检查): a worked example must notice each change."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from yichuang.catalog.packs.decision_mutants import changed_cells
from yichuang.catalog.values import Pack
from yichuang.engine.values import DecisionFaults, ready_decision

UNREADABLE = "the table cannot be read any more"


def route_mutations(pack: Pack, noticed: Callable[[Pack], str | None]) -> Iterator[tuple[str, str | None]]:
    """What was changed, and the example that noticed; `noticed` tries them on a changed pack."""
    if not pack.routes:
        return
    root = etree.fromstring(pack.route_xml)
    for name in pack.routes:
        decision = next(one for one in root if _is(one, "decision") and one.get("name") == name)
        for row, rule in enumerate([one for one in decision.iter() if _is(one, "rule")], 1):
            table = rule.getparent()
            assert table is not None
            at = table.index(rule)
            table.remove(rule)
            yield f"{name}, row {row}: removed", _tried(pack, root, name, noticed)
            for what, changed in changed_cells(rule):
                table.insert(at, changed)
                yield f"{name}, row {row}, {what}", _tried(pack, root, name, noticed)
                table.remove(changed)
            table.insert(at, rule)


def _tried(pack: Pack, root: etree._Element, name: str, noticed: Callable[[Pack], str | None]) -> str | None:
    try:
        changed = ready_decision(etree.tostring(root), name)
    except DecisionFaults:
        return UNREADABLE
    return noticed(replace(pack, routes={**pack.routes, name: changed}))


def _is(element: etree._Element, tag: str) -> bool:
    return str(element.tag).rpartition("}")[2] == tag
