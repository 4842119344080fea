"""What issuing does when something happened below."""

from yichuang.cases.events import CaseDecided
from yichuang.core.events import subscribe
from yichuang.core.jobs import enqueue
from yichuang.issuing.jobs import prepare


@subscribe(CaseDecided)
def prepare_after_grant(event: CaseDecided) -> None:
    """A grant is followed by making and announcing the result; queued with the decision, done right after it."""
    if event.outcome == "grant":
        certificate = str(event.certificate) if event.certificate else ""
        enqueue(prepare, case=event.case_id, certificate=certificate, physical=event.has_physical_result)
