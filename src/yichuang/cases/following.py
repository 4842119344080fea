"""A filing that follows a result (变更, 延续, 补发): the certificate it is about, and whether it may be filed now."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.models import Case, Hold, Proceeding
from yichuang.cases.models.after import RUNNING_STAGES
from yichuang.cases.pages import FollowUpRow
from yichuang.cases.rules import follow
from yichuang.cases.states import ENDS, Act, State, can_move
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FOLLOW_UP_WORDS, Pack
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.refusals import Conflict, NotFound, Reason
from yichuang.core.words import W, Words
from yichuang.registry import queries as base
from yichuang.registry.values import VALIDITY_WORDS, CertificateRow, Status

OPEN_STATES = sorted({"SUBMITTED", "CORRECTING", "IN_REVIEW", "SUSPENDED", "PREPARED"} - {end.value for end in ENDS})
NOT_BEFORE = W("还不能准予：{what}", "It cannot be granted yet: {what}")


def certificate_of(previous: UUID | None) -> CertificateRow | None:
    """The certificate that the earlier case brought."""
    return base.certificate_of_subject("case", previous) if previous else None


def ended_as(case: UUID, at: datetime) -> Words | None:
    """How the certificate of a case came to its end for good, in words; None while it, or what replaced it, is in force, may
    come into force again or waits to be renewed, and where the case brought none."""
    row = certificate_of(case)
    if row is None:
        return None
    worth = base.validity(base.newest_of(row), local_date(at))
    over = worth not in {"valid", "not_yet", "suspended"} and not (worth == "expired" and running_kind(case))
    return VALIDITY_WORDS[worth] if over else None


def why_not_follow(pack: Pack, kind: str, previous: UUID | None, applicant: UUID, at: datetime) -> list[Reason]:
    """Why such an application cannot be filed now. A case that brought no certificate has nothing to follow it."""
    row = certificate_of(previous)
    if row is None or row.type_code != pack.result.type_code:
        return [Reason("FOLLOW_UP_UNKNOWN", follow.UNKNOWN, "/previous")]
    today = local_date(at)
    return follow.judge_follow_up(
        kind,
        pack.result.follow_up(kind),
        worth=base.validity(row, today),
        valid_to=row.valid_to,
        today=today,
        by_holder=row.holder == applicant,
        running=running_kind(previous),
        ending=is_being_ended(row.id),
    )


def is_being_ended(certificate: UUID) -> bool:
    """Whether a proceeding to end the certificate (撤销, 撤回, 吊销, 注销) is open."""
    return Proceeding.objects.filter(certificate_id=certificate, stage__in=RUNNING_STAGES).exists()


@compiled
def _rests(case: UUID) -> QuerySet[Hold]:
    return Hold.objects.filter(case=case, kind="rests", lifted_at=None).order_by("placed_at", "id")


def foresee_grant(case: Case) -> None:
    """`why_not_grant` will be asked for in this transaction (see `sql.ahead`)."""
    if case.known.new:
        return
    _rests.ahead(case.id)


def why_not_grant(case: Case) -> list[Reason]:
    """Why this locked case cannot be granted now: what it rests on is not granted yet (一件事), or the certificate that it
    follows is being ended. Holds the certificate's case, as opening a proceeding does."""
    rests = [] if case.known.new else _rests(case.id)
    if waiting := [Reason("RESTS", NOT_BEFORE.format(what=Words(hold.words_zh, hold.words_en))) for hold in rests]:
        return waiting
    if not case.follow_up:
        return []
    lock_followed(case.previous_id)
    row = certificate_of(case.previous_id)
    return [follow.PROCEEDING_RUNNING] if row is not None and is_being_ended(row.id) else []


def can_serve(case: Case) -> bool:
    """Whether a prepared grant can take effect: not on a certificate that is ended, or about to be."""
    row = certificate_of(case.previous_id) if case.follow_up else None
    return not why_not_grant(case) and (row is None or row.status is Status.VALID)


def is_renewed_by_law(case: Case, row: CertificateRow, at: datetime) -> bool:
    """Whether silence has renewed the certificate `row` (行政许可法 art. 50 (2)), on which the papers may still have to follow."""
    if case.follow_up != "renew" or row.status is not Status.VALID or not can_move(State(case.state), Act.DEEM_RENEWED):
        return False
    return follow.may_deem_renewed(
        is_permit=case.is_permit, received=local_date(case.received_at), valid_to=row.valid_to, today=local_date(at)
    )


def check_not_renewed(case: Case, at: datetime) -> None:
    """Raise when silence has renewed: the law decided at the end of the term, not in the minute in which the job comes."""
    row = certificate_of(case.previous_id) if case.follow_up == "renew" else None
    if row is not None and row.valid_to is not None and is_renewed_by_law(case, row, at):
        raise Conflict(follow.law_has_granted(row.valid_to))


def running_kind(previous: UUID | None) -> str:
    """The kind of the open follow-up of the certificate that this case brought, the oldest; "" when none is open."""
    rows = Case.objects.filter(previous=previous, state__in=OPEN_STATES).exclude(follow_up="").order_by("id")
    return rows.values_list("follow_up", flat=True).first() or ""


def lock_followed(previous: UUID | None) -> None:
    """Hold the case that brought the certificate until the transaction ends.

    Whatever moves the certificate waits for it: of two filings at once the second sees the first.
    """
    if previous is not None:
        Case.objects.select_for_update(of=("self",)).filter(id=previous).first()


def name_of(pack: Pack, kind: str) -> Words:
    """What such a case is called: 养犬登记证延续."""
    if not kind:
        return pack.name
    return Words(
        f"{pack.result.name.zh}{FOLLOW_UP_WORDS[kind].zh}", f"{pack.result.name.en}: {FOLLOW_UP_WORDS[kind].en.lower()}"
    )


def follow_ups_of(actor: Actor, row: CertificateRow, *, at: datetime) -> tuple[FollowUpRow, ...]:
    """What the holder may apply for now, and for each that may not be the reasons; for pages of one's own certificates."""
    if row.subject[0] != "case":
        return ()
    case = Case.objects.filter(id=row.subject[1]).first()
    if case is None or not actor.acts_for(row.holder, item=case.item_code):
        return ()
    try:
        pack = catalog.get_pack(case.item_code, at=at)
    except NotFound:  # the item is no longer offered
        return ()
    return tuple(
        FollowUpRow(
            one.kind,
            FOLLOW_UP_WORDS[one.kind],
            pack.code,
            case.number,
            tuple(reason.words for reason in why_not_follow(pack, one.kind, case.id, row.holder, at)),
        )
        for one in pack.result.follow_ups
    )
