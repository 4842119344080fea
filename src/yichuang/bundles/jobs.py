"""What happens to packages with no page open. Each job calls exactly one command."""

from uuid import UUID

from yichuang.bundles.commands.move import settle_bundle
from yichuang.core import clock, jobs


@jobs.job(name="bundles.settle")
def settle(bundle: UUID) -> None:
    """A package goes on after something happened to one of its cases."""
    settle_bundle(bundle=bundle, at=clock.now())
