"""An installation on which nothing is loaded yet: every open page opens, nothing is there, nothing breaks."""

import pytest

OPEN = (
    "/",
    "/items",
    "/items?q=狗",
    "/places",
    "/help",
    "/sign-in",
    "/verify",
    "/progress",
    "/api/v1/items",
    "/api/v1/docs",
)


@pytest.mark.django_db
@pytest.mark.parametrize("page", OPEN)
def test_open_pages_open(page, client):
    assert client.get(page).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/items/no-such-item", "/places/LH", "/verify/8F3K2QX7MN", "/my/cases", "/counter/"])
def test_what_is_not_there_is_said(page, client):
    assert client.get(page).status_code in {200, 302, 404}
