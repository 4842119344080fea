"""Asking outside sources: all at once, each in a thread behind its own breaker, and never longer than the deadline.

A thread that a source keeps hanging cannot be stopped; it ends when the source lets it. The breaker and the number of
calls that one source may have open keep such threads few.
"""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yichuang.core.breaker import Breaker
from yichuang.registry.ports import Found, Nothing, Source, SourceDown, SourceRefused, SourceSlow, SourceWrong
from yichuang.registry.rules.coding import decoded
from yichuang.registry.rules.sources import unknown
from yichuang.registry.values import Answer, Fault, Question

log = logging.getLogger(__name__)
MOST_OPEN = 8  # calls of one process to one source
AHEAD = timedelta(minutes=5)  # clocks of two houses differ
Call = tuple[Question, Source]


@dataclass(slots=True)
class Told:
    """What one source said to one question, and how long that took."""

    answer: Answer
    ms: int


@dataclass(slots=True)
class _Guard:
    """What a process remembers of one source."""

    breaker: Breaker = field(default_factory=Breaker)
    open: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_OPEN))


_guards: dict[str, _Guard] = {}
_lock = threading.Lock()


def _guard(source: Source) -> _Guard:
    with _lock:
        return _guards.setdefault(source.code, _Guard())


def is_open(code: str) -> bool:
    """Whether this process knows the source to be down (断路)."""
    with _lock:
        guard = _guards.get(code)
    return guard is not None and not guard.breaker.closed()


def forget() -> None:
    """All sources are thought well of again: for tests."""
    with _lock:
        _guards.clear()


def ask(calls: Sequence[Call], *, deadline: float, at: datetime) -> list[Told]:
    """What each source says, in the order of the calls; what does not come within `deadline` seconds is "slow"."""
    done: queue.SimpleQueue[tuple[int, Told]] = queue.SimpleQueue()
    begun = time.monotonic()
    told: dict[int, Told] = {}
    waiting = set[int]()
    for number, (question, source) in enumerate(calls):
        refused = _begin(number, question, source, min(deadline, source.timeout), at, done)
        if refused is None:
            waiting.add(number)
        else:
            told[number] = Told(unknown(question, refused, source.code), 0)
    _collect(calls, waiting, told, done, begun, deadline)
    return [told[number] for number in range(len(calls))]


def _begin(
    number: int,
    question: Question,
    source: Source,
    seconds: float,
    at: datetime,
    done: "queue.SimpleQueue[tuple[int, Told]]",
) -> Fault | None:
    """Start the call; why it was not started otherwise."""
    guard = _guard(source)
    if not guard.breaker.closed():
        return "down"
    if not guard.open.acquire(blocking=False):
        return "busy"
    guard.breaker.begin()

    def run() -> None:
        begun = time.monotonic()
        try:
            answer = _fetched(question, source, seconds, at)
        finally:
            guard.open.release()
        done.put((number, Told(answer, round(1000 * (time.monotonic() - begun)))))

    threading.Thread(target=run, daemon=True, name=f"source {source.code}").start()
    return None


def _collect(
    calls: Sequence[Call],
    waiting: set[int],
    told: dict[int, Told],
    done: "queue.SimpleQueue[tuple[int, Told]]",
    begun: float,
    deadline: float,
) -> None:
    """Wait for who answers in its time; the others count as slow."""
    ends = {number: begun + min(deadline, calls[number][1].timeout) for number in waiting}
    while waiting:
        left = min(ends[number] for number in waiting) - time.monotonic()
        try:
            number, answer = done.get(timeout=left) if left > 0 else done.get_nowait()
        except queue.Empty:
            late = [number for number in waiting if ends[number] <= time.monotonic()]
            for number in late:
                question, source = calls[number]
                _note(number, Told(unknown(question, "slow", source.code), _ms(begun)), calls, waiting, told)
            continue
        if number in waiting:  # what comes after its time is nobody's answer any more
            _note(number, answer, calls, waiting, told)


def _note(number: int, answer: Told, calls: Sequence[Call], waiting: set[int], told: dict[int, Told]) -> None:
    waiting.discard(number)
    told[number] = answer
    breaker = _guard(calls[number][1]).breaker
    answered = answer.answer.state != "unknown" or answer.answer.fault == "refused"
    (breaker.succeeded if answered else breaker.failed)()


def _ms(begun: float) -> int:
    return round(1000 * (time.monotonic() - begun))


_FAULTS: tuple[tuple[type[Exception], Fault], ...] = (
    (SourceDown, "down"),
    (SourceSlow, "slow"),
    (SourceWrong, "wrong"),
    (SourceRefused, "refused"),
)


def _fetched(question: Question, source: Source, seconds: float, at: datetime) -> Answer:
    """The source's answer as ours. Whatever it raises is an answer too; the log learns the kind, never the words."""
    try:
        return _answer(question, source, source.fetch(question, deadline=seconds), at)
    except Exception as failed:
        fault = next((fault for kind, fault in _FAULTS if isinstance(failed, kind)), None)
        if fault is None:
            fault = "wrong"
            log.error("source %s raised %s", source.code, type(failed).__name__)
        return unknown(question, fault, source.code)


def _answer(question: Question, source: Source, said: Found | Nothing, at: datetime) -> Answer:
    """Only what was asked for, in the kinds of the catalogue; of a moment that can be."""
    if said.as_of.tzinfo is None or said.as_of > at + AHEAD:
        raise SourceWrong("AS_OF")
    if isinstance(said, Nothing):
        return Answer(question.name, question.base, "none", source=source.code, as_of=said.as_of)
    try:
        fields = decoded(question.base, {name: said.fields[name] for name in question.fields if name in said.fields})
    except ValueError:
        raise SourceWrong("TYPES") from None  # without the words: they may quote a value
    return Answer(question.name, question.base, "found", fields, source.code, said.as_of)
