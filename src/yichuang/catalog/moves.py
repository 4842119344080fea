"""Folders of drafts that change all or none, whatever breaks off.

What is to be moved is written down first; then drafts are renamed into their places, before COMMIT, and what they replace
is kept until after it. Whether a change counts the ledger says: its entry is there or not. `settle` ends a change that
broke off one way or the other. Who calls holds the lock of drafts; so whatever else is under way has ended.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from yichuang.core.ids import new_id

_STAGING = ".coming-"
_PLAN = "plan.json"


def new_staging(root: Path) -> Path:
    """Where a change keeps its folders: `made` for those to come, by item code. Nobody lists what begins with a dot."""
    return root / f"{_STAGING}{new_id()}"


def move(staging: Path, root: Path, places: Iterable[Path], entry: UUID) -> None:
    """Each `made` folder into its place (area/code below `root`), what lay there aside; where none was made, only that."""
    moves = [{"place": str(place.relative_to(root)), "had": place.exists()} for place in places]
    staging.mkdir(parents=True, exist_ok=True)
    _write_down(staging, {"entry": str(entry), "moves": moves})
    for place, made, before in _folders(staging, root, moves):
        for folder in (place, before):
            folder.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            place.rename(before)
        if made.exists():
            made.rename(place)


def settle(root: Path, counts: Callable[[UUID], bool]) -> None:
    """End every change: what its entry does not vouch for is moved back; what is left over goes."""
    for staging in sorted(root.glob(f"{_STAGING}*")):
        plan = _read(staging)
        if plan is not None and not counts(UUID(plan["entry"])):
            _back(staging, root, plan["moves"])
        (staging / _PLAN).unlink(missing_ok=True)  # first: without it nothing is moved any more
        shutil.rmtree(staging, ignore_errors=True)


def _back(staging: Path, root: Path, moves: list[dict[str, Any]]) -> None:
    """The same renames, backwards; each only where it was done and not yet undone, so that this may break off too."""
    for (place, made, before), move in zip(_folders(staging, root, moves), moves, strict=True):
        came = not made.exists() and (before.exists() or not move["had"])
        if came and place.exists():
            made.parent.mkdir(parents=True, exist_ok=True)
            place.rename(made)
        if before.exists():
            before.rename(place)


def _folders(staging: Path, root: Path, moves: list[dict[str, Any]]) -> Iterator[tuple[Path, Path, Path]]:
    for move in moves:
        place = root / move["place"]
        yield place, staging / "made" / place.name, staging / "before" / move["place"]


def _write_down(staging: Path, plan: dict[str, Any]) -> None:
    part = staging / f".{_PLAN}"
    with part.open("w", encoding="utf-8") as file:
        json.dump(plan, file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(staging / _PLAN)


def _read(staging: Path) -> dict[str, Any] | None:
    """What was to be moved; None when nothing was yet."""
    try:
        plan: dict[str, Any] = json.loads((staging / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return plan
