"""申报: somebody files an application. Number, receipt, ledger entry, event and job in one transaction, once per key."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import OperationalError, transaction

from yichuang.cases import committing, messages, papers, tellings
from yichuang.cases.commands.at_once import (
    Apart,
    await_judgement,
    check_proof,
    foresee_judgement,
    judge_filed,
    judges_with,
)
from yichuang.cases.commands.look_again import await_sources
from yichuang.cases.commands.signing import end_unsigned, lock_draft
from yichuang.cases.comparing import hold
from yichuang.cases.confirming import why_unconfirmed, words_of
from yichuang.cases.earlier import checked_before, taken_over
from yichuang.cases.events import CaseFiled
from yichuang.cases.filing import Filing as Filing
from yichuang.cases.filing import new_case, new_materials
from yichuang.cases.following import lock_followed, why_not_follow
from yichuang.cases.handed import not_to_be_had, paper_faults
from yichuang.cases.held import Errand, fetch, settle, told_in_entry, write_held
from yichuang.cases.instant import Became
from yichuang.cases.models import Draft, Upload
from yichuang.cases.needs import Counted, added_keys, counted_keys, face_fact, facts_for, foresee_facts, street_in
from yichuang.cases.numbering import case_number, new_numbers
from yichuang.cases.permissions import can_take_filings
from yichuang.cases.proxies import issue_proxy, missing_authority
from yichuang.cases.states import Act, State
from yichuang.cases.storage import foresee_take, lock_own, take_own
from yichuang.cases.values import DocumentKind, Receipt
from yichuang.cases.vouch import facts_of_filing
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FileRule, Pack, Requirements, TaskType
from yichuang.core import events, faults, idempotency, ledger, sql
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import insert
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.network.values import DepartmentRow, PlaceRow
from yichuang.people import queries as people
from yichuang.people.commands import foresee_proof, use_face_check, use_proof
from yichuang.registry import queries as registry

log = logging.getLogger(__name__)


def file_case(*, actor: Actor, filing: Filing, key: str, at: datetime) -> tuple[Receipt, bool]:
    """File once per `key`; returns the receipt and whether it is a replay.

    Raises Refused with every fault at once: unknown item or version, answers, form fields, uploads, authority to act.
    Missing papers do not hinder a filing: what is missing is told, once, by the clerk (art. 32).
    """
    return _file_once(actor, filing, key, at, judge=False)


def file_and_judge(*, actor: Actor, filing: Filing, key: str, at: datetime) -> tuple[Receipt, bool]:
    """`file_case`, and 秒批 in the same transaction where the item has a table and all it asks is local: the receipt says
    what it became. Where it says nothing of that, and is no replay, `at_once.decide_at_once` comes next.

    Whatever breaks or is refused in the judgement undoes both, and the case is filed by itself: nothing there costs anybody
    their filing (docs/adr/0048).
    """
    try:
        return _file_once(actor, filing, key, at, judge=True)
    except Refused:
        raise
    except Apart:
        pass
    except OperationalError as busy:  # mostly a wait for what another holds; its text may quote what was asked
        log.warning("filing and deciding together gave up: item %s, %s", filing.item_code, _cause(busy))
    except Exception:
        log.exception("filing and deciding together broke: item %s", filing.item_code)
    return file_case(actor=actor, filing=filing, key=key, at=at)


@idempotency.told_of_doubles()
@transaction.atomic
@sql.together()
def _file_once(actor: Actor, filing: Filing, key: str, at: datetime, *, judge: bool) -> tuple[Receipt, bool]:
    if filing.draft is not None and filing.signing is None:
        lock_draft(filing.draft)  # before anything else: who signs it holds it first, too
    likely = _foresee(actor, filing, at, judge=judge)
    became: Became | None = None

    def do() -> dict[str, Any]:
        nonlocal became
        receipt = _file(actor, filing, at, likely)
        became = receipt.became
        return _receipt_json(receipt)

    answer, replayed = idempotency.run_once(
        key=key,
        scope=idempotency.scope_of(actor, "file_case"),
        body_hash=idempotency.body_hash(filing.body()),
        at=at,
        do=do,
        late=True,
    )
    return _receipt(answer, became), replayed


def _cause(broke: Exception) -> str:
    """What the database calls it ("LockNotAvailable"), without the values."""
    return type(broke.__cause__ or broke).__name__


def was_filed(actor: Actor, key: str) -> bool:
    """Whether the actor filed under this key before: then a proof is not asked for again."""
    return idempotency.kept_answer(key=key, scope=idempotency.scope_of(actor, "file_case")) is not None


@transaction.atomic
def file_part(*, actor: Actor, filing: Filing, at: datetime) -> Receipt:
    """File one case as part of something larger (一件事), in the caller's transaction and under the caller's key.

    The house itself may file what an applicant asked for earlier. Raises Refused as `file_case` does.
    """
    return _file(actor, filing, at)


class _Likely(NamedTuple):
    """The pack that will probably apply, what it counts for this filing, and whether that is held, to be judged by."""

    pack: Pack
    counted: Sequence[Counted]
    held: bool


def _foresee(actor: Actor, filing: Filing, at: datetime, *, judge: bool) -> _Likely | None:
    """What every filing reads, asked together with whether it was filed before."""
    applicant = filing.applicant or actor.id
    if filing.proven is not None:
        foresee_proof(filing.proven)
    network.foresee_assignment(filing.item_code)
    if filing.item_version is None:
        catalog.foresee_pack(filing.item_code, at=at)
    if applicant is not None:
        people.foresee_party(applicant)
        if filing.follow_up:
            return None  # `lock_followed` may wait for an act on the certificate: what stood before that counts no more
        likely = _likely(actor, filing, applicant, judge=judge)
        if likely is not None and likely.held:
            # one of theirs at a time: how many were compared today
            added = added_keys(likely.pack, applicant, filing.form)
            hold([*likely.counted, *added, ("", "filer", str(applicant))])
        registry.foresee_types(applicant, at=at)
        if likely is not None:
            foresee_facts(likely.counted, at=at)
        return likely
    return None


def _likely(actor: Actor, filing: Filing, applicant: UUID, *, judge: bool) -> _Likely | None:
    pack = catalog.likely_pack(filing.item_code)
    if pack is None:
        return None
    return _Likely(pack, counted_keys(pack, applicant, filing.form), judge and judges_with(actor, filing, pack))


@network.one_look()
def _file(actor: Actor, filing: Filing, at: datetime, likely: _Likely | None = None) -> Receipt:
    """`likely`: what was foreseen; where it comes true and is held, the filing is judged here and now."""
    filing = _proved(actor, filing, at)
    pack = open_pack(filing, at)
    applicant = _checked(actor, filing, pack, at)
    known = likely if likely is not None and likely.pack is pack else None
    facts = _facts(actor, pack, applicant, filing, known.counted if known else None, at)
    needs = _needs(pack, filing, facts, at)
    refuse_all([*needs.blocked, *committing.faults_of(actor, filing, pack, needs, applicant)])
    party = people.get_party(applicant)
    place, department, region = _place(actor, pack, filing, at)
    case_id, judging = new_id(), known is not None and known.held  # what another pack counts is not held
    wanted = {upload for ids in filing.materials.values() for upload in ids}
    givers = tuple(replace(actor, kind="person", id=owner) for owner in filing.owners) or (actor,)
    if wanted:
        foresee_take(givers[0], wanted, case_id)
    serial, of_receipt = new_numbers(region=region, department=department.code, at=at)
    if (
        judging
    ):  # behind the wait for the number: what was filed meanwhile counts, and nobody waits for the rule set's row
        foresee_judgement(case_id, applicant, pack, at)
    uploads = _uploads(givers, filing, wanted, {m.code: m.spec.files for m in needs.materials}, case_id)
    number = case_number(serial, region=region, channel=actor.channel, at=at)
    given = frozenset(code for code, ids in filing.materials.items() if ids) | filing.originals
    if face_fact(pack) in facts:
        use_face_check(party=applicant, item=pack.code, case=case_id, at=at)
    errand = Errand(case_id, number, pack, party, filing.answers, filing.form, given, actor, at)
    needs = _fetch(errand, needs, filing, facts)
    case = new_case(case_id, number, actor, filing, pack, needs, party, place, department, at)
    again = taken_over(case_id, [m.spec for m in needs.materials], uploads, applicant, at)
    materials = new_materials(case, filing, needs, uploads, checked_before(again), at)
    if not judging:
        insert([case])
        insert(materials)
    write_held(case, [*errand.rows, *again])
    await_sources(errand)
    letters = committing.sign(case, pack, needs, actor=actor, proof=filing.proof, applicant=party, at=at)
    judged = judging or await_judgement(case, pack, filing.proof, at)
    _end_draft(actor, filing, at)
    faults.point("file.after_write")
    confirmed = words_of(filing.confirmed if actor.is_staff else "")
    lines = {"materials": papers.material_lines(materials), **({"confirmed": confirmed.zh} if confirmed else {})}
    receipt = papers.issue_document(
        case, DocumentKind.RECEIPT, actor=actor, at=at, values=lines, applicant=party, serial=of_receipt
    )
    proxy = issue_proxy(case, actor=actor, at=at)
    ledger.append(
        act=Act.FILE.value,
        actor=actor,
        at=at,
        subject=Subject("case", case.id),
        detail={
            "item": pack.code,
            "item_version": pack.version,
            "channel": case.channel,
            "receipt": str(receipt),
            **({"proxy": str(proxy)} if proxy else {}),
            **({"follow_up": filing.follow_up} if filing.follow_up else {}),
            **({"commitments": ",".join(str(letter) for letter in letters)} if letters else {}),
            **({"authority_seen": True} if actor.is_staff and filing.agent and filing.authority_seen else {}),
            **({"confirmed": filing.confirmed} if confirmed else {}),
            **told_in_entry(errand),
        },
        behalf=applicant,
        facts=facts_of_filing(case, materials),
        first=True,
    )
    faults.point("file.after_ledger")
    if not judging:
        tellings.tell_filed(case, applicant=party, at=at)
    events.publish(CaseFiled(case_id=case.id, number=case.number, at=at, item_code=pack.code, channel=case.channel))
    filed = Receipt(
        case.id, case.number, case.query_code, State(case.state), case.version, case.received_at, receipt, judged
    )
    if not judging:
        return filed
    case.known.applicant, case.known.materials, case.known.entries = party, materials, 1
    case.known.facts, case.known.needs = facts, None if errand.rows else needs
    case.known.counted = known.counted if known else None
    return replace(filed, became=judge_filed(case, pack, filing.proof, at))


def _proved(actor: Actor, filing: Filing, at: datetime) -> Filing:
    """With the proof that was kept for it, which is used up; Refused with one that is not theirs, or too old."""
    if filing.proven is not None:
        filing = replace(filing, proof=use_proof(actor=actor, id=filing.proven, at=at))
    if filing.signing is None:  # else it was looked at when the others were asked
        check_proof(actor, filing.proof, at)
    return filing


def _checked(actor: Actor, filing: Filing, pack: Pack, at: datetime) -> UUID:
    """The applicant of a filing that says what it has to say; Refused with every fault at once."""
    applicant, faults_found = _applicant(actor, filing)
    if actor.is_staff and filing.agent is not None:
        faults_found += missing_authority(
            agent=filing.agent, applicant=applicant, item=pack.code, seen=filing.authority_seen, at=at
        )
    if filing.follow_up:
        lock_followed(filing.previous)
        faults_found += why_not_follow(pack, filing.follow_up, filing.previous, applicant, at)
    if filing.originals and not actor.is_staff:
        faults_found.append(Reason("ORIGINALS_AT_WINDOW", messages.ORIGINALS_AT_WINDOW, "/originals"))
    faults_found += why_unconfirmed(actor, filing.confirmed, permit=pack.kind is TaskType.PERMIT)
    faults_found += catalog.check_answers(pack, filing.answers)
    faults_found += catalog.check_form(pack, filing.form, at=at, answers=filing.answers)
    refuse_all(faults_found)
    return applicant


def _end_draft(actor: Actor, filing: Filing, at: datetime) -> None:
    """What it was filled in as is gone, with the signatures that were asked for it and did not come."""
    if filing.draft is not None:
        deleted, _ = Draft.objects.filter(id=filing.draft, owner_id=actor.id).delete()
        if deleted and filing.signing is None:
            end_unsigned(filing.draft, actor=actor, at=at)


def _facts(
    actor: Actor, pack: Pack, applicant: UUID, filing: Filing, counted: Sequence[Counted] | None, at: datetime
) -> dict[str, Any]:
    facts = facts_for(
        pack,
        applicant,
        filing.form,
        channel=actor.channel.value,
        follow_up=filing.follow_up,
        previous=filing.previous,
        at=at,
        counted=counted,
    )
    if not (actor.kind == "person" and actor.id == applicant):
        facts.pop(face_fact(pack), None)  # they agreed to be looked at for a filing of their own
    return facts


def _needs(pack: Pack, filing: Filing, facts: Mapping[str, Any], at: datetime) -> Requirements:
    """What the item asks of this applicant, by what is known."""
    return catalog.requirements(pack.code, pack.version, answers=filing.answers, form=filing.form, facts=facts, at=at)


def _fetch(errand: Errand, needs: Requirements, filing: Filing, facts: Mapping[str, Any]) -> Requirements:
    """What is left to hand in once what the state holds is fetched (免证办)."""
    known = fetch(errand, needs, agreed=filing.agreed, facts=facts)
    if known is not facts:
        needs = _needs(errand.pack, filing, known, errand.at)
        settle(errand, {m.code for m in needs.materials if m.held})
    return needs


def open_pack(filing: Filing, at: datetime) -> Pack:
    """The pack that is filed under. An item or version that does not exist is a fault of what was sent, named as such;
    a version that is no longer offered is gone."""
    try:
        pack = catalog.get_pack(filing.item_code, version=filing.item_version, at=at)
    except NotFound:
        if not catalog.list_versions(filing.item_code):
            raise Refused(Reason("UNKNOWN_ITEM", messages.UNKNOWN_ITEM, "/item")) from None
        raise Refused(Reason("UNKNOWN_VERSION", messages.UNKNOWN_VERSION, "/item_version")) from None
    named = filing.item_version is not None  # one that was not named was chosen because it is open
    if named and not catalog.is_open(pack.code, pack.version, at=at):
        words = messages.VERSION_RETIRED.format(name=pack.name)
        raise Refused(Reason("VERSION_RETIRED", words, "/item_version"), kind="gone")
    return pack


def _unknown_parties(actor: Actor, filing: Filing) -> list[Reason]:
    """Whoever is named in the filing and on no register. Costs a statement only when somebody is named."""
    named = {"applicant": filing.applicant, "agent": filing.agent, "receiver": filing.receiver}
    wanted = {party for party in named.values() if party is not None and party != actor.id}
    known = people.list_parties(wanted) if wanted else {}
    return [
        Reason("UNKNOWN_PARTY", messages.UNKNOWN_PARTY, f"/{field}")
        for field, party in named.items()
        if party in wanted and party not in known
    ]


def _applicant(actor: Actor, filing: Filing) -> tuple[UUID, list[Reason]]:
    """The applicant, and whether the actor may file for them; who is not signed in files nothing."""
    if actor.is_staff and can_take_filings(actor):
        if filing.applicant is None:
            raise Refused(Reason("NO_APPLICANT", messages.NO_APPLICANT, "/applicant"))
        return filing.applicant, _unknown_parties(actor, filing)
    if actor.is_staff:
        raise Refused(Reason("NOT_A_CLERK", messages.NOT_A_CLERK), kind="forbidden")
    if actor.kind == "system" and filing.applicant is not None:
        return filing.applicant, _unknown_parties(actor, filing)
    if actor.kind != "person" or actor.id is None:
        raise Refused(Reason("SIGN_IN_FIRST", W("请先登录再申报", "Please sign in to file")), kind="signed_out")
    applicant = filing.applicant or actor.id
    if not actor.acts_for(applicant, item=filing.item_code):
        return applicant, [Reason("NOT_AUTHORISED_FOR", messages.NOT_AUTHORISED_FOR, "/applicant")]
    return applicant, _unknown_parties(actor, filing)


def _place(
    actor: Actor, pack: Pack, filing: Filing, at: datetime
) -> tuple[tuple[PlaceRow, PlaceRow], DepartmentRow, str]:
    """(taking, responsible) place, the competent department, the region of the number."""
    department = network.get_department(pack.department)
    street = street_in(filing.form)
    responsible = network.responsible_place(pack.code, street)
    taking = responsible
    if actor.is_staff:
        assert actor.place is not None
        taking = network.get_place_by_id(actor.place)
        if not network.can_take(
            taking.id,
            pack.code,
            pack.scope.area,
            department=pack.department,
            street_code=street,
            on=local_date(at),
        ):
            words = messages.PLACE_CANNOT_TAKE.format(department=department.name, where=responsible.name)
            raise Refused(Reason("PLACE_CANNOT_TAKE", words), kind="forbidden")
    return (taking, responsible), department, responsible.region_code


def _uploads(
    givers: Sequence[Actor], filing: Filing, wanted: set[UUID], rules: Mapping[str, FileRule], case: UUID
) -> dict[str, list[Upload]]:
    """The uploads by material, given to the case; every unknown, foreign, used or unfit one is told at once."""
    reasons: list[Reason] = []
    rows: dict[UUID, Upload] = {}
    for giver in givers:
        left = [upload for upload in wanted if upload not in rows]  # in the order in which they were foreseen
        rows |= {upload.id: upload for upload in take_own(giver, left, case)} if left else {}
    if rows.keys() != wanted:
        rows = {upload.id: upload for giver in givers for upload in lock_own(giver, wanted)}
        reasons = not_to_be_had(filing.materials, rows, case)
    refuse_all(paper_faults(filing.materials, rows, rules) + reasons)
    return {code: [rows[upload] for upload in ids] for code, ids in filing.materials.items()}


def _receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "case_id": str(receipt.case_id),
        "number": receipt.number,
        "query_code": receipt.query_code,
        "state": receipt.state.value,
        "version": receipt.version,
        "received_at": receipt.received_at.isoformat(),
        "receipt": str(receipt.receipt),
        **({"judged": True} if receipt.judged else {}),
    }


def _receipt(answer: Mapping[str, Any], became: Became | None) -> Receipt:
    return Receipt(
        UUID(answer["case_id"]),
        answer["number"],
        answer["query_code"],
        State(answer["state"]),
        answer["version"],
        datetime.fromisoformat(answer["received_at"]),
        UUID(answer["receipt"]),
        bool(answer.get("judged")),
        became,
    )
