"""What several sources say of one question: agreement, silence, contradiction, and what a person settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yichuang.registry.rules.certificates import plain_data
from yichuang.registry.rules.comparing import compare
from yichuang.registry.values import FIELDS, WHY, Answer, Base, Clash, Fault, Question, Value

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
    """The answers without what lost against the source that was believed; None when nobody settled just this."""
    said = plain_data(clash.said)
    fitting = [past for past in settled if past.field == clash.field and past.said == said]
    if not fitting:
        return None
    kept = fitting[-1].kept
    if clash.field == PRESENCE:
        return tuple(answer for answer in answers if answer.source == kept)
    return tuple(answer if answer.source == kept else _without(answer, clash.field) for answer in answers)


def _without(answer: Answer, field: str) -> Answer:
    return replace(answer, fields={name: value for name, value in answer.fields.items() if name != field})


def judged(
    question: Question, answers: Sequence[Answer], settled: Sequence[Settled] = ()
) -> tuple[Answer, tuple[Clash, ...]]:
    """The one answer, and the contradictions that nobody has settled."""
    open_clashes = []
    for clash in contradictions(question, answers):
        decided = after_settling(answers, clash, settled)
        if decided is None:
            open_clashes.append(clash)
        else:
            answers = decided
    return merged(question, answers, open_clashes), tuple(open_clashes)


def merged(question: Question, answers: Sequence[Answer], clashes: Sequence[Clash] = ()) -> Answer:
    """What the sources agree on. Contradictory, or silent where another might know: unknown.

    "none" needs every source to have said so; "found" needs one and nobody against it – in a base where sources add up, all.
    """
    if clashes:
        return unknown(question, "contradictory", "+".join(sorted(clashes[0].said)))
    silent = [answer for answer in answers if answer.state == "unknown"]
    found = [answer for answer in answers if answer.state == "found"]
    if found and not (silent and question.base in ADDITIVE):
        return _joined(question, found)
    if silent:
        return unknown(question, silent[0].fault or "down", silent[0].source)
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


def unknown(question: Question, fault: Fault, source: str = "") -> Answer:
    """No answer, and why."""
    return Answer(question.name, question.base, "unknown", source=source, why=WHY[fault], fault=fault)
