"""Fault points: places where tests kill, fail or slow down a process. Off, a point costs one comparison.

`YICHUANG_FAULT="file_case.after_insert:kill"` arms a process from outside; several are separated by commas:
`name:kill[:n]` kills it at the n-th pass (default the first), `name:raise[:n]` raises at the n-th pass (without n at
each), `name:sleep[:seconds]` waits at each pass (default 1 s).
"""

import ast
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

KINDS = frozenset({"kill", "raise", "sleep"})


class Fault(Exception):
    """What an armed point raises."""


@dataclass(slots=True)
class Armed:
    """One armed point. `number` is the pass for kill and raise (None = each), the seconds for sleep."""

    name: str
    kind: str
    number: float | None = None
    passes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def fire(self) -> None:
        with self._lock:
            self.passes += 1
            due = self.number is None or self.passes == self.number
        if self.kind == "sleep":
            time.sleep(1.0 if self.number is None else self.number)
        elif due and self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif due:
            raise Fault(self.name)


_armed: dict[str, Armed] | None = None
_seen: list[str] | None = None


def point(name: str) -> None:
    """A place where something can go wrong, named `<act>.<where>`. Harmless unless a test armed it."""
    if _armed is None:
        return
    if _seen is not None:
        _seen.append(name)
    if (fault := _armed.get(name)) is not None:
        fault.fire()


@contextmanager
def armed(name: str, kind: str = "raise", number: float | None = None) -> Iterator[Armed]:
    """Arm one known point for all threads of this process; the value counts the passes."""
    global _armed
    fault = _checked(name, kind, number)
    before = _armed
    _armed = {**(before or {}), name: fault}
    try:
        yield fault
    finally:
        _armed = before


@contextmanager
def watched() -> Iterator[list[str]]:
    """The names of the points passed meanwhile, in order."""
    global _armed, _seen
    before, _armed, _seen = (_armed, _seen), _armed or {}, []
    try:
        yield _seen
    finally:
        _armed, _seen = before


@lru_cache(maxsize=1)
def catalogue() -> dict[str, int]:
    """Every point in the source with its number (alphabetical, from 1). A name stands in one place only."""
    found: dict[str, Path] = {}
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        for name in _points_in(file):
            if name in found:
                raise ValueError(f"fault point {name} stands twice: {found[name]} and {file}")
            found[name] = file
    return {name: number for number, name in enumerate(sorted(found), start=1)}


def _points_in(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    if "faults" not in text:  # most files; parsing all of them would slow the start
        return []
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and _is_point(node.func)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def _is_point(called: ast.expr) -> bool:
    return (isinstance(called, ast.Name) and called.id == "point") or (
        isinstance(called, ast.Attribute) and called.attr == "point"
    )


def arm_from_environment(text: str) -> None:
    """Arm the points of YICHUANG_FAULT; an unknown name or kind stops the process at its start."""
    global _armed
    if text:
        faults = (_parse(item) for item in text.split(","))
        _armed = {fault.name: fault for fault in faults}


def _parse(item: str) -> Armed:
    name, _, rest = item.strip().partition(":")
    kind, _, number = rest.partition(":")
    default = 1.0 if kind == "kill" else None
    return _checked(name, kind, float(number) if number else default)


def _checked(name: str, kind: str, number: float | None) -> Armed:
    if kind not in KINDS:
        raise ValueError(f"a fault is one of {', '.join(sorted(KINDS))}, not {kind!r}")
    if name not in catalogue():
        raise ValueError(f"no fault point is called {name!r}")
    return Armed(name, kind, number)
