"""What the applicant's side is told of a package; each telling goes out once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from yichuang.bundles.models import Bundle, Part
from yichuang.cases.events import ServiceKind
from yichuang.cases.ports import rating_words
from yichuang.core.words import Words
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people

Value = str | int | Words


def _tell(bundle: Bundle, template: str, values: Mapping[str, Value], mark: str, at: datetime) -> None:
    """To who filed it while their authority lasts, else to the applicant; without a number it waits in the inbox."""
    agent = bundle.filed_by_id if bundle.filed_by_id != bundle.applicant_id else None
    if agent and people.authority_ended(agent, bundle.applicant_id, at=at):
        agent = None
    party = people.get_party(agent or bundle.applicant_id)
    notices.send(
        address=Address("sms" if party.mobile else "inbox", party.mobile, party.id),
        locale=party.language or bundle.locale,
        template=template,
        values={"package": Words(bundle.name_zh, bundle.name_en), "number": bundle.number, **values},
        at=at,
        dedupe=f"{template}:{bundle.id}:{mark}",
    )


def tell_filed(bundle: Bundle, *, parts: int, at: datetime) -> None:
    _tell(bundle, "bundle_filed", {"count": parts}, "", at)


def tell_asked(bundle: Bundle, part: Part, *, at: datetime) -> None:
    """Something is asked before an item can be filed in its turn."""
    _tell(bundle, "bundle_asks", {"item": Words(part.name_zh, part.name_en)}, f"{part.slot}:{at.isoformat()}", at)


def tell_ready(bundle: Bundle, *, items: Words, slots: Sequence[str], at: datetime) -> None:
    """What waited for each other lies ready, told once for each set of results."""
    _tell(bundle, "bundle_ready", {"items": items, "count": len(slots)}, ",".join(slots), at)


def tell_ended(bundle: Bundle, *, words: Words, at: datetime) -> None:
    rate = rating_words(ServiceKind.PACKAGE, bundle.id)
    _tell(bundle, "bundle_ended", {"outcome": words, "rate": rate}, "", at)
