"""The work desk: real figures, the work by urgency, find, filters, pages."""

import re

from yichuang.cases.commands.accept import accept_case


def figures(page):
    return dict(re.findall(r"<li[^>]*>([^<\s]+)<strong>(\d+)</strong>", page))


def test_the_figures_are_counted_not_invented(as_user, demo):
    client = as_user("李娜")
    before = figures(client.get("/counter/").content.decode())
    first = demo.file(demo.actor("zhangxiao"))
    demo.file(
        demo.actor("moshengren"),
        form={"dog": {**demo.example("yangquan-dengji").form["dog"], "chip": "999000000000002"}},
    )
    accept_case(actor=demo.actor("lina"), number=first.number, version=first.version, findings={}, at=demo.at)
    after = figures(client.get("/counter/").content.decode())
    assert int(after["今日收件"]) - int(before["今日收件"]) == 2
    assert int(after["今日受理"]) - int(before["今日受理"]) == 1
    assert int(after["待受理"]) - int(before["待受理"]) == 1


def test_f2_finds_by_number_and_filters_stay(as_user, demo):
    client, receipt = as_user("李娜"), demo.file(demo.actor("zhangxiao"))
    page = client.get("/counter/", {"q": receipt.number, "state": "SUBMITTED"}).content.decode()
    assert f"/counter/cases/{receipt.number}/" in page
    assert 'value="SUBMITTED" selected' in page
    assert "没有符合条件的办件" in client.get("/counter/", {"q": "没有这样的编号"}).content.decode()


def test_an_empty_desk_says_what_to_do_and_never_that_a_filter_hides_something(as_user, demo):
    """赵敏's hall has no case yet; 李娜 filters hers away; an issuing clerk, who takes nothing in, is led to what lies ready."""
    clerk = as_user("赵敏")
    page = clerk.get("/counter/").content.decode()
    assert "本窗口没有待办的办件" in page
    assert "清除筛选" not in page
    assert "清除筛选" in clerk.get("/counter/", {"light": "overdue"}).content.decode()
    assert "清除筛选" in clerk.get("/counter/", {"state": "READY"}).content.decode()
    issuer = as_user("周洁").get("/counter/").content.decode()
    assert "查看待出件" in issuer
    assert "按 F4" not in issuer


def test_twenty_at_a_time_and_the_next_page_goes_on(as_user, demo):
    client, zhang = as_user("李娜"), demo.actor("zhangxiao")
    numbers = {demo.file(zhang, materials=()).number for _ in range(22)}
    first = client.get("/counter/").content.decode()
    follow = re.search(r'rel="next" href="([^"]+)"', first)
    assert follow
    second = client.get(follow[1].replace("&amp;", "&")).content.decode()
    shown = re.findall(r'data-row href="/counter/cases/([^/]+)/"', first + second)
    assert numbers <= set(shown)
    assert len(shown) == len(set(shown))


def test_a_broken_page_mark_is_refused_not_a_crash(as_user):
    assert as_user("李娜").get("/counter/?cursor=nonsense").status_code == 422


def test_the_person_served_is_shown_masked_until_they_leave(as_user, demo):
    client = as_user("李娜")
    from yichuang.people.queries import get_party

    party = get_party(demo.actor("zhangxiao").id)
    client.post("/counter/intake/", {"id_type": "111", "id_no": party.id_no, "step": "find"})
    page = client.get("/counter/").content.decode()
    assert party.name_masked in page
    assert party.name not in page
    client.post("/counter/leave/")
    assert party.id_masked not in client.get("/counter/").content.decode()


def test_every_key_of_the_map_exists_on_some_page(as_user, demo):
    client, receipt = as_user("李娜"), demo.file(demo.actor("zhangxiao"))
    pages = client.get("/counter/").content.decode() + client.get(f"/counter/cases/{receipt.number}/").content.decode()
    for key in ("F2", "F4", "F8", "Shift+F8", "F9", "j"):
        assert f'data-key="{key}"' in pages, key
    assert 'id="key-map"' in pages
