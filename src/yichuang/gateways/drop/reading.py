"""Taking what lies in the drop folders: proved, loaded, put aside with a report; never half a file, never twice.

A giver leaves `<base>[.whole].<made>[.gb18030].csv|xlsx` and, last, the same name with `.hmac` behind it: HMAC-SHA256 of file
name and content in hex. Without it the file is not finished, and waits. `<made>` is when it was made, in UTC
(`20261124T020000Z`): it has to be later than that of any file of this base before, so that no old file can be given again.
Afterwards both lie in `done/` or `refused/`, with `<name>.report.json` beside them: counts, and faults by row and column.
"""

import hashlib
import hmac
import json
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.gateways.drop import folder
from yichuang.gateways.drop.config import Giver
from yichuang.registry.commands import load_batch
from yichuang.registry.values import Base, BatchReport

log = logging.getLogger(__name__)
LARGEST = 20_000_000  # bytes
MOST_FILES = 100  # of a giver in one run: the others come next time
SIGNED = ".hmac"
KEEP = timedelta(days=30)  # files with personal data do not lie about for ever
_NAME = re.compile(r"([a-z]{1,30})(\.whole)?\.([0-9]{8}T[0-9]{6}Z)(\.gb18030)?\.(csv|xlsx)")
_FAULTS = {
    "NAME": W(
        "文件名不合约定：<库>[.whole].<制作时间，如 20261124T020000Z>[.gb18030].csv 或 .xlsx",
        "The name is not <base>[.whole].<made, as 20261124T020000Z>[.gb18030].csv or .xlsx",
    ),
    "BASE": W("文件名不是约定的数据库", "The name is of no base that was agreed on"),
    "FILE_TOO_LARGE": W("文件超过 20 MB", "The file is larger than 20 MB"),
    "NOT_A_FILE": W(
        "不是普通文件（链接、管道等），没有读取", "No plain file (a link, a pipe or the like): it was not read"
    ),
    "SIGNATURE": W("签名不正确", "The signature is wrong"),
}


@dataclass(frozen=True, slots=True)
class _Named:
    """What a file's name says."""

    base: str
    whole: bool
    made_at: datetime
    encoding: Literal["utf-8", "gb18030"]


class _Refused(Exception):
    """The whole file is refused; `told` says why, in both languages."""

    def __init__(self, *told: tuple[str, Words]) -> None:
        super().__init__()
        self.told = [{"code": code, "zh": words.zh, "en": words.en} for code, words in told]


def _fault(code: str) -> _Refused:
    return _Refused((code, _FAULTS[code]))


def signature(secret: str, name: str, content: bytes) -> str:
    """64 hex digits over the file's name and its SHA-256: a file cannot be given out for another base or day."""
    text = f"{name}\n{hashlib.sha256(content).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def take(giver: Giver, *, at: datetime) -> int:
    """Load the finished files of the giver, the oldest first; how many were taken (loaded or refused)."""
    with folder.opened(giver.folder) as here:
        if here is None:
            return 0
        return sum(_take(giver, here, name, at) for name in _finished(giver, here)[:MOST_FILES])


def _finished(giver: Giver, here: int) -> list[str]:
    """The names of which there is a mark, by when they were made."""
    try:
        found = set(folder.names(here))
    except OSError as error:  # its disk, say: the other givers' files are taken all the same
        log.error("drop: the folder of %s cannot be read: %s", giver.name, type(error).__name__)
        return []
    finished = (mark.removesuffix(SIGNED) for mark in found if mark.endswith(SIGNED) and mark != SIGNED)
    return sorted((name for name in finished if name in found), key=_order)


def _order(name: str) -> tuple[str, str]:
    fits = _NAME.fullmatch(name)
    return (fits[3] if fits else "", name)


def _take(giver: Giver, here: int, name: str, at: datetime) -> bool:
    """Whether it was taken. What went wrong on our side leaves it where it is, for the next time, and holds up no other."""
    try:
        with folder.inner(here, "done") as done, folder.inner(here, "refused") as refused:
            _put_aside(giver, here, name, at, done, refused)
    except Exception as error:
        log.error("drop: a file of %s could not be taken: %s", giver.name, type(error).__name__)
        return False
    return True


def _put_aside(giver: Giver, here: int, name: str, at: datetime, done: int, refused: int) -> None:
    """The report first, then the file, the mark last: whoever stops in between leaves a file that is refused as known."""
    try:
        told, where = _told(_loaded(giver, here, name, at)), done
    except _Refused as faults:
        told, where = {"refused": faults.told}, refused
        log.warning("drop: a file of %s was refused: %s", giver.name, ", ".join(one["code"] for one in faults.told))
    kept = folder.plain_name(name)
    folder.write(where, f"{kept}.report.json", json.dumps(told, ensure_ascii=False, indent=1))
    folder.move(name, kept, of=here, to=where)
    folder.move(name + SIGNED, kept + SIGNED, of=here, to=where)


def _named(name: str) -> _Named:
    fits = _NAME.fullmatch(name)
    if fits is None:
        raise _fault("NAME")
    try:
        made_at = datetime.strptime(fits[3], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _fault("NAME") from None
    return _Named(fits[1], bool(fits[2]), made_at, "gb18030" if fits[4] else "utf-8")


def _content(here: int, name: str, secret: str) -> bytes:
    """What lies there, proved."""
    try:
        content, proof = folder.read(here, name, LARGEST), folder.read(here, name + SIGNED, 200)
    except folder.Unsafe:
        raise _fault("NOT_A_FILE") from None
    except folder.TooLarge:
        raise _fault("FILE_TOO_LARGE") from None
    if not hmac.compare_digest(proof.strip().lower(), signature(secret, name, content).encode()):
        raise _fault("SIGNATURE")
    return content


def _loaded(giver: Giver, here: int, name: str, at: datetime) -> BatchReport:
    named = _named(name)
    content = _content(here, name, giver.secret)
    if named.base not in giver.bases:
        raise _fault("BASE")
    try:
        return load_batch(
            base=Base(named.base),
            source=giver.name,
            actor=SYSTEM,
            at=at,
            file=content,
            name=name,
            whole=named.whole,
            encoding=named.encoding,
            made_at=named.made_at,
        )
    except Refused as refused:
        raise _Refused(*((reason.code, reason.words) for reason in refused.reasons)) from refused


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


def forget(giver: Giver, *, at: datetime) -> None:
    """Throw away what has lain in `done/` and `refused/` for thirty days."""
    with folder.opened(giver.folder) as here:
        if here is None:
            return
        for where in ("done", "refused"):
            try:
                with folder.inner(here, where) as aside:
                    folder.throw_away(aside, before=(at - KEEP).timestamp())
            except OSError as error:
                log.error("drop: %s of %s cannot be opened: %s", where, giver.name, type(error).__name__)
