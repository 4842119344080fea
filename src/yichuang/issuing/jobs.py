"""Background work of issuing: ids in, one command."""

import logging
from datetime import timedelta
from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import enqueue_once, job, periodic
from yichuang.issuing.commands.archive import archive_case
from yichuang.issuing.commands.prepare import prepare_result
from yichuang.issuing.queries import due_for_archive, left_over, paths_to_wipe
from yichuang.issuing.store import wipe_package

BATCH = 200  # closed cases looked at by one run
A_DAY = timedelta(days=1)  # longer than any archiving between its file and its row
MOST_STRAY = 20  # files without a row that one night may take away
log = logging.getLogger(__name__)
APART = timedelta(seconds=1)  # results are made on the same queue: none waits behind a night's archive


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


@job(name="issuing.wipe", queue="issuing")
def wipe(appraisal: UUID) -> None:
    """Take away every edition of a file whose destruction was approved."""
    for path in paths_to_wipe(appraisal):
        wipe_package(path)


@periodic("50 2 * * *")
@job(name="issuing.sweep_archive", queue="issuing")
def sweep_archive() -> None:
    """Every night: wipe again what was destroyed and is still there, and take away files that no row has named for a day.

    Such a file is left when archiving breaks off between its file and its row. More of them than a night's crashes leave
    mean that files and database do not belong together: nothing is taken away then, and the log says so.
    """
    at, stray = now(), list[str]()
    for place in range(256):
        destroyed, unnamed = left_over(f"{place:02x}", before=at - A_DAY)
        stray += unnamed
        for appraisal in destroyed:
            enqueue_once(wipe, key=f"archive:wipe:{appraisal}", run_at=at, appraisal=appraisal)
    if len(stray) > MOST_STRAY:
        log.error("archive: %s files that no row names; none is taken away", len(stray))
        return
    for path in stray:
        wipe_package(path)


@periodic("40 2 * * *")
@job(name="issuing.archive_nightly", queue="issuing")
def archive_nightly() -> None:
    """Every night: look for what no event brought into the archive.

    Cases closed before there was an archive, those whose job was given up, papers of a proceeding that was dropped,
    files that a restore did not bring back.
    """
    enqueue_once(archive_behind, key="archive:behind:", after="")


@job(name="issuing.archive_behind", queue="issuing")
def archive_behind(after: str) -> None:
    """Queue what is due of the next closed cases behind an id ("": from the first on); each run queues the next."""
    at = now()
    last, due = due_for_archive(UUID(after) if after else None, BATCH)
    for place, case in enumerate(due):
        enqueue_once(archive, key=f"archive:{case}", run_at=at + place * APART, case=case)
    if last is not None:
        enqueue_once(archive_behind, key=f"archive:behind:{last}", run_at=at + len(due) * APART, after=str(last))
