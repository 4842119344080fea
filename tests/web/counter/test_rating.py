"""The page of a rating, by its address, by the account, from the window; over HTTP."""

import pytest
from django.test import Client
from tests.feedback.ratings import served, token_of
from tests.visits.hall import Hall

from yichuang.core.clock import fixed
from yichuang.feedback.models import Rating


@pytest.fixture
def row(demo):
    return served(Hall.of(demo))


def test_by_its_address_once_and_never_again(demo, row):
    with fixed(demo.at):
        page = Client().get(f"/rate/{token_of(row)}").content.decode()
        assert "非常满意" in page
        assert "张晓" not in page
        assert Client().post(f"/rate/{token_of(row)}", {"key": "a"}).status_code == 422
        sent = {"key": "a", "level": "4", "tags": ["polite"], "words": " 谢谢 "}
        assert "谢谢" in Client().post(f"/rate/{token_of(row)}", sent, follow=True).content.decode()
        again = Client().post(f"/rate/{token_of(row)}", {"key": "b", "level": "1"})
    assert again.status_code == 409
    assert "这次服务已评价" in again.content.decode()
    assert Rating.objects.get().level == 4


def test_what_is_mine_leads_to_its_page_and_leaves_the_list(demo, row, as_user):
    zhang = as_user("张晓")
    with fixed(demo.at):
        assert f"/rate/{row.id}" in zhang.get("/my/ratings").content.decode()
        assert "等您评价的服务（1）" in zhang.get("/my/cases").content.decode()
        zhang.post(f"/rate/{row.id}", {"key": "a", "level": "5"})
        assert "没有等您评价的服务" in zhang.get("/my/ratings").content.decode()
        assert as_user("陌生人").get(f"/rate/{row.id}").status_code == 404
        assert as_user("陌生人").get(f"/rate/{token_of(row)}").status_code == 403


def test_the_window_shows_a_code_and_its_own_session_cannot_use_it(demo, row, as_user):
    li = as_user("李娜")
    with fixed(row.over_at):
        assert "请刚才的人评价" in li.get("/counter/queue/").content.decode()
        page = li.post(f"/counter/ratings/{row.id}/")
        assert "data:image/svg+xml" in page.content.decode()
        refused = li.get(f"/rate/{token_of(row)}")
    assert refused.status_code == 403
    assert "工作人员登录后不能代为评价" in refused.content.decode()
    with fixed(row.over_at):
        Client().post(f"/rate/{token_of(row)}", {"key": "a", "level": "5"})
        assert "请刚才的人评价" not in li.get("/counter/queue/").content.decode()
        assert "已经评价过" in li.post(f"/counter/ratings/{row.id}/").content.decode()
