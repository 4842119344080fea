"""What happens to packages with no page open. Each job calls exactly one command."""

from uuid import UUID

from yichuang.bundles.commands.collect import call_for_results
from yichuang.bundles.commands.move import settle_bundle
from yichuang.bundles.queries import open_bundles
from yichuang.core import clock, jobs

BATCH = 500


@jobs.job(name="bundles.settle")
def settle(bundle: UUID) -> None:
    """A package goes on after something happened to one of its cases."""
    settle_bundle(bundle=bundle, at=clock.now())


@jobs.job(name="bundles.call")
def call(bundle: UUID) -> None:
    """Something of a package lies ready to be fetched."""
    call_for_results(bundle=bundle, at=clock.now())


@jobs.periodic("37 * * * *")
@jobs.job(name="bundles.watch")
def watch() -> None:
    """Once an hour: every package that has not ended is looked at, in case the job of one of its cases was parked."""
    last = None
    while found := open_bundles(after=last, limit=BATCH):
        for bundle in found:
            jobs.enqueue_once(settle, key=f"bundles.settle.{bundle}", bundle=bundle)
        last = found[-1]
