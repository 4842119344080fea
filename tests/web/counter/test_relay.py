"""接力码 over HTTP: on the phone, at the window, at the kiosk of a hall; one form, nothing typed twice."""

import re

from tests.cases.test_relay import ANSWERS, Begun

from yichuang.cases.models import Case, Draft

CODE = re.compile(r"(\d{4}) (\d{4})</p>")


def test_a_draft_of_the_phone_opens_in_the_form_of_the_window_and_is_put_back(as_user, demo):
    begun, zhang, li = Begun(demo), as_user("张晓"), as_user("李娜")
    page = zhang.post(f"/my/drafts/{begun.draft}/relay").content.decode()
    code = "".join(CODE.search(page).groups())
    assert "还没有在别处办过" not in page
    wrong = li.post("/counter/relay/", {"code": "00000000", "tail": begun.tail})
    assert (wrong.status_code, "没有这个接力码" in wrong.content.decode()) == (404, True)
    opened = li.post("/counter/relay/", {"code": code, "tail": begun.tail}, follow=True)
    page = opened.content.decode()
    assert "豆豆" in page
    assert "存回，由申请人接着办" in page
    relay = re.search(r'name="relay" value="([0-9a-f-]{36})"', page)[1]
    seen = re.search(r'name="relay_seen" value="([0-9a-f]{64})"', page)[1]
    address = f"/counter/intake/{begun.zhang.id}/{'yangquan-dengji'}/"
    sent = {
        "step": "hand-on",
        "relay": relay,
        "relay_seen": seen,
        "/dog/name": "豆包",
        **{f"answer:{name}": value for name, value in ANSWERS.items()},
    }
    changed = li.post(address, {**sent, "relay_seen": "0" * 64})
    assert (changed.status_code, "没有用窗口填的覆盖" in changed.content.decode()) == (409, True)
    assert "豆包" in changed.content.decode()  # what was typed stays on the page
    assert "已存回申请人的草稿" in li.post(address, sent, follow=True).content.decode()
    assert Draft.objects.get(id=begun.draft).form["dog"]["name"] == "豆包"
    assert "李娜" in zhang.get(f"/my/drafts/{begun.draft}/relay").content.decode()
    assert zhang.get(f"/relay/{code}").status_code == 302
    assert as_user("陌生人").get(f"/relay/{code}").status_code == 404
    assert not Case.objects.exists()


def test_begun_at_the_window_a_code_is_shown_and_english_pages_are_english(as_user, demo):
    li = as_user("李娜", language="en")
    address = f"/counter/intake/{demo.actor('zhangxiao').id}/yangquan-dengji/"
    page = li.post(address, {"step": "hand-on", "/dog/name": "来福"}).content.decode()
    assert CODE.search(page)
    assert "Relay code" in page
    assert Draft.objects.get().owner_id == demo.actor("zhangxiao").id
    assert "Go on from elsewhere" in li.get("/counter/relay/").content.decode()
