"""The editor of routing tables over HTTP: opened, checked while one types, tried, kept as a draft of the item."""

import re
import shutil

import pytest
from tests.packs_aside import PACKS

from yichuang.core.clock import fixed

CODE = "gongjijin-tiqu"
PAGE = f"/console/items/{CODE}/routing/"
RENT = '<inputEntry id="row_1_reason"><text>"rent"</text></inputEntry>'


@pytest.fixture
def editor(desk, settings, tmp_path):
    settings.YICHUANG_PACKS = [shutil.copytree(PACKS, tmp_path / "packs")]
    settings.YICHUANG_DATA = tmp_path / "data"
    settings.YICHUANG_DATA.mkdir()
    return desk("wuqian")


def file_of(editor):
    with fixed(editor.at):
        return editor.client.get(f"{PAGE}file").content.decode()


def asked(editor, what, content, **more):
    answer = editor.post(f"{PAGE}{what}", content=content, **more)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.json()


def digest_on(page):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]


def test_the_table_is_shown_with_its_questions_and_how_many_examples_hit_each_row(editor):
    assert f'href="{PAGE}"' in editor.get(f"/console/items/{CODE}/")
    page = editor.get(PAGE)
    for words in ("分派规则：", "没有错误", "为什么提取？", "租房", "每条规则都有示例命中。", "打开编辑器"):
        assert words in page
    hits = asked(editor, "check", file_of(editor), whole="1")["hits"]
    assert hits == [3, 2, 2]


def test_a_cell_is_checked_at_once_with_row_and_column(editor):
    table = file_of(editor)
    assert asked(editor, "check", table) == {"faults": [], "more": False, "examples": [], "hits": []}
    wrong = table.replace(RENT, RENT.replace('"rent"', "&lt; 3"))
    assert wrong != table
    assert [(one["row"], one["column"]) for one in asked(editor, "check", wrong)["faults"]] == [(1, 1)]


def test_the_whole_check_tells_overlaps_gaps_words_and_examples_that_go_another_way(editor):
    table = file_of(editor)
    doubled = asked(editor, "check", table.replace('"purchase","loan"', '"purchase","rent"'), whole="1")["faults"]
    assert [one["code"] for one in doubled if not one["warns"]] == ["OVERLAP"]
    spoken = asked(editor, "check", table.replace('<text>"data"</text>', '<text>"By data"</text>'), whole="1")
    assert "结果应是一个小写英文代码" in " ".join(one["words"] for one in spoken["faults"])
    turned = asked(editor, "check", table.replace('<text>"data"</text>', '<text>"papers"</text>'), whole="1")
    assert turned["faults"] == []
    red = [one for one in turned["examples"] if not one["ok"]]
    assert len(red) == 3
    assert "ways" in red[0]["differences"][0]
    unasked = table.replace('id="decision" name="提取审核方式"', 'id="decision" name="别的"')
    assert asked(editor, "check", unasked, whole="1")["faults"]


def test_the_bench_says_the_way_and_why_the_other_rows_did_not_fit(editor):
    table = file_of(editor)
    said = asked(editor, "try", table, **{"in-reason": "loan"})
    assert (said["value"], [row["row"] for row in said["rows"] if row["hit"]]) == ("papers", [2])
    assert said["rows"][0]["why"]
    unsure = asked(editor, "try", table)
    assert unsure["value"] == ""
    assert unsure["doubts"]
    assert asked(editor, "try", "<nothing", **{"in-reason": "loan"})["refused"]


def test_a_changed_table_is_kept_as_a_draft_and_not_over_somebody_elses(editor, desk):
    page = editor.get(PAGE)
    changed = file_of(editor).replace("限额由数据核对", "限额由系统核对")
    assert editor.post(PAGE, content=changed, digest=digest_on(page)).status_code == 302
    assert "在编辑器里保存草稿（route.dmn）" in editor.get(f"/console/items/{CODE}/")
    assert "限额由系统核对" in file_of(editor)
    late = desk("wuyue").post(PAGE, content=changed.replace("系统", "机器"), digest=digest_on(page))
    assert late.status_code == 409
    assert "限额由机器核对" in late.content.decode(), "what was drawn is not lost"


def test_a_table_that_nothing_asks_for_and_people_who_edit_nothing_find_no_page(desk, editor):
    editor.get(f"{PAGE}?table=别的", status=404)
    assert editor.post(f"{PAGE}check", content="<a/>", table="别的").status_code == 404
    editor.get("/console/items/shebao-chaxun/routing/", status=404)
    assert "编辑分派规则" not in editor.get("/console/items/shebao-chaxun/")
    for who in ("shilei", "mali"):
        desk(who).get(PAGE, status=404)
