"""办理流程 on the pages: the applicant's own, the counter's, and the plan in the guide."""

from datetime import timedelta

import pytest

from yichuang.cases.commands.accept import accept_case
from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD


@pytest.fixture
def opened(client, demo):
    """Somebody's page at an hour."""

    def open_page(who, path, at=None, language="zh-hans"):
        with fixed(at or demo.at):
            if who:
                client.post("/sign-in", {"username": who, "password": PASSWORD})
            answer = client.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, path
        return answer.content.decode()

    return open_page


@pytest.fixture
def accepted(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt.number


def test_the_applicant_follows_the_link_and_sees_where_it_is(opened, accepted):
    assert f'href="/my/cases/{accepted}/process"' in opened("zhangxiao", f"/my/cases/{accepted}")
    page = opened("zhangxiao", f"/my/cases/{accepted}/process")
    assert page.count('aria-current="step"') == 2, "in the list and in the drawing"
    assert "is-current" in page
    assert "城市管理和综合执法局" in page
    assert "王强" not in page


def test_a_late_step_is_called_late_in_both_languages(opened, demo, accepted):
    late = demo.at + timedelta(days=20)
    assert opened("zhangxiao", f"/my/cases/{accepted}/process", late).count("办理中，已超期") >= 2
    english = opened("zhangxiao", f"/my/cases/{accepted}/process", late, "en")
    assert english.count("now, overdue") >= 2
    assert "is-late" in english


def test_the_counter_sees_the_same_drawing_on_its_case_page(opened, accepted):
    assert 'class="bpmn-task is-current"' in opened("lina", f"/counter/cases/{accepted}/")


@pytest.mark.parametrize("printed", ["", "?print=1"])
def test_the_guide_draws_the_way_of_nobodys_case(opened, accepted, printed):
    page = opened("", f"/items/yangquan-dengji{printed}")
    assert 'class="bpmn"' in page
    assert "街道审查" in page
    assert "未开始" not in page
