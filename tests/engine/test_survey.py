"""Any BPMN file is loaded, drawn, and what cannot be executed is listed with its line. MIWG: the reference models."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from lxml import etree
from tests.engine.processes import SEQUENCE, bpmn, work

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
    with pytest.raises(ProcessFaults):
        survey(b"<html/>")
