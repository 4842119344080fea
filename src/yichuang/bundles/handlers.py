"""What packages do when something happened to their cases: they go on after the commit, so that nobody waits in a circle."""

from uuid import UUID

from django.db.models import QuerySet

from yichuang.bundles.jobs import call, settle
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.processes import KIND, TENANT, lock
from yichuang.cases.events import CaseClosed, CaseDecided, CaseReady
from yichuang.cases.states import State
from yichuang.core.compiled import compiled
from yichuang.core.events import subscribe
from yichuang.core.jobs import enqueue
from yichuang.engine.events import TimerFired
from yichuang.engine.ports import own

own(KIND, tenant=TENANT, lock=lock)


@subscribe(CaseDecided)
def go_on_after_grant(event: CaseDecided) -> None:
    """A grant lets what rests on it go on."""
    if event.package and event.outcome == "grant":
        _go_on(event.case_id)


@subscribe(CaseClosed)
def go_on_after_end(event: CaseClosed) -> None:
    """So does every other end; a delivery changes nothing more."""
    if event.package and event.state != State.DELIVERED.value:
        _go_on(event.case_id)


@subscribe(CaseReady)
def call_after_making(event: CaseReady) -> None:
    """What lies ready is called for with the rest of its package."""
    bundle = _bundle_of.first(event.case_id)
    if bundle is not None:
        enqueue(call, lock=f"bundle:{bundle}", bundle=bundle)


@compiled
def _bundle_of(case: UUID) -> QuerySet[Part, UUID]:
    return Part.objects.filter(case=case).order_by("id").values_list("bundle_id", flat=True)[:1]


def _go_on(case: UUID) -> None:
    bundle = _bundle_of.first(case)
    if bundle is not None:
        enqueue(settle, lock=f"bundle:{bundle}", bundle=bundle)


@subscribe(TimerFired)
def go_on_after_a_moment(event: TimerFired) -> None:
    """A moment that the process waited for may have given an item its turn."""
    if event.subject_kind == KIND and Bundle.objects.filter(id=event.subject_id, ended_at=None).exists():
        enqueue(settle, lock=f"bundle:{event.subject_id}", bundle=event.subject_id)
