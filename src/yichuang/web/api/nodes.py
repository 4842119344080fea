"""Where hall nodes (大厅节点) speak to the centre: paired by a code, then exchanges that are sealed with what both know.

One exchange brings the acts of the hall and takes home how far they are known, what is lent, and the centre's data when it
is another than the node has. Each part may be said again: nothing is done twice (docs/adr/0045).
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Kind, NotFound, Reason, Refused
from yichuang.core.sealed_line import AGE, NotSealed, answer, close, question, unseal
from yichuang.core.words import W
from yichuang.devices import queries as devices
from yichuang.devices.commands import beat, enrol
from yichuang.devices.values import DeviceKind
from yichuang.visits import queries
from yichuang.visits.commands import node as visits
from yichuang.visits.values.node import Lent
from yichuang.visits.values.wire import from_wire, lent_as_wire
from yichuang.webkit.limits import Misses
from yichuang.webkit.problems import problem_json

LARGEST = 2 * 1024 * 1024  # bytes: a hundred acts are 200 kB
MOMENT, NONCE = "X-Yc-Timestamp", "X-Yc-Nonce"
A_NODE = W("大厅节点", "hall node")
WRONG = Reason("UNREADABLE", W("看不懂这个请求", "This request cannot be read"))
CODES = Misses(
    "node-miss", 20, W("此网络输错启用码的次数过多，请一小时后再试", "Too many wrong codes from this network: please wait an hour"), "/code"
)  # fmt: skip


@csrf_exempt  # no cookie opens anything here: the code does
def pair(request: HttpRequest) -> HttpResponse:
    """A node trades its code for the secret that both know from then on, and leaves the public key of its acts."""
    at = now()
    try:
        told = _json(request.body, "forbidden")
        code, key = str(told.get("code", ""))[:40], str(told.get("public_key", ""))[:2000]
        CODES.check(request, at=at)
        try:
            with transaction.atomic():
                found = enrol(code=code, kinds={DeviceKind.NODE}, at=at)
                visits.know_node(node=found.device, public_key=key, at=at)
        except Refused as refused:
            if refused.reasons[0].code != "CODE_UNKNOWN":
                raise
            CODES.count(request, at=at)
            raise Refused(*refused.reasons, kind="forbidden") from None  # whoever has no code has no business here
    except Refused as refused:
        return problem_json(request, refused)
    return JsonResponse({"node": str(found.device), "place": str(found.place), "bearer": found.bearer})


@csrf_exempt  # no cookie opens anything here: the seal does
def exchange(request: HttpRequest, node: UUID) -> HttpResponse:
    """200 with the sealed answer; 404 for whoever is no node of ours or does not prove it, 409 for a journal that is broken."""
    moment, nonce = request.headers.get(MOMENT, ""), request.headers.get(NONCE, "")
    known = devices.node_and_secret(node)
    try:
        told = _asked(request, str(node), moment, nonce, known[1] if known else "")
        assert known is not None
        done = _exchange(known[0], told, now())
    except Refused as refused:
        return problem_json(request, refused)
    sealed = close(done, secret=known[1], about=answer(str(node), moment, nonce))
    return HttpResponse(sealed, content_type="application/octet-stream")


def _asked(request: HttpRequest, node: str, moment: str, nonce: str, secret: str) -> dict[str, Any]:
    """What the node says. NotFound for what is not sealed by it, now."""
    fresh = moment.isascii() and moment.isdigit() and len(moment) < 12 and abs(now().timestamp() - int(moment)) <= AGE
    if not secret or not fresh or len(request.body) > LARGEST:
        raise NotFound(A_NODE)
    try:
        told = unseal(request.body, secret=secret, about=question(node, moment, nonce))
    except NotSealed:
        raise NotFound(A_NODE) from None
    if not isinstance(told, dict):
        raise Refused(WRONG)
    return told


def _exchange(node: Actor, told: dict[str, Any], at: datetime) -> dict[str, Any]:
    assert node.id is not None
    assert node.place is not None
    try:
        acts = [from_wire(act) for act in told["acts"]]
        left = {UUID(queue): int(n) for queue, n in told["left"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refused(WRONG) from None
    beat(actor=node, parts={}, at=at)
    head = visits.receive(node=node, acts=acts, at=at)
    done: dict[str, Any] = {"seq": head.seq, "hash": head.hash}
    if told.get("whole"):
        lent: Lent = visits.lend_days(node=node, left=left, at=at)
        copy, mark = queries.copied_for_node(node.id, node.place, at=at)
        done |= {"lent": lent_as_wire(lent), "mark": mark, "copy": copy if mark != told.get("mark") else None}
    return done


def _json(body: bytes, kind: Kind) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        raise Refused(WRONG, kind=kind) from None
    if not isinstance(told, dict):
        raise Refused(WRONG, kind=kind)
    return told
