"""The demo network, loaded once for a file, so that packs can be published."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests import snapshots

from yichuang.catalog.store import pack_of
from yichuang.network.commands import load_demo_network

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), snapshots.lent("network", _load):
        yield


def _load() -> None:
    load_demo_network(at=AT)


@pytest.fixture
def network(_loaded: None, db: None) -> Iterator[None]:
    """The demo network is loaded, and no pack of another test is remembered."""
    pack_of.cache_clear()
    yield
    pack_of.cache_clear()
