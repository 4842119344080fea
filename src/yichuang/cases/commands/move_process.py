"""流程迁移: the review of an accepted case goes on by the process of a newer version of its item; nothing else changes.

What was accepted stays as it was accepted (`rules.moving`): papers, limits and result are those of its version. Only the
way through the departments, which demands nothing of the applicant, may move: by an explicit map of steps, case by case.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yichuang.cases.commands.move_version import Moved, check_versions
from yichuang.cases.models import Case
from yichuang.cases.moves import THE_CASE
from yichuang.cases.processes import KIND, calendar, subject_of
from yichuang.cases.rules.moving import REVIEWED, process_obstacles
from yichuang.cases.states import State
from yichuang.cases.vouch import of_case
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.values import Pack
from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.engine import commands as engine
from yichuang.engine import queries
from yichuang.engine.values import ProcessModel, parse_process, read_process

ACT = "move-process"
MOVE_PROCESS = "move_processes"  # needs a second person
Names = Mapping[str, str]  # step of the old process -> step of the new one


class _Undone(Exception):
    """What would be done is taken back."""


def movable_processes(*, actor: Actor, item: str, old: int, new: int, at: datetime) -> tuple[str, ...]:
    """The numbers of the cases under review that run by the process of the item's version `old`, oldest first.

    None where both versions have the same process.

    Refused and NotFound as `move_version.movable`.
    """
    check_can_publish(actor)
    before, after = check_versions(item, old, new, at)
    sha = read_process(before.process_xml).sha
    if parse_process(after.process_xml).sha == sha:
        return ()
    rows = Case.objects.filter(item_code=item, item_version__lte=old, state__in=REVIEWED, closed_at__isnull=True)
    numbers = dict(rows.order_by("id").values_list("id", "number"))
    running = queries.definitions_of(KIND, numbers)
    return tuple(number for id, number in numbers.items() if running.get(id) == sha)


def steps_to_map(item: str, *, old: int, new: int, at: datetime) -> tuple[ProcessModel, ProcessModel]:
    """The two processes, for whoever draws up the map. Refused and NotFound as `move_version.movable`."""
    before, after = check_versions(item, old, new, at)
    return read_process(before.process_xml), parse_process(after.process_xml)


@transaction.atomic
def move_process(
    *, actor: Actor, number: str, old: int, new: int, names: Names, at: datetime, dry_run: bool = False
) -> Moved:
    """Move the running process of one case to that of version `new`, all its steps or none; `dry_run` only says whether.

    `stays` names every step that the map leaves without a place, in the words of `engine.commands.migrate_process`;
    `left_out` the steps of the new process that nobody would do. The ledger keeps the map and both. NotFound for a case that does not run by the process of `old`.
    """
    check_can_publish(actor)
    if not dry_run:
        needs_two(MOVE_PROCESS, actor)
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None:
        raise NotFound(THE_CASE)
    before, after = check_versions(case.item_code, old, new, at)
    if queries.definitions_of(KIND, [case.id]).get(case.id) != read_process(before.process_xml).sha:
        raise NotFound(THE_CASE)
    stays = process_obstacles(State(case.state), same_organ=before.department == after.department)
    skipped = () if stays else queries.migration_of(subject_of(case), xml=after.process_xml, names=names).left_out
    stays = stays or _moved(case, after, names, at, dry_run=dry_run)
    if not stays and not dry_run:
        _record(case, actor, (old, new), names, skipped, at)
    return Moved(number, stays, (), skipped)


def _moved(case: Case, after: Pack, names: Names, at: datetime, *, dry_run: bool) -> tuple[Reason, ...]:
    """Why not; nothing: it moved, or would."""
    try:
        with transaction.atomic():
            engine.migrate_process(
                subject=subject_of(case), xml=after.process_xml, names=names, at=at, calendar=calendar()
            )
            if dry_run:
                raise _Undone
    except _Undone:
        return ()
    except Refused as refused:  # (a `Conflict` too: somebody holds a step that another post does then)
        return refused.reasons
    return ()


def _record(
    case: Case, actor: Actor, versions: tuple[int, int], names: Names, skipped: tuple[Words, ...], at: datetime
) -> None:
    case.version += 1
    case.save(update_fields=["version"])
    mapped = " ".join(f"{one}={other}" for one, other in sorted(names.items()))
    ledger.append(
        act=ACT,
        actor=actor,
        at=at,
        subject=Subject(KIND, case.id),
        detail={
            "from": versions[0],
            "to": versions[1],
            "map": mapped,
            **({"left_out": "、".join(one.zh for one in skipped)} if skipped else {}),
        },
        facts={"case": of_case(case)},
    )
    posts = {task.post for task in queries.holders_of(subject_of(case))}
    live.tell(f"case:{case.id}", *(f"post:{post}" for post in sorted(posts)))


def same_kind(before: ProcessModel, step: str, after: ProcessModel) -> tuple[str, ...]:
    """The steps of the newer process to which a step of the older one may go."""
    kind = (before.nodes[step].kind, before.nodes[step].work)
    return tuple(one for one in after.resting if (after.nodes[one].kind, after.nodes[one].work) == kind)


def default_map(before: ProcessModel, after: ProcessModel) -> dict[str, str]:
    """What a page suggests: the step of the same id, where it is of the same kind. Nobody moves by it unseen."""
    return {
        id: id
        for id in before.resting
        if id in after.nodes
        and (after.nodes[id].kind, after.nodes[id].work) == (before.nodes[id].kind, before.nodes[id].work)
    }


def words_of(model: ProcessModel, node: str) -> Words:
    """A step by its name, or by its id where it has none."""
    name = model.nodes[node].name if node in model.nodes else Words("", "")
    return Words(name.zh or node, name.en or node)
