"""What may be held of a home visit (上门办): photographs, originals that went along, the word on a fingerprint."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yichuang.core.words import W, Words
from yichuang.visits.values.booking import BookingRow


class ReturnWay(StrEnum):
    """How an original came back."""

    HOME = "home"
    HALL = "hall"
    POST = "post"


RETURN_WORDS: Mapping[ReturnWay, Words] = {
    ReturnWay.HOME: W("送回本人", "Brought back"),
    ReturnWay.HALL: W("本人到大厅取回", "Collected at the hall"),
    ReturnWay.POST: W("寄回", "Sent by post"),
}


class Alternative(StrEnum):
    """How somebody who gives no fingerprint proves who they are: always offered first."""

    DOCUMENT = "document"
    SIGNATURE = "signature"


ALTERNATIVE_WORDS: Mapping[Alternative, Words] = {
    Alternative.DOCUMENT: W("核对身份证件原件", "Their identity document is looked at"),
    Alternative.SIGNATURE: W("核对证件后当面签名", "The document, and a signature before the clerk"),
}
FINGERPRINT_VERSION = "2026-11"
FINGERPRINT = W(
    "采集指纹只用于本次上门核对是不是您本人。指纹属于敏感个人信息：不保存指纹图像和特征，核对完即删除。"
    "同意与否由您决定，不同意就用证件核对，办理结果一样；同意后也可以随时撤回。",
    "A fingerprint is taken only to make sure at this visit that it is you. It is sensitive personal information: neither its "
    "picture nor its features are kept, they are gone when the check is done. You decide: without it your document is looked "
    "at, with the same result; a consent can be withdrawn at any time.",
)


@dataclass(frozen=True, slots=True)
class PhotoRow:
    id: UUID
    upload: UUID
    name: str
    at: datetime
    used: bool  # it went into the person's draft


class Spared(StrEnum):
    """Why a material of the item need not be photographed at this visit."""

    HELD = "held"
    GIVEN = "given"
    NOT_ASKED = "not-asked"


SPARED_WORDS: Mapping[Spared, Words] = {
    Spared.HELD: W("系统里已有，免提交", "on record already: need not be handed in"),
    Spared.GIVEN: W("本人草稿里已有", "in their draft already"),
    Spared.NOT_ASKED: W("按本人填的情况不需要", "not needed in their situation"),
}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A material of the item, with what was photographed of it. `spared`: why it need not be; None: it is still wanted."""

    code: str
    name: Words
    photos: tuple[PhotoRow, ...]
    spared: Words | None
    optional: bool


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """An original that went along, and its receipt."""

    id: UUID
    receipt: str
    name: str
    pieces: int
    taken_at: datetime
    taken_by: str
    returned_at: datetime | None
    returned: Words | None  # how it came back


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What was said to a fingerprint the last time it was asked."""

    id: UUID
    agreed: bool
    alternative: Words | None
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class HomePage:
    """A home visit for who goes there."""

    row: BookingRow
    address: str
    mobile: str
    person: UUID
    item: Words
    papers: tuple[PaperRow, ...]
    originals: tuple[OriginalRow, ...]
    consent: ConsentRow | None
    open: bool  # of today or earlier, and not over
    unused: int  # photographs that no draft has yet


@dataclass(frozen=True, slots=True)
class DraftMade:
    """The code (接力码) of the draft that photographs went into, shown once, and until when it is good."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class GivenAtHome:
    """What the person gave at the visit: originals, and whether a consent to a fingerprint holds."""

    originals: tuple[OriginalRow, ...]
    fingerprint: bool


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The receipt of what went along, as it is printed or shown to the person."""

    row: BookingRow
    place: Words
    originals: tuple[OriginalRow, ...]
