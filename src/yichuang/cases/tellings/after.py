"""What the holder of a certificate is told of it after the case: once each, to the holder and not to an agent of then."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.core.words import Words
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people


def tell_holder(
    case: Case,
    template: str,
    values: Mapping[str, str | int | date | Words],
    *,
    mark: str,
    at: datetime,
    to: UUID | None = None,
) -> None:
    """Send to the holder (or to `to`, the holder of another certificate) in their language; `mark` makes it once."""
    holder = people.get_party(to or case.applicant_id)
    notices.send(
        address=Address("sms" if holder.mobile else "inbox", holder.mobile, holder.id),
        locale=holder.language or case.locale,
        template=template,
        values={"item": Words(case.item_name_zh, case.item_name_en), "number": case.number, **values},
        at=at,
        dedupe=f"{template}:{mark}",
    )
