"""route.dmn: the tables that the business rule tasks of a process ask, and every fault of them with its line."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from yichuang.catalog.packs.decision import table_fault
from yichuang.catalog.routes import UNDECIDED, UNKNOWN, rule_tasks
from yichuang.catalog.values import Pack, PackFault, Question
from yichuang.core.words import W, Words
from yichuang.engine.values import InputKind, Node, ProcessModel, ReadyDecision, check_decision, parse_process

FILE: Final = "route.dmn"
PROCESS: Final = "process.bpmn"
GIVEN: Final[Mapping[str, tuple[str, ...]]] = {"channel": (), "accepted_as": ("full", "promise", "deemed")}
GATHERS: Final = frozenset("CRO")  # hit policies whose result is a list
_WAY: Final = re.compile(r'^"[a-z][a-z0-9_]{0,39}"$')


def read_routes(xml: bytes | None, process: bytes, faults: list[PackFault]) -> dict[str, ReadyDecision]:
    """By its name, each table that a step of the process asks; what cannot be read lands in `faults`."""
    found: dict[str, ReadyDecision] = {}
    tasks = list(rule_tasks(parse_process(process)))
    if xml is None:
        faults.extend(_missing(task) for task in tasks)
        return found
    if not tasks:
        words = W("流程里没有业务规则任务用到它", "No business rule task of the process asks it")
        faults.append(PackFault(FILE, 1, "ROUTE_UNUSED", words))
    for name in dict.fromkeys(task.key for task in tasks):
        report = check_decision(xml, name)
        if report.decision is None:
            faults.extend(table_fault(one, FILE, "ROUTE") for one in report.faults if not one.warns)
        else:
            found[name] = report.decision
    return found


def _missing(task: Node) -> PackFault:
    words = W("业务规则任务“{name}”要用的 route.dmn 不在事项包里", "route.dmn, which “{name}” asks, is not in the pack")
    return PackFault(PROCESS, task.line, "ROUTE_MISSING", words.format(name=task.key))


def route_faults(pack: Pack, model: ProcessModel) -> Iterator[PackFault]:
    """What else a table has to keep: it reads what the process knows, says one word, and somebody catches its silence."""
    questions = {question.id: question for question in pack.questions}
    for name, decision in pack.routes.items():
        yield from _results(name, decision)
        for column, kind in decision.kinds.items():
            yield from _column(name, column, kind, questions, model)
    for task in rule_tasks(model):
        caught = [model.nodes[one].trigger for one in task.boundaries]
        if not any(one and one.kind == "error" and one.name in {"", UNDECIDED} for one in caught):
            words = W(
                "规则判断不了时要有去处：请加捕获错误“undecided”的边界事件",
                "Where the rules are sure of nothing the case needs a way: catch the error “undecided” on the boundary",
            )
            yield PackFault(PROCESS, task.line, "ROUTE_PERSON", words)


def _results(name: str, decision: ReadyDecision) -> Iterator[PackFault]:
    table = decision.table
    if table is None or len(table.outputs) != 1 or table.policy in GATHERS:
        words = W("“{name}”应是只有一列结果、只得一个结果的决策表", "“{name}” has to be a table with one result")
        yield _fault("ROUTE_RESULT", words.format(name=name), table.line if table else 1)
        return
    for rule in table.rules:
        if not _WAY.match(rule.results[0].text.strip()):
            words = W(
                "结果应是一个小写英文代码，如 \"on_site\"：{text}", "A result is one code in small letters: {text}"
            )  # fmt: skip
            yield _fault("ROUTE_RESULT", words.format(text=rule.results[0].text), rule.line)


def _column(
    name: str, column: str, kind: InputKind, questions: Mapping[str, Question], model: ProcessModel
) -> Iterator[PackFault]:
    if kind.kind != "string":
        words = W("“{column}”应是文字类型", "“{column}” has to be a text")
        yield _fault("ROUTE_INPUT", words.format(column=column))
        return
    question, step = questions.get(column), model.nodes.get(column)
    says = step is not None and (step.kind == "task" or step.work == "rule")
    if (question is not None) + says + (column in GIVEN) != 1:
        words = W(
            "“{name}”的列“{column}”应是一个情形问题、流程里的一个步骤，或 channel、accepted_as",
            "Column “{column}” of “{name}” has to be one of the questions, one step, channel or accepted_as",
        )
        yield _fault("ROUTE_INPUT", words.format(name=name, column=column))
        return
    if not kind.allowed:  # any text is taken, and silence is a doubt
        return
    needed = [option.value for option in question.options] if question else list(GIVEN.get(column, ()))
    if says or (question is not None and question.when is not None):
        needed.append(UNKNOWN)
    if missing := [value for value in needed if value not in kind.allowed]:
        words = W("列“{column}”没有列出这些取值：{values}", "Column “{column}” does not list these values: {values}")
        yield _fault("ROUTE_VALUES", words.format(column=column, values=Words("、".join(missing), ", ".join(missing))))


def _fault(code: str, words: Words, line: int = 1) -> PackFault:
    return PackFault(FILE, line, code, words)
