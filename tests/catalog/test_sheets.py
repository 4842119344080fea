"""Item lists as workbooks: out and in again without loss, code lists both ways, faults named by sheet, row and column."""

from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from yichuang.catalog.packs.documents import parse_document
from yichuang.catalog.packs.folder import load_folder
from yichuang.catalog.sheets import workbook
from yichuang.catalog.sheets.cells import LONGEST
from yichuang.catalog.sheets.columns import ITEM, LISTS, MAIN, MATERIAL
from yichuang.catalog.sheets.folders import _yaml, exported, imported, read_packs
from yichuang.catalog.sheets.packs import Files, Reader, tables_of
from yichuang.core import spreadsheets

PACKS = Path(__file__).parents[2] / "packs"
FOLDERS = [path.parent for path in sorted(PACKS.glob("*/*/item.yaml"))]
DOG = "yangquan-dengji"


@lru_cache
def packs() -> dict[str, Files]:
    found, faults = read_packs(FOLDERS)
    assert faults == []
    return found


@lru_cache
def workbook_of(*codes: str) -> bytes:
    return exported({code: packs()[code] for code in codes or packs()})


def back(raw: bytes, known: dict[str, Files] | None = None) -> dict[str, Files]:
    tables, faults = workbook.read(raw)
    reader = Reader(tables, known or {})
    drafts = reader.drafts()
    assert (faults, reader.faults) == ([], [])
    return {draft.code: draft.files for draft in drafts}


def book_of(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    made, book = BytesIO(), Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(made)
    return made.getvalue()


def changed(raw: bytes, title: str, column: str, value: Any, row: int = 3) -> bytes:
    book, made = load_workbook(BytesIO(raw)), BytesIO()
    sheet = book[title]
    place = next(cell.column for cell in sheet[1] if cell.value == column)
    sheet.cell(row, place).value = value
    book.save(made)
    return made.getvalue()


def faults_of(raw: bytes, known: dict[str, Files] | None = None) -> list[str]:
    tables, faults = workbook.read(raw)
    reader = Reader(tables, known or {})
    reader.drafts()
    return [fault.place for fault in (*faults, *reader.faults)]


def test_every_pack_comes_back_from_a_workbook_as_it_went():
    every = packs()
    raw = workbook_of()
    assert back(raw) == every  # without the packs at hand
    assert back(raw, every) == every
    assert [(t.names, t.rows) for t in workbook.read(exported(back(raw)))[0]] == [
        (t.names, t.rows) for t in workbook.read(raw)[0]
    ]


def test_the_first_sheet_has_the_national_columns_in_codes():
    book = load_workbook(BytesIO(workbook_of(DOG)))
    sheet = book["事项"]
    line = dict(zip((c.value for c in sheet[1]), (c.value for c in sheet[3]), strict=True))
    assert line["row_guid"] == DOG
    assert (line["task_type"], line["server_type"], line["project_type"]) == ("01", "1,2,3,4,9", "2")
    assert (line["handle_type"], line["anticipate_day"], line["anticipate_type"]) == ("1,2", 10, "1")
    assert sheet["E2"].value == "事项名称"
    assert [c.value for c in book["申请材料"][1]][:6] == [
        "row_guid", "material_guid", "material_name", "material_type", "material_format", "is_need",
    ]  # fmt: skip


@pytest.mark.parametrize("column", [c for c in (*ITEM, *MATERIAL) if hasattr(c.kind, "values")], ids=lambda c: c.name)
def test_a_code_list_is_read_by_code_by_words_and_by_our_name(column: Any):
    for value, (code, words) in column.kind.values.items():
        wanted = [value] if column.kind.many else value
        assert column.kind.read(column.kind.write(wanted)) == wanted
        assert [column.kind.read(cell) for cell in (code, int(code) if code.isdecimal() else code, words)] == [
            wanted
        ] * 3


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "=1+1",
        "null",
        "[1]",
        '"x"',
        " a ",
        "a\r\nb",
        "_x0041_",
        "\x00",
        "NO",
        "2026-03-02",
        "0123",
        "1e3",
        "",
        "+86",
        "'a",
    ]
)
VALUES = TEXTS | st.integers(-(10**14), 10**14) | st.booleans() | st.none() | st.lists(TEXTS, max_size=3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12))
def test_any_value_comes_back(pairs: list[tuple[Any, Any]]):
    keys = [f"field_{number}" for number in range(len(pairs))]
    item = {"format": 1, "code": "a-b", "summary": {key: value for key, (value, _) in zip(keys, pairs, strict=True)}}
    rows = [{"code": f"m{number}", "note": value} for number, (_, value) in enumerate(pairs)]
    files: Files = {"item.yaml": item, "materials.yaml": {"format": 1, "materials": rows}}
    assert back(workbook.write(tables_of([files]))) == {"a-b": files}
    for name, data in files.items():
        document, _ = parse_document(_yaml(name, data), name)
        assert document is not None
        assert document.data == data


def test_a_new_list_becomes_drafts_with_what_it_knows(tmp_path: Path):
    raw = book_of(
        (
            "事项",
            [
                ["唯一标识", "事项名称", "事项类型", "服务对象", "承诺办结时限", "基本编码", "交通指引"],
                ["shuichan-xuke", "水产养殖许可", "行政许可", "自然人，企业法人", "5", 440119001000, "地铁 3 号线"],
            ],
        ),
        ("申请材料", [["唯一标识", "材料名称", "必要性", "备注"], ["shuichan-xuke", "申请表", "1", "盖章"]]),
    )
    done = imported(raw, FOLDERS, tmp_path)
    assert [path.name for path in done.written] == ["shuichan-xuke"]
    files, _ = read_packs(done.written)
    assert files["shuichan-xuke"] == {
        "item.yaml": {
            "format": 1, "code": "shuichan-xuke", "name": {"zh": "水产养殖许可"}, "kind": {"type": "PERMIT"},
            "audience": {"who": ["person", "company"]}, "limits": {"promise": {"amount": 5}},
            "codes": {"base": "440119001000"}, "extend": {"交通指引": "地铁 3 号线"},
        },
        "materials.yaml": {
            "format": 1, "materials": [{"name": {"zh": "申请表"}, "necessity": "main", "extend": {"备注": "盖章"}}],
        },
    }  # fmt: skip
    assert "FILE_MISSING" in {fault.code for fault in load_folder(done.written[0]).faults}
    assert back(exported(files)) == files  # the unknown columns too


def test_a_changed_cell_becomes_a_draft_that_keeps_all_else(tmp_path: Path):
    raw = changed(workbook_of(), "事项", "promise_day", 4, 3 + sorted(packs()).index(DOG))
    done = imported(raw, FOLDERS, tmp_path)
    assert [path.name for path in done.written] == [DOG]
    assert len(done.unchanged) == len(FOLDERS) - 1
    loaded = load_folder(done.written[0])
    assert loaded.faults == ()
    assert loaded.pack is not None
    assert loaded.pack.promise_limit.amount == 4
    old = next(folder for folder in FOLDERS if folder.name == DOG)
    same = {name for name, content in loaded.files.items() if content == (old / name).read_bytes()}
    assert set(loaded.files) - same == {"item.yaml"}
    with pytest.raises(FileExistsError):
        imported(raw, FOLDERS, tmp_path)


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_takes_away():
    every = packs()
    raw = book_of(("事项", [["row_guid", "link_way", "limit_scene_explain"], [DOG, "0755-1", None]]))
    files = back(raw, every)[DOG]
    assert files["item.yaml"]["contacts"]["consult"] == "0755-1"
    assert files["item.yaml"]["handling"]["visits"]["reason"].keys() == {"en"}
    assert files["materials.yaml"] == every[DOG]["materials.yaml"]
    raw = book_of(
        ("事项", [["row_guid"], [DOG]]), ("申请材料", [["row_guid", "material_guid", "copy_num"], [DOG, "lease", 3]])
    )
    lease = next(row for row in every[DOG]["materials.yaml"]["materials"] if row["code"] == "lease")
    assert back(raw, every)[DOG]["materials.yaml"]["materials"] == [{**lease, "copies": 3}]


@pytest.mark.parametrize(
    ("title", "column", "value", "place"),
    [
        ("事项", "task_type", "99", "事项!F3"),
        ("事项", "promise_day", "五", "事项!Q3"),
        ("事项", "handle_type", "1,8", "事项!M3"),
        ("事项", "row_guid", "../etc", "事项!A3"),
        ("事项", "task_name", "=HYPERLINK(A1)", "事项!E3"),
        ("申请材料", "is_need", "也许", "申请材料!F3"),
        ("申请材料", "row_guid", "nobody", "申请材料!A3"),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column(title: str, column: str, value: str, place: str):
    assert place in faults_of(changed(workbook_of(DOG), title, column, value))


def test_faults_of_whole_sheets(tmp_path: Path):
    assert faults_of(book_of(("别的", [["row_guid"], [DOG]]))) == ["事项"]
    assert faults_of(book_of(("事项", [["task_name"], ["养犬登记"]]))) == ["事项"]
    assert faults_of(book_of(("事项", [["row_guid", "事项名称", "task_name"], [DOG, "a", "b"]]))) == ["事项!C1"]
    assert faults_of(book_of(("事项", [["row_guid"], [DOG], [DOG]]))) == ["事项!A3"]
    assert faults_of(book_of(("事项", [["row_guid", "name", "name.en"], [DOG, "a", "b"]]))) == ["事项!C2"]
    assert faults_of(book_of(("事项", [["row_guid"], [DOG]]), ("常见问题", [["row_guid", "别的"]]))) == ["常见问题!B1"]
    wrong = book_of(("事项", [["row_guid", "task_type"], [DOG, "x"], ["a-b", "行政许可"]]))
    assert imported(wrong, FOLDERS, tmp_path).written == ()
    assert list(tmp_path.iterdir()) == []  # all or nothing


BOMB = '<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
TYPES = "[Content_Types].xml"


def with_parts(raw: bytes, **parts: bytes) -> bytes:
    """The workbook with these parts more, or in the place of those that it has."""
    made = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(made, "w") as new:
        kept = {name: old.read(name) for name in old.namelist()} | parts
        for name, content in kept.items():
            new.writestr(name, content)
    return made.getvalue()


def sheet_of(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><dimension ref="A1:A1"/><sheetData>{rows}</sheetData></worksheet>'.encode()


FIRST = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK",
        b"not a workbook",
        *(
            pytest.param(with_parts(workbook_of(DOG), **{name: BOMB.format(encoding=name_of).encode(codec)}), id=f"{name} {codec}")
            for name in ("xl/evil.xml", "xl/workbook.xml", FIRST)
            for name_of, codec in (("utf-8", "utf-8"), ("utf-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("utf-7", "utf-7"), ("EBCDIC-CP-US", "cp037"))
        ),
        pytest.param(with_parts(workbook_of(DOG), **{"xl/vbaProject.bin": b"macro"}), id="macros"),
        pytest.param(
            with_parts(workbook_of(DOG), **{TYPES: ZipFile(BytesIO(workbook_of(DOG))).read(TYPES).decode().replace("sheet.main", "sheet.macroEnabled.main").encode("utf-16")}),
            id="macros by type in UTF-16",
        ),
        pytest.param(with_parts(workbook_of(DOG), **{FIRST: sheet_of('<row r="50001"><c r="A50001"/></row>')}), id="a row far below"),
        pytest.param(with_parts(workbook_of(DOG), **{FIRST: sheet_of("<row/>" * 50_001)}), id="rows without numbers"),
        pytest.param(with_parts(workbook_of(DOG), **{FIRST: sheet_of('<row r="1"><c r="XFD1"/></row>')}), id="a column far right"),
        pytest.param(with_parts(workbook_of(DOG), **{FIRST: sheet_of("<row>" + "<c/>" * 401 + "</row>")}), id="columns without names"),
        pytest.param(with_parts(workbook_of(DOG), **{FIRST: sheet_of("<row><c>" + "<v/>" * 40_001 + "</c></row>")}), id="a row in one piece"),
        pytest.param(with_parts(workbook_of(DOG), **{FIRST: b"<a>" * 61}), id="deep"),
        workbook_of(DOG)[: len(workbook_of(DOG)) // 2],
    ],
)  # fmt: skip
def test_files_from_outside_are_looked_at_before_they_are_opened(raw: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openpyxl, "load_workbook", None)  # not one of these gets so far
    with pytest.raises(spreadsheets.Unreadable):
        spreadsheets.looked_at(raw)


@pytest.mark.parametrize(
    "limit", ["LARGEST", "UNPACKED", "MOST_PARTS", "MOST_ROWS", "MOST_COLUMNS", "MOST_CELLS", "MOST_ELEMENTS"]
)
def test_a_workbook_within_the_limits_is_opened_and_one_over_them_is_not(limit: str, monkeypatch: pytest.MonkeyPatch):
    whole = workbook_of(DOG)
    assert spreadsheets.looked_at(whole) == whole
    monkeypatch.setattr(spreadsheets, limit, 1)
    with pytest.raises(spreadsheets.Unreadable):
        spreadsheets.looked_at(whole)


def test_pictures_stay_outside_and_names_that_stand_twice_too():
    whole = workbook_of(DOG)
    seen = spreadsheets.looked_at(with_parts(whole, **{"xl/media/image1.png": b"<not a picture/>"}))
    assert ZipFile(BytesIO(seen)).namelist() == ZipFile(BytesIO(whole)).namelist()
    twice = BytesIO(whole)
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(twice, "a") as archive:
        archive.writestr(FIRST, sheet_of(""))
    with pytest.raises(spreadsheets.Unreadable):
        workbook.read(twice.getvalue())


def test_a_text_is_never_a_formula_and_never_cut():
    files: Files = {"item.yaml": {"format": 1, "code": "a-b", "name": {"zh": "=1+1"}}}
    raw = workbook.write(tables_of([files]))
    assert load_workbook(BytesIO(raw))["事项"]["E3"].data_type == "s" or back(raw)
    assert b"<f>" not in ZipFile(BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    with pytest.raises(ValueError, match="at most"):
        workbook.write(tables_of([{"item.yaml": {"code": "a-b", "name": {"zh": "x" * (LONGEST + 1)}}}]))


def test_columns_stand_once():
    for sheet in (MAIN, *LISTS):
        for part in ("name", "title", "path"):
            names = [getattr(column, part) for column in sheet.columns]
            assert len(names) == len(set(names)), (sheet.title, part)


def test_the_command_goes_both_ways(tmp_path: Path):
    file, said = tmp_path / "items.xlsx", StringIO()
    call_command("items", "export", str(file), str(PACKS), stdout=said)
    assert f"{len(FOLDERS)} items written" in said.getvalue()
    call_command("items", "import", str(file), stdout=said)
    assert f"{len(FOLDERS)} items are as they were" in said.getvalue()
    assert not (tmp_path / "drafts").exists()
    file.write_bytes(changed(file.read_bytes(), "事项", "task_type", "99"))
    with pytest.raises(SystemExit) as stopped:
        call_command("items", "import", str(file), stdout=said)
    assert stopped.value.code == 1
    assert "事项!F3" in said.getvalue()
