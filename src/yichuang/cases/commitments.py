"""告知承诺 as doors show it: the letter that is signed with a filing, and what became of the promise (docs/adr/0023).

Like `states`, one closed table of what can be done; pages and tests are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from yichuang.core.words import W, Words

if TYPE_CHECKING:
    from yichuang.cases.pages import InspectionRow
    from yichuang.catalog.values import Commitment, Pack


class Kept(StrEnum):
    """Where a commitment stands: signed, to be checked, found not kept, to be put right, kept, broken, no longer checked."""

    SIGNED = "signed"
    CHECKING = "checking"
    FOUND = "found"
    MENDING = "mending"
    KEPT = "kept"
    BROKEN = "broken"
    ENDED = "ended"


KEPT_WORDS: Mapping[Kept, Words] = {
    Kept.SIGNED: W("已签署，等待决定", "Signed; to be decided"),
    Kept.CHECKING: W("待核查", "To be checked"),
    Kept.FOUND: W("核查发现不符合承诺，待责令改正", "Found not kept; an order to put it right follows"),
    Kept.MENDING: W("责令限期改正", "Ordered to put it right"),
    Kept.KEPT: W("核查符合承诺", "Found kept"),
    Kept.BROKEN: W("认定未履行承诺", "Found broken"),
    Kept.ENDED: W("证照已失效，不再核查", "No longer checked: the certificate is gone"),
}


OF_NO_EFFECT = W("没有准予，承诺不生效", "Not granted: the commitment has no effect")


def said_of(state: Kept) -> Words:
    """Where a commitment stands, in words."""
    return KEPT_WORDS[state]


class CheckMove(StrEnum):
    """What can be done in a check. The value is the act in the ledger of the case."""

    OPEN = "open-check"
    ARRANGE = "arrange-check"
    PHOTO = "photo-check"
    RECORD = "record-check"
    SIGN = "sign-check"
    MISS = "miss-check"
    ORDER = "order-mending"
    END = "end-check"


CHECK_MOVE_WORDS: Mapping[CheckMove, Words] = {
    CheckMove.OPEN: W("安排后续核查", "scheduled the check of the promise"),
    CheckMove.ARRANGE: W("安排现场核查，指派两名执法人员", "arranged an on-site check by two inspectors"),
    CheckMove.PHOTO: W("上传现场照片", "added a photograph of the place"),
    CheckMove.RECORD: W("记录后续核查结果", "put the result of the check on record"),
    CheckMove.SIGN: W("签字确认后续核查结果", "signed the record of the check as the second inspector"),
    CheckMove.MISS: W("记录未能核查，改期", "noted that the check could not be made, and when it will be"),
    CheckMove.ORDER: W("责令限期改正", "ordered to put right what was not kept"),
    CheckMove.END: W("证照已失效，终止后续核查", "ended the check, as the certificate is gone"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is promised with a filing: the commitments of the item that the applicant chose. Empty: nothing is."""

    item: str
    version: int
    commitments: tuple[Commitment, ...]

    def __bool__(self) -> bool:
        return bool(self.commitments)

    @property
    def mark(self) -> str:
        """What was read, in short: whoever signs gives it back, so that nobody signs another letter. "" when empty."""
        if not self.commitments:
            return ""
        told = [self.item, str(self.version), *(one.code for one in self.commitments)]
        return sha256("|".join(told).encode()).hexdigest()[:16]


def letter_for(pack: Pack, commitments: tuple[Commitment, ...]) -> Letter:
    """The letter of these commitments of the item (`Requirements.commitments`)."""
    return Letter(pack.code, pack.version, commitments)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check (后续核查), `round` from 1; `inspection` where it is made on site."""

    id: UUID
    round: int
    due_date: date
    state: str  # "open", "kept", "broken", "unable", "ended"
    findings: str
    recorded_at: datetime | None
    recorded_by: str
    inspection: InspectionRow | None
    demands: str  # what was ordered to be put right
    mend_by: date | None
    order: UUID | None  # the paper of the order
    late: bool  # open and past its day


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A commitment of a case, for its applicant and its organ."""

    id: UUID
    code: str
    name: Words
    version: int
    state: Kept
    words: Words
    document: UUID
    signed_at: datetime
    how: str  # "site", "data", "papers"
    check_words: Words
    consequence: Words
    checks: tuple[CheckRow, ...]

    @property
    def open_check(self) -> CheckRow | None:
        """The check that is to be made."""
        return next((check for check in self.checks if check.state == "open"), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a commitment stands after a move of its check."""

    id: UUID
    state: Kept
    version: int


@dataclass(frozen=True, slots=True)
class CheckWork:
    """A line of the list of checks (后续核查)."""

    id: UUID
    number: str
    item: Words
    applicant_masked: str
    name: Words
    state: Kept
    words: Words
    due_date: date | None
    days_left: int | None  # working days; below zero: late
    post: str


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """One commitment for who checks it: with its case, and what this person may do now."""

    row: CommitmentRow
    number: str
    item: Words
    applicant: UUID
    applicant_masked: str
    certificate: UUID | None  # while it is in force
    promises: tuple[Words, ...]
    conditions: tuple[Words, ...]
    how: Words
    post: str
    last_mend_day: date | None  # the latest day that an order may set
    gone: Words | None  # how the certificate came to its end for good
    moves: frozenset[CheckMove]
    mine: bool  # a post of this person makes the check; else only sent to it as inspector
