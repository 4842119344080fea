"""Background work of issuing: ids in, one command."""

from datetime import timedelta
from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import enqueue_once, job
from yichuang.issuing.commands.archive import archive_case
from yichuang.issuing.commands.prepare import prepare_result


@job(name="issuing.prepare_result", queue="issuing")
def prepare(case: UUID, certificate: str, physical: bool) -> None:
    """Make the certificate of a granted case ("" for none) and announce the result."""
    prepare_result(case=case, certificate=UUID(certificate) if certificate else None, physical=physical, at=now())


@job(name="issuing.archive_case", queue="issuing")
def archive(case: UUID) -> None:
    """Put one closed case into the archive; again in a minute while acts of it have no place in the ledger's tree yet."""
    at = now()
    if archive_case(case=case, at=at) is None:
        enqueue_once(archive, key=f"archive:{case}", run_at=at + timedelta(minutes=1), case=case)
