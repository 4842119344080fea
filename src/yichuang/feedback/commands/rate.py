"""评价: once for one service, by who was served; and the code that its window may show."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import events, ledger
from yichuang.core.actors import Actor
from yichuang.core.bearers import bearer_hash
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.feedback import messages
from yichuang.feedback.events import RatingGiven
from yichuang.feedback.models import Invitation, Rating, ShownCode
from yichuang.feedback.permissions import check_may_use_link, is_of
from yichuang.feedback.rules import fitting, follow_up_of, judge, state_of
from yichuang.feedback.tokens import new_code
from yichuang.feedback.values import TAG_SET, WINDOW_CODE, FollowUp, Level, Rated, Way, WindowCode


@transaction.atomic
def rate(
    *,
    actor: Actor,
    token: str,
    level: int | None,
    tags: Sequence[str] = (),
    words: str = "",
    key: str,
    at: datetime,
) -> Rated:
    """Rate a service: by its token, by the code that its window shows, or (signed in) by the id of its invitation.
    Tags that the level does not have are left out.

    `key` is of the press: sent again it is the same rating. Raises NotFound for what is not there or not theirs; Refused (403)
    STAFF_DO_NOT_RATE, NOT_SERVED; Conflict RATED_ALREADY, CODE_OVER; gone RATING_OVER; every reason of what was sent.
    """
    row, way, code = _opened(actor, token)
    known = Rating.objects.filter(invitation=row).first()
    if known is not None and known.key == key and key:
        return Rated(known.id, True)
    _check_now(row, known, code, at)
    words = words.strip()
    faults = judge(row.kind, level, tags, words)
    if not key:
        faults.append(Reason("KEY_MISSING", messages.KEY, "/key"))
    refuse_all(faults)
    found = Level(level or 0)
    rating = Rating.objects.create(
        invitation=row,
        level=int(found),
        tag_set=TAG_SET,
        tags=fitting(row.kind, found, tags),
        words=words,
        way=way.value,
        channel=actor.channel.value,
        key=key,
        follow_up=follow_up_of(found).value,
        given_at=at,
    )
    if code is not None:
        ShownCode.objects.filter(id=code.id).update(used_at=at)
    _record(rating, row, actor, at)
    return Rated(rating.id, False)


def _opened(actor: Actor, token: str) -> tuple[Invitation, Way, ShownCode | None]:
    """The service behind it, locked: whoever presses twice waits here for the first press."""
    locked = Invitation.objects.select_for_update(of=("self",))
    own = _uuid(token)
    if own is not None:
        row = locked.filter(id=own).first()
        if row is None or not is_of(actor, kind=row.kind, person=row.person_id, items=row.items):
            raise NotFound(messages.SERVICE)
        return row, Way.ACCOUNT, None
    digest = bearer_hash(token)
    row, code = locked.filter(token_hash=digest).first(), None
    if row is None:
        code = ShownCode.objects.filter(code_hash=digest).first()
        row = locked.filter(id=code.invitation_id).first() if code else None
    if row is None:
        raise NotFound(messages.SERVICE)
    check_may_use_link(actor, kind=row.kind, person=row.person_id, items=row.items)
    if actor.kind == "person" and is_of(actor, kind=row.kind, person=row.person_id, items=row.items):
        return row, Way.ACCOUNT, code
    return row, Way.WINDOW if code else Way.LINK, code


def _check_now(row: Invitation, known: Rating | None, code: ShownCode | None, at: datetime) -> None:
    match state_of(known is not None, row.until, at):
        case "rated":
            raise Refused(Reason("RATED_ALREADY", messages.RATED), kind="conflict")
        case "over":
            raise Refused(Reason("RATING_OVER", messages.OVER), kind="gone")
    if code is not None and at >= code.until:
        raise Refused(Reason("CODE_OVER", messages.CODE_OVER), kind="gone")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _record(rating: Rating, row: Invitation, actor: Actor, at: datetime) -> None:
    """On record without the person: the ledger is read by staff."""
    nobody = Actor(kind="link", channel=actor.channel, link=row.id)
    ledger.append(
        act="rate",
        actor=nobody,
        at=at,
        subject=Subject("rating", rating.id),
        detail={"level": rating.level, "tags": ",".join(rating.tags), "way": rating.way},
    )
    owed = rating.follow_up == FollowUp.OPEN.value
    events.publish(
        RatingGiven(
            rating=rating.id, place=row.place_id, department=row.department_id, level=rating.level, owed=owed, at=at
        )
    )


@transaction.atomic
def show_code(*, actor: Actor, invitation: UUID, at: datetime) -> WindowCode:
    """A code for the screen of the window that served: ten minutes, one rating. NotFound for a service of others."""
    served = Invitation.objects.filter(id=invitation, kind="stay", staff=actor.id, staff__isnull=False)
    row = served.first() if actor.is_staff else None
    if row is None or actor.id is None:
        raise NotFound(messages.SERVICE)
    _check_now(row, Rating.objects.filter(invitation=row).first(), None, at)
    token = new_code()
    until = min(at + WINDOW_CODE, row.until)
    ShownCode.objects.create(
        invitation=row, code_hash=bearer_hash(token), shown_by_id=actor.id, made_at=at, until=until
    )
    ledger.append(act="show-rating-code", actor=actor, at=at, subject=Subject("service", row.id))
    return WindowCode(token, until)
