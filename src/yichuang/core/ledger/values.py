"""What the ledger gives out, and how an entry becomes a leaf. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from yichuang.core import receipts
from yichuang.core.identifiers import parse_cn_id
from yichuang.core.words import Words

Scalar = str | int | bool | None
MAX_TEXT = 500  # characters of one detail; longer texts belong into a document whose id stands here
SALTS_DESTROYED = "ledger.salts_destroyed"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: a kind ("case", "certificate", "party" …) and its id."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, as it stands in the ledger."""

    id: UUID
    subject: Subject
    seq: int
    at: datetime
    act: str
    actor_kind: str
    actor_id: UUID | None
    actor_name_masked: str
    behalf: UUID | None
    channel: str
    place: UUID | None
    window: str
    device: str
    detail: Mapping[str, Scalar]
    commitment: str

    @property
    def committed(self) -> dict[str, Any]:
        """The columns that the leaf does not show but commits to."""
        return {
            "actor_id": _text(self.actor_id),
            "actor_kind": self.actor_kind,
            "actor_name_masked": self.actor_name_masked,
            "behalf": _text(self.behalf),
            "channel": self.channel,
            "detail": dict(self.detail),
            "device": self.device,
            "place": _text(self.place),
            "window": self.window,
        }

    @property
    def leaf(self) -> dict[str, Any]:
        """What is hashed into the tree and printed on a receipt: no person, no detail."""
        return {
            "v": receipts.VERSION,
            "id": str(self.id),
            "subject": f"{self.subject.kind}:{self.subject.id}",
            "seq": self.seq,
            "at": moment(self.at),
            "act": self.act,
            "commitment": self.commitment,
        }


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement: the log has this size and this root at this time. `note` is the signed text."""

    size: int
    root: bytes
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class ReceiptProof:
    """What a person takes away. Until the entry has its place in a signed tree, `index` is None (a minute at most)."""

    leaf: Mapping[str, Any]
    index: int | None = None
    path: tuple[str, ...] = ()
    checkpoint: str | None = None
    opening: Mapping[str, Any] | None = None

    @property
    def is_final(self) -> bool:
        return self.index is not None

    def as_json(self) -> dict[str, Any]:
        """The receipt as it is printed, stored and checked by `core.receipts`."""
        finished = {"index": self.index, "path": list(self.path), "checkpoint": self.checkpoint}
        return {
            "v": receipts.VERSION,
            "leaf": dict(self.leaf),
            **(finished if self.is_final else {}),
            **({"opening": dict(self.opening)} if self.opening else {}),
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that `verify_ledger` found: what, where, and in words."""

    kind: str
    where: str
    words: Words


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def moment(at: datetime) -> str:
    """An instant in UTC with microseconds, always of the same length."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


# ── no personal data ─────────────────────────────────────────────────────────────────────────────────────────────

_EDGE = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_ID_NUMBER = re.compile(_EDGE[0] + r"[0-9]{17}[0-9Xx]" + _EDGE[1])
_MOBILE = re.compile(_EDGE[0] + r"1[3-9][0-9]{9}" + _EDGE[1])


def check_detail(detail: Mapping[str, Scalar]) -> None:
    """Refuse (ValueError, a defect of the caller) what may not stand in a record that nobody can ever erase.

    Codes, numbers of documents and ids are fine; names cannot be recognised, so the caller keeps them out.
    """
    for key, value in detail.items():
        if isinstance(value, str):
            _check_text(key, value)
        elif not (value is None or isinstance(value, int)):
            raise ValueError(f"ledger detail {key!r}: only texts, whole numbers, yes/no and nothing, not {type(value)}")


def _check_text(key: str, value: str) -> None:
    if len(value) > MAX_TEXT or "\x00" in value:
        raise ValueError(f"ledger detail {key!r} is longer than {MAX_TEXT} characters or has a NUL in it")
    plain = unicodedata.normalize("NFKC", value)
    if _MOBILE.search(plain) or any(_is_id_number(found) for found in _ID_NUMBER.findall(plain)):
        raise ValueError(f"ledger detail {key!r} looks like an ID or mobile number; put its row's id there")


def _is_id_number(found: str) -> bool:
    try:
        parse_cn_id(found)
    except ValueError:
        return False
    return True
