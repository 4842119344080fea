"""一件事的文书: a paper about a whole package lies in the file of its leading case, numbered and sealed by that case's organ."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import papers
from yichuang.cases.models import Case
from yichuang.cases.values import DocumentKind
from yichuang.cases.vouch import fresh_facts
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject


@transaction.atomic
def issue_package_receipt(*, case: UUID, actor: Actor, values: Mapping[str, object], at: datetime) -> UUID:
    """The receipt for a whole package (一件事收件凭证), in the caller's transaction; its id. `values`: as its template asks."""
    row = Case.objects.select_for_update(of=("self",)).get(id=case)
    document = papers.issue_document(row, DocumentKind.PACKAGE_RECEIPT, actor=actor, at=at, values=values)
    ledger.append(
        act="package-receipt",
        actor=actor,
        at=at,
        subject=Subject("case", row.id),
        detail={"package": row.package, "document": str(document)},
        behalf=row.applicant_id,
        facts=fresh_facts(row),
    )
    return document
