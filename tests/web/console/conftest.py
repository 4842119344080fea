"""Browsers of the console's tests, at the demo's hour."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD

KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')


class Desk:
    """Somebody's browser."""

    def __init__(self, username: str, at: Any, locale: str = "zh-CN") -> None:
        self.client, self.at = Client(headers={"accept-language": locale}), at
        with fixed(at):
            answer = self.client.post("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def get(self, path: str, status: int = 200) -> str:
        with fixed(self.at):
            answer = self.client.get(path)
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:3000])
        return answer.content.decode()

    def post(self, path: str, **form: Any) -> Any:
        with fixed(self.at):
            return self.client.post(path, form)

    def asks(self, path: str, reason: str = "已核对，确需办理", **form: Any) -> str:
        """Press what needs a second person, give the reason; the address of the proposal."""
        from urllib.parse import parse_qs, urlsplit

        answer = self.post(path, **form)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        assert "/console/second/ask/" in answer["Location"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
        assert "执行后会怎样" in self.get(answer["Location"])
        answer = self.post("/console/second/ask/", **asked, reason=reason)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return str(answer["Location"])

    def confirms(self, address: str, **form: Any) -> Any:
        """Read a proposal and confirm what was read."""
        found = re.search(r'name="mark" value="([0-9a-f]{64})"', self.get(address))
        return self.post(address, step="confirm", mark=found[1] if found else "", **form)


@pytest.fixture
def desk(demo: Any) -> Callable[..., Desk]:
    """`desk("shilei")`: that person's browser, signed in."""
    return lambda username, locale="zh-CN": Desk(username, demo.at, locale)


@pytest.fixture
def key_on() -> Callable[[str], str]:
    """The key by which the forms of a page count once."""
    return lambda page: KEY.search(page).group(1)  # type: ignore[union-attr]  # a page without one fails here
