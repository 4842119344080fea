"""Browsers of the portal's tests; the demo world is `tests.demo`."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

PASSWORD = "Demo-2026-yichuang"


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


@pytest.fixture
def signed_in(demo: Any) -> Callable[..., Client]:
    """`signed_in("zhangxiao")`: a browser in which that person has signed in."""

    def open_browser(username: str, locale: str = "zh-CN") -> Client:
        browser = Client(headers={"accept-language": locale})
        answer = browser.post("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return browser

    return open_browser
