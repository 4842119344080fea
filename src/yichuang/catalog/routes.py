"""分派规则 (routing): what a table of the pack's route.dmn says where the process asks it (business rule task). Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from yichuang.catalog.values import Pack
from yichuang.engine.values import Node, ProcessModel, ReadyDecision, Tried, parse_process

UNKNOWN: Final = "unknown"  # what a column takes that knows this word: a question not asked, a step not taken
UNDECIDED: Final = "undecided"  # the error that leaves a rule task when its table is sure of nothing
PERSON: Final = "person"  # in worked examples: the table said nothing


def rule_tasks(model: ProcessModel) -> Iterator[Node]:
    """The steps that ask a table."""
    return (node for node in model.nodes.values() if node.work == "rule")


def way(decision: ReadyDecision, values: Mapping[str, Any]) -> tuple[str, Tried | None]:
    """Which way the table says, and the row that says so; ("", None): it is sure of nothing, a person has to look.

    `values`: what conditions of the process read (answers, channel, accepted_as, outcomes).
    """
    inputs = inputs_of(decision, values)
    said = decision.decide(inputs)
    if not said.decided or not isinstance(said.value, str):
        return "", None
    return said.value, next((row for row in decision.explain(inputs, said.record) if row.hit), None)


def inputs_of(decision: ReadyDecision, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns by their names: an answer, `channel`, `accepted_as`, or what an earlier step said."""
    known = {**values.get("outcomes", {}), **values.get("answers", {})}
    known |= {name: values.get(name) for name in ("channel", "accepted_as")}
    found = {}
    for name, kind in decision.kinds.items():
        value = known.get(name)
        found[name] = UNKNOWN if value is None and UNKNOWN in kind.allowed else value
    return found


def ways_of(pack: Pack, answers: Mapping[str, Any], channel: str, accepted_as: str) -> dict[str, str]:
    """By rule task, the way that a filing would take as far as no person has said anything; `PERSON` where unsure."""
    if not pack.routes:
        return {}
    values = {"answers": answers, "channel": channel, "accepted_as": accepted_as}
    tasks = rule_tasks(parse_process(pack.process_xml))
    return {node.id: way(pack.routes[node.key], values)[0] or PERSON for node in tasks if node.key in pack.routes}
