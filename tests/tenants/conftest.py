"""Two tenants of the demo's departments, 街坊 and 邻里, with the programs that come by their tokens."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.tenants.things import Tenant, made

from yichuang.core.actors import Actor


@pytest.fixture
def keeper(demo: Any) -> Actor:
    """石磊, system administrator."""
    actor: Actor = demo.actor("shilei")
    return actor


@pytest.fixture
def make(demo: Any) -> Callable[..., Tenant]:
    """Makes a tenant with a token for everything, unless the scopes are named."""
    return partial(made, demo)


@pytest.fixture
def jiefang(make: Callable[..., Tenant]) -> Tenant:
    return make("jiefang")


@pytest.fixture
def linli(make: Callable[..., Tenant]) -> Tenant:
    return make("linli")
