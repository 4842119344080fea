"""Looks into one of the two installations of `test_cable_pulled`, and names machines there. Prints one JSON object."""

import json
import sys
from typing import Any


def name_machine(kind: str, hall: str) -> dict[str, Any]:
    """A machine of the hall; the code that brings it in."""
    from yichuang.core.actors import SYSTEM
    from yichuang.core.clock import now
    from yichuang.devices.commands import add_device
    from yichuang.network import queries as network

    place = network.get_place(hall).id
    return {"code": add_device(actor=SYSTEM, place=place, kind=kind, name=f"{kind} 1", at=now()).code}


def pair_here(code: str) -> dict[str, Any]:
    from yichuang.core.clock import now
    from yichuang.gateways.centre.line import pair

    pair(code=code, at=now())
    return {}


def state() -> dict[str, Any]:
    """Today's numbers of the hall with their states, its calls in order, and what waits."""
    from yichuang.core.clock import local_date, now
    from yichuang.visits import queries
    from yichuang.visits.models import Call, HallDay, NodeConflict, Ticket

    today, link = local_date(now()), queries.node_link()
    days = HallDay.objects.filter(day=today, keeper__isnull=False)
    tickets = Ticket.objects.filter(day=today, place__in=days.values("place")).order_by("number")
    calls = Call.objects.filter(day=today, place__in=days.values("place")).order_by("seq")
    return {
        "lent": [str(row.place_id) for row in days.order_by("id")],
        "unsent": link.seq - link.sent if link else 0,
        "tickets": dict(tickets.values_list("number", "state")),
        "calls": [list(row) for row in calls.values_list("number", "move", "window")],
        "encounters": sorted(str(one) for one in tickets.exclude(encounter=None).values_list("encounter", flat=True)),
        "conflicts": NodeConflict.objects.count(),
    }


def name_node(hall: str) -> dict[str, Any]:
    return name_machine("node", hall)


def name_kiosk(hall: str) -> dict[str, Any]:
    return name_machine("kiosk", hall)


if __name__ == "__main__":
    import django

    django.setup()
    acts = {"name_node": name_node, "name_kiosk": name_kiosk, "pair": pair_here, "state": state}
    sys.stdout.write("\n" + json.dumps(acts[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))
