"""Changing the certificate base: recording, changing status, using on record.

Permission is asked by the room that acts (cases decides, the organ revokes); here the register guards its own rules.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from yichuang.core import events, ledger, numbers, sql
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.core.identifiers import cert_identifier
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.registry import rules
from yichuang.registry.events import CertificateRecorded, CertificateStatusChanged
from yichuang.registry.models import Certificate, CertificateKey, CertificateStatus, RegistryUse
from yichuang.registry.queries.certificates import key_index, to_row
from yichuang.registry.values import STATUS_WORDS, CertificateRow, Status
from yichuang.registry.vouch import facts_of

_HELD_ELSEWHERE = W(
    "同一登记对象已有一份有效的{name}，不能重复登记",
    "A valid {name} is already registered for the same thing; it cannot be registered twice",
)
_NUMBER_TAKEN = W("证照编号 {number} 已被使用", "The certificate number {number} is already in use")
_RECORDED = W("本次办理已登记过{name}", "This case has already brought about a {name}")
_CANNOT_FOLLOW = W("证照状态为“{old}”，不能改为“{new}”", "This certificate is “{old}” and cannot become “{new}”")
_REASON = W("请写明理由", "Please give the reason")
_PURPOSE = W("请写明使用证照的事由", "Please say what the certificate is used for")


@sql.joined()
def record_certificate(
    *,
    type_code: str,
    name: Words,
    issuer_uscc: str,
    issuer_name: Words,
    holder_party: UUID,
    holder_name_masked: str,
    number: str,
    data: Mapping[str, object],
    valid_from: date,
    valid_to: date | None,
    subject: tuple[str, UUID],
    at: datetime,
    keys: Mapping[str, str] | None = None,
    unique: str = "",
    labels: Mapping[str, str] | None = None,
    template: str = "",
    previous: UUID | None = None,
    sure: bool = False,
    actor: Actor = SYSTEM,
) -> CertificateRow:
    """Write a certificate into the base (制证); `previous` is the version that it replaces (变更, 补发).

    `labels` say what the paper calls each key of `data`, in the order of printing.
    `keys` are what it may be counted by later (name -> value, kept blind; the holder is always one); `unique` names the
    key of which only one certificate of the type may be in force (a chip). Refused when such a one, the number, or a
    certificate of this subject exists. Belongs to the act that grants it: who catches its refusal and goes on has a
    savepoint of their own. `sure`: the caller holds whatever could bar it and has made the subject just now, so that it need
    not be waited for (`sql.together`); what bars it all the same breaks the act (IntegrityError).
    """
    old = _replaced(previous, at, actor) if previous else None
    number = old.number if old else number
    certificate = build(
        Certificate,
        id=new_id(),
        identifier=_identifier(type_code, issuer_uscc, number, old, at),
        number=number,
        type_code=type_code,
        name_zh=name.zh,
        name_en=name.en,
        issuer_uscc=issuer_uscc,
        issuer_name_zh=issuer_name.zh,
        issuer_name_en=issuer_name.en,
        holder_id=holder_party,
        holder_name_masked=holder_name_masked,
        data=rules.plain_data(data),
        labels=[[key, label] for key, label in (labels or {}).items()],
        template=template,
        valid_from=valid_from,
        valid_to=valid_to,
        status=Status.VALID.value,
        status_at=at,
        version=old.version + 1 if old else 1,
        previous_id=old.id if old else None,
        subject_kind=subject[0],
        subject_id=subject[1],
        issued_at=at,
    )
    if sure:
        insert([certificate])
    else:
        _insert(certificate)
    _insert_keys(certificate, {**(keys or {}), "holder": str(holder_party)}, unique, local_date(at))
    _note(certificate, Status.VALID, "", actor, at)
    ledger.append(
        act="certificate.record",
        actor=actor,
        at=at,
        subject=ledger.Subject("certificate", certificate.id),
        detail={"identifier": certificate.identifier, "type": type_code, "version": certificate.version},
        behalf=holder_party,
        facts=facts_of(certificate),
        first=True,
    )
    events.publish(
        CertificateRecorded(
            certificate=certificate.id, type_code=type_code, holder=holder_party, subject=subject, at=at
        )
    )
    return to_row(certificate)


def _identifier(type_code: str, issuer_uscc: str, number: str, old: Certificate | None, at: datetime) -> str:
    """A newer version keeps the serial of the first; only version and check character differ (GB/T 36904)."""
    if old:
        serial = old.identifier.split(".")[7]
        return cert_identifier(type_code, issuer_uscc, serial, old.version + 1)
    kind, place, year = counter_of_identifiers(type_code, issuer_uscc, at)
    count = numbers.next_number(kind=kind, place=place, day=year)
    return cert_identifier(type_code, issuer_uscc, rules.serial_of(number, f"{year.year}{count:07d}"))


def counter_of_identifiers(type_code: str, issuer_uscc: str, at: datetime) -> numbers.Counter:
    """What numbers the identifiers of a type that one issuer gives in a year (`numbers.at_hand`)."""
    return f"certificate-id.{type_code}", issuer_uscc, date(local_date(at).year, 1, 1)


def _insert(certificate: Certificate) -> None:
    if insert([certificate], skip=True):
        return
    name = Words(certificate.name_zh, certificate.name_en)
    of_act = Certificate.objects.filter(subject_kind=certificate.subject_kind, subject_id=certificate.subject_id)
    if of_act.filter(type_code=certificate.type_code, version=certificate.version).exists():
        raise Refused(Reason("RECORDED_ALREADY", _RECORDED.format(name=name)), kind="conflict")
    words = _NUMBER_TAKEN.format(number=certificate.number)
    raise Refused(Reason("NUMBER_TAKEN", words), kind="conflict")


def _insert_keys(certificate: Certificate, keys: Mapping[str, str], unique: str, on: date) -> None:
    rows = [
        build(
            CertificateKey,
            id=new_id(),
            certificate_id=certificate.id,
            type_code=certificate.type_code,
            name=name,
            index=key_index(value),
            exclusive=name == unique,
        )
        for name, value in keys.items()
        if value  # what is not known cannot be counted
    ]
    exclusive = [row for row in rows if row.exclusive]
    for row in exclusive:
        _free_ended(row, on)
    if insert(rows, skip=bool(exclusive)) < len(rows):
        words = _HELD_ELSEWHERE.format(name=Words(certificate.name_zh, certificate.name_en))
        raise Refused(Reason("REGISTERED_ELSEWHERE", words), kind="conflict")


def _free_ended(row: CertificateKey, on: date) -> None:
    """A certificate whose term has run out no longer bars another one; nobody had to touch it on that day."""
    CertificateKey.objects.filter(
        type_code=row.type_code, name=row.name, index=row.index, exclusive=True, certificate__valid_to__lt=on
    ).update(exclusive=False)


def _replaced(previous: UUID, at: datetime, actor: Actor) -> Certificate:
    old = _locked(previous)
    _change(old, Status.REPLACED, "", actor, at)
    return old


@transaction.atomic
def set_status(*, id: UUID, status: Status, reason: str, at: datetime, actor: Actor = SYSTEM) -> CertificateRow:
    """Suspend (暂扣), revive, revoke (撤销), withdraw (撤回), forfeit (吊销) or cancel (注销) a certificate, with the reason, for good on record."""
    if not reason.strip():
        raise Refused(Reason("REASON_NEEDED", _REASON, "/reason"))
    certificate = _locked(id)
    _change(certificate, status, reason.strip(), actor, at)
    return to_row(certificate)


def _locked(id: UUID) -> Certificate:
    certificate = Certificate.objects.select_for_update(of=("self",)).filter(id=id).order_by("id").first()
    if certificate is None:
        raise NotFound(W("证照", "certificate"))
    return certificate


def _change(certificate: Certificate, status: Status, reason: str, actor: Actor, at: datetime) -> None:
    old = Status(certificate.status)
    if not rules.can_follow(old, status):
        words = _CANNOT_FOLLOW.format(old=STATUS_WORDS[old], new=STATUS_WORDS[status])
        raise Refused(Reason("STATUS_CANNOT_FOLLOW", words), kind="conflict")
    certificate.status, certificate.status_at = status.value, at
    certificate.save(update_fields=["status", "status_at"])
    if status not in {Status.VALID, Status.SUSPENDED}:
        certificate.keys.filter(exclusive=True).update(exclusive=False)
    _note(certificate, status, reason, actor, at)
    ledger.append(
        act="certificate.status",
        actor=actor,
        at=at,
        subject=ledger.Subject("certificate", certificate.id),
        detail={"from": old.value, "to": status.value},
        behalf=certificate.holder_id,
        facts=facts_of(certificate),
    )
    events.publish(
        CertificateStatusChanged(certificate=certificate.id, holder=certificate.holder_id, status=status, at=at)
    )


def _note(certificate: Certificate, status: Status, reason: str, actor: Actor, at: datetime) -> None:
    row = build(
        CertificateStatus,
        id=new_id(),
        certificate_id=certificate.id,
        status=status.value,
        reason=reason[:1000],
        at=at,
        by_kind=actor.kind,
        by_id=actor.id,
        by_name_masked=_who(actor),
    )
    insert([row])


def _who(actor: Actor) -> str:
    return actor.name if actor.kind == "system" else mask_name(actor.name)


@transaction.atomic
def use_certificate(
    *,
    actor: Actor,
    id: UUID,
    purpose: str,
    ground: Literal["duty", "consent"],
    case_number: str,
    fields: Collection[str],
    at: datetime,
) -> dict[str, object]:
    """The named fields of a certificate, on record (用证): who, for which case, why. The holder reads the record.

    Fields that the certificate does not have are left out; only what is named is handed out (最小必要, PIPL art. 6).
    """
    if not purpose.strip():
        raise Refused(Reason("PURPOSE_NEEDED", _PURPOSE, "/purpose"))
    row = Certificate.objects.filter(id=id).order_by("id").first()
    if row is None:
        raise NotFound(W("证照", "certificate"))
    used = {name: row.data[name] for name in sorted(set(fields)) if name in row.data}
    RegistryUse.objects.create(
        id=new_id(),
        certificate=row,
        party_id=row.holder_id,
        at=at,
        by_kind=actor.kind,
        by_id=actor.id,
        by_name_masked=_who(actor),
        purpose=purpose.strip()[:200],
        ground=ground,
        case_number=case_number,
        fields=sorted(used),
    )
    return used
