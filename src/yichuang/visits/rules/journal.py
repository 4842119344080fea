"""A node's journal (大厅日志): each act names the hash of the one before, so that none can be left out, changed or put in."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from yichuang.visits.values.node import Head, NodeAct

START = "0" * 64


class Place(StrEnum):
    """Where an act stands to what is known of the journal."""

    NEXT = "next"
    KNOWN = "known"  # it came before
    AHEAD = "ahead"  # something before it is missing
    BROKEN = "broken"  # it is not what it says, or does not follow what is known


def chained(
    previous: str, *, identity: UUID, seq: int, day: date, kind: str, at: datetime, body: Mapping[str, Any]
) -> str:
    """The hash of an act behind another: 64 hex digits over everything that it says."""
    told = [previous, str(identity), seq, day.isoformat(), kind, at.isoformat(), body]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of(act: NodeAct) -> str:
    """What its hash must be."""
    return chained(act.previous, identity=act.id, seq=act.seq, day=act.day, kind=act.kind, at=act.at, body=act.body)


def stands(act: NodeAct, head: Head, known: str) -> Place:
    """Where the act stands. `known`: the hash of the act of this number that came before, "" for none."""
    if act.hash != hash_of(act):
        return Place.BROKEN
    if act.seq <= head.seq:
        return Place.KNOWN if act.hash == known else Place.BROKEN
    if act.seq > head.seq + 1:
        return Place.AHEAD
    return Place.NEXT if act.previous == head.hash else Place.BROKEN
