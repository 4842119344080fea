"""What tenants do when something happened below."""

from uuid import UUID

from yichuang.core.events import subscribe
from yichuang.engine.events import ProcessFinished, TaskOpened, WorkWaits
from yichuang.engine.ports import enclose
from yichuang.tenants import wall
from yichuang.tenants.books import by_itself
from yichuang.tenants.commands.hooks import tell
from yichuang.tenants.commands.runs import KIND, finish_run

enclose(by_itself)


@subscribe(ProcessFinished)
def end_the_run(event: ProcessFinished) -> None:
    """A run ends with its process, whoever moved that last: a person, a program, or a timer."""
    if event.subject_kind == KIND:
        finish_run(tenant=UUID(event.tenant), run=event.subject_id, outcome=event.outcome, at=event.at)


@subscribe(TaskOpened)
def tell_of_a_task(event: TaskOpened) -> None:
    """Somebody of the tenant's own has something to do. Processes of tenants move inside their wall, whoever moves them."""
    if event.subject_kind == KIND and (tenant := wall.current()) is not None:
        task = {"run": str(event.subject_id), "task": str(event.task), "node": event.node, "post": event.post}
        tell(tenant, "task_opened", task, event.at)


@subscribe(WorkWaits)
def tell_of_work(event: WorkWaits) -> None:
    """A program of the tenant has something to do."""
    if event.subject_kind == KIND:
        work = {
            "run": str(event.subject_id),
            "work": str(event.wait),
            "node": event.node,
            "kind": event.kind,
            "key": event.key,
        }
        with wall.inside(UUID(event.tenant)):
            tell(UUID(event.tenant), "work_waits", work, event.at)
