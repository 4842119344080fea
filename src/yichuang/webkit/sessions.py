"""Django's sessions in the database, read by a query that is compiled once: every request of somebody signed in asks it."""

from datetime import UTC, datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from yichuang.core.compiled import compiled


@compiled
def _alive(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at).order_by("session_key")


class SessionStore(db.SessionStore):
    """As Django's own. Sessions end by the machine's clock, as Django writes them, also where the demo's was moved."""

    def _get_session_from_db(self) -> Session | None:
        found = _alive.first(self.session_key, datetime.now(UTC)) if self.session_key else None
        if found is None:
            self._session_key = None  # a key that is unknown or over is not used again
        return found
