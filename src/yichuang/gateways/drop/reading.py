"""Taking what lies in the drop folders: proved, loaded, put aside with a report; never half a file, never twice.

A giver leaves `<base>[.whole].<anything>.csv|xlsx` and, last, the same name with `.hmac` behind it: HMAC-SHA256 of file
name and content in hex. Without it the file is not finished, and waits. Afterwards both lie in `done/` or `refused/`, with
`<name>.report.json` beside them: counts, and faults by row and column.
"""

import contextlib
import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused
from yichuang.gateways.drop.config import Giver
from yichuang.registry.commands import load_batch
from yichuang.registry.values import Base, BatchReport

log = logging.getLogger(__name__)
KINDS = (".csv", ".xlsx")
LARGEST = 20_000_000  # bytes
SIGNED = ".hmac"
KEEP = timedelta(days=30)  # files with personal data do not lie about for ever


def signature(secret: str, name: str, content: bytes) -> str:
    """64 hex digits over the file's name and its SHA-256: a file cannot be given out for another base or day."""
    text = f"{name}\n{hashlib.sha256(content).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def take(giver: Giver, *, at: datetime) -> int:
    """Load every finished file of the giver, by name; how many were taken (loaded or refused)."""
    return sum(_take(giver, file, at) for file in sorted(_finished(giver.folder)))


def _finished(folder: Path) -> Iterator[Path]:
    """Plain files only: a link could point anywhere."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for mark in folder.glob(f"*{SIGNED}"):
        file = mark.with_name(mark.name.removesuffix(SIGNED))
        if file.suffix in KINDS and all(one.is_file() and not one.is_symlink() for one in (mark, file)):
            yield file


def _take(giver: Giver, file: Path, at: datetime) -> bool:
    try:
        report = _loaded(giver, file, at)
        told, where = _told(report), "done"
    except _Refused as refused:
        told, where = {"refused": refused.told}, "refused"
        log.warning("drop: a file of %s was refused: %s", giver.name, ", ".join(one["code"] for one in refused.told))
    except OSError as error:  # it lies there still, and is tried again
        log.warning("drop: a file of %s could not be read: %s", giver.name, type(error).__name__)
        return False
    _put_aside(file, giver.folder / where, told)
    return True


class _Refused(Exception):
    """The whole file is refused; `told` says why, in both languages."""

    def __init__(self, *told: dict[str, str]) -> None:
        super().__init__()
        self.told = told


def _loaded(giver: Giver, file: Path, at: datetime) -> BatchReport:
    if file.stat().st_size > LARGEST:
        raise _Refused({"code": "FILE_TOO_LARGE", "zh": "文件超过 20 MB", "en": "The file is larger than 20 MB"})
    content = file.read_bytes()
    proof = file.with_name(file.name + SIGNED).read_text(encoding="ascii", errors="replace").strip().lower()
    if not hmac.compare_digest(proof.encode(), signature(giver.secret, file.name, content).encode()):
        raise _Refused({"code": "SIGNATURE", "zh": "签名不正确", "en": "The signature is wrong"})
    base, _, rest = file.name.partition(".")
    if base not in giver.bases:
        raise _Refused(
            {"code": "BASE", "zh": "文件名不是约定的数据库", "en": "The name is of no base that was agreed on"}
        )
    try:
        return load_batch(
            base=Base(base),
            source=giver.name,
            actor=SYSTEM,
            at=at,
            file=content,
            name=file.name,
            whole=rest.startswith("whole."),
        )
    except Refused as refused:
        raise _Refused(*({"code": r.code, "zh": r.words.zh, "en": r.words.en} for r in refused.reasons)) from refused


def _told(report: BatchReport) -> dict[str, Any]:
    return {
        "batch": str(report.id),
        "loaded": report.loaded,
        "unchanged": report.unchanged,
        "gone": report.gone,
        "clashes": report.clashes,
        "faults": report.total_faults,
        "first_faults": [
            {"row": f.row, "column": f.column, "code": f.code, "zh": f.words.zh, "en": f.words.en}
            for f in report.faults
        ],
    }


def _put_aside(file: Path, folder: Path, told: dict[str, Any]) -> None:
    """The report first, then the file, the mark last: whoever stops in between leaves a file that is refused as known."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / f"{file.name}.report.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(file, folder / file.name)
    os.replace(file.with_name(file.name + SIGNED), folder / (file.name + SIGNED))


def forget(giver: Giver, *, at: datetime) -> None:
    """Throw away what has lain in `done/` and `refused/` for thirty days."""
    for where in ("done", "refused"):
        for file in (giver.folder / where).glob("*"):
            with contextlib.suppress(OSError):
                if file.stat().st_mtime < (at - KEEP).timestamp():
                    file.unlink()
