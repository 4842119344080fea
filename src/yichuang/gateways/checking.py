"""All gateways' `check_config()` in one answer, and a question to each system that is configured."""

from collections.abc import Callable, Iterator
from functools import partial

from yichuang.core.ids import new_id
from yichuang.gateways.drop import config as drop
from yichuang.gateways.escpos import config as escpos
from yichuang.gateways.face import config as face
from yichuang.gateways.face.client import FaceClient
from yichuang.gateways.share import config as share
from yichuang.gateways.share.client import ShareClient
from yichuang.gateways.sms import config as sms
from yichuang.gateways.sms.client import SmsClient
from yichuang.gateways.smtp import config as smtp
from yichuang.gateways.smtp.client import SmtpClient
from yichuang.gateways.webhooks import config as webhooks
from yichuang.notices.ports import SendingFailed
from yichuang.people.ports import FaceFailed
from yichuang.registry.ports import SourceFailed


def faults() -> list[str]:
    """Of every gateway's configuration; nothing leaves the machine."""
    return [
        *sms.check_config(),
        *smtp.check_config(),
        *share.check_config(),
        *drop.check_config(),
        *webhooks.check_config(),
        *escpos.check_config(),
        *face.check_config(),
    ]


def probe() -> Iterator[tuple[str, str]]:
    """(system, fault or empty) of each configured system, by a question that sends nothing to anybody."""
    for provider in sms.providers():
        yield f"sms {provider.name}", _fault_of(partial(SmsClient(provider).ask, new_id()))
    if server := smtp.mail_server():
        yield f"smtp {server.host}", _fault_of(SmtpClient(server).probe)
    for platform in share.platforms():
        yield f"share {platform.name}", _fault_of(ShareClient(platform).probe)
    if compares := face.platform():
        yield "face", _fault_of(FaceClient(compares).probe)
    for giver in drop.givers():
        yield f"drop {giver.name}", "" if giver.folder.is_dir() else "NO_FOLDER"


def _fault_of(question: Callable[[], object]) -> str:
    try:
        question()
    except SendingFailed as failed:
        return failed.fault
    except (SourceFailed, FaceFailed) as failed:
        return f"{type(failed).__name__} {failed}"
    return ""
