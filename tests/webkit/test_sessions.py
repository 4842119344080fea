"""A session and its account in one statement: what was remembered of a session is a guess, and nothing holds by it."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yichuang.core.clock import fixed
from yichuang.core.ids import new_id
from yichuang.people.cast import PASSWORD
from yichuang.people.models import Account, GrantRow, Posting
from yichuang.webkit import sessions

pytestmark = pytest.mark.django_db
PAGE = "/office/cases/"


@pytest.fixture
def browser(demo):
    """A browser in which a reviewer signed in, and whose session this process has seen."""
    browser = Client()
    with fixed(demo.at):
        assert browser.post("/sign-in", {"username": "wangqiang", "password": PASSWORD}).status_code == 302
        assert browser.get(PAGE).status_code == 200
        yield browser


def asked(browser, path=PAGE):
    """The answer, and what was asked about sessions and accounts."""
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path)
    sent = [query["sql"] for query in captured.captured_queries]
    return answer, [sql for sql in sent if "django_session" in sql or "people_account" in sql]


def test_a_session_that_was_seen_is_read_with_its_account_in_one_statement(browser):
    answer, (sql,) = asked(browser)
    assert answer.status_code == 200
    assert "王强" in answer.content.decode()
    assert "django_session" in sql
    assert "people_account" in sql


def test_a_process_that_has_not_seen_the_session_asks_one_after_the_other(browser):
    sessions._guesses.clear()
    answer, both = asked(browser)
    assert answer.status_code == 200
    assert len(both) == 2


@pytest.mark.parametrize("other", ["lina", "nobody"])
def test_a_wrong_guess_is_not_believed(browser, other):
    key = browser.cookies["session"].value if "session" in browser.cookies else browser.session.session_key
    guess = new_id() if other == "nobody" else Account.objects.get(username=other).id
    sessions.remember(key, guess)
    answer, both = asked(browser)
    assert "王强" in answer.content.decode()
    assert len(both) == 2
    assert sessions._guesses[key] == Account.objects.get(username="wangqiang").id
    assert len(asked(browser)[1]) == 1


@pytest.mark.parametrize(
    "end",
    [
        lambda who: Account.objects.filter(id=who).update(disabled_at=timezone.now()),
        lambda who: Account.objects.filter(id=who).update(epoch=F("epoch") + 1),
        lambda who: Account.objects.filter(id=who).update(password="scrypt$other"),
        lambda who: Session.objects.all().delete(),
        lambda who: Session.objects.update(expire_date=timezone.now()),
    ],
)
def test_what_ends_a_session_ends_it_at_once(browser, end):
    end(Account.objects.get(username="wangqiang").id)
    answer = browser.get(PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_role_that_was_taken_is_gone_at_once_and_so_is_a_post(browser, demo):
    mine = Account.objects.get(username="wangqiang").staff
    assert demo.actor("wangqiang").posts
    Posting.objects.filter(staff=mine).update(ended_at=demo.at)
    assert not demo.actor("wangqiang").posts
    GrantRow.objects.filter(staff=mine).update(revoked_at=demo.at)
    assert browser.get(PAGE).status_code == 404


def test_what_was_read_is_used_once_and_not_after_somebody_signed_in(browser, demo):
    key = browser.session.session_key
    store = sessions.SessionStore(key)
    assert store.get("account")
    assert store.read is not None
    store.flush()
    assert store.read is None


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(sessions, "_guesses", {})
    monkeypatch.setattr(sessions, "_MOST", 3)
    for number in range(10):
        sessions.remember(str(number), new_id())
        assert len(sessions._guesses) <= 3
