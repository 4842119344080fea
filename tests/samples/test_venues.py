"""samples/venues: an application built on the API alone, run by its own tests against the live house (R6)."""

import ast
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from yichuang.core import jobs
from yichuang.core.clock import now
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.tenants import commands
from yichuang.tenants.values import SCOPES, Quotas

SAMPLE = Path(__file__).resolve().parents[2] / "samples/venues"


def test_it_imports_nothing_but_pythons_own_library_and_itself() -> None:
    own = {file.stem for file in SAMPLE.glob("*.py")}
    found = set()
    for file in SAMPLE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0] for name in names}
    assert found - own <= sys.stdlib_module_names
    assert "booking" in found, "or this looks at nothing"


@pytest.mark.django_db(transaction=True)
def test_its_own_tests_pass_against_the_live_house(demo: Any, live_server: Any) -> None:
    keeper, at = demo.actor("shilei"), now()
    department = network.get_department("CGZF").id
    quotas = Quotas(calls=60_000)
    name = W("活动场地预约", "Booking of venues")
    commands.make_tenant(actor=keeper, code="venues", name=name, department=department, quotas=quotas, at=at)
    _, bearer = commands.make_credential(
        actor=keeper, tenant="venues", label="预约程序", scopes=list(SCOPES), days=1, at=at
    )
    told = {
        "VENUES_API": live_server.url,
        "VENUES_TOKEN": bearer,
        "VENUES_TOLD": "http://127.0.0.1:{port}/told",
        "PATH": os.environ["PATH"],
    }
    over = threading.Event()
    worker = threading.Thread(target=work, args=(over,), daemon=True)
    worker.start()
    try:
        run = subprocess.run(
            [sys.executable, "-W", "error", "-m", "unittest", "-v", "test_venues"], cwd=SAMPLE, env=told, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    finally:
        over.set()
        worker.join(20)
    assert run.returncode == 0, run.stderr[-6000:]
    assert "Ran 13 tests" in run.stderr
    assert "skipped" not in run.stderr


def work(over: threading.Event) -> None:
    """The house's worker: it delivers what programs want to be told."""
    try:
        while not over.wait(0.3):
            jobs.run_waiting()
    finally:
        connections.close_all()
