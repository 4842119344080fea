"""出件: the result goes to the receiver against identity, or against a pick-up code and the name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yichuang.cases import queries as cases
from yichuang.cases.commands.end import record_delivery
from yichuang.cases.pages import CasePage
from yichuang.cases.states import Act, State
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.core import faults, ledger
from yichuang.core.actors import Actor
from yichuang.core.identifiers import normal_id
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.issuing import rules, vouch
from yichuang.issuing.codes import PICKUP_DIGITS, new_pickup_code
from yichuang.issuing.exchanges import find_exchange
from yichuang.issuing.models import Delivery, Pickup
from yichuang.issuing.permissions import check_can_issue
from yichuang.issuing.values import IdentityKind, PickupCode, Relation
from yichuang.people import queries as people
from yichuang.people.values import PartyRow

PICKUP_DAYS = 7
_NOT_NOW = W("办件当前状态为“{state}”，不能办理出件", "The case is “{state}”; nothing can be handed over now")
_HELD = W("结果暂不能发放：{why}", "The result cannot be handed over yet: {why}")
_IDENTITY = W(
    "请核验领取人的身份证件号码，或者输入取件码", "Check the receiver's identity number, or enter a pick-up code"
)
_NO_MATCH = W(
    "身份证件号码与领取人、申请人、代理人均不一致，不能出件",
    "This identity number belongs neither to the receiver nor to the applicant or agent",
)
_NAME_TOO = W("用取件码时，还要填写领取人姓名", "With a pick-up code, enter the receiver's name too")
_NAME = W("领取人姓名与登记的不一致，请核对证件", "The name differs from the one on record; compare the document")
_CODE = W("取件码与姓名不符，还可以再试 {left} 次", "Code and name do not fit; tries left: {left}")
_LOCKED = W(
    "取件码已失效，请领取人重新获取，或者出示身份证件",
    "This pick-up code no longer works; the receiver can get a new one, or show an identity document",
)
_OTHER_PACKAGE = W("只有同一件事的结果才能一起出件", "Only results of the same package are handed over together")
_NOT_THEIRS_TOO = W("“{item}”的领取人不同，请单独出件", "“{item}” goes to somebody else: hand it over by itself")
_NOT_READY = W("结果还不能领取", "There is nothing to collect yet")


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes the result, and how they proved it."""

    relation: Relation
    party: PartyRow
    identity: IdentityKind


def hand_over(
    *,
    actor: Actor,
    number: str,
    version: int,
    identity: str,
    receiver_name: str,
    at: datetime,
    also: Mapping[str, int] = MappingProxyType({}),
) -> CaseHead:
    """Hand the result to its receiver, to the applicant or to the agent of the filing, and record it (送达回证).

    `also`: other cases of the same package (一件事) with their versions, handed over to the same person in the same act, all
    or none; a pick-up code of any of them will do.

    `identity` is the number of an identity document, or the 8 digits of a pick-up code, which only opens with the name.
    Not inside a transaction: a wrong code is counted even though the act is refused.
    """
    check_can_issue(actor)
    page = cases.get_case_for(actor, number, at=at)
    beside = [cases.get_case_for(actor, other, at=at) for other in also if other != number]
    for one in (page, *beside):
        _check_ready(one)
    refuse_all(
        [Reason("OTHER_PACKAGE", _OTHER_PACKAGE) for one in beside if not page.package or one.package != page.package]
    )
    taker = find_taker(_opened_by([page, *beside], identity), identity, receiver_name, at)
    return _deliver_all(actor, [(page, version), *((one, also[one.number]) for one in beside)], taker, at)


def _opened_by(pages: Sequence[CasePage], identity: str) -> CasePage:
    """The case whose pick-up code was told, else the first."""
    told = normal_id(identity)
    codes = {row.case_id: row.code for row in Pickup.objects.filter(case__in=[page.id for page in pages])}
    return next((page for page in pages if rules.same_name(told, codes.get(page.id, ""))), pages[0])


@transaction.atomic
def _deliver_all(actor: Actor, pages: Sequence[tuple[CasePage, int]], taker: Taker, at: datetime) -> CaseHead:
    """Each with its own proof of delivery; the first one's head. Locked in one order, whatever order a page sent: two desks
    with the same package would else wait for each other."""
    heads = {
        page.id: _deliver(actor, page, version, _as_party(page, taker), at)
        for page, version in sorted(pages, key=lambda one: one[0].id)
    }
    return heads[pages[0][0].id]


def _as_party(page: CasePage, taker: Taker) -> Taker:
    """Who stands at the desk, as a party of this case. Refused when they are none of it."""
    relation = next((who for who, party in _parties(page) if party.id == taker.party.id), None)
    if relation is None:
        raise Refused(Reason("NOT_THEIRS_TOO", _NOT_THEIRS_TOO.format(item=page.item)))
    return replace(taker, relation=relation)


def identity_faults(identity: str, receiver_name: str) -> list[Reason]:
    """Whether everything was entered that is compared: a name forgotten beside a code costs none of its tries."""
    told = normal_id(identity)
    if not told:
        return [Reason("IDENTITY_NEEDED", _IDENTITY, "/identity")]
    nameless = is_pickup_code(told) and not receiver_name.strip()
    return [Reason("NAME_NEEDED", _NAME_TOO, "/receiver_name")] if nameless else []


def find_taker(page: CasePage, identity: str, receiver_name: str, at: datetime) -> Taker:
    """Who stands at the desk, by identity document or pick-up code. Not inside a transaction: wrong codes are counted."""
    refuse_all(identity_faults(identity, receiver_name))
    told = normal_id(identity)
    if is_pickup_code(told):
        return _by_code(page, told, receiver_name, at)
    return _by_document(page, told, receiver_name)


def is_pickup_code(told: str) -> bool:
    """Whether this is a pick-up code by its look, and no identity number."""
    digits = normal_id(told)
    return len(digits) == PICKUP_DIGITS and digits.isdigit()


def _check_ready(page: CasePage) -> None:
    if page.state not in {State.READY, State.GRANTED} or Act.DELIVER not in page.acts:
        raise Refused(Reason("NOT_IN_THIS_STATE", _NOT_NOW.format(state=page.words)), kind="conflict")
    holds = [Reason("HELD", _HELD.format(why=hold.words), basis=hold.kind) for hold in cases.releasable(page.id)]
    refuse_all(holds, kind="conflict")


def _parties(page: CasePage) -> list[tuple[Relation, PartyRow]]:
    found: list[tuple[Relation, PartyRow]] = [("receiver", people.get_party(page.receiver))]
    if page.applicant != page.receiver:
        found.append(("applicant", people.get_party(page.applicant)))
    if page.agent is not None:
        found.append(("agent", people.get_party(page.agent)))
    return found


def _by_document(page: CasePage, number: str, name: str) -> Taker:
    parties = _parties(page)
    relation = rules.who_takes(number, [(who, normal_id(party.id_no)) for who, party in parties])
    if relation is None:
        raise Refused(Reason("IDENTITY_NO_MATCH", _NO_MATCH, "/identity"))
    party = dict(parties)[relation]
    if name.strip() and not rules.same_name(name, party.name):
        raise Refused(Reason("NAME_NO_MATCH", _NAME, "/receiver_name"))
    return Taker(relation, party, "id_document")


def _by_code(page: CasePage, code: str, name: str, at: datetime) -> Taker:
    """Counts every wrong try, in its own transaction; the fifth one locks the code."""
    pickup = Pickup.objects.filter(case_id=page.id).first()
    if pickup is None or pickup.errors >= rules.PICKUP_TRIES or at >= pickup.expires_at:
        raise Refused(Reason("PICKUP_LOCKED", _LOCKED, "/identity"), kind="locked")
    for relation, party in _parties(page):
        if rules.same_name(code, pickup.code) and rules.same_name(name, party.name):
            return Taker(relation, party, "pickup_code")
    Pickup.objects.filter(case_id=page.id, errors__lt=rules.PICKUP_TRIES).update(errors=F("errors") + 1)
    left = max(rules.PICKUP_TRIES - pickup.errors - 1, 0)
    raise Refused(Reason("PICKUP_WRONG", _CODE.format(left=left), "/identity"))


@transaction.atomic
def _deliver(actor: Actor, page: CasePage, version: int, taker: Taker, at: datetime) -> CaseHead:
    head = record_delivery(
        case=page.id,
        actor=actor,
        version=version,
        how="counter",
        receiver=taker.party.name,
        at=at,
        person=taker.party.id,
    )
    delivery = Delivery.objects.create(
        id=new_id(),
        case_id=page.id,
        receiver_name=taker.party.name,
        receiver_masked=taker.party.name_masked,
        relation=taker.relation,
        identity_kind=taker.identity,
        document_id=_receipt_of(head),
        at=at,
        place_id=actor.place,
        window=actor.window,
        by_id=actor.id,
    )
    Pickup.objects.filter(case_id=page.id).delete()
    faults.point("hand_over.after_delivery")
    ledger.append(
        act="paper.hand-over",
        actor=actor,
        at=at,
        subject=ledger.Subject("case", page.id),
        detail={"relation": taker.relation, "identity": taker.identity},
        behalf=taker.party.id,
        facts=vouch.facts_of_delivery(delivery),
    )
    return head


def _receipt_of(head: CaseHead) -> UUID | None:
    """The 送达回证 among the documents that the act issued."""
    for document in head.documents:
        if cases.get_document_values(document).kind is DocumentKind.DELIVERY:
            return document
    return None


@transaction.atomic
def make_pickup_code(*, actor: Actor, number: str, at: datetime) -> PickupCode:
    """The receiver's code for the desk, good for seven days; the same one until it is used, locked or out of date."""
    page = cases.get_case_for(actor, number, at=at)
    if not actor.acts_for(page.receiver, item=page.item_code):
        raise NotFound(W("办件", "case"))
    if page.state not in {State.READY, State.GRANTED} and find_exchange(page.id) is None:
        raise Refused(Reason("NOTHING_TO_COLLECT", _NOT_READY), kind="conflict")
    pickup = Pickup.objects.select_for_update(of=("self",)).filter(case_id=page.id).first()
    if pickup and pickup.errors < rules.PICKUP_TRIES and at < pickup.expires_at:
        return PickupCode(pickup.code, pickup.expires_at)
    fresh = PickupCode(new_pickup_code(), at + timedelta(days=PICKUP_DAYS))
    Pickup.objects.update_or_create(
        case_id=page.id, defaults={"code": fresh.code, "errors": 0, "expires_at": fresh.expires_at}
    )
    return fresh
