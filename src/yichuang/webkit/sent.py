"""A refused form on a page that holds many: which one was sent, so that its faults stand beside its own fields only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from yichuang.core.refusals import Refused
from yichuang.webkit.problems import NONE, Problem, Problems, anchor, problems_sent


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to `path` and refused; empty (no path) on a page that was only opened, and for every other form."""

    path: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    problems: Problems = NONE
    taken: frozenset[str] = frozenset()  # anchors that the refused form's fields need for themselves

    def to(self, path: str, **same: object) -> "Sent":
        """The same for the form that goes to `path`; where several go there, also its hidden values have to agree."""
        mine = self.path == path and all(str(self.typed.get(name, "")) == str(value) for name, value in same.items())
        return self if mine else Sent(taken=self.taken)

    @property
    def open(self) -> bool:
        """Whether this form was refused: what folds it away stands open."""
        return bool(self.path)

    def get(self, name: str, default: str = "") -> Any:
        """What was typed into the field."""
        return self.typed.get(name, default)

    def of(self, name: str) -> tuple[Problem, ...]:
        """The faults of the field."""
        return self.problems.of(f"/{name}")

    def id(self, id: str, name: str) -> str:
        """The id of the field: where the summary's link leads, if it has a fault; else its own, unless that is taken."""
        if self.of(name):
            return anchor(name)
        return f"{id}-other" if id in self.taken else id


def sent(request: HttpRequest, refused: Refused | None) -> Sent:
    """The form that this request brought, if it was refused."""
    if refused is None:
        return Sent()
    problems = problems_sent(request, refused)
    return Sent(request.path, request.POST, problems, frozenset(p.anchor for p in problems if p.anchor))
