"""Standing for somebody (代理): authorised agents, legal representatives, guardians."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people import rules
from yichuang.people.actors import in_force
from yichuang.people.commands.parties import A_PARTY
from yichuang.people.models import Party, Representation
from yichuang.people.permissions import can_register, check_can_register
from yichuang.people.queries import language_of

AN_AUTHORITY = W("委托", "authority")


@transaction.atomic
def grant_agency(
    *,
    actor: Actor,
    principal: UUID,
    agent: UUID,
    items: Collection[str] = (),
    valid_from: date | None = None,
    valid_to: date,
    at: datetime,
) -> UUID:
    """Authorise an agent for all items or the named ones. The same authority again gives the same id.

    By the principal, its legal representative or guardian, or counter staff with the signed paper before them; an
    agent cannot pass an authority on (转委托, 民法典 art. 169). Refused: see `rules.judge_agency`.
    """
    by_staff = can_register(actor)
    if not by_staff and not may_authorise(actor, principal, local_date(at)):
        raise NotFound(A_PARTY)
    of, who = _parties(principal, agent)
    refuse_all(_judge(actor, of, who, valid_from or local_date(at), valid_to, at))
    row, new = _record(
        Representation(
            agent=who,
            principal=of,
            kind="agent",
            items=sorted(set(items)),
            basis="委托书" if by_staff else "",
            valid_from=valid_from or local_date(at),
            valid_to=valid_to,
            granted_at=at,
        ),
        actor,
        at,
    )
    if new:
        _tell(row, row.agent, "agency_granted", {"principal": of.name_masked, "until": valid_to}, at)
        _tell(row, row.principal, "agency_given", {"agent": who.name_masked, "until": valid_to}, at)
    return row.id


def check_agency(*, actor: Actor, principal: UUID, agent: UUID | None, valid_to: date, at: datetime) -> list[Reason]:
    """Every reason why `grant_agency` would refuse; nothing is written. Without an agent, those that ask for none."""
    known = {
        party.id: party for party in Party.objects.filter(id__in=[id for id in (principal, agent) if id]).order_by("id")
    }
    if principal not in known or not may_authorise(actor, principal, local_date(at)):
        raise NotFound(A_PARTY)
    return _judge(actor, known[principal], known.get(agent) if agent else None, local_date(at), valid_to, at)


def _judge(actor: Actor, of: Party, who: Party | None, valid_from: date, valid_to: date, at: datetime) -> list[Reason]:
    return rules.judge_agency(
        same=who is not None and who.id == of.id,
        agent_kind="company" if who is not None and who.kind == "company" else "person",
        agent_birth=_birth(who) if who else None,
        principal_birth=_birth(of),
        by_guardian=actor.id != of.id,
        valid_from=valid_from,
        valid_to=valid_to,
        today=local_date(at),
    )


def may_authorise(actor: Actor, principal: UUID, day: date) -> bool:
    """Whether a signed-in person decides for the principal: is it, or is its legal representative or guardian."""
    if actor.kind != "person":
        return False
    return (
        actor.id == principal
        or Representation.objects.filter(
            in_force(day),
            agent=actor.id,
            principal=principal,
            kind__in=["legal_representative", "guardian"],
            revoked_at=None,
        ).exists()
    )


def _parties(principal: UUID, agent: UUID) -> tuple[Party, Party]:
    """Both, the principal locked so that two equal requests follow each other."""
    of = Party.objects.select_for_update(of=("self",)).filter(id=principal).first()
    who = Party.objects.filter(id=agent).first()
    if of is None or who is None:
        raise NotFound(A_PARTY)
    return of, who


def _birth(party: Party) -> date | None:
    return date.fromisoformat(party.birth_date) if party.birth_date else None


def _record(wanted: Representation, actor: Actor, at: datetime) -> tuple[Representation, bool]:
    same = Representation.objects.filter(
        agent=wanted.agent,
        principal=wanted.principal,
        kind=wanted.kind,
        items=wanted.items,
        valid_to=wanted.valid_to,
        revoked_at=None,
    ).first()
    if same is not None:
        return same, False
    # a new paper for the same powers replaces the old one of the same first day
    Representation.objects.filter(
        agent=wanted.agent,
        principal=wanted.principal,
        kind=wanted.kind,
        items=wanted.items,
        valid_from=wanted.valid_from,
        revoked_at=None,
    ).update(revoked_at=at)
    wanted.id = new_id()
    wanted.save(force_insert=True)
    ledger.append(
        act=f"people.grant_{wanted.kind}",
        actor=actor,
        at=at,
        subject=ledger.Subject("party", wanted.principal_id),
        detail={"representation": str(wanted.id), "items": ",".join(wanted.items)},
        behalf=wanted.principal_id,
    )
    return wanted, True


def _tell(row: Representation, to: Party, template: str, values: Mapping[str, object], at: datetime) -> None:
    """Tell one of the two sides: by SMS when there is a number, always in the inbox."""
    send(
        address=Address("sms", to.mobile, to.id) if to.mobile else Address("inbox", party=to.id),
        locale=language_of(to.id),
        template=template,
        values=values,
        at=at,
        dedupe=f"{template}:{row.id}",
    )


@transaction.atomic
def record_legal_representative(
    *, actor: Actor, company: UUID, person: UUID, basis: str, valid_from: date | None = None, at: datetime
) -> UUID:
    """Write down who the business licence names (法定代表人); the one before steps back. Counter staff or the system."""
    check_can_register(actor)
    of, who = _parties(company, person)
    reasons = []
    if of.kind != "company" or who.kind != "person":
        words = W("法定代表人是公司的自然人代表", "A legal representative is a person and represents a company")
        reasons.append(Reason("NOT_A_COMPANY", words, "/company"))
    if not basis.strip():
        words = W("请写明所核对的证照", "Name the document that you checked")
        reasons.append(Reason("BASIS_MISSING", words, "/basis"))
    refuse_all(reasons)
    Representation.objects.filter(principal=of, kind="legal_representative", revoked_at=None).exclude(agent=who).update(
        revoked_at=at
    )
    return _record(
        Representation(
            agent=who,
            principal=of,
            kind="legal_representative",
            items=[],
            basis=basis.strip(),
            valid_from=valid_from or local_date(at),
            granted_at=at,
        ),
        actor,
        at,
    )[0].id


@transaction.atomic
def record_guardian(
    *,
    actor: Actor,
    ward: UUID,
    guardian: UUID,
    basis: str,
    declared: bool = False,
    valid_from: date | None = None,
    at: datetime,
) -> UUID:
    """Write down a guardian after seeing the proof (户口簿, 出生医学证明, 判决书); a minor's ends at eighteen by itself."""
    check_can_register(actor)
    of, who = _parties(ward, guardian)
    today = local_date(at)
    refuse_all(
        rules.judge_guardian(
            same=ward == guardian or who.kind != "person" or of.kind != "person",
            guardian_birth=_birth(who),
            ward_birth=_birth(of),
            declared=declared,
            basis=basis,
            today=today,
        )
    )
    return _record(
        Representation(
            agent=who,
            principal=of,
            kind="guardian",
            items=[],
            basis=basis.strip(),
            declared=declared,
            valid_from=valid_from or today,
            valid_to=None if declared else rules.guardianship_ends(_birth(of), today),
            granted_at=at,
        ),
        actor,
        at,
    )[0].id


@transaction.atomic
def revoke_agency(*, actor: Actor, representation: UUID, at: datetime) -> None:
    """End an authority at once: by who gave it, by the agent (辞去委托), or by counter staff. Twice is once.

    A guardian or legal representative is only replaced by counter staff, who see the new document.
    """
    row = (
        Representation.objects.select_for_update(of=("self",))
        .select_related("agent", "principal")
        .filter(id=representation)
        .first()
    )
    if row is None or not (can_register(actor) or _is_side(actor, row, local_date(at))):
        raise NotFound(AN_AUTHORITY)
    if row.kind != "agent" and not can_register(actor):
        words = W("监护人、法定代表人的变更请到窗口办理", "Please change guardians and representatives at a counter")
        raise Refused(Reason("ONLY_AT_THE_COUNTER", words), kind="forbidden")
    if row.revoked_at is not None:
        return
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    ledger.append(
        act=f"people.revoke_{row.kind}",
        actor=actor,
        at=at,
        subject=ledger.Subject("party", row.principal_id),
        detail={"representation": str(row.id)},
        behalf=row.principal_id,
    )
    if row.kind == "agent":
        _tell(row, row.agent, "agency_revoked", {"principal": row.principal.name_masked}, at)
        _tell(row, row.principal, "agency_ended", {"agent": row.agent.name_masked}, at)


def _is_side(actor: Actor, row: Representation, day: date) -> bool:
    return actor.kind == "person" and (actor.id == row.agent_id or may_authorise(actor, row.principal_id, day))
