"""`parse_process`: XML in, a checked model out, kept by the SHA-256 of the XML."""

import hashlib
from collections.abc import Collection
from functools import lru_cache
from types import MappingProxyType

from yichuang.engine.bpmn.check import WARNINGS, check
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


def read_process(xml: bytes) -> ProcessModel:
    """A stored definition: it was checked when it was published, by the rules and bounds of that day, and is not checked
    again, so that a case under it can always go on and be ended. Raises `ProcessFaults` for what cannot be read."""
    return _stored(hashlib.sha256(xml).hexdigest(), xml)


def _parse(sha: str, xml: bytes, names: frozenset[str] | None, *, proved: bool = False) -> ProcessModel:
    draft = read(xml, names)
    found = tuple(draft.faults) if proved else check(draft)
    if any(fault.code not in WARNINGS for fault in found):
        raise ProcessFaults(found)
    return ProcessModel(
        id=draft.id,
        name=draft.name,
        sha=sha,
        nodes=MappingProxyType(draft.nodes),
        flows=MappingProxyType(draft.flows),
        start=draft.starts[draft.id],
        svg=place(draft),
        starts=MappingProxyType(draft.starts),
        warnings=found,
    )


@lru_cache(maxsize=512)
def _cached(sha: str, xml: bytes) -> ProcessModel:
    return _parse(sha, xml, None)


@lru_cache(maxsize=512)
def _stored(sha: str, xml: bytes) -> ProcessModel:
    return _parse(sha, xml, None, proved=True)
