"""鉴定 as pages show it: whose keeping term is over, what waits for a second person, and the register of destruction."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yichuang.cases import queries as cases
from yichuang.cases.permissions import holds_deciding_post
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.keyset import page_of
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.issuing.models import Appraisal, ArchivePackage
from yichuang.issuing.values import RETENTION_WORDS, AppraisalPage, AppraisalRow, PackageRow
from yichuang.network import queries as network
from yichuang.registry import queries as registry
from yichuang.registry.values import Validity

PAGE = 30
LIVING: frozenset[Validity | None] = frozenset({"valid", "suspended", "not_yet"})
THE_PACKAGE = W("归档包", "archive package")
CARRIED_ON = W("由它延续、变更或补发的证照仍在效力期内", "A certificate that carries its own on is still in force")
IN_FORCE = W("由它发出的证照仍在效力期内", "The certificate that it brought is still in force")


def list_due(actor: Actor, *, at: datetime, cursor: str | None = None) -> Page[PackageRow]:
    """The newest packages of the actor's departments whose keeping term is over, the oldest term first."""
    found = page_of(_due(cases.departments_of(actor), local_date(at)), "keep_until", cursor, PAGE)
    return Page(package_rows(found.items), found.next)


def _due(departments: Iterable[UUID], today: date) -> QuerySet[ArchivePackage]:
    newer = ArchivePackage.objects.filter(case=OuterRef("case"), edition__gt=OuterRef("edition"))
    said = Appraisal.objects.filter(case=OuterRef("case"))
    return ArchivePackage.objects.filter(
        ~Exists(newer),
        ~Exists(said.filter(stage__in=["proposed", "destroyed"])),
        ~Exists(said.filter(outcome="extend", until__gte=today)),
        department__in=list(departments),
        keep_until__lt=today,
    )


def list_proposed(actor: Actor, *, cursor: str | None = None) -> Page[AppraisalRow]:
    """Destructions that wait for a second person, the oldest first."""
    return _of_stage(actor, "proposed", "at", cursor)


def list_destroyed(actor: Actor, *, cursor: str | None = None) -> Page[AppraisalRow]:
    """The register of destruction (销毁清册) of the actor's departments, the latest first."""
    return _of_stage(actor, "destroyed", "answered_at", cursor, latest=True)


def _of_stage(actor: Actor, stage: str, key: str, cursor: str | None, *, latest: bool = False) -> Page[AppraisalRow]:
    rows = _appraisals().filter(department__in=list(cases.departments_of(actor)), stage=stage)
    found = page_of(rows, key, cursor, PAGE, latest=latest)
    return Page(tuple(_row(row) for row in found.items), found.next)


def appraisal_page(actor: Actor, package: UUID, *, at: datetime) -> AppraisalPage:
    """Of one package, by any of its editions. 404 for what is not of the actor's departments."""
    newest = newest_of(actor, package)
    said = tuple(_row(row) for row in _appraisals().filter(case=newest.case_id).order_by("-at", "-id"))
    waiting = next((row for row in said if row.stage == "proposed"), None)
    until = kept_until(newest)
    due = until is not None and until < local_date(at)
    over = any(row.stage == "destroyed" for row in said)
    (shown,) = package_rows([newest])
    return AppraisalPage(
        package=shown,
        kept_until=until,
        is_due=due and not over,
        held=what_holds(newest.case_id, at=at),
        rows=said,
        waiting=waiting,
        may_appraise=due and not over and waiting is None and can_appraise(actor, newest.department_id),
        may_answer=waiting is not None and waiting.by != actor.id and can_answer_appraisal(actor, newest.department_id),
    )


def newest_of(actor: Actor, package: UUID) -> ArchivePackage:
    """The newest edition beside a package of the actor's departments. Raises `NotFound`."""
    row = ArchivePackage.objects.filter(id=package, department__in=list(cases.departments_of(actor))).first()
    if row is None:
        raise NotFound(THE_PACKAGE)
    return ArchivePackage.objects.filter(case=row.case_id).order_by("-edition")[0]


def kept_until(row: ArchivePackage) -> date | None:
    """The last day of keeping, extensions counted; None for ever."""
    if row.keep_until is None:
        return None
    longer = Appraisal.objects.filter(case=row.case_id, outcome="extend").values_list("until", flat=True)
    return max([row.keep_until, *(until for until in longer.order_by("id") if until)])


def what_holds(case: UUID, *, at: datetime) -> tuple[Words, ...]:
    """Why the file of a case must not be destroyed now: it is still worked with, or its certificate is in force."""
    own = _worth(case, at)
    in_force = () if own not in LIVING else (IN_FORCE,)
    if own and any(_worth(later, at) in LIVING for later in cases.followers_of(case)):
        in_force = (*in_force, CARRIED_ON)  # the grant is the root of what is in force now
    return (*cases.what_keeps(case), *in_force)


def _worth(case: UUID, at: datetime) -> Validity | None:
    """What the certificate of a case is worth on the day; None when it brought none."""
    certificate = registry.certificate_of_subject("case", case)
    return registry.validity(certificate, local_date(at)) if certificate is not None else None


def can_appraise(actor: Actor, department: UUID) -> bool:
    """Whether the actor may appraise: a reviewer of the department. Who supervises looks at every archive and decides nothing."""
    return actor.is_staff and actor.has(roles.REVIEWER, department=department)


def can_answer_appraisal(actor: Actor, department: UUID) -> bool:
    """Whether the actor may approve a destruction: who holds a deciding post of the department."""
    code = network.get_department_by_id(department).code
    return actor.is_staff and roles.REVIEWER in actor.roles and holds_deciding_post(actor, code)


def is_destroyed(case: UUID) -> bool:
    """Whether the file of the case was destroyed: it is not made again."""
    return Appraisal.objects.filter(case=case, stage="destroyed").exists()


def package_rows(rows: Iterable[ArchivePackage]) -> tuple[PackageRow, ...]:
    """As lists show them, with the day of destruction."""
    found = list(rows)
    gone = Appraisal.objects.filter(case__in=[row.case_id for row in found], stage="destroyed")
    days = {row.case_id: local_date(row.answered_at) for row in gone.order_by("id") if row.answered_at}
    return tuple(
        PackageRow(
            row.id, row.number, row.edition, row.case_number, W(row.item_zh, row.item_en), row.holder_masked,
            row.closed_on, RETENTION_WORDS[row.retention], row.keep_until, row.pieces, row.entries, row.size, row.sha256,
            row.made_at, days.get(row.case_id),
        )
        for row in found
    )  # fmt: skip


def _appraisals() -> QuerySet[Appraisal]:
    return Appraisal.objects.select_related("package")


def _row(row: Appraisal) -> AppraisalRow:
    package = row.package
    return AppraisalRow(
        id=row.id, package=package.id, number=package.number, case_number=package.case_number,
        item=W(package.item_zh, package.item_en), retention=RETENTION_WORDS[package.retention],
        closed_on=package.closed_on, kept_until=row.kept_until, editions=row.editions, outcome=row.outcome,
        stage=row.stage, until=row.until, reason=row.reason, at=row.at, by=row.by_id, by_name=row.by_name,
        register=row.register or "", answered_at=row.answered_at, answered_name=row.answered_name, note=row.note,
    )  # fmt: skip
