"""Machines on the console, over HTTP: named once, let in by a code that is shown once, revoked."""

import re

from yichuang.devices.commands import add_device, enrol, show
from yichuang.devices.models import Device
from yichuang.devices.queries import actor_for_device
from yichuang.network.queries import get_place

PAGE = "/console/devices/LH/"
CODE = re.compile(r">([2-9A-Z]{5}-[2-9A-Z]{5})<")


def test_a_kiosk_is_named_once_gets_a_code_that_is_shown_once_and_is_revoked(desk, key_on, demo):
    keeper = desk("dengjie")
    before = Device.objects.count()
    form = {"act": "add", "kind": "kiosk", "name": "东门取号机", "key": key_on(keeper.get(PAGE))}
    shown = keeper.post(PAGE, **form).content.decode()
    [code] = CODE.findall(shown)
    assert "/kiosk/enrol/" in shown
    assert keeper.post(PAGE, **form).status_code == 302
    assert Device.objects.count() == before + 1
    page = keeper.get(PAGE)
    assert code not in page
    assert "待启用" in page
    row = Device.objects.get(name="东门取号机")
    bearer = enrol(code=code, at=demo.at).bearer
    assert actor_for_device(bearer).id == row.id
    assert CODE.findall(keeper.post(PAGE, act="code", device=str(row.id)).content.decode()) != [code]
    assert keeper.post(PAGE, act="revoke", device=str(row.id)).status_code == 302
    assert actor_for_device(bearer) is None
    assert "已停用" in keeper.get(PAGE)


def test_all_that_is_wrong_stands_on_the_page_and_nothing_typed_is_lost(desk):
    answer = desk("shilei").post(PAGE, act="add", kind="printer", name="", address="8.8.8.8:9100")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in text for words in ("请填写设备名称", "允许的设备网段", 'value="8.8.8.8:9100"'))


def test_a_manager_sees_the_machines_of_the_hall_and_changes_none(desk, demo):
    manager = desk("mali")
    assert "登记设备" not in manager.get(PAGE)
    assert manager.post(PAGE, act="add", kind="kiosk", name="机").status_code == 403
    manager.get("/console/devices/", 200)


def test_a_keeper_sees_the_places_of_the_grant_only(desk):
    keeper = desk("dengjie")
    page = keeper.get("/console/devices/")
    assert "LH" in page
    keeper.get("/console/devices/LH-E01/", 404)
    assert keeper.post(PAGE, act="nothing").status_code == 404


def test_the_page_says_what_a_windows_display_shows_and_what_has_not_reached_it(desk, demo):
    place = get_place("LH").id
    given = {"actor": demo.actor("dengjie"), "place": place, "kind": "display", "window": "1", "at": demo.at}
    device = add_device(name="1 号窗口屏", address="simulator", **given).device
    assert show(place=place, window="1", lines=("1 号窗口", "请 A001 号"), at=demo.at)
    page = " ".join(desk("mali").get(PAGE).split())
    assert "正在显示 <bdi" in page
    assert "1 号窗口 · 请 A001 号" in page
    Device.objects.filter(id=device).update(address="simulator:offline")
    assert not show(place=place, window="1", lines=("1 号窗口", "请 A002 号"), at=demo.at)
    page = " ".join(desk("mali").get(PAGE).split())
    assert all(
        words in page for words in ("应显示 <bdi", "请 A002 号", "还没有显示", "上次显示", "请 A001 号", "连接不上")
    )


def test_the_page_of_a_nodes_code_says_how_a_node_is_paired_and_not_where_a_kiosk_goes(desk, key_on, client):
    keeper = desk("dengjie")
    form = {"act": "add", "kind": "node", "name": "大厅节点", "key": key_on(keeper.get(PAGE))}
    shown = keeper.post(PAGE, **form).content.decode()
    [code] = CODE.findall(shown)
    assert f"./run manage pair_node {code}" in shown
    assert "./run serve --centre http" in shown
    assert "/kiosk/enrol/" not in shown
    answer = client.post(
        "/kiosk/enrol/", {"code": code}
    )  # a kiosk does not become a node by it, and does not use it up
    assert answer.status_code == 422
    assert Device.objects.get(name="大厅节点").enrolled_at is None
