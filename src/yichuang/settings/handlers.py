"""Turns the rooms' events into live news: which pages show what changed (`core.live`)."""

from yichuang.cases import events as cases
from yichuang.core import live
from yichuang.core.events import Event, subscribe
from yichuang.engine import events as engine
from yichuang.tenants.commands.runs import KIND as A_RUN


def connect() -> None:
    """Called once at start-up."""
    for kind in vars(cases).values():
        if isinstance(kind, type) and issubclass(kind, cases.CaseEvent):
            subscribe(kind)(tell_case)
    subscribe(engine.TaskOpened)(tell_post)
    subscribe(engine.TaskCompleted)(tell_post)


def tell_case(event: Event) -> None:
    """Whoever looks at the case: its applicant, its clerk, its reviewer."""
    assert isinstance(event, cases.CaseEvent)
    live.tell(f"case:{event.case_id}")


def tell_post(event: engine.TaskOpened | engine.TaskCompleted) -> None:
    """The work list of a post, and the page of the case. Tenants' posts are their own: no page of the house shows them."""
    if event.subject_kind == A_RUN:
        return
    live.tell(f"post:{event.post}", f"case:{event.subject_id}")
