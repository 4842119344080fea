"""The demo network, and the people who may change it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests import snapshots

from yichuang.core import roles
from yichuang.core.actors import Actor, Channel, Grant
from yichuang.network.commands import load_demo_network
from yichuang.network.queries import get_department, get_place


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), snapshots.lent("network", _load):
        yield


def _load() -> None:
    load_demo_network(at=datetime(2026, 11, 20, 1, 0, tzinfo=UTC))


@pytest.fixture
def network(_loaded: None, db: None) -> None:
    """The demo network is loaded."""


@pytest.fixture
def administrator() -> Actor:
    """系统管理员."""
    return staff(11, "钱程", Grant(roles.SYSTEM_ADMIN))


@pytest.fixture
def manager(network: None) -> Actor:
    """大厅主任 of the district hall."""
    return staff(12, "孙宁", Grant(roles.HALL_MANAGER, place=get_place("LH").id))


@pytest.fixture
def chief(network: None) -> Actor:
    """首席代表 of 人力资源局."""
    return staff(13, "周立", Grant(roles.CHIEF_REPRESENTATIVE, department=get_department("RLZY").id))


def staff(number: int, name: str, *grants: Grant) -> Actor:
    return Actor(
        kind="staff",
        id=UUID(int=number),
        name=name,
        grants=frozenset(grants),
        channel=Channel.COUNTER,
    )
