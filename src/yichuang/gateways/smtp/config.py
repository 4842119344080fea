"""The mail server that the settings name, and what is wrong with them."""

from dataclasses import dataclass, fields
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from django.conf import settings

from yichuang.gateways.config import is_loopback

SECURITY = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Whom we hand mail to. `sender` stands in From; `ca` is a file with the authority of an internal server."""

    host: str
    port: str = "587"
    security: str = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""
    ca: str = ""


def mail_server() -> MailServer | None:
    """`YICHUANG_SMTP = {"host", "port", …}`; None when no host is named."""
    given: dict[str, Any] = getattr(settings, "YICHUANG_SMTP", {})
    known = {field.name for field in fields(MailServer)}
    return MailServer(**{n: str(v) for n, v in given.items() if n in known}) if given.get("host") else None


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is sent."""
    server = mail_server()
    if server is None:
        return []
    here = is_loopback(server.host)
    rules = (
        (server.port.isdigit() and 0 < int(server.port) < 65536, "YICHUANG_SMTP_PORT: is not a port"),
        (server.security in SECURITY, f"YICHUANG_SMTP_SECURITY: must be one of {', '.join(SECURITY)}"),
        (server.security != "none" or here, "YICHUANG_SMTP_SECURITY: none only to this machine"),
        (here or not settings.YICHUANG_DEMO, "YICHUANG_SMTP_HOST: the demo sends to simulators on this machine only"),
        (bool(server.user) == bool(server.password), "YICHUANG_SMTP_USER and _PASSWORD belong together"),
        (_is_address(server.sender), "YICHUANG_SMTP_FROM: is not an e-mail address"),
        (not server.ca or Path(server.ca).is_file(), "YICHUANG_SMTP_CA: there is no such file"),
    )
    return [fault for right, fault in rules if not right]


def _is_address(text: str) -> bool:
    try:
        found = Address(addr_spec=text)
    except Exception:  # the parser raises whatever it stumbles over
        return False
    return bool(found.username and "." in found.domain)
