"""接力码: the rules of the code that lets a draft go on elsewhere. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from yichuang.core.words import W, Words

DIGITS = 8
LIFE = timedelta(hours=24)
AT_A_WINDOW = timedelta(hours=2)  # so long a clerk who opened it may go on without asking again
TRIES = 5  # wrong second items: then the code is void
TAIL = 4  # characters of the owner's document that are asked for beside the code


class Step(StrEnum):
    """What was done with a draft."""

    MADE = "made"
    OPENED = "opened"
    LOOKED = "looked"
    SAVED = "saved"
    FILED = "filed"


STEP_WORDS: Mapping[Step, Words] = {
    Step.MADE: W("生成了接力码", "made a relay code"),
    Step.OPENED: W("在窗口打开", "opened it at a window"),
    Step.LOOKED: W("在自助机查看", "looked at it at a kiosk"),
    Step.SAVED: W("补充后存回", "added to it and put it back"),
    Step.FILED: W("在窗口提交", "filed it at a window"),
}


@dataclass(frozen=True, slots=True)
class RelayCode:
    """A code as it is shown once: eight digits, until when."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class RelayStepRow:
    """One line of who did what with a draft."""

    words: Words
    at: datetime
    place: Words | None
    window: str
    staff_name: str


@dataclass(frozen=True, slots=True)
class Relayed:
    """A draft that goes on at a window: whose it is, for whom, and what stands in it."""

    id: UUID
    draft: UUID
    owner: UUID
    applicant: UUID
    item_code: str
    item_version: int
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: Mapping[str, tuple[tuple[UUID, str], ...]]  # code -> (upload, name): copies that the clerk may hand in
    agreed: frozenset[str]
    mark: str  # of what stands in it now: who puts it back says what they had before them


@dataclass(frozen=True, slots=True)
class RelayLook:
    """What a kiosk tells of a draft: no name and nothing that was typed."""

    owner: UUID
    item_code: str
    updated_at: datetime
    papers: int


def fits(id_no: str, said: str) -> bool:
    """Whether what was said is the end of the document's number."""
    told = said.strip().upper()
    return len(told) == TAIL and id_no.upper().endswith(told)


def digits_of(said: str) -> str:
    """The code as it was typed, scanned or read out: "1234 5678", or the address of its picture."""
    return "".join(sign for sign in said.rsplit("/", 1)[-1] if sign.isascii() and sign.isdigit())
