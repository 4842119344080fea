"""Reading the certificate base. Rows carry the certificate's data: callers ask for access first, and `use` it on record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuang.core import sql
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.crypto import blind_index
from yichuang.core.masks import mask_certificate_number
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.registry import rules
from yichuang.registry.models import Certificate, RegistryUse
from yichuang.registry.values import STATUS_WORDS, CertificateRow, Status, StatusChange, UseRow, Validity

_CERTIFICATE = W("证照", "certificate")


def get_certificate(key: UUID | str) -> CertificateRow:
    """By id, by identifier, or by printed number (its newest version); NotFound otherwise."""
    row = find_certificate(key)
    if row is None:
        raise NotFound(_CERTIFICATE)
    return row


def find_certificate(key: UUID | str) -> CertificateRow | None:
    """Like `get_certificate`, or None. A number that several types share finds nothing: ask with the identifier."""
    if isinstance(key, UUID):
        return _one(Certificate.objects.filter(id=key))
    text = "".join(key.split())
    found = _one(Certificate.objects.filter(identifier=text.upper()))
    if found is not None:
        return found
    rows = list(Certificate.objects.filter(number=text).order_by("-version", "id")[:20])
    if len({row.type_code for row in rows}) != 1:
        return None
    return to_row(rows[0])


@compiled
def _of_subject(kind: str, subject: UUID) -> QuerySet[Certificate]:
    return Certificate.objects.filter(subject_kind=kind, subject_id=subject).order_by("-version", "-id")[:1]


@compiled
def _types(party: UUID, on: date) -> QuerySet[Certificate, str]:
    return _in_force(on).filter(holder_id=party).order_by("type_code").values_list("type_code", flat=True)


# Each key by itself and then its certificates, whatever the server believes of the tables: joined, it may go through all
# certificates of a type instead.
_COUNTED = """
SELECT asked.type_code, asked.index, certificate.id
FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS asked (type_code, index)
CROSS JOIN LATERAL (
    SELECT certificate_id FROM registry_certificate_key
    WHERE type_code = asked.type_code AND index = asked.index OFFSET 0
) AS key
CROSS JOIN LATERAL (
    SELECT id FROM registry_certificate WHERE id = key.certificate_id
      AND status = 'valid' AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $3) OFFSET 0
) AS certificate
"""


def certificate_of_subject(kind: str, subject: UUID) -> CertificateRow | None:
    """The newest certificate that an act (a case) brought about."""
    row = _of_subject.first(kind, subject)
    return to_row(row) if row else None


def newest_of(row: CertificateRow) -> CertificateRow:
    """What stands in the place of a certificate now: itself, or the last of those that replaced it."""
    while (after := _one(Certificate.objects.filter(previous=row.id))) is not None:
        row = after
    return row


def list_held(holders: Iterable[UUID], *, cursor: str | None = None, limit: int = 20) -> Page[CertificateRow]:
    """Certificates of any of these holders, the newest first, in whatever status."""
    rows = Certificate.objects.filter(holder__in=sorted(set(holders))).order_by("-id")
    return _paged(rows, cursor, limit)


def list_issued(
    issuer_uscc: str, *, holder: UUID | None = None, cursor: str | None = None, limit: int = 20
) -> Page[CertificateRow]:
    """What an organ has issued (to one holder, or to all), the newest first, in whatever status."""
    rows = Certificate.objects.filter(issuer_uscc=issuer_uscc).order_by("-id")
    if holder is not None:
        rows = rows.filter(holder_id=holder)
    return _paged(rows, cursor, limit)


def _paged(rows: QuerySet[Certificate], cursor: str | None, limit: int) -> Page[CertificateRow]:
    if cursor is not None:
        rows = rows.filter(id__lt=UUID(cursor))
    found = list(rows[: limit + 1])
    items = tuple(to_row(row) for row in found[:limit])
    return Page(items, str(items[-1].id) if len(found) > limit else None)


def foresee_types(party: UUID, *, at: datetime) -> None:
    """`types_held` will be asked for in this transaction (see `sql.ahead`)."""
    _types.ahead(party, local_date(at))


def types_held(party: UUID, *, at: datetime) -> frozenset[str]:
    """The type codes of which the party validly holds a certificate: what it need not hand in again (免提交)."""
    return frozenset(_types(party, local_date(at)))


def foresee_counts(keys: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """`count_active` will be asked for these in this transaction (see `sql.ahead`)."""
    if asked := _asked_of(keys, at):
        sql.ahead(_COUNTED, asked)


def count_active(keys: Sequence[tuple[str, str]], *, at: datetime, besides: UUID | None = None) -> list[int]:
    """For each (type, key): how many certificates of the type (`besides` one) are in force for the key. One statement.

    Keys are `str(holder id)`, a household, a chip number; there is none for "".
    """
    asked = _asked_of(keys, at)
    found = defaultdict[tuple[str, str], set[UUID]](set)
    for type_code, index, certificate in sql.rows(_COUNTED, asked) if asked else ():
        found[type_code, index].add(certificate)
    return [len(found[type_code, key_index(key)] - {besides}) if key else 0 for type_code, key in keys]


def _asked_of(keys: Sequence[tuple[str, str]], at: datetime) -> list[object]:
    """The values of the statement; none where nothing can be counted."""
    told = [(type_code, key_index(key)) for type_code, key in keys if key]
    return [[type_code for type_code, _ in told], [index for _, index in told], local_date(at)] if told else []


def find_numbered(type_code: str, number: str) -> CertificateRow | None:
    """The newest version of the certificate of this type and printed number."""
    rows = Certificate.objects.filter(type_code=type_code, number=number.strip()).order_by("-version", "id")
    return _one(rows) if number.strip() else None


def list_ending(first: date, last: date) -> tuple[UUID, ...]:
    """The valid certificates whose last day lies between these days, both included."""
    rows = Certificate.objects.filter(status=Status.VALID.value, valid_to__gte=first, valid_to__lte=last)
    return tuple(rows.order_by("valid_to", "id").values_list("id", flat=True))


def last_days(kind: str, subjects: Collection[UUID]) -> dict[UUID, date | None]:
    """The last day of the valid certificate that each of these acts brought; none for what has ended or never came."""
    rows = Certificate.objects.filter(subject_kind=kind, subject_id__in=subjects, status=Status.VALID.value)
    return dict(rows.order_by("version").values_list("subject_id", "valid_to"))


def key_index(key: str) -> str:
    """The blind index of a key that certificates are counted by."""
    return blind_index("certificate.key", key)


def validity(row: CertificateRow, on: date) -> Validity:
    """What the certificate is worth on a local day."""
    return rules.validity(status=row.status, valid_from=row.valid_from, valid_to=row.valid_to, on=on)


def history(certificate: UUID) -> tuple[StatusChange, ...]:
    """The certificate's changes of status, oldest first."""
    rows = Certificate.objects.get(id=certificate).history.order_by("at", "id")
    return tuple(
        StatusChange(row.at, Status(row.status), STATUS_WORDS[Status(row.status)], row.reason, row.by_name_masked)
        for row in rows
    )


def list_uses(party: UUID, cursor: str | None = None, limit: int = 20) -> Page[UseRow]:
    """Who used this party's certificates, the latest first (谁看过我的数据)."""
    rows = RegistryUse.objects.filter(party_id=party).select_related("certificate").order_by("-id")
    if cursor is not None:
        rows = rows.filter(id__lt=UUID(cursor))
    found = list(rows[: limit + 1])
    items = tuple(_use(row) for row in found[:limit])
    return Page(items, str(items[-1].id) if len(found) > limit else None)


def _use(row: RegistryUse) -> UseRow:
    certificate = row.certificate
    return UseRow(
        id=row.id,
        at=row.at,
        certificate=certificate.id,
        name=Words(certificate.name_zh, certificate.name_en),
        number_masked=mask_certificate_number(certificate.number),
        who=row.by_name_masked,
        purpose=row.purpose,
        ground="consent" if row.ground == "consent" else "duty",
        case_number=row.case_number,
        fields=tuple(row.fields),
    )


def _in_force(on: Any) -> QuerySet[Certificate]:
    return Certificate.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), status=Status.VALID.value, valid_from__lte=on
    )


def _one(rows: QuerySet[Certificate]) -> CertificateRow | None:
    row = rows.first() if rows.ordered else rows.order_by("id").first()
    return to_row(row) if row else None


def to_row(row: Certificate) -> CertificateRow:
    """The table's row as the frozen value."""
    return CertificateRow(
        id=row.id,
        identifier=row.identifier,
        number=row.number,
        type_code=row.type_code,
        name=Words(row.name_zh, row.name_en),
        issuer_uscc=row.issuer_uscc,
        issuer_name=Words(row.issuer_name_zh, row.issuer_name_en),
        holder=row.holder_id,
        holder_masked=row.holder_name_masked,
        data=row.data,
        labels=dict(row.labels),
        template=row.template,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=Status(row.status),
        status_at=row.status_at,
        version=row.version,
        previous=row.previous_id,
        subject=(row.subject_kind, row.subject_id),
        issued_at=row.issued_at,
    )
