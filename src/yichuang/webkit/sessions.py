"""Django's sessions in the database, read by a query that is compiled once: every request of somebody signed in asks it."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import QuerySet

from yichuang.core.compiled import compiled


@compiled
def _alive(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at).order_by("session_key")


@lru_cache(maxsize=2048)
def _opened(sealed: str, salt: str, key: str) -> str:
    """The content of a session as JSON, its signature checked; the same text under the same key has the same content."""
    return json.dumps(signing.loads(sealed, key=key, salt=salt))


class SessionStore(db.SessionStore):
    """As Django's own. Sessions end by the machine's clock, as Django writes them, also where the demo's was moved."""

    def _get_session_from_db(self) -> Session | None:
        found = _alive.first(self.session_key, datetime.now(UTC)) if self.session_key else None
        if found is None:
            self._session_key = None  # a key that is unknown or over is not used again
        return found

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """As Django's own, but a signature that was found good is not computed anew for every page of the person."""
        try:
            content: dict[str, Any] = json.loads(_opened(str(session_data), self.key_salt, settings.SECRET_KEY))
        except Exception:
            return super().decode(session_data)  # which says so in the log, and gives an empty session
        return content
