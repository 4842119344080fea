"""Hands e-mails to a mail server (RFC 5321), encrypted, within seconds.

4xx answers are tried again, 5xx to address or text never. SMTP knows no question "did you take it?": where the last
answer is lost the same mail goes again under the same Message-ID (RFC 5322), by which mailboxes know a copy.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from uuid import UUID

from django.conf import settings

from yichuang.core.breaker import Breaker
from yichuang.core.clock import now
from yichuang.core.words import W
from yichuang.gateways.deadline import within
from yichuang.gateways.smtp.config import MailServer, mail_server
from yichuang.notices.ports import OutcomeUnknown, SendingFailed, SendingRefused
from yichuang.notices.values import Outgoing

CONNECT, WHOLE = 3.0, 8.0  # seconds; a mail server may greet slowly on purpose
REACHED = 2 * CONNECT  # name, addresses, TLS and greeting together
NAME = "smtp"
FROM = W("一窗政务服务", "Yichuang government services")
FOOTER = W(
    "这封邮件由系统自动发出，请勿回复。我们不会在邮件里索要密码或验证码。",
    "This mail was sent automatically; please do not reply. We never ask for passwords or codes by e-mail.",
)


class SmtpClient:
    """A `notices.ports.Sender` of e-mails."""

    name = NAME

    def __init__(self, server: MailServer, *, breaker: Breaker | None = None) -> None:
        self._server, self._breaker = server, breaker or Breaker()

    def ready(self) -> bool:
        return self._breaker.closed()

    def send(self, message: Outgoing) -> str:
        mail = compose(message, self._server.sender)
        self._breaker.begin()
        try:
            with self._session() as session:
                reference = _hand_over(session, self._server.sender, message.to, mail.as_bytes(policy=SMTP))
        except SendingRefused:
            self._breaker.succeeded()
            raise
        except SendingFailed:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return reference

    def ask(self, message: UUID) -> str | None:
        """SMTP cannot say: offering it again under the same Message-ID does no harm."""
        return None

    def probe(self) -> None:
        """Connect, encrypt, sign in. Raises SendingFailed."""
        with self._session() as session:
            session.noop()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A session after encryption and signing in, for `WHOLE` seconds at most."""
        try:
            session = within(REACHED, self._connect, undo=smtplib.SMTP.close)
        except (OSError, smtplib.SMTPException) as down:
            raise SendingFailed(_fault(down, "NOT_CONNECTED")) from down
        late = threading.Timer(WHOLE, _break, [session])
        late.daemon = True
        late.start()
        try:
            try:
                self._sign_in(session)
            except (OSError, smtplib.SMTPException) as wrong:
                raise SendingFailed(_fault(wrong, "NOT_SIGNED_IN")) from wrong
            yield session
        finally:
            late.cancel()
            with suppress(OSError, smtplib.SMTPException):
                session.quit()
            session.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, int(server.port), timeout=CONNECT, context=self._context())
        return smtplib.SMTP(server.host, int(server.port), timeout=CONNECT)

    def _sign_in(self, session: smtplib.SMTP) -> None:
        """TLS is not negotiable: a server that does not offer it gets nothing."""
        session.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            session.starttls(context=self._context())
            session.ehlo_or_helo_if_needed()
        if self._server.user:
            session.login(self._server.user, self._server.password)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca or None)


def compose(message: Outgoing, sender: str) -> EmailMessage:
    """The mail. Raises SendingRefused for an address that is none: nothing a person typed becomes a header by itself."""
    mail = EmailMessage(policy=SMTP)
    try:
        to = Address(addr_spec=message.to)
        domain = Address(addr_spec=sender).domain
    except Exception as wrong:  # the parser raises whatever it stumbles over
        raise SendingRefused("ADDRESS") from wrong
    user, _, house = sender.rpartition("@")
    mail["From"] = Address(FROM.in_(message.locale), user, house)
    mail["To"] = to
    mail["Subject"] = " ".join(message.title.split())
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    site = settings.YICHUANG_BASE_URL
    mail.set_content(f"{message.body}\n\n--\n{FOOTER.in_(message.locale)}\n{site}\n", cte="base64")
    mail["Content-Language"] = "en" if message.locale == "en" else "zh-CN"  # after the content: that clears its headers
    return mail


def _hand_over(session: smtplib.SMTP, sender: str, to: str, mail: bytes) -> str:
    try:
        _expect(session.mail(sender), "FROM")
        _expect(session.rcpt(to), "TO")
    except (OSError, smtplib.SMTPException) as gone:  # nothing was handed over yet
        raise SendingFailed(_fault(gone, "DISCONNECTED")) from gone
    try:
        code, said = session.data(mail)
    except smtplib.SMTPDataError as refused:
        code, said = refused.smtp_code, b""
    except (OSError, smtplib.SMTPException) as silent:
        raise OutcomeUnknown("NO_ANSWER") from silent
    _expect((code, said), "DATA")
    # servers put their queue number into the answer, and sometimes the address: only what looks like a number is kept
    words = [word for word in said.decode("ascii", "replace").split() if word.isalnum() and any(map(str.isdigit, word))]
    return words[-1][:100] if words else str(code)


def _expect(answer: tuple[int, bytes | str], stage: str) -> None:
    code = answer[0]
    if code >= 500:
        # 5xx to our own sender address is our fault, not the message's
        raise (SendingFailed if stage == "FROM" else SendingRefused)(f"SMTP_{code}_{stage}")
    if not 200 <= code < 300:
        raise SendingFailed(f"SMTP_{code}_{stage}")


def _fault(error: BaseException, otherwise: str) -> str:
    code = getattr(error, "smtp_code", 0)
    return f"SMTP_{code}_{otherwise}" if code else f"{otherwise}_{type(error).__name__}"


def _break(session: smtplib.SMTP) -> None:
    if session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)


@cache
def _client(server: MailServer) -> SmtpClient:
    return SmtpClient(server)


def senders() -> tuple[SmtpClient, ...]:
    """The client of the settings' server, the same object each time: its breaker remembers."""
    server = mail_server()
    return (_client(server),) if server else ()
