"""The contract of an e-mail sender, asked of the SMTP client and of the simulator with the same questions."""

from collections.abc import Iterator

import pytest

from yichuang.core.ids import new_id
from yichuang.gateways.smtp import client as over_smtp
from yichuang.gateways.smtp.client import SmtpClient
from yichuang.gateways.smtp.config import MailServer
from yichuang.gateways.smtp.simulator import MailHouse, SimulatedMail, certificate, serving
from yichuang.notices.ports import OutcomeUnknown, Sender, SendingFailed, SendingRefused
from yichuang.notices.values import Outgoing

FROM = "no-reply@yichuang.example"


def a_mail(**more) -> Outgoing:
    wanted = {"to": "zhang@example.com", "title": "申请已受理", "body": "办件已受理。", "locale": "zh-hans"}
    return Outgoing(id=new_id(), kind="email", **{**wanted, **more})


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def house() -> MailHouse:
    return MailHouse(user="yichuang", password="secret")


def at_port(port: int, **more: str) -> MailServer:
    return MailServer(**{"host": "localhost", "port": str(port), "sender": FROM, "security": "none", **more})


@pytest.fixture(params=["smtp", "simulator"])
def sender(request, house, tls, monkeypatch) -> Iterator[Sender]:
    if request.param == "simulator":
        yield SimulatedMail(house)
        return
    monkeypatch.setattr(over_smtp, "WHOLE", 0.6)
    context, public = tls
    with serving(house, context) as port:
        yield SmtpClient(at_port(port, security="starttls", user="yichuang", password="secret", ca=str(public)))


def test_a_mail_arrives_in_the_readers_language_and_under_the_id_of_the_message(sender, house):
    message = a_mail(locale="en", title="Application accepted", body="Your case is accepted. 𠮷")
    assert sender.send(message)
    [(id, mail)] = house.mails.items()
    assert id == f"<{message.id}@yichuang.example>"
    assert (mail["To"], mail["Subject"], mail["Content-Language"]) == (message.to, message.title, "en")
    assert "Your case is accepted. 𠮷" in mail.get_content()
    assert "do not reply" in mail.get_content()
    assert house.encrypted == [True]


def test_the_same_mail_again_is_one_mail(sender, house):
    message = a_mail()
    sender.send(message)
    sender.send(message)
    assert len(house.mails) == 1


@pytest.mark.parametrize("fault", ["busy", "down"])
def test_not_now_is_tried_again(sender, house, fault):
    house.script = [fault]
    message = a_mail()
    with pytest.raises(SendingFailed) as failed:
        sender.send(message)
    assert not isinstance(failed.value, SendingRefused | OutcomeUnknown)
    assert sender.send(message)


@pytest.mark.parametrize("fault", ["refuse", "text"])
def test_never_is_never(sender, house, fault):
    house.script = [fault]
    with pytest.raises(SendingRefused):
        sender.send(a_mail())
    assert not house.mails


@pytest.mark.parametrize("fault", ["lost", "slow"])
def test_a_lost_answer_leaves_it_open_and_the_copy_carries_the_same_id(sender, house, fault):
    house.script = [fault]
    message = a_mail()
    with pytest.raises(OutcomeUnknown):
        sender.send(message)
    assert sender.ask(message.id) is None
    sender.send(message)
    assert len(house.mails) == 1


@pytest.mark.parametrize("to", ["nobody", "a@b.com\r\nBcc: c@d.com", "a@b.com, c@d.com", ""])
def test_what_a_person_typed_becomes_no_header(sender, house, to):
    with pytest.raises(SendingRefused):
        sender.send(a_mail(to=to))
    assert not house.mails


def test_a_title_with_a_line_break_stays_a_title(sender, house):
    sender.send(a_mail(title="申请\r\nBcc: c@d.com"))
    [mail] = house.mails.values()
    assert mail["Bcc"] is None
    assert mail["Subject"] == "申请 Bcc: c@d.com"


# ── what only SMTP knows ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_without_tls_gets_nothing(house):
    with serving(house) as port, pytest.raises(SendingFailed, match="NOT_SIGNED_IN"):
        SmtpClient(at_port(port, security="starttls")).send(a_mail())
    assert not house.mails


def test_a_server_that_nobody_vouches_for_gets_nothing(house, tls):
    context, _ = tls
    with serving(house, context) as port, pytest.raises(SendingFailed, match="NOT_SIGNED_IN"):
        SmtpClient(at_port(port, security="starttls")).send(a_mail())
    assert not house.mails


def test_a_wrong_password_is_our_fault_not_the_messages(house, tls):
    context, public = tls
    with serving(house, context) as port, pytest.raises(SendingFailed, match="SMTP_535") as failed:
        SmtpClient(at_port(port, security="starttls", user="yichuang", password="no", ca=str(public))).probe()
    assert not isinstance(failed.value, SendingRefused)


def test_nobody_there_is_tried_again():
    with pytest.raises(SendingFailed, match="NOT_CONNECTED"):
        SmtpClient(at_port(9)).send(a_mail())
