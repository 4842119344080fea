"""Messages are written with the act, go out once, and are kept."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.commands import send
from yichuang.notices.delivery import RoundFailed
from yichuang.notices.jobs import deliver
from yichuang.notices.models import Delivery, Message
from yichuang.notices.ports import NoSender, OutboxSender, senders_for
from yichuang.notices.queries import list_inbox, list_outbox
from yichuang.notices.rules import MissingValues
from yichuang.notices.values import Address

pytestmark = pytest.mark.django_db
FILED = {"item": "养犬登记", "number": "440303-20261124-W-000001-7", "query_code": "K7QP2M"}
PHONE = Address("sms", "13800000001")


def told(at, **more):
    wanted = {"address": PHONE, "locale": "zh-hans", "template": "case_filed", "values": FILED, "at": at, **more}
    return send(**wanted)


def queued():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'message' FROM procrastinate_jobs WHERE task_name = 'notices.deliver'")
        return [row[0] for row in cursor.fetchall()]


def test_a_message_waits_in_the_outbox_until_it_is_delivered(at):
    message = told(at)
    [row] = list_outbox().items
    assert (row.id, row.state, row.to, row.attempts) == (message, "queued", "138****0001", 0)
    assert queued() == [str(message)]
    deliver(message)
    assert list_outbox().items[0].state == "sent"


def test_delivering_twice_sends_once(at):
    message = told(at)
    deliver(message)
    deliver(message)
    assert [row.outcome for row in Delivery.objects.filter(message=message).order_by("id")] == ["begun", "sent"]


def test_the_same_key_is_one_message(at):
    first = told(at, dedupe="case_filed:1")
    assert told(at + timedelta(minutes=1), dedupe="case_filed:1") == first
    assert Message.objects.count() == 1
    assert queued() == [str(first)]


def test_what_rolls_back_was_never_sent(at):
    with pytest.raises(RuntimeError), transaction.atomic():
        told(at)
        raise RuntimeError
    assert not Message.objects.exists()
    assert queued() == []


def test_a_message_with_a_missing_value_is_not_written(at):
    with pytest.raises(MissingValues, match="query_code"):
        told(at, values={"item": "养犬登记", "number": "1"})
    assert not Message.objects.exists()


def test_a_sender_that_is_down_fails_the_try_and_names_no_person(at, settings):
    settings.YICHUANG_DEMO = False
    message = told(at)
    with pytest.raises(RoundFailed):
        deliver(message)
    settings.YICHUANG_DEMO = True
    [row] = list_outbox().items
    assert (row.state, row.attempts) == ("failed", 2)
    assert set(Delivery.objects.values_list("reference", flat=True)) == {"", "NOT_CONFIGURED"}
    deliver(message)
    assert (list_outbox().items[0].state, list_outbox().items[0].attempts) == ("sent", 3)


def test_only_the_demo_pretends_to_send(settings):
    assert isinstance(senders_for("sms")[0], OutboxSender)
    settings.YICHUANG_DEMO = False
    assert isinstance(senders_for("sms")[0], NoSender)
    settings.YICHUANG_SENDERS = {"sms": "yichuang.notices.ports.OutboxSender"}
    assert isinstance(senders_for("sms")[0], OutboxSender)
    assert isinstance(senders_for("email")[0], NoSender)


def test_the_outbox_page_exists_in_the_demo_only(at, settings):
    told(at)
    settings.YICHUANG_DEMO = False
    with pytest.raises(NotFound):
        list_outbox()


def test_the_outbox_turns_its_pages_without_losing_or_repeating(at):
    sent = [told(at + timedelta(seconds=n // 2)) for n in range(5)]
    seen, cursor = [], None
    while True:
        page = list_outbox(limit=2, cursor=cursor)
        seen += [row.id for row in page.items]
        if not (cursor := page.next):
            break
    assert sorted(seen) == sorted(sent)
    assert len(seen) == 5
    with pytest.raises(Refused):
        list_outbox(cursor="nonsense")


def test_a_person_finds_in_the_inbox_what_they_were_told_but_no_code(at):
    zhang, stranger = new_id(), new_id()
    told(at, address=Address("sms", "13800000001", zhang))
    told(at, address=Address("inbox", party=zhang), locale="en")
    told(at, address=Address("inbox", party=stranger))
    code = {"code": "123456", "minutes": 5}
    told(at, address=Address("sms", "13800000001", zhang), template="sign_in_code", values=code)
    rows = list_inbox(zhang)
    assert [row.kind for row in rows] == ["inbox", "sms"]
    assert rows[0].state == "sent"
    assert "received your application" in rows[0].body


def test_number_and_text_lie_sealed_in_the_database(at):
    told(at)
    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", title, body FROM notices_message')
        stored = " ".join(cursor.fetchone())
    assert "13800000001" not in stored
    assert "养犬" not in stored


@pytest.mark.parametrize("change", ["UPDATE notices_message SET locale = 'en'", "DELETE FROM notices_message"])
def test_a_message_is_never_changed_or_deleted(at, change):
    told(at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
