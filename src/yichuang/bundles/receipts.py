"""一件事收件凭证: what the one receipt of a package says, frozen when it is filed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import Work
from yichuang.bundles.rules.delivery import Handover, words_of
from yichuang.bundles.rules.refusal import consequences
from yichuang.cases.commands.package_paper import issue_package_receipt
from yichuang.core.actors import Actor
from yichuang.network import queries as network

LATER = "轮到时生成"  # an item whose turn comes later has no case yet


def issue_receipt(
    bundle: Bundle, parts: Mapping[str, Part], work: Work, numbers: Mapping[str, str], *, actor: Actor, at: datetime
) -> UUID:
    """Number and freeze the receipt of a package that was filed just now; it lies in the file of its first case."""
    lead = next(part.case_id for part in parts.values() if part.case_id is not None)
    values = {
        "item_name": work.package.name.zh,
        "item_code": work.package.code,
        "case_number": bundle.number,
        "received_at": bundle.filed_at.isoformat(),
        "place": network.get_place_by_id(bundle.place_id).name.zh,
        "promise_limit": work.package.promise.words.zh,
        "handover": words_of(Handover(bundle.handover)).zh,
        "items": [_line(work, part, numbers.get(slot, LATER)) for slot, part in parts.items()],
        "stops": "".join(one.words.zh for one in consequences(work.package) if one.stops),
        "permit": False,
    }
    return issue_package_receipt(case=lead, actor=actor, values=values, at=at)


def _line(work: Work, part: Part, number: str) -> dict[str, str]:
    pack = work.packs[part.slot]
    return {
        "name": part.name_zh,
        "organ": network.get_department(pack.department).name.zh,
        "number": number,
        "limit": pack.promise_limit.words.zh,
    }
