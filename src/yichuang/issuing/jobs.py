"""Background work of issuing: ids in, one command."""

from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import job
from yichuang.issuing.commands.prepare import prepare_result


@job(name="issuing.prepare_result", queue="issuing")
def prepare(case: UUID, certificate: str, physical: bool) -> None:
    """Make the certificate of a granted case ("" for none) and announce the result."""
    prepare_result(case=case, certificate=UUID(certificate) if certificate else None, physical=physical, at=now())
