"""Item packs over HTTP: what the folder holds, its faults and differences; publish and withdraw at a time; words."""

from datetime import timedelta

import pytest
from tests.packs_aside import FAULTY, NEWER, change, copied

from yichuang.catalog import commands, queries
from yichuang.core import ledger
from yichuang.core.clock import local

PATH = f"/console/items/{NEWER}/"


@pytest.fixture
def packs(settings, tmp_path):
    settings.YICHUANG_PACKS = [copied(tmp_path)]
    return settings.YICHUANG_PACKS[0]


@pytest.fixture
def editor(desk, packs):
    return desk("wuqian")


def digest_on(page):
    return page.split('name="digest" value="')[1].split('"')[0]


def test_the_list_tells_what_the_folders_hold(editor):
    page = editor.get("/console/items/")
    for words in ("有新版待发布", "与发布的一致", "内容已改，版本号未加 1", "失业登记"):
        assert words in page
    assert "没有找到事项" in editor.get("/console/items/?q=没有这样的事")
    home = editor.get("/console/")
    assert "1 个事项包有新版本待发布" in home
    assert "1 个事项包改了内容没有改版本号" in home


def test_a_new_version_is_compared_and_published_at_a_time_once(editor, desk, demo):
    now = queries.get_pack(NEWER, at=demo.at).version
    page = editor.get(PATH)
    for words in ("没有错误", f"与第 {now} 版相比", "0755-00001199", "职业培训", f"发布第 {now + 1} 版"):
        assert words in page
    start = local(demo.at) + timedelta(days=3)
    form = {"act": "publish", "digest": digest_on(page), "effective_at": f"{start:%Y-%m-%dT%H:%M}", "key": "once"}
    asked = editor.asks(PATH, **form)
    assert editor.asks(PATH, **form) == asked, "the same again is the same proposal"
    assert queries.get_pack(NEWER, at=demo.at + timedelta(days=3)).version == now, "not before a second editor confirms"
    other = desk("wuyue")
    assert "1 项操作等您复核" in other.get("/console/")
    assert [other.confirms(asked).status_code for _ in range(2)] == [302, 409]
    assert queries.get_pack(NEWER, at=demo.at).version == now
    assert queries.get_pack(NEWER, at=demo.at + timedelta(days=3)).version == now + 1
    page = editor.get(PATH)
    assert "尚未生效" in page
    assert f"发布第 {now + 1} 版" in page  # in the ledger's history, by the editor
    assert f"发布第 {now + 1} 版（吴*提出，另一人复核）" in page
    row = queries.shelf_row(demo.actor("wuqian"), NEWER, at=demo.at).coming
    assert [entry.act for entry in ledger.list_entries(ledger.Subject("item_version", row.id))] == ["publish_pack"]


def test_a_time_in_the_past_is_refused_and_so_is_content_that_nobody_has_read(editor, packs):
    page = editor.get(PATH)
    past = editor.post(PATH, act="publish", digest=digest_on(page), effective_at="2020-01-01T00:00")
    assert past.status_code == 422
    assert '<a href="#f-effective_at">生效时间不能早于现在</a>' in past.content.decode()
    assert 'value="2020-01-01T00:00"' in past.content.decode()
    assert "2026-12-31T09:00" in editor.post(PATH, act="publish", effective_at="明天").content.decode()
    change(packs / "renshe" / NEWER / "item.yaml", "0755-00001199", "0755-00001198")
    answer = editor.post(PATH, act="publish", digest=digest_on(page))
    assert answer.status_code == 409
    assert "文件夹的内容在您打开页面之后有变化" in answer.content.decode()


def test_each_fault_stands_there_with_file_and_line_and_nothing_can_be_published(editor, demo):
    page = editor.get(f"/console/items/{FAULTY}/")
    assert "电话要带区号" in page
    assert "item.yaml" in page
    assert '<a href="/console/workbooks/">item.yaml</a>' in page, "a sheet of the workbook holds it"
    assert 'value="publish"' not in page
    answer = editor.post(f"/console/items/{FAULTY}/", act="publish")
    assert answer.status_code == 422
    assert "item.yaml:" in answer.content.decode()


def test_a_fault_leads_to_the_editor_of_its_file_and_one_that_no_page_edits_leads_nowhere(editor, packs):
    process, form = packs / "shichang" / FAULTY / "process.bpmn", packs / "shichang" / FAULTY / "form.json"
    process.write_text(process.read_text("utf-8").replace("</", "<", 1), encoding="utf-8")
    form.write_text("{", encoding="utf-8")
    page = editor.get(f"/console/items/{FAULTY}/")
    assert f'<a href="/console/items/{FAULTY}/flow/#h-found">process.bpmn</a>' in page
    assert 'id="h-found"' in editor.get(f"/console/items/{FAULTY}/flow/")
    assert ">form.json</td>" in page


def test_an_item_is_withdrawn_at_a_time_and_its_words_are_kept(editor, demo):
    assert editor.post(PATH, act="words", words="咕噜咕噜\n没班上").status_code == 302
    assert [row.code for row in queries.search_items("咕噜咕噜", 1, at=demo.at)] == [NEWER]
    wrong = editor.post(PATH, act="words", words="13800138000")
    assert wrong.status_code == 422
    assert "像是号码或邮箱" in wrong.content.decode()
    end = local(demo.at) + timedelta(days=1)
    assert editor.post(PATH, act="withdraw", ends_at=f"{end:%Y-%m-%dT%H:%M}").status_code == 302
    now = queries.get_pack(NEWER, at=demo.at).version
    assert queries.is_open(NEWER, now, at=demo.at)
    assert not queries.is_open(NEWER, now, at=demo.at + timedelta(days=1))
    assert editor.post(PATH, act="dance").status_code == 404
    editor.get("/console/items/no-such-item/", status=404)


def test_words_searched_in_vain_are_given_to_an_item(editor, demo):
    commands.record_unanswered(query="咕噜咕噜", at=demo.at)
    assert "近 7 天有 1 种说法没有搜到事项" in editor.get("/console/")
    page = editor.get("/console/searches/?words=咕噜咕噜")
    assert "咕噜咕噜" in page
    assert "仍搜不到" in page
    both = editor.post("/console/searches/", words="", item="")
    assert both.status_code == 422
    assert "请选择这个说法要找到的事项" in both.content.decode()
    assert "请写明说法" in both.content.decode()
    assert editor.post("/console/searches/", words="咕噜咕噜", item=NEWER).status_code == 302
    assert "咕噜咕噜" in queries.spoken_words(NEWER)
    assert "现在能搜到" in editor.get("/console/searches/")


def test_folders_are_found_by_name_and_never_built_from_what_was_sent(editor, packs):
    for code in ("..", "%2e%2e", "renshe%2fshiye-dengji"):
        editor.get(f"/console/items/{code}/", status=404)
