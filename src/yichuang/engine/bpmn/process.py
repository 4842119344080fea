"""`parse_process`: XML in, a checked model out, kept by the SHA-256 of the XML."""

import hashlib
from collections.abc import Collection
from functools import lru_cache
from types import MappingProxyType

from yichuang.engine.bpmn.check import check
from yichuang.engine.bpmn.graph import ProcessFaults, ProcessModel
from yichuang.engine.bpmn.layout import place
from yichuang.engine.bpmn.read import read


def parse_process(xml: bytes, *, names: Collection[str] | None = None) -> ProcessModel:
    """The checked graph of a BPMN 2.0 file. Raises `ProcessFaults` with everything that is wrong with it.

    Conditions are FEEL over the variables and over `outcomes.<task id>`; with `names`, other variables are refused.
    """
    if names is None:
        return _cached(hashlib.sha256(xml).hexdigest(), xml)
    return _parse(hashlib.sha256(xml).hexdigest(), xml, frozenset(names))


def _parse(sha: str, xml: bytes, names: frozenset[str] | None) -> ProcessModel:
    draft = read(xml, names)
    faults = check(draft)
    if faults:
        raise ProcessFaults(faults)
    return ProcessModel(
        id=draft.id,
        name=draft.name,
        sha=sha,
        nodes=MappingProxyType(draft.nodes),
        flows=MappingProxyType(draft.flows),
        start=next(node.id for node in draft.nodes.values() if node.kind == "start"),
        svg=place(draft),
    )


@lru_cache(maxsize=512)
def _cached(sha: str, xml: bytes) -> ProcessModel:
    return _parse(sha, xml, None)
