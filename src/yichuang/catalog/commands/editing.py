"""Editing a pack's process and decision: what an editor opens, and checks of what is not saved yet. Changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from yichuang.catalog.commands.trials import working_calendar
from yichuang.catalog.decisions import decide_again, explain
from yichuang.catalog.packs.decision import DMN, YAML
from yichuang.catalog.packs.decision_trial import judged, run_decision_examples
from yichuang.catalog.packs.documents import parse_document
from yichuang.catalog.packs.folder import digest_of, load_files, read_folder
from yichuang.catalog.packs.route import FILE as ROUTE
from yichuang.catalog.shelf import drafts_root, pack_folder, version_in
from yichuang.catalog.values import (
    BenchInput,
    DecisionCheck,
    DecisionRow,
    DrawnFault,
    DrawnFile,
    Judgement,
    Pack,
    PackFault,
    PackFile,
)
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.engine.values import (
    TOO_COSTLY,
    DecisionFault,
    DecisionFaults,
    ProcessFaults,
    Table,
    check_decision,
    one_budget,
    parse_process,
    ready_decision,
    typed_inputs,
    with_drawing,
    with_ids,
)

MAX_FILE: Final = 300_000  # bytes: twenty times the largest file of ours; whatever is checked is walked through
PROCESS: Final = "process.bpmn"
FILES: Final[tuple[DrawnFile, ...]] = (PROCESS, DMN, ROUTE)
_COSTLY: Final = "TOO_COSTLY"
_FILE = W("文件", "file")
_TOO_LARGE = W("文件太大（最多 300 KB）", "The file is too large (at most 300 KB)")
UNSOUND = W(
    "决策表还有错误，改正后才能试算：{what}", "The table has faults; it can be tried when they are mended: {what}"
)


def pack_file(actor: Actor, code: str, name: DrawnFile) -> PackFile:
    """The file as an editor opens it: a process with a drawing, a table with ids. NotFound for an item without the file.

    Refused (forbidden) unless the actor may publish items.
    """
    folder = pack_folder(actor, code)
    files, _ = read_folder(folder)
    if name not in files:
        raise NotFound(_FILE)
    content = with_drawing(files[name]) if name == PROCESS else with_ids(files[name])
    draft = drafts_root() in folder.parents
    return PackFile(code, name, content, digest_of(files), version_in(folder), draft)


def check_size(content: bytes) -> None:
    """Refused (too_large) TOO_LARGE beyond 300 KB."""
    if len(content) > MAX_FILE:
        raise Refused(Reason("TOO_LARGE", _TOO_LARGE, "content"), kind="too_large")


def check_process_file(actor: Actor, code: str, xml: bytes) -> tuple[DrawnFault, ...]:
    """Everything that publishing would say of this process in the item's pack, each with its element."""
    files = with_file(actor, code, PROCESS, xml)
    try:
        model = parse_process(xml)
    except ProcessFaults as wrong:
        return tuple(DrawnFault(one.words, one.line, one.code, one.element) for one in wrong.faults)
    at = {node.line: node.id for node in model.nodes.values()}
    found = [
        DrawnFault(one.message, one.line, one.code, at.get(one.line, ""))
        if one.file == PROCESS
        else DrawnFault(one.message, 0, one.code)  # a step that asks for a table which is not there
        for one in load_files(files).faults
        if one.file in {PROCESS, ROUTE}
    ]
    found += [DrawnFault(one.words, one.line, one.code, one.element, warns=True) for one in model.warnings]
    return tuple(found)


def check_decision_file(actor: Actor, code: str, xml: bytes, *, whole: bool = True) -> DecisionCheck:
    """What is wrong in this table. `whole=False`: names and cells only, as fast as one types; else gaps, overlaps, what
    the pack asks of it, its examples, and which rules they hit. All of it together is bounded (TOO_COSTLY)."""
    files = with_file(actor, code, DMN, xml)
    return bounded(lambda: _checked(files, xml) if whole else cells_checked(xml, _decision_name(files)))


def bounded(check: Callable[[], DecisionCheck]) -> DecisionCheck:
    """The check, with TOO_COSTLY before all else where it asked for more than one check may cost."""
    with one_budget() as budget:
        found = check()
    if not budget.over or any(fault.code == _COSTLY for fault in found.faults):
        return found
    return replace(found, faults=(DrawnFault(TOO_COSTLY, 1, _COSTLY), *found.faults))


def cells_checked(xml: bytes, name: str) -> DecisionCheck:
    """Names and cells alone, as fast as one types."""
    try:
        ready_decision(xml, name)
    except DecisionFaults as wrong:
        return DecisionCheck(tuple(of_table(one) for one in wrong.faults))
    return DecisionCheck(())


def _checked(files: dict[str, bytes], xml: bytes) -> DecisionCheck:
    """All that publishing would say, the examples, and what they hit."""
    name = _decision_name(files)
    faults = [of_table(one) for one in check_decision(xml, name).faults]
    loaded = load_files(files)
    faults += _of_pack(loaded.faults, faults)
    pack = loaded.pack
    if pack is None or pack.decision is None:
        return DecisionCheck(tuple(faults))
    examples = run_decision_examples(pack, working_calendar())
    return DecisionCheck(tuple(faults), tuple(examples), _hits(pack))


def ready_table(actor: Actor, code: str, xml: bytes) -> Table | None:
    """The table as it stands in the file, for a page without an editor; None while it cannot be read."""
    files = with_file(actor, code, DMN, xml)
    try:
        with one_budget():
            return ready_decision(xml, _decision_name(files)).table
    except DecisionFaults:
        return None


def bench_inputs(actor: Actor, code: str, xml: bytes) -> tuple[BenchInput, ...]:
    """The fields of the test bench; none while the table has faults."""
    with one_budget():
        pack = load_files(with_file(actor, code, DMN, xml), check=False).pack
    if pack is None or pack.decision is None:
        return ()
    kinds = pack.decision.ready.kinds
    return tuple(BenchInput(one.name, one.words, one.kind, kinds[one.name].allowed) for one in pack.decision.inputs)


def try_decision_file(
    actor: Actor, code: str, xml: bytes, values: Mapping[str, str], *, at: datetime
) -> tuple[Judgement, tuple[DecisionRow, ...]]:
    """What this table says on the values typed (by input; "" stays unknown), and row by row why.

    Refused: DECISIONUNSOUND with the first fault; WRONG_VALUE for each value that is not of its input's kind; TOO_COSTLY.
    """
    with one_budget() as budget:
        answer = _tried(actor, code, xml, values, at)
    if budget.over:
        raise Refused(Reason(_COSTLY, TOO_COSTLY))
    return answer


def _tried(
    actor: Actor, code: str, xml: bytes, values: Mapping[str, str], at: datetime
) -> tuple[Judgement, tuple[DecisionRow, ...]]:
    loaded = load_files(with_file(actor, code, DMN, xml), check=False)
    if loaded.pack is None or loaded.pack.decision is None:
        what = next((fault.message for fault in loaded.faults), _FILE)
        raise Refused(Reason("DECISIONUNSOUND", UNSOUND.format(what=what)))
    kinds = {one.name: (one.words, one.kind) for one in loaded.pack.decision.inputs}
    judgement = decide_again(loaded.pack, typed_inputs(kinds, values), at=at)
    return judgement, explain(loaded.pack, judgement.inputs, judgement.record)


def with_file(actor: Actor, code: str, name: DrawnFile, xml: bytes) -> dict[str, bytes]:
    """The item's pack with that file in the place of its own. NotFound where it has none; Refused TOO_LARGE, forbidden."""
    check_size(xml)
    files, _ = read_folder(pack_folder(actor, code))
    if name not in files:
        raise NotFound(_FILE)
    return {**files, name: xml}


def _decision_name(files: Mapping[str, bytes]) -> str:
    document, _ = parse_document(files.get(YAML, b""), YAML)
    data = document.data if document is not None else None
    return str(data.get("decision", "")) if isinstance(data, dict) else ""


def of_table(one: DecisionFault) -> DrawnFault:
    """A fault of a table as its editor shows it."""
    return DrawnFault(one.words, one.line, one.code, one.element, one.row, one.column, one.warns)


def _of_pack(faults: tuple[PackFault, ...], told: list[DrawnFault]) -> list[DrawnFault]:
    """What the pack says of the table beyond the table's own faults; other files' faults only where nothing can be tried."""
    own = {(f"DECISION_{one.code}", one.line) for one in told}
    return [
        DrawnFault(one.message, one.line if one.file == DMN else 0, one.code)
        for one in faults
        if one.file in {DMN, YAML} and (one.code, one.line) not in own
    ]


def _hits(pack: Pack) -> tuple[int, ...]:
    """Of each rule how many examples hit it."""
    assert pack.decision is not None
    counts: list[int] = [0] * len(pack.decision.ready.table.rules if pack.decision.ready.table else ())
    for row in _rows(pack):
        counts[row.row - 1] += row.hit
    return tuple(counts)


def _rows(pack: Pack) -> Iterator[DecisionRow]:
    assert pack.decision is not None
    for one in pack.decision.examples:
        judgement = judged(pack, one)
        yield from explain(pack, judgement.inputs, judgement.record)
