"""Numbers that feedback vouches for: how services were rated, in sums that hide the single person (docs/adr/0039)."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet

from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor, Grant
from yichuang.core.clock import SHANGHAI, local_date
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.feedback import messages
from yichuang.feedback.models import Invitation, Rating
from yichuang.feedback.permissions import SEE, can_see_staff, check_can_see
from yichuang.feedback.rules import shown_levels, tags_of
from yichuang.feedback.values import FEWEST, FollowUp, Level, Line, RatingFigures, Way
from yichuang.network import queries as network
from yichuang.people import queries as people

LONGEST, USUAL = timedelta(days=366), timedelta(days=30)
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)  # days beyond cannot be counted with
MOST_LINES = 50
ALL = W("合计", "All")
COUNTS = {
    "services": Count("id"),
    "given": Count("rating"),
    "window": Count("rating", filter=Q(rating__way=Way.WINDOW.value)),
    **{f"level_{level}": Count("rating", filter=Q(rating__level=int(level))) for level in Level},
}


def days_asked(since: date | None, until: date | None, at: datetime) -> tuple[date, date]:
    """The days that somebody asked for; the last thirty where they named none. Refused for days that no hall has seen."""
    last = until or local_date(at)
    if min(since or last, last) < EARLIEST or last > LATEST:
        raise Refused(Reason("DAYS", messages.DAYS, "/since"))
    return since or last - USUAL, last


def days_of(since: date, until: date) -> tuple[datetime, datetime]:
    """The moments at which the days begin and end, both included. Refused for no stretch, or one of over a year."""
    if since > until or until - since > LONGEST:
        raise Refused(Reason("DAYS", messages.DAYS, "/since"))
    return day_begins(since), day_begins(until + timedelta(days=1))


def day_begins(day: date) -> datetime:
    """Midnight of the halls."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def mine(actor: Actor) -> Q:
    """The services whose ratings the actor answers for, by the place and department of each grant."""
    found = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in SEE:
            found |= _within(grant)
    return found


def _within(grant: Grant) -> Q:
    scope = Q(pk__isnull=False)
    if grant.place is not None:
        scope &= Q(place=grant.place)
    if grant.department is not None:
        scope &= Q(department=grant.department)
    return scope


def rating_figures(actor: Actor, *, since: date, until: date, at: datetime) -> RatingFigures:
    """How the services were rated that ended in these days, of the places and departments the actor answers for.

    Levels only where five or more rated. Refused (403) for others; DAYS for a stretch of over a year.
    """
    check_can_see(actor)
    first, last = days_of(since, until)
    services = Invitation.objects.filter(mine(actor), over_at__gte=first, over_at__lt=last)
    places, departments = network.places_and_departments()
    return RatingFigures(
        since,
        until,
        _total(services, at),
        _lines(services, "place", {id: row.name for id, row in places.items()}, at),
        _lines(services, "department", {id: row.name for id, row in departments.items()}, at),
        _by_item(services, at),
        _by_staff(services, at) if can_see_staff(actor) else (),
        _tags(services),
        Rating.objects.filter(invitation__in=services, follow_up=FollowUp.OPEN.value).count(),
    )


def _counts(at: datetime) -> Mapping[str, Any]:
    return {**COUNTS, "unrated": Count("id", filter=Q(rating=None, until__lte=at))}


def _total(services: QuerySet[Invitation], at: datetime) -> Line:
    return _line("", ALL, services.aggregate(**_counts(at)))


def _by(services: QuerySet[Any], column: str, at: datetime) -> list[Mapping[str, Any]]:
    """The counts by one column, those with most services first."""
    return list(services.values(column).annotate(**_counts(at)).order_by("-services", column))


def _lines(services: QuerySet[Invitation], by: str, names: Mapping[Any, Words], at: datetime) -> tuple[Line, ...]:
    rows = _by(services.exclude(**{by: None}), by, at)[:MOST_LINES]
    return tuple(_line(str(row[by]), names[row[by]], row) for row in rows if row[by] in names)


def _by_item(services: QuerySet[Invitation], at: datetime) -> tuple[Line, ...]:
    each = services.annotate(item=Func(F("items"), function="unnest", output_field=CharField()))
    rows = _by(each, "item", at)[:MOST_LINES]
    return tuple(_line(row["item"], catalog.published_name(row["item"]) or _plain(row["item"]), row) for row in rows)


def _by_staff(services: QuerySet[Invitation], at: datetime) -> tuple[Line, ...]:
    """Only who was rated five times: a score of fewer says nothing of them, and tells who gave it."""
    rows = [row for row in _by(services.exclude(staff=None), "staff", at) if row["given"] >= FEWEST][:MOST_LINES]
    known = people.staff_names({row["staff"] for row in rows})
    return tuple(_line(str(row["staff"]), _plain(known[row["staff"]]), row) for row in rows if row["staff"] in known)


def _plain(text: str) -> Words:
    return Words(text, text)


def _line(key: str, name: Words, row: Mapping[str, int]) -> Line:
    levels = shown_levels([row[f"level_{level}"] for level in Level])
    return Line(key, name, row["services"], row["given"], row["unrated"], row["window"], levels)


def _tags(services: QuerySet[Invitation]) -> tuple[tuple[Words, bool, int], ...]:
    """How often each reason was ticked, where five or more rated."""
    rated = Rating.objects.filter(invitation__in=services)
    if rated.count() < FEWEST:
        return ()
    each = rated.annotate(tag=Func(F("tags"), function="unnest", output_field=CharField()))
    rows = each.values("invitation__kind", "tag_set", "tag").annotate(n=Count("id")).order_by("tag")
    found: Counter[tuple[Words, bool]] = Counter()
    for row in rows:
        for tag in tags_of(row["invitation__kind"], row["tag_set"]):
            if tag.code == row["tag"]:
                found[tag.words, tag.praise] += row["n"]
    return tuple((words, praise, n) for (words, praise), n in found.most_common())
