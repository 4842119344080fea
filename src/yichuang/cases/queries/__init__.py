"""Every read of the cases room. Each gate answers 404 for what is not there and for what is not yours, alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases import clocks, messages
from yichuang.cases.commands.notify_gaps import gap_from_json
from yichuang.cases.corrections import corrections_of, list_corrections
from yichuang.cases.duties import duty_pages
from yichuang.cases.duties import on_duty as on_duty
from yichuang.cases.extensions import extensions_of, hidden_acts, waiting_extensions
from yichuang.cases.following import follow_ups_of, name_of, why_not_follow
from yichuang.cases.hearings import hearings_of, possible_chairs
from yichuang.cases.inspections import inspections_of, inspectors_of, is_sent, my_inspections
from yichuang.cases.models import (
    Case,
    Decision,
    Document,
    GapNotice,
    Hold,
    SupplyLink,
    Upload,
)
from yichuang.cases.moves import THE_CASE, relations_of
from yichuang.cases.needs import face_fact as face_fact
from yichuang.cases.needs import facts_for as facts_for  # what the state already knows, for the doors
from yichuang.cases.numbering import link_index, query_index
from yichuang.cases.offers import acts_of, letter_to_sign, offered_until, unsigned
from yichuang.cases.pages import (
    CasePage,
    ClockPage,
    DecisionRow,
    NoticeRow,
    PromiseOffer,
    SupplyScope,
    ToldRow,
    WayPage,
)
from yichuang.cases.permissions import (
    can_ask,
    can_ask_correction,
    can_note_trips,
    can_prioritise,
    can_read_papers,
    can_see,
    can_urge,
    check_can_do,
    is_clerk_of,
    stands_for_applicant,
)
from yichuang.cases.promises import offer
from yichuang.cases.queries.at_once import at_once_of, open_reviews
from yichuang.cases.queries.casefile import documents_of, material_rows, materials_of, upload_row, whole_case
from yichuang.cases.queries.certificates import (
    certificate_page,
    find_certificates,
    proceedings_of_holder,
    running_proceedings,
)
from yichuang.cases.queries.commitments import (
    commitments_of,
    get_commitment,
    letter_of,
    list_checks,
    why_not_committed,
    why_not_promise,
)
from yichuang.cases.queries.drafts import earlier_offers, get_draft, held_offers, list_drafts, papers_of_draft
from yichuang.cases.queries.endings import ending_of, lapse_of, previous_of
from yichuang.cases.queries.entries import timeline_of
from yichuang.cases.queries.escalations import escalations_of, list_escalated
from yichuang.cases.queries.hands import hands_of, task_for
from yichuang.cases.queries.helps import get_help, list_help, my_help
from yichuang.cases.queries.parts import (
    CasePart,
    case_parts,
    list_free_uploads,
    packages_of,
    ready_beside,
    states_of,
)
from yichuang.cases.queries.priorities import category_for
from yichuang.cases.queries.questions import list_questions, questions_of
from yichuang.cases.queries.rechecks import get_recheck, list_rechecks
from yichuang.cases.queries.records import (
    applicant_of,
    case_of_id,
    case_record,
    closed_behind,
    departments_of,
    followers_of,
    what_keeps,
)
from yichuang.cases.queries.rehearsals import get_rehearsal, list_rehearsals, rehearsal_lines
from yichuang.cases.queries.relays import relay_steps as relay_steps
from yichuang.cases.queries.relays import relayed as relayed
from yichuang.cases.queries.rulesets import decides_alone, get_rule_set, list_examples, list_rule_sets
from yichuang.cases.queries.signings import find_signing, get_signature, list_signatures, list_signings, signatures_for
from yichuang.cases.queries.tasklists import list_tasks
from yichuang.cases.queries.trips import page_of as trips_of
from yichuang.cases.results import carry_step_of, list_results, result_of
from yichuang.cases.rules.clock import RULE_VERSION, answer_deadline, decision_deadline, delivery_deadline
from yichuang.cases.rules.sentences import day_of, light_of_row, phases_of, sentence_of, turn_of
from yichuang.cases.services import stays_left
from yichuang.cases.states import ACT_WORDS, ENDS, WORDS, Act, State, acts_in
from yichuang.cases.storage import own_files, read_file
from yichuang.cases.told import is_theirs, notice_by_code, notice_for, notices_of, sender_of
from yichuang.cases.transfers import tasks_here, transfer_targets
from yichuang.cases.values import (
    DocumentKind,
    DocumentRow,
    DocumentValues,
    GapItem,
    HoldRow,
    MaterialRow,
    MaterialState,
    PublicProgress,
    TimelineRow,
    UploadRow,
    document_title,
)
from yichuang.cases.ways import way_page
from yichuang.cases.worklists import OFFERED, list_my_cases, list_ready, list_work, next_step_of, work_row
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import last_date
from yichuang.core.compiled import Compiled, compiled
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network

__all__ = [
    "find_signing", "get_signature", "list_signatures", "list_signings", "signatures_for",
    "CasePart", "applicant_of", "at_once_of", "case_of_id", "case_parts", "case_record", "certificate_page", "clock_of", "closed_behind", "decides_alone", "departments_of", "duty_pages", "earlier_offers", "extensions_of", "facts_for",
    "find_by_query_code", "find_certificates", "follow_ups_of", "followers_of", "get_case_for", "get_commitment", "get_case_with_clock", "get_document", "get_document_values", "get_draft", "get_help", "get_recheck",
    "get_rehearsal", "get_rule_set", "hands_of", "hearings_of", "held_offers", "inspections_of", "inspectors_of", "letter_of", "list_checks", "list_corrections", "list_drafts", "papers_of_draft", "list_escalated", "list_examples", "list_free_uploads", "list_help", "list_my_cases",
    "list_questions", "list_ready", "list_rechecks", "list_rehearsals", "list_results", "list_rule_sets", "list_tasks", "list_uploads", "list_work", "my_help", "my_inspections", "name_of",
    "packages_of", "ready_beside",
    "notice_by_code", "notice_for", "notices_of", "open_reviews", "possible_chairs", "proceedings_of_holder", "promise_offer", "promise_to_sign", "read_upload", "rehearsal_lines", "releasable", "running_proceedings", "states_of", "stays_left", "supply_scope", "task_for", "timeline", "told_of", "transfer_targets", "waiting_extensions", "way_of", "what_keeps", "why_not_committed", "why_not_follow", "why_not_promise", "work_row",
]  # fmt: skip
THE_DOCUMENT = W("文书", "document")
THE_FILE = W("文件", "file")
THE_LINK = W("补交链接", "link")


@compiled
def _case(number: str) -> QuerySet[Case]:
    return Case.objects.select_related("department").filter(number=number).order_by("id")[:1]


@compiled
def _notices(case: UUID) -> QuerySet[GapNotice]:
    return GapNotice.objects.filter(case=case).order_by("round")


@compiled
def _decisions(case: UUID) -> QuerySet[Decision]:
    return Decision.objects.filter(case=case).order_by("case_id")


@compiled
def _open_holds(case: UUID) -> QuerySet[Hold]:
    return Hold.objects.filter(case=case, lifted_at__isnull=True).order_by("placed_at", "id")


@compiled
def _papers(case: UUID) -> QuerySet[Document]:
    return Document.objects.filter(case=case).defer("values").order_by("id")


def _gate(actor: Actor, number: str, *, what: Words = THE_CASE, find: Compiled[[str], Case] = _case) -> Case:
    """The case, for somebody who may open it: a party, its clerks, its department, holders of posts with a task on it.

    `what` was asked for: its refusal must read like that of one that is not there."""
    case = find.first(number)
    if case is None:
        raise NotFound(what)
    if can_see(actor, relations_of(case)):
        return case
    if actor.is_staff and is_sent(actor, case):
        return case
    if actor.is_staff and actor.posts:
        posts = frozenset(task.post for task in tasks_here(case))
        if can_see(actor, relations_of(case), task_posts=posts):
            return case
    raise NotFound(what)


def get_case_for(actor: Actor, number: str, *, at: datetime) -> CasePage:
    """The whole case page; the number of statements does not grow with its history."""
    return _page(actor, _gate(actor, number, find=whole_case), at)


def get_case_with_clock(actor: Actor, number: str, *, at: datetime) -> tuple[CasePage, ClockPage]:
    """`get_case_for` and `clock_of` of the same case, which is read once."""
    case = _gate(actor, number, find=whole_case)
    return _page(actor, case, at), _clock(case, at)


def _page(actor: Actor, case: Any, at: datetime) -> CasePage:
    """The page of a whole case."""
    relations = relations_of(case)
    state = State(case.state)
    notices = tuple(
        NoticeRow(
            n.round, n.told_at, tuple(gap_from_json(i) for i in n.items), tuple(n.new_demands), n.supervisor_reason
        )
        for n in (_notices(case.id) if case.has_notices else ())
    )
    materials = materials_of(case, own=not actor.is_staff)
    if not can_read_papers(actor, relations):  # names of files are as personal as what is in them
        materials = tuple(replace(row, uploads=(), held=None) for row in materials)
    decision = _decisions.first(case.id) if case.has_decision else None
    places, departments = network.places_and_departments()  # one look-up for the place and the whole timeline
    timeline = timeline_of(case, places)
    urged = actor.is_staff and any(row.act in {"escalate", "urge"} for row in timeline)
    offered = offered_until(case, at)
    result = result_of(case.id, places, staff=actor.is_staff) if case.has_result else None
    may_know = actor.is_staff or decision is None or decision.served_at is not None
    return CasePage(
        id=case.id,
        number=case.number,
        query_code=case.query_code if stands_for_applicant(actor, relations) or is_clerk_of(actor, relations) else "",
        version=case.version,
        state=state,
        words=OFFERED if offered is not None and at < offered else WORDS[state],
        sentence=sentence_of(state, case.due_at, offered),
        next_step=carry_step_of(state, result) or next_step_of(state, offered=offered is not None and at < offered),
        turn=turn_of(state, offered, at),
        phases=phases_of(state),
        item_code=case.item_code,
        item_version=case.item_version,
        item=Words(case.item_name_zh, case.item_name_en),
        is_permit=case.is_permit,
        channel=case.channel,
        applicant=case.applicant_id,
        applicant_masked=case.applicant_masked,
        agent=case.agent_id,
        receiver=case.receiver_id,
        department=case.department_id,
        department_name=departments[case.department_id].name,
        taking_place=case.taking_place_id,
        taking_place_name=places[case.taking_place_id].name,
        responsible_place=case.responsible_place_id,
        responsible_place_name=places[case.responsible_place_id].name,
        answers=case.answers,
        form=case.form,
        filed_at=case.filed_at,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        accepted_as=case.accepted_as,
        decided_at=case.decided_at if may_know else None,
        materials=materials,
        asked=_asked(state, materials, notices),
        notices=notices,
        holds=releasable(case.id) if case.has_holds else (),
        documents=documents_of(case),
        timeline=timeline,
        decision=_decision(decision) if decision and may_know else None,
        due_at=case.due_at,
        light=light_of_row(state, case.due_at, at),
        acts=acts_of(
            actor,
            state,
            relations,
            offered=offered is not None,
            result=result,
            hidden=hidden_acts(actor, case, timeline, at),
        ),  # fmt: skip
        lapse=lapse_of(case.id) if case.has_lapse else None,
        trips=trips_of(case, materials, places, at),
        may_note_trips=can_note_trips(actor, relations),
        escalations=escalations_of(case.id) if urged else (),
        may_urge=can_urge(actor, relations) and state not in ENDS,
        promise_until=offered,
        ending=ending_of(case, departments[case.department_id]),
        previous=previous_of(case),
        result=result,
        priority=case.is_priority,
        priority_category=category_for(actor, case, relations),
        may_prioritise=can_prioritise(actor, relations) and state not in ENDS,
        follow_up=case.follow_up,
        package=case.package,
        commitments=commitments_of(case, at) if case.has_commitments else (),
        corrections=corrections_of(actor, case) if case.has_corrections else (),
        may_ask_correction=can_ask_correction(actor, relations),
        questions=questions_of(case.id) if case.has_questions and actor.is_staff else (),
        may_ask=can_ask(actor, relations) and state not in ENDS,
    )


def clock_of(actor: Actor, number: str, *, at: datetime) -> ClockPage:
    """The derivation of every deadline of the case (时限账), the same for applicant and staff."""
    return _clock(_gate(actor, number, find=whole_case), at)


def way_of(actor: Actor, number: str, *, at: datetime) -> WayPage:
    """办理流程: the steps of the case's process and where it is now, drawn in the actor's language; applicant and staff alike."""
    return way_page(_gate(actor, number), locale=actor.locale, at=at)


def _clock(case: Any, at: datetime) -> ClockPage:
    """The clock of a whole case."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    decision = _decisions.first(case.id) if case.has_decision else None
    served_at = decision.served_at if decision else None
    facts = clocks.facts_of(case, legal_basis=pack.cite(pack.legal_limit.basis), served_at=served_at)
    calendar = network.working_calendar()
    candidates = [
        answer_deadline(facts, calendar, at),
        decision_deadline(facts, calendar, at, promise=True),
        decision_deadline(facts, calendar, at, promise=False),
        delivery_deadline(facts, calendar, at, case.delivered_at),
    ]
    found = tuple(deadline for deadline in candidates if deadline is not None)
    item = Words(case.item_name_zh, case.item_name_en)
    no_extension = messages.EXTENSION_NOT_ALLOWED if pack.extension is None else None
    for reason in clocks.why_no_extension(facts, at, calendar):
        no_extension = no_extension or reason.words
    return ClockPage(case.number, item, found, all(d.certain for d in found), RULE_VERSION, at, no_extension)


def promise_offer(actor: Actor, number: str, *, states: Mapping[str, str], at: datetime) -> PromiseOffer:
    """What the letter of promise would say, for findings (material code → state) that are not yet written."""
    return offer(_gate(actor, number), states, at)


def promise_to_sign(actor: Actor, number: str, *, at: datetime) -> PromiseOffer:
    """The letter that is offered for signature, for who may sign it (`offers.letter_to_sign`)."""
    return letter_to_sign(actor, _gate(actor, number), at)


def why_unsigned(actor: Actor, number: str, *, letter: str, agreed: bool, at: datetime) -> list[Reason]:
    """What stands against a signature beside the proof of who signs: asked first, so that no code is spent in vain."""
    return unsigned(letter_to_sign(actor, _gate(actor, number), at), letter, agreed=agreed)


def told_of(actor: Actor, number: str, *, at: datetime) -> tuple[ToldRow, ...]:
    """Everybody who was told of the right to be heard, for who takes the steps towards a hearing."""
    case = _gate(actor, number)
    check_can_do(actor, Act.HEARING, relations_of(case), ACT_WORDS[Act.HEARING])
    return tuple(one for row in hearings_of(case.id, at=at) for one in row.told)


def timeline(actor: Actor, number: str) -> tuple[TimelineRow, ...]:
    """Every act on the case, from the ledger, oldest first."""
    return timeline_of(_gate(actor, number), network.places_by_id())


def documents(actor: Actor, number: str) -> tuple[DocumentRow, ...]:
    """The legal documents of the case, oldest first."""
    case = _gate(actor, number)
    return tuple(_document(row, permit=case.is_permit) for row in _papers(case.id))


def get_document(actor: Actor, document: UUID) -> DocumentRow:
    """One document, for somebody who may open its case."""
    row = Document.objects.select_related("case").filter(id=document).first()
    if row is None:
        raise NotFound(THE_DOCUMENT)
    _gate(actor, row.case.number, what=THE_DOCUMENT)
    return _document(row, permit=row.case.is_permit)


def get_document_values(document: UUID) -> DocumentValues:
    """What a document says, for the room that makes the paper. No gate: ask `get_document` first."""
    row = Document.objects.filter(id=document).first()
    if row is None:
        raise NotFound(THE_DOCUMENT)
    kind = DocumentKind(row.kind)
    return DocumentValues(
        row.id, kind, row.number, row.organ, row.seal, row.issued_at, row.values, row.template_version
    )


def read_upload(actor: Actor, upload: UUID) -> tuple[UploadRow, bytes]:
    """A file that was handed in: for the applicant's side and the staff of its case, or its owner while it has none.

    What an interested party handed in with a statement (陈述申辩) is for that party and the staff alone."""
    row = Upload.objects.select_related("case").filter(id=upload).first()
    if row is None:
        raise NotFound(THE_FILE)
    sender = sender_of(row.case_id, upload) if row.case_id and not actor.is_staff else None
    if sender and not sender.is_applicant:
        if not is_theirs(actor, sender):
            raise NotFound(THE_FILE)
    elif row.case is not None:
        case = _gate(actor, row.case.number, what=THE_FILE)
        if not can_read_papers(actor, relations_of(case)):
            raise NotFound(THE_FILE)
    elif actor.id is None or actor.id not in {row.owner_id, row.staff_id}:
        raise NotFound(THE_FILE)
    return upload_row(row), read_file(row.id, row.path)


def list_uploads(actor: Actor, ids: Sequence[UUID]) -> tuple[UploadRow, ...]:
    """The rows of those files that are the actor's own (a link's: sent through links of its case), in the order they came."""
    if not ids or actor.kind == "anonymous":
        return ()
    return tuple(upload_row(row) for row in Upload.objects.filter(own_files(actor), id__in=ids).order_by("id"))


def find_by_query_code(number: str, code: str, *, at: datetime) -> PublicProgress:
    """Public progress by number and query code together. The door counts wrong guesses (`webkit.limits`)."""
    case = Case.objects.filter(query_index=query_index(number, code), number=number.strip().upper()).first()
    if case is None:
        raise NotFound(THE_CASE)
    state = State(case.state)
    notices = tuple(
        NoticeRow(n.round, n.told_at, tuple(gap_from_json(i) for i in n.items), (), "") for n in _notices(case.id)
    )
    return PublicProgress(
        number=case.number,
        item=Words(case.item_name_zh, case.item_name_en),
        state=state,
        sentence=sentence_of(state, case.due_at, offered_until(case, at)),
        phases=phases_of(state),
        filed_at=case.filed_at,
        due_date=last_date(case.due_at) if case.due_at else None,
        turn=turn_of(state, offered_until(case, at), at),
        organ=network.get_department_by_id(case.department_id).name,
        asked=_asked(state, material_rows(case), notices),
    )


def supply_scope(code: str, *, at: datetime) -> SupplyScope:
    """What a supply link opens now; gone when it expired, was revoked, or the case has ended."""
    link = SupplyLink.objects.select_related("case").filter(code_index=link_index(code)).first()
    if link is None:
        raise NotFound(THE_LINK)
    open_now = link.revoked_at is None and at < link.expires_at and Act.SUPPLEMENT in acts_in(State(link.case.state))
    if not open_now:
        words = W("这个补交链接已失效，请联系窗口重新获取", "This link has expired; ask the window for a new one")
        raise Refused(Reason("LINK_GONE", words), kind="gone")
    rows = tuple(row for row in material_rows(link.case) if row.code in set(link.materials))
    case = link.case
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    files = {material.code: material.files for material in pack.materials}
    item = Words(case.item_name_zh, case.item_name_en)
    return SupplyScope(link.id, case.id, case.number, item, link.expires_at, rows, files)


def releasable(case: UUID) -> tuple[HoldRow, ...]:
    """What still holds the result; empty means that it may be served."""
    return tuple(HoldRow(h.kind, h.source, Words(h.words_zh, h.words_en), h.placed_at) for h in _open_holds(case))


def _asked(state: State, materials: Sequence[MaterialRow], notices: Sequence[NoticeRow]) -> tuple[GapItem, ...]:
    """What is asked of the applicant now: the open items of the last notice, or the promised papers."""
    if state is State.CORRECTING and notices:
        waiting = {m.code for m in materials if m.state in {MaterialState.MISSING, MaterialState.FAULTY}}
        return tuple(item for item in notices[-1].items if item.material in waiting)
    return tuple(
        GapItem(
            m.code,
            m.name,
            "missing",
            W("请在{day}前补交“{name}”", "Please hand in “{name}” by {day}").format(
                name=m.name, day=day_of(m.due_date)
            ),
            True,
        )
        for m in materials
        if m.state is MaterialState.PROMISED and state in {State.IN_REVIEW, State.SUSPENDED, State.PREPARED}
    )


def _document(row: Document, *, permit: bool) -> DocumentRow:
    kind = DocumentKind(row.kind)
    title = document_title(kind, permit=permit)
    return DocumentRow(row.id, kind, title, row.number, row.issued_at, row.case_id)


def _decision(row: Decision) -> DecisionRow:
    return DecisionRow(row.outcome, str(row.reasons.get("text", "")), row.made_at, row.served_at)
