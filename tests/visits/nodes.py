"""A hall with a node for pages: it keeps tomorrow, was heard a while ago, and one number and one appointment wait to be settled."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.devices.models import Device
from yichuang.visits.models import HallDay, NodeAct, NodeConflict, NodeLink
from yichuang.visits.rules.journal import START


def a_node_with_conflicts(demo: Any) -> dict[str, str]:
    """In the hall of 李娜 and 马丽."""
    place, clerk, at = demo.actor("lina").place, demo.actor("lina"), demo.at
    device = Device.objects.create(place_id=place, kind="node", name="一楼大厅节点", made_at=at)
    NodeLink.objects.create(node=device, seq=214, heard_at=at - timedelta(minutes=14))
    HallDay.objects.create(place_id=place, day=local_date(at) + timedelta(days=1), keeper=device)
    found = [
        _conflict(
            device, place, 201, "ticket", "A017", [("move", "call"), ("move", "start"), ("move", "finish")], clerk, at
        ),
        _conflict(device, place, 210, "booking", "Y7K2M9QXA", [("arrive", "")], clerk, at),
        _conflict(device, place, 212, "window", "3", [("desk", "")], clerk, at),
    ]
    return {"conflict": str(found[0])}


def _conflict(device: Any, place: UUID, seq: int, kind: str, name: str, steps: Any, clerk: Any, at: Any) -> UUID:
    subject, acts = new_id(), []
    for n, (act, move) in enumerate(steps):
        body = {"move": move, "window": "3", "actor": {"name": clerk.name}, "desk": {"window_number": "3"}}
        when = at - timedelta(minutes=40 - 4 * n)
        acts.append(
            NodeAct.objects.create(
                id=new_id(), node=device, seq=seq + n, day=local_date(at), kind=act, subject=subject, at=when, body=body,
                previous=START, hash=START, signature="", state="conflict", entered_at=at,
            )
        )  # fmt: skip
    told = {"state": "CANCELLED" if kind == "booking" else "SERVING", "at": (at - timedelta(minutes=35)).isoformat()}
    centre = {**told, "window": "" if kind == "booking" else "5", "who": "周洁"} | (
        {"state": ""} if kind == "window" else {}
    )
    row = NodeConflict.objects.create(
        node=device,
        place_id=place,
        kind=kind,
        subject=subject,
        name=name,
        acts=len(acts),
        first=acts[0],
        centre=centre,
        at=at,
    )
    return row.id
