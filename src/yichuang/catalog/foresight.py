"""差一步秒批: before anything is filed, whether the rules could approve it, and the smallest change that would let them. Pure.

Only what was typed and chosen is judged. Whatever a register would say is taken at its best, so nothing about anybody can
be learned from the answer: the same words come for every number and name that is typed.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import combinations, product
from typing import Any, Final

from yichuang.catalog.business_names import FINE
from yichuang.catalog.decisions import faults_of_names, results_of
from yichuang.catalog.outcome import known_facts, names_in
from yichuang.catalog.rules import asked_questions, requirements_for, typed_values
from yichuang.catalog.values import (
    APPROVE,
    DecisionInput,
    DecisionSpec,
    Foresight,
    OtherAnswer,
    OtherName,
    Pack,
    Requirements,
)
from yichuang.catalog.wording import label_of
from yichuang.core.clock import local_date
from yichuang.engine.values import Outcome

MOST_CHANGES: Final = 2  # answers that are changed together: who would change three may as well ask somebody
_TYPED: Final = ("answers.", "form.", "today", "materials", "channel", "facts.follow_up")
_THREE: Final[Mapping[object, str]] = {True: "yes", False: "no", None: "unknown"}
_NO_TABLE: Final[tuple[str, ...]] = ("",)


def foresee(
    pack: Pack,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    provided: Collection[str],
    *,
    at: datetime,
    instead: Collection[str] = (),
) -> Foresight | None:
    """What stands in the way of an approval now, and the smallest change that takes it out of the way.

    `facts` serve only to know which papers and conditions hold; `provided` are those handed in, `instead` those for which
    the signatures of all will stand (共同签署). None for an item without a
    table, or one that no change of the applicant's could bring to an approval.
    """
    if pack.decision is None:
        return None
    today = local_date(at)
    now = _standing(pack, answers, form, facts, provided, today, at, instead)
    names = _names(pack, form)
    for size in range(MOST_CHANGES + 1):
        for other in ((), names) if 0 < len(names) <= size else ((),):
            for changes in _changes(pack, answers, size - len(other)):
                chosen = _with(answers, changes)
                standing = _standing(pack, chosen, form, facts, provided, today, at, instead, other)
                if not standing.doubts and not standing.blocked:
                    return Foresight(_words(pack.decision, now.doubts), changes, other)
    return None


def _names(pack: Pack, form: Mapping[str, Any]) -> tuple[OtherName, ...]:
    """The names of businesses against which their own words speak: another name is always the applicant's to choose."""
    faults = faults_of_names(pack, form)
    return tuple(
        OtherName(fact, group, label_of(pack.form, group.strip("/").split("/")), faults[fact])
        for fact, group, _ in names_in(pack, form)
        if fact in faults
    )


class _Standing:
    """How a filing stands: results that would hit whatever registers say, and what else keeps it from the table alone: an
    obstacle, a condition or a paper that a person has to read. Papers for which data may stand need not be there."""

    def __init__(
        self, doubts: tuple[str, ...], needs: Requirements, stood_for: Collection[str], covers: frozenset[str]
    ) -> None:
        self.doubts = doubts
        open_ones = {reason.code for reason in needs.undecided} - covers
        to_read = [one for one in needs.materials if one.necessity != "optional" and not one.held]
        self.blocked = bool(needs.blocked or open_ones or needs.questions_open) or any(
            one.code not in stood_for for one in to_read
        )


def _standing(
    pack: Pack,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    provided: Collection[str],
    today: date,
    at: datetime,
    instead: Collection[str],
    others: Collection[OtherName] = (),
) -> _Standing:
    assert pack.decision is not None
    fine = {one.fact: FINE for one in others}
    needs = requirements_for(pack, answers, form, {**facts, **fine, "today": today})
    doubts = sure_doubts(pack, answers, form, facts, provided, at=at, others=others)
    return _Standing(doubts, needs, {*pack.decision.papers, *instead}, pack.decision.covers)


def _changes(pack: Pack, answers: Mapping[str, Any], size: int) -> Iterator[tuple[OtherAnswer, ...]]:
    """Every way to answer so many questions otherwise that are the applicant's own choice."""
    free = [question for question in asked_questions(pack, answers) if question.choice]
    for questions in combinations(free, size):
        options = (
            [OtherAnswer(one.id, one.text, option.value, option.label) for option in one.options if option.value != answers.get(one.id)]
            for one in questions
        )  # fmt: skip
        yield from product(*options)


def _with(answers: Mapping[str, Any], changes: tuple[OtherAnswer, ...]) -> dict[str, Any]:
    return {**answers, **{one.question: one.value for one in changes}}


def sure_doubts(
    pack: Pack,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    provided: Collection[str],
    *,
    at: datetime,
    others: Collection[OtherName] = (),
) -> tuple[str, ...]:
    """The results that hit even if every register says the best; empty where the table would then approve.

    `others` are names that are taken to be changed for better ones. An item without a table, or whose table cannot be
    foreseen, has one doubt without a name.
    """
    spec = pack.decision
    if spec is None or spec.ready.table is None:
        return _NO_TABLE
    fine = {one.fact: FINE for one in others}
    known = {**known_facts(pack, form), **fine, "today": local_date(at), "follow_up": facts.get("follow_up", "new")}
    values = typed_values(pack, answers, form, known)
    values["materials"], values["channel"] = sorted(provided), facts.get("channel")
    found = [
        _codes(spec.ready.decide({one.name: _input(one, values, best, known) for one in spec.inputs}, at=at))
        for best in _best(spec)
    ]
    least = min(found, key=len, default=_NO_TABLE)
    return () if least == (APPROVE,) else tuple(code for code in least if code != APPROVE) or _NO_TABLE


def _best(spec: DecisionSpec) -> Iterator[dict[str, Any]]:
    """For each rule that approves: what it wants to read in each column, the first allowed value where it wants nothing."""
    table = spec.ready.table
    assert table is not None
    for rule, code in zip(table.rules, results_of(spec), strict=True):
        if code != APPROVE:
            continue
        best: dict[str, Any] = {}
        for column, cell in zip(table.inputs, rule.tests, strict=True):
            name = column.expression.text.strip() if column.expression is not None else ""
            allowed = spec.ready.kinds[name].allowed if name in spec.ready.kinds else ()
            best[name] = best_of(cell.text.strip(), allowed)
        yield best


def best_of(cell: str, allowed: tuple[str, ...]) -> Any:
    """A value with which a rule's cell holds; None where only a person could find one."""
    if cell == "-":
        return next(iter(allowed), None)
    first = cell.split(",")[0].strip()
    if first in {"true", "false"}:
        return first == "true"
    return first[1:-1] if len(first) > 1 and first.startswith('"') and first.endswith('"') else None


def _input(one: DecisionInput, values: Mapping[str, Any], best: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """What was typed says it, or the best that a register could say."""
    if not all(_is_typed(path, known) for path in one.value.paths):
        return best.get(one.name)
    value = one.value.evaluate(values)
    return _THREE[value] if one.doubts and (value is None or value is True or value is False) else value


def _is_typed(path: str, known: Mapping[str, Any]) -> bool:
    return path.startswith(_TYPED) or path.removeprefix("facts.") in known


def _codes(outcome: Outcome) -> tuple[str, ...]:
    value = outcome.value
    return tuple(dict.fromkeys(str(one) for one in value)) if isinstance(value, tuple) else _NO_TABLE


def _words(spec: DecisionSpec, codes: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(spec.results[code].words for code in codes if code in spec.results)
