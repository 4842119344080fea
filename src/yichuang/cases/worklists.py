"""Work lists and my cases: keyset pages over indexes; nobody counts or skips."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuang.cases.models import Case
from yichuang.cases.pages import TaskWork, WorkFilters, WorkRow
from yichuang.cases.rules.sentences import light_of_row
from yichuang.cases.states import ENDS, TURN, WORDS, State
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.paging import Page
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.engine import queries as engine

BAD_CURSOR = W("翻页参数无效，请回到第一页", "The page marker is not valid; go back to the first page")
# What a line shows: the sealed columns, long and dear to open, stay where they are.
SHOWN = (
    "number", "item_name_zh", "item_name_en", "applicant_masked", "state", "channel", "filed_at", "due_at",
    "version", "accepted_as",
)  # fmt: skip
OPEN = [state.value for state in State if state not in ENDS]
NEXT: dict[State, Words] = {
    State.SUBMITTED: W("核对材料并受理", "Check the papers and accept"),
    State.CORRECTING: W("等待申请人补正", "Waiting for corrections"),
    State.IN_REVIEW: W("部门审查", "Department review"),
    State.SUSPENDED: W("特别程序结束后恢复", "Resume after the special procedure"),
    State.PREPARED: W("等待补齐承诺材料", "Waiting for promised papers"),
    State.GRANTED: W("制证", "Make the result"),
    State.READY: W("核验身份后出件", "Hand over against identity"),
}


def list_work(
    actor: Actor, *, filters: WorkFilters, at: datetime, cursor: str | None = None, limit: int = 20
) -> Page[WorkRow]:
    """The open cases of the actor's places and departments, the most urgent first.

    Order: due instant, then id; cases without one (stopped clocks) come on the pages after.
    """
    rows = Case.objects.filter(mine(actor)).filter(_filtered(filters, at)).only(*SHOWN)
    timed = rows.filter(due_at__isnull=False).order_by("due_at", "id")
    due, last = _read_cursor(cursor)
    found: list[Case] = []
    if due != "-":
        if last is not None:
            # a comparison of rows enters the index at the cursor; "later, or equal and behind" would read all before it
            timed = timed.extra(where=["(cases_case.due_at, cases_case.id) > (%s, %s)"], params=[due, last])
        found = list(timed[: limit + 1])
    if len(found) <= limit:
        untimed = rows.filter(Q() if filters.state else Q(state__in=OPEN), due_at__isnull=True).order_by("id")
        if due == "-" and last is not None:
            untimed = untimed.filter(id__gt=last)
        found += untimed[: limit + 1 - len(found)]
    return _page(found, limit, at)


def list_my_cases(actor: Actor, *, at: datetime, cursor: str | None = None, limit: int = 20) -> Page[WorkRow]:
    """The cases of the person and of everyone they represent (in one item only: those of that item), the newest first."""
    if actor.kind != "person" or actor.id is None:
        return Page(())
    parties = {actor.id, *actor.represents}
    followed = Q(applicant__in=parties) | Q(receiver__in=parties)
    for party, item in sorted(actor.represents_in):
        followed |= (Q(applicant=party) | Q(receiver=party)) & Q(item_code=item)
    rows: QuerySet[Case] = Case.objects.filter(followed)
    _, last = _read_cursor(cursor)
    if last is not None:
        rows = rows.filter(id__lt=last)
    found = list(rows.only(*SHOWN).order_by("-id")[: limit + 1])
    return _page(found, limit, at)


def work_row(case: Case, at: datetime) -> WorkRow:
    """One row, from the cached columns alone: no further query."""
    state = State(case.state)
    return WorkRow(
        id=case.id,
        number=case.number,
        item=Words(case.item_name_zh, case.item_name_en),
        applicant_masked=case.applicant_masked,
        state=state,
        words=WORDS[state],
        channel=case.channel,
        filed_at=case.filed_at,
        due_at=case.due_at,
        light=light_of_row(state, case.due_at, at),
        turn=TURN[state],
        version=case.version,
        accepted_as=case.accepted_as,
        half_days_left=None,
        next_step=NEXT.get(state, W("", "")),
    )


def rows_by_id(ids: list[UUID], at: datetime) -> dict[UUID, WorkRow]:
    """Rows for a page of tasks."""
    return {case.id: work_row(case, at) for case in Case.objects.filter(id__in=ids).only(*SHOWN).order_by("id")}


def list_tasks(
    actor: Actor, *, at: datetime, state: str | None = None, cursor: str | None = None, limit: int = 20
) -> Page[TaskWork]:
    """The open tasks of my posts with their cases, the most urgent first: two statements whatever the size."""
    page = engine.list_tasks(posts=actor.posts, state=state, cursor=cursor, limit=limit)
    rows = rows_by_id([task.subject_id for task in page.items if task.subject_kind == "case"], at)
    return Page(tuple(TaskWork(t, rows[t.subject_id]) for t in page.items if t.subject_id in rows), page.next)


def mine(actor: Actor) -> Q:
    """What this member of staff works on: the filings of their place, the cases of their department, results to hand out."""
    if not actor.is_staff:
        return Q(pk__in=[])
    scope = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in {roles.INTAKE_CLERK, roles.COMMUNITY_WORKER, roles.HALL_MANAGER, roles.ISSUING_CLERK}:
            scope |= Q(taking_place=grant.place) if grant.place else Q()
        if grant.role in {roles.REVIEWER, roles.SUPERVISOR} and grant.department:
            scope |= Q(department=grant.department)
        if grant.role == roles.CHIEF_REPRESENTATIVE and grant.place:
            scope |= Q(taking_place=grant.place, **({"department": grant.department} if grant.department else {}))
        if grant.role == roles.SUPERVISOR and grant.department is None:
            scope |= Q(pk__isnull=False)
    return scope


def _filtered(filters: WorkFilters, at: datetime) -> Q:
    # without a state no word of it here: a case that has ended has no due instant (case_ended_is_not_due), and a
    # condition on both leads PostgreSQL to expect few rows and sort them all
    chosen = Q(state=filters.state) if filters.state else Q()
    if filters.item:
        chosen &= Q(item_code=filters.item)
    if filters.light == "overdue":
        chosen &= Q(due_at__lt=at)
    if filters.text:
        chosen &= Q(number__icontains=filters.text[:40]) | Q(item_name_zh__icontains=filters.text[:40])
    return chosen


def _page(found: list[Case], limit: int, at: datetime) -> Page[WorkRow]:
    rows = tuple(work_row(case, at) for case in found[:limit])
    if len(found) <= limit:
        return Page(rows)
    last = found[limit - 1]
    return Page(rows, f"{last.due_at.isoformat() if last.due_at else '-'}|{last.id}")


def _read_cursor(cursor: str | None) -> tuple[Any, UUID | None]:
    if not cursor:
        return None, None
    try:
        due, last = cursor.split("|")
        return ("-" if due == "-" else datetime.fromisoformat(due)), UUID(last)
    except ValueError:
        raise Refused(Reason("BAD_CURSOR", BAD_CURSOR, "/cursor")) from None
