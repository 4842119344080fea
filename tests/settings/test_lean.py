"""What the processes of an installation hold from their start: its bar is 600 MB for all of them together.

A module that only some acts need is imported by those acts. Each of the lists below is what a process must not have
loaded once it waits for work; the figure beside a name is what it takes.
"""

import os
import subprocess
import sys

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
KEYS = {"YICHUANG_SECRET_KEY": "x" * 60, "YICHUANG_FIELD_KEYS": f"k1:{KEY}", "YICHUANG_INDEX_KEY": KEY}
RARE = {  # nobody has them at the start
    "openpyxl",  # 6 MB
    "typst",  # 5 MB
    "pyhanko",  # 50 MB
    "fontTools",
    "pypinyin",  # 58 MB: `catalog.sounds` reads its dictionaries
    "chinese_calendar",
    "chinese_calendar.constants",
}
OF_PAGES = {
    "ninja",
    "pydantic",
    "pikepdf",
    "PIL",
    "pi_heif",
    "jinja2",
    "rjieba",
    "segno",
    "gunicorn",
    "yichuang.settings.urls",
}
OF_ROOMS = {
    "lxml",
    "yaml",
    "jsonschema_rs",
    "yichuang.cases",
    "yichuang.catalog",
    "yichuang.registry",
    "yichuang.engine",
}

WEB = """
from yichuang.settings import wsgi
from yichuang.settings.processes.web import when_ready
when_ready(None)
"""
WORKER = """
import django
django.setup()
import procrastinate.contrib.django.management.commands.procrastinate
from procrastinate.contrib.django import app
app.perform_import_paths()
"""
EVENTS = "import uvicorn.main, yichuang.settings.processes.live"


def loaded(script: str, settings: str = "yichuang.settings.base") -> set[str]:
    """What a fresh process has after these lines."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("YICHUANG_")}
    environ |= KEYS | {"DJANGO_SETTINGS_MODULE": settings}
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys\nprint(*sys.modules)"],
        env=environ, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(done.stdout.split())


def test_the_pages_begin_without_what_few_acts_need() -> None:
    found = loaded(WEB)
    assert "yichuang.web.api.filings" in found  # it has really begun
    assert not found & RARE


def test_the_worker_begins_without_pages_and_without_what_few_jobs_need() -> None:
    found = loaded(WORKER)
    assert "yichuang.issuing.jobs" in found
    assert not found & (RARE | OF_PAGES)


def test_live_events_begin_with_nothing_but_people_and_places() -> None:
    found = loaded(EVENTS, "yichuang.settings.live")
    assert "yichuang.people.queries" in found
    assert not found & (RARE | OF_PAGES | OF_ROOMS)
