import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from yichuang.core import sql
from yichuang.core.actors import Actor, Channel, anonymous
from yichuang.core.idempotency import body_hash, run_once, scope_of, told_of_doubles
from yichuang.core.models import Counter, IdempotencyKey
from yichuang.core.numbers import next_number
from yichuang.core.refusals import Conflict, Refused

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
BODY = body_hash({"item": "yangquan-dengji"})


def press(do, *, key="k", scope="file/person/1", body=BODY, at=AT):
    return run_once(key=key, scope=scope, body_hash=body, at=at, do=do)


def number() -> dict[str, int]:
    return {"number": next_number(kind="case", place="p", day=AT.date())}


@pytest.mark.django_db
def test_the_second_press_gets_the_first_answer_and_writes():
    assert press(number) == ({"number": 1}, False)
    later = AT + timedelta(days=400)
    assert press(number, at=later) == ({"number": 1}, True)
    kept = IdempotencyKey.objects.get()
    assert (kept.last_replayed_at, kept.replays) == (later, 1)
    assert Counter.objects.get().value == 1


@pytest.mark.django_db
def test_it_costs_two_statements(django_assert_num_queries):
    with django_assert_num_queries(2):
        press(lambda: {"x": 1})
    with django_assert_num_queries(2):
        press(lambda: {"x": 1})


@pytest.mark.django_db
def test_the_answer_is_not_stored_in_the_clear():
    press(lambda: {"query_code": "CANARY-42"})
    assert "CANARY" not in IdempotencyKey.objects.get().answer


@pytest.mark.django_db
def test_another_body_is_refused():
    press(number)
    with pytest.raises(Refused) as refused:
        press(number, body=body_hash({"item": "other"}))
    assert (refused.value.status, refused.value.reasons[0].code) == (422, "IDEMPOTENCY_MISMATCH")
    assert IdempotencyKey.objects.get().replays == 0


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201, "a\x00b"])
def test_a_key_that_cannot_be_kept_is_refused(key):
    with pytest.raises(Refused):
        press(number, key=key)


@pytest.mark.django_db
def test_another_persons_key_is_another_key():
    zhang, li = (Actor(kind="person", id=uuid4()) for _ in range(2))
    assert press(number, scope=scope_of(zhang, "file"))[0] == {"number": 1}
    assert press(number, scope=scope_of(li, "file")) == ({"number": 2}, False)
    assert press(number, scope=scope_of(zhang, "book")) == ({"number": 3}, False)
    one, other = (scope_of(anonymous(channel=Channel.PORTAL, device=d), "rate") for d in "ab")
    assert one != other


@pytest.mark.django_db(transaction=True)
def test_a_failed_act_stores_nothing_and_may_be_tried_again():
    def fail() -> dict[str, int]:
        number()
        raise Refused()

    with pytest.raises(Refused):
        press(fail)
    assert not IdempotencyKey.objects.exists()
    assert press(number) == ({"number": 1}, False)


@pytest.mark.django_db(transaction=True)
def test_an_outer_transaction_takes_the_answer_with_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        press(number)
        raise RuntimeError
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_while_the_first_press_is_under_way_the_second_is_told_so():
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> dict[str, int]:
        inside.set()
        assert go_on.wait(10)
        return number()

    def first() -> None:
        try:
            press(slow)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(Conflict) as conflict:
        press(number)
    assert (conflict.value.status, conflict.value.reasons[0].code) == (409, "IN_FLIGHT")
    go_on.set()
    thread.join()
    assert press(number) == ({"number": 1}, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [False, True])
def test_a_commit_between_look_and_lock_still_does_not_double(late):
    """The row appears after our look: the second insert is refused, and the whole second act rolls back."""

    def meanwhile() -> dict[str, int]:
        def other() -> None:
            try:
                IdempotencyKey.objects.create(scope="file/person/1", key="k", body_hash=BODY, answer="", created_at=AT)
            finally:
                connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        return number()

    with pytest.raises(Conflict) as conflict, told_of_doubles(), transaction.atomic(), sql.together():
        run_once(key="k", scope="file/person/1", body_hash=BODY, at=AT, do=meanwhile, late=late)
    assert conflict.value.reasons[0].code == "IN_FLIGHT"
    assert not Counter.objects.exists()


def test_the_hash_of_a_body_ignores_order_only():
    assert body_hash({"a": 1, "b": [1, 2]}) == body_hash({"b": [1, 2], "a": 1})
    assert body_hash({"a": 1}) != body_hash({"a": "1"})
