"""The shared bases in the console: sources and catalogue, a batch with its faults, a contradiction settled once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.registry.sources import Scripted

from yichuang.core.actors import SYSTEM
from yichuang.core.words import W
from yichuang.people.queries import list_demo_parties
from yichuang.registry import outside
from yichuang.registry.commands import ask
from yichuang.registry.models import Contradiction, SharedBatch
from yichuang.registry.ports import SourceDown, connected
from yichuang.registry.values import Base, Ground, Purpose, Question

PAGE, BATCHES, CLASHES = "/console/registry/", "/console/registry/batches/", "/console/registry/contradictions/"
PERSON = "44030319900101901X"
FAULTY = f"key,name,birth_date\n{PERSON},张晓,1990-01-01\n{PERSON},李明,1991-01-01\n".encode()


def person():
    return next(party for party in list_demo_parties() if party.name == "张晓")


@pytest.fixture
def editor(desk):
    return desk("wuqian")


def sent(editor, key_on, content=FAULTY, **form):
    file = SimpleUploadedFile("人口.csv", content, content_type="text/csv")
    key = key_on(editor.get(BATCHES))
    return editor.post(BATCHES, key=key, file=file, **{"base": "population", "source": "street", **form})


def test_the_overview_names_sources_bases_and_fields_and_nobody(editor, desk, demo):
    page = editor.get(PAGE)
    for words in ("公安（演示）", "demo_court", "数据目录", "household_address", "3 处来源之间的矛盾", "按地址各部分"):
        assert words in page
    assert person().id_no not in page
    assert person().name not in page
    watcher = desk("shilei").get(PAGE)
    assert "公安（演示）" in watcher
    assert "处来源之间的矛盾" not in watcher  # whose data contradicts itself is the steward's to know
    english = desk("wuqian", "en").get(PAGE)
    assert "Data catalogue" in english
    assert not re.search(
        r"[\u4e00-\u9fff]", re.sub(r'lang="zh[^>]*>[^<]*<', "", english.split("<h1>")[1].split("</main>")[0])
    )


def test_a_source_that_is_down_is_seen_to_be(editor, demo):
    outside.forget()
    with connected(Scripted("police_api", {}, demo.at, fails=SourceDown("HTTP_503"))):
        for _ in range(3):
            ask(
                [Question("p", Base.POPULATION, person().id_no, ("name",))],
                actor=SYSTEM, ground=Ground("duty", "x"), purpose=Purpose("x", "", W("演示", "demo")), at=demo.at,
            )  # fmt: skip
        page = editor.get(PAGE)
    outside.forget()
    assert "已断开，稍后自动重试" in page
    assert "3 次没有结果" in page


def test_a_batch_is_loaded_by_two_and_its_faults_are_shown_by_row(editor, desk, key_on, demo):
    file = SimpleUploadedFile("人口.csv", FAULTY, content_type="text/csv")
    key = key_on(editor.get(BATCHES))
    asked = editor.asks(BATCHES, key=key, file=file, base="population", source="street", whole="1")
    assert not SharedBatch.objects.filter(source="street").exists()
    page = editor.get(asked)
    for words in ("导入共享库数据：人口库，来源 street", "第 3 行，出生日期", "出生日期与身份证号不一致", "人口.csv"):
        assert words in page
    assert "您自己不能复核" in page
    second = desk("wuyue")
    assert second.confirms(asked).status_code == 302
    batch = SharedBatch.objects.get(source="street")
    page = editor.get(f"{BATCHES}{batch.id}/")
    for words in ("第 3 行", "出生日期与身份证号不一致", "人口.csv"):
        assert words in page
    assert "李明" not in page
    again = sent(editor, key_on)
    assert again.status_code == 409
    assert "同一份文件已经导入过" in again.content.decode()


def test_a_file_saved_by_excel_is_told_how_to_be_read(editor, key_on, demo):
    rows = f"公民身份号码,姓名\n{PERSON},张晓\n".encode("gb18030")
    answer = sent(editor, key_on, rows)
    assert answer.status_code == 422
    assert "编码请选 GB 18030" in answer.content.decode()
    answer = sent(editor, key_on, rows, encoding="gb18030")
    assert answer.status_code == 302
    assert "1 行可以导入" in editor.get(answer["Location"])


def test_a_file_says_when_it_was_made_and_the_second_person_reads_it(editor, key_on, demo):
    answer = sent(editor, key_on, made_at="2026-11-02T08:30")
    assert "2026-11-02 08:30" in editor.get(answer.headers["Location"])
    tomorrow = sent(editor, key_on, made_at="2031-01-01T08:30")
    assert (tomorrow.status_code, "还没有到" in tomorrow.content.decode()) == (422, True)
    assert 'value="2031-01-01T08:30"' in tomorrow.content.decode(), "what was typed is not lost"
    none = sent(editor, key_on, made_at="昨天")
    assert (none.status_code, "时间应写作" in none.content.decode()) == (422, True)


def test_a_source_is_retired_by_two(editor, desk, demo):
    page = editor.get(BATCHES)
    assert "本地来源" in page
    assert "停用来源 法院（演示）（信用库）" in page
    asked = editor.asks(BATCHES, act="retire", base="credit", source="demo_court")
    assert "停用共享库的本地来源：信用库，来源 demo_court" in editor.get(asked)
    assert desk("wuyue").confirms(asked).status_code == 302
    assert "停用来源 法院" not in editor.get(BATCHES)
    assert editor.post(BATCHES, act="retire", base="credit", source="demo_court").status_code == 404
    assert editor.post(BATCHES, act="retire").status_code == 404


def test_every_fault_of_the_form_comes_at_once(editor, key_on, demo):
    before = SharedBatch.objects.count()
    answer = editor.post(BATCHES, key=key_on(editor.get(BATCHES)), base="people", source="*")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择数据库" in page
    assert "请选择 CSV 或 XLSX 文件" in page
    assert "请填写数据来源" in page
    answer = sent(editor, key_on, b"\xe5\xa7\x93\n1\n", source="Bad Name")
    assert answer.status_code == 422
    assert "请填写数据来源" in answer.content.decode()
    assert 'value="Bad Name"' in answer.content.decode()  # nothing typed is lost
    assert SharedBatch.objects.count() == before


def test_a_contradiction_is_settled_once_with_a_reason(editor, key_on, demo):
    page = editor.get(CLASHES)
    clash = Contradiction.objects.filter(field="residence_address").order_by("id")[0]
    assert str(clash.said["demo_civil"]) not in page  # masked
    assert "说法 1（内容已隐去）" in page  # of a marital status
    assert "***d" not in page
    assert "民政（演示）" in page
    seen = clash.found_at.isoformat()
    assert f'name="seen" value="{seen}"' in page
    form = {"act": "settle", "contradiction": str(clash.id), "keep": "demo_police", "reason": " ", "seen": seen}
    answer = editor.post(CLASHES, key=key_on(page), **form)
    assert answer.status_code == 422
    assert "请写明核实的经过和理由" in answer.content.decode()
    form["reason"] = "电话与派出所核对"
    assert editor.post(CLASHES, key=key_on(editor.get(CLASHES)), **form).status_code == 302
    assert "电话与派出所核对" in editor.get(CLASHES + "?state=settled")
    assert editor.post(CLASHES, key=key_on(editor.get(CLASHES)), **form).status_code == 409
    assert editor.post(CLASHES, key=key_on(editor.get(CLASHES))).status_code == 422
    assert "没有等待核实的矛盾" in editor.get(CLASHES + "?base=credit")


def test_who_has_no_business_there_finds_nothing(desk, demo):
    batch = SharedBatch.objects.order_by("id")[0].id
    for who in ("lina", "mali", "shenjing", "anning"):
        for path in (PAGE, BATCHES, CLASHES, f"{BATCHES}{batch}/"):
            desk(who).get(path, status=404)
    for path in (BATCHES, CLASHES):
        desk("shilei").get(path, status=404)


def test_the_person_reads_what_was_asked_and_why(desk, demo):
    purpose = Purpose("getihu-sheli", "LH20261124000018", W("个体工商户设立登记", "Registration of a shop"))
    party = person()
    with connected():
        ask(
            [Question("p", Base.POPULATION, party.id_no, ("name", "alive"))],
            actor=SYSTEM, ground=Ground("duty", "个体工商户登记管理办法 第十四条"), purpose=purpose, at=demo.at,
        )  # fmt: skip
    page = desk("zhangxiao").get("/my/looks")
    for words in (
        "办事时核对过我的哪些信息",
        "人口库：姓名、在世",
        "个体工商户设立登记",
        "依法履行职责",
        "第十四条",
        "LH20261124000018",
    ):
        assert words in page
    assert "办事时核对过" not in desk("moshengren").get("/my/looks")
