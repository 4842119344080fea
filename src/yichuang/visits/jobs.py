"""What happens in halls with nobody pressing: the end of the day, numbers that passed long ago, appointments."""

from collections.abc import Callable
from functools import wraps

from yichuang.core import clock, jobs
from yichuang.visits.commands.booking.planning import publish_ahead
from yichuang.visits.commands.loans import remind_loans
from yichuang.visits.commands.node import hand_back_past
from yichuang.visits.commands.qualified import tell_unqualified
from yichuang.visits.commands.sweep import sweep_halls
from yichuang.visits.commands.sweep_bookings import remind_bookings, sweep_bookings
from yichuang.visits.commands.watch import tell_watchers
from yichuang.visits.displays import show_all
from yichuang.visits.keeping import is_node
from yichuang.visits.places import settle_place_job as settle_place_job  # (found at start)


def at_the_centre(run: Callable[[], None]) -> Callable[[], None]:
    """A hall node does none of it: people would hear everything twice, and be missed who came."""

    @wraps(run)
    def ticked() -> None:
        if not is_node():
            run()

    return ticked


@jobs.periodic("*/5 * * * *")
@jobs.job(name="visits.sweep")
def sweep() -> None:
    """Every five minutes: numbers of earlier days and those that passed half an hour ago are over."""
    sweep_halls(at=clock.now())
    if is_node():
        hand_back_past(at=clock.now())


@jobs.periodic("*/5 * * * *")
@jobs.job(name="visits.sweep_bookings")
@at_the_centre
def mind_bookings() -> None:
    """Every five minutes: who did not come to yesterday's appointments, and what is due of places given back."""
    sweep_bookings(at=clock.now())


@jobs.periodic("*/10 * * * *")
@jobs.job(name="visits.remind_bookings")
@at_the_centre
def remind() -> None:
    """Every ten minutes: reminders, in the evening before and in the morning."""
    remind_bookings(at=clock.now())


@jobs.periodic("5 0 * * *")
@jobs.job(name="visits.publish_slots")
@at_the_centre
def publish() -> None:
    """After midnight: the slots that will be released next."""
    publish_ahead(at=clock.now())


@jobs.periodic("* * * * *")
@jobs.job(name="visits.tell_watchers")
@at_the_centre
def tell() -> None:
    """Every minute: whose turn is near, and who should leave home now."""
    tell_watchers(at=clock.now())


@jobs.periodic("* * * * *")
@jobs.job(name="visits.tell_unqualified")
@at_the_centre
def tell_managers() -> None:
    """Every minute: where people wait for what nobody on duty is qualified for, its manager is told."""
    tell_unqualified(at=clock.now())


@jobs.periodic("* * * * *")
@jobs.job(name="visits.show_all")
def show_windows() -> None:
    """Every minute: each window's display is told what it should show, so that one that was away catches up."""
    show_all()


@jobs.periodic("*/10 * * * *")
@jobs.job(name="visits.remind_loans")
@at_the_centre
def remind_borrowers() -> None:
    """Every ten minutes: who still has what a hall lent them."""
    remind_loans(at=clock.now())
