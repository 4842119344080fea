"""A process gets a drawing for an editor, and means the same afterwards."""

from pathlib import Path

import pytest

from yichuang.engine.values import parse_process, with_drawing

PACKS = sorted((Path(__file__).resolve().parents[2] / "packs").glob("*/*/process.bpmn"))


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.parent.name)
def test_a_process_means_the_same_with_its_drawing(file):
    xml = file.read_bytes()
    drawn = with_drawing(xml)
    before, after = parse_process(xml), parse_process(drawn)
    assert b"BPMNDiagram" in drawn
    assert before.tasks == after.tasks
    assert {one: flow.condition for one, flow in before.flows.items()} == {one: flow.condition for one, flow in after.flows.items()}  # fmt: skip
    assert before.svg.boxes.keys() == after.svg.boxes.keys()
    assert with_drawing(drawn) == drawn, "a file that has a drawing stays as it is"


@pytest.mark.parametrize("xml", [b"<nothing", b"<a/>", b"<!DOCTYPE a []><a/>", b""])
def test_what_is_no_process_stays_as_it_is(xml):
    assert with_drawing(xml) == xml
