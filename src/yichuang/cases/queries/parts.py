"""What a package (一件事) asks of the cases that are its parts: each one's line, who may open it, where it stood since when."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yichuang.cases.models import Case, Upload
from yichuang.cases.moves import relations_of
from yichuang.cases.pages import WorkRow
from yichuang.cases.permissions import can_see
from yichuang.cases.states import State
from yichuang.cases.values import UploadRow
from yichuang.cases.worklists import work_row
from yichuang.core import ledger
from yichuang.core.actors import Actor

FIRST = State.SUBMITTED  # what the filing's entry does not say


class CasePart(NamedTuple):
    """One case of a package. `passages`: from when on it stood in which state, from the acts on the ledger."""

    row: WorkRow
    department: UUID
    may_open: bool
    passages: tuple[tuple[datetime, State], ...]


def case_parts(actor: Actor, ids: Sequence[UUID], *, at: datetime) -> dict[UUID, CasePart]:
    """The cases of these ids, two statements in all. Whether the package may be seen is asked by its own room."""
    rows = Case.objects.filter(id__in=ids).select_related("department").order_by("id")
    acts = ledger.list_entries_of("case", list(ids))
    return {
        row.id: CasePart(
            work_row(row, at), row.department_id, can_see(actor, relations_of(row)), _passages(acts.get(row.id, ()))
        )
        for row in rows
    }


def states_of(ids: Sequence[UUID]) -> dict[UUID, State]:
    """Where these cases stand now."""
    found = Case.objects.filter(id__in=ids).order_by("id").values_list("id", "state")
    return {case: State(state) for case, state in found}


def ready_beside(actor: Actor, case: UUID, *, at: datetime) -> tuple[WorkRow, ...]:
    """The other results of the case's package that lie ready at the same place, for who may open them (一件事, one delivery)."""
    row = Case.objects.get(id=case)
    if not row.package:
        return ()
    theirs = Case.objects.filter(applicant=row.applicant_id, package=row.package)  # found along the index of applicants
    found = (
        theirs.filter(state=State.READY.value, taking_place=row.taking_place_id)
        .exclude(id=case)
        .select_related("department")
        .order_by("id")
    )
    return tuple(work_row(one, at) for one in found if can_see(actor, relations_of(one)))


def packages_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The number of the package that each of these cases is a part of; those of none are left out."""
    return dict(Case.objects.filter(id__in=ids).exclude(package="").order_by("id").values_list("id", "package"))


def list_free_uploads(owner: UUID, ids: Sequence[UUID]) -> tuple[UploadRow, ...]:
    """Those of a person's files that lie in no case yet, for the room that keeps a filing with them. No gate: it asks."""
    rows = Upload.objects.filter(owner=owner, case=None, id__in=ids).order_by("id") if ids else ()
    return tuple(UploadRow(row.id, row.name, row.kind, row.size, row.pages, row.created_at) for row in rows)


def _passages(entries: Sequence[ledger.Entry]) -> tuple[tuple[datetime, State], ...]:
    """Where the case stood from each change on; acts that change nothing are left out."""
    found: list[tuple[datetime, State]] = []
    for n, entry in enumerate(entries):
        said = entry.detail.get("state")
        if n == 0:
            found.append((entry.at, FIRST))
        elif isinstance(said, str) and said != found[-1][1]:
            found.append((entry.at, State(said)))
    return tuple(found)
