"""`load_demo`: network, people and items in one go; a second run is quick and writes nothing."""

import time
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from yichuang.catalog.queries import get_item
from yichuang.core import clock
from yichuang.network.queries import get_place
from yichuang.people.queries import list_demo_accounts
from yichuang.webkit.management.commands.load_demo import PACKS

FOLDERS = sorted(file.parent.name for file in PACKS.glob("*/*/item.yaml"))


@pytest.mark.django_db
def test_the_demo_is_loaded_once_and_a_second_start_is_warm() -> None:
    said = StringIO()
    with clock.fixed(datetime(2026, 11, 24, 2, 0, tzinfo=UTC)):
        call_command("load_demo", stdout=said)
        started = time.monotonic()
        call_command("load_demo", stdout=said)
        assert time.monotonic() - started < 5
    first, second = said.getvalue().splitlines()
    assert f"{len(FOLDERS)} items" in first
    assert second == "demo: 0 places, 0 accounts, 0 records, 0 items are new"
    assert get_place("LH").demo
    assert list_demo_accounts()


@pytest.mark.django_db
def test_the_items_apply_even_when_the_clock_is_moved_back() -> None:
    with clock.fixed(datetime(2026, 11, 24, 2, 0, tzinfo=UTC)):
        call_command("load_demo", stdout=StringIO())
    for code in FOLDERS:
        assert get_item(code, at=datetime(2026, 2, 13, 1, 0, tzinfo=UTC)).code == code


def test_without_a_demo_nothing_is_loaded(settings: Any) -> None:
    settings.YICHUANG_DEMO = False
    with pytest.raises(CommandError, match="YICHUANG_DEMO"):
        call_command("load_demo")
