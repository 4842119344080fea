"""One world for all tests of this folder's files, each in a transaction that is taken back."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests import snapshots
from tests.demo import KEPT, Demo
from tests.security.world import World, build

from yichuang.core.clock import fixed


@pytest.fixture(scope="module")
def world(_demo_once: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of `world.build`, at the demo's working moment; built once for each worker."""
    demo = Demo()
    with django_db_blocker.unblock(), fixed(demo.at), snapshots.lent("world", lambda: build(demo), base=KEPT) as built:
        yield built
