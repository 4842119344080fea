"""What a hall node and the centre say to each other, as JSON carries it, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yichuang.visits.values.node import BlockRow, Lent, NodeAct


def as_wire(act: NodeAct) -> dict[str, Any]:
    """The act as JSON carries it."""
    return {**asdict(act), "id": str(act.id), "day": act.day.isoformat(), "at": act.at.isoformat()}


def from_wire(told: Mapping[str, Any]) -> NodeAct:
    """The act again. KeyError, TypeError, ValueError for what is none."""
    texts = {name: str(told[name]) for name in ("kind", "previous", "hash", "signature")}
    return NodeAct(
        id=UUID(told["id"]),
        seq=int(told["seq"]),
        day=date.fromisoformat(told["day"]),
        at=datetime.fromisoformat(told["at"]),
        body=dict(told["body"]),
        **texts,
    )


def lent_as_wire(lent: Lent) -> dict[str, Any]:
    """A loan as JSON carries it."""
    blocks = [
        {"id": str(one.id), "queue": str(one.queue), "day": one.day.isoformat(), "first": one.first, "last": one.last}
        for one in lent.blocks
    ]
    days = {name: [day.isoformat() for day in getattr(lent, name)] for name in ("days", "asked_back", "taken_back")}
    return {**days, "blocks": blocks}


def lent_from_wire(told: Mapping[str, Any]) -> Lent:
    """The loan again. KeyError, TypeError, ValueError for what is none."""

    def days(name: str) -> tuple[date, ...]:
        return tuple(date.fromisoformat(day) for day in told[name])

    blocks = (
        BlockRow(
            UUID(one["id"]), UUID(one["queue"]), date.fromisoformat(one["day"]), int(one["first"]), int(one["last"])
        )
        for one in told["blocks"]
    )
    return Lent(days("days"), tuple(blocks), days("asked_back"), days("taken_back"))
