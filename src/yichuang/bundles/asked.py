"""What is asked of the applicant when an item's turn has come: what nobody could know before, and what its rules found."""

from typing import Any

from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.rules import form as forms
from yichuang.core.refusals import Reason
from yichuang.core.words import Words


def reasons_of(part: Part) -> tuple[Reason, ...]:
    """What its turn found wrong with a part, at the fields of the item's own form."""
    rows: list[dict[str, str]] = part.asked or []
    return tuple(Reason(row["code"], Words(row["zh"], row["en"]), row["field"] or None) for row in rows)


def asked_pointers(bundle: Bundle, part: Part) -> tuple[str, ...]:
    """The fields of the item's form that the applicant may fill in now."""
    slot = package_by_id(bundle.package_id).slot(part.slot)
    wrong = {reason.field for reason in reasons_of(part) if reason.field}
    return tuple(sorted(slot.later | wrong))


def asked_schema(bundle: Bundle, part: Part, schema: dict[str, Any]) -> dict[str, Any]:
    """The form of just these fields, of the item's form in its situation."""
    return forms.only(schema, asked_pointers(bundle, part))
