"""The demo world for tests: network, people and items as `./run demo` loads them, once per test database.

Named as a plugin in `conftest.py`. It is loaded once for each worker and kept (`tests/snapshots.py`): a transactional
test that asks for `demo` begins from the kept rows and puts them back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import snapshots

TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the hall
KEPT = "demo"  # the snapshot's name


def load() -> None:
    """Load the demo where it is missing: for the first time by its command, later from what was kept of that."""
    from django.core.management import call_command
    from django.db import connection

    from yichuang.core.clock import fixed
    from yichuang.network.models import Place

    if Place.objects.exists():
        return
    if snapshots.has(KEPT):
        snapshots.restore(KEPT)
        return
    with fixed(TUESDAY):
        call_command("load_demo", verbosity=0, crowd=100, shadow=True, no_past=True)
    if not connection.in_atomic_block:
        snapshots.take(KEPT)


@pytest.fixture(scope="session")
def _demo_once(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        load()


@dataclass(frozen=True)
class Demo:
    """The demo's people as actors, and one filing of each item to begin from."""

    at: datetime = TUESDAY
    picture: bytes = b""  # what is handed in, where it is looked at

    def actor(self, username: str, *, channel: str = "") -> Any:
        """The actor of a demo account, signed in through the fitting door."""
        from yichuang.core.actors import Channel
        from yichuang.people.models import Account
        from yichuang.people.queries import actor_for_account

        account = Account.objects.get(username=username)
        first = actor_for_account(account.id, Channel.PORTAL, at=self.at)
        if not first.is_staff:
            return actor_for_account(account.id, Channel(channel or "portal"), at=self.at)
        place = next((grant.place for grant in sorted(first.grants, key=str) if grant.place), None)
        return actor_for_account(account.id, Channel(channel or "counter"), place=place, window="1", at=self.at)

    def agrees(self, username: str) -> None:
        """Somebody of the demo has agreed to electronic service (电子送达), for themselves."""
        from yichuang.people.commands import give_service_consent
        from yichuang.people.queries import service_text

        actor = self.actor(username)
        give_service_consent(actor=actor, party=actor.id, version=service_text().version, at=self.at)

    def upload(self, actor: Any, name: str = "材料.jpg", kind: str = "jpg", *, pages: int = 2) -> UUID:
        """A small file of the actor's, kept as the doors keep them; two pages are enough for every paper of the packs."""
        from yichuang.cases.commands.drafts import store_upload

        content = self.picture or f"a picture {uuid4()}".encode()
        row = store_upload(actor=actor, name=name, kind=kind, content=content, pages=pages, sha256="0" * 64, at=self.at)
        return row.id

    def example(self, code: str, number: int = 1) -> Any:
        """A worked example of the item's pack, the n-th by file name."""
        from yichuang.catalog.queries import get_pack

        pack = get_pack(code, at=self.at)
        return sorted(pack.examples, key=lambda e: e.file)[number - 1]

    def extended(self, *, number: str, version: int, days: int = 3, reason: str = "案情复杂", at: datetime) -> Any:
        """延期: 王强 asks, 林芳 approves."""
        from yichuang.cases.commands.extend import ask_extension, extend_case

        of = {"number": number, "at": at}
        asked = ask_extension(actor=self.actor("wangqiang"), version=version, days=days, reason=reason, **of)
        return extend_case(actor=self.actor("linfang"), version=asked.version, **of)

    def file(
        self,
        actor: Any,
        code: str = "yangquan-dengji",
        *,
        number: int = 1,
        materials: tuple[str, ...] | None = None,
        form: Mapping[str, Any] | None = None,
        uploads: Mapping[str, list[UUID]] | None = None,
        **more: Any,
    ) -> Any:
        """File a case from a worked example; `materials` are the codes handed in (default: as in the example)."""
        from yichuang.cases.commands.file_case import Filing, file_case

        example = self.example(code, number)
        codes = example.materials if materials is None else materials
        filing = Filing(
            item_code=code,
            item_version=None,
            answers=example.answers,
            form={**example.form, **(form or {})},
            materials=uploads or {material: [self.upload(actor)] for material in codes},
            applicant=more.pop("applicant", actor.id if actor.kind == "person" else None),
            confirmed=more.pop("confirmed", "paper" if actor.is_staff else ""),
            **more,
        )
        receipt, _ = file_case(actor=actor, filing=filing, key=str(uuid4()), at=self.at)
        return receipt


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the demo asks for the database; with a live server, for a transactional one."""
    live = {"live_server", "transactional_db", "page", "new_context"}
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if "demo" in names:
            item.add_marker(pytest.mark.demo)
        if "demo" in names and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.django_db(transaction=bool(names & live)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a transactional test begins from, and leaves behind."""
    snapshots.wanted = KEPT if item.get_closest_marker("demo") else snapshots.BARE


@pytest.fixture
def demo(_demo_once: None, _django_db_marker: None) -> Demo:
    """The demo world, in this test's transaction."""
    load()
    return Demo()
