"""A filing that follows a result (变更, 延续, 补发): the certificate it is about, and whether it may be filed now."""

from datetime import datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.cases.pages import FollowUpRow
from yichuang.cases.rules import follow
from yichuang.cases.states import ENDS
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FOLLOW_UP_WORDS, Pack
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason
from yichuang.core.words import Words
from yichuang.registry import queries as base
from yichuang.registry.values import CertificateRow

RUNNING_STATES = sorted({"SUBMITTED", "CORRECTING", "IN_REVIEW", "SUSPENDED", "PREPARED"} - {end.value for end in ENDS})


def certificate_of(previous: UUID | None) -> CertificateRow | None:
    """The certificate that the earlier case brought."""
    return base.certificate_of_subject("case", previous) if previous else None


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
        running=Case.objects.filter(previous=previous, follow_up=kind, state__in=RUNNING_STATES).exists(),
    )


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
