"""发布检查: what needs more than one changed line, or another pack, to go wrong; and no check of the gate stands without its test."""

import re
import shutil
from pathlib import Path

import pytest
from tests.catalog.dog import spoil

from yichuang.catalog.commands import check_pack, pack_warnings
from yichuang.catalog.packs.documents import read_document

ROOT = Path(__file__).parents[2] / "packs"
CHECKS = Path(__file__).parents[2] / "src/yichuang/catalog/packs"
PREFIXES = {"ROUTE", "DECISION"}  # before a code of the engine
DOG, GOLD, SHOP = "chengguan/yangquan-dengji", "minzheng/gaoling-jintie", "shichang/getihu-sheli"
COMPANY, LEASE = "shichang/youxian-gongsi-sheli", "zhujian/fangwu-zulin-beian"
AT_ONCE = ("item.yaml", "promise: { amount: 5, unit: workday", "promise: { amount: 0, unit: instant")
STEP = '  - { name: { zh: 办结, en: "Issue" }, by: { zh: 综合窗口'
LESSEE = '"name": {"type": "string", "minLength": 2, "maxLength": 100, "x-label": "姓名或单位名称"'

Edit = tuple[str, str, str]
SPOILT: list[tuple[str, str, list[Edit]]] = [
    ("VISIT_WAYS", DOG, [
        ("item.yaml", "    count: 1\n", "    count: 0\n"),
        ("item.yaml", "ways: [window, online]", "ways: [window]"),
    ]),
    ("FEE_NONE", DOG, [("item.yaml", "  charged: false", "  charged: false\n  pay_online: true")]),
    ("PERMIT_UNIT", DOG, [("item.yaml", "amount: 10\n    unit: workday", "amount: 10\n    unit: day")]),
    ("PERMIT_FLOW", DOG, [("item.yaml", STEP, STEP.replace("  - ", "  # - ", 1))]),
    ("PERMIT_FLOW", DOG, [("item.yaml", "{ zh: 送达, en:", "{ zh: 领取, en:")]),
    ("PERMIT_FLOW", DOG, [("item.yaml", "{ zh: 受理, en: \"Acceptance\"", "{ zh: 收件, en: \"Acceptance\"")]),
    ("TOLERANCE_INSTANT", DOG, [AT_ONCE, ("item.yaml", "instant: false", "instant: true")]),
    ("NO_COPIES", DOG, [("materials.yaml", "form: paper\n    originals: 1", "form: paper\n    originals: 0")]),
    ("RENEW_DAYS", DOG, [("result.yaml", "kind: change, basis", "kind: change, from_days: 5, basis")]),
    ("RENEW_FOREVER", DOG, [("result.yaml", "amount: 1, unit: year", "amount: 0, unit: forever")]),
    ("FACT_NAME", DOG, [
        ("item.yaml", "name: household_dogs", "name: fetched"),
        ("item.yaml", "facts.household_dogs", "facts.fetched"),
    ]),
    ("DECISION_ORGAN", DOG, [("process.bpmn", 'yc:post="CGZF.decide"', 'yc:post="GAFJ.decide"')]),
    ("EXAMPLE_TIME", DOG, [("examples/01-own-home-complete.yaml", "applied_at: 2026-02-13T09:30\n", "")]),
    ("EXAMPLE_REMOVE", DOG, [("examples/02-photos-follow.yaml", "expect:", "remove: [/form/nothing]\nexpect:")]),
    ("HELD_ORIGIN", GOLD, [("materials.yaml", "    origin: government\n    replaces", "    origin: other\n    replaces")]),
    ("HELD_TYPE", GOLD, [
        ("materials.yaml", "    replaces: 11100000000013338W001\n", ""),
        ("materials.yaml", "    replaces_name: { zh: 居民身份证, en: \"resident identity card\" }\n", ""),
    ]),
    ("HELD_FIELDS", GOLD, [("materials.yaml", '      fits: held.household_region = "440303"\n', "")]),
    ("HELD_KEY", GOLD, [
        ("materials.yaml", "      base: population\n      fields: [household_region]", "      base: entities\n      fields: [status]"),
        ("materials.yaml", 'fits: held.household_region = "440303"', 'fits: held.status = "active"'),
    ]),
    ("AGAIN_WORD", GOLD, [(
        "materials.yaml",
        "    origin: government\n    replaces",
        "    origin: government\n    again: { days: 30, trust: D, source: P }\n    replaces",
    )]),
    ("SIGNER", COMPANY, [("item.yaml", "    - number: form.representative.cn_id", '    - number: \'"440303199001011234"\'')]),
    ("UNKNOWN_MATERIAL", COMPANY, [("item.yaml", "  papers: [appointments]", "  papers: [nothing]")]),
    ("WHEN_IN_LIST", LEASE, [("form.json", LESSEE, LESSEE.replace('"minLength"', '"x-when": "answers.lessor = \\"person\\"", "minLength"'))]),
    ("SUBJECT_MISSING", SHOP, [("decision.yaml", "subject: {", "# subject: {")]),
    ("PAPER_LOOKUP", SHOP, [("decision.yaml", "papers: { operator_id: operator,", "papers: { operator_id: nobody,")]),
    ("PAPER_MATERIAL", SHOP, [("decision.yaml", "papers: { operator_id: operator,", "papers: { operator_ids: operator,")]),
    ("PAPERS_READ", SHOP, [("decision.yaml", "papers: {", "# papers: {")]),
    ("THEME_TARGET", SHOP, [("item.yaml", "zh: 市场准入,", "for: organisation, zh: 市场准入,")]),
    ("THEME_TARGET", DOG, [
        ("item.yaml", "zh: 城市管理, en", "for: person, zh: 城市管理, en"),
        ("item.yaml", "zh: 宠物饲养, en", "for: person, zh: 宠物饲养, en"),
    ]),
    ("THEME_TARGET", DOG, [
        ("item.yaml", "zh: 城市管理, en", "for: organisation, zh: 城市管理, en"),
        ("item.yaml", "zh: 宠物饲养, en", "for: organisation, zh: 宠物饲养, en"),
    ]),
]  # fmt: skip


def copied(tmp_path: Path, pack: str) -> Path:
    return Path(shutil.copytree(ROOT / pack, tmp_path / pack.rpartition("/")[2]))


@pytest.mark.parametrize(("code", "pack", "edits"), SPOILT, ids=lambda one: one if isinstance(one, str) else "")
def test_what_the_gate_checks_is_named_with_its_file(tmp_path: Path, code: str, pack: str, edits: list[Edit]) -> None:
    folder = copied(tmp_path, pack)
    for file, old, new in edits:
        spoil(folder, file, old, new)
    told = [*check_pack(folder), *pack_warnings(folder)]
    faults = [fault for fault in told if fault.code == code]
    assert faults, [str(fault) for fault in told]
    assert all((folder / fault.file).is_file() for fault in faults)
    assert all(fault.message.zh and fault.message.en and "{" not in fault.message.zh for fault in faults)


def test_a_theme_of_each_kind_of_applicant_is_what_a_mixed_item_needs(tmp_path: Path) -> None:
    folder = copied(tmp_path, DOG)
    spoil(folder, "item.yaml", "zh: 城市管理, en", "for: person, zh: 城市管理, en")
    spoil(folder, "item.yaml", "zh: 宠物饲养, en", "for: organisation, zh: 宠物饲养, en")
    assert check_pack(folder) == []


def test_a_file_that_is_gone_when_it_is_read_is_named(tmp_path: Path) -> None:
    document, (fault,) = read_document(tmp_path / "gone.yaml", "faqs.yaml")
    assert document is None
    assert (fault.file, fault.code) == ("faqs.yaml", "UNREADABLE")


def test_a_licence_answers_a_question_at_least(tmp_path: Path) -> None:
    folder = copied(tmp_path, DOG)
    (folder / "faqs.yaml").write_text("format: 1\nfaqs: []\n", "utf-8")
    assert {fault.code for fault in check_pack(folder)} == {"PERMIT_FAQ"}


@pytest.mark.parametrize(
    ("pack", "file", "line", "code"),
    [
        (DOG, "examples", r"(?m)^  outcome: accept$", "NO_ACCEPT_EXAMPLE"),
        (SHOP, "decision.yaml", r"(?m)^    expect: approve$", "NO_APPROVE_EXAMPLE"),
    ],
)
def test_somebody_gets_what_they_apply_for_in_one_example_at_least(
    tmp_path: Path, pack: str, file: str, line: str, code: str
) -> None:
    folder, other = copied(tmp_path, pack), {"examples": "  outcome: gaps", "decision.yaml": "    expect: person"}
    for path in [*(folder / "examples").glob("*.yaml"), folder / "decision.yaml"]:
        if path.exists() and path.relative_to(folder).parts[0] == file:
            path.write_text(re.sub(line, other[file], path.read_text("utf-8")), "utf-8")
    assert code in {fault.code for fault in check_pack(folder)}


def test_no_check_of_the_gate_stands_without_a_test() -> None:
    codes = {
        code
        for path in CHECKS.glob("*.py")
        for code in re.findall(r'"([A-Z][A-Z_]{3,})"', path.read_text("utf-8"))
    } - PREFIXES  # fmt: skip
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))
    assert len(codes) > 90
    assert sorted(code for code in codes if f'"{code}"' not in tests) == []
