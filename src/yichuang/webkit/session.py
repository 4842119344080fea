"""The session of pages: which account is signed in, since when, and at which window it serves.

Nothing personal is kept in it. Signing in and out gives a new session key (OWASP ASVS 5.0 V7.2), and a new CSRF token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from yichuang.core.clock import lasted

LONGEST = timedelta(hours=12)  # however busy, somebody signs in anew each day
IDLE = timedelta(minutes=60)


_uuid = lru_cache(maxsize=4096)(UUID)  # each page of a session reads the same few texts
_moment = lru_cache(maxsize=4096)(datetime.fromisoformat)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the session knows."""

    account: UUID
    since: datetime
    stamp: str
    place: UUID | None = None
    window: str = ""


def begin(request: HttpRequest, account: UUID, *, stamp: str, at: datetime, must_change: bool = False) -> None:
    """Sign the account in: everything of the old session goes, the key changes. An old `stamp` ends the session
    (password changed, roles changed, signed out everywhere). With `must_change` it opens nothing but a new password."""
    request.session.flush()
    request.session["account"] = str(account)
    request.session["stamp"] = stamp
    request.session["since"] = at.isoformat()
    request.session["seen"] = at.isoformat()
    if must_change:
        request.session["must_change"] = True
    rotate_token(request)


def end(request: HttpRequest) -> None:
    """Sign out."""
    request.session.flush()
    rotate_token(request)


def must_change_password(request: HttpRequest) -> bool:
    """Whether somebody else chose the password of this session: it is changed before anything else."""
    return bool(request.session.get("must_change")) if request.session.session_key else False


def serve_at(request: HttpRequest, *, place: UUID | None, window: str) -> None:
    """Remember at which place and window the staff member serves; checked against grants by the people room."""
    request.session["place"] = str(place) if place else ""
    request.session["window"] = window


def current(request: HttpRequest) -> SignedIn | None:
    """Who is signed in, or None. Reads the database only when the browser sent a session cookie."""
    data = request.session
    if not (data.session_key or data.modified):  # just signed in: no key until it is saved
        return None
    known: Mapping[str, str] = data._session  # type: ignore[attr-defined]  # what `get` reads each time, once for all
    if not known.get("account"):
        return None
    place, since = known.get("place"), _moment(known["since"])
    return SignedIn(
        _uuid(known["account"]), since, known["stamp"], _uuid(place) if place else None, known.get("window", "")
    )


def expire_if_old(request: HttpRequest, *, at: datetime) -> bool:
    """End a session that is too old or was idle too long; say whether it was ended. The idle mark moves each minute."""
    if (known := current(request)) is None:
        return False
    told = request.session.get("seen")
    seen = _moment(told) if told else known.since
    idle = lasted(seen, at)
    if lasted(known.since, at) > LONGEST or idle > IDLE:
        request.session.flush()
        return True
    if idle > timedelta(minutes=1):
        request.session["seen"] = at.isoformat()
    return False
