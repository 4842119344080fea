"""Item lists as workbooks over HTTP: out, looked at, in as drafts; nothing half-written, nothing published."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openpyxl import load_workbook
from tests.packs_aside import FAULTY, NEWER, copied

from yichuang.catalog import queries as catalog
from yichuang.catalog import shelf
from yichuang.catalog.commands import import_workbook, preview_workbook
from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.refusals import Refused

PAGE, DOG = "/console/workbooks/", "yangquan-dengji"


@pytest.fixture(autouse=True)
def _aside(settings, tmp_path):
    root = copied(tmp_path)
    settings.YICHUANG_PACKS = [root]
    for folder in root.glob("*/*/"):  # a few are enough, and quicker
        if folder.name not in {DOG, NEWER, FAULTY}:
            shutil.rmtree(folder)
    settings.YICHUANG_DATA = tmp_path / "data"
    settings.YICHUANG_DATA.mkdir()


@pytest.fixture
def editor(desk):
    return desk("wuqian")


def exported(editor):
    with fixed(editor.at):
        answer = editor.client.get(PAGE + "export")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def changed(raw, **cells):
    """The dog's line with other cells, by column."""
    book, made = load_workbook(BytesIO(raw)), BytesIO()
    sheet = book["事项"]
    line = next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == DOG)
    for column in sheet[1]:
        if column.value in cells:
            sheet.cell(line, column.column).value = cells[column.value]
    book.save(made)
    return made.getvalue()


def look(editor, raw):
    return editor.post(PAGE, act="look", workbook=SimpleUploadedFile("a.xlsx", raw))


def drafts(settings):
    return sorted(path.parent.name for path in (Path(settings.YICHUANG_DATA) / "packs").glob("*/*/item.yaml"))


def test_a_workbook_is_looked_at_written_as_draft_and_published(editor, desk, settings, demo):
    raw, coming = exported(editor), f"第 {catalog.list_versions(DOG)[0][0] + 1} 版"
    assert "完全一致" in look(editor, raw).content.decode()
    seen = look(editor, changed(raw, link_way="0755-00001234", supervise_way="0755-00004321")).content.decode()
    assert all(words in seen for words in ("2 处不同", "监督投诉方式", "0755-00001234", f"草稿为{coming}"))
    assert drafts(settings) == []
    mark = seen.split('name="mark" value="')[1].split('"')[0]
    key = seen.split('name="key" value="')[1].split('"')[0]
    assert [editor.post(PAGE, act="import", mark=mark, key=key).status_code for _ in range(2)] == [302, 302]
    assert drafts(settings) == [DOG]
    item = editor.get(f"/console/items/{DOG}/")
    assert all(words in item for words in ("草稿", "有新版待发布", f"从表格导入{coming}草稿", f"发布{coming}"))
    digest = item.split('name="digest" value="')[1].split('"')[0]
    asked = editor.asks(f"/console/items/{DOG}/", act="publish", digest=digest)
    assert desk("wuyue").confirms(asked).status_code == 302
    assert catalog.get_pack(DOG, at=demo.at).contacts.consult == "0755-00001234"
    assert editor.post(f"/console/items/{DOG}/", act="discard").status_code == 302
    assert drafts(settings) == []
    assert editor.post(f"/console/items/{DOG}/", act="discard").status_code == 404
    assert "比发布的旧" in editor.get(f"/console/items/{DOG}/")


def test_faults_are_named_by_cell_and_nothing_is_written(editor, settings):
    raw = exported(editor)
    seen = look(editor, changed(raw, task_type="99", promise_day="五")).content.decode()
    assert "2 处错误" in seen
    assert "事项!F" in seen
    assert 'name="mark"' not in seen
    assert editor.post(PAGE, act="import", mark="x").status_code == 409
    assert drafts(settings) == []
    assert "不是可以读取的 XLSX" in look(editor, b"PK").content.decode()
    assert "请选择 XLSX 文件" in editor.post(PAGE, act="look").content.decode()


def test_what_changed_after_the_look_is_looked_at_again(editor, settings, demo):
    actor = demo.actor("wuqian")
    raw = changed(exported(editor), link_way="0755-00001234")
    seen = preview_workbook(actor=actor, content=raw)
    file = next(settings.YICHUANG_PACKS[0].glob(f"*/{NEWER}/item.yaml"))
    file.write_text(file.read_text(encoding="utf-8").replace("0755-00001199", "0755-00001188"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        import_workbook(actor=actor, mark=seen.mark, at=demo.at)
    assert refused.value.reasons[0].code == "CHANGED_MEANWHILE"
    assert drafts(settings) == []


def test_a_draft_that_cannot_be_written_leaves_none(
    editor, settings, demo, monkeypatch, django_capture_on_commit_callbacks
):
    from yichuang.catalog.commands import workbooks

    actor = demo.actor("wuqian")
    book = load_workbook(BytesIO(exported(editor)))
    column = next(cell.column for cell in book["事项"][1] if cell.value == "link_way")
    for row in (3, 4, 5):
        book["事项"].cell(row, column).value = "0755-00009999"
    made = BytesIO()
    book.save(made)
    seen = preview_workbook(actor=actor, content=made.getvalue())
    assert len(seen.rows) == 3
    write, written = workbooks.write_draft, []

    def fails(*given):
        written.append(given)
        if len(written) == 3:
            raise OSError(28, "no space")
        return write(*given)

    monkeypatch.setattr(workbooks, "write_draft", fails)
    with pytest.raises(Refused) as refused:
        import_workbook(actor=actor, mark=seen.mark, at=demo.at)
    assert refused.value.kind == "unavailable"
    assert drafts(settings) == []
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        assert len(import_workbook(actor=actor, mark=seen.mark, at=demo.at)) == 3
    assert not list((settings.YICHUANG_DATA / "packs").glob(".coming-*"))
    entries = ledger.list_entries(workbooks.subject_of_draft(seen.rows[0].code))
    assert [entry.act for entry in entries] == ["import_draft"]


def test_what_breaks_off_leaves_every_draft_as_it_was(editor, settings, demo, monkeypatch):
    from yichuang.catalog.commands import discard_draft

    actor, root = demo.actor("wuqian"), Path(settings.YICHUANG_DATA) / "packs"

    def bring(number):
        seen = preview_workbook(actor=actor, content=changed(exported(editor), link_way=number))
        import_workbook(actor=actor, mark=seen.mark, at=demo.at)

    def lies():
        return {f"{file.relative_to(root)}": file.read_bytes() for file in root.glob("[!.]*/**/*") if file.is_file()}

    def breaks(*_):
        raise RuntimeError

    def change(act):  # all is moved, and then the transaction fails
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            act()
            assert lies() != before
            raise ZeroDivisionError

    before = lies()
    change(lambda: bring("0755-00003333"))
    preview_workbook(actor=actor, content=exported(editor))  # the next look ends it
    assert lies() == before == {}
    bring("0755-00001111")
    before = lies()
    assert before
    for act in (lambda: bring("0755-00002222"), lambda: discard_draft(actor=actor, item=DOG, at=demo.at)):
        change(act)
        assert shelf.folders()[DOG].parts[-2][0] != "."  # nothing on its way out is taken for a draft
        preview_workbook(actor=actor, content=exported(editor))
        assert lies() == before
    rename = Path.rename
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):  # between the two renames
        patch.setattr(Path, "rename", lambda a, b: breaks() if "made" in a.parts else rename(a, b))
        bring("0755-00002222")
    assert lies() == before  # at once
    discard_draft(actor=actor, item=DOG, at=demo.at)
    assert lies() == {}


def test_only_an_item_editor_takes_part(desk, demo):
    for name in ("shilei", "anning", "lina"):
        desk(name).get(PAGE, status=404)
        for command in (
            lambda a: preview_workbook(actor=a, content=b""),
            lambda a: import_workbook(actor=a, mark="", at=demo.at),
        ):
            with pytest.raises(Refused) as refused:
                command(demo.actor(name))
            assert refused.value.kind == "forbidden"
