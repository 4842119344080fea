"""Any BPMN file is loaded, drawn, and what cannot be executed is listed with its line. MIWG: the reference models."""

import os
from pathlib import Path

import pytest
from lxml import etree

from yichuang.engine.bpmn.graph import ProcessFaults
from yichuang.engine.bpmn.survey import survey

KIT = Path(os.environ.get("YICHUANG_CONFORMANCE", "../shared/conformance")) / "bpmn-miwg"
MODELS = sorted(KIT.rglob("*.bpmn"))


@pytest.mark.skipif(
    not MODELS, reason="the BPMN MIWG reference models are not here (YICHUANG_CONFORMANCE): not counted"
)
def test_every_reference_model_is_loaded_drawn_and_reported() -> None:
    assert len(MODELS) >= 21
    for file in MODELS:
        xml = file.read_bytes()
        found = survey(xml)
        etree.fromstring(found.svg.encode())
        tree = etree.fromstring(xml)
        shapes = {one.get("bpmnElement") for one in tree.iter("{*}BPMNShape", "{*}BPMNEdge")}
        assert found.drawn >= 0.95 * len(shapes), file.name
        lines = len(xml.splitlines())
        for fault in found.faults:
            assert 1 <= fault.line <= lines, (file.name, fault)
            assert fault.words.zh
            assert fault.words.en
        steps = {one.get("id") for one in tree.iter("{*}userTask", "{*}serviceTask", "{*}task", "{*}startEvent")}
        assert steps <= {one.id for one in found.elements}


def test_what_is_no_bpmn_is_refused() -> None:
    with pytest.raises(ProcessFaults):
        survey(b"<html/>")
