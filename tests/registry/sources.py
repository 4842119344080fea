"""Outside sources for tests, inside the process: what they say, how slowly, and how they fail."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from yichuang.registry.ports import Found, Nothing
from yichuang.registry.values import Base, Question


@dataclass
class Scripted:
    """Says what it is told to say, by the key that is asked."""

    code: str
    says: Mapping[str, Mapping[str, object]]
    as_of: datetime
    bases: frozenset[Base] = frozenset({Base.POPULATION})
    timeout: float = 1.0
    wait: float = 0.0  # seconds
    fails: Exception | None = None
    asked: list[Question] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)  # lets who hangs go

    def fetch(self, question: Question, *, deadline: float) -> Found | Nothing:
        self.asked.append(question)
        if self.wait:
            self.free.wait(self.wait)
        if self.fails is not None:
            raise self.fails
        said = self.says.get(question.key)
        return Nothing(self.as_of) if said is None else Found(said, self.as_of)


def took(begun: float) -> float:
    return time.monotonic() - begun
