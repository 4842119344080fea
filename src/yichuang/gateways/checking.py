"""All gateways' `check_config()` in one answer, and a question to each system that is configured."""

from collections.abc import Iterator

from yichuang.core.ids import new_id
from yichuang.gateways.sms import config as sms
from yichuang.gateways.sms.client import SmsClient
from yichuang.notices.ports import SendingFailed


def faults() -> list[str]:
    """Of every gateway's configuration; nothing leaves the machine."""
    return sms.check_config()


def probe() -> Iterator[tuple[str, str]]:
    """(system, fault or empty) of each configured system, by a question that sends nothing to anybody."""
    for provider in sms.providers():
        try:
            SmsClient(provider).ask(new_id())
            yield f"sms {provider.name}", ""
        except SendingFailed as fault:
            yield f"sms {provider.name}", fault.fault
