"""Webhooks over HTTP: proved, over in time, told once, and never to an address inside the house."""

import ipaddress
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from yichuang.gateways.webhooks import config
from yichuang.gateways.webhooks.addresses import fault_of, may_reach
from yichuang.gateways.webhooks.client import WebhookClient
from yichuang.gateways.webhooks.simulator import Receiver, serving
from yichuang.tenants.ports import PostFailed

SECRET = "ycs_" + "s" * 43
INTRANET = (ipaddress.ip_network("10.20.0.0/16"),)
BODY = json.dumps({"id": "d1", "kind": "run_ended", "data": {}}).encode()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(key="h1", secret=SECRET, slow=4.0)


@pytest.fixture
def address(receiver: Receiver) -> Iterator[str]:
    with serving(receiver) as address:
        yield f"{address}/told?x=1"


def post(url: str, *, secret: str = SECRET, delivery: str = "d1") -> None:
    WebhookClient().post(url=url, key="h1", secret=secret, delivery=delivery, kind="run_ended", body=BODY)


def test_it_is_taken_once_however_often_it_is_sent(address: str, receiver: Receiver) -> None:
    for _ in range(3):
        post(address)
    assert receiver.taken == {"d1": ("run_ended", json.loads(BODY))}
    assert receiver.seen == 3


def test_another_secret_proves_nobody(address: str, receiver: Receiver) -> None:
    with pytest.raises(PostFailed) as failed:
        post(address, secret=SECRET[:-1] + "x")
    assert (failed.value.fault, receiver.taken) == ("HTTP_401", {})


@pytest.mark.parametrize(
    ("fault", "code", "final"),
    [
        ("error", "HTTP_500", False),
        ("busy", "HTTP_503", False),
        ("gone", "HTTP_410", True),
        ("down", "NO_ANSWER", False),
        ("slow", "NO_ANSWER", False),
        ("trickle", "NO_ANSWER", False),
    ],
)
def test_each_fault_is_told_apart_and_over_in_time(
    address: str, receiver: Receiver, fault: str, code: str, final: bool
) -> None:
    receiver.script = [fault]
    with pytest.raises(PostFailed) as failed:
        post(address)
    assert (failed.value.fault, failed.value.final) == (code, final)
    post(address)


def test_a_redirect_is_not_followed(address: str, receiver: Receiver) -> None:
    elsewhere = Receiver(key="h1", secret=SECRET)
    with serving(elsewhere) as other:
        receiver.elsewhere, receiver.script = other, ["redirect"]
        with pytest.raises(PostFailed, match="HTTP_302"):
            post(address)
    assert elsewhere.seen == 0


# ── where nobody may be told ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://app.example.org/told", ""),
        ("https://app.example.org:8443/told?a=b", ""),
        ("https://93.184.216.34/told", ""),
        ("https://[2606:4700::1111]/", ""),
        ("http://app.example.org/told", "SCHEME"),
        ("ftp://app.example.org/", "SCHEME"),
        ("file:///etc/passwd", "URL"),
        ("gopher://app.example.org:70/", "SCHEME"),
        ("https://user:word@app.example.org/", "USER"),
        ("https://@app.example.org/", "USER"),
        ("https://app.example.org/#x", "USER"),
        ("https://app.example.org:25/", "PORT"),
        ("https://app.example.org:80/", "PORT"),
        ("https://app.example.org:x/", "URL"),
        ("https://app.example.org/a b", "URL"),
        ("https://app.example.org/\r\nHost: x", "URL"),
        ("https://场地.example/", "URL"),
        ("https:///told", "URL"),
        ("", "URL"),
        ("https://a.example/" + "x" * 500, "URL"),
        ("https://localhost/", "ADDRESS"),
        ("https://database/", "ADDRESS"),
        ("https://db.internal/", "ADDRESS"),
        ("https://printer.local/", "ADDRESS"),
        ("https://127.0.0.1/", "ADDRESS"),
        ("https://10.20.1.1.nip.example/", ""),  # a name: looked at when it is called
        ("https://10.0.0.5/", "ADDRESS"),
        ("https://169.254.169.254/latest/meta-data", "ADDRESS"),
        ("https://[::1]/", "ADDRESS"),
        ("https://[::ffff:10.0.0.5]/", "ADDRESS"),
        ("https://[fe80::1%25eth0]/", "ADDRESS"),
        ("https://[fd00::1]/", "ADDRESS"),
        ("http://10.20.3.4:8400/told", ""),
        ("https://10.20.3.4/told", ""),
        ("http://10.21.3.4/told", "SCHEME"),
    ],
)
def test_addresses_that_may_be_tried_and_those_that_may_not(url: str, fault: str) -> None:
    assert fault_of(url, INTRANET) == fault


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "192.0.0.1",
        "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:192.168.1.1", "64:ff9b::7f00:1", "64:ff9b::5db8:d822", "64:ff9b::a00:5", "2002:7f00:1::",
        "2002:a00:5::1", "2002:5db8:d822::1", "2001:0:1:2::1", "2001:db8::1", "0177.0.0.1", "127.1", "2130706433", "no address", "",
    ],
)  # fmt: skip
def test_no_address_of_a_private_network_is_reached_however_it_is_written(address: str) -> None:
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "2400:3200::1"])
def test_addresses_of_the_public_internet_are(address: str) -> None:
    assert may_reach(address, ())


def test_a_network_that_the_operator_named_is_reached_and_no_other_beside_it() -> None:
    assert may_reach("10.20.255.1", INTRANET)
    assert may_reach("::ffff:10.20.0.1", INTRANET)
    assert not may_reach("10.21.0.1", INTRANET)
    assert not may_reach("::1", INTRANET)


def test_a_name_that_stands_for_a_private_address_is_not_called(
    receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YICHUANG_DEMO, settings.YICHUANG_WEBHOOK_NETWORKS = False, []
    connected: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given: connected.append(given))
    for answers in (["127.0.0.1"], ["93.184.216.34", "10.0.0.5"], ["::1"]):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in answers]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *given, found=found, **more: found)
        with pytest.raises(PostFailed) as failed:
            post("https://app.example.org/told")
        assert (failed.value.fault, failed.value.final) == ("ADDRESS", True)
    assert connected == []


def test_who_is_called_is_the_address_that_was_looked_at(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise the second time leads nowhere else."""
    settings.YICHUANG_DEMO, settings.YICHUANG_WEBHOOK_NETWORKS = False, []
    answers, called = [["93.184.216.34"], ["127.0.0.1"]], list[Any]()

    def look_up(*given: Any, **more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in answers.pop(0)]

    def connect(address: Any, *more: Any) -> Any:
        called.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(PostFailed, match="NOT_CONNECTED"):
        post("https://app.example.org/told")
    assert called == [("93.184.216.34", 443)]
    assert len(answers) == 1, "the name was looked up once"


def test_the_demo_tells_this_machine_alone(settings: Any) -> None:
    assert WebhookClient().fault_of("http://127.0.0.1:8400/told") == ""
    assert WebhookClient().fault_of("https://93.184.216.34/told") == "DEMO"
    settings.YICHUANG_DEMO, settings.YICHUANG_WEBHOOK_NETWORKS = False, []
    assert WebhookClient().fault_of("https://93.184.216.34/told") == ""
    assert WebhookClient().fault_of("http://127.0.0.1:8400/told") == "SCHEME"


def test_a_wrong_network_stops_the_start(settings: Any) -> None:
    settings.YICHUANG_WEBHOOK_NETWORKS = ["10.20.0.0/16", "here"]
    assert len(config.check_config()) == 2
    settings.YICHUANG_DEMO = False
    assert len(config.check_config()) == 1
    settings.YICHUANG_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    assert config.check_config() == []
