"""Requests enter Django as through its own handler."""

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import Resolver404

from yichuang.settings import serving
from yichuang.settings.serving import Pages

PATHS = ["/", "/sign-in", "/office/cases/", "/office/cases/X-1/", "/office/cases/X-2/?a=b"]


@pytest.fixture(scope="module")
def handlers() -> tuple[Pages, WSGIHandler]:
    return Pages(), WSGIHandler()


def shown(match: Any) -> Any:
    return match.func, match.args, match.kwargs, match.view_name, match.route


@pytest.mark.parametrize("path", PATHS)
def test_an_address_leads_where_django_leads(handlers: tuple[Pages, WSGIHandler], path: str) -> None:
    serving._match.cache_clear()
    ours, theirs = handlers
    for _ in range(2):
        request, other = (RequestFactory().get(path) for _ in range(2))
        assert shown(ours.resolve_request(request)) == shown(theirs.resolve_request(other))
        assert shown(request.resolver_match) == shown(other.resolver_match)
    assert serving._match.cache_info().hits == 1


def test_what_no_route_takes_is_not_kept(handlers: tuple[Pages, WSGIHandler]) -> None:
    serving._match.cache_clear()
    for _ in range(2):
        with pytest.raises(Resolver404):
            handlers[0].resolve_request(RequestFactory().get("/nowhere/at/all"))
    assert serving._match.cache_info().currsize == 0
