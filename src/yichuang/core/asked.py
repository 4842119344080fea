"""Which act that needs a second person runs now, and who had asked for it: what commands and the ledger ask of `second`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

NEEDED = W(
    "这项操作须由第二位有同样权限的人复核后才执行，请提交复核",
    "A second holder of the same power has to confirm this: please propose it",
)
_running: ContextVar[tuple[str, str, str]] = ContextVar("second_running", default=("", "", ""))


def needs_two(name: str, actor: Actor) -> None:
    """The first line of a command that needs a second person. The system (installation, upgrades, the machine's operator)
    is nobody's colleague and goes on; staff only where `second.confirm` runs it. Refused (conflict) SECOND_NEEDED."""
    if actor.kind != "system" and _running.get()[0] != name:
        raise Refused(Reason("SECOND_NEEDED", NEEDED), kind="conflict")


@contextmanager
def stands_for(name: str, *, asked_by: str = "", proposal: str = "") -> Iterator[None]:
    """Within it the act of this name goes on, and the ledger's entries name who asked for it."""
    token = _running.set((name, asked_by, proposal))
    try:
        yield
    finally:
        _running.reset(token)


def asker_detail() -> dict[str, str]:
    """For the ledger: of an act that runs after its confirmation, who had asked for it (masked) and by which proposal."""
    _, asked_by, proposal = _running.get()
    return {"asked_by": asked_by, "proposal": proposal} if proposal else {}
