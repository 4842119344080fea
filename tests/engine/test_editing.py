"""A process gets a drawing for an editor, and means the same afterwards."""

from pathlib import Path

import pytest
from lxml import etree

from yichuang.engine.values import parse_process, ready_decision, with_drawing, with_ids

DI, BOUNDS = "{http://www.omg.org/spec/BPMN/20100524/DI}", "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
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


def test_an_editor_finds_the_name_of_a_boundary_event_beside_its_line():
    (package,) = [file for file in PACKS if file.parent.name == "qiye-kaiban"]
    shapes = etree.fromstring(with_drawing(package.read_bytes())).iter(f"{DI}BPMNShape")
    lefts = {one.get("bpmnElement"): [float(box.get("x")) for box in one.iter(BOUNDS)] for one in shapes}
    event, label = lefts["licence_refused"]
    assert label < event
    assert len(lefts["licence"]) == len(lefts["filed"]) == 1, "no other name needs a place of its own"


@pytest.mark.parametrize("xml", [b"<nothing", b"<a/>", b"<!DOCTYPE a []><a/>", b""])
def test_what_is_no_process_stays_as_it_is(xml):
    assert with_drawing(xml) == xml


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────
TABLES = sorted((Path(__file__).resolve().parents[2] / "packs").glob("*/*/*.dmn"))
SAMPLE = Path(__file__).resolve().parents[2] / "samples/venues/declared/admission.dmn"
DMN_1_3 = b"https://www.omg.org/spec/DMN/20191111/MODEL/"


@pytest.mark.parametrize("file", TABLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_table_with_ids_stays_as_it_is(file):
    assert with_ids(file.read_bytes()) == file.read_bytes()


@pytest.mark.parametrize("version", ["20191111", "20211108", "20230324"])
def test_a_table_written_by_hand_decides_the_same_with_ids(version):
    xml = SAMPLE.read_bytes().replace(b"20230324", version.encode())
    opened = with_ids(xml)
    assert DMN_1_3 in opened
    root = etree.fromstring(opened)
    ids = [
        one.get("id")
        for one in root.iter("{*}rule", "{*}inputEntry", "{*}outputEntry", "{*}input", "{*}output", "{*}decisionTable")
    ]
    assert None not in ids
    every = [one.get("id") for one in root.iter(etree.Element) if one.get("id")]
    assert len(every) == len(set(every))
    before, after = ready_decision(xml, "预约审核"), ready_decision(opened, "预约审核")
    for people in (5, 10, 11, 60):
        for quiet in (True, False):
            given = {"人数": people, "容纳人数": 50, "安静活动": quiet}
            assert before.decide(given).value == after.decide(given).value is not None
    assert with_ids(opened) == opened


def test_an_id_that_is_there_is_given_to_nothing_else():
    taken = SAMPLE.read_bytes().replace(b'id="i_people"', b'id="rule_1"').replace(b'"#i_people"', b'"#rule_1"')
    every = [one.get("id") for one in etree.fromstring(with_ids(taken)).iter(etree.Element) if one.get("id")]
    assert every.count("rule_1") == 1


@pytest.mark.parametrize("xml", [b"<nothing", b"<!DOCTYPE a []><a/>", b""])
def test_what_is_no_model_or_has_boxes_of_a_later_version_stays_as_it_is(xml):
    assert with_ids(xml) == xml
    later = SAMPLE.read_bytes().replace(b"<output name", b"<filter/><output name")
    assert with_ids(later) == later
