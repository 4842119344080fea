"""The editors of processes and decisions over HTTP: opened, checked, tried, kept as a draft, never over somebody else's."""

import re
import shutil

import pytest
from tests.packs_aside import PACKS

from yichuang.core.clock import fixed
from yichuang.engine.values import one_budget

CODE = "shebao-chaxun"
FLOW, TABLE = f"/console/items/{CODE}/flow/", f"/console/items/{CODE}/decision/"


@pytest.fixture
def editor(desk, settings, tmp_path):
    settings.YICHUANG_PACKS = [shutil.copytree(PACKS, tmp_path / "packs")]
    settings.YICHUANG_DATA = tmp_path / "data"
    settings.YICHUANG_DATA.mkdir()
    return desk("wuqian")


def file_of(editor, address):
    with fixed(editor.at):
        return editor.client.get(f"{address}file").content.decode()


def asked(editor, address, content, **more):
    answer = editor.post(address, content=content, **more)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.json()


def digest_on(page):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]


def test_a_process_is_opened_with_a_drawing_and_each_fault_has_its_element(editor):
    page = editor.get(FLOW)
    assert "没有错误" in page
    assert "BPMNDiagram" in page
    assert "打开编辑器" in page
    drawn = file_of(editor, FLOW)
    assert asked(editor, f"{FLOW}check", drawn)["faults"] == []
    found = asked(
        editor, f"{FLOW}check", drawn.replace('yc:act="decide"', 'yc:act="guess"').replace(' yc:nameEn="Done"', "")
    )
    assert {fault["element"] for fault in found["faults"]} == {"issue", "done"}
    found = asked(editor, f"{FLOW}check", drawn.replace('yc:act="decide"', 'yc:act="review"'))
    assert [fault["code"] for fault in found["faults"]] == ["NO_DECISION"]
    assert asked(editor, f"{FLOW}check", "<nothing")["faults"][0]["code"] == "NO_XML"


def test_a_step_that_asks_for_a_table_which_is_not_there_is_told_in_the_editor(editor):
    flow = "/console/items/gongjijin-tiqu/flow/"
    drawn = file_of(editor, flow)
    assert "businessRuleTask" in drawn
    assert asked(editor, f"{flow}check", drawn)["faults"] == []
    found = asked(editor, f"{flow}check", drawn.replace('yc:decision="提取审核方式"', 'yc:decision="别的"'))
    assert [fault["code"] for fault in found["faults"]] == ["ROUTE_NO_DECISION"]
    assert "别的" in found["faults"][0]["words"]


def test_a_cell_is_checked_at_once_with_row_and_column(editor):
    table = file_of(editor, TABLE)
    assert asked(editor, f"{TABLE}check", table) == {"faults": [], "more": False, "examples": [], "hits": []}
    wrong = table.replace(
        '<inputEntry id="cell_card_3_card"><text>"yes"</text>', '<inputEntry id="cell_card_3_card"><text>&lt; 3</text>'
    )
    assert wrong != table
    found = asked(editor, f"{TABLE}check", wrong)["faults"]
    assert [(one["row"], one["column"]) for one in found] == [(3, 2)], found


def test_the_whole_check_tells_red_examples_and_rules_that_none_hits(editor):
    table = file_of(editor, TABLE)
    found = asked(editor, f"{TABLE}check", table, whole="1")
    assert found["faults"] == []
    assert all(one["ok"] for one in found["examples"])
    assert len(found["hits"]) == 8
    assert all(found["hits"])
    turned = table.replace(
        '<inputEntry id="cell_card_3_card"><text>"yes"</text>',
        '<inputEntry id="cell_card_3_card"><text>"unknown"</text>',
    )
    found = asked(editor, f"{TABLE}check", turned, whole="1")
    assert [one["name"] for one in found["examples"] if not one["ok"]] == ["查社保卡状态"]
    assert found["hits"][2] == 0


def test_the_bench_says_what_hit_and_why_the_others_did_not(editor):
    table = file_of(editor, TABLE)
    values = {"in-own": "yes", "in-card": "no", "in-identity": "same", "in-insured": "yes", "in-many": "no"}
    said = asked(editor, f"{TABLE}try", table, **values)
    assert said["approved"]
    assert [row["row"] for row in said["rows"] if row["hit"]] == [1]
    assert "本人查询" in said["rows"][1]["why"]
    said = asked(editor, f"{TABLE}try", table, **{**values, "in-identity": "different"})
    assert not said["approved"]
    assert "姓名与人口库不一致" in said["doubts"][0]
    assert asked(editor, f"{TABLE}try", "<nothing", **values)["refused"]


def test_a_table_that_costs_too_much_is_told_so_wherever_it_is_checked(editor, monkeypatch):
    table = file_of(editor, TABLE)
    heavy = table.replace('<text>"approve"</text>', "<text>string(count(for i in 1..90000 return i))</text>")
    assert heavy != table
    monkeypatch.setattr("yichuang.catalog.commands.editing.one_budget", lambda: one_budget(50_000))
    found = asked(editor, f"{TABLE}check", heavy, whole="1")
    assert "TOO_COSTLY" in {fault["code"] for fault in found["faults"]}
    values = {"in-own": "yes", "in-card": "no", "in-identity": "same", "in-insured": "yes", "in-many": "no"}
    assert "计算量超过了上限" in str(asked(editor, f"{TABLE}try", heavy, **values)["refused"])


def test_a_draft_is_kept_for_the_next_version_and_nobody_overwrites_it(editor, desk):
    page = editor.get(FLOW)
    drawn = file_of(editor, FLOW).replace('name="出具证明"', 'name="开具证明"')
    answer = editor.post(FLOW, content=drawn, digest=digest_on(page))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    item = editor.get(f"/console/items/{CODE}/")
    for words in ("草稿", "有新版待发布", "在编辑器里保存草稿（process.bpmn）"):
        assert words in item
    assert "开具证明" in editor.get(FLOW)
    late = desk("wuyue").post(FLOW, content=drawn.replace("开具", "打印"), digest=digest_on(page))
    assert late.status_code == 409
    text = late.content.decode()
    assert "最后更改：" in text
    assert "吴*" in text
    assert "打印证明" in text
    assert digest_on(text) == digest_on(page), "pressing again does not overwrite either"
    assert (PACKS / "renshe" / CODE / "process.bpmn").read_text().count("开具证明") == 0


@pytest.mark.parametrize(
    ("content", "status"), [("<a", 422), ("<!DOCTYPE a []><a/>", 422), ("<a>" + "x" * 300_001 + "</a>", 413), ("", 422)]
)
def test_what_is_no_xml_or_too_large_is_not_kept(editor, content, status):
    answer = editor.post(TABLE, content=content, digest=digest_on(editor.get(TABLE)))
    assert answer.status_code == status
    assert "草稿</span>" not in editor.get(f"/console/items/{CODE}/")


def test_others_find_nothing(desk, editor):
    for who in ("shilei", "mali"):
        desk(who).get(FLOW, status=404)
    editor.get("/console/items/yangquan-dengji/decision/", status=404)


def test_the_columns_of_a_table_are_named_in_the_language_of_the_page(desk, editor):
    assert ">本人查询</th>" in editor.get(TABLE)
    english = desk("wuqian", "en").get(TABLE)
    assert ">For oneself</th>" in english
    assert ">result</th>" in english
