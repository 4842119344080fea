"""One running system and one browser for all journeys: people come with their own browsers and leave their cases behind.

A journey does not empty the tables after it, as other live tests do: loading the demo anew costs ten seconds each time.
So each journey brings people or things of its own, and the journeys run last of all tests (see `tests/conftest.py`).
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import F
from PIL import Image, ImageDraw
from pytest_django.live_server_helper import LiveServer
from tests.demo import TUESDAY, load
from tests.journeys.people import Hall, Seats

from yichuang.core import clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for marker in (pytest.mark.browser, pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db):
                item.add_marker(marker)


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """The mark only asks for a test database: no transaction stands around a journey, nothing is emptied after it."""


@pytest.fixture(scope="package")
def running(
    browser: "Browser", django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[LiveServer, pytest.MonkeyPatch]]:
    """The server over the demo world."""
    from django.conf import settings

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        load()
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        patch.setattr(settings, "YICHUANG_BASE_URL", server.url)  # where QR codes and links lead
        yield server, patch
        server._live_server_modified_settings.disable()
        server.stop()


@pytest.fixture(scope="package")
def seats(browser: "Browser") -> Iterator[Seats]:
    opened = Seats(browser)
    yield opened
    opened.close()


@pytest.fixture
def hall(seats: Seats, running: tuple[LiveServer, pytest.MonkeyPatch]) -> Iterator[Hall]:
    """The system on an ordinary Tuesday morning. A script error or a server error on any page fails the journey."""
    server, patch = running
    shots = os.environ.get("YICHUANG_SHOTS", "")

    def set_clock(at: datetime) -> None:
        patch.setattr(clock, "_OFFSET", at - datetime.now(UTC))

    opened = Hall(seats, server.url, set_clock, Path(shots) if shots else None)
    opened.set_clock(TUESDAY)
    yield opened
    opened.close()
    from yichuang.visits.models import Desk

    Desk.objects.filter(closed_at=None).update(closed_at=F("opened_at"))  # windows left open: who comes next opens them
    assert opened.faults == [], "\n".join(opened.faults)


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture as a phone takes it."""
    path = tmp_path_factory.mktemp("photos") / "照片.jpg"
    picture = Image.new("RGB", (1200, 900), "#e9e2d0")
    draw = ImageDraw.Draw(picture)
    for line in range(12):
        draw.rectangle((120, 100 + 60 * line, 1080 - 40 * (line % 3), 116 + 60 * line), fill="#333333")
    picture.save(path, quality=80)
    return path
