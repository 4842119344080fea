"""Every route × every kind of caller, over HTTP with real objects, against a table kept by hand.

`docs/reference/access-table.toml` says what each of them gets; `docs/reference/access.md` how to add a row. It is written by
people and never derived from what routes declare. A route that is not in it fails, and so does a row without a route.
"""

import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.demo import Demo
from tests.security import probes
from tests.security.table import differences, read_table, rows_of
from tests.security.world import CALLERS, World
from tests.snapshots import taken_back

pytestmark = pytest.mark.django_db
PUBLIC_EYES = frozenset({"nobody", "other", "link"})  # they come across nobody's things on any list
PERSONS = frozenset(list(CALLERS)[:11])
# Who is refused at some door by what the object is to them, not by their role alone: existence must not show to them.
PROBERS = ("other", "former_agent", "receiver", "other_clerk", "issuer", "other_reviewer", "reviewer", "system")


def theirs(caller: str, pattern: str) -> frozenset[str]:
    """The applicants whose things this caller may come across on a list."""
    if pattern == "/dev/outbox":  # the demo shows every message to everybody
        return frozenset({"own", "child", "company"})
    if caller in PUBLIC_EYES:
        return frozenset()
    if caller not in PERSONS:
        return frozenset({"own", "child", "company"})
    return (
        frozenset({"own", "child"})
        if CALLERS[caller].username == "zhangxiao"
        else frozenset({CALLERS[caller].asks_for})
    )


def asked(pattern: str, row: Mapping[str, str], turn: int) -> list[str]:
    """Who asks. Where the table says the same of all persons, or of all staff (the guard answers, before the view), every
    third of them asks, others at the next row; with YICHUANG_MATRIX=all everybody does. The holder of a link is nobody
    special anywhere else, and is not asked again there."""
    names = [name for name in CALLERS if name != "link" or pattern.startswith("/s/")]
    if os.environ.get("YICHUANG_MATRIX") == "all":
        return names
    alike = alike_in(row)
    return [
        name for n, name in enumerate(names) if name not in alike or name in {"nobody", "link"} or (n + turn) % 3 == 0
    ]


def alike_in(row: Mapping[str, str]) -> set[str]:
    """Those whose whole kind, persons or staff, gets one answer in this row."""
    kinds = (PERSONS - {"nobody", "link"}, set(CALLERS) - PERSONS)
    return {name for kind in kinds if len({row[name] for name in kind}) == 1 for name in kind}


def test_the_table_names_every_route_and_every_caller() -> None:
    table = read_table()
    assert list(table["callers"]) == list(CALLERS)
    known = {f"{method} {path}" for method, path in probes.probes()}
    rows = rows_of(table)
    assert sorted(known - set(rows)) == [], "routes that are not in docs/reference/access-table.toml"
    assert sorted(set(rows) - known) == [], "rows of docs/reference/access-table.toml without a route"


def test_a_single_wrong_cell_is_found() -> None:
    rows = rows_of(read_table())
    one = "GET /my/cases/<str:number>"
    changed = {**rows, one: {**rows[one], "former_agent": "in"}}
    assert [fault for fault in differences(rows, changed) if "former_agent got" in fault]
    assert differences(rows, {name: row for name, row in rows.items() if name != one})
    assert differences({name: row for name, row in rows.items() if name != one}, rows)


@pytest.mark.long
def test_everybody_gets_exactly_what_the_table_says(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    marks, rows = probes.marks_of(world), rows_of(read_table())
    found = {
        f"{method} {pattern}": {
            caller: probes.outcome(
                probes.ask(world, method, pattern, caller, world.of(caller)), pattern, marks, theirs(caller, pattern)
            )
            for caller in asked(pattern, rows[f"{method} {pattern}"], turn)
        }
        for turn, (method, pattern) in enumerate(probes.probes())
    }
    with capsys.disabled():
        count = sum(len(row) for row in found.values())
        sys.stdout.write(f"\naccess matrix: {len(found)} routes × {len(CALLERS)} callers, {count} probes\n")
    faults = differences(rows, found)
    assert faults == [], "\n".join(["what they get differs from docs/reference/access-table.toml:", *faults])


@pytest.mark.long
def test_what_one_may_not_know_looks_like_what_is_not_there(world: World) -> None:
    """Asked for somebody's thing and for one that does not exist, a caller who may not see it gets the same answer."""
    rows, faults, asked_twice = rows_of(read_table()), [], 0
    for method, pattern in probes.probes():
        for caller in PROBERS:
            things = world.of(caller)
            sees_case = rows["GET /api/v1/cases/<number>"][caller] == "in"
            row = rows[f"{method} {pattern}"]
            if sees_case or row[caller] not in {"missing", "forbidden"} or not probes.about_an_object(pattern):
                continue
            if caller in alike_in(row) and caller != "other":
                continue  # the guard's answer, which knows of no object
            asked_twice += 1
            real = seen(probes.ask(world, method, pattern, caller, things))
            none = seen(probes.ask(world, method, pattern, caller, probes.ghost(things)))
            if real != none:
                faults.append(f"{method} {pattern} tells {caller} whether it exists: {real[:2]} / {none[:2]}")
    assert faults == [], "\n".join(faults)
    assert asked_twice > 100  # or the test looks at nothing


def seen(answer: Any) -> tuple[int, str, str]:
    """Status, where it leads, and the text, without what is new in each answer or was in the question."""
    text = answer.content.decode(errors="replace").replace(answer.request["PATH_INFO"], "")
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|[0-9a-f]{8}-[0-9a-f-]{27}|440303-\d{8}-\w-\d{6}-\w', "", text
    )
    return answer.status_code, answer.headers.get("Location", ""), text


@pytest.mark.long
def test_methods_that_were_not_declared_do_nothing(world: World) -> None:
    faults = []
    for pattern, declared in probes.addresses().items():
        for method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            if method in declared or (method == "HEAD" and "GET" in declared):
                continue
            caller = "applicant" if pattern.startswith("/api/") else "nobody"  # pages refuse before they ask who it is
            kept_apart = pattern.startswith(
                (
                    "/api/v1/administration/",
                    "/api/v1/tenant",
                    "/api/v1/supervision",
                    "/api/v1/desk/",
                    "/api/v1/halls/<place>/desk",
                    "/api/v1/rating-figures",
                    "/api/v1/rechecks",
                    "/api/v1/signatures/",
                    *(
                        f"/api/v1/halls/<place>/{part}"
                        for part in (
                            "book",
                            "load",
                            "loan",
                            "qualifications",
                            "windows/",
                            "items/",
                            "extended-hours",
                            "today/",
                            "queue-settings",
                        )
                    ),
                    *(
                        f"/api/v1/bookings/<booking>/{act}"
                        for act in ("helper", "carry-out", "missed", "excuse", "home")
                    ),
                )
            )  # not there for others
            got = probes.ask(world, method, pattern, caller, world.of(caller)).status_code
            if got != 405 and not (kept_apart and got == 404):
                faults.append(f"{method} {pattern}: {got}")
    assert faults == [], "\n".join(faults)


@pytest.mark.long
def test_head_tells_no_more_than_get(world: World) -> None:
    faults = []
    for pattern, declared in probes.addresses().items():
        if "GET" not in declared or pattern.startswith("/api/"):
            continue
        for caller in ("nobody", "other"):
            got, head = (
                probes.ask(world, method, pattern, caller, world.of(caller)).status_code for method in ("GET", "HEAD")
            )
            if got != head:
                faults.append(f"{pattern} for {caller}: GET {got}, HEAD {head}")
    assert faults == [], "\n".join(faults)


def test_forms_of_other_sites_are_refused(world: World) -> None:
    """Every page that takes a form wants its token; the API takes no cookies at all."""
    faults = []
    for pattern, declared in probes.addresses().items():
        if "POST" not in declared or pattern.startswith("/api/"):
            continue
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions["lina"]
        path = probes.fill(pattern, world.of("clerk"), code="ZZZZZZZZ")
        if client.post(path, {"version": "1"}).status_code != 403:
            faults.append(pattern)
    assert faults == [], "\n".join(faults)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions["zhangxiao"]
    assert client.get("/api/v1/cases").status_code == 401


def test_doors_of_the_demo_are_shut_elsewhere(world: World) -> None:
    with override_settings(YICHUANG_DEMO=False):
        for caller in ("nobody", "applicant", "clerk", "system"):
            for method, pattern in (("GET", "/register"), ("POST", "/register"), ("GET", "/dev/outbox")):
                assert probes.ask(world, method, pattern, caller, world.of(caller)).status_code == 404


def test_a_power_that_was_taken_away_opens_nothing_from_that_moment(world: World) -> None:
    from yichuang.core.actors import SYSTEM
    from yichuang.people.commands import disable_account, revoke_role
    from yichuang.people.models import GrantRow
    from yichuang.people.queries import find_account

    pages, program = "/counter/cases/<str:number>/", "/api/v1/cases/<number>"
    things, li = world.of("clerk"), Demo().actor("lina")
    with taken_back():
        assert probes.ask(world, "GET", pages, "clerk", things).status_code == 200
        for grant in GrantRow.objects.filter(staff_id=li.id, revoked_at=None).order_by("id"):
            revoke_role(actor=SYSTEM, grant=grant.id, at=world.at)
        answer = probes.ask(world, "GET", pages, "clerk", things)
        assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True)
        assert probes.ask(world, "GET", program, "clerk", things).status_code == 401
    with taken_back():
        account = find_account("lina")
        assert account is not None
        disable_account(actor=SYSTEM, account=account, at=world.at)
        assert probes.ask(world, "GET", pages, "clerk", things).status_code == 302
        assert probes.ask(world, "GET", program, "clerk", things).status_code == 401
