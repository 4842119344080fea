"""What several sources say of one question: agreement, silence, contradiction, and what a person settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import datetime
from typing import Any

from yichuang.registry.rules.certificates import plain_data
from yichuang.registry.rules.comparing import compare
from yichuang.registry.values import FIELDS, FRESH_FOR, WHY, Answer, Base, Clash, Fault, Question, Value

PRESENCE = ""  # the "field" of a contradiction about whether there is anything at all
ADDITIVE = frozenset({Base.CERTIFICATES})  # each organ knows its own: what they say adds up


@dataclass(frozen=True, slots=True)
class Settled:
    """A contradiction that a person settled: as long as the sources say the same again, `kept` is believed."""

    field: str
    said: Mapping[str, Any]
    kept: str


def contradictions(question: Question, answers: Sequence[Answer]) -> tuple[Clash, ...]:
    """What the sources that answered do not agree on, field by field; "" when one finds and another has nothing.

    Values agree when comparing them says "same", or when they are equal as they stand: two spellings of a road are no
    contradiction, a part that only one of them says is one.
    """
    if question.base in ADDITIVE:
        return ()
    spoke = [answer for answer in answers if answer.state != "unknown"]
    if len({answer.state for answer in spoke}) > 1:
        return (Clash(PRESENCE, {answer.source: answer.state for answer in spoke}),)
    found = [answer for answer in spoke if answer.state == "found"]
    return tuple(
        Clash(name, {answer.source: answer.fields[name] for answer in found if name in answer.fields})
        for name in question.fields
        if _clash(question, name, found)
    )


def _clash(question: Question, name: str, found: Sequence[Answer]) -> bool:
    spec = FIELDS[question.base][name]
    said = [answer.fields[name] for answer in found if name in answer.fields]
    return any(value != said[0] and compare(spec, value, said[0]).state != "same" for value in said[1:])


def after_settling(answers: Sequence[Answer], clash: Clash, settled: Sequence[Settled]) -> tuple[Answer, ...] | None:
    """The answers without what lost against the source that was believed; None when nobody settled just this.

    Who did not answer, and who says the same as the one that was believed, stays.
    """
    said = plain_data(clash.said)
    fitting = [past for past in settled if past.field == clash.field and past.said == said]
    if not fitting:
        return None
    kept = fitting[-1].kept
    if clash.field == PRESENCE:
        return tuple(answer for answer in answers if answer.state in {"unknown", clash.said[kept]})
    return tuple(answer if answer.source == kept else _without(answer, clash.field) for answer in answers)


def _without(answer: Answer, field: str) -> Answer:
    return replace(answer, fields={name: value for name, value in answer.fields.items() if name != field})


def judged(
    question: Question, answers: Sequence[Answer], settled: Sequence[Settled] = ()
) -> tuple[Answer, tuple[Clash, ...]]:
    """The one answer, and the contradictions that nobody has settled."""
    left = _Left(answers)
    clashes = contradictions(question, answers)
    left.settle(clashes, settled)
    if left.chosen == [PRESENCE]:  # those that are left were not compared with each other yet
        left.settle(contradictions(question, left.answers), settled)
    answer = merged(question, left.answers, left.open)
    return (answer if answer.state == "unknown" else replace(answer, settled=tuple(left.chosen))), tuple(left.open)


@dataclass(slots=True)
class _Left:
    """What is left of answers as what people settled is taken out, and what nobody settled."""

    answers: Sequence[Answer]
    open: list[Clash] = made(default_factory=list)
    chosen: list[str] = made(default_factory=list)

    def settle(self, clashes: Sequence[Clash], settled: Sequence[Settled]) -> None:
        for clash in clashes:
            decided = after_settling(self.answers, clash, settled)
            if decided is None:
                self.open.append(clash)
            else:
                self.answers = decided
                self.chosen.append(clash.field)


def merged(question: Question, answers: Sequence[Answer], clashes: Sequence[Clash] = ()) -> Answer:
    """What the sources agree on. Contradictory, or one of them silent (it might know better): unknown.

    "none" needs every source to have said so, "found" at least one; nobody may have been silent.
    """
    if clashes:
        return unknown(question, "contradictory", "+".join(sorted(clashes[0].said)))
    silent = [answer for answer in answers if answer.state == "unknown"]
    if silent:
        return unknown(question, silent[0].fault or "down", silent[0].source)
    if found := [answer for answer in answers if answer.state == "found"]:
        return _joined(question, found)
    if not answers:
        return unknown(question, "not_held")
    return Answer(question.name, question.base, "none", source=_names(answers), as_of=_oldest(answers))


def _joined(question: Question, found: Sequence[Answer]) -> Answer:
    fields: dict[str, Value] = {}
    for answer in found:
        for name, value in answer.fields.items():
            fields[name] = _sum(fields.get(name), value) if question.base in ADDITIVE else fields.get(name, value)
    kept = {name: fields[name] for name in question.fields if name in fields}
    return Answer(question.name, question.base, "found", kept, _names(found), _oldest(found))


def _sum(one: Value | None, other: Value) -> Value:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return tuple(dict.fromkeys((*one, *other)))
    return other if one is None else one


def _names(answers: Sequence[Answer]) -> str:
    return "+".join(sorted({answer.source for answer in answers}))


def _oldest(answers: Sequence[Answer]) -> datetime | None:
    return min((answer.as_of for answer in answers if answer.as_of), default=None)


def fresh(question: Question, answer: Answer, at: datetime) -> Answer:
    """The answer, or "stale" where the source said it longer ago than the catalogue lets count."""
    if answer.state == "unknown" or (answer.as_of is not None and at - answer.as_of <= FRESH_FOR[question.base]):
        return answer
    return unknown(question, "stale", answer.source)


def sure(answer: Answer) -> Answer:
    """What a machine may decide by: the answer itself, or "unknown" where it rests on a person's choice between sources."""
    if answer.state == "unknown" or not answer.settled:
        return answer
    return Answer(
        answer.name,
        answer.base,
        "unknown",
        source=answer.source,
        why=WHY["settled"],
        fault="settled",
        settled=answer.settled,
    )


def unknown(question: Question, fault: Fault, source: str = "") -> Answer:
    """No answer, and why."""
    return Answer(question.name, question.base, "unknown", source=source, why=WHY[fault], fault=fault)
