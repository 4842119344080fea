"""The demo's own cast, entered by the real commands: 张晓, 李娜, 王强, 赵敏, 陌生人 and the others."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests import snapshots

from yichuang.core.actors import Actor, Channel
from yichuang.network.commands import load_demo_network
from yichuang.people.commands.demo import load_demo_people
from yichuang.people.models import Party
from yichuang.people.queries import actor_for_account, find_demo_account

ADDRESS = "203.0.113.7"  # documentation address (RFC 5737)
PASSWORD = "Demo-2026-yichuang"


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), snapshots.lent("people", _load):
        yield


def _load() -> None:
    at = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    load_demo_network(at=at)
    load_demo_people(at=at)


@pytest.fixture
def people(_loaded: None, db: None) -> None:
    """Network and people of the demo are there."""


@pytest.fixture
def account(people: None) -> Callable[[str], UUID]:
    def find(name: str) -> UUID:
        found = find_demo_account(name)
        assert found, name
        return found

    return find


@pytest.fixture
def who(account: Callable[[str], UUID], at: datetime) -> Callable[[str], Actor]:
    """`who("李娜")`: the actor of a member of the cast, with today's powers."""

    def actor(name: str, channel: Channel = Channel.COUNTER) -> Actor:
        return actor_for_account(account(name), channel, at=at)

    return actor


@pytest.fixture
def party(people: None) -> Callable[[str], UUID]:
    """The party of somebody of the cast, account or not."""
    parties = {row.name: row.id for row in Party.objects.order_by("id")}
    return parties.__getitem__
