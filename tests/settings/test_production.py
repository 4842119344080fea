"""What a hall's installation tells browsers, read from the settings it runs with (never those of the tests)."""

import ast
import json
import os
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src/yichuang"
ASKED = """
import json
from yichuang.settings import base
print(json.dumps({name: getattr(base, name) for name in dir(base)
                  if name.startswith(("SESSION_", "CSRF_COOKIE", "LANGUAGE_COOKIE", "SECURE_", "DEBUG"))}))
"""


@lru_cache
def production() -> dict[str, Any]:
    """As `deploy/yichuang.service` sets them."""
    key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    given = {
        "SECRET_KEY": "x" * 60,
        "FIELD_KEYS": f"k1:{key}",
        "INDEX_KEY": key,
        "HTTPS": "True",
        "BEHIND_PROXY": "True",
    }
    environ = {name: value for name, value in os.environ.items() if not name.startswith("YICHUANG_")}
    environ |= {f"YICHUANG_{name}": value for name, value in given.items()}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_cookies_travel_encrypted_and_belong_to_this_host_alone() -> None:
    told = production()
    for cookie in ("SESSION", "CSRF"):
        assert told[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert (told[f"{cookie}_COOKIE_SECURE"], told[f"{cookie}_COOKIE_HTTPONLY"]) == (True, True)
        assert told[f"{cookie}_COOKIE_SAMESITE"] in {"Lax", "Strict"}
    assert told["LANGUAGE_COOKIE_SECURE"] is True


def test_browsers_come_back_by_https_for_a_year() -> None:
    told = production()
    assert told["SECURE_HSTS_SECONDS"] >= 365 * 86400
    assert told["SECURE_SSL_REDIRECT"] is True
    assert told["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_no_debugging_where_nobody_asked_for_it() -> None:
    assert production()["DEBUG"] is False


def test_nothing_that_is_typed_is_ever_run() -> None:
    """No eval or exec in our Python, nothing of the kind in our scripts, and no HTML put together in them."""
    for path in SOURCE.rglob("*.py"):
        calls = [n.func for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
        assert not [c for c in calls if isinstance(c, ast.Name) and c.id in {"eval", "exec"}], path
    ours = [path for path in SOURCE.rglob("*.js") if "vendor" not in path.parts]
    assert ours
    for path in ours:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text), (
            path
        )
        assert not re.search(r"localStorage|sessionStorage|indexedDB", text), f"{path}: nothing is kept in browsers"
