"""A kiosk in the hall on an ordinary Tuesday morning."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from tests.demo import TUESDAY, Demo
from tests.machines import Kiosk, kiosk_with

from yichuang.core.clock import fixed
from yichuang.webkit.actor import TOKEN_COOKIE


@pytest.fixture
def tuesday(demo: Demo) -> Iterator[datetime]:
    with fixed(TUESDAY):
        yield TUESDAY


@pytest.fixture
def kiosk(demo: Demo, tuesday: datetime) -> Callable[..., tuple[Client, Kiosk]]:
    """`kiosk(printer="simulator:paper-out")`: the kiosk's browser, and what stands at it."""

    def made(**given: Any) -> tuple[Client, Kiosk]:
        found = kiosk_with(demo, name="东门取号机", **given)
        browser = Client()
        browser.cookies[TOKEN_COOKIE] = found.bearer
        return browser, found

    return made
