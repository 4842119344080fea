"""Publishing a tenant's processes, decision tables, forms and data tables: each change is a version, checked as packs' are."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine.values import ProcessFaults, check_decision, parse_process
from yichuang.tenants.books import KIND, Home, at_home, record
from yichuang.tenants.meter import metered
from yichuang.tenants.models import Part, Row
from yichuang.tenants.parts import part_row, spec_of
from yichuang.tenants.permissions import check_can
from yichuang.tenants.rules import (
    LARGEST_PART,
    MOST_PARTS,
    WRONG_TABLE,
    code_reasons,
    kept_reasons,
    name_reasons,
    part_bytes,
    table_of,
    table_reasons,
)
from yichuang.tenants.values import DEFINE, PartFault, PartKind, PartRow

TOO_LARGE = W("定义最多 300 KB", "A definition has at most 300 KB")
TOO_MANY = W("一个租户最多保留 500 个定义版本", "A tenant keeps at most 500 versions of definitions")
NOT_JSON = W("应为 JSON 对象", "This should be a JSON object")


def check_part(*, actor: Actor, kind: PartKind, name: str, body: str) -> tuple[PartFault, ...]:
    """Everything that publishing would refuse or warn of, each with its place; nothing is kept. `name`: the decision of a file
    is the one that is called as the definition is in Chinese."""
    with metered(check_can(actor, DEFINE)):
        return tuple(faults_of(kind, name, body))


@transaction.atomic
def publish_part(*, actor: Actor, kind: PartKind, code: str, name: Words, body: str, at: datetime) -> PartRow:
    """The next version of a definition; the same body again is the version that it is already.

    What runs goes on by the version it began with; new runs, decisions and rows take the newest. Refused with every fault,
    of a table with rows also with what would make them unreadable.
    """
    with metered(check_can(actor, DEFINE)):
        faults = [reason_of(f) for f in faults_of(kind, name.zh.strip(), body) if not f.warns]
    refuse_all([*code_reasons(code), *name_reasons(name), *faults])
    with at_home(actor, DEFINE) as home:
        row, is_new = next_version(home, kind, code, name, body, at)
    if is_new:
        record_version(actor, home, row, at)
    return part_row(row)


def next_version(home: Home, kind: PartKind, code: str, name: Words, body: str, at: datetime) -> tuple[Part, bool]:
    """The next version, inside the wall; the newest, where it says the same. Refused over a quota, or for rows that are there."""
    sha = hashlib.sha256(body.encode()).hexdigest()
    home.use()  # one after the other, and no row comes meanwhile: the tenant's own row is locked
    newest = Part.objects.filter(tenant=home.tenant, kind=kind, code=code).order_by("-version").first()
    if newest is not None and newest.sha == sha:
        return newest, False
    _check_room(home, kind, code, newest, body)
    home.use(bytes=part_bytes(kind, body))
    row = Part.objects.create(
        id=new_id(), tenant_id=home.tenant, kind=kind, code=code, version=newest.version + 1 if newest else 1,
        name_zh=name.zh.strip(), name_en=name.en.strip(), body=body, sha=sha, made_at=at,
    )  # fmt: skip
    return row, True


def record_version(actor: Actor, home: Home, row: Part, at: datetime) -> None:
    """Put it on the tenant's record, outside the wall."""
    record("published", actor, at, (KIND, home.tenant), kind=row.kind, code=row.code, version=row.version, sha=row.sha)


def _check_room(home: Home, kind: str, code: str, newest: Part | None, body: str) -> None:
    if Part.objects.filter(tenant=home.tenant).count() >= MOST_PARTS:
        raise Conflict(Reason("TOO_MANY_PARTS", TOO_MANY))
    if kind == "table" and newest is not None and Row.objects.filter(tenant=home.tenant, table=code).exists():
        refuse_all(list(kept_reasons(spec_of(newest.body), spec_of(body))))


# ── what is wrong with a definition ───────────────────────────────────────────────────────────────────────────────
def reason_of(fault: PartFault) -> Reason:
    """A fault as a reason of a refusal, with its line."""
    place = Words(f"第 {fault.line} 行：", f"Line {fault.line}: ") if fault.line else Words("", "")
    return Reason(fault.code, Words(place.zh + fault.words.zh, place.en + fault.words.en), fault.element or None)


def faults_of(kind: PartKind, name: str, body: str) -> Iterable[PartFault]:
    """Everything wrong with a definition of this kind and name, or worth a warning."""
    if len(body.encode()) > LARGEST_PART:
        return [PartFault(TOO_LARGE, "TOO_LARGE")]
    return CHECKS[kind](name, body)


def _process_faults(name: str, body: str) -> list[PartFault]:
    try:
        model = parse_process(body.encode())
    except ProcessFaults as found:
        return [PartFault(f.words, f.code, f.line, f.element) for f in found.faults]
    return [PartFault(f.words, f.code, f.line, f.element, warns=True) for f in model.warnings]


def _decision_faults(name: str, body: str) -> list[PartFault]:
    found = check_decision(body.encode(), name).faults
    return [PartFault(f.words, f.code, f.line, f.element, f.row, f.column, f.warns) for f in found]


def _form_faults(name: str, body: str) -> list[PartFault]:
    schema = _object(body)
    return _told(catalog.plain_form_faults(schema)) if schema is not None else [PartFault(NOT_JSON, "NOT_JSON")]


def _table_faults(name: str, body: str) -> list[PartFault]:
    declared = _object(body)
    spec = table_of(declared) if declared is not None else None
    if spec is None:
        return [PartFault(WRONG_TABLE, "WRONG_TABLE")]
    found = _told(catalog.plain_form_faults(spec.form))
    return found or _told(table_reasons(spec))


def _told(reasons: Iterable[Reason]) -> list[PartFault]:
    return [PartFault(reason.words, reason.code, element=reason.field or "") for reason in reasons]


def _object(body: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


CHECKS: Mapping[str, Callable[[str, str], list[PartFault]]] = {
    "process": _process_faults,
    "decision": _decision_faults,
    "form": _form_faults,
    "table": _table_faults,
}
