"""排队队列 on the console: the manager makes, changes, retires a queue; a new hall starts from its windows."""

import pytest
from tests.visits.hall import Hall

from yichuang.visits.models import Queue

PAGE = "/console/places/LH/queues/"
NEW = {
    "act": "save", "letter": "k", "name_zh": "企业开办", "name_en": "Opening a company", "aim": "20", "order": "3",
    "scope": "named", "windows": ["1", "2"], "items": ["youxian-gongsi-sheli"],
}  # fmt: skip


@pytest.fixture
def manager(desk):
    return desk("mali")


def test_the_manager_makes_a_queue_once_for_a_press_and_changes_it(manager, key_on):
    page = manager.get(PAGE)
    assert "综合业务" in page
    given = {**NEW, "key": key_on(page)}
    for _ in "twice":
        assert manager.post(PAGE, **given).status_code == 302
    row = Queue.objects.get(place__code="LH", letter="K")
    assert (row.aim_minutes, row.items, len(row.windows)) == (20, ["youxian-gongsi-sheli"], 2)
    page = manager.get(f"{PAGE}?queue=K")
    assert "更改队列 K" in page
    assert "建立队列 K" in page  # who did it and when
    assert manager.post(PAGE, **{**NEW, "aim": "25"}).status_code == 409  # the letter is taken: nothing is written over
    assert manager.post(PAGE, **{**NEW, "aim": "25", "changes": "K"}).status_code == 302
    row.refresh_from_db()
    assert row.aim_minutes == 25


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(manager):
    answer = manager.post(PAGE, act="save", letter="", name_zh="企业", aim="soon", order="", windows=["99"])
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "请选择办理的范围",
        "一个大写英文字母",
        "中文和英文都要有",
        "等候目标",
        "显示顺序",
        "从本大厅的窗口中选择",
    ):
        assert words in page, words
    assert 'value="企业"' in page
    assert not Queue.objects.filter(name_zh="企业").exists()


def test_a_queue_is_retired_and_put_back_and_a_refusal_says_why(manager, demo):
    hall = Hall.of(demo)
    hall.take("B")
    answer = manager.post(PAGE, act="retire", letter="B")
    assert (answer.status_code, "还有 1 人没有办完" in answer.content.decode()) == (409, True)
    manager.post(PAGE, **NEW)
    assert manager.post(PAGE, act="retire", letter="K").status_code == 302
    page = manager.get(PAGE)
    assert "恢复使用" in page
    assert "恢复队列 K" in manager.get(f"{PAGE}?queue=K")
    assert manager.post(PAGE, **NEW).status_code == 409
    assert manager.post(PAGE, **NEW, changes="K").status_code == 302
    assert "恢复使用" not in manager.get(PAGE)


def test_a_hall_without_queues_starts_from_its_windows(manager, demo):
    Hall.of(demo).none()
    assert "按窗口种类建立队列" in manager.get(PAGE)
    assert "设置排队队列" in manager.get("/counter/hall/")
    assert manager.post(PAGE, act="start").status_code == 302
    assert Queue.objects.filter(place__code="LH").count() == 6
    assert manager.post(PAGE, act="start").status_code == 409


def test_a_place_without_windows_says_to_set_these_up_first(desk):
    place = "/console/places/NEW/"
    form = {
        "code": "NEW", "kind": "subdistrict_hall", "name_zh": "新大厅", "name_en": "New hall", "region_code": "440303",
        "address_zh": "演示路 9 号", "address_en": "9 Demo Road", "phone": "0755-0000-0009", "takes_filings": "true",
        "active": "true", "street_code": "440303001",
    }  # fmt: skip
    admin = desk("shilei")
    answer = admin.post("/console/places/new/", **form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert "先设置窗口" in admin.get(f"{place}queues/")
    window = {
        "act": "window",
        "number": "1",
        "window_kind": "integrated",
        "window_zh": "综合",
        "window_en": "All",
        "in_use": "true",
    }
    assert admin.post(place, **window).status_code == 302
    assert admin.post(f"{place}queues/", act="start").status_code == 302
    assert "综合业务" in admin.get(f"{place}queues/")


def test_another_hall_is_not_there_for_this_manager(manager, desk):
    manager.get("/console/places/LH-S01/queues/", status=404)
    desk("lina").get(PAGE, status=404)


def test_a_new_queue_with_a_letter_in_use_writes_nothing_over(manager):
    before = Queue.objects.get(place__code="LH", letter="A")
    answer = manager.post(PAGE, **{**NEW, "letter": "a"})
    page = answer.content.decode()
    assert (answer.status_code, "已用于队列" in page, "新的队列" in page) == (409, True, True)
    assert 'value="企业开办"' in page
    after = Queue.objects.get(id=before.id)
    assert (after.name_zh, after.windows, after.by_item) == (before.name_zh, before.windows, before.by_item)
