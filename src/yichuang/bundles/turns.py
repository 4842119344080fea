"""An item's turn (轮到一项): what was entered for it becomes a case; what its turn finds wrong is asked of the applicant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.bundles import messages
from yichuang.bundles.asked import fitted, givers_of, plainly
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.rules import form as forms
from yichuang.bundles.rules.clock import behind
from yichuang.bundles.rules.delivery import Handover
from yichuang.bundles.rules.refusal import Fate, rests_of, still_needed
from yichuang.cases.commands.file_case import Filing, file_part
from yichuang.cases.commands.holds import RESTS, TOGETHER, lift_hold, place_hold
from yichuang.core.actors import SYSTEM, Actor, Channel
from yichuang.core.refusals import Refused
from yichuang.core.words import Words
from yichuang.registry import queries as registry


def house_of(bundle: Bundle) -> Actor:
    """The house itself, which files in its turn what was asked for with the package, by the way it was filed."""
    return replace(SYSTEM, channel=Channel(bundle.channel), locale=bundle.locale)


def filing_of(bundle: Bundle, part: Part, form: Mapping[str, Any]) -> Filing:
    """The filing of a part, with what was kept of it."""
    kept = part.filing or {}
    return Filing(
        item_code=part.item_code,
        item_version=None,
        answers=kept["answers"],
        form=form,
        materials={code: [UUID(id) for id in ids] for code, ids in kept["materials"].items()},
        applicant=bundle.applicant_id,
        agent=bundle.filed_by_id if bundle.filed_by_id != bundle.applicant_id else None,
        locale=bundle.locale,
        package=bundle.number,
        owners=givers_of(bundle, part),
    )


def open_part(bundle: Bundle, part: Part, parts: Mapping[str, Part], *, actor: Actor, at: datetime) -> str:
    """File the case of a part whose turn it is; the number. It bears a hold for each item that must be granted before.

    Refused with everything that the item's own rules find, and then nothing is written.
    """
    slot = package_by_id(bundle.package_id).slot(part.slot)
    form = dict((part.filing or {})["form"])
    for pointer, source in slot.fed.items():
        value = result_of(parts, source)
        if value is not None:
            forms.put(form, pointer, value)
    receipt = file_part(actor=actor, filing=filing_of(bundle, part, form), at=at)
    part.fate, part.since, part.case_id = Fate.OPEN.value, at, receipt.case_id
    part.filing, part.asked = None, None
    part.save()
    if bundle.handover == Handover.TOGETHER.value and part.on_paper:
        place_hold(case=receipt.case_id, kind=TOGETHER, source=bundle.number, words=messages.WAITS_TOGETHER, at=at)
    for name in still_needed(part.slot, fates_of(parts), rests_of(package_by_id(bundle.package_id))):
        other = parts[name]
        words = messages.WAITS_FOR.format(name=Words(other.name_zh, other.name_en))
        place_hold(case=receipt.case_id, kind=RESTS, source=name, words=words, at=at)
    return receipt.number


def open_late(bundle: Bundle, part: Part, parts: Mapping[str, Part], *, actor: Actor, at: datetime) -> str:
    """`open_part` for an item whose turn came after the filing: as its item is now, with what it no longer asks left out.

    Refused (gone) while the item is not offered; what was entered then stays as it was.
    """
    kept = part.filing
    try:
        part.filing = fitted(bundle, part, at=at)
        return open_part(bundle, part, parts, actor=actor, at=at)
    except Refused as refused:
        part.filing = kept
        raise Refused(*plainly(part, refused.reasons, at), kind=refused.kind) from refused


def release(bundle: Bundle, granted: str, parts: Mapping[str, Part], *, at: datetime) -> None:
    """What rests on an item that was granted no longer waits for it."""
    rests = rests_of(package_by_id(bundle.package_id))
    for slot, part in parts.items():
        if part.fate == Fate.OPEN.value and part.case_id and granted in behind(slot, rests):
            lift_hold(case=part.case_id, kind=RESTS, source=granted, at=at)


def result_of(parts: Mapping[str, Part], source: str) -> object | None:
    """What an earlier item's result says: "birth/number" its number, else a field of its data; None while there is none."""
    name, _, what = source.partition("/")
    part = parts[name]
    certificate = registry.certificate_of_subject("case", part.case_id) if part.case_id else None
    if certificate is None:
        return None
    return certificate.number if what == "number" else certificate.data.get(what)


def fates_of(parts: Mapping[str, Part]) -> dict[str, Fate]:
    """Where each part stands."""
    return {slot: Fate(part.fate) for slot, part in parts.items()}
