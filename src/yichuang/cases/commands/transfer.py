"""移送: the case goes to the place or department that is competent; told in writing; the clock goes on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import hearings, papers, tellings
from yichuang.cases.models import Case, ExtensionRequest, Inspection, Question, Transfer
from yichuang.cases.moves import begin, finish, relations_of
from yichuang.cases.permissions import is_decider_of, is_judge_of
from yichuang.cases.rules import transfer as rules
from yichuang.cases.states import Act, State
from yichuang.cases.transfers import competent_departments, departments_for, places_for
from yichuang.cases.turns import TRANSFER_WORDS, TransferGround
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.core import live
from yichuang.core.actors import Actor
from yichuang.core.clock import last_date, local_date
from yichuang.core.refusals import Reason, refuse_all
from yichuang.core.words import Words
from yichuang.engine import commands as engine
from yichuang.engine import queries as tasks
from yichuang.network import queries as network


@transaction.atomic
def transfer_case(
    *,
    actor: Actor,
    number: str,
    version: int,
    ground: str,
    reason: str,
    at: datetime,
    to_place: str = "",
    to_department: str = "",
) -> CaseHead:
    """Send the case to another place (code) or to another department (code) with posts for the same steps; exactly one.

    Before acceptance by the clerk who checks it, to a place; after it by who decides. The live tasks go to the new posts, the
    days already used stay used, the applicant is told by a paper of the organ that sends it on. Pressed twice, the second
    finds another version. Raises Refused with every reason (`rules.transfer.judge`), INSPECTION_OPEN, HEARING_OPEN,
    EXTENSION_OPEN.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.TRANSFER, at=at)
    assert actor.id is not None  # staff: the system sends nothing elsewhere
    kind = "" if bool(to_place) == bool(to_department) else "place" if to_place else "department"
    _check(case, actor, kind, to_place or to_department, ground, reason, at)
    row = Transfer(
        case=case, at=at, by_id=actor.id, by_name=actor.name, ground=ground, reason=reason.strip(),
        from_place_id=case.responsible_place_id, to_place_id=case.responsible_place_id,
        from_department_id=case.department_id, to_department_id=case.department_id,
    )  # fmt: skip
    if kind == "place":
        row.to_place_id = network.get_place(to_place).id
        names = network.get_place_by_id(row.from_place_id).name, network.get_place_by_id(row.to_place_id).name
    else:
        row.to_department_id = network.get_department(to_department).id
        names = (
            network.get_department_by_id(row.from_department_id).name,
            network.get_department_by_id(row.to_department_id).name,
        )
    document = _paper(case, row, names, actor, at)
    row.save()
    case.fresh.append(row)
    case.responsible_place_id = row.to_place_id
    if kind == "department":
        _to_department(case, row, to_department, actor, at)
    head = finish(
        case,
        actor=actor,
        act=Act.TRANSFER,
        at=at,
        detail={"ground": ground, f"to_{kind}": to_place or to_department, "document": str(document)},
        documents=(document,),
    )
    tellings.tell_transferred(case, where=names[1], at=at)
    live.tell(f"place:{row.from_place_id}", f"place:{row.to_place_id}")
    return head


def _check(case: Case, actor: Actor, kind: str, target: str, ground: str, reason: str, at: datetime) -> None:
    relations, state = relations_of(case), State(case.state)
    clerk, decider = is_judge_of(actor, relations), is_decider_of(actor, relations)
    here, targets, competent = "", frozenset[str](), frozenset[str]()
    if kind in rules.kinds_for(state, clerk=clerk, decider=decider):
        found = places_for(case, at) if kind == "place" else departments_for(case, at)
        targets = frozenset(code for code, _ in found)
        by_place = kind == "place"
        competent = frozenset() if by_place else competent_departments(case, at)
        here = network.get_place_by_id(case.responsible_place_id).code if by_place else relations.department_code
    faults = rules.judge(
        state=state, kind=kind, clerk=clerk, decider=decider, ground=ground, reason=reason, target=target, here=here,
        targets=targets, competent=competent,
    )  # fmt: skip
    refuse_all(faults)
    if kind == "department":
        refuse_all(_unfinished(case, at), kind="conflict")


def _unfinished(case: Case, at: datetime) -> list[Reason]:
    """What the old department has to bring to its end first: it would be neither's."""
    faults = []
    live_tasks = [task.id for task in tasks.live_tasks_of("case", [case.id])]
    if Inspection.objects.filter(task__in=live_tasks, document=None).exists():
        faults.append(Reason("INSPECTION_OPEN", rules.INSPECTION_OPEN))
    if hearings.bars(case.id, local_date(at)):
        faults.append(Reason("HEARING_OPEN", rules.HEARING_OPEN))
    if ExtensionRequest.objects.filter(case=case, stage="asked").exists():
        faults.append(Reason("EXTENSION_OPEN", rules.EXTENSION_OPEN))
    return faults


def _paper(case: Case, row: Transfer, names: tuple[Words, Words], actor: Actor, at: datetime) -> UUID:
    """The paper of the organ that sends it on, numbered by it."""
    values = {
        "from_organ": names[0].zh,
        "to_organ": names[1].zh,
        "ground": TRANSFER_WORDS[TransferGround(row.ground)].zh,
        "reason": row.reason,
        "due_on": last_date(case.due_at).isoformat() if case.due_at else "",
    }
    return papers.issue_document(case, DocumentKind.TRANSFER, actor=actor, at=at, values=values)


def _to_department(case: Case, row: Transfer, code: str, actor: Actor, at: datetime) -> None:
    """Tasks and unanswered questions go along; whoever was on duty in the old department answers none of them any more."""
    old = network.get_department_by_id(row.from_department_id).code
    case.department_id = row.to_department_id
    engine.move_posts(actor=actor, subject=("case", case.id), old=old, new=code, at=at, note=row.reason)
    unanswered = Question.objects.filter(case=case, department=row.from_department_id, answered_at=None)
    # Locked: somebody may be answering one just now, and what the ledger is told of it has to be what stands there.
    for question in unanswered.select_for_update(of=("self",)).order_by("id"):
        question.department_id, question.put_to_id, question.put_to_name = row.to_department_id, None, ""
        question.save(update_fields=["department", "put_to", "put_to_name"])
        case.fresh.append(question)
    posts = {post.code for department in (old, code) for post in network.list_posts(department)}
    live.tell(*(f"post:{post}" for post in posts))
