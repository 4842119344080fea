"""Walk-in intake (新建受理, F4): find or register the person, choose the item, fill in, file once, go straight to the case."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.file_case import Filing, file_case
from yichuang.cases.commands.relay import end_relay
from yichuang.cases.confirming import CONFIRM_WORDS
from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import HeldSpec, ItemFilters, Pack, Requirements, TaskType
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.people import commands as people_commands
from yichuang.people import queries as people
from yichuang.people.values import ID_TYPES, USCC, PartyRow, check_number
from yichuang.registry.values import BASE_WORDS, GROUND_WORDS
from yichuang.web.counter import relaying, walkin
from yichuang.web.counter.desk import serve
from yichuang.web.counter.keys import frame, plain_problems
from yichuang.web.counter.walkin import Typed
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import answers_of, render_schema, subjects
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_of

RESIDENT = "111"
AT_WINDOW = ItemFilters(way="window")
FIRST_ITEMS = 60  # listed without a search; the page says so when there are more
TAKEN = W("已收件，编号 {number}", "Received under number {number}")


def find(request: HttpRequest) -> HttpResponse:
    """Find the person by the number on their document; who is not known yet is registered against it.

    With `for` (an applicant's id) the person found is the agent who files for that applicant.
    """
    actor, at = actor_of(request), now()
    principal = params.uuid_or_none(params.text(request, "for"))
    if request.method != "POST":
        return _find_page(request, principal=principal)
    typed = {name: params.text(request, name) for name in ("id_type", "id_no", "name", "mobile", "address")}
    try:
        party = _register(actor, typed, at) if params.text(request, "step") == "register" else _found(typed)
    except Refused as refused:
        unknown = params.text(request, "step") == "register"
        return _find_page(request, principal=principal, typed=typed, unknown=unknown, refused=refused)
    if party is None:
        return _find_page(request, principal=principal, typed=typed, unknown=True)
    people_commands.record_look(
        actor=actor, party=party, purpose="intake", fields=("name", "id_no"), case_number="", at=at
    )
    if principal:
        return HttpResponseRedirect(reverse("counter:person", args=[principal], query={"agent": str(party)}))
    serve(request, party)
    return HttpResponseRedirect(reverse("counter:person", args=[party]))


def _found(typed: dict[str, str]) -> UUID | None:
    """The known party, also when another document was chosen in the list than the one under which they are known.

    A number that cannot be one of the document chosen is refused before anybody is registered under it.
    """
    number, kind = typed["id_no"], typed["id_type"]
    if not number:
        raise Refused(Reason("ID_NEEDED", W("请录入证件号码", "Please enter the number of the document"), "/id_no"))
    found = people.find_parties(number)
    of_kind = [row for row in found if row.id_type == kind] or found
    if len(of_kind) == 1:
        return of_kind[0].id
    if kind not in ID_TYPES:
        raise Refused(Reason("ID_TYPE", W("请选择证件类型", "Please choose the document"), "/id_type"))
    refuse_all(check_number(kind, number))
    return None


def _register(actor: Actor, typed: dict[str, str], at: datetime) -> UUID:
    return people_commands.register_party(
        actor=actor,
        kind="company" if typed["id_type"] == USCC else "person",
        name=typed["name"],
        id_type=typed["id_type"],
        id_no=typed["id_no"],
        mobile=typed["mobile"],
        address=typed["address"],
        at=at,
    )


def _find_page(
    request: HttpRequest,
    *,
    principal: UUID | None,
    typed: dict[str, str] | None = None,
    unknown: bool = False,
    refused: Refused | None = None,
) -> HttpResponse:
    context = {
        **frame(actor_of(request)),
        "principal": people.get_party(principal) if principal else None,
        "typed": typed or {"id_type": RESIDENT, "id_no": "", "name": "", "mobile": "", "address": ""},
        "unknown": unknown,
        "id_types": tuple(ID_TYPES.items()),
        "problems": plain_problems(refused),
    }
    return render(request, "counter/find.html", context, status=refused.status if refused else 200)


def person(request: HttpRequest, party: UUID) -> HttpResponse:
    """Who stands at the window, in whose name, and for which item."""
    actor, at = actor_of(request), now()
    text = params.text(request, "q", longest=60)
    first = None if text else catalog.list_items(AT_WINDOW, limit=FIRST_ITEMS, at=at)
    items = first.items if first else catalog.search_items(text, at=at, filters=AT_WINDOW)
    if text and not items:
        catalog_commands.record_unanswered(query=text, at=at)
    more = bool(first and first.next)
    context = {
        **frame(actor),
        **_people_of(request, party, at),
        "q": text,
        "items": items,
        "more": more,
        "account": people.account_state(party),
        "signatures": cases.signatures_for(actor, people.get_party(party).id_no),
    }
    return render(request, "counter/person.html", context)


def _people_of(request: HttpRequest, party: UUID, at: datetime, *, item: str = "") -> dict[str, Any]:
    """The applicant and, when somebody else files, the agent with the authority on record; with `item`, for that item."""
    applicant = people.get_party(party)
    agent_id = params.uuid_or_none(str(request.POST.get("agent") or request.GET.get("agent") or ""))
    agent = people.get_party(agent_id) if agent_id and agent_id != party else None
    ties = [row for row in people.represented(agent.id, at=at) if row.principal == party] if agent else []
    if item:
        ties = [row for row in ties if not row.items or item in row.items]
    return {"applicant": applicant, "agent": agent, "ties": ties}


def apply(request: HttpRequest, party: UUID, code: str) -> HttpResponse:
    """The situation, the form and the papers of one item; F8 files. Every other press only shows the page again."""
    actor, at = actor_of(request), now()
    pack = catalog.get_pack(code, at=at)
    who = _people_of(request, party, at, item=code)
    applicant: PartyRow = who["applicant"]
    if request.method != "POST":
        fresh = Typed(walkin.read_answers(request, pack), {}, frozenset(), {}, str(new_id()))
        typed = relaying.begun(request, pack, at) or fresh
        _log_prefill(actor, applicant, at)
        return _apply_page(request, pack, who, typed, at)
    answers = walkin.read_answers(request, pack)
    if params.text(request, "step") == "print":
        return _print(request, pack, who, walkin.read_form(request, pack, answers), answers)
    files, reasons = walkin.read_files(request, actor, at)
    typed = Typed(
        answers,
        walkin.read_form(request, pack, answers),
        walkin.read_codes(request, "original:"),
        files,
        params.text(request, "key", longest=64) or str(new_id()),
        tuple(reasons),
        "authority_seen" in request.POST,
        walkin.read_codes(request, "agreed:"),
        params.choice(request, "confirmed", set(CONFIRM_WORDS)),
        params.text(request, "commitment", longest=16),
        params.uuid_or_none(params.text(request, "relay")),
        params.text(request, "relay_seen", longest=64),
    )
    typed = replace(typed, files=relaying.owned(actor, typed, at))
    if reasons:
        return _apply_page(request, pack, who, typed, at, refused=Refused(*reasons))
    if params.text(request, "step") == "hand-on":
        agent = who["agent"]
        try:
            return relaying.hand_on(request, pack, applicant.id, agent.id if agent else None, typed, at)
        except Conflict as changed:
            return _apply_page(request, pack, who, typed, at, refused=changed)
    if params.text(request, "step") != "file":
        return _apply_page(request, pack, who, typed, at)
    return _file(request, pack, who, typed, at)


def _print(
    request: HttpRequest, pack: Pack, who: dict[str, Any], form: Mapping[str, Any], answers: Mapping[str, Any]
) -> HttpResponse:
    """What was typed, to be read and signed by who stands at the window; nothing is kept by it."""
    schema = with_places(catalog.form_schema(pack, answers, form))
    chosen = [
        (question.text, option.label)
        for question in walkin.questions_of(pack, answers)
        for option in question.options
        if option.value == answers.get(question.id)
    ]
    sections = [(subject.label, answers_of(schema, form, subject)) for subject in subjects(schema)]
    context = {
        **frame(actor_of(request)),
        **who,
        "pack": pack,
        "permit": pack.kind is TaskType.PERMIT,
        "chosen": chosen,
        "sections": sections,
        "at": now(),
    }
    return render(request, "counter/apply_print.html", context)


def _file(request: HttpRequest, pack: Pack, who: dict[str, Any], typed: Typed, at: datetime) -> HttpResponse:
    agent: PartyRow | None = who["agent"]
    filing = Filing(
        item_code=pack.code,
        item_version=pack.version,
        answers=typed.answers,
        form=typed.form,
        materials={c: [kept.id for kept in files] for c, files in typed.files.items() if files},
        applicant=who["applicant"].id,
        agent=agent.id if agent else None,
        authority_seen=typed.authority_seen,
        confirmed=typed.confirmed,
        originals=typed.originals,
        agreed=typed.agreed,
        commitment=typed.commitment,
        locale=(agent or who["applicant"]).language or "zh-hans",
    )
    try:
        receipt, replayed = file_case(actor=actor_of(request), filing=filing, key=typed.key, at=at)
    except NotFound:
        raise
    except Refused as refused:
        return _apply_page(request, pack, who, typed, at, refused=refused)
    if receipt.judged and not replayed:
        decide_at_once(case=receipt.case_id, at=at)  # never alone: what was typed at a window is checked by another
    if typed.relay is not None:
        end_relay(actor=actor_of(request), relay=typed.relay, seen=typed.seen, at=at)
    if not replayed:
        note(request, TAKEN.format(number=receipt.number))
    return HttpResponseRedirect(reverse("counter:case", args=[receipt.number]))


def _apply_page(
    request: HttpRequest, pack: Pack, who: dict[str, Any], typed: Typed, at: datetime, refused: Refused | None = None
) -> HttpResponse:
    applicant: PartyRow = who["applicant"]
    asked = walkin.questions_of(pack, typed.answers)
    complete = all(question.id in typed.answers for question in asked)
    known, origins = walkin.known_of(pack, applicant)
    form = typed.form or known
    problems = problems_of(refused) if refused else NONE
    schema = with_places(catalog.form_schema(pack, typed.answers, form))
    needs = _needs(actor_of(request), pack, applicant, typed, form, at) if complete else None
    context = {
        **frame(actor_of(request)),
        **who,
        "pack": pack,
        "asked": asked,
        "typed": typed,
        "complete": complete,
        "pages": render_schema(schema, form, problems, origins=origins) if complete else (),
        "needs": needs,
        "offers": _offers(pack, needs, applicant, typed, form, at) if needs else {},
        "bases": BASE_WORDS,
        "grounds": GROUND_WORDS,
        "letter": cases.letter_of(pack, needs) if needs else None,
        "ways": CONFIRM_WORDS,
        "against": cases.why_not_promise(pack, needs, applicant.id) if needs else (),
        "problems": problems,
    }
    return render(request, "counter/apply.html", context, status=refused.status if refused else 200)


def _needs(
    actor: Actor, pack: Pack, applicant: PartyRow, typed: Typed, form: Mapping[str, Any], at: datetime
) -> Requirements:
    """The papers that this applicant must hand in, from the answers, the form and what the registers hold."""
    facts = cases.facts_for(pack, applicant.id, form, channel=actor.channel.value, at=at)
    return catalog.requirements(pack.code, pack.version, answers=typed.answers, form=form, facts=facts, at=at)


def _offers(
    pack: Pack, needs: Requirements, applicant: PartyRow, typed: Typed, form: Mapping[str, Any], at: datetime
) -> Mapping[str, HeldSpec]:
    """What will be fetched when this is filed, or may be if the applicant agrees (免证办)."""
    found = cases.held_offers(pack, needs, applicant, typed.answers, form, at=at)
    given = {code for code, files in typed.files.items() if files} | typed.originals
    return {code: spec for code, spec in found.items() if code not in given}


def _log_prefill(actor: Actor, applicant: PartyRow, at: datetime) -> None:
    """The form opens with the applicant's own data in it: they can read that it did."""
    people_commands.record_look(
        actor=actor, party=applicant.id, purpose="intake", fields=("name", "id_no", "mobile"), case_number="", at=at
    )
