"""Work lists and my cases: keyset pages over indexes; nobody counts or skips."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Collate

from yichuang.cases.models import ELSEWHERE, Case, Decision
from yichuang.cases.pages import WorkFilters, WorkRow
from yichuang.cases.rules.clock import end_of, last_day_to_deliver
from yichuang.cases.rules.sentences import light_of_row, turn_of
from yichuang.cases.states import ENDS, TURN, WORDS, State
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.compiled import Compiled, compiled
from yichuang.core.paging import Page, bad_cursor
from yichuang.core.words import W, Words
from yichuang.network import queries as network

# What a line shows: the sealed columns, long and dear to open, stay where they are.
SHOWN = (
    "id", "number", "item_name_zh", "item_name_en", "applicant_masked", "state", "channel", "filed_at", "due_at",
    "version", "accepted_as", "promise_until", "taking_place_id", "responsible_place_id",
    "is_priority",
)  # fmt: skip
Line = tuple[Any, ...]  # the values of SHOWN
LIMIT = 20  # lines of a page
DUE = SHOWN.index("due_at")
NOTHING = W("", "")
OPEN = [state.value for state in State if state not in ENDS]
OFFERED = W("待签署容缺承诺", "Promise to be signed")
AWAITING = W("等待申请人签署容缺承诺", "Waiting for the applicant to sign the promise")
BY_TEXT = Collate(Cast("id", TextField()), "C")  # no index gives this order: the few rows are found first, then sorted
PLAIN = WorkFilters()
NEXT: dict[State, Words] = {
    State.SUBMITTED: W("核对材料并受理", "Check the papers and accept"),
    State.CORRECTING: W("等待申请人补正", "Waiting for corrections"),
    State.IN_REVIEW: W("部门审查", "Department review"),
    State.SUSPENDED: W("特别程序结束后恢复", "Resume after the special procedure"),
    State.PREPARED: W("等待补齐承诺材料", "Waiting for promised papers"),
    State.GRANTED: W("制证", "Make the result"),
    State.READY: W("核验身份后出件", "Hand over against identity"),
}
# what a line says of a state, by the word in the column
SAID = {state.value: (state, WORDS[state], TURN[state], NEXT.get(state, NOTHING)) for state in State}


def next_step_of(state: State, *, offered: bool) -> Words:
    """What staff do now, or wait for; nothing after the end. `offered`: a letter of promise waits to be signed."""
    return AWAITING if offered else NEXT.get(state, NOTHING)


def _urgent(rows: QuerySet[Case]) -> QuerySet[Case, Line]:
    """What lines show, the most urgent first; of those whose clock runs."""
    return rows.filter(due_at__isnull=False).order_by("due_at", "id").values_list(*SHOWN)


def _behind(rows: QuerySet[Case], due: Any, last: Any) -> QuerySet[Case]:
    # a comparison of rows enters the index at the cursor; "later, or equal and behind" would read all before it
    return rows.extra(where=["(cases_case.due_at, cases_case.id) > (%s, %s)"], params=[due, last])


# The plain list of one department or one place, as nearly everybody asks for it, is compiled once.
@compiled
def _of_department(department: UUID) -> QuerySet[Case, Line]:
    return _urgent(Case.objects.filter(department=department))[: LIMIT + 1]


@compiled
def _of_department_behind(department: UUID, due: datetime, last: UUID) -> QuerySet[Case, Line]:
    return _urgent(_behind(Case.objects.filter(department=department), due, last))[: LIMIT + 1]


@compiled
def _of_place(place: UUID) -> QuerySet[Case, Line]:
    return _urgent(Case.objects.filter(taking_place=place))[: LIMIT + 1]


@compiled
def _of_place_behind(place: UUID, due: datetime, last: UUID) -> QuerySet[Case, Line]:
    return _urgent(_behind(Case.objects.filter(taking_place=place), due, last))[: LIMIT + 1]


@compiled
def _answered_by(place: UUID) -> QuerySet[Case, Line]:
    return _urgent(Case.objects.filter(ELSEWHERE, responsible_place=place))[: LIMIT + 1]


@compiled
def _answered_by_behind(place: UUID, due: datetime, last: UUID) -> QuerySet[Case, Line]:
    return _urgent(_behind(Case.objects.filter(ELSEWHERE, responsible_place=place), due, last))[: LIMIT + 1]


def _undated(rows: QuerySet[Case]) -> QuerySet[Case, Line]:
    return rows.filter(due_at__isnull=True, state__in=OPEN).order_by(BY_TEXT).values_list(*SHOWN)[: LIMIT + 1]


@compiled
def _undated_of_department(department: UUID) -> QuerySet[Case, Line]:
    return _undated(Case.objects.filter(department=department))


@compiled
def _undated_of_place(place: UUID) -> QuerySet[Case, Line]:
    return _undated(Case.objects.filter(taking_place=place))


@compiled
def _undated_answered_by(place: UUID) -> QuerySet[Case, Line]:
    return _undated(Case.objects.filter(ELSEWHERE, responsible_place=place))


UNDATED: dict[str, Compiled[[UUID], Line]] = {
    "department": _undated_of_department,
    "taking_place": _undated_of_place,
    "responsible_place": _undated_answered_by,
}
COMPILED: dict[str, tuple[Compiled[[UUID], Line], Compiled[[UUID, datetime, UUID], Line]]] = {
    "department": (_of_department, _of_department_behind),
    "taking_place": (_of_place, _of_place_behind),
    "responsible_place": (_answered_by, _answered_by_behind),
}


def list_work(
    actor: Actor, *, filters: WorkFilters, at: datetime, cursor: str | None = None, limit: int = LIMIT
) -> Page[WorkRow]:
    """The open cases of the actor's places and departments, the most urgent first.

    Order: due instant, then id; cases without one (stopped clocks) come on the pages after.
    """
    due, last = _read_cursor(cursor)
    found: list[Line] = []
    if due != "-":
        found = _timed(actor, filters, at, due, last, limit)
    if len(found) <= limit:
        found += _untimed(actor, filters, at, last if due == "-" else None, limit + 1 - len(found))
    return _page(found, limit, at)


def list_ready(actor: Actor, *, at: datetime, cursor: str | None = None, limit: int = LIMIT) -> Page[WorkRow]:
    """The results that wait to be handed out (待领取), the first filed first; due is the last day to deliver (art. 44)."""
    page = list_work(actor, filters=WorkFilters(state=State.READY.value), at=at, cursor=cursor, limit=limit)
    served = Decision.objects.filter(case__in=[row.id for row in page.items], served_at__isnull=False).order_by(
        "case_id"
    )
    calendar = network.working_calendar()
    due = {
        case: end_of(last_day_to_deliver(on, calendar)) for case, on in served.values_list("case_id", "served_at") if on
    }
    rows = (
        row._replace(due_at=due[row.id], light=light_of_row(row.state, due[row.id], at)) if row.id in due else row
        for row in page.items
    )
    return Page(tuple(rows), page.next)


def _timed(
    actor: Actor, filters: WorkFilters, at: datetime, due: datetime | None, last: UUID | None, limit: int
) -> list[Line]:
    """The lines with a due instant behind the cursor, at most one more than a page has. One statement for each scope:
    each runs along its own index, and they are merged here."""
    plain = limit == LIMIT and filters == PLAIN
    found: dict[UUID, Line] = {}
    scopes = sorted(scopes_of(actor), key=str)
    for scope in scopes:
        if plain and len(scope) == 1:
            ((column, value),) = scope
            first, behind = COMPILED[column]
            lines = first(value) if due is None or last is None else behind(value, due, last)
        else:
            rows = Case.objects.filter(_within(scope)).filter(_filtered(filters, at))
            lines = list(_urgent(_behind(rows, due, last) if last is not None else rows)[: limit + 1])
        if len(scopes) == 1:
            return lines
        found |= {line[0]: line for line in lines}
    return sorted(found.values(), key=lambda line: (line[DUE], line[0]))[: limit + 1]


def _untimed(actor: Actor, filters: WorkFilters, at: datetime, last: UUID | None, most: int) -> list[Line]:
    """The lines without a due instant behind the cursor: what is decided, or waits for the applicant.

    Open ones are few and are sorted by the id's text: along its index PostgreSQL would look for them among all cases
    that there ever were. Ended ones, asked for by name, are many: they are read off that index.
    """
    few = not filters.state or filters.state in OPEN
    found: dict[UUID, Line] = {}
    for scope in sorted(scopes_of(actor), key=str):
        if last is None and len(scope) == 1 and filters == PLAIN and most <= LIMIT + 1:
            ((column, value),) = scope
            found |= {line[0]: line for line in UNDATED[column](value)}
            continue
        rows = Case.objects.filter(_within(scope)).filter(_filtered(filters, at), due_at__isnull=True)
        if not filters.state:
            rows = rows.filter(state__in=OPEN)
        if last is not None:
            rows = rows.filter(id__gt=last)
        found |= {line[0]: line for line in rows.order_by(BY_TEXT if few else "id").values_list(*SHOWN)[:most]}
    return sorted(found.values(), key=lambda line: line[0])[:most]


def list_my_cases(
    actor: Actor, *, at: datetime, cursor: str | None = None, limit: int = 20, of: UUID | None = None
) -> Page[WorkRow]:
    """The cases of the person and of everyone they represent (in one item only: those of that item), the newest first;
    `of`: only those of this party."""
    if actor.kind != "person" or actor.id is None:
        return Page(())
    parties = {actor.id, *actor.represents}
    followed = Q(applicant__in=parties) | Q(receiver__in=parties)
    for party, item in sorted(actor.represents_in):
        followed |= (Q(applicant=party) | Q(receiver=party)) & Q(item_code=item)
    rows: QuerySet[Case] = Case.objects.filter(followed)
    if of is not None:
        rows = rows.filter(Q(applicant=of) | Q(receiver=of))
    _, last = _read_cursor(cursor)
    if last is not None:
        rows = rows.filter(id__lt=last)
    return _page(list(rows.order_by("-id").values_list(*SHOWN)[: limit + 1]), limit, at)


def work_row(case: Case, at: datetime) -> WorkRow:
    """One row of a case that is at hand."""
    return _row(tuple(getattr(case, name) for name in SHOWN), at)


def _row(line: Line, at: datetime) -> WorkRow:
    """One row, from the cached columns alone: no further query."""
    (
        id, number, name_zh, name_en, applicant, state_now, channel, filed_at, due_at, version, accepted_as, until,
        taking, responsible, priority,
    ) = line  # fmt: skip
    state, words, turn, step = SAID[state_now]
    if until is not None and at < until:
        words, turn, step = OFFERED, turn_of(state, until, at), next_step_of(state, offered=True)
    return WorkRow(  # in their order: by name it costs several times as much
        id, number, _item_words(name_zh, name_en), applicant, state, words, channel, filed_at, due_at,
        light_of_row(state, due_at, at), turn, version, accepted_as, None, step, taking, responsible, priority,
    )  # fmt: skip


_item_words = lru_cache(maxsize=4096)(Words)  # a list names the same few items again and again


def rows_by_id(ids: list[UUID], at: datetime) -> dict[UUID, WorkRow]:
    """Rows for a page of tasks."""
    lines = Case.objects.filter(id__in=ids).order_by("id").values_list(*SHOWN)
    return {line[0]: _row(line, at) for line in lines}


Scope = tuple[tuple[str, UUID], ...]  # (column of a case, its value); all of them hold; none: every case


def scopes_of(actor: Actor) -> set[Scope]:
    """What this member of staff works on: the filings that their place took or answers for, the cases of their department."""
    scopes = set[Scope]()
    for grant in actor.grants if actor.is_staff else ():
        place: Scope = (("taking_place", grant.place),) if grant.place else ()
        department: Scope = (("department", grant.department),) if grant.department else ()
        if (
            grant.role in {roles.INTAKE_CLERK, roles.COMMUNITY_WORKER, roles.HALL_MANAGER, roles.ISSUING_CLERK}
            and place
        ):
            scopes |= {place, (("responsible_place", place[0][1]),)}
        elif (grant.role == roles.REVIEWER and department) or grant.role == roles.SUPERVISOR:
            scopes.add(department)  # a supervisor of no department: of all
        elif grant.role == roles.CHIEF_REPRESENTATIVE and place:
            scopes |= {place + department, (("responsible_place", place[0][1]), *department)}
    return scopes


def _within(scope: Scope) -> Q:
    """The cases of a scope. Of what a place answers for only what another one took (代收): the rest is found as taken."""
    columns = dict(scope)
    elsewhere = ELSEWHERE if "responsible_place" in columns else Q()
    return elsewhere & Q(**columns) if columns else Q(pk__isnull=False)


def mine(actor: Actor) -> Q:
    """The cases of `scopes_of`, as a condition."""
    found = Q(pk__in=[])
    for scope in sorted(scopes_of(actor), key=str):
        found |= _within(scope)
    return found


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


def _page(found: list[Line], limit: int, at: datetime) -> Page[WorkRow]:
    rows = tuple(_row(line, at) for line in found[:limit])
    if len(found) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows, f"{last.due_at.isoformat() if last.due_at else '-'}|{last.id}")


def _read_cursor(cursor: str | None) -> tuple[Any, UUID | None]:
    if not cursor:
        return None, None
    try:
        due, last = cursor.split("|")
        return ("-" if due == "-" else datetime.fromisoformat(due)), UUID(last)
    except ValueError:
        raise bad_cursor() from None
