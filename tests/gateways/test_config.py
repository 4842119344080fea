"""Settings of outside systems: what is wrong is said at the start, in words, without the secret."""

import io

import pytest
from django.core.management import CommandError, call_command

from yichuang.gateways.checking import faults
from yichuang.gateways.sms.simulator import Platform, serving
from yichuang.settings import gateways

SECRET = "simulated-secret-of-32-characters"


def provider(**more):
    return {"url": "https://sms.example.com/v1", "key": "k", "secret": SECRET, **more}


def test_nothing_configured_is_in_order(settings):
    settings.YICHUANG_SMS_PROVIDERS = {}
    assert faults() == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (provider(url="http://sms.example.com/v1"), "must be https"),
        (provider(url="https://user:word@sms.example.com/v1"), "no user"),
        (provider(url="sms.example.com"), "must be https://"),
        (provider(url="https://sms.example.com:port/"), "not a number"),
        (provider(secret="short"), "at least 32"),
        (provider(key=""), "KEY: is empty"),
    ],
)
def test_each_fault_of_a_provider_is_named_without_its_secret(settings, told, words):
    settings.YICHUANG_DEMO = False
    settings.YICHUANG_SMS_PROVIDERS = {"main": told}
    [fault] = faults()
    assert words in fault
    assert SECRET not in fault


def test_two_providers_with_one_secret_could_speak_for_each_other(settings):
    settings.YICHUANG_DEMO = False
    settings.YICHUANG_SMS_PROVIDERS = {"main": provider(), "spare": provider()}
    assert "share a secret" in faults()[0]


def test_the_demo_reaches_nobody_real(settings):
    settings.YICHUANG_SMS_PROVIDERS = {"main": provider()}
    assert "simulators on this machine only" in faults()[0]
    settings.YICHUANG_SMS_PROVIDERS = {"main": provider(url="http://127.0.0.1:9101/v1")}
    assert faults() == []


def test_providers_come_from_the_environment_in_their_order(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    monkeypatch.setenv("YICHUANG_SMS_PROVIDERS", "spare, main")
    for name in ("MAIN", "SPARE"):
        monkeypatch.setenv(f"YICHUANG_SMS_{name}_URL", "https://sms.example.com/v1")
        monkeypatch.setenv(f"YICHUANG_SMS_{name}_KEY", name.lower())
        monkeypatch.setenv(f"YICHUANG_SMS_{name}_SECRET_FILE", str(file))
    found = gateways.sms_providers()
    assert list(found) == ["spare", "main"]
    assert found["main"] == provider(key="main")
    assert gateways.senders(found, {}) == {"sms": gateways.SMS_SENDERS}
    monkeypatch.delenv("YICHUANG_SMS_MAIN_KEY")
    with pytest.raises(RuntimeError, match="YICHUANG_SMS_MAIN_KEY"):
        gateways.sms_providers()


def test_the_check_asks_each_system_and_sends_nothing(settings):
    platform = Platform(secret=SECRET)
    with serving(platform) as address:
        settings.YICHUANG_SMS_PROVIDERS = {"main": provider(url=address, key="demo")}
        said = io.StringIO()
        call_command("check_gateways", stdout=said)
        assert "sms main: answers" in said.getvalue()
        settings.YICHUANG_SMS_PROVIDERS = {"main": provider(url=address, key="wrong")}
        with pytest.raises(CommandError):
            call_command("check_gateways", stdout=io.StringIO())
    assert not platform.accepted


def server(**more):
    return {"host": "mail.example.com", "sender": "no-reply@example.com", **more}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (server(port="x"), "not a port"),
        (server(security="ssl"), "must be one of"),
        (server(security="none"), "none only to this machine"),
        (server(user="u"), "belong together"),
        (server(sender="nobody"), "not an e-mail address"),
        (server(sender="a@b.com\r\nBcc: x@y.z"), "not an e-mail address"),
        (server(ca="/no/such/file"), "no such file"),
    ],
)
def test_each_fault_of_the_mail_server_is_named(settings, told, words):
    settings.YICHUANG_DEMO, settings.YICHUANG_SMTP = False, told
    [fault] = faults()
    assert words in fault


def test_the_mail_server_comes_from_the_environment(monkeypatch, settings):
    assert gateways.smtp() == {}
    monkeypatch.setenv("YICHUANG_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("YICHUANG_SMTP_FROM", "no-reply@example.com")
    settings.YICHUANG_DEMO, settings.YICHUANG_SMTP = False, gateways.smtp()
    assert faults() == []
    assert gateways.senders({}, gateways.smtp()) == {"email": gateways.MAIL_SENDERS}
    settings.YICHUANG_DEMO = True
    assert "simulators on this machine only" in faults()[0]
