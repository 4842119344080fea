"""What issuing does when something happened below."""

from yichuang.cases.events import CaseDecided, ResultReleased
from yichuang.core.events import subscribe
from yichuang.core.jobs import enqueue
from yichuang.issuing.jobs import prepare


@subscribe(CaseDecided)
def prepare_after_grant(event: CaseDecided) -> None:
    """A grant is followed by making and announcing the result; queued with the decision, done right after it."""
    if event.outcome == "grant":
        _queue(event)


@subscribe(ResultReleased)
def prepare_after_release(event: ResultReleased) -> None:
    """What was held (a fee unpaid …) is announced or served as soon as nothing holds it any more."""
    _queue(event)


def _queue(event: CaseDecided | ResultReleased) -> None:
    certificate = str(event.certificate) if event.certificate else ""
    enqueue(prepare, case=event.case_id, certificate=certificate, physical=event.has_physical_result)
