"""准予 takes effect: the certificate record is written, the decision document issued, the news told."""

from datetime import date, datetime
from uuid import UUID

from yichuang.cases import papers, tellings
from yichuang.cases.events import CaseDecided
from yichuang.cases.models import Case, Decision
from yichuang.cases.moves import finish
from yichuang.cases.needs import facts_for
from yichuang.cases.states import Act, State
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, ResultSpec
from yichuang.core import events, faults, numbers
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.registry import commands as registry
from yichuang.registry import queries as base


def serve_grant(case: Case, *, actor: Actor, act: Act, at: datetime) -> CaseHead:
    """Serve a grant on a locked case that nothing holds any more (called inside the deciding act's transaction)."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    Decision.objects.filter(case=case).update(served_at=at)
    certificate = record_result(case, pack, at)
    faults.point("serve.after_certificate")
    row = base.get_certificate(certificate)
    values = {
        "result_name": row.name.zh,
        "certificate_number": row.number,
        "valid_from_on": row.valid_from.isoformat(),
        "valid_to_on": row.valid_to.isoformat() if row.valid_to else "长期",
        "delivery_way": "窗口领取" if pack.result.handovers else "电子送达",
    }
    document = papers.issue_document(case, DocumentKind.GRANT, actor=actor, at=at, values=values)
    head = finish(
        case,
        actor=actor,
        act=act,
        at=at,
        detail={"document": str(document), "certificate": str(certificate)},
        documents=(document,),
    )
    tellings.tell_decided(case, granted=True, at=at)
    events.publish(
        CaseDecided(
            case_id=case.id,
            number=case.number,
            at=at,
            outcome="grant",
            certificate=certificate,
            has_physical_result=bool(pack.result.handovers),
        )
    )
    case.refresh_from_db()
    return CaseHead(case.id, case.number, State(case.state), case.version, head.documents)


def serve_prepared(case: Case, *, at: datetime) -> CaseHead:
    """The last promised paper is there: the prepared approval (拟准予) takes effect by itself."""
    return serve_grant(case, actor=SYSTEM, act=Act.SERVE_GRANT, at=at)


def record_result(case: Case, pack: Pack, at: datetime) -> UUID:
    """Write the typed result into the certificate base; the register guards what must be unique. Returns its id."""
    department = network.get_department_by_id(case.department_id)
    spec, day = pack.result, local_date(at)
    facts = facts_for(pack, case.applicant_id, case.form, channel=case.channel, at=at)
    serial = numbers.next_number(kind=f"certificate.{spec.type_code}", place=department.code, day=date(day.year, 1, 1))
    holder = people.get_party(case.receiver_id if case.receiver_id == case.applicant_id else case.applicant_id)
    keys = {name: catalog.fact_key(pack, case.form, name) for name in spec.keys}
    row = registry.record_certificate(
        type_code=spec.type_code,
        name=spec.name,
        issuer_uscc=department.uscc,
        issuer_name=department.name,
        holder_party=case.applicant_id,
        holder_name_masked=holder.name_masked,
        number=spec.number_rule.format(year=day.year, serial=serial),
        data={"holder": holder.name, **catalog.result_data(pack, case.answers, case.form, facts, at)},
        labels={field.key: field.label.zh for field in spec.fields},
        keys=keys,
        unique=spec.unique,
        template=spec.template,
        valid_from=day,
        valid_to=valid_to(spec, case, day),
        subject=("case", case.id),
        at=at,
    )
    return row.id


def valid_to(spec: ResultSpec, case: Case, start: date) -> date | None:
    """The last day of validity; None for ever. `until` names a date in the form (the end of a lease)."""
    validity = spec.validity
    if validity.until:
        value: object = case.form
        for part in validity.until.strip("/").split("/"):
            value = value.get(part) if isinstance(value, dict) else None
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
