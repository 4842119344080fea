"""移送 as pages show it: where a case may go; and which of its tasks are still those of its organs."""

from collections.abc import Collection
from datetime import datetime

from yichuang.cases.models import Case, Transfer
from yichuang.cases.moves import relations_of
from yichuang.cases.permissions import is_decider_of, is_judge_of
from yichuang.cases.rules.transfer import kinds_for, posts_at
from yichuang.cases.states import State
from yichuang.cases.turns import TransferTargets
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.words import Words
from yichuang.engine import queries as engine
from yichuang.engine.values import TaskRow
from yichuang.network import queries as network
from yichuang.people import queries as people


def transfer_targets(actor: Actor, number: str, *, at: datetime) -> TransferTargets:
    """Where the actor may send the case now; nowhere for most. No gate: ask for the case first."""
    case = Case.objects.select_related("department").filter(number=number).first()
    if case is None:
        return TransferTargets()
    relations = relations_of(case)
    kinds = kinds_for(
        State(case.state), clerk=is_judge_of(actor, relations), decider=is_decider_of(actor, relations)
    )  # fmt: skip
    return TransferTargets(
        places=places_for(case, at) if "place" in kinds else (),
        departments=departments_for(case, at) if "department" in kinds else (),
    )


def places_for(case: Case, at: datetime) -> tuple[tuple[str, Words], ...]:
    """Open places that are authorised for the item today, but the one that answers for it now."""
    today, known = local_date(at), network.places_by_id()
    rows = network.list_authorisations(department=case.department_id)
    allowed = {
        row.place
        for row in rows
        if row.item_code in {"", case.item_code}
        and row.valid_from <= today
        and (row.valid_to is None or today <= row.valid_to)
    }
    return tuple(
        (place.code, place.name)
        for place in known.values()
        if place.active and place.id in allowed and place.id != case.responsible_place_id
    )


def departments_for(case: Case, at: datetime) -> tuple[tuple[str, Words], ...]:
    """Open departments that have, with somebody at each, the posts that the steps of the present one ask for.

    Which of them may be chosen on which ground is asked of `competent_departments`.
    """
    here = network.get_department_by_id(case.department_id).code
    asked = engine.posts_of(("case", case.id))
    known = frozenset(post.code for post in network.list_posts())
    return tuple(
        (one.code, one.name)
        for one in network.list_open_departments()
        if one.code != here and _staffed(posts_at(asked, here, one.code), known, at)
    )


def competent_departments(case: Case, at: datetime) -> frozenset[str]:
    """The codes of the departments whose the item is: by its assignment, by its pack, or by an authorisation for it today."""
    assigned = network.find_assignment(case.item_code)
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    today, known = local_date(at), network.departments_by_id()
    named = {
        known[row.department].code
        for row in network.list_authorisations()
        if row.item_code == case.item_code
        and row.valid_from <= today
        and (row.valid_to is None or today <= row.valid_to)
    }
    return frozenset({pack.department, *named, *({assigned.department} if assigned else ())})


def _staffed(needed: Collection[str], known: frozenset[str], at: datetime) -> bool:
    return (
        bool(needed) and known.issuperset(needed) and all(people.list_at_post(post, at=at) for post in sorted(needed))
    )


def tasks_here(case: Case) -> tuple[TaskRow, ...]:
    """The tasks that the case ever had, without those of departments which it has left: who worked on it there is a
    stranger to it now, and the ledger keeps what they did. A question (加签) withdrawn before anybody took it is nobody's either."""
    left = Transfer.objects.filter(case=case).exclude(from_department=case.department_id)
    gone = set(left.order_by().values_list("from_department__code", flat=True))
    tasks = engine.tasks_of(("case", case.id))
    return tuple(task for task in tasks if task.post.partition(".")[0] not in gone and not _asked_in_error(task))


def _asked_in_error(task: TaskRow) -> bool:
    return task.parent is not None and task.state == "cancelled" and task.claimed_by is None
