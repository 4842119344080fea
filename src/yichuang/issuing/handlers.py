"""What issuing does when something happened below."""

from datetime import timedelta

from yichuang.cases.events import CaseClosed, CaseCorrected, CaseDecided, ResultReleased
from yichuang.core.events import subscribe
from yichuang.core.jobs import enqueue, enqueue_once, put
from yichuang.issuing.commands.exchange import expect_exchange
from yichuang.issuing.events import DestructionApproved, PaperExchanged
from yichuang.issuing.jobs import archive, prepare, wipe
from yichuang.issuing.queries import is_archived
from yichuang.registry.events import CertificateStatusChanged
from yichuang.registry.queries import get_certificate

SETTLE = timedelta(minutes=2)  # until the acts of the case have their places in the ledger's tree


@subscribe(CaseDecided)
def prepare_after_grant(event: CaseDecided) -> None:
    """A grant is followed by making and announcing the result; queued with the decision, done right after it."""
    if event.outcome == "grant":
        _queue(event)


@subscribe(ResultReleased)
def prepare_after_release(event: ResultReleased) -> None:
    """What was held (a fee unpaid …) is announced or served as soon as nothing holds it any more."""
    _queue(event)


def _queue(event: CaseDecided | ResultReleased | CaseCorrected) -> None:
    certificate = str(event.certificate) if event.certificate else ""
    put(prepare, case=event.case_id, certificate=certificate, physical=event.has_physical_result)


@subscribe(CaseCorrected)
def prepare_corrected(event: CaseCorrected) -> None:
    """The new version of a corrected certificate is made at once, and announced when nobody was called before; whoever has
    the old one on paper exchanges it."""
    if event.certificate is not None:
        expect_exchange(case=event.case_id, certificate=event.certificate, at=event.at)
        _queue(event)


@subscribe(CaseClosed)
def archive_after_closing(event: CaseClosed) -> None:
    """A closed case goes into the archive, as soon as its acts can be proved."""
    enqueue_once(archive, key=f"archive:{event.case_id}", run_at=event.at + SETTLE, case=event.case_id)


@subscribe(CaseCorrected)
def archive_corrected(event: CaseCorrected) -> None:
    """The paper of a correction belongs to the file of its case, which is archived anew."""
    if is_archived(event.case_id):
        enqueue_once(archive, key=f"archive:{event.case_id}", run_at=event.at + SETTLE, case=event.case_id)


@subscribe(PaperExchanged)
def archive_exchanged(event: PaperExchanged) -> None:
    """What became of the old paper belongs to the file of its case, which is archived anew."""
    if is_archived(event.case):
        enqueue_once(archive, key=f"archive:{event.case}", run_at=event.at + SETTLE, case=event.case)


@subscribe(CertificateStatusChanged)
def archive_again(event: CertificateStatusChanged) -> None:
    """What became of a certificate belongs to the file of the case that brought it, which is archived anew."""
    kind, case = get_certificate(event.certificate).subject
    if kind == "case" and is_archived(case):
        enqueue_once(archive, key=f"archive:{case}", run_at=event.at + SETTLE, case=case)


@subscribe(DestructionApproved)
def wipe_after_approval(event: DestructionApproved) -> None:
    """The files go as soon as the approval is on record."""
    enqueue(wipe, appraisal=event.appraisal)
