"""求助 as pages show it: my requests, those of a place, and one of them as its reader may see it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from yichuang.cases.commands.help import THE_REQUEST, may_hold
from yichuang.cases.helping import (
    CONSENT_WORDS,
    HELP_WORDS,
    KIND_WORDS,
    STEP_WORDS,
    Consent,
    HelpCase,
    HelpKind,
    HelpPage,
    HelpRow,
    HelpState,
    HelpStepRow,
)
from yichuang.cases.models import Case, Draft, HelpRequest, HelpStep
from yichuang.cases.permissions import HELPERS, can_help, can_see_help, is_asker
from yichuang.cases.states import WORDS, State
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people import queries as people

MOST = 100


def my_help(actor: Actor, *, at: datetime) -> tuple[HelpRow, ...]:
    """The requests of this person and of those they stand for, the latest first."""
    if actor.kind != "person" or actor.id is None:
        return ()
    rows = HelpRequest.objects.filter(asker__in={actor.id, *actor.represents}).order_by("-id")[:MOST]
    return _rows(actor, rows, at)


def list_help(actor: Actor, *, at: datetime) -> tuple[HelpRow, ...]:
    """What waits or is under way at the places where the actor helps, the longest first."""
    places = {grant.place for grant in actor.grants if grant.place} if actor.is_staff else set()
    mine = [place for place in places if can_help(actor, place)]
    rows = HelpRequest.objects.filter(place__in=mine, state__in=["open", "taken"]).order_by("asked_at", "id")[:MOST]
    return _rows(actor, rows, at)


def get_help(actor: Actor, request: UUID, *, at: datetime) -> HelpPage:
    """One request; 404 for who neither asked nor helps at its place.

    Address and mobile number are the helper's alone, while the request runs and consent is given; so is what came of it.
    """
    row = HelpRequest.objects.filter(id=request).first()
    if row is None or not can_see_help(actor, row.place_id, row.asker_id):
        raise NotFound(THE_REQUEST)
    asks, state = is_asker(actor, row.asker_id), HelpState(row.state)
    helps = can_help(actor, row.place_id)
    mine = helps and state is HelpState.TAKEN and row.helper_id == actor.id
    may = {Consent(one) for one in row.consents} if mine else set(Consent) if asks else set()
    steps = list(HelpStep.objects.filter(request=row).select_related("case").order_by("at", "id"))
    [line] = _rows(actor, [row], at)
    reads = asks or mine or (helps and state is HelpState.OPEN)  # what is said of oneself is not for the whole place
    return HelpPage(
        row=line,
        asker=row.asker_id,
        kind=HelpKind(row.kind),
        item_code=row.item_code,
        text=row.text if reads else "",
        address=row.address if Consent.HOME in may else "",
        wished=row.wished if reads else "",
        mobile=people.get_party(row.asker_id).mobile if mine and Consent.PHONE in may else "",
        consents=tuple((one, CONSENT_WORDS[one], one.value in row.consents) for one in Consent),
        steps=tuple(
            HelpStepRow(one.at, one.by_name if one.by_kind == "staff" or asks else row.asker_masked, STEP_WORDS[one.kind], _said(one, cases=Consent.PROGRESS in may) if reads else "")
            for one in steps
        ),
        cases=_cases(row, steps) if Consent.PROGRESS in may else (),
        drafts=_drafts(row) if Consent.PROGRESS in may else 0,
        ended_at=row.ended_at,
        is_asker=asks,
        is_helper=mine,
        may_take=helps and state is HelpState.OPEN and may_hold(row, actor.id),
        colleagues=tuple(
            (one.id, one.name) for one in people.list_at_place(row.place_id, HELPERS, at=at) if one.id != actor.id
        )
        if mine
        else (),
    )  # fmt: skip


def _said(step: HelpStep, *, cases: bool) -> str:
    """What a step says; the number of a linked case only to whom the progress may be known."""
    if step.kind == "consent-withdrawn" and step.text in set(Consent):
        return str(CONSENT_WORDS[Consent(step.text)].zh)
    if step.case is not None:
        return str(step.case.number) if cases else ""
    return str(step.text)


def _cases(row: HelpRequest, steps: Iterable[HelpStep]) -> tuple[HelpCase, ...]:
    """The linked cases, and those that the asker filed for this item since; without asking anybody to link them."""
    found = {step.case.id: step.case for step in steps if step.case is not None}
    if row.item_code:
        filed = Case.objects.filter(applicant=row.asker, item_code=row.item_code, filed_at__gte=row.asked_at)
        found |= {case.id: case for case in filed.order_by("-id")[:10]}
    return tuple(
        HelpCase(case.number, Words(case.item_name_zh, case.item_name_en), WORDS[State(case.state)])
        for case in sorted(found.values(), key=lambda case: case.filed_at)
    )


def _drafts(row: HelpRequest) -> int:
    if not row.item_code:
        return 0
    return Draft.objects.filter(owner=row.asker, item_code=row.item_code, updated_at__gte=row.asked_at).count()


def _rows(actor: Actor, rows: Iterable[HelpRequest], at: datetime) -> tuple[HelpRow, ...]:
    places = network.places_by_id()
    return tuple(
        HelpRow(
            id=row.id,
            number=row.number,
            kind=KIND_WORDS[HelpKind(row.kind)],
            item=_item(row.item_code, at),
            place=places[row.place_id].name,
            state=HelpState(row.state),
            words=HELP_WORDS[HelpState(row.state)],
            asked_at=row.asked_at,
            asker_masked=row.asker_masked,
            helper=row.helper_name,
            mine=row.helper_id is not None and row.helper_id == actor.id,
        )
        for row in rows
    )


def _item(code: str, at: datetime) -> Words:
    """The item's name; one that is withdrawn keeps its code."""
    if not code:
        return W("还没有确定办什么", "not sure yet what for")
    try:
        return catalog.get_item(code, at=at).name
    except NotFound:
        return Words(code, code)
