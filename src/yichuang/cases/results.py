"""Where results on paper lie (全城通办): made at the responsible place, sent to and received by the one that took the filing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yichuang.cases.models import Case, ResultPlace
from yichuang.cases.pages import ResultRow, WorkRow
from yichuang.cases.permissions import AT_A_WINDOW
from yichuang.cases.states import State
from yichuang.cases.worklists import rows_by_id
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow

NOWHERE = W("", "")
TO_SEND = W("把结果送往收件地点", "Send the result to the place that took the filing")
TO_RECEIVE = W("等收件地点签收结果", "Waiting for the place that took the filing to receive the result")
ON_ITS_WAY = W(
    "结果正在送往{place}，收到后才能出件", "The result is on its way to {place}; it is handed out once it is there"
)
LIES_ELSEWHERE = W("结果在{place}，请到那里领取", "The result lies at {place} and is handed out there")
LIST = 50  # lines of a list at most


@dataclass(frozen=True, slots=True)
class ResultWork:
    """One line of what is to be sent, or to be received."""

    case: WorkRow
    result: ResultRow


def lay(case: Case, *, place: UUID, at: datetime, by: UUID | None = None) -> None:
    """The result of a locked case lies at a place, within an act that vouches for it."""
    row, _ = ResultPlace.objects.update_or_create(
        case=case, defaults={"place_id": place, "bound_for_id": None, "carrier": "", "since": at, "by_id": by}
    )
    case.fresh.append(row)


def check_lies_here(case: Case, actor: Actor) -> None:
    """Raise unless the result lies where the actor hands out. One of which nothing is on record may be anywhere."""
    row = ResultPlace.objects.filter(case=case).first()
    if row is None:
        return
    if row.place_id is None or row.bound_for_id is not None:
        assert row.bound_for_id is not None  # result_lies_or_travels
        where = network.get_place_by_id(row.bound_for_id)
        raise Conflict(Reason("RESULT_ON_ITS_WAY", ON_ITS_WAY.format(place=where.name)))
    if not any(actor.has(role, place=row.place_id) for role in (roles.ISSUING_CLERK, roles.COMMUNITY_WORKER)):
        where = network.get_place_by_id(row.place_id)
        raise Conflict(Reason("RESULT_ELSEWHERE", LIES_ELSEWHERE.format(place=where.name)))


def result_of(case: UUID, places: Mapping[UUID, PlaceRow], *, staff: bool) -> ResultRow | None:
    """Where the result of the case is; how it travels is told to staff."""
    row = ResultPlace.objects.filter(case=case).first()
    return _row(row, places, staff=staff) if row else None


def _row(row: ResultPlace, places: Mapping[UUID, PlaceRow], *, staff: bool) -> ResultRow:
    return ResultRow(
        row.place_id,
        places[row.place_id].name if row.place_id else NOWHERE,
        row.bound_for_id,
        places[row.bound_for_id].name if row.bound_for_id else NOWHERE,
        row.carrier if staff else "",
        row.since,
    )


def carry_step_of(state: State, result: ResultRow | None) -> Words | None:
    """What staff do next with a result that is made and has to travel."""
    if state is not State.GRANTED or result is None:
        return None
    return TO_SEND if result.place else TO_RECEIVE


def list_results(actor: Actor, *, at: datetime) -> tuple[tuple[ResultWork, ...], tuple[ResultWork, ...]]:
    """(to be sent from my place, on their way to my place), the longest waiting first; at most `LIST` of each."""
    serving = {*AT_A_WINDOW, roles.ISSUING_CLERK}
    mine = {g.place for g in actor.grants if g.role in serving and g.place} if actor.is_staff else set()
    if not mine:
        return (), ()
    waiting = ResultPlace.objects.filter(case__state=State.GRANTED.value)
    places = network.places_by_id()

    def rows(which: Q) -> tuple[ResultWork, ...]:
        found = list(waiting.filter(which).order_by("since", "case_id")[:LIST])
        cases = rows_by_id([row.case_id for row in found], at)
        return tuple(ResultWork(cases[row.case_id], _row(row, places, staff=True)) for row in found)

    return rows(Q(place__in=mine)), rows(Q(bound_for__in=mine))
