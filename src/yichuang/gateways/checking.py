"""All gateways' `check_config()` in one answer, and a question to each system that is configured."""

from collections.abc import Callable, Iterator
from functools import partial

from yichuang.core.ids import new_id
from yichuang.gateways.sms import config as sms
from yichuang.gateways.sms.client import SmsClient
from yichuang.gateways.smtp import config as smtp
from yichuang.gateways.smtp.client import SmtpClient
from yichuang.notices.ports import SendingFailed


def faults() -> list[str]:
    """Of every gateway's configuration; nothing leaves the machine."""
    return [*sms.check_config(), *smtp.check_config()]


def probe() -> Iterator[tuple[str, str]]:
    """(system, fault or empty) of each configured system, by a question that sends nothing to anybody."""
    for provider in sms.providers():
        yield f"sms {provider.name}", _fault_of(partial(SmsClient(provider).ask, new_id()))
    if server := smtp.mail_server():
        yield f"smtp {server.host}", _fault_of(SmtpClient(server).probe)


def _fault_of(question: Callable[[], object]) -> str:
    try:
        question()
    except SendingFailed as failed:
        return failed.fault
    return ""
