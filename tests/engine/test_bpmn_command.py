"""`./run bpmn load`: what it says to people, in Chinese and English, and of files that are no BPMN."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.engine.processes import SEQUENCE, bpmn, work


def test_the_report_is_for_people(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(SEQUENCE)
    (tmp_path / "b.bpmn").write_bytes(
        bpmn("start s", '<bpmn:scriptTask id="v" name="算"/>', work("service", "w"), "end e", "s v", "v w", "w e")
    )
    out = io.StringIO()
    call_command("bpmn", "load", str(tmp_path), "--drawings", str(tmp_path / "svg"), stdout=out)
    text = out.getvalue()
    assert "a.bpmn：流程 1 个，其中可执行 1 个" in text
    assert "第 5 行  脚本任务 v“算”  还不能执行脚本任务“算”" in text
    assert "2 个文件，读入 2 个" in text
    assert (tmp_path / "svg" / "a.svg").read_text().startswith("<svg")
    page = tmp_path / "page.md"
    call_command("bpmn", "load", str(tmp_path), "--page", str(page), stdout=io.StringIO())
    assert "| b.bpmn | 1 | 0 |" in page.read_text("utf-8")
    assert "## b.bpmn\n```text\n  第 5 行  脚本任务" in page.read_text("utf-8")
    out = io.StringIO()
    call_command("bpmn", "load", str(tmp_path), "--english", "--all", stdout=out)
    assert "line 5  script task v" in out.getvalue()
    assert "user task a“任务a”  can be executed" in out.getvalue()


def test_what_is_no_bpmn_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("bpmn", "load", str(tmp_path))
    (tmp_path / "x.bpmn").write_bytes(b"<html/>")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("bpmn", "load", str(tmp_path), stdout=out)
    assert "这不是 BPMN 2.0 文件" in out.getvalue()
