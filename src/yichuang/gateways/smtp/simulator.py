"""A simulated mail server with faults: inside tests without a socket, or a small SMTP server on this machine."""

import base64
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from yichuang.core.clock import now
from yichuang.gateways.smtp.client import compose
from yichuang.notices.ports import OutcomeUnknown, SendingFailed, SendingRefused
from yichuang.notices.values import Outgoing

FAULTS = ("busy", "refuse", "lost", "slow", "down", "text")
SLOW = 1.0  # seconds


@dataclass
class MailHouse:
    """What a mail server knows. `script` names the fault of each next mail. A Message-ID is kept once, as mailboxes do."""

    user: str = ""
    password: str = ""
    script: list[str] = field(default_factory=list)
    mails: dict[str, EmailMessage] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)  # of each session that handed a mail over

    def fault(self) -> str:
        return self.script.pop(0) if self.script else ""

    def keep(self, mail: bytes, encrypted: bool = True) -> str:
        """The queue number."""
        found = message_from_bytes(mail, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.setdefault(found["Message-ID"], found)
        self.encrypted.append(encrypted)
        return f"Q{len(self.mails)}"


class SimulatedMail:
    """A `notices.ports.Sender` straight into a mail house."""

    name = "simulated"

    def __init__(self, house: MailHouse) -> None:
        self._house = house

    def ready(self) -> bool:
        return True

    def send(self, message: Outgoing) -> str:
        fault, mail = self._house.fault(), compose(message, "no-reply@yichuang.example")
        if fault in {"busy", "down"}:
            raise SendingFailed("SMTP_451_TO")
        if fault in {"refuse", "text"}:
            raise SendingRefused("SMTP_550_TO")
        reference = self._house.keep(mail.as_bytes())
        if fault:
            raise OutcomeUnknown("NO_ANSWER")
        return reference

    def ask(self, message: UUID) -> str | None:
        return None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, house: MailHouse, context: ssl.SSLContext | None) -> None:
        self.house, self.context = house, context
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(socketserver.BaseRequestHandler):
    """One connection: HELO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, NOOP, RSET, QUIT."""

    server: _Server

    def handle(self) -> None:
        self.sock, self.encrypted, self.fault = self.request, False, ""
        self.lines = self.sock.makefile("rb")
        try:
            with suppress(OSError):
                self._serve()
        finally:
            self.lines.close()
            self.sock.close()

    def _serve(self) -> None:
        if "down" in self.server.house.script[:1]:
            self.server.house.fault()
            return self._say("421 closing")
        self._say("220 simulated")
        verbs = {
            "EHLO": self._greet,
            "HELO": self._greet,
            "AUTH": self._know,
            "MAIL": self._begin,
            "RCPT": self._receiver,
        }
        while line := self.lines.readline(1000):
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if verb.upper() in {"QUIT", "DATA"}:
                if verb.upper() == "QUIT" or not self._take():
                    return None
            elif verb.upper() == "STARTTLS" and self.server.context:
                self._encrypt(self.server.context)
            elif act := verbs.get(verb.upper()):
                act(rest)
            else:
                self._say("250 ok" if verb.upper() in {"NOOP", "RSET"} else "502 unknown")

    def _greet(self, rest: str) -> None:
        offers = ["simulated"]
        if self.server.context and not self.encrypted:
            offers.append("STARTTLS")
        elif self.server.house.user:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _know(self, rest: str) -> None:
        house = self.server.house
        known = base64.b64decode(rest.split()[-1]) == f"\0{house.user}\0{house.password}".encode()
        self._say("235 come in" if known else "535 who are you")

    def _begin(self, rest: str) -> None:
        self.fault = self.server.house.fault()
        self._say("250 ok")

    def _receiver(self, rest: str) -> None:
        self._say({"busy": "451 later", "refuse": "550 nobody of this name"}.get(self.fault, "250 ok"))

    def _take(self) -> bool:
        self._say("354 go on")
        mail = bytearray()
        while (line := self.lines.readline()) not in {b".\r\n", b""}:
            mail += line[1:] if line.startswith(b".") else line
        if self.fault == "text":
            self._say("554 text not allowed")
            return True
        queue = self.server.house.keep(bytes(mail), self.encrypted)
        if self.fault == "lost":
            return False
        if self.fault == "slow":
            time.sleep(SLOW)
        self._say(f"250 queued as {queue}")
        return True

    def _encrypt(self, context: ssl.SSLContext) -> None:
        self._say("220 go ahead")
        self.lines.close()
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.lines, self.encrypted = self.sock.makefile("rb"), True

    def _say(self, line: str) -> None:
        self.sock.sendall(line.encode() + b"\r\n")


@contextmanager
def serving(house: MailHouse, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The mail house behind SMTP on this machine for the time of a block; its port."""
    server = _Server(house, context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for `localhost`, and the file of the authority that a client must trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1)).not_valid_after(now() + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret, public = folder / "key.pem", folder / "certificate.pem"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, secret)
    return context, public
