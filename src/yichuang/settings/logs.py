"""How a log line looks: what happened and where in the code, never whose data it was."""

import json
import logging
import os
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

from yichuang.core import trail

_encode = json.JSONEncoder(ensure_ascii=False).encode
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CODE = re.compile(r"/([sh])/[0-9A-Za-z]{6,}")


class Plain(logging.Formatter):
    """One line per event; of an exception its kind, its frames and the violated constraint, but not its message.

    Messages of the database and of parsers quote the offending values ("Key (id_no)=(4403…) already exists"),
    and those are personal data. The frames say where to look; the error number on the page finds the line.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: ExcInfo) -> str:
        kind, error, frames = ei
        lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(frames)]
        return "\n".join([*lines, f"  {_name(kind)}{_constraint(error)}"])

    def formatMessage(self, record: logging.LogRecord) -> str:
        return on_one_line(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return without_codes(super().format(record))


class Json(logging.Formatter):
    """One JSON object per line, with the same reticence as `Plain`: when, how bad, where, what, and for which request."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_codes(on_one_line(record.getMessage())),
        }
        if work := trail.current():
            told["request"] = work
        told |= getattr(record, "facts", {})
        if record.exc_info:
            kind, error, frames = record.exc_info
            told["error"] = f"{_name(kind)}{_constraint(error)}"
            told["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(frames)]
        return _encode(told)


def chosen() -> str:
    """The formatter that this installation asked for (YICHUANG_LOGS), by its import path."""
    wanted = os.environ.get("YICHUANG_LOGS", "json")
    if wanted not in {"json", "plain"}:
        raise RuntimeError(f"YICHUANG_LOGS must be json or plain, not {wanted!r}")
    return f"yichuang.settings.logs.{wanted.capitalize()}"


def on_one_line(message: str) -> str:
    """The message with its control characters spelled out: an address with a line break in it must not forge a line."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], message)


def without_codes(line: str) -> str:
    """The line without the code of a supply link or an answer: it is a key, and stands in the address that was asked for."""
    return _CODE.sub(r"/\1/…", line)


def _name(kind: type[BaseException] | None) -> str:
    return f"{kind.__module__}.{kind.__qualname__}" if kind else "no exception"


def _constraint(error: BaseException | None) -> str:
    """The name of the violated constraint, when a database error (or its cause) knows one."""
    while error is not None:
        diagnosis = getattr(error, "diag", None)
        if name := getattr(diagnosis, "constraint_name", None):
            return f" constraint={name}"
        error = error.__cause__
    return ""


def to_stderr() -> None:
    """The same lines for processes that do not run Django."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Plain() if chosen().endswith("Plain") else Json())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
