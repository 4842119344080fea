"""Running the worked examples of a pack through the real rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yichuang.catalog import forms, rules
from yichuang.catalog.outcome import known_facts, result_data
from yichuang.catalog.routes import ways_of
from yichuang.catalog.values import Example, ExampleResult, Pack
from yichuang.core.clock import local_date
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar

_LISTS = {"gaps", "required", "optional", "held", "blocked", "undecided", "faults", "warnings", "open", "commitments"}


def run_examples(pack: Pack, calendar: Calendar) -> list[ExampleResult]:
    """Each example and what it answered otherwise than expected."""
    return [run_example(pack, example, calendar) for example in pack.examples]


def run_example(pack: Pack, example: Example, calendar: Calendar) -> ExampleResult:
    """One example and what it answered otherwise than expected."""
    differences = tuple(_differences(example, answer(pack, example, calendar)))
    return ExampleResult(example.file, example.name, differences)


def answer(pack: Pack, example: Example, calendar: Calendar) -> dict[str, Any]:
    """Everything that an example may expect, as the item answers it now."""
    today = local_date(example.applied_at)
    facts = {**facts_of(pack, example.form, example.facts), "today": today}
    wrong_answers = rules.check_answers(pack, example.answers)
    faults = forms.check(pack, example.form, today=today, answers=example.answers)
    needed = rules.requirements_for(pack, example.answers, example.form, facts)
    verdict = rules.judge_materials(needed, example.materials)
    values = rules.typed_values(pack, example.answers, example.form, {"today": today})
    warnings = forms.broken_rules(pack, example.form, faults, values, answers=example.answers, level="warning")
    gaps = [material.code for material in verdict.missing]
    outcome = _outcome(wrong_answers, faults, needed.blocked, gaps, verdict.tolerable and example.promise_signed)
    return {
        "outcome": outcome,
        "gaps": gaps,
        "gap_due": {
            m.code: rules.gap_due(m.promise_days, needed.promise_with_gaps, today, calendar).isoformat()
            for m in verdict.missing
            if m.tolerable
        },
        "required": [m.code for m in needed.demanded],
        "optional": [m.code for m in needed.materials if m.necessity == "optional"],
        "held": [m.code for m in needed.materials if m.held],
        "blocked": [reason.code for reason in needed.blocked],
        "undecided": [reason.code for reason in needed.undecided],
        "faults": [f"{reason.field} {reason.code}" for reason in (*wrong_answers, *faults)],
        "warnings": [reason.code for reason in warnings],
        "open": list(needed.questions_open),
        "path": needed.path,
        "commitments": [one.code for one in needed.commitments],
        "ways": {} if wrong_answers else _ways(pack, example, facts, outcome),
        "due": rules.due_date(needed.promise_with_gaps if gaps else needed.promise, today, calendar).isoformat(),
        "legal_due": rules.due_date(needed.legal, today, calendar).isoformat(),
        "result": result_data(pack, example.answers, example.form, facts) if outcome.startswith("accept") else {},
    }


def _ways(pack: Pack, example: Example, facts: Mapping[str, Any], outcome: str) -> dict[str, str]:
    """Which way its process goes by the tables, once all is there and it is accepted."""
    accepted_as = "promise" if outcome == "accept-with-gaps" else "full"
    return ways_of(pack, example.answers, str(facts.get("channel", "portal")), accepted_as)


def facts_of(pack: Pack, form: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as the filing room gathers them: what an example gives, and what follows from its form."""
    return {"follow_up": rules.FIRST, **known_facts(pack, form), **given}


def _outcome(
    wrong_answers: Sequence[Reason],
    faults: Sequence[Reason],
    blocked: Sequence[Reason],
    gaps: list[str],
    on_promise: bool,
) -> str:
    if wrong_answers:
        return "answer-faults"
    if faults:
        return "form-faults"
    if blocked:
        return "blocked"
    if gaps:
        return "accept-with-gaps" if on_promise else "gaps"
    return "accept"


def _differences(example: Example, got: Mapping[str, Any]) -> Iterator[Words]:
    for key, expected in example.expect.items():
        found = got[key]
        if key in _LISTS:
            expected, found = sorted(expected), sorted(found)
        if key == "result":
            found = {name: found.get(name) for name in expected}
        if found != expected:
            yield W(f"{key}：应为 {expected}，实为 {found}", f"{key}: expected {expected}, got {found}")
    for key in ("faults", "blocked", "undecided", "commitments"):  # what nobody expected must not pass unnoticed
        if key not in example.expect and got[key]:
            yield W(f"{key}：没有预期，实为 {got[key]}", f"{key}: not expected, got {got[key]}")
