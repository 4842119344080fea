"""Every address and method of the house, asked as a browser or a program asks; nothing that is asked stays done.

Acts are asked with a stale version: whoever may act meets a conflict, and who may not is refused before.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from tests.security.sent import ANSWERS, API_BODIES, FORMS, MOVES, NOBODY, PAGE_FIELDS, PARTS, WITHOUT_VERSION
from tests.security.world import CALLERS, ITEM, STALE, Things, World, picture

from yichuang.core.identifiers import case_check_digit
from yichuang.core.ids import new_id

BRACKET = re.compile(r"<(?:\w+:)?(\w+)>")
OF_AN_OBJECT = frozenset(
    {
        "number",
        "task",
        "document",
        "upload",
        "draft",
        "party",
        "id",
        "proceeding",
        "question",
        "package",
        "correction",
        "booking",
        "waiting",
        "notice",
        "help",
        "proposal",
        "recheck",
        "commitment",
        "rehearsal",
        "invitation",
    }
)
BROWSER = Client(raise_request_exception=False)  # one for all, emptied each time: a new one loads the middleware anew


# ── the addresses ─────────────────────────────────────────────────────────────────────────────────────────────────


def addresses() -> dict[str, tuple[str, ...]]:
    """Path pattern -> declared methods, of every door; the API's from its own document."""
    from yichuang.webkit.routes import all_routes

    operations, found = api_operations(), {}
    for _, path, _, methods in all_routes():
        known = methods or operations.get(re.sub(r"<\w+:", "<", path), ("GET",))
        found[path] = tuple(dict.fromkeys((*found.get(path, ()), *known)))
    return found


def api_operations() -> dict[str, tuple[str, ...]]:
    """Path of the API (with Django's brackets) -> methods."""
    from yichuang.web.api.routes import api

    paths = dict(api.get_openapi_schema())["paths"]
    return {re.sub(r"{(\w+)}", r"<\1>", path): tuple(m.upper() for m in found) for path, found in paths.items()}


def probes() -> Iterator[tuple[str, str]]:
    """(method, path pattern) of everything that can be asked, once each."""
    for path, methods in addresses().items():
        for method in methods:
            yield method, path


def about_an_object(pattern: str) -> bool:
    """Whether the address names somebody's case, paper, task, file or draft."""
    return bool(OF_AN_OBJECT & set(BRACKET.findall(pattern)))


ACTS = {  # of the console's pages: one that changes nothing as it is asked
    "/account/": "change",
    "/powers/": "assign",
    "/password/": "password",
    "/items/<str:code>/": "words",
    "/places/<str:code>/": "clear",
    "/authorisations/": "grant",
    "/qualifications/": "lift",
    "/calendar/": "day",
    "/departments/<str:code>/": "reopen",
    "/devices/<str:code>/": "add",
    "/nodes/": "ask",
    "/tenants/<str:code>/": "resume",
    "/workbooks/": "look",
}


def act_of(pattern: str) -> dict[str, str]:
    """The act that a page of the console is asked for."""
    if pattern == "/office/duty/":
        return {"department": "CGZF"}
    if pattern.startswith("/console/second/<"):
        return {"step": "decline", "note": "还有事项"}
    if pattern.startswith("/counter/hall/"):  # a window that nobody has open, an item that there is not
        return {"window": "28", "item": "no-such-item", "queue": str(UUID(int=1))}
    if not pattern.startswith("/console/"):
        return {}
    if pattern.endswith("/queues/"):
        return {"act": "retire", "letter": "C"}
    return next(({"act": act} for end, act in ACTS.items() if pattern.endswith(end)), {})


@cache
def a_batch() -> str:
    """A batch of the demo's shared bases."""
    from yichuang.registry.models import SharedBatch

    return str(SharedBatch.objects.order_by("id").values_list("id", flat=True)[0])


@cache
def a_rule_set() -> str:
    """The SHA of the rule set that the addresses name."""
    from yichuang.catalog.queries import get_pack, list_versions

    version, since, _ = list_versions(LISTED["rule-sets"])[0]
    decision = get_pack(LISTED["rule-sets"], version=version, at=since).decision
    assert decision is not None
    return decision.sha


@cache
def a_contradiction() -> str:
    """Two sources of the demo that contradict each other."""
    from yichuang.registry.models import Contradiction

    return str(Contradiction.objects.order_by("id").values_list("id", flat=True)[0])


def somebody_on_staff() -> UUID:
    """A member of staff whom all administrators may look at."""
    from yichuang.people.models import Staff

    return Staff.objects.get(account__username="gaofeng").id


@cache
def a_grant() -> UUID:
    """A role of theirs."""
    from yichuang.people.models import GrantRow

    return GrantRow.objects.filter(staff=somebody_on_staff(), revoked_at=None).order_by("id")[0].id


LISTED = {
    "definitions": "book",
    "tenants": "jiefang",
    "packages": "ershoufang-zhuanyi-yijianshi",
    "places": "LH",
    "devices": "LH",
    "wall": "LH",
    "departments": "SCJG",
    "lists": "at-once-2",
    "rehearsals": ITEM,
    "rule-sets": "getihu-sheli",
}  # what stands for <code> at these pages


def fill(pattern: str, things: Things, *, code: str) -> str:
    """The address with something in each bracket."""
    return BRACKET.sub(lambda found: _value(found[1], pattern, things, code), pattern)


def _value(name: str, pattern: str, things: Things, code: str) -> str:
    plain = {
        "number": _number(pattern, things), "task": things.task, "document": things.document, "upload": things.upload,
        "party": things.applicant, "draft": things.packing if "/packages/" in pattern else things.draft, "item": ITEM, "material": "sale_contract" if "/packages/" in pattern else "dog_photos",
        "slot": things.half_hour if pattern.startswith("/book/") else "tax", "place": "LH",
        "step": "rules" if "/plan/" in pattern else "cancel" if "/bookings/" in pattern else "leave" if "/waiting" in pattern or "/tickets/" in pattern else "pause" if "/queue/" in pattern or "/windows/" in pattern or "/desk/" in pattern else ("end" if pattern.startswith("/my/") else "take") if "/help/" in pattern else ("withdraw" if pattern.startswith("/my/") else "make") if "/corrections/" in pattern else "claim" if "/tasks/" in pattern else "ask" if "/extension/" in pattern else "tell" if "/hearing/" in pattern else "end-certificate" if "/proceedings/" in pattern else "sign-check" if "/checks/" in pattern else "situation",
        "proposal": things.proposal, "batch": a_batch() if name == "batch" else "",
        "contradiction": a_contradiction() if name == "contradiction" else "", "tenant": "jiefang", "file": "process.bpmn",
        "proceeding": things.proceeding, "notice": things.notice,
        "correction": things.correction, "help": things.help,
        "ticket": things.ticket, "token": things.rating_token if "rat" in pattern else things.ticket_token, "invitation": things.served,
        "booking": things.booking, "waiting": things.waits, "group": things.group,
        "recheck": things.recheck, "commitment": things.commitment, "rehearsal": things.rehearsal, "question": things.question, "package": things.package,
        "signature": things.signature,
        "id": things.task if "/tasks/" in pattern else things.notice if "/notices/" in pattern else things.question if "/questions/" in pattern else things.correction if "/corrections/" in pattern else things.help if "/help/" in pattern else things.authority if "/agents/" in pattern else things.certificate,
        "staff": somebody_on_staff() if name == "staff" else "",
        "sender": "main", "kind": "process", "part": "please.wav" if pattern.startswith("/wall/") else "book", "row": NOBODY, "node": NOBODY, "run": NOBODY, "hook": NOBODY, "credential": NOBODY, "hours": NOBODY, "original": NOBODY, "loan": NOBODY, "letter": "C", "qualification": NOBODY, "device": NOBODY,
        "grant": a_grant() if name == "grant" else "", "post": "CGZF.review", "window": "1" if pattern.startswith("/wall/") else "28" if "/windows/" in pattern else "99", "year": "2027", "zone": "A", "authorisation": things.authority,
        "code": code if pattern.startswith(("/s/", "/h/")) else next((LISTED[part] for part in LISTED if part in pattern.split("/")), ITEM),
    }  # fmt: skip
    assert name in plain, f"{pattern}: say in tests/security/probes.py what stands for <{name}>"
    return str(plain[name])


def _number(pattern: str, things: Things) -> str:
    """Papers are handed in where some are missing; an objection needs a lapse, a certificate and a pick-up code a decision."""
    if "/packages/" in pattern or "/package-filings/" in pattern:
        return things.bundle
    if pattern.endswith(("/papers", "/papers/<str:material>", "/link", "/supply-link/", "/supplement/")):
        return things.waiting
    if pattern.endswith(("/objection", "/repair/", "/object-to-lapse", "/repair-lapse")):
        return things.lapsed
    if pattern.endswith(("/certificate", "/pick-up", "/hand-over/", "/pickup-code")):
        return things.granted
    return str(things.reviewed.number)


def ghost(things: Things) -> Things:
    """The same things, none of which exists."""
    body = "440303-20261124-N-987654"
    number = f"{body}-{case_check_digit(body)}"
    ids = {
        name: new_id()
        for name in (
            "task",
            "document",
            "upload",
            "draft",
            "certificate",
            "applicant",
            "authority",
            "proceeding",
            "question",
            "package",
            "correction",
            "help",
            "ticket",
            "booking",
            "waits",
            "half_hour",
            "proposal",
            "recheck",
            "commitment",
            "rehearsal",
            "packing",
            "signature",
            "served",
        )
    }
    case = replace(things.reviewed, number=number)
    return replace(
        things,
        reviewed=case,
        granted=number,
        waiting=number,
        lapsed=number,
        bundle=number.replace("-N-", "-T-"),
        code="ZZZZZZZZ",
        **ids,
    )


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def ask(world: World, method: str, pattern: str, caller: str, things: Things) -> Any:
    """Send one request as the caller, and take back what it did."""
    username = CALLERS[caller].username
    code = things.code if caller == "link" else "ZZZZZZZZ"
    path = fill(pattern, things, code=code)
    client = BROWSER
    client.cookies.clear()
    more: dict[str, Any] = {"headers": {}}
    if pattern.startswith("/api/"):
        more["headers"]["Idempotency-Key"] = "matrix"
        if username:
            more["headers"]["Authorization"] = f"Bearer {world.tokens[username]}"
    elif username:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[username]
    if method == "POST":
        more |= _body(pattern, path, code, things)
    before = transaction.savepoint()  # not atomic(): signing in refuses to run inside one
    try:
        return getattr(client, method.lower())(path, **more)
    finally:
        transaction.savepoint_rollback(before)


def _body(pattern: str, path: str, code: str, things: Things) -> dict[str, Any]:
    if not pattern.startswith("/api/"):
        consent = {"party": str(things.applicant), "item": ITEM, "signed": "true"} if "/service" in pattern else {}
        half_hour = {"slot": str(things.half_hour)} if "<uuid:booking>" in pattern else {}
        return {"data": {**PAGE_FIELDS, **act_of(pattern), **consent, **half_hour, "code": code}}
    if pattern.endswith("/bookings/<booking>/move"):
        return {"content_type": "application/json", "data": {"slot": str(things.half_hour)}}
    if pattern.endswith(("/uploads", "/actions/inspect-photo")):
        return {"data": {"file": SimpleUploadedFile("照片.png", picture(), "image/png")}}
    if pattern.endswith("/verify"):
        return {"data": {"number": "LH-0"}}
    if pattern.endswith("/registry/batches"):
        rows = SimpleUploadedFile("人口.csv", b"key,name\n", "text/csv")
        return {"data": {"file": rows, "base": "population", "source": "street"}}
    if "/service-consents" in pattern:
        said = {"party": str(things.applicant), "item": ITEM, "signed": True}
        body = said if pattern.endswith("/withdraw") else {**said, "version": str(STALE)}
        return {"content_type": "application/json", "data": body}
    return {"content_type": "application/json", "data": _api_body(path)}


def _api_body(path: str) -> dict[str, Any]:
    last = path.rsplit("/", 1)[-1]
    if "/actions/" in path:
        plain = {} if last in WITHOUT_VERSION else {"version": STALE}
        return {**plain, **API_BODIES.get(last, {})}
    if any(part in path for part in ("/administration/rule-sets/", "/administration/tenants", "/definitions/")):
        return _definition_body(path, last)
    if last == "decline" and "/corrections/" in path:
        return {"note": "照片上就是黄白"}
    if told := next((body for part, body in PARTS.items() if part in path), None):
        return told
    if "/proposals/" in path:
        return {"confirm": {"mark": "0"}, "decline": {"note": "还有事项"}}.get(last, {})
    if "/proceedings" in path:
        return {"version": STALE, **MOVES[last]} if last in MOVES else {"ground": "facts_changed", "facts": "规划调整"}
    if last in {"answer", "appraisals", "ask-person", "answer-person"}:
        return next((body for part, body in ANSWERS.items() if part in path), {})
    return FORMS.get(last, {})


PARTICULARS = {
    "name": {"zh": "场地预约", "en": "Venues"},
    "department": str(UUID(int=0)),
    "quotas": {"rows": 1000, "megabytes": 0, "runs": 10, "calls": 60, "seconds": 20},
}
TENANT_BODIES: dict[str, dict[str, Any]] = {  # of keeping one, not of what it declared; 0 MB: refused, nothing is made
    "tenants": {"code": "venues", **PARTICULARS},
    "change": PARTICULARS,
    "delete": {"reason": "应用停止服务"},
    "tokens": {"label": "预约小程序", "scopes": ["read"], "days": 0},
    "try": {"body": "<x/>", "values": {}},
}


def _definition_body(path: str, last: str) -> dict[str, Any]:
    """Of a rule set, of a tenant, and of what it has declared."""
    if "/administration/tenants" in path and "/definitions/" not in path:
        return TENANT_BODIES.get(last, {})
    if "/administration/tenants/" in path:
        return {"body": "<x/>", **({"version": STALE} if last == "publish" else {})}
    if "/rule-sets/" not in path or last == "rehearsals":
        return {}
    said: dict[str, Any] = {"percent": {"percent": 0}, "compare-again": {}}.get(last, {"reason": "规则要改"})
    return {"sha": a_rule_set(), **said}


def outcome(answer: Any, pattern: str, marks: dict[str, frozenset[str]], theirs: frozenset[str]) -> str:
    """The class of an answer, in the words of the table.

    `marks` are the numbers and ids by which the things of each applicant are known on a list, `theirs` the applicants
    whose things this caller may come across there.
    """
    status = answer.status_code
    if status == 401 or (
        status in {302, 303} and any(way in answer.headers.get("Location", "") for way in ("/sign-in", "/kiosk/enrol/"))
    ):
        return "login"
    if status in {403, 404}:
        return "forbidden" if status == 403 else "missing"
    if status >= 500 or status == 405:
        return f"BROKEN {status}"
    if answer.request["REQUEST_METHOD"] != "GET" or about_an_object(pattern) or status != 200:
        return "in"
    text = answer.content.decode(errors="replace")
    shown = {whose for whose, known in marks.items() if any(mark in text for mark in known)}
    return f"LEAKS {shown - theirs}" if shown - theirs else "sees" if shown else "in"


def marks_of(world: World) -> dict[str, frozenset[str]]:
    """The numbers and ids by which a list could name the things of each applicant."""
    return {
        whose: frozenset(
            str(mark)
            for mark in (
                t.reviewed.number,
                t.granted,
                t.waiting,
                t.lapsed,
                t.task,
                t.upload,
                t.draft,
                t.certificate,
                t.help,
                t.bundle,
                t.packing,
                t.booking,
                t.waits,
            )
        )
        for whose, t in world.things.items()
    }
