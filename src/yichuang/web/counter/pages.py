"""Turning a case into what the counter's case page shows, and reading what the clerk found of each paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from yichuang.cases import queries as cases
from yichuang.cases.commands.accept import MaterialFinding
from yichuang.cases.commands.trips import CHOICES
from yichuang.cases.pages import CasePage, PromiseOffer
from yichuang.cases.states import Act, Turn
from yichuang.cases.values import CATEGORY_WORDS, MATERIAL_WORDS, TRIP_WORDS, MaterialRow, MaterialState, RefusalKind
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.words import W
from yichuang.issuing.permissions import can_issue
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.web.counter.keys import frame
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import Answer, Subject, masked_answers
from yichuang.webkit.pages import render
from yichuang.webkit.params import several
from yichuang.webkit.problems import NONE, problems_sent
from yichuang.webkit.sent import sent

CHECK_STATES = frozenset({"provided", "held", "checked", "faulty", "missing"})
OPEN_STATES = frozenset({MaterialState.MISSING, MaterialState.FAULTY, MaterialState.PROMISED})
CHECKING = frozenset({Act.ACCEPT, Act.ACCEPT_WITH_GAPS, Act.NOTIFY_GAPS, Act.PRECHECK})
LOOKED_AT = ("form", "materials", "documents")
REFUSALS = {
    RefusalKind.NOT_NEEDED: W("依法无需办理", "No permit is needed"),
    RefusalKind.NOT_OURS: W("不属于本机关职权", "Another authority is responsible"),
    RefusalKind.NOT_ACCEPTED: W("不符合受理条件", "The conditions for acceptance are not met"),
}
TURN_WORDS = {
    Turn.APPLICANT: W("等申请人", "The applicant"),
    Turn.CLERK: W("窗口", "The counter"),
    Turn.DEPARTMENT: W("审批部门", "The department"),
    Turn.ISSUING: W("制证出件", "Making the result"),
    Turn.NOBODY: W("无", "Nobody"),
}


def case_page(
    request: HttpRequest,
    number: str,
    *,
    refused: Refused | None = None,
    at: datetime | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The case as the counter sees it; after a refusal, with the reasons and everything that was typed."""
    actor, at = actor_of(request), at or now()
    page = cases.get_case_for(actor, number, at=at)
    people_commands.record_look(
        actor=actor, party=page.applicant, purpose="service", fields=LOOKED_AT, case_number=number, at=at
    )
    # only the checklist's own answers: what another form brought says nothing of the papers
    checked = any(name.startswith("state:") for name in request.POST)
    typed = request.POST if refused and checked else {}
    checking = bool(CHECKING & set(page.acts))
    rules = cases.at_once_of(actor, page, at=at)
    context = {
        **frame(actor),
        "case": page,
        "can": {act.value for act in page.acts},
        "checking": checking,
        "rows": [(row, shown_finding(row, typed)) for row in page.materials],
        "offer": _offer(actor, page, typed, at) if checking else None,
        "open": [row for row in page.materials if row.state in OPEN_STATES],
        "subjects": _filed(page, at),
        "rules": rules,
        "agent": people.get_party(page.agent) if page.agent else None,
        "problems": problems_sent(request, refused) if refused else NONE,
        "change": refused.change if isinstance(refused, Conflict) else None,
        "typed": typed,
        "sent": sent(request, refused),
        "bases": catalog.grounds_words(catalog.get_pack(page.item_code, version=page.item_version, at=at)),
        "chosen": several(request, "basis") if refused else [],
        "material_words": MATERIAL_WORDS,
        "refusals": REFUSALS,
        "categories": CATEGORY_WORDS,
        "trip_kinds": [(kind, TRIP_WORDS[kind]) for kind in CHOICES],
        "turn": TURN_WORDS[page.turn],
        "issuer": can_issue(actor),
        "drawing": "" if rules and rules.alone else Markup(cases.way_of(actor, number, at=at).drawing),
        "steps": [(row.name, {"todo": "waiting"}.get(row.state, row.state)) for row in page.phases],
        **(more or {}),
    }
    return render(request, "counter/case.html", context, status=refused.status if refused else 200)


def _offer(actor: Actor, page: CasePage, typed: Mapping[str, Any], at: datetime) -> PromiseOffer:
    states = {row.code: shown_finding(row, typed).state for row in page.materials}
    return cases.promise_offer(actor, page.number, states=states, at=at)


def shown_finding(row: MaterialRow, typed: Mapping[str, Any]) -> MaterialFinding:
    """What the checklist shows of a paper: what was just typed, else what is written."""
    state = str(typed.get(f"state:{row.code}") or row.state.value)
    fault = str(typed.get(f"fault:{row.code}", row.note.zh if row.note else ""))
    seen = f"original:{row.code}" in typed if typed else row.seen_original
    return MaterialFinding(state if state in CHECK_STATES else row.state.value, fault, seen)


def _filed(page: CasePage, at: datetime) -> list[tuple[Subject, tuple[Answer, ...]]]:
    """What was filed, subject by subject, as people read it; personal lines masked."""
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    return masked_answers(with_places(catalog.form_schema(pack, page.answers, page.form)), page.form)
