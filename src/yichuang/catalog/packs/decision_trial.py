"""Running the worked examples of a decision table."""

from collections.abc import Iterator

from yichuang.catalog import decisions
from yichuang.catalog.packs.decision import YAML
from yichuang.catalog.packs.trial import answer, facts_of
from yichuang.catalog.values import APPROVE, DecisionExample, Example, ExampleResult, Judgement, Pack
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar


def run_decision_examples(pack: Pack, calendar: Calendar) -> list[ExampleResult]:
    """Each example of the table and what it answered otherwise than expected. Empty for a pack without one."""
    examples = pack.decision.examples if pack.decision else ()
    return [
        ExampleResult(f"{YAML}:{one.line}", one.name, (*differences(pack, one), *_fit(pack, one, calendar)))
        for one in examples
    ]


def judged(pack: Pack, one: DecisionExample) -> Judgement:
    """What the table says of an example."""
    facts, told = facts_of(pack, one.form, one.facts), tuple(one.lookups.values())
    return decisions.decide(pack, one.answers, one.form, facts, one.materials, told, at=one.applied_at)


def differences(pack: Pack, one: DecisionExample) -> Iterator[Words]:
    """Where that is not what the example expects."""
    got = judged(pack, one)
    if got.outcome != one.expect:
        why = W("；".join(w.zh for w in got.doubts), "; ".join(w.en for w in got.doubts))
        yield W(
            f"应为 {one.expect}，实为 {got.outcome}（{why.zh}）", f"expected {one.expect}, got {got.outcome} ({why.en})"
        )
    if one.because is not None and sorted(one.because) != sorted(got.codes):
        yield W(
            f"because：应为 {list(one.because)}，实为 {list(got.codes)}",
            f"because: expected {list(one.because)}, got {list(got.codes)}",
        )


def _fit(pack: Pack, one: DecisionExample, calendar: Calendar) -> Iterator[Words]:
    """The questions are those the case asks; and what is approved could be accepted without anybody looking."""
    asked = {question.name for question in decisions.questions_of(pack, one.answers, one.form, at=one.applied_at)}
    for name in sorted(set(one.lookups) - asked):
        yield W(f"这个例子不会查询 {name}", f"This case does not ask {name}")
    if one.expect != APPROVE or pack.decision is None:
        return
    for name in sorted(asked - set(one.lookups)):
        yield W(f"没有写明 {name} 的答复", f"The answer to {name} is missing")
    case = Example(
        YAML, one.name, one.answers, one.form, one.materials, one.facts, one.applied_at, promise_signed=False, expect={}
    )
    got = answer(pack, case, calendar)
    left = [code for code in got["undecided"] if code not in pack.decision.covers]
    if got["outcome"] != "accept" or left:
        found = left or [*got["faults"], *got["blocked"], *got["gaps"]]
        yield W(
            f"自动批准的申请应能直接受理，却有 {found}",
            f"What is approved alone must be acceptable, but there is {found}",
        )
