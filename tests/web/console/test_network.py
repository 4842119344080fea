"""Places, authorisations and the year over HTTP: who may, all faults at once, and what people then see."""

from datetime import timedelta

import pytest

from yichuang.core import ledger
from yichuang.core.clock import local_date
from yichuang.network import queries
from yichuang.network.models import Authorisation

HALL, OTHER = "/console/places/LH/", "/console/places/LH-S02/"


@pytest.fixture
def today(demo):
    return local_date(demo.at)


def special_days(code):
    return {s.day: s for s in queries.get_place(code).timetable.exceptions}


def test_a_manager_closes_the_own_hall_for_a_day_and_takes_it_back(desk, demo, today):
    manager, day = desk("mali"), today + timedelta(days=2)
    form = {
        "act": "special",
        "day": day.isoformat(),
        "closed": "true",
        "reason_zh": "消防演练",
        "reason_en": "Fire drill",
    }
    assert manager.post(HALL, **form, key="one").status_code == 302
    assert manager.post(HALL, **form, key="one").status_code == 302
    place = queries.get_place("LH")
    acts = [e.act for e in ledger.list_entries(ledger.Subject("place", place.id))]
    assert acts.count("network.special_day_set") == 1
    assert special_days("LH")[day].spans == ()
    assert not queries.is_open(place.id, demo.at + timedelta(days=2))
    page = manager.get(HALL)
    assert "消防演练" in page
    assert "闭厅" in page
    assert "有临时安排" in manager.get("/console/")
    assert manager.post(HALL, act="clear", day=day.isoformat()).status_code == 302
    assert queries.is_open(place.id, demo.at + timedelta(days=2))


def test_other_hours_are_read_as_people_write_them_for_several_days(desk, today):
    manager, day = desk("mali"), today + timedelta(days=3)
    form = {"act": "special", "day": day.isoformat(), "until": (day + timedelta(days=1)).isoformat()}
    words = {"reason_zh": "延时办理", "reason_en": "Late"}
    assert manager.post(HALL, **form, **words, hours="9:00～12:00，13：30-24:00").status_code == 302
    days = special_days("LH")
    assert [len(days[d].spans) for d in (day, day + timedelta(days=1))] == [2, 2]
    assert "09:00-12:00 13:30-24:00" in manager.get(HALL)


def test_faults_of_a_closure_come_with_what_was_typed(desk, today):
    manager = desk("mali")
    past = manager.post(HALL, act="special", day="2020-01-01", until="2019-01-01", closed="true")
    assert past.status_code == 422
    assert "不能更改过去的日子" in past.content.decode()
    assert "截止日期不能早于起始日期" in past.content.decode()
    empty = manager.post(HALL, act="special", day="x").content.decode()
    for words in ("日期应写作 2026-12-31", "时段应写作", "请写明原因（中文和英文）"):
        assert words in empty
    assert "请填写日期" not in empty
    wrong = manager.post(HALL, act="special", day=today.isoformat(), hours="上午", reason_zh="停电")
    assert "时段应写作" in wrong.content.decode()
    assert 'value="停电"' in wrong.content.decode()
    assert manager.post(HALL, act="special", day=today.isoformat(), closed="true").status_code == 422
    assert manager.post(HALL, act="clear", day="2020-01-01").status_code == 422
    assert manager.post(HALL, act="dance").status_code == 404


def test_a_manager_keeps_no_other_place_and_changes_no_particulars(desk):
    manager = desk("mali")
    manager.get(OTHER, status=404)
    assert manager.post(OTHER, act="special", day="2026-12-01").status_code == 404
    assert "LH-S02" not in manager.get("/console/places/")
    manager.get("/console/places/new/", status=404)
    assert (
        manager.post(
            HALL, act="change", name_zh="新名", name_en="New", kind="district_hall", region_code="440303", active="true"
        ).status_code
        == 403
    )
    desk("shilei").get(OTHER)


def test_windows_are_opened_and_changed(desk):
    manager = desk("mali")
    form = {
        "act": "window",
        "number": "99",
        "window_kind": "special",
        "window_zh": "人才专窗",
        "window_en": "Talent",
        "in_use": "true",
    }
    wrong = manager.post(HALL, **form)
    assert wrong.status_code == 422
    assert "专窗须写明部门或事项" in wrong.content.decode()
    assert manager.post(HALL, **form, departments=["RLZY"], items="shiye-dengji，x").status_code == 302
    window = queries.find_window(queries.get_place("LH").id, "99")
    assert (window.departments, window.items, window.active) == (("RLZY",), ("shiye-dengji", "x"), True)
    assert "人才专窗" in manager.get(HALL + "?window=99")
    unkind = manager.post(HALL, act="window", number="x-1", window_kind="").content.decode()
    assert all(words in unkind for words in ("请选择种类", "窗口号为至多三位数字", "请写明中文和英文名称"))
    both = manager.post(HALL, act="window", number="x-1", window_kind="integrated")
    assert "窗口号为至多三位数字" in both.content.decode()
    assert "请写明中文和英文名称" in both.content.decode()


def test_a_place_is_created_and_changed_by_the_system_administrator(desk):
    system = desk("shilei")
    wrong = system.post("/console/places/new/", **{"code": "*", "kind": "", "week/0": "早上"}).content.decode()
    assert "请选择种类" in wrong
    assert "时段应写作" in wrong
    assert "编码只能用大写字母" in wrong  # all at once: also what only the room itself can judge
    assert "行政区划代码应为 6 位数字" in wrong
    form = {
        "code": "LH-M09", "name_zh": "新商场服务点", "name_en": "New mall", "kind": "mall_point", "parent": "LH",
        "region_code": "440303", "takes_filings": "true", "active": "true", "week/0": "09:00-18:00",
    }  # fmt: skip
    assert system.post("/console/places/new/", **form)["Location"] == "/console/places/LH-M09/"
    assert "编码已被使用" in system.post("/console/places/new/", **form).content.decode()
    changed = {**form, "act": "change", "week/0": "", "week/1": "10:00-11:00", "phone": "0755-1"}
    assert system.post("/console/places/LH-M09/", **changed).status_code == 302
    place = queries.get_place("LH-M09")
    assert [len(day) for day in place.timetable.week] == [0, 1, 0, 0, 0, 0, 0]
    assert place.phone == "0755-1"
    assert "新商场服务点" in system.get("/console/places/?q=LH-M09")


def test_a_chief_representative_authorises_a_place_and_ends_it(desk, demo, today):
    chief, place = desk("chengang"), queries.get_place("LH")
    department = queries.get_department("GDGS")
    path = f"/console/authorisations/?department={department.id}&place={place.id}"
    empty = chief.post(path, act="grant")
    assert empty.status_code == 422
    for words in ("请选择部门", "请选择网点", "请填写起始日期", "请写明受理专用章名称"):
        assert words in empty.content.decode()
    wrong = chief.post(path, act="grant", valid_from="12/31", valid_to="x", number="7 号").content.decode()
    assert wrong.count("日期应写作 2026-12-31") == 4  # two days, each in the summary and beside its field
    for words in ("请选择部门", "请选择网点", "请写明受理专用章名称", 'value="12/31"', 'value="7 号"'):
        assert words in wrong
    assert "请填写起始日期" not in wrong
    assert f'<option value="{place.id}" selected' not in wrong.partition("填写授权")[2], "what was posted, no default"
    form = {
        "act": "grant",
        "department": str(department.id),
        "place": str(place.id),
        "items": "gas-new water-new",
        "valid_from": today.isoformat(),
        "seal_name": "受理专用章（演示）",
    }
    assert chief.post(path, **form).status_code == 302
    rows = Authorisation.objects.filter(place=place.id, department=department.id, item_code="gas-new")
    assert rows.count() == 1
    again = chief.post(path, **form)
    assert again.status_code == 422
    assert "已有授权" in again.content.decode()
    page = chief.get(path)
    assert "gas-new" in page
    row = rows.get()
    early = chief.post(path, act="end", authorisation=str(row.id), last_day="2020-01-01")
    assert (early.status_code, 'name="last_day" value="2020-01-01"' in early.content.decode()) == (422, True)
    assert chief.post(path, act="end", authorisation=str(row.id), last_day=today.isoformat()).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == today
    for name in ("shilei", "mali"):
        watcher = desk(name)
        assert "填写授权" not in watcher.get(path)
        assert watcher.post(path, **form).status_code == 403


def test_the_year_is_seen_set_and_confirmed(desk, demo):
    system, path = desk("shilei"), "/console/calendar/?year=2027"
    page = system.get("/console/calendar/")
    assert "2026 年工作日历" in page
    assert "国庆节" in page
    assert "未确认" in system.get(path)
    few = system.post(path, act="confirm", source="")
    assert few.status_code == 422
    assert "请写明放假通知的文号或来源" in few.content.decode()
    assert "少于法定" in few.content.decode()
    assert system.post(path, act="day", day="2027-10-01", state="rest").status_code == 422
    for day in range(1, 14):  # what the law gives since 2025
        form = {"day": f"2027-10-{day:02}", "state": "rest", "name_zh": "国庆节", "name_en": "National Day"}
        assert system.post(path, act="day", **form).status_code == 302
    assert system.post(path, act="confirm", source="国办发明电〔2026〕9号").status_code == 302
    assert "已确认" in system.get(path)
    year = next(row for row in queries.list_years() if row.year == 2027)
    assert (year.confirmed, len(year.days)) == (True, 13)
    assert system.post(path, act="day", day="2027-10-12", state="plain").status_code == 302
    assert system.post("/console/calendar/?year=2028", act="seed").status_code == 302
    assert system.post(path, act="day", day="", state="").status_code == 422
