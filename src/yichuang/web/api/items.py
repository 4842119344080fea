"""/items: what can be applied for, and what one applicant needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import P, QueryEx, Router

from yichuang.cases.queries import facts_for, held_offers, letter_of, why_not_promise
from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import HeldSpec, Pack, Requirements
from yichuang.core.clock import local_date, now
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.web.api import translate
from yichuang.web.api.schemas import ItemDetailOut, ItemsOut, Problem, RequirementsIn, RequirementsOut
from yichuang.webkit.actor import actor_of

router = Router(tags=["items"])
JSON = "application/json; charset=utf-8"  # as of every other answer


@router.get("", response={200: ItemsOut, 422: Problem}, url_name="items", summary="Search or list the published items")
def list_items(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=100)] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
    cursor: str | None = None,
) -> HttpResponse:
    """With `q`: the best hits, as people talk (a search in vain is counted for the editors). Without: every item, page by page."""
    at, following = now(), None
    if q.strip():
        found = catalog.search_items(q, limit, at=at)
        if not found:
            catalog_commands.record_unanswered(query=q, at=at)
    else:
        page = catalog.list_items(cursor=cursor, limit=limit, at=at)
        found, following = page.items, page.next
    # written as it is: reading twenty lines of our own into models and out again took a quarter of the answer's time
    body = {"items": [translate.item(row) for row in found], "next": following}
    return HttpResponse(msgspec.json.encode(body), content_type=JSON)


@router.get(
    "/{code}", response={200: ItemDetailOut, 404: Problem}, url_name="item", summary="One item: guide, form, materials"
)
def get_item(request: HttpRequest, code: str) -> dict[str, Any]:
    at = now()
    return translate.item_detail(catalog.get_item(code, at=at), catalog.get_pack(code, at=at))


@router.post(
    "/{code}/requirements",
    response={200: RequirementsOut, 401: Problem, 404: Problem, 422: Problem},
    url_name="requirements",
    summary="What this applicant needs, what is missing, path and due day",
)
def requirements(request: HttpRequest, code: str, body: RequirementsIn) -> dict[str, Any]:
    at, actor = now(), actor_of(request)
    pack = catalog.get_pack(code, at=at)
    applicant = body.applicant or actor.id
    known = applicant is not None and (actor.acts_for(applicant, item=code) or actor.is_staff)
    facts = facts_for(pack, applicant, body.form, channel=actor.channel.value, at=at) if known and applicant else {}
    needs = catalog.requirements(code, pack.version, answers=body.answers, form=body.form, facts=facts, at=at)
    asked_for = body.applicant or (None if actor.is_staff else actor.id)  # staff who name nobody ask for nobody
    offers = _offers(pack, needs, asked_for, body, at) if known and asked_for else {}
    verdict = catalog.judge_materials(needs, body.materials)
    return {
        "materials": [
            translate.required(m) | {"fetch": translate.offer(pack, offers[m.code]) if m.code in offers else None}
            for m in needs.materials
        ],
        "missing": [m.code for m in verdict.missing],
        "tolerable": verdict.tolerable,
        "blocked": translate.reasons(
            [*needs.blocked, *(why_not_promise(pack, needs, applicant) if known and applicant else ())]
        ),
        "questions_open": list(needs.questions_open),
        "commitments": [translate.commitment(pack, one) for one in needs.commitments],
        "letter": letter_of(pack, needs).mark,
        "path": needs.path,
        "legal_limit": needs.legal.words.zh,
        "promise_limit": needs.promise.words.zh,
        "due_date": catalog.due_date(needs.promise, local_date(at), network.working_calendar()),
        "form_faults": translate.reasons(
            [
                *catalog.check_answers(pack, body.answers),
                *catalog.check_form(pack, body.form, at=at, answers=body.answers, partial=True),
            ]
        ),
    }


def _offers(
    pack: Pack, needs: Requirements, applicant: UUID, body: RequirementsIn, at: datetime
) -> Mapping[str, HeldSpec]:
    """What may be fetched of this applicant (免证办), as far as the form says whom the papers are about."""
    found = held_offers(pack, needs, people.get_party(applicant), body.answers, body.form, at=at)
    return {code: spec for code, spec in found.items() if code not in body.materials}
