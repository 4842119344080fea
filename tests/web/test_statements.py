"""How many statements the hot pages and a filing send: an upper limit for each, and none grows with history or size.

The limits are what is sent today; whoever sends fewer lowers them. `./run bench` says what they cost.
"""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.review import claim_review, return_review
from yichuang.core.clock import fixed
from yichuang.engine.queries import tasks_of
from yichuang.people.cast import PASSWORD
from yichuang.people.commands import issue_token
from yichuang.people.queries import find_demo_account

MOST = {"portal case": 5, "office case": 7, "worklist": 2, "file": 30}


def counted(captured):
    """Without what frames a transaction: BEGIN, SAVEPOINT and the like."""
    sent = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in sent if sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))]


@pytest.fixture
def browser(demo):
    """A browser in which somebody signed in; `statements(path)` says what its second visit sends."""

    def open_browser(username):
        browser = Client()
        with fixed(demo.at):
            assert browser.post("/sign-in", {"username": username, "password": PASSWORD}).status_code == 302

        def statements(path):
            with fixed(demo.at):
                assert browser.get(path).status_code == 200
                with CaptureQueriesContext(connection) as captured:
                    answer = browser.get(path)
            assert answer.status_code == 200
            return counted(captured)

        return statements

    return open_browser


@pytest.fixture
def case(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt


def grow(demo, case, turns):
    """More history: the task is claimed and given back."""
    actor, task = demo.actor("wangqiang"), tasks_of(("case", case.case_id))[0].id
    for version in range(2, 2 + 2 * turns, 2):
        claim_review(actor=actor, task=task, version=version, at=demo.at)
        return_review(actor=actor, task=task, version=version + 1, note="转交", at=demo.at)


@pytest.mark.parametrize(
    ("name", "who", "path"),
    [("portal case", "zhangxiao", "/my/cases/{}"), ("office case", "wangqiang", "/office/cases/{}/")],
)
def test_a_case_page_costs_the_same_however_long_its_history(browser, demo, case, name, who, path):
    statements = browser(who)
    young = statements(path.format(case.number))
    grow(demo, case, 9)
    old = statements(path.format(case.number))
    assert len(old) == len(young)
    assert len(old) <= MOST[name], "\n".join(old)


def test_a_work_list_costs_the_same_however_many_cases_it_has(browser, demo, case):
    statements = browser("wangqiang")
    short = statements("/office/cases/")
    for _ in range(24):
        demo.file(demo.actor("zhangxiao"), materials=())
    full = statements("/office/cases/")
    assert len(full) <= len(short)  # a full page needs no second look for cases without a due day
    assert len(full) <= MOST["worklist"], "\n".join(full)


def test_a_filing_by_api_costs_the_same_however_many_came_before(demo):
    actor, at = demo.actor("zhangxiao"), demo.at
    example = demo.example("fangwu-zulin-beian")
    with fixed(at):
        bearer = issue_token(account=find_demo_account("zhangxiao"), at=at)

    def file():
        papers = {code: [str(demo.upload(actor))] for code in example.materials[:3]}
        body = {"item": "fangwu-zulin-beian", "answers": example.answers, "form": example.form, "materials": papers}
        headers = {"authorization": f"Bearer {bearer}", "idempotency-key": uuid4().hex}
        sent = json.dumps(body, default=str)
        with fixed(at), CaptureQueriesContext(connection) as captured:
            answer = Client().post("/api/v1/cases", sent, content_type="application/json", headers=headers)
        assert answer.status_code == 201, answer.content.decode()
        return counted(captured)

    file()
    second, third = file(), file()
    assert len(second) == len(third)
    assert len(third) <= MOST["file"], "\n".join(third)
