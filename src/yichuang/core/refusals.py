"""Refusals (不予办理的答复): a value that carries every reason at once, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from yichuang.core.words import Words

Kind = Literal[
    "invalid",
    "signed_out",
    "forbidden",
    "missing",
    "conflict",
    "gone",
    "too_large",
    "locked",
    "too_many",
    "unavailable",
]
STATUS: Mapping[Kind, int] = {
    "invalid": 422,
    "forbidden": 403,
    "missing": 404,
    "conflict": 409,
    "gone": 410,
    "too_large": 413,
    "too_many": 429,
    "locked": 423,
    "unavailable": 503,
    "signed_out": 401,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `field` is a JSON pointer into what was sent ("/dog/name"), or None for the whole."""

    code: str
    words: Words
    field: str | None = None
    basis: str = ""  # the article it rests on, when the law is the reason


class Refused(Exception):
    """An act that may not be done, with every reason at once."""

    def __init__(self, *reasons: Reason, kind: Kind = "invalid") -> None:
        super().__init__("; ".join(f"{r.code} {r.field or ''} {r.words.zh}" for r in reasons))
        self.reasons = reasons
        self.kind: Kind = kind

    @property
    def status(self) -> int:
        """The HTTP status a door answers with."""
        return STATUS[self.kind]


class NotFound(Refused):
    """What is not there, or not yours: both look alike."""

    def __init__(self, what: Words) -> None:
        words = Words("没有找到{what}，或者您无权查看", "We could not find this {what}, or you may not see it")
        super().__init__(Reason("NOT_FOUND", words.format(what=what)), kind="missing")


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody else did meanwhile."""

    who: str
    at: datetime
    what: Words = field(default=Words("更新了这个办件", "changed this case"))


class Conflict(Refused):
    """Somebody else was faster; `change` says who, when and what. Nothing was overwritten."""

    def __init__(self, *reasons: Reason, change: Change | None = None) -> None:
        super().__init__(*reasons, kind="conflict")
        self.change = change


def refuse_all(reasons: Sequence[Reason], *, kind: Kind = "invalid") -> None:
    """Raise one refusal with all the reasons, when there are any."""
    if reasons:
        raise Refused(*reasons, kind=kind)
