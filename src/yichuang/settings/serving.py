"""How requests enter Django: as in Django's own handler, with less around each of them."""

from functools import lru_cache

from django.core import signals
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver


class Pages(WSGIHandler):
    """Django's handler; the view of an address is looked up once. What no route takes is looked for each time."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        match = request.resolver_match = _match(request.path_info)
        return match


@lru_cache(maxsize=1024)
def _match(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


def tidy_once() -> None:
    """Of what Django does around each request there remains one look at the connection, before it. Afterwards the next
    request of the thread does the same anyway; no cache is open, no statements are kept, each request sets its addresses.
    """
    signals.request_started.disconnect(reset_queries)
    for tidying in (close_old_connections, close_caches, reset_urlconf):
        signals.request_finished.disconnect(tidying)
