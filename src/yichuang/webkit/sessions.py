"""Django's sessions in the database, read by a query that is compiled once: every request of somebody signed in asks it.

Whose session it is stands inside of it. A process that has seen it before asks for the account in the same statement;
what it remembered is only a guess of what to ask, and what was read of another account than the session names is not used.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import QuerySet

from yichuang.core.clock import now
from yichuang.core.compiled import compiled
from yichuang.people import queries as people


@compiled
def _alive(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at).order_by("session_key")


@lru_cache(maxsize=2048)
def _opened(sealed: str, salt: str, key: str) -> str:
    """The content of a session as JSON, its signature checked; the same text under the same key has the same content."""
    return json.dumps(signing.loads(sealed, key=key, salt=salt))


_alive_with_account = people.together_with_account(_alive)
_MOST = 4096
_guesses: dict[str, UUID] = {}  # session key → the account that it named


def remember(key: str, account: UUID) -> None:
    """The session is of this account: its next request may ask for both at once."""
    if len(_guesses) >= _MOST:
        _guesses.clear()
    _guesses[key] = account


class SessionStore(db.SessionStore):
    """As Django's own. Sessions end by the machine's clock, as Django writes them, also where the demo's was moved."""

    read: people.AccountRead | None = None  # with the session: whoever uses it takes it away, for it gets old

    def _get_session_from_db(self) -> Session | None:
        key, alive_at, found = self.session_key, datetime.now(UTC), None
        if key and (account := _guesses.get(key)):
            found, self.read = _alive_with_account((key, alive_at), account, at=now())
        elif key:
            found = _alive.first(key, alive_at)
        if found is None:
            self._session_key = None  # a key that is unknown or over is not used again
        return found

    def flush(self) -> None:
        """Also what was read of the account: somebody signs in or out."""
        self.read = None
        super().flush()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """As Django's own, but a signature that was found good is not computed anew for every page of the person."""
        try:
            content: dict[str, Any] = json.loads(_opened(str(session_data), self.key_salt, settings.SECRET_KEY))
        except Exception:
            return super().decode(session_data)  # which says so in the log, and gives an empty session
        return content
