"""Editing the tables that a process asks which way to go (分派规则, route.dmn): checks and trials of what is not saved yet."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from yichuang.catalog.commands.editing import UNSOUND, bounded, cells_checked, of_table, with_file
from yichuang.catalog.commands.trials import working_calendar
from yichuang.catalog.packs.folder import load_files, read_folder
from yichuang.catalog.packs.route import FILE, GIVEN, PROCESS
from yichuang.catalog.packs.trial import answer, run_example
from yichuang.catalog.routes import UNKNOWN, inputs_of, rule_tasks, way
from yichuang.catalog.shelf import pack_folder
from yichuang.catalog.values import (
    BenchInput,
    DecisionCheck,
    DrawnFault,
    Example,
    ExampleResult,
    Pack,
    PackFault,
)
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.engine.values import (
    TOO_COSTLY,
    DecisionFaults,
    InputKind,
    ProcessFaults,
    ReadyDecision,
    Table,
    TableTrial,
    check_decision,
    one_budget,
    parse_process,
    ready_decision,
    tried,
    typed_inputs,
)

_TABLE = W("分派规则", "routing table")
_SAID: Final[Mapping[str, Words]] = {
    "channel": W("申请渠道", "Channel"),
    "accepted_as": W("受理方式", "How it was accepted"),
}
_ACCEPTED: Final[Mapping[str, Words]] = {
    "full": W("材料齐全", "complete"),
    "promise": W("容缺（承诺后补）", "on a promise"),
    "deemed": W("逾期视为受理", "by silence"),
}
_NOT_KNOWN = W("无法确认", "cannot be told")


def route_tables(actor: Actor, code: str) -> tuple[str, ...]:
    """The tables that steps of the item's process ask, in the order of the process. Refused (forbidden), NotFound."""
    files, _ = read_folder(pack_folder(actor, code))
    if FILE not in files:
        return ()
    try:
        return tuple(dict.fromkeys(task.key for task in rule_tasks(parse_process(files[PROCESS]))))
    except ProcessFaults:
        return ()


def ready_route(actor: Actor, code: str, xml: bytes, table: str) -> Table | None:
    """One of them as it stands in the file; None while it cannot be read."""
    with_file(actor, code, FILE, xml)
    try:
        with one_budget():
            return ready_decision(xml, table).table
    except DecisionFaults:
        return None


def check_route_file(actor: Actor, code: str, xml: bytes, table: str, *, whole: bool = True) -> DecisionCheck:
    """What is wrong in one of the tables. `whole=False`: names and cells only; else also gaps, overlaps, what the process and
    the questions ask of it, the worked examples that say a way, and which rows they hit."""
    files = with_file(actor, code, FILE, xml)
    return bounded(lambda: _checked(files, xml, table) if whole else cells_checked(xml, table))


def _checked(files: dict[str, bytes], xml: bytes, table: str) -> DecisionCheck:
    faults = [of_table(one) for one in check_decision(xml, table).faults]
    loaded = load_files(files)
    faults += _of_pack(loaded.faults, faults)
    pack = loaded.pack
    if pack is None or table not in pack.routes:
        return DecisionCheck(tuple(faults))
    return DecisionCheck(tuple(faults), tuple(_examples(pack)), _hits(pack, pack.routes[table]))


def route_inputs(actor: Actor, code: str, xml: bytes, table: str) -> tuple[BenchInput, ...]:
    """The fields of the test bench, named as people are asked; none while the table has faults."""
    with one_budget():
        loaded = load_files(with_file(actor, code, FILE, xml), check=False)
    if loaded.pack is None or table not in loaded.pack.routes:
        return ()
    kinds = loaded.pack.routes[table].kinds
    return tuple(_input(loaded.pack, name, kind) for name, kind in kinds.items())


def try_route_file(
    actor: Actor, code: str, xml: bytes, table: str, values: Mapping[str, str], *, at: datetime
) -> TableTrial:
    """Which way the table says on the values typed (by column; "" stays unknown), and row by row why.

    Refused: DECISION_UNSOUND with the first fault; TOO_COSTLY.
    """
    with one_budget() as budget:
        loaded = load_files(with_file(actor, code, FILE, xml), check=False)
        if loaded.pack is None or table not in loaded.pack.routes:
            what = next((fault.message for fault in loaded.faults), _TABLE)
            raise Refused(Reason("DECISION_UNSOUND", UNSOUND.format(what=what)))
        decision = loaded.pack.routes[table]
        kinds = {name: (_input(loaded.pack, name, kind).words, kind.kind) for name, kind in decision.kinds.items()}
        typed = typed_inputs(kinds, values)
        inputs = inputs_of(decision, {"answers": typed, **{name: typed.get(name) for name in GIVEN}})
        trial = tried(decision, inputs, at)
    if budget.over:
        raise Refused(Reason("TOO_COSTLY", TOO_COSTLY))
    return trial


def _of_pack(faults: tuple[PackFault, ...], told: list[DrawnFault]) -> Iterator[DrawnFault]:
    """What the process and the questions ask of the tables, beyond what this table was told already."""
    own = {(f"ROUTE_{one.code}", one.line) for one in told}
    for one in faults:
        if one.file == FILE and (one.code, one.line) not in own:
            yield DrawnFault(one.message, one.line, one.code)
        elif one.code.startswith("ROUTE_") and one.file != FILE:
            yield DrawnFault(one.message, 0, one.code)  # a step of the process that asks for what is not there


def _ways(pack: Pack) -> Iterator[Example]:
    return (one for one in pack.examples if "ways" in one.expect)


def _examples(pack: Pack) -> Iterator[ExampleResult]:
    calendar = working_calendar()
    return (run_example(pack, one, calendar) for one in _ways(pack))


def _hits(pack: Pack, decision: ReadyDecision) -> tuple[int, ...]:
    """Of each row how many examples hit it, as far as nobody has said anything yet."""
    counts = [0] * len(decision.table.rules if decision.table else ())
    calendar = working_calendar()
    for one in _ways(pack):
        outcome = answer(pack, one, calendar)["outcome"]
        accepted = "promise" if outcome == "accept-with-gaps" else "full"
        values = {"answers": one.answers, "channel": one.facts.get("channel", "portal"), "accepted_as": accepted}
        row = way(decision, values)[1]
        if row is not None:
            counts[row.row - 1] += 1
    return tuple(counts)


def _input(pack: Pack, name: str, kind: InputKind) -> BenchInput:
    """A column as people are asked for it: a question of the pack, what every case has, or a step of the process."""
    said: Mapping[str, Words] = {UNKNOWN: _NOT_KNOWN}
    question = next((one for one in pack.questions if one.id == name), None)
    if question is not None:
        said = {**said, **{option.value: option.label for option in question.options}}
        words = question.text
    elif name in _SAID:
        words, said = _SAID[name], {**said, **_ACCEPTED}
    else:
        step = parse_process(pack.process_xml).nodes.get(name)
        words = step.name if step else Words(name, name)
    return BenchInput(name, words, kind.kind, kind.allowed, said)
