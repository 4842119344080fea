"""What those who make a 后续核查, and who supervises them, are told of it: each once per check and mark."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.core import roles
from yichuang.core.words import Words
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people


def supervisors_of(case: Case, at: datetime) -> set[UUID]:
    """Who supervises the department of a case, where the case belongs."""
    rows = people.list_covering(
        roles.SUPERVISOR, place=case.responsible_place_id, department=case.department_id, at=at
    )  # fmt: skip
    return {one.id for one in rows}


def tell_of_check(
    case: Case, check: CommitmentCheck, step: Words, mark: str, who: Collection[UUID], *, at: datetime
) -> None:
    """Send to these members of staff how a check stands, in their language; `mark` makes it once to each."""
    item = Words(case.item_name_zh, case.item_name_en)
    for staff, locale in people.languages_of_staff(who).items():
        notices.send(
            address=Address("inbox", party=staff),
            locale=locale,
            template="check_due",
            values={"number": case.number, "item": item, "due": check.due_date, "step": step},
            at=at,
            dedupe=f"check_due:{check.id}:{mark}:{staff}",
        )
