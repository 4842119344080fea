"""What tenants do when something happened below."""

from uuid import UUID

from yichuang.core.events import subscribe
from yichuang.engine.events import ProcessFinished
from yichuang.engine.ports import enclose
from yichuang.tenants.books import by_itself
from yichuang.tenants.commands.runs import KIND, finish_run

enclose(by_itself)


@subscribe(ProcessFinished)
def end_the_run(event: ProcessFinished) -> None:
    """A run ends with its process, whoever moved that last: a person, a program, or a timer."""
    if event.subject_kind == KIND:
        finish_run(tenant=UUID(event.tenant), run=event.subject_id, outcome=event.outcome, at=event.at)
