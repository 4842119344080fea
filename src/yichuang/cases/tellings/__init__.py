"""What the applicant is told, when: one function per event; every telling goes out once."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from yichuang.cases.events import ServiceKind
from yichuang.cases.models import Case, Hold, ToldParty
from yichuang.cases.numbering import link_index
from yichuang.cases.ports import NOTHING, rating_words
from yichuang.cases.services import is_rated
from yichuang.cases.states import ENDS, Act, State
from yichuang.cases.values import GROUND_WORDS, Ground, RefusalKind
from yichuang.core.clock import last_date
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address, Due
from yichuang.people import queries as people
from yichuang.people.values import PartyRow

Value = str | int | date | datetime | Words | tuple[Due, ...]
REFUSED: Mapping[RefusalKind, Words] = {
    RefusalKind.NOT_NEEDED: W("无需办理", "no permit needed"),
    RefusalKind.NOT_OURS: W(
        "不属于本机关职权，请按告知书向有权机关申请", "another authority is responsible, see the notice"
    ),
    RefusalKind.NOT_ACCEPTED: W("不予受理", "not accepted"),
}


def _tell(
    case: Case,
    template: str,
    values: Mapping[str, Value],
    at: datetime,
    known: PartyRow | None = None,
    *,
    to: UUID | None = None,
    mark: str = "",
    fresh: bool = False,
) -> None:
    """Send to the agent of the filing while the authority lasts, else to the applicant (or to whom `to` names; `known` may
    be that party), in their language; without a number it waits in the inbox. Messages carry query codes and links: they
    open the case. Who proved an e-mail address gets a copy there; the inbox shows the message once.

    Once per version of the case, or per `mark` where one version may have several; `fresh`: nobody else can tell this of it.
    """
    agent = case.agent_id
    if agent and people.authority_ended(agent, case.applicant_id, at=at):
        agent = None
    wanted = agent or to or case.applicant_id
    known = known or case.known.applicant
    party = known if known and known.id == wanted else people.get_party(wanted)
    address = Address("sms" if party.mobile else "inbox", party.mobile, party.id)
    item: Value = Words(case.item_name_zh, case.item_name_en)
    copy = (Address("email", party.email),) if party.email else ()
    for way in (address, *copy):
        notices.send(
            address=way,
            locale=party.language or case.locale,
            template=template,
            values={"item": item, "number": case.number, **values},
            at=at,
            dedupe=f"{template}:{case.id}:{mark or case.version}{':email' if way.kind == 'email' else ''}",
            fresh=fresh,
        )


def _rate(case: Case) -> Words:
    """Where the ending is rated; not told to a receiver who is somebody else."""
    if not is_rated(case) or case.receiver_id != case.applicant_id or State(case.state) not in ENDS:
        return NOTHING
    return rating_words(ServiceKind.CASE, case.id)


def _due(case: Case) -> Value:
    return last_date(case.due_at) if case.due_at else W("待定", "open")


def tell_filed(case: Case, *, applicant: PartyRow, at: datetime) -> None:
    _tell(case, "case_filed", {"query_code": case.query_code}, at, known=applicant, fresh=True)


def tell_granted_at_once(case: Case, *, at: datetime) -> None:
    """Received and granted in one act: one message for both."""
    _tell(case, "granted_at_once", {"query_code": case.query_code}, at, fresh=True)


def tell_prechecked(case: Case, *, outcome: Words, at: datetime) -> None:
    _tell(case, "precheck_done", {"outcome": outcome}, at)


def tell_gaps(case: Case, *, count: int, at: datetime) -> None:
    _tell(case, "gaps_told", {"count": count, "due": W("尽快", "as soon as you can")}, at)


def tell_version_moved(case: Case, *, papers: Words, at: datetime) -> None:
    _tell(case, "version_moved", {"papers": papers}, at)


def tell_promise_offered(case: Case, *, count: int, until: date, at: datetime) -> None:
    _tell(case, "promise_offered", {"count": count, "until": until}, at)


def tell_promise_due(case: Case, *, count: int, due: date, at: datetime) -> None:
    """Once for each day that papers are promised for, also when it is told again."""
    _tell(case, "promise_due", {"count": count, "due": due}, at, mark=due.isoformat())


def tell_accepted(case: Case, *, at: datetime) -> None:
    if case.accepted_as == "promise":
        promised = case.materials.filter(state="promised", due_date__isnull=False).order_by("order")
        papers = tuple(Due(Words(row.name_zh, row.name_en), row.due_date) for row in promised if row.due_date)
        _tell(case, "accepted_with_gaps", {"count": len(papers), "papers": papers}, at)
    elif case.accepted_as == "deemed":
        _tell(case, "deemed_accepted", {"received": case.received_at, "due": _due(case)}, at)
    else:
        _tell(case, "case_accepted", {"due": _due(case)}, at)


def tell_refused(case: Case, *, kind: RefusalKind, at: datetime) -> None:
    _tell(case, "case_refused", {"outcome": REFUSED[kind], "rate": _rate(case)}, at)


def tell_progress(case: Case, *, words: Words, mark: str, at: datetime) -> None:
    _tell(case, "process_news", {"words": words}, at, mark=mark)


def tell_suspended(case: Case, *, ground: Ground, days: int, at: datetime) -> None:
    _tell(case, "case_suspended", {"ground": GROUND_WORDS[ground], "days": days}, at)


def tell_inspection(case: Case, *, when: datetime, at: datetime) -> None:
    _tell(case, "inspection_planned", {"when": when}, at)


def tell_hearing(case: Case, template: str, values: Mapping[str, Value], *, at: datetime) -> None:
    """A step towards a hearing: "hearing_right", "hearing_set" (day, place), "hearing_off" (why)."""
    _tell(case, template, values, at)


def tell_interested(case: Case, told: ToldParty, *, code: str, at: datetime) -> None:
    """To the mobile number of one who was told: where and with which code to answer. It names neither applicant nor number."""
    url = f"{settings.YICHUANG_BASE_URL}/h/{code}"
    notices.send(
        address=Address("sms", told.contact, None),
        locale=case.locale,
        template="interested_told",
        values={"item": Words(case.item_name_zh, case.item_name_en), "url": url},
        at=at,
        dedupe=f"interested_told:{told.code_index}",
    )


def tell_resumed(case: Case, *, at: datetime) -> None:
    _tell(case, "case_resumed", {"due": _due(case)}, at)


def tell_extended(case: Case, *, reason: str, at: datetime) -> None:
    _tell(case, "case_extended", {"due": _due(case), "reason": reason}, at)


def tell_transferred(case: Case, *, where: Words, at: datetime) -> None:
    _tell(case, "case_transferred", {"where": where}, at)


def tell_correction(case: Case, correction: UUID, *, made: bool, at: datetime) -> None:
    _tell(case, "case_corrected" if made else "correction_declined", {}, at, mark=str(correction))


def tell_reissued(case: Case, *, version: int, at: datetime) -> None:
    """A certificate that lay ready, or was handed over, has a new version: whoever receives it, what the old one is worth."""
    values: dict[str, Value] = {"version": version, "place": network.get_place_by_id(case.taking_place_id).name}
    _tell(case, "certificate_reissued", values, at, to=case.receiver_id)


def tell_decided(case: Case, *, granted: bool, at: datetime, deemed: bool = False) -> None:
    outcome = W("准予", "granted") if granted else W("不予批准", "denied")
    if deemed:
        outcome = W("有效期届满前未作决定，视为准予延续", "deemed renewed: no decision before the end of the term")
    _tell(case, "decision_made", {"outcome": outcome, "rate": _rate(case)}, at, fresh=case.known.alone)


def tell_ready(case: Case, *, place: UUID, at: datetime) -> None:
    """The result can be fetched. Of one that waited for the rest of its package (一件事) the package tells, once for all."""
    if case.package and Hold.objects.filter(case=case, kind="together").exists():
        return
    _tell(case, "ready_for_collection", {"place": network.get_place_by_id(place).name}, at, to=case.receiver_id)


def tell_delivered(case: Case, *, at: datetime) -> None:
    _tell(case, "delivered", {"at": at, "rate": _rate(case)}, at, to=case.receiver_id)


def tell_lapse(case: Case, *, at: datetime) -> None:
    _tell(case, "lapse", {"rate": _rate(case)}, at)


def tell_ended(case: Case, *, act: Act, reason: str, at: datetime) -> None:
    if act is Act.WITHDRAW:
        _tell(case, "case_withdrawn", {"rate": _rate(case)}, at)
    else:
        _tell(case, "case_terminated", {"reason": reason, "rate": _rate(case)}, at)


def tell_link(case: Case, *, code: str, until: datetime, at: datetime) -> None:
    url = f"{settings.YICHUANG_BASE_URL}/s/{code}"
    _tell(case, "supply_link", {"url": url, "until": until}, at, mark=link_index(code)[:16])
