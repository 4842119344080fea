"""The cast, the traps and the browser that every test may use.

Tests of pure rules ask for no database and get none. What stands in `tests/traps.py` turns habits that go wrong
later (an unordered list, a lock over a join, a moment written into a day) into failures now.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings

from tests import migrated, snapshots, traps
from yichuang.core import roles
from yichuang.core.actors import Actor, Channel, Grant, anonymous

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytest_plugins = ["tests.demo"]
# The machine is shared: a slow draw is the neighbours' load, never a defect of a rule.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "tests/assets/axe.min.js"
# The shell first: the same Chromium without a window that nobody sees, at half of its processor time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",  # containers and root have no user namespaces
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    # Of two lists the last counts: what Playwright itself switches off is said again here.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,OptimizationHints,NetworkTimeServiceQuerying,"
    "AimEnabled,PreconnectToSearch,"
    # Pages of the address bar's own, loaded for every window that nobody sees: more work than most of ours.
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]

# Files of the longest journeys. They begin before the others, so that at the very end no worker waits for one.
LONG = {"test_lease", "test_keyboard", "test_promise_online", "test_phones", "test_drafts", "test_agents"}

HALL_A = UUID("0190a000-0000-7000-8000-00000000000a")
HALL_B = UUID("0190a000-0000-7000-8000-00000000000b")
DEPARTMENT = UUID("0190a000-0000-7000-8000-0000000000d1")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """The test database is made from one that is migrated already (`tests/migrated.py`)."""
    with django_db_blocker.unblock():
        migrated.prepare()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What the migrations leave is kept, for transactional tests to begin from (`tests/snapshots.py`).

    At the end the sessions go that threads of live servers and workers left behind: they would keep the database alive.
    """
    from django.db import connection

    with django_db_blocker.unblock():
        snapshots.take(snapshots.BARE)
    with pytest.MonkeyPatch.context() as patch:
        snapshots.instead_of_flush(patch)
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True, scope="session")
def _traps() -> Iterator[None]:
    with traps.armed():
        yield


@pytest.fixture(autouse=True)
def _no_draft_left() -> Iterator[None]:
    """Drafts of packs are folders, which no roll-back takes away: left lying, the next test would meet somebody's draft."""
    yield
    shutil.rmtree(Path(django_settings.YICHUANG_DATA) / "packs", ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Random within five groups, so that who counts rows starts from none: the demo's rows stay once they are loaded.

    What needs the browser follows all that does not: its loop goes on in the thread of the tests, where nothing else can
    begin one. Journeys come last: they share one world and leave their cases in it; the long ones of them come first.

    Without a browser its tests are skipped, loudly; in CI they fail instead (see `browser`).
    """
    items.sort(
        key=lambda item: (
            item.get_closest_marker("journey") is not None, _browses(item), *_group(item), item.path.stem not in LONG,
        )
    )  # fmt: skip
    if find_chromium() or os.environ.get("CI") == "true":
        return
    skip = pytest.mark.skip(reason="NO CHROMIUM on the PATH: browser tests did not run")
    for item in items:
        if _browses(item):
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: the collector need not walk through them all again each time.

    Nor through what tests keep (packs, pages, plans, a world): with Python's own numbers a seventh of a worker's time
    went into looking at that over and over. Young objects are still looked through, as in a web worker.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 200)


def _browses(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ()) or item.get_closest_marker("browser") is not None


def _group(item: pytest.Item) -> tuple[bool, bool]:
    """(needs the demo, empties the tables afterwards). Each worker of xdist keeps this order too."""
    needs = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    empties = bool(needs & {"transactional_db", "live_server"} or (marker and marker.kwargs.get("transaction")))
    return item.get_closest_marker("demo") is not None or "_demo_once" in needs, empties


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "NO CHROMIUM" in str(r.longrepr)]
    if skipped:
        terminalreporter.section("NO BROWSER", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} browser tests DID NOT RUN: put chromium on the PATH (apt: chromium).")


# ── the cast ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def at() -> datetime:
    """An ordinary working moment: Tuesday 2026-11-24, 10:00 in the hall."""
    return datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def zhang_xiao() -> Actor:
    """张晓, the applicant (申请人)."""
    return Actor(kind="person", id=UUID("0190a000-0000-7000-8000-000000000001"), name="张晓", channel=Channel.PORTAL)


@pytest.fixture
def li_na() -> Actor:
    """李娜, intake clerk (综窗受理员) of hall A."""
    return _staff(2, "李娜", roles.INTAKE_CLERK, HALL_A, channel=Channel.COUNTER, place=HALL_A, window="A01")


@pytest.fixture
def wang_qiang() -> Actor:
    """王强, reviewer (审批员) of the department."""
    return _staff(3, "王强", roles.REVIEWER, None, department=DEPARTMENT)


@pytest.fixture
def zhao_min() -> Actor:
    """赵敏, intake clerk of another hall, B."""
    return _staff(4, "赵敏", roles.INTAKE_CLERK, HALL_B, channel=Channel.COUNTER, place=HALL_B, window="B01")


@pytest.fixture
def stranger() -> Actor:
    """陌生人: somebody who has not signed in."""
    return anonymous(channel=Channel.PORTAL)


def _staff(
    number: int, name: str, role: str, covers: UUID | None, *, department: UUID | None = None, **more: Any
) -> Actor:
    more.setdefault("channel", Channel.COUNTER)
    return Actor(
        kind="staff",
        id=UUID(f"0190a000-0000-7000-8000-00000000000{number}"),
        name=name,
        grants=frozenset({Grant(role, covers, department)}),
        **more,
    )


# ── the browser ───────────────────────────────────────────────────────────────────────────────────────────────────


def find_chromium() -> str | None:
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _kept(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Styles and scripts stay with the browser, as in an installation: it need not ask for and read them for every page."""

    def serve_for_an_hour(handler: Any, request: Any) -> Any:
        answer = serve(handler, request)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    return serve_for_an_hour


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for the whole run: the system's own, never a downloaded one."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from playwright.sync_api import sync_playwright

    executable = find_chromium()
    assert executable, "CI needs chromium on the PATH: a skipped browser proves nothing"
    # Playwright's loop runs in this thread, which makes Django suspect the tests' own queries of being asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setattr(StaticFilesHandler, "serve", _kept(StaticFilesHandler.serve))
        chromium = driver.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: "Browser", live_server: Any) -> Iterator[Callable[..., "BrowserContext"]]:
    """Opens a further person's browser: `new_context(locale="en", viewport={"width": 390, "height": 844})`."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> "BrowserContext":
        options = {"base_url": live_server.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., "BrowserContext"]) -> Iterator["Page"]:
    """A page on the live server, in Chinese; an error in the page's own script fails the test."""
    opened = new_context(viewport={"width": 1280, "height": 900}).new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert errors == [], f"errors in the page's scripts: {errors}"


@pytest.fixture
def axe() -> Callable[["Page"], list[str]]:
    """What axe-core finds on a page, one line per node; its `incomplete` list counts too.

    Text over a gradient only ever lands in `incomplete`, so a gate on `violations` alone once passed white on blue.
    """

    def check(page: "Page") -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        return [
            f"{kind} {rule['id']}: {node['target']} {node.get('failureSummary', '')}"
            for kind in ("violations", "incomplete")
            for rule in found[kind]
            for node in rule["nodes"]
        ]

    return check
