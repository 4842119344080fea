"""准予 takes effect: the certificate record is written, the decision document issued, the news told."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases import messages, papers, tellings
from yichuang.cases.aftermath import END_WORDS, EndAct
from yichuang.cases.commands.checks import open_checks
from yichuang.cases.comparing import hold
from yichuang.cases.events import CaseDecided
from yichuang.cases.models import Case, Decision
from yichuang.cases.moves import finish
from yichuang.cases.needs import added_keys, counted_of, facts_for
from yichuang.cases.rules.follow import renewed_from
from yichuang.cases.states import Act, State
from yichuang.cases.tellings.after import tell_holder
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, ResultSpec
from yichuang.core import events, faults, numbers
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.refusals import Reason, Refused
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.registry import commands as registry
from yichuang.registry import queries as base
from yichuang.registry.values import VALIDITY_WORDS, CertificateRow, Status


def serve_grant(
    case: Case, *, actor: Actor, act: Act, at: datetime, told: Mapping[str, str] = MappingProxyType({})
) -> CaseHead:
    """Serve a grant on a locked case that nothing holds any more (called inside the deciding act's transaction).

    `told`: what its paper says besides.
    """
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    if not case.known.new:  # who is judged with their filing at this moment finds this one open, or counts its result
        hold([*counted_of(pack, case), *added_keys(pack, case.applicant_id, case.form)])
    if case.known.decision is None:  # else it was written as served
        Decision.objects.filter(case=case).update(served_at=at)
    row = record_result(case, pack, at, deemed=act is Act.DEEM_RENEWED)
    faults.point("serve.after_certificate")
    values = {
        "result_name": row.name.zh,
        "certificate_number": row.number,
        "valid_from_on": row.valid_from.isoformat(),
        "valid_to_on": row.valid_to.isoformat() if row.valid_to else "长期",
        "delivery_way": "窗口领取" if pack.result.handovers else "电子送达",
        "checks": open_checks(case, pack, at),
        **told,
    }
    kind = DocumentKind.DEEMED_RENEWAL if act is Act.DEEM_RENEWED else DocumentKind.GRANT
    document = papers.issue_document(case, kind, actor=actor, at=at, values=values)
    head = finish(
        case,
        actor=actor,
        act=act,
        at=at,
        detail={"document": str(document), "certificate": str(row.id)},
        documents=(document,),
    )
    if case.known.new:
        tellings.tell_granted_at_once(case, at=at)
    else:
        tellings.tell_decided(case, granted=True, deemed=act is Act.DEEM_RENEWED, at=at)
    events.publish(
        CaseDecided(
            case_id=case.id,
            number=case.number,
            at=at,
            package=case.package,
            outcome="grant",
            certificate=row.id,
            has_physical_result=bool(pack.result.handovers),
        )
    )
    if not case.known.alone and (now := _now.first(case.id)) is not None:  # after what others did because of it
        case.state, case.version = now
    return CaseHead(case.id, case.number, State(case.state), case.version, head.documents)


@compiled
def _now(case: UUID) -> QuerySet[Case, tuple[str, int]]:
    return Case.objects.filter(id=case).values_list("state", "version")


def serve_prepared(case: Case, *, at: datetime) -> CaseHead:
    """The last promised paper is there: the prepared approval (拟准予) takes effect by itself."""
    return serve_grant(case, actor=SYSTEM, act=Act.SERVE_GRANT, at=at)


def record_result(case: Case, pack: Pack, at: datetime, *, deemed: bool = False) -> CertificateRow:
    """Write the typed result into the certificate base; the register guards what must be unique.

    `deemed`: renewed by silence, at the end of the old term, however late that is written down.
    """
    department = network.get_department_by_id(case.department_id)
    spec, day = pack.result, local_date(at)
    facts = case.known.facts or facts_for(
        pack, case.applicant_id, case.form, channel=case.channel, follow_up=case.follow_up,
        previous=case.previous_id, case=case.id, at=at,
    )  # fmt: skip
    end_former(case, spec, at)
    followed = base.certificate_of_subject("case", case.previous_id) if case.follow_up and case.previous_id else None
    if deemed and followed and followed.valid_to:
        day = renewed_from(followed.valid_to, followed.valid_to)
    holder = case.known.applicant or people.get_party(case.applicant_id)
    keys = {name: catalog.fact_key(pack, case.form, name) for name in spec.keys}
    return registry.record_certificate(
        type_code=spec.type_code,
        name=spec.name,
        issuer_uscc=department.uscc,
        issuer_name=department.name,
        holder_party=case.applicant_id,
        holder_name_masked=holder.name_masked,
        number=followed.number if followed else _next_number(spec, department.code, day),
        data={"holder": holder.name, **catalog.result_data(pack, case.answers, case.form, facts, at)},
        labels={field.key: field.label.zh for field in spec.fields},
        keys=keys,
        unique=spec.unique,
        template=spec.template,
        valid_from=day,
        valid_to=_term(spec, case, followed, day),
        subject=("case", case.id),
        previous=followed.id if followed else None,
        sure=case.known.new,
        at=at,
    )


def counters_of(case: Case, spec: ResultSpec, at: datetime) -> list[numbers.Counter]:
    """What numbers the certificate and the paper of a grant, in the order in which it takes them; one that follows an earlier
    result may keep its number, so none of it is sure."""
    if case.follow_up:
        return []
    department = network.get_department_by_id(case.department_id)
    return [
        _counter(spec, department.code, local_date(at)),
        registry.counter_of_identifiers(spec.type_code, department.uscc, at),
        papers.counter_of(case, DocumentKind.GRANT, at),
    ]


def _counter(spec: ResultSpec, department: str, day: date) -> numbers.Counter:
    return f"certificate.{spec.type_code}", department, date(day.year, 1, 1)


def _next_number(spec: ResultSpec, department: str, day: date) -> str:
    kind, place, year = _counter(spec, department, day)
    serial = numbers.next_number(kind=kind, place=place, day=year)
    return spec.number_rule.format(year=day.year, serial=serial)


def _term(spec: ResultSpec, case: Case, followed: CertificateRow | None, day: date) -> date | None:
    """The last day of the new version: a renewal adds a term to the old one, a change or replacement keeps the old end."""
    if followed is None or case.follow_up == "renew":
        return valid_to(spec, case, renewed_from(followed.valid_to, day) if followed else day)
    return valid_to(spec, case, day) if spec.validity.until else followed.valid_to


def end_former(case: Case, spec: ResultSpec, at: datetime) -> None:
    """End what this grant takes the place of (转移登记: the former owner's title), when the base knows it.

    Refused when it is not in force, or when it is held by nobody whom the form names as its holder: a number alone ends
    nobody's certificate.
    """
    for ended in spec.ends:
        row = base.find_numbered(ended.certificate, str(value_at(case.form, ended.printed) or ""))
        if row is None:
            continue
        worth = base.validity(row, local_date(at))
        if worth != "valid":
            words = messages.FORMER_NOT_IN_FORCE.format(name=row.name, state=VALIDITY_WORDS[worth])
            raise Refused(Reason("FORMER_NOT_IN_FORCE", words), kind="conflict")
        holder = people.get_party(row.holder)
        if holder.id_no not in texts_in(value_at(case.form, ended.holders)):
            words = messages.FORMER_HOLDER_DIFFERS.format(name=row.name)
            raise Refused(Reason("FORMER_HOLDER_DIFFERS", words), kind="conflict")
        reason = f"{case.item_name_zh}（办件 {case.number}），原证注销"
        registry.set_status(id=row.id, status=Status.CANCELLED, reason=reason, at=at)
        told = {"act": END_WORDS[EndAct.CANCEL]}
        tell_holder(case, "certificate_ended", told, to=row.holder, mark=f"{case.id}:{row.id}", at=at)


def texts_in(value: object) -> set[str]:
    """Every text below a part of the form."""
    if isinstance(value, dict):
        return set().union(*(texts_in(one) for one in value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*(texts_in(one) for one in value)) if value else set()
    return {value} if isinstance(value, str) else set()


def value_at(form: object, pointer: str) -> object:
    """What stands in the form at a pointer; None when nothing does."""
    for part in pointer.strip("/").split("/"):
        form = form.get(part) if isinstance(form, dict) else None
    return form


def valid_to(spec: ResultSpec, case: Case, start: date) -> date | None:
    """The last day of validity; None for ever. `until` names a date in the form (the end of a lease)."""
    validity = spec.validity
    if validity.until:
        value = value_at(case.form, validity.until)
        if isinstance(value, str):
            return date.fromisoformat(value)
    if validity.unit == "forever":
        return None
    if validity.unit == "day":
        return date.fromordinal(start.toordinal() + validity.amount - 1)
    months = validity.amount * (12 if validity.unit == "year" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        after = date(year, month + 1, start.day)
    except ValueError:  # 31 January + 1 month: the month ends earlier
        after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)
