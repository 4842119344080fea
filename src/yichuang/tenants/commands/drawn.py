"""A tenant's definitions drawn in the house's console, on its behalf (代为编辑): checked, tried, published as the next version.

For communities that have nobody who writes XML. Definitions only: whoever keeps tenants never sees their data.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine.values import DecisionFaults, TableTrial, ready_decision, tried, typed_inputs
from yichuang.tenants import wall
from yichuang.tenants.books import Home, find_tenant, held, quotas_of
from yichuang.tenants.commands.keeping import check_not_deleted
from yichuang.tenants.commands.parts import faults_of, next_version, reason_of, record_version
from yichuang.tenants.meter import metered
from yichuang.tenants.parts import part_of, part_row
from yichuang.tenants.permissions import check_can_keep_tenants
from yichuang.tenants.values import PartFault, PartKind, PartRow
from yichuang.tenants.verdicts import taken

MEANWHILE = W(
    "您打开之后，应用已经发布了第 {n} 版，没有保存。请先下载您的文件，再打开最新的重新修改。",
    "The application has published version {n} since you opened it; nothing was kept. Download your file first, then open the newest one.",
)
UNSOUND = W(
    "决策表还有错误，改正后才能试算：{what}", "The table has faults; it can be tried when they are mended: {what}"
)


def check_part_of(*, actor: Actor, tenant: str, kind: PartKind, code: str, body: str) -> tuple[PartFault, ...]:
    """What publishing this body as the next version of a tenant's definition would refuse or warn of. For who keeps tenants."""
    with visiting(actor, tenant) as home:
        name = part_of(home.tenant, kind, code).name_zh
        return tuple(faults_of(kind, name, body))


@transaction.atomic
def publish_part_of(
    *, actor: Actor, tenant: str, kind: PartKind, code: str, body: str, version: int, at: datetime
) -> PartRow:
    """The next version of a tenant's definition, under its name, by who keeps tenants (代为发布): the tenant's record says who.

    `version` is the one that was opened. Refused with every fault; (conflict) CHANGED_MEANWHILE where the tenant's program has
    published another since, DELETED, quotas; NotFound for a definition that is not there.
    """
    with visiting(actor, tenant) as home:
        home.use()
        newest = part_of(home.tenant, kind, code)
        name = Words(newest.name_zh, newest.name_en)
        refuse_all([reason_of(f) for f in faults_of(kind, name.zh, body) if not f.warns])
        if newest.version != version:
            raise Conflict(Reason("CHANGED_MEANWHILE", MEANWHILE.format(n=newest.version)))
        row, is_new = next_version(home, kind, code, name, body, at)
    if is_new:
        record_version(actor, home, row, at)
    return part_row(row)


def try_part_of(
    *, actor: Actor, tenant: str, code: str, body: str, values: Mapping[str, str], at: datetime
) -> TableTrial:
    """What a tenant's table, as it is drawn now, says on values typed, and row by row why; nothing is kept.

    Refused UNSOUND with the table's first fault, WRONG_VALUE for values of another kind, CALL_TOO_COSTLY.
    """
    with visiting(actor, tenant) as home:
        part = part_of(home.tenant, "decision", code)
        try:
            decision = ready_decision(body.encode(), part.name_zh)
        except DecisionFaults as wrong:
            raise Refused(Reason("UNSOUND", UNSOUND.format(what=wrong.faults[0].words))) from None
        kinds = {name: (Words(name, name), kind.kind) for name, kind in decision.kinds.items()}
        typed = typed_inputs(kinds, values)
        numbers = {name: Decimal(typed[name]) for name, (_, kind) in kinds.items() if kind == "number" and typed[name]}
        return tried(decision, taken(decision, {**typed, **numbers}), at)


@contextmanager
def visiting(actor: Actor, tenant: str) -> Iterator[Home]:
    """Inside the wall of a tenant for who keeps tenants; it cannot be deleted meanwhile. Suspended ones may be visited.

    What is checked there is metered as the tenant's own. Refused forbidden, (conflict) DELETED; NotFound.
    """
    check_can_keep_tenants(actor)
    row = held(find_tenant(tenant).id)
    check_not_deleted(row)
    with metered(row.id), wall.inside(row.id):
        yield Home(row.id, quotas_of(row))
