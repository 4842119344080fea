"""Staff and powers over HTTP: three administrators, each with pages the others do not open."""

import pytest

from yichuang.core import ledger
from yichuang.people.models import Account, GrantRow, Posting, Staff
from yichuang.people.queries import find_account

NEW = {
    "name": "林小满",
    "staff_no": "W900",
    "username": "linxiaoman",
    "phone": "13800139000",
    "window": "9",
    "password": "qmzt-8kfp-3xwc-h7rn",
}


@pytest.fixture
def member(demo):
    return Staff.objects.get(account__username="lina")


def test_an_account_is_opened_once_and_can_do_nothing_until_a_role_is_granted(desk, demo, key_on):
    system, place = desk("shilei"), str(demo.actor("lina").place)
    page = system.get("/console/staff/new/")
    form = {**NEW, "place": place, "key": key_on(page)}
    first, second = (system.post("/console/staff/new/", **form) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"], "pressed twice, opened once"
    staff = Staff.objects.get(staff_no="W900")
    assert Account.objects.get(id=staff.account_id).must_change
    assert [e.act for e in ledger.list_entries(ledger.Subject("account", staff.account_id))] == [
        "people.open_staff_account"
    ]
    powers = f"/console/staff/{staff.id}/powers/"
    system.get(powers, status=404)
    security = desk("anning")
    grant = {"act": "grant", "role": "intake_clerk", "place": place, "valid_to": "2027-06-30"}
    assert security.post(powers, **grant).status_code == 302
    row = GrantRow.objects.get(staff=staff)
    assert (row.role, str(row.place_id), row.valid_to.isoformat()) == ("intake_clerk", place, "2027-06-30")
    assert security.post(powers, act="assign", post="WINDOW.receive").status_code == 302
    page = security.get(f"/console/staff/{staff.id}/")
    for words in ("综窗受理员", "WINDOW.receive", "授予角色：综窗受理员", "2027年6月30日"):
        assert words in page
    assert security.post(powers, act="revoke", grant=str(row.id)).status_code == 302
    assert security.post(powers, act="end", post="WINDOW.receive").status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert not Posting.objects.filter(staff=staff, ended_at=None).exists()


def test_all_faults_of_a_new_account_come_at_once_and_nothing_typed_is_lost(desk, demo):
    form = {"name": "", "staff_no": "工号", "username": "x", "phone": "12", "password": "short", "window": "123456789"}
    answer = desk("shilei").post("/console/staff/new/", **form)
    page = answer.content.decode()
    assert answer.status_code == 422
    told = ("请填写姓名", "工号应为", "用户名应为", "手机", "密码长度", "窗口号最长")
    summary = page[page.index('id="error-summary"') :].partition("</ul>")[0]
    assert sorted(told, key=summary.index) == list(told), "in the order in which they were sent"
    assert 'value="工号"' in page
    taken = desk("shilei").post(
        "/console/staff/new/",
        **{**NEW, "username": "LINA", "staff_no": Staff.objects.get(account__username="lina").staff_no},
    )
    assert taken.status_code == 409
    assert "用户名已被使用" in taken.content.decode()
    assert "工号已被使用" in taken.content.decode()


def test_each_of_the_three_opens_only_their_own_pages(desk, demo, member):
    base = f"/console/staff/{member.id}/"
    for name, account, powers in (("shilei", 200, 404), ("anning", 404, 200), ("shenjing", 404, 404)):
        browser = desk(name)
        assert "李娜" in browser.get(base)
        browser.get(base + "account/", status=account)
        browser.get(base + "powers/", status=powers)
    for name in ("mali", "wuqian"):
        desk(name).get("/console/staff/", status=404)
    desk("lina").get("/console/", status=404)


def test_an_account_is_closed_reseated_and_gets_a_new_password(desk, demo, member):
    system, path = desk("shilei"), f"/console/staff/{member.id}/account/"
    clerk = desk("lina")
    clerk.get("/counter/")
    assert system.post(path, act="close").status_code == 302
    assert "/sign-in" in clerk.client.get("/counter/")["Location"]
    assert find_account("lina") is None
    assert "已停用" in system.get(f"/console/staff/{member.id}/")
    assert system.post(path, act="open").status_code == 302
    other = demo.actor("zhaomin").place
    assert system.post(path, act="change", name="李娜", place=str(other), window="12").status_code == 302
    member.refresh_from_db()
    assert (member.place_id, member.window) == (other, "12")
    assert system.post(path, act="change", name="", place="01900000-0000-7000-8000-000000000000").status_code == 422
    refused = system.post(path.replace("account", "password"), act="password", password="short")
    assert refused.status_code == 422
    assert 'value="short"' in refused.content.decode()  # what the faults beside it are about
    assert (
        system.post(path.replace("account", "password"), act="password", password="another-2026-first").status_code
        == 302
    )
    assert Account.objects.get(id=member.account_id).must_change
    assert system.post(path, act="nothing").status_code == 404


def test_nobody_changes_their_own_powers_or_account(desk, demo):
    anning, shilei = (Staff.objects.get(account__username=name) for name in ("anning", "shilei"))
    answer = desk("anning").post(f"/console/staff/{anning.id}/powers/", act="grant", role="reviewer")
    assert answer.status_code in {403, 422}
    assert "不能给自己授权" in answer.content.decode()
    answer = desk("shilei").post(f"/console/staff/{shilei.id}/account/", act="close")
    assert answer.status_code == 403
    assert "不能停用或启用自己的账号" in answer.content.decode()


def test_bad_dates_places_and_grants_are_told(desk, demo, member):
    security, path = desk("anning"), f"/console/staff/{member.id}/powers/"
    nowhere = "01900000-0000-7000-8000-000000000000"
    once = security.post(path, act="grant", role="reviewer", valid_to="明天").content.decode()
    assert "2026-12-31" in once
    both = security.post(path, act="grant", role="reviewer", valid_from="今天", valid_to="明天").content.decode()
    assert both.count("2026-12-31") == 2 * once.count("2026-12-31")
    assert security.post(path, act="grant", role="king").status_code == 422
    assert "没有这个网点" in security.post(path, act="grant", role="reviewer", place=nowhere).content.decode()
    assert security.post(path, act="revoke", grant=nowhere).status_code == 404
    assert security.post(path, act="assign", post="NO.post").status_code == 422


def test_the_list_is_found_by_name_number_role_place_and_state(desk, demo):
    security = desk("anning")
    assert "李娜" in security.get("/console/staff/?q=LINA")
    assert "李娜" not in security.get("/console/staff/?q=LINA&role=reviewer")
    assert "没有符合条件" in security.get("/console/staff/?state=closed")
    assert "赵敏" in security.get(f"/console/staff/?place={demo.actor('zhaomin').place}")
    page = security.get("/console/staff/")
    assert page.count('data-label="工号"') == 20
    assert "cursor=" in page


def test_the_first_page_says_what_wants_attention(desk, demo, member):
    GrantRow.objects.filter(staff=member).update(revoked_at=demo.at)
    page = desk("anning").get("/console/")
    assert "1 名工作人员有账号但没有任何角色" in page
    assert "李娜" in desk("anning").get("/console/staff/?state=powerless")
    assert "2027 年的工作日历还没有确认" in desk("shilei").get("/console/")
    assert "留痕账本还没有完成过核验" in desk("shenjing").get("/console/")
    assert "回到窗口工作台" in desk("mali").get("/console/")
    assert "Staff and powers" in desk("anning", "en").get("/console/")


def test_a_password_is_renewed_by_the_office_that_the_owner_does_not_watch(desk, demo):
    path = f"/console/staff/{demo.actor('shenjing').id}/"
    form = {"act": "password", "password": "qmzt-8kfp-3xwc-h7rn"}
    system, security = desk("shilei"), desk("anning")
    assert "此人的密码只能由安全管理员重置" in system.get(path)
    assert system.post(path + "password/", **form).status_code == 403
    assert 'name="password"' in security.get(path)
    asked = security.asks(path + "password/", act="password")
    assert not Account.objects.get(username="shenjing").must_change
    other = desk("pinghe")
    assert other.confirms(asked, password="short").status_code == 422
    assert other.confirms(asked, password=form["password"]).status_code == 302
    assert Account.objects.get(username="shenjing").must_change
