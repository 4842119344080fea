"""What other rooms may hold of the certificate base: frozen values, no tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from yichuang.core.words import W, Words


class Status(StrEnum):
    """What an organ did to a certificate. Expiry is no status: it follows from the date (see `rules.validity`)."""

    VALID = "valid"
    SUSPENDED = "suspended"  # 暂扣, 挂起
    REVOKED = "revoked"  # 撤销: granted wrongly
    WITHDRAWN = "withdrawn"  # 撤回: granted rightly, taken back in the public interest
    FORFEITED = "forfeited"  # 吊销: a penalty
    CANCELLED = "cancelled"  # 注销
    REPLACED = "replaced"  # 变更, 补发: a newer version stands in its place


Validity = Literal[
    "valid", "not_yet", "expired", "suspended", "revoked", "withdrawn", "forfeited", "cancelled", "replaced"
]

STATUS_WORDS: Mapping[Status, Words] = {
    Status.VALID: W("有效", "Valid"),
    Status.SUSPENDED: W("暂停使用", "Suspended"),
    Status.REVOKED: W("已撤销", "Revoked: wrongly granted"),
    Status.WITHDRAWN: W("已撤回", "Withdrawn in the public interest"),
    Status.FORFEITED: W("已吊销", "Forfeited as a penalty"),
    Status.CANCELLED: W("已注销", "Cancelled"),
    Status.REPLACED: W("已被新版本替换", "Replaced by a newer version"),
}
VALIDITY_WORDS: Mapping[Validity, Words] = {
    "valid": STATUS_WORDS[Status.VALID],
    "not_yet": W("尚未生效", "Not yet in force"),
    "expired": W("已过有效期", "Expired"),
    "suspended": STATUS_WORDS[Status.SUSPENDED],
    "revoked": STATUS_WORDS[Status.REVOKED],
    "withdrawn": STATUS_WORDS[Status.WITHDRAWN],
    "forfeited": STATUS_WORDS[Status.FORFEITED],
    "cancelled": STATUS_WORDS[Status.CANCELLED],
    "replaced": STATUS_WORDS[Status.REPLACED],
}


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One version of one electronic certificate (电子证照), with its typed data in the clear: keep it out of logs."""

    id: UUID
    identifier: str  # GB/T 36904
    number: str  # 证照编号, as printed
    type_code: str
    name: Words
    issuer_uscc: str
    issuer_name: Words
    holder: UUID
    holder_masked: str
    data: Mapping[str, object]
    labels: Mapping[str, str]
    template: str
    valid_from: date
    valid_to: date | None
    status: Status
    status_at: datetime
    version: int
    previous: UUID | None
    subject: tuple[str, UUID]
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One line of a certificate's history."""

    at: datetime
    status: Status
    words: Words
    reason: str
    by: str  # masked


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use of a certificate, as its holder reads it (谁用过我的证照)."""

    id: UUID
    at: datetime
    certificate: UUID
    name: Words
    number_masked: str
    who: str  # masked
    purpose: str
    ground: Literal["duty", "consent"]
    case_number: str
    fields: tuple[str, ...]


GROUND_WORDS: Mapping[str, Words] = {
    "duty": W("依法履行职责", "A statutory duty"),
    "consent": W("本人同意", "The person's consent"),
}
