"""Each fault of a decision is found, and told with its file and line; what only deserves a warning hinders nothing."""

import shutil
from pathlib import Path

import pytest
from tests.catalog.dog import spoil

from yichuang.catalog.commands import check_pack, pack_warnings
from yichuang.catalog.packs.folder import load_folder

ROOT = Path(__file__).parents[2] / "packs"
YAML, DMN = "decision.yaml", "decision.dmn"
TWICE = """  - name: credit
    base: credit
    key: form.operator.cn_id
    fields: [restricted, barred]
    ground: duty
    basis: L1 第二十条
    source: P
inputs:
"""
SPOILT = [
    (YAML, "fields: [name, alive]", "fields: [name, alife]", "LOOKUP_FIELD"),
    (YAML, "fields: [name, alive]", "fields: [name, alive, sex]", "LOOKUP_UNUSED"),
    (YAML, "value: lookups.place.entities > 0", "value: 1 = 2", "LOOKUP_UNUSED"),
    (YAML, "key: form.place.detail", "key: form.place.area", "INPUT_KIND"),
    (YAML, "key: form.place.detail", "key: form.place.details", "CONDITION"),
    (YAML, 'when: answers.place != "online"', 'when: answers.plaza != "online"', "CONDITION"),
    (YAML, "compare: { name: form.operator.name }", "compare: { sex: form.operator.name }", "LOOKUP_COMPARE"),
    (YAML, "compare: { name: form.operator.name }", "compare: { name: form.owner.name }", "CONDITION"),
    (YAML, "inputs:\n", TWICE, "TWICE"),
    (YAML, "base: credit", "base: debts", "FORMAT"),
    (YAML, "value: lookups.operator.alive", "value: lookups.operator.living", "CONDITION"),
    (YAML, "value: lookups.operator.alive", "value: lookups.owner.alive", "CONDITION"),
    (YAML, "value: lookups.operator.alive", "value: lookups.operator.alive = = true", "CONDITION"),
    (YAML, "value: lookups.operator.alive", "value: lookups.place.entities", "INPUT_KIND"),
    (YAML, "value: lookups.place.entities > 0", 'value: lookups.place.entities > "0"', "INPUT_KIND"),
    (YAML, "  alive: { zh: 在世", "  living: { zh: 在世", "INPUT_UNKNOWN"),
    (YAML, "  alive: { zh: 在世", "  living: { zh: 在世", "INPUT_MISSING"),
    (YAML, "  occupied: { zh: 该地址已登记有其他主体", "  occupant: { zh: 该地址已登记有其他主体", "RESULT_UNNAMED"),
    (YAML, "  occupied: { zh: 该地址已登记有其他主体", "  occupant: { zh: 该地址已登记有其他主体", "RESULT_UNUSED"),
    (YAML, "basis: L1 第十条, source: M }", "source: M }", "RESULT_BASIS"),
    (YAML, "basis: L1 第二十条", "basis: L9 第二十条", "BASIS"),
    (YAML, 'en: "Not a new business"', 'en: "不是 new"', "ENGLISH"),
    (YAML, "covers: [RESTRICTED]", "covers: [RESTRICTIONS]", "COVERS"),
    (YAML, "covers: [RESTRICTED]", "covers: [IN_CHINA]", "COVERS"),
    (YAML, "covers: [RESTRICTED]", "covers: []", "NOT_COVERED"),
    (YAML, "like: 01-general-rented.yaml", "like: 99-nothing.yaml", "EXAMPLE_LIKE"),
    (YAML, "operator: { name: 张晓, alive: true }", "owner: { name: 张晓, alive: true }", "EXAMPLE_LOOKUP"),
    (YAML, "operator: { name: 张晓, alive: true }", "operator: { name: 张晓, sex: male }", "EXAMPLE_LOOKUP"),
    (YAML, "operator: { name: 张晓, alive: true }", "operator: { name: 张晓, alive: 1 }", "EXAMPLE_LOOKUP"),
    (YAML, "    because: [occupied]", "    because: [busy]", "EXAMPLE_RESULT"),
    (YAML, "    because: [family]", "    because: [agent]", "NO_DOUBT_EXAMPLE"),
    (YAML, "    because: [follow_up]", "    without: [photo]", "EXAMPLE_WITHOUT"),
    (YAML, "    because: [follow_up]", "    with: [nothing]", "EXAMPLE_MATERIAL"),
    (YAML, "decision: 个体工商户设立", "decision: 个体户设立", "DECISION_NO_DECISION"),
    (YAML, "format: 1\n", "format: 1\nwhatever: 1\n", "UNKNOWN_KEY"),
    (DMN, 'hitPolicy="COLLECT"', 'hitPolicy="FIRST"', "DECISION_TABLE"),
    (DMN, 'hitPolicy="COLLECT"', 'hitPolicy="COLLECT" aggregation="COUNT"', "DECISION_TABLE"),
    (DMN, '<text>"restricted"</text>', '<text>"restrict" + "ed"</text>', "RESULT_UNNAMED"),
    (DMN, '_occupied"><text>"yes"</text>', '_occupied"><text>< < 1</text>', "DECISION_NO_XML"),
    (DMN, '_occupied"><text>"yes"</text>', '_occupied"><text>"yes" "no"</text>', "DECISION_CELL"),
    (DMN, '_occupied"><text>"yes"</text>', '_occupied"><text>1</text>', "DECISION_NAMES"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "getihu-sheli"
    shutil.copytree(ROOT / "shichang/getihu-sheli", copied)
    return copied


@pytest.mark.parametrize(("file", "old", "new", "code"), SPOILT)
def test_a_fault_is_told_with_its_file_and_line(folder: Path, file: str, old: str, new: str, code: str):
    line = spoil(folder, file, old, new)
    found = [fault for fault in check_pack(folder) if fault.code == code]
    assert found, [str(fault) for fault in check_pack(folder)]
    assert all(fault.line for fault in found)
    assert any(fault.file in {YAML, DMN} for fault in found)
    if code in {
        "CONDITION",
        "INPUT_KIND",
        "LOOKUP_FIELD",
        "LOOKUP_COMPARE",
        "COVERS",
        "DECISION_CELL",
        "RESULT_UNNAMED",
    }:
        assert any(abs(fault.line - line) <= 1 or fault.file != file for fault in found), (line, found)


@pytest.mark.parametrize(("left", "missing"), [(YAML, DMN), (DMN, YAML)])
def test_one_file_of_a_decision_needs_the_other(folder: Path, left: str, missing: str):
    (folder / missing).unlink()
    assert [(fault.file, fault.code) for fault in check_pack(folder)] == [(missing, "FILE_MISSING")]


def test_without_both_a_person_decides_and_a_promise_on_the_spot_is_a_warning(folder: Path):
    assert pack_warnings(folder) == []
    for file in (YAML, DMN):
        (folder / file).unlink()
    assert check_pack(folder) == []
    loaded = load_folder(folder)
    assert loaded.pack is not None
    assert loaded.pack.decision is None
    assert [fault.code for fault in loaded.warnings] == ["INSTANT_BY_PEOPLE"]


def test_names_of_fields_are_suggested_in_both_languages(folder: Path):
    spoil(folder, YAML, "fields: [name, alive]", "fields: [name, alife]")
    fault = next(fault for fault in check_pack(folder) if fault.code == "LOOKUP_FIELD")
    assert "alive" in fault.message.zh
    assert "alive" in fault.message.en
