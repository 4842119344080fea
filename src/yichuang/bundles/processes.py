"""What a filed package and its process (流程) have to do with each other: whose it is, which piece of work is which item's."""

from uuid import UUID

from yichuang.bundles.models import Bundle
from yichuang.bundles.rules.package import CASE
from yichuang.core.workdays import Calendar
from yichuang.engine import queries as engine
from yichuang.engine.values import WaitRow
from yichuang.network import queries as network

TENANT = "bundles"
KIND = "bundle"


def subject_of(bundle: UUID) -> tuple[str, UUID]:
    """The package as the engine knows it."""
    return KIND, bundle


def lock(bundle: UUID) -> None:
    """The row that is locked before its process (`engine.ports`)."""
    Bundle.objects.select_for_update(of=("self",)).filter(id=bundle).first()


def calendar() -> Calendar:
    """The working days that timers count."""
    return network.working_calendar()


def turns_of(bundle: UUID) -> dict[str, WaitRow]:
    """The items whose turn it is, or that are under way: slot → the piece of work that lasts as long as its case."""
    waits = engine.waits_of(subject_of(bundle))
    return {wait.key.removeprefix(CASE): wait for wait in waits if wait.key.startswith(CASE)}
