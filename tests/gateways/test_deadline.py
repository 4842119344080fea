"""Whatever a name server or an address does, a sender is over in time."""

import socket
import threading
import time

import pytest

from yichuang.core.ids import new_id
from yichuang.gateways.deadline import within
from yichuang.gateways.sms import client as over_http
from yichuang.gateways.sms.client import SmsClient
from yichuang.gateways.sms.config import Provider
from yichuang.gateways.smtp import client as over_smtp
from yichuang.gateways.smtp.client import SmtpClient
from yichuang.gateways.smtp.config import MailServer
from yichuang.notices.ports import SendingFailed
from yichuang.notices.values import Outgoing


def test_what_is_made_in_time_is_given_and_what_it_raises_too():
    assert within(5, lambda: 7, undo=print) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0, undo=print)


def test_what_comes_too_late_is_undone():
    go_on, undone = threading.Event(), threading.Event()

    def make() -> str:
        go_on.wait(5)
        return "late"

    with pytest.raises(TimeoutError):
        within(0.05, make, undo=lambda found: undone.set())
    go_on.set()
    assert undone.wait(5)


@pytest.fixture
def silent_names(monkeypatch):
    """A name server that does not answer until the test is over."""
    over = threading.Event()

    def wait(*asked: object, **more: object) -> list[object]:
        over.wait(10)
        raise socket.gaierror("over")

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield
    over.set()


@pytest.mark.parametrize("kind", ["sms", "email"])
def test_a_name_server_that_does_not_answer_holds_nobody_up(kind, silent_names, monkeypatch):
    monkeypatch.setattr(over_http, "CONNECT", 0.1)
    monkeypatch.setattr(over_smtp, "REACHED", 0.1)
    sender = (
        SmsClient(Provider("main", "http://sms.example.cn/v1", "key", "s" * 32))
        if kind == "sms"
        else SmtpClient(MailServer("mail.example.cn", sender="a@example.cn", security="none"))
    )
    to = "13800000001" if kind == "sms" else "b@example.cn"
    began = time.monotonic()
    with pytest.raises(SendingFailed):
        sender.send(Outgoing(id=new_id(), kind=kind, to=to, title="t", body="b", locale="zh-hans"))
    assert time.monotonic() - began < 5  # the resolver's own patience ends at ten
