"""Every read of feedback but the sums: what somebody may rate, what a window may show, what was written."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from yichuang.core.actors import Actor
from yichuang.core.bearers import bearer_hash
from yichuang.core.clock import local_date
from yichuang.core.crypto import CryptoError, seal, unseal
from yichuang.core.keyset import page_of
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.feedback import messages
from yichuang.feedback.figures import day_begins, days_of, mine
from yichuang.feedback.models import Invitation, Rating, ShownCode
from yichuang.feedback.permissions import check_can_see, check_may_use_link, is_of
from yichuang.feedback.rules import hide_numbers, state_of, tags_of
from yichuang.feedback.tokens import address, token_of
from yichuang.feedback.values import LEVEL_WORDS, Asked, FollowUp, Level, Way, WordsRow
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow

MARK = "feedback.words.cursor"
AT_THE_WINDOW = timedelta(minutes=15)  # so long a window offers to show the code


def find_asked(kind: str, subject: UUID, *, at: datetime) -> Asked | None:
    """The service, for a page that is its person's by another proof (a ticket, a case); None where nothing is rated."""
    row = Invitation.objects.filter(kind=kind, subject=subject).select_related("rating").first()
    return _asked(row, Way.LINK, at) if row else None


def token_for(kind: str, subject: UUID) -> str:
    """The token of a service, for the same pages."""
    return token_of(kind, subject)


def address_of(kind: str, subject: UUID) -> str:
    """Where a service is rated, for messages."""
    return address(token_of(kind, subject))


def open_rating(actor: Actor, token: str, *, at: datetime) -> Asked:
    """What a token, a code of a window, or (signed in) the id of an invitation opens. NotFound; Refused as `rate`."""
    row, way = _find(actor, token, at)
    return _asked(row, way, at)


def _find(actor: Actor, token: str, at: datetime) -> tuple[Invitation, Way]:
    known = Invitation.objects.select_related("rating")
    try:
        own = UUID(token) if len(token) == 36 else None
    except ValueError:
        own = None
    if own is not None:
        row = known.filter(id=own).first()
        if row is None or not is_of(actor, kind=row.kind, person=row.person_id, items=row.items):
            raise NotFound(messages.SERVICE)
        return row, Way.ACCOUNT
    digest, way = bearer_hash(token), Way.LINK
    row = known.filter(token_hash=digest).first()
    if row is None:
        shown = ShownCode.objects.filter(code_hash=digest).first()
        if shown is not None and at >= shown.until:
            raise Refused(Reason("CODE_OVER", messages.CODE_OVER), kind="gone")
        row, way = known.filter(id=shown.invitation_id).first() if shown else None, Way.WINDOW
    if row is None:
        raise NotFound(messages.SERVICE)
    check_may_use_link(actor, kind=row.kind, person=row.person_id, items=row.items)
    return row, way


def _asked(row: Invitation, way: Way, at: datetime) -> Asked:
    return Asked(
        row.id,
        row.kind,
        Words(row.name_zh, row.name_en),
        row.number,
        row.window,
        row.over_at,
        row.until,
        state_of(hasattr(row, "rating"), row.until, at),
        tags_of(row.kind),
        way,
    )


def list_to_rate(actor: Actor, *, at: datetime) -> tuple[Asked, ...]:
    """What the person, signed in, may still rate: their own services, the latest first."""
    if actor.kind != "person" or actor.id is None:
        return ()
    rated = Rating.objects.filter(invitation=OuterRef("id"))
    rows = Invitation.objects.filter(~Exists(rated), person=actor.id, until__gt=at).order_by("-over_at", "-id")[:20]
    return tuple(_to_rate(row) for row in rows)


def _to_rate(row: Invitation) -> Asked:
    name = Words(row.name_zh, row.name_en)
    return Asked(
        row.id, row.kind, name, row.number, row.window, row.over_at, row.until, "open", tags_of(row.kind), Way.ACCOUNT
    )


def just_ended(actor: Actor, *, at: datetime) -> Asked | None:
    """The last service of this member of staff, for some minutes and while it is not rated: the window may show its code."""
    if not actor.is_staff:
        return None
    last = Invitation.objects.filter(staff=actor.id, kind="stay", over_at__gt=at - AT_THE_WINDOW)
    row = last.select_related("rating").order_by("-over_at", "-id").first()
    asked = _asked(row, Way.WINDOW, at) if row else None
    return asked if asked is not None and asked.state == "open" else None


def address_for(token: str) -> str:
    """The address that a QR carries."""
    return address(token)


def list_words(
    actor: Actor,
    *,
    since: date,
    until: date,
    at: datetime,
    bad: bool = False,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[WordsRow]:
    """What people wrote or ticked, the latest first, from the day after: neither who nor which service. `bad`: only 差评."""
    check_can_see(actor)
    first, last = days_of(since, until)
    services = Invitation.objects.filter(mine(actor), over_at__gte=first, over_at__lt=last)
    rows = Rating.objects.filter(invitation__in=services, given_at__lt=day_begins(local_date(at))).exclude(
        Q(words="") & Q(tags=[])
    )
    if bad:
        rows = rows.exclude(follow_up=FollowUp.NONE.value)
    page = page_of(rows.select_related("invitation"), "given_at", _opened(cursor), limit, latest=True)
    places = network.places_by_id()
    shown = tuple(_words(row, places) for row in page.items)
    return Page(shown, seal(page.next, aad=MARK) if page.next else None)


def _opened(mark: str | None) -> str | None:
    """The page mark as it was before it was sealed: the id of a rating tells the second in which it was given."""
    try:
        return unseal(mark, aad=MARK) if mark else None
    except (CryptoError, ValueError):
        return "none"  # refused as one that could not name any


def _words(row: Rating, places: Mapping[UUID, PlaceRow]) -> WordsRow:
    known = {tag.code: tag.words for tag in tags_of(row.invitation.kind, row.tag_set)}
    place = row.invitation.place_id
    return WordsRow(
        row.id,
        local_date(row.given_at),
        Level(row.level),
        LEVEL_WORDS[Level(row.level)],
        tuple(known[code] for code in row.tags if code in known),
        hide_numbers(row.words),
        places[place].name if place else None,
        row.follow_up == FollowUp.OPEN.value,
    )
