"""Each fault of a pack is found, and told with its file and line."""

from pathlib import Path

import pytest
from tests.catalog.dog import copy_of_pack, spoil

from yichuang.catalog.commands import check_pack

SPOILT = [
    ("item.yaml", "promise: { amount: 5,", "promise: { amount: 12,", "PROMISE_OVER_LEGAL"),
    ("item.yaml", "promise: { amount: 5, unit: workday", "promise: { amount: 5, unit: day", "LIMIT_UNITS"),
    ("item.yaml", "promise: { amount: 5, unit: workday", "promise: { amount: 0, unit: instant", "INSTANT"),
    ("item.yaml", "promise: { amount: 5, unit: workday", "promise: { amount: 0, unit: workday", "FORMAT"),
    ("item.yaml", "    count: 1\n", "    count: 0\n", "VISIT_REASON"),
    ("item.yaml", "marks: [online, nearby, once, tolerant]", "marks: [at_once]", "MARK"),
    ("item.yaml", "online_depth: 3", "online_depth: 4", "DEPTH_VISITS"),
    ("item.yaml", "  charged: false", "  charged: true", "FEE_ITEMS"),
    ("item.yaml", "  charged: false", "  charged: true", "FEE_ONLINE"),
    ("item.yaml", "complain: 0755-12345", "complain: 0755-00001102", "SAME_PHONE"),
    ("item.yaml", "complain: 0755-12345", 'complain: "12345"', "PHONE"),
    ("item.yaml", 'base: "440119001000"', 'base: "44011900100"', "BASE_CODE"),
    ("item.yaml", 'base: "440119001000"', 'base: "442019001000"', "BASE_CODE_KIND"),
    ("item.yaml", 'task: "11440303YC0000028A', 'task: "11440303YC0000028B', "TASK_CODE"),
    ("item.yaml", '440119001000", handle', '440119001001", handle', "TASK_CODE_BASE"),
    ("item.yaml", "level: county", "level: city", "TASK_CODE_LEVEL"),
    ("item.yaml", "    basis: L2\n", "    basis: L9\n", "BASIS"),
    ("item.yaml", "    source: S6\n", "    source: S9\n", "SOURCE"),
    ("item.yaml", "code: CHIP_TAKEN", "code: BANNED_BREED", "TWICE"),
    ("item.yaml", "facts.chip_dogs = 0", "facts.chips = 0", "CONDITION"),
    ("item.yaml", "facts.chip_dogs = 0", "facts.chip_dogs == 0", "CONDITION"),
    ("item.yaml", "    field: /dog/chip", "    field: /dog/chips", "POINTER"),
    ("item.yaml", "    key: chip\n", "    key: nothing\n", "RESULT_KEY"),
    ("item.yaml", "code: yangquan-dengji", "code: yangquan", "FOLDER_NAME"),
    ("situations.yaml", "answers.applicant_kind = ", "answers.housing = ", "QUESTION_ORDER"),
    ("situations.yaml", "value: organisation", "value: person", "TWICE"),
    ("materials.yaml", "promise_days: 4", "promise_days: 6", "TOLERANCE_LATE"),
    ("materials.yaml", "    promise_days: 4\n", "", "KEY_MISSING"),
    ("materials.yaml", "necessity: secondary", "necessity: main", "FORMAT"),
    ("materials.yaml", "code: lease", "code: owner_id", "TWICE"),
    ("materials.yaml", "11100000000013338W001", "11100000000013338A001", "CERTIFICATE_TYPE"),
    ("materials.yaml", "least: 2, most: 4", "least: 5, most: 4", "FILE_COUNT"),
    ("materials.yaml", "form.dog.sterilised", "form.dog.sterilized", "CONDITION"),
    ("form.json", '"format": "chip"', '"format": "chips"', "FORM_FORMAT"),
    ("form.json", '"required": ["street", "detail"]', '"required": ["street", "room"]', "REQUIRED"),
    ("form.json", '"x-group": "dog"', '"x-group": "cat"', "GROUP"),
    ("form.json", '"enum": ["male", "female"]', '"enum": ["male"]', "OPTIONS"),
    ("form.json", '"^[A-Z0-9]+$"', '"^[A-Z0-9+$"', "PATTERN"),
    ("form.json", '["/immunity/date"]', '["/immunity/day"]', "POINTER"),
    ("form.json", '"maximum": 110, ', "", "KEY_MISSING"),
    ("form.json", '"x-label-en": "Sterilised"', '"x-label-en": "已绝育"', "ENGLISH"),
    ("form.json", "form.immunity.date <= today", "form.immunity.date <= tomorrow", "CONDITION"),
    ("faqs.yaml", "en: Dangerous breeds", "en: 烈性犬 Dangerous breeds", "ENGLISH"),
    ("result.yaml", "kind: certificate", "kind: other", "RESULT_KIND"),
    ("result.yaml", "name: { zh: 养犬登记证,", "name: { zh: 养犬登记批文,", "RESULT_KIND"),
    ("result.yaml", "unique: chip", "unique: tag", "RESULT_KEY"),
    ("result.yaml", "{year}", "{day}", "NUMBER_RULE"),
    (
        "result.yaml",
        "amount: 1, unit: year",
        "amount: 11, unit: year, source: P }\narchive: { keep: '10'",
        "KEEP_TOO_SHORT",
    ),
    (
        "result.yaml",
        "amount: 1, unit: year",
        "amount: 0, unit: forever, source: P }\narchive: { keep: '30'",
        "KEEP_TOO_SHORT",
    ),
    ("result.yaml", "chip: [/dog/chip]", "chip: [/dog/chips]", "POINTER"),
    ("result.yaml", "value: form.dog.name", "value: form.dog.nam", "CONDITION"),
    ("process.bpmn", 'yc:act="decide"', 'yc:act="review"', "NO_DECISION"),
    ("process.bpmn", 'targetRef="decided"', 'targetRef="nowhere"', "PROCESS"),
    (
        "process.bpmn",
        '<userTask id="street_review" name="街道审查" yc:nameEn="Review by the sub-district" yc:act="review"/>',
        '<serviceTask yc:operation="dance" id="street_review"/>',
        "OPERATION",
    ),
    (
        "process.bpmn",
        '<userTask id="street_review" name="街道审查" yc:nameEn="Review by the sub-district" yc:act="review"/>',
        '<businessRuleTask yc:decision="d" id="street_review"/>',
        "ROUTE_MISSING",
    ),
    (
        "process.bpmn",
        '<userTask id="street_review" name="街道审查" yc:nameEn="Review by the sub-district" yc:act="review"/>',
        '<receiveTask yc:operation="rain" id="street_review"/>',
        "MESSAGE",
    ),
    (
        "process.bpmn",
        '<userTask id="decide" name="作出决定" yc:nameEn="Decision" yc:act="decide"/>',
        '<userTask id="decide" name="作出决定" yc:nameEn="Decision" yc:act="decide"><multiInstanceLoopCharacteristics '
        'isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>',
        "DECISION_SEVERAL",
    ),
    (
        "process.bpmn",
        'targetRef="decided"/>',
        'targetRef="on"/>\n<userTask id="on" name="存" yc:nameEn="Keep" '
        'yc:post="CGZF.review"/><sequenceFlow id="on_end" sourceRef="on" targetRef="decided"/>',
        "DECISION_LAST",
    ),
    ("examples/12-immunity-ends-soon.yaml", "expect:", "with: [dragon]\nexpect:", "EXAMPLE_MATERIAL"),
    ("examples/02-photos-follow.yaml", "like: 01-own-home-complete.yaml", "like: 99.yaml", "EXAMPLE_LIKE"),
    ("examples/06-minor.yaml", "outcome: blocked", "outcome: maybe", "FORMAT"),
]


@pytest.mark.parametrize(("file", "old", "new", "code"), SPOILT)
def test_each_fault_is_found_with_its_file_and_line(tmp_path: Path, file: str, old: str, new: str, code: str):
    folder = copy_of_pack(tmp_path)
    spoil(folder, file, old, new)
    faults = check_pack(folder)
    assert code in {fault.code for fault in faults}, [str(fault) for fault in faults]
    fault = next(fault for fault in faults if fault.code == code)
    assert fault.file == file
    assert fault.message.zh
    assert fault.message.en


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("materials.yaml", "code: owner_id", "kode: owner_id", "UNKNOWN_KEY"),
        ("materials.yaml", "form.dog.sterilised = true", "form.dog.sterilized = true", "CONDITION"),
        ("form.json", '"format": "chip"', '"format": "chips"', "FORM_FORMAT"),
        ("process.bpmn", '<endEvent id="decided"', '<endEvent id="done"', "PROCESS"),
        ("item.yaml", "source: S6", "source: S7", "SOURCE"),
    ],
)
def test_the_line_is_the_one_to_correct(tmp_path: Path, file: str, old: str, new: str, code: str):
    folder = copy_of_pack(tmp_path)
    line = spoil(folder, file, old, new)
    lines = [fault.line for fault in check_pack(folder) if fault.code == code]
    assert line in {near for found in lines for near in (found, found + 1)}, lines


def test_all_faults_of_all_files_come_at_once(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    spoil(folder, "item.yaml", "area: chengguan", "area: Cheng Guan")
    spoil(folder, "materials.yaml", "code: owner_id", "kode: owner_id")
    (folder / "faqs.yaml").unlink()
    (folder / "virus.exe").write_bytes(b"MZ")
    assert {f.file for f in check_pack(folder)} == {"item.yaml", "materials.yaml", "faqs.yaml", "virus.exe"}


def test_one_example_shows_the_result(tmp_path: Path):
    """result → sample needed: what comes out stands in a worked example."""
    folder = copy_of_pack(tmp_path)
    for path in (folder / "examples").glob("*.yaml"):
        kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("  result: ")]
        path.write_text("\n".join(kept) + "\n", "utf-8")
    assert {fault.code for fault in check_pack(folder)} == {"NO_SAMPLE"}


def test_folders_that_are_no_packs(tmp_path: Path):
    assert [fault.code for fault in check_pack(tmp_path / "nothing")] == ["NO_FOLDER"]
    assert {fault.code for fault in check_pack(tmp_path)} == {"FILE_MISSING", "NO_EXAMPLES"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    secret = tmp_path / "secret.yaml"
    secret.write_text("a: 1")
    (folder / "examples/99-link.yaml").symlink_to(secret)
    assert [fault.code for fault in check_pack(folder)] == ["UNKNOWN_FILE"]
