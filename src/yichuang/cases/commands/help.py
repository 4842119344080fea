"""求助: asked, taken by one helper at a time, step by step, done or ended; consent ends with it. It is no agency (委托)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import permissions
from yichuang.cases.helping import CONSENT_WORDS, HELP_WORDS, KIND_WORDS, STEP_WORDS, Consent, HelpKind, HelpState
from yichuang.cases.models import Case, HelpRequest, HelpStep
from yichuang.cases.moves import relations_of
from yichuang.cases.rules import help as rules
from yichuang.cases.services import of_help
from yichuang.cases.vouch.help import facts_of
from yichuang.catalog import queries as catalog
from yichuang.core import ledger, live, numbers
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.events import publish
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people

THE_REQUEST = W("求助", "request for help")
ASK, HELP, END = W("提出求助", "ask for help"), W("帮办", "help"), W("结束求助", "end the request")
TAKEN_ALREADY = W("这个求助刚刚已由同事接单", "A colleague has just taken this request")
NOT_RUNNING = W("这个求助已经结束", "This request is over")
NOT_YOURS = W("这个求助现在不由您办理", "You are not helping with this request now")
WORDS_NEEDED = W("请写明做了什么（最多 1000 字）", "Say what was done (at most 1,000 characters)")
WHY_NEEDED = W("请写明原因（最多 1000 字）", "Say why (at most 1,000 characters)")
NOT_A_COLLEAGUE = W("只能转交本网点的帮办人员", "It can be handed on to helpers of this place only")
NOT_THEIRS = W("只能关联求助人自己的办件", "Only a case of the person who asked can be linked")
ITEM_UNKNOWN = W("没有这个事项", "There is no such item")
PLACE_NEEDED = W("请选择由哪个网点帮助您", "Choose the place that should help you")


@transaction.atomic
def ask_help(
    *,
    actor: Actor,
    kind: str,
    text: str,
    place: str = "",
    item_code: str = "",
    address: str = "",
    wished: str = "",
    consents: Collection[str] = (),
    asker: UUID | None = None,
    at: datetime,
) -> UUID:
    """Ask for help of a place (code); staff ask at their own place for the person (`asker`) who stands there.

    The same words of the same person, still open, are a button pressed twice. Raises 403; Refused with every reason.
    """
    who = _asker(actor, asker)
    where = (
        actor.place
        if actor.is_staff
        else next((p.id for p in network.list_places() if p.code == place and p.active), None)
    )
    faults = [] if where else [Reason("PLACE_NEEDED", PLACE_NEEDED, "/place")]  # in the order of the form
    faults += rules.judge(kind=kind, text=text, address=address, wished=wished, consents=consents)
    if item_code and not catalog.list_versions(item_code):
        faults.append(Reason("ITEM_UNKNOWN", ITEM_UNKNOWN, "/item"))
    refuse_all(faults)
    assert where is not None
    party = people.get_party(who)
    day = local_date(at)
    serial = numbers.next_number(kind="help", place="", day=day)  # its row stays locked: two presses come one by one
    known = HelpRequest.objects.filter(asker=who, kind=kind, item_code=item_code, state__in=["open", "taken"])
    for row in known.order_by("id"):
        if row.text == text.strip():
            return row.id
    row = HelpRequest(
        number=f"QZ-{day:%Y%m%d}-{serial:05d}", kind=kind, item_code=item_code, place_id=where, asker_id=who,
        asker_masked=party.name_masked, text=text.strip(), wished=wished.strip(),
        address=address.strip() if kind == HelpKind.VISIT else "", consents=sorted(set(consents)),
        channel=actor.channel.value, asked_at=at, asked_at_window_by_id=actor.id if actor.is_staff else None,
    )  # fmt: skip
    row.save(force_insert=True)
    _step(row, "asked", actor, at)
    if actor.is_staff:
        _tell_registered(row, at)
    return row.id


@transaction.atomic
def take_help(*, actor: Actor, request: UUID, at: datetime) -> None:
    """Take an open request; one's own again changes nothing, another's is a Conflict naming who and when.

    Who registered it at the window for somebody does not read by it what only that person may allow
    (`rules.help.may_hold`): REGISTERED_BY_YOU.
    """
    row = _locked(actor, request)
    _check_helps(actor, row)
    if row.state == HelpState.TAKEN and row.helper_id == actor.id:
        return
    if row.state == HelpState.TAKEN:
        change = Change(row.helper_name, row.taken_at or at, STEP_WORDS["taken"])
        raise Conflict(Reason("TAKEN_ALREADY", TAKEN_ALREADY), change=change)
    _check_running(row)
    _check_holds(row, actor.id)
    row.state = HelpState.TAKEN.value
    _hold(row, actor.id, actor.name, at)
    row.save()
    _step(row, "taken", actor, at)
    _tell(row, "help_taken", at, mark=at.isoformat())


@transaction.atomic
def note_step(*, actor: Actor, request: UUID, text: str, at: datetime) -> None:
    """Write down what was done. The same words twice in a row are a button pressed twice."""
    row = _mine(actor, request)
    _check_words(text, WORDS_NEEDED)
    last = HelpStep.objects.filter(request=row).order_by("-at", "-id").first()
    if last is None or (last.kind, last.text) != ("noted", text.strip()):
        _step(row, "noted", actor, at, text)


@transaction.atomic
def hand_on(*, actor: Actor, request: UUID, to: UUID, reason: str, at: datetime) -> None:
    """Hand it on to a colleague who helps at the same place."""
    row = _mine(actor, request)
    _check_words(reason, WHY_NEEDED)
    colleagues = {one.id: one.name for one in people.list_at_place(row.place_id, permissions.HELPERS, at=at)}
    if to == actor.id or to not in colleagues:
        raise Refused(Reason("NOT_A_COLLEAGUE", NOT_A_COLLEAGUE, "/to"))
    _check_holds(row, to)
    _hold(row, to, colleagues[to], at)
    row.save()
    _step(row, "handed-on", actor, at, f"{colleagues[to]}：{reason.strip()}")
    _tell(row, "help_taken", at, mark=at.isoformat())


@transaction.atomic
def return_help(*, actor: Actor, request: UUID, reason: str, at: datetime) -> None:
    """Give it back: it waits for another helper."""
    row = _mine(actor, request)
    _check_words(reason, WHY_NEEDED)
    row.state = HelpState.OPEN.value
    _hold(row, None, "", None)
    row.save()
    _step(row, "returned", actor, at, reason)


@transaction.atomic
def link_case(*, actor: Actor, request: UUID, number: str, at: datetime) -> None:
    """Link a case of the asker; by the asker, or by the helper who may open that case. Twice changes nothing."""
    row = _locked(actor, request)
    if not permissions.is_asker(actor, row.asker_id):
        row = _mine(actor, request)
    _check_running(row)
    case = Case.objects.select_related("department").filter(number=number.strip().upper()).first()
    if case is None or not permissions.can_see(actor, relations_of(case)):
        raise Refused(Reason("CASE_UNKNOWN", W("没有这个办件", "There is no such case"), "/number"))
    if row.asker_id not in {case.applicant_id, case.agent_id}:
        raise Refused(Reason("NOT_THEIRS", NOT_THEIRS, "/number"))
    if not HelpStep.objects.filter(request=row, case=case).exists():
        _step(row, "linked", actor, at, case=case.id)


@transaction.atomic
def finish_help(*, actor: Actor, request: UUID, note: str, at: datetime) -> None:
    """Done, with a note that the asker reads; every consent ends, and who asked may rate it, once."""
    row = _mine(actor, request)
    _check_words(note, WORDS_NEEDED)
    row.state, row.ended_at, row.consents = HelpState.DONE.value, at, []
    row.save()
    _step(row, "done", actor, at, note)
    _tell(row, "help_done", at)
    publish(of_help(row, at))


@transaction.atomic
def end_help(*, actor: Actor, request: UUID, at: datetime, reason: str = "") -> None:
    """The asker ends it, at any time, with or without a reason; every consent ends."""
    row = _asked_by(actor, request)
    _end(row, actor, at, reason)


@transaction.atomic
def withdraw_consent(*, actor: Actor, request: UUID, consent: str, at: datetime) -> None:
    """The asker withdraws one consent; one that this kind of help cannot do without ends the request."""
    row = _asked_by(actor, request)
    if consent not in row.consents:
        raise Refused(Reason("CONSENT_UNKNOWN", rules.CONSENT_UNKNOWN, "/consent"))
    row.consents = [one for one in row.consents if one != consent]
    row.save()
    _step(row, "consent-withdrawn", actor, at, consent)
    if rules.missing(row.kind, row.consents):
        _end(row, actor, at, "")


def _end(row: HelpRequest, actor: Actor, at: datetime, reason: str) -> None:
    row.state, row.ended_at, row.consents = HelpState.ENDED.value, at, []
    row.save()
    _step(row, "ended", actor, at, reason.strip()[: rules.LONGEST])


def _asker(actor: Actor, asker: UUID | None) -> UUID:
    if actor.is_staff:
        if not permissions.can_take_filings(actor):
            raise Refused(Reason("NOT_ALLOWED", permissions.FORBIDDEN.format(act=ASK)), kind="forbidden")
        if asker is None or asker not in people.list_parties([asker]):
            raise Refused(Reason("ASKER_NEEDED", W("请选择求助人", "Say who asks"), "/asker"))
        return asker
    if actor.kind != "person" or actor.id is None:
        raise Refused(Reason("SIGN_IN_FIRST", W("请先登录", "Please sign in")), kind="signed_out")
    if asker is not None and asker != actor.id and not actor.acts_for(asker):
        raise Refused(Reason("NOT_ALLOWED", permissions.FORBIDDEN.format(act=ASK)), kind="forbidden")
    return asker or actor.id


def _locked(actor: Actor, request: UUID) -> HelpRequest:
    row = HelpRequest.objects.select_for_update(of=("self",)).filter(id=request).first()
    if row is None or not permissions.can_see_help(actor, row.place_id, row.asker_id):
        raise NotFound(THE_REQUEST)
    return row


def _check_helps(actor: Actor, row: HelpRequest) -> None:
    if not permissions.can_help(actor, row.place_id):
        raise Refused(Reason("NOT_ALLOWED", permissions.FORBIDDEN.format(act=HELP)), kind="forbidden")


def _mine(actor: Actor, request: UUID) -> HelpRequest:
    """The running request that the actor helps with."""
    row = _locked(actor, request)
    _check_helps(actor, row)
    _check_running(row)
    if row.helper_id != actor.id:
        change = Change(row.helper_name, row.taken_at, STEP_WORDS["taken"]) if row.taken_at else None
        raise Conflict(Reason("NOT_YOURS", NOT_YOURS), change=change)
    return row


def _asked_by(actor: Actor, request: UUID) -> HelpRequest:
    """The running request, for who asked."""
    row = _locked(actor, request)
    if not permissions.is_asker(actor, row.asker_id):
        raise Refused(Reason("NOT_ALLOWED", permissions.FORBIDDEN.format(act=END)), kind="forbidden")
    _check_running(row)
    return row


def _check_holds(row: HelpRequest, helper: UUID | None) -> None:
    if not may_hold(row, helper):
        raise Refused(Reason("REGISTERED_BY_YOU", rules.REGISTERED_BY_YOU), kind="forbidden")


def may_hold(row: HelpRequest, helper: UUID | None) -> bool:
    """Whether this member of staff may help with the request, as far as its consents go."""
    known = HelpStep.objects.filter(request=row, by_kind="person").exists
    return rules.may_hold(row.consents, registered=row.asked_at_window_by_id == helper, known_to_asker=known)


def _check_running(row: HelpRequest) -> None:
    if row.ended_at is not None:
        change = Change(row.helper_name or row.asker_masked, row.ended_at, HELP_WORDS[HelpState(row.state)])
        raise Conflict(Reason("NOT_RUNNING", NOT_RUNNING), change=change)


def _check_words(text: str, words: object) -> None:
    if not 1 <= len(text.strip()) <= rules.LONGEST:
        needed = WHY_NEEDED if words is WHY_NEEDED else WORDS_NEEDED
        raise Refused(Reason("WORDS_NEEDED", needed, "/text"))


def _hold(row: HelpRequest, helper: UUID | None, name: str, at: datetime | None) -> None:
    row.helper_id, row.helper_name, row.taken_at = helper, name, at


def _step(
    row: HelpRequest, kind: str, actor: Actor, at: datetime, text: str = "", *, case: UUID | None = None
) -> None:  # fmt: skip
    """One step, vouched for by the ledger; open pages of the place hear of it."""
    step = HelpStep.objects.create(
        request=row, at=at, kind=kind, by_kind=actor.kind, by_id=actor.id, by_name=actor.name, text=text.strip(),
        case_id=case,
    )  # fmt: skip
    ledger.append(
        act=f"help.{kind}", actor=actor, at=at, subject=Subject("help", row.id), detail={"number": row.number, "state": row.state},
        behalf=row.asker_id, facts=facts_of(row, step),
    )  # fmt: skip
    live.tell(f"place:{row.place_id}")


def _tell_registered(row: HelpRequest, at: datetime) -> None:
    """What was registered in somebody's name at a window, and what it lets the helper do, is told to that person."""
    given = [CONSENT_WORDS[one] for one in Consent if one.value in row.consents] or [W("没有授权", "no consent")]
    words = Words("、".join(one.zh for one in given), "; ".join(one.en for one in given))
    _tell(row, "help_registered", at, consents=words)


def _tell(row: HelpRequest, template: str, at: datetime, *, mark: str = "", **more: Words) -> None:
    party = people.get_party(row.asker_id)
    notices.send(
        address=Address("sms" if party.mobile else "inbox", party.mobile, party.id),
        locale=party.language or "zh-hans",
        template=template,
        values={
            "number": row.number,
            "kind": KIND_WORDS[HelpKind(row.kind)],
            "place": network.get_place_by_id(row.place_id).name,
            **more,
        },
        at=at,
        dedupe=f"{template}:{row.id}:{mark}",
    )
