"""共同签署: one asks, the others sign or refuse, each by the own account or at a counter; the last signature files it.

What is signed is fixed when it is asked for. Nothing is filed before all have signed; who changes the draft voids what was signed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.at_once import check_proof
from yichuang.cases.commands.file_case import Filing, file_case
from yichuang.cases.commands.signing import draft_mark, end, lock_draft, lock_signing, record
from yichuang.cases.cosigning import SignatureState, Signed, SigningState, digest_of
from yichuang.cases.models import Signature, Signing
from yichuang.cases.permissions import can_take_filings
from yichuang.cases.rules import signing as rules
from yichuang.cases.signings import content_of, missing_of, number_index, open_signing
from yichuang.cases.tellings import signing as tellings
from yichuang.catalog import queries as catalog
from yichuang.core import clock, jobs
from yichuang.core.actors import SYSTEM, Actor, Channel
from yichuang.core.identifiers import normal_id
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.people.values import Proof

A_SIGNATURE = W("签署", "signature")
NOT_AT_A_WINDOW = W("您没有在窗口收件的权限", "You do not take filings at a window")
MOST_A_DAY = 10  # each tells everybody whom the form names (P: our proposal)
TOO_MANY = W(
    "您一天内已发起 {n} 次签署，请核对好内容，明天再发起，或者到窗口办理",
    "You have asked for signatures {n} times within a day: make sure of what it says, and ask tomorrow, or come to a window",
)
REMIND_BEFORE = timedelta(days=1)
BATCH = 200


@transaction.atomic
def ask_signatures(*, actor: Actor, filing: Filing, at: datetime) -> UUID:
    """Ask everybody whom the form names to sign this filing; the one who asks has signed by asking (`filing.proof`).

    The same draft asked again while it runs is the same signing. Refused with all reasons: NOBODY_ELSE, NOT_A_SIGNER,
    NAME_DIFFERS, TOO_MANY_SIGNERS, PROOF_STALE, too_many TOO_MANY_SIGNINGS within a day, and every fault of the form: nobody signs what could not be filed.
    """
    draft, proof = filing.draft, filing.proof
    if draft is None or actor.kind != "person" or actor.id is None or proof is None:
        raise NotFound(A_SIGNATURE)
    check_proof(actor, proof, at)
    # Locked before looking whether a signing runs: of two presses at once the second finds that of the first.
    saved = lock_draft(draft, owner=actor.id)
    if saved is None:
        raise NotFound(W("草稿", "draft"))
    mark = _mark(filing)
    running = open_signing(draft)
    if running is not None and running.mark == mark and at < running.expires_at:
        return running.id
    if running is not None:
        over = SigningState.VOID if at < running.expires_at else SigningState.EXPIRED
        end(running, over, actor, f"signing.{'void' if over is SigningState.VOID else 'expire'}", at)
    if Signing.objects.filter(owner=actor.id, asked_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(Reason("TOO_MANY_SIGNINGS", TOO_MANY.format(n=MOST_A_DAY)), kind="too_many")
    pack = catalog.get_pack(filing.item_code, version=filing.item_version, at=at)
    me = people.get_party(actor.id)
    signers = catalog.signers_of(pack, filing.answers, filing.form, at=at)
    faults = [
        *catalog.check_answers(pack, filing.answers),
        *catalog.check_form(pack, filing.form, at=at, answers=filing.answers),
    ]
    refuse_all([*faults, *rules.why_not_ask(signers, me.id_no, me.name)])
    assert pack.signing is not None
    row = Signing.objects.create(
        draft=draft,
        owner_id=actor.id,
        item_code=pack.code,
        item_version=pack.version,
        item_name_zh=pack.name.zh,
        item_name_en=pack.name.en,
        content=_content(filing),
        mark=mark,
        draft_mark=draft_mark(saved),
        proved=proof.how,
        asked_at=at,
        expires_at=at + timedelta(days=pack.signing.days),
    )
    rows = [
        Signature(
            signing=row,
            order=order,
            number=one.number,
            number_index=number_index(one.number),
            name=one.name,
            roles=[[w.zh, w.en] for w in one.roles],
            signs=[[w.zh, w.en] for w in one.signs],
            **({"state": SignatureState.SIGNED.value, "at": at, "party_id": me.id, "how": proof.how} if one.number == normal_id(me.id_no) else {}),
        )
        for order, one in enumerate(signers)
    ]  # fmt: skip
    Signature.objects.bulk_create(rows)
    record(row, "signing.ask", actor, at, *rows)
    tellings.tell_asked(row, [one for one in rows if one.state == SignatureState.ASKED.value], asked_by=me, at=at)
    return row.id


def _mark(filing: Filing) -> str:
    """What all of them sign: with what may be fetched, and the letter that is promised."""
    parts = {"agreed": sorted(filing.agreed), "commitment": filing.commitment}
    return digest_of(filing.answers, filing.form, filing.materials, **parts)


def _content(filing: Filing) -> dict[str, object]:
    return {
        "answers": dict(filing.answers),
        "form": dict(filing.form),
        "materials": {code: [str(id) for id in ids] for code, ids in filing.materials.items()},
        "applicant": str(filing.applicant) if filing.applicant else None,
        "agreed": sorted(filing.agreed),
        "commitment": filing.commitment,
        "locale": filing.locale,
        "previous": str(filing.previous) if filing.previous else None,
        "follow_up": filing.follow_up,
    }


@transaction.atomic
def sign(*, actor: Actor, signature: UUID, mark: str, agreed: bool, proof: Proof, at: datetime) -> Signed:
    """Sign what was read under `mark`, with a fresh proof that it is oneself. The last signature files it: then `case`.

    Raises NotFound for what is somebody else's; Refused NAME_DIFFERS, CHANGED, NOT_READ, PROOF_STALE; Conflict when it is over.
    """
    signing, row = _mine(actor, signature)
    before = _before(signing, row)
    _check_open(before, at)
    me = people.get_party(row.party_id or _id(actor))
    refuse_all(rules.why_not_sign(before, name=me.name, mark=signing.mark, read=mark, agreed=agreed))
    check_proof(actor, proof, at)
    return _sign(signing, row, actor=actor, party=me.id, how=proof.how, at=at)


@transaction.atomic
def sign_at_counter(*, actor: Actor, signature: UUID, number: str, mark: str, at: datetime) -> Signed:
    """A person without an account signs before a clerk, who has their document in hand and types its number.

    The signer is told that it was done, and where: whoever was not there hears of it. Refused: DOCUMENT_DIFFERS,
    REGISTER_FIRST, NAME_DIFFERS, CHANGED; forbidden for who takes no filings; Conflict when it is over.
    """
    if not can_take_filings(actor):
        raise Refused(Reason("NOT_A_CLERK", NOT_AT_A_WINDOW), kind="forbidden")
    signing, row = _locked(signature)
    before = _before(signing, row)
    _check_open(before, at)
    if normal_id(number) != row.number:
        raise Refused(rules.NUMBER_DIFFERS)  # and nothing of the person whose document it is not
    party = people.parties_of([row.number]).get(row.number)
    if party is None:
        raise Refused(Reason("REGISTER_FIRST", W("请先登记当事人，再签署", "Register the person first, then sign")))
    me = people.get_party(party)
    refuse_all(rules.why_not_sign(before, name=me.name, mark=signing.mark, read=mark, agreed=True))
    done = _sign(signing, row, actor=actor, party=me.id, how="counter", at=at)
    assert actor.place is not None  # who takes filings sits somewhere
    tellings.tell_recorded(signing, me, place=actor.place, at=at)
    return done


@transaction.atomic
def refuse_to_sign(*, actor: Actor, signature: UUID, reason: str, at: datetime) -> None:
    """Not agreed, with the reason that the one who asked will read; nothing is filed."""
    signing, row = _mine(actor, signature)
    _check_open(_before(signing, row), at)
    if not reason.strip():
        raise Refused(rules.REASON_NEEDED)
    row.state, row.at, row.party_id, row.reason = SignatureState.REFUSED.value, at, actor.id, reason.strip()[:500]
    row.save()
    end(signing, SigningState.REFUSED, actor, "signing.refuse", at, row)
    tellings.tell_over(signing, at=at)


@transaction.atomic
def end_signing(*, actor: Actor, signing: UUID, at: datetime) -> None:
    """Taken back by the one who asked; one that is over stays as it is (a second press)."""
    row = lock_signing(id=signing, owner_id=actor.id) if actor.kind == "person" else None
    if row is None:
        raise NotFound(A_SIGNATURE)
    if row.state == SigningState.OPEN.value:
        end(row, SigningState.ENDED, actor, "signing.end", at)


@transaction.atomic
def expire_signing(*, signing: UUID, at: datetime) -> bool:
    """Not everybody signed in time: nothing is filed, the one who asked is told. False: it was over, or has time."""
    row = lock_signing(id=signing, state=SigningState.OPEN.value)
    if row is None or at < row.expires_at:
        return False
    end(row, SigningState.EXPIRED, SYSTEM, "signing.expire", at)
    tellings.tell_over(row, at=at)
    return True


@transaction.atomic
def remind_signers(*, signing: UUID, at: datetime) -> bool:
    """Once, a day before the end: those who have not signed are reminded."""
    row = lock_signing(id=signing, state=SigningState.OPEN.value)
    if row is None or row.reminded_at is not None or at < row.expires_at - REMIND_BEFORE:
        return False
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    tellings.tell_asked(row, missing_of(row), asked_by=people.get_party(row.owner_id), at=at, again=True)
    return True


@jobs.job(name="cases.mind_signing")
def mind_signing_job(signing: UUID) -> None:
    """One signing whose end is near or past."""
    at = clock.now()
    if not expire_signing(signing=signing, at=at):
        remind_signers(signing=signing, at=at)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sign(signing: Signing, row: Signature, *, actor: Actor, party: UUID, how: str, at: datetime) -> Signed:
    row.state, row.at, row.party_id, row.how = SignatureState.SIGNED.value, at, party, how
    row.by_id = actor.id if actor.is_staff else None
    row.save()
    if missing_of(signing):
        record(signing, "signing.sign", actor, at, row)
        return Signed(signing.id, SigningState.OPEN)
    return _file(signing, row, actor, at)


def _file(signing: Signing, row: Signature, actor: Actor, at: datetime) -> Signed:
    """All have signed: it is filed for the one who asked, as they asked for it, with the powers that they have today."""
    owner = _owner(signing, at)
    try:
        with transaction.atomic():
            receipt, _ = file_case(actor=owner, filing=_filing(signing, at), key=f"draft:{signing.draft}", at=at)
    except Refused as refused:
        if _passes(refused):
            raise  # the signature is rolled back with it, and can be pressed again
        signing.why = [[reason.words.zh, reason.words.en] for reason in refused.reasons]
        end(signing, SigningState.STUCK, actor, "signing.sign", at, row)
        tellings.tell_over(signing, at=at)
        return Signed(signing.id, SigningState.STUCK)
    signing.case_id = receipt.case_id
    end(signing, SigningState.FILED, actor, "signing.sign", at, row)
    return Signed(signing.id, SigningState.FILED, receipt.case_id, receipt.judged)


def _passes(refused: Refused) -> bool:
    """Whether it says nothing of what was filed: the same is filed a moment later."""
    return refused.kind == "unavailable" or any(reason.code == "IN_FLIGHT" for reason in refused.reasons)


def _owner(signing: Signing, at: datetime) -> Actor:
    account = people.account_of(Actor(kind="person", id=signing.owner_id, channel=Channel.PORTAL))
    if account is None:
        raise NotFound(A_SIGNATURE)
    return people.actor_for_account(account, Channel.PORTAL, at=at)


def _filing(signing: Signing, at: datetime) -> Filing:
    told = content_of(signing)
    assert signing.proved in {"password", "sms"}
    return Filing(
        item_code=signing.item_code,
        item_version=signing.item_version,
        answers=told["answers"],
        form=told["form"],
        materials={code: [UUID(id) for id in ids] for code, ids in told["materials"].items()},
        applicant=UUID(told["applicant"]) if told["applicant"] else None,
        draft=signing.draft,
        previous=UUID(told["previous"]) if told.get("previous") else None,  # not kept with signings of before
        follow_up=told.get("follow_up", ""),
        locale=told["locale"],
        agreed=frozenset(told["agreed"]),
        commitment=told["commitment"],
        proof=Proof(signing.owner_id, "sms" if signing.proved == "sms" else "password", signing.asked_at),
        signing=signing.id,
    )


def _id(actor: Actor) -> UUID:
    if actor.kind != "person" or actor.id is None:
        raise NotFound(A_SIGNATURE)
    return actor.id


def _mine(actor: Actor, signature: UUID) -> tuple[Signing, Signature]:
    """The signature that is asked of this very person, locked."""
    signing, row = _locked(signature)
    if people.get_party(_id(actor)).id_no != row.number:
        raise NotFound(A_SIGNATURE)
    return signing, row


def _locked(signature: UUID) -> tuple[Signing, Signature]:
    """The signing first, so that the last two signatures come one after the other."""
    found = Signature.objects.filter(id=signature).values_list("signing_id", flat=True).first()
    signing = lock_signing(id=found) if found else None
    if signing is None:
        raise NotFound(A_SIGNATURE)
    return signing, Signature.objects.get(id=signature)


def _before(signing: Signing, row: Signature) -> rules.Before:
    return rules.Before(SignatureState(row.state), SigningState(signing.state), signing.expires_at, row.name)


def _check_open(before: rules.Before, at: datetime) -> None:
    if reasons := rules.why_closed(before, at):
        raise Conflict(*reasons)


def due_for_minding(at: datetime) -> Sequence[UUID]:
    """The signings that end within a day, or should have."""
    rows = Signing.objects.filter(state=SigningState.OPEN.value, expires_at__lte=at + REMIND_BEFORE)
    return list(rows.order_by("expires_at", "id").values_list("id", flat=True)[:BATCH])
