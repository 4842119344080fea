"""`docs/how-to/limits.md` tells operators the limits as they are, and all of them."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from yichuang.people import rules
from yichuang.people.values import Budget
from yichuang.webkit.limits import Misses

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/limits.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| [^|]+ \| ([^|]+) \| `([\w.]+)` \|$", PAGE, re.M)
MEGABYTE = 1024 * 1024
SPANS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))


def value_of(name: str) -> Any:
    module, _, constant = name.rpartition(".")
    return getattr(import_module(f"yichuang.{module}"), constant)


def span(time: timedelta) -> str:
    return next(f"{time // unit} {sign}" for unit, sign in SPANS if time % unit == timedelta(0))


def told(value: Any) -> str:
    """A limit as the page writes it."""
    match value:
        case Budget():
            return f"{value.limit} in {span(value.span)}"
        case Misses():
            return f"{value.most} in 1 h"
        case timedelta():
            return span(value)
        case int() if value % MEGABYTE == 0:
            return f"{value // MEGABYTE} MB"
    return str(value)


@pytest.mark.parametrize(("limit", "name"), ROWS, ids=[name for _, name in ROWS])
def test_the_page_says_what_the_code_does(limit: str, name: str) -> None:
    assert told(value_of(name)) == limit


def test_no_budget_is_missing_on_the_page() -> None:
    named = {name for _, name in ROWS}
    budgets = {f"people.rules.{name}" for name, value in vars(rules).items() if isinstance(value, Budget)}
    sources = ROOT / "src/yichuang"
    misses = {
        f"{'.'.join(file.relative_to(sources).with_suffix('').parts)}.{name}"
        for file in sources.rglob("*.py")
        for name in re.findall(r"^([A-Z_]+) = Misses\(", file.read_text(encoding="utf-8"), re.M)
    }
    assert len(misses) > 5
    assert budgets | misses <= named
