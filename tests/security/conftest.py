"""One world for all tests of this folder's files, each in a transaction that is taken back."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from tests.demo import Demo, load
from tests.security.world import World, build

from yichuang.core.clock import fixed


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that never ends well; commands that insist on being outermost may run in it, as in Django's TestCase."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # what TestCase sets on its own
    with atomic:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(_demo_once: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of `world.build`, at the demo's working moment."""
    with _built(django_db_blocker, ("own", "child", "company")) as built:
        yield built


@pytest.fixture(scope="module")
def small_world(_demo_once: None, django_db_blocker: Any) -> Iterator[World]:
    """The things of one applicant only, for tests that need no more."""
    with _built(django_db_blocker, ("own",)) as built:
        yield built


@contextmanager
def _built(django_db_blocker: Any, whose: Collection[str]) -> Iterator[World]:
    with django_db_blocker.unblock():
        load()
        demo = Demo()
        with taken_back(), fixed(demo.at):
            yield build(demo, whose=whose)
