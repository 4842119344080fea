"""全城通办 in the access matrix: who gets what of a case that one place took and another answers for.

`docs/reference/access-elsewhere.toml` is kept by hand, like the big table; its callers are what they are to *this* case.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.demo import Demo
from tests.security import probes
from tests.security.table import differences, rows_of
from tests.security.world import CALLERS, Caller, Things, World, sign_in_all
from tests.snapshots import taken_back

from yichuang.core.clock import fixed

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).resolve().parents[2] / "docs/reference/access-elsewhere.toml"


@pytest.fixture
def elsewhere(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A dog filed at the community of 文慧; the district hall answers for it, 王强's department decides."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    for name, (username, _) in table["who"].items():
        monkeypatch.setitem(CALLERS, name, Caller(username))
    with taken_back(), fixed(demo.at):
        case = demo.file(demo.actor("wenhui"), applicant=demo.actor("zhangxiao").id)
        some = uuid4()
        things = Things(
            reviewed=case, granted=case.number, waiting=case.number, lapsed=case.number, task=some, document=some,
            upload=some, draft=some, certificate=some, applicant=demo.actor("zhangxiao").id, proceeding=some, package=some, code="", notice=some,
        )  # fmt: skip
        world = World(demo.at, {"own": things})
        sign_in_all(world)
        yield world


def test_each_relation_to_a_case_taken_elsewhere_gets_exactly_what_the_table_says(elsewhere: World) -> None:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    who = table.pop("who")
    rows = rows_of({**table, "callers": {name: what for name, (_, what) in who.items()}})
    asked = [(m, p) for m, p in probes.probes() if f"{m} {p}" in rows]  # other turns of a case have tables of their own
    nobody = frozenset[str]()
    found = {
        f"{method} {pattern}": {
            name: probes.outcome(
                probes.ask(elsewhere, method, pattern, name, elsewhere.things["own"]), pattern, {}, nobody
            )
            for name in who
        }
        for method, pattern in asked
    }
    faults = differences(rows, found)
    assert faults == [], "\n".join(["differs from docs/reference/access-elsewhere.toml:", *faults])
