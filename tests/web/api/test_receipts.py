"""The door of SMS providers: a signature opens it, nothing else, and it says nothing about whose messages there are."""

from typing import Any

import pytest
from django.test import Client

from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.gateways.sms.simulator import Platform
from yichuang.notices.commands import send
from yichuang.notices.models import Delivery, ReceiptRow
from yichuang.notices.values import Address

pytestmark = pytest.mark.django_db
PATH = "/api/v1/receipts/main"
SECRET = "simulated-secret-of-32-characters"


@pytest.fixture
def platform(settings: Any) -> Platform:
    settings.YICHUANG_SMS_PROVIDERS = {"main": {"url": "http://127.0.0.1:1", "key": "demo", "secret": SECRET}}
    settings.YICHUANG_RECEIPTS = "yichuang.gateways.sms.receipts.SmsReceipts"
    return Platform(secret=SECRET)


def post(body: bytes, headers: dict[str, str], path: str = PATH) -> Any:
    return Client(headers=headers, enforce_csrf_checks=True).post(path, body, content_type="application/json")


def test_a_signed_receipt_is_kept_and_the_second_one_changes_nothing(platform: Platform) -> None:
    told = send(address=Address("sms", "13800000001"), locale="en", template="sign_in_unknown", values={}, at=now())
    Delivery.objects.create(message_id=told, sent=True, sender="main", outcome="sent", reference="1", at=now())
    body, headers = platform.receipt(told, new_id(), path=PATH)
    assert [post(body, headers).status_code for _ in range(2)] == [204, 204]
    assert [(row.message_id, row.state) for row in ReceiptRow.objects.all()] == [(told, "delivered")]


@pytest.mark.parametrize("wrong", ["unsigned", "body", "sender", "not configured"])
def test_what_is_not_signed_by_the_provider_is_refused_in_one_way(
    platform: Platform, settings: Any, wrong: str
) -> None:
    body, headers = platform.receipt(new_id(), path=PATH)
    if wrong == "not configured":
        settings.YICHUANG_RECEIPTS = ""
    answer = post(
        body + b" " if wrong == "body" else body,
        {} if wrong == "unsigned" else headers,
        "/api/v1/receipts/spare" if wrong == "sender" else PATH,
    )
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (403, "RECEIPT_NOT_PROVED")


def test_a_post_that_is_too_large_is_not_read(platform: Platform) -> None:
    assert post(b"x" * 300_000, {}).status_code == 413


def test_nobody_reads_there(platform: Platform) -> None:
    assert Client().get(PATH).status_code == 405
