"""Is a process sound? Every fault at once: dead ends, forks by accident, waiting for ever, doing a thing twice."""

from collections.abc import Iterator
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Fault, Flow, Node, reachable
from yichuang.engine.bpmn.read import Draft
from yichuang.engine.bpmn.run import Crowded, Mark, Net, settle

MAX_MARKINGS: Final = 50_000


def check(draft: Draft) -> tuple[Fault, ...]:
    """All faults: of reading, of each node, of the whole; and, when there is none, of the behaviour."""
    faults = [*draft.faults]
    for node in draft.nodes.values():
        faults.extend(_node(draft, node))
    for flow in draft.flows.values():
        faults.extend(_flow(draft, flow))
    faults.extend(_whole(draft))
    return tuple(faults) or tuple(_behaviour(draft))


def _fault(node: Node | Flow, code: str, zh: str, en: str) -> Fault:
    label = f"“{node.name.zh or node.id}”"
    return Fault(node.line, node.id, Words(zh.format(label), en.format(f"“{node.id}”")), code)


def _node(draft: Draft, node: Node) -> Iterator[Fault]:
    if node.kind == "unknown":
        return
    if node.kind == "start" and node.incoming:
        yield _fault(node, "START", "没有流程线可以进入开始事件{}", "Nothing may lead into the start event {}")
    if node.kind == "end" and node.outgoing:
        yield _fault(node, "END", "结束事件{}之后不能再有流程线", "Nothing may follow the end event {}")
    if node.kind not in {"start", "unknown"} and not node.incoming:
        yield _fault(node, "UNREACHABLE", "{}没有流程线进入，永远走不到", "Nothing leads into {}: it is never reached")
    if node.kind != "end" and not node.outgoing:
        yield _fault(node, "DEAD_END", "{}之后没有流程线，流程停在这里", "Nothing follows {}: the process stops there")
    if node.kind in {"start", "task"} and len(node.outgoing) > 1:
        yield _fault(
            node,
            "IMPLICIT_FORK",
            "{}之后直接分出多条线：同时进行请加并行网关，只走一条请加排他网关",
            "Several flows leave {}: add a parallel gateway to do all of them, or an exclusive gateway to do one",
        )
    if node.kind == "exclusive":
        yield from _exclusive(draft, node)


def _exclusive(draft: Draft, node: Node) -> Iterator[Fault]:
    if node.default and node.default not in node.outgoing:
        yield _fault(node, "DEFAULT", "排他网关{}的默认流不是它的出线", "The default flow of {} does not leave it")
        return
    flows = [draft.flows[one] for one in node.outgoing]
    if len(flows) == 1 and flows[0].condition is None and not _reported(draft, flows[0]):
        return
    for flow in flows:
        if flow.id == node.default and flow.condition is not None:
            yield _fault(flow, "DEFAULT_CONDITION", "默认流{}不能再有条件", "The default flow {} may have no condition")
        if flow.id != node.default and flow.condition is None and not _reported(draft, flow):
            yield _fault(
                flow,
                "NO_CONDITION",
                "排他网关的出线{}没有条件，也不是默认流",
                "The flow {} leaves an exclusive gateway without a condition and is not its default",
            )
    if not node.default:
        yield _fault(
            node,
            "NO_DEFAULT",
            "排他网关{}没有默认流：条件都不成立时流程会停住",
            "The exclusive gateway {} has no default flow: when no condition holds, the process would stop",
        )


def _reported(draft: Draft, flow: Flow) -> bool:
    """Whether the condition is missing only because it could not be read."""
    return any(fault.element == flow.id and fault.code in {"CONDITION", "LANGUAGE"} for fault in draft.faults)


def _flow(draft: Draft, flow: Flow) -> Iterator[Fault]:
    if flow.condition is None:
        return
    if draft.nodes[flow.source].kind not in {"exclusive", "unknown"}:
        yield _fault(
            flow,
            "CONDITION_PLACE",
            "流程线{}有条件，但不是从排他网关出来的",
            "The flow {} has a condition but does not leave an exclusive gateway",
        )
    for path in sorted(flow.condition.paths):
        root, _, task = path.partition(".")
        if root == "outcomes" and (task not in draft.nodes or draft.nodes[task].kind != "task"):
            label = Words(f"流程线{{}}的条件提到的任务“{task}”不存在", f"The condition of {{}} names the task “{task}”")
            yield _fault(flow, "NO_SUCH_TASK", label.zh, f"{label.en}, which is not there")


def _whole(draft: Draft) -> Iterator[Fault]:
    starts = [node for node in draft.nodes.values() if node.kind == "start"]
    if len(starts) != 1:
        zh, en = f"流程应有一个开始事件，实际有 {len(starts)} 个", f"A process has one start event, not {len(starts)}"
        yield Fault(draft.line, draft.id, Words(zh, en), "ONE_START")
    if not any(node.kind == "end" for node in draft.nodes.values()):
        yield Fault(draft.line, draft.id, Words("流程没有结束事件", "The process has no end event"), "NO_END")
    if len(starts) == 1:
        reached = reachable(draft.nodes, draft.flows, (starts[0].id,))
        for node in draft.nodes.values():
            if node.id not in reached and node.incoming:
                yield _fault(node, "UNREACHABLE", "从开始走不到{}", "{} cannot be reached from the start")
    yield from _loops(draft)


def _loops(draft: Draft) -> Iterator[Fault]:
    """A way round through gateways alone would never stop."""
    for node in draft.nodes.values():
        if node.kind not in {"exclusive", "parallel"}:
            continue
        seen, todo = set[str](), [draft.flows[one].target for one in node.outgoing]
        while todo:
            one = todo.pop()
            if one in seen or draft.nodes[one].kind == "task":
                continue
            seen.add(one)
            todo.extend(draft.flows[flow].target for flow in draft.nodes[one].outgoing)
        if node.id in seen:
            yield _fault(
                node, "LOOP", "网关{}在没有任务的环里，会永远转圈", "{} is on a loop without a task: it never ends"
            )


def _behaviour(draft: Draft) -> Iterator[Fault]:
    """Walk through everything that can happen: tasks complete in any order, gateways choose any way."""
    net = Net(draft.nodes, draft.flows)
    start = next(node for node in draft.nodes.values() if node.kind == "start")
    found: dict[tuple[str, str], Fault] = {}
    seen: set[frozenset[Mark]] = set()
    todo: list[tuple[frozenset[Mark], tuple[str, ...]]] = [(frozenset(), start.outgoing)]
    while todo and len(seen) <= MAX_MARKINGS:
        marks, ready = todo.pop()
        try:
            ways = list(settle(net, marks, ready, lambda node: node.outgoing))
        except Crowded as crowd:
            node = draft.nodes[crowd.mark.node]
            found[("TWICE", node.id)] = _fault(
                node,
                "TWICE",
                "两条并行的路会同时走到{}，它会被做两次：请先用并行网关汇合",
                "Two parallel ways lead to {}, so it would be done twice: join them with a parallel gateway first",
            )
            continue
        for way in ways:
            if way.marks in seen:
                continue
            seen.add(way.marks)
            found.update({("WAITS", fault.element): fault for fault in _stuck(draft, way.marks)})
            todo.extend(
                (way.marks - {mark}, draft.nodes[mark.node].outgoing)
                for mark in way.marks
                if draft.nodes[mark.node].kind == "task"
            )
    yield from found.values()
    if len(seen) > MAX_MARKINGS:
        words = Words(
            "并行的组合太多，无法逐一检查：请拆小流程", "Too many parallel combinations to check: split the process"
        )
        yield Fault(draft.line, draft.id, words, "TOO_COMPLEX")


def _stuck(draft: Draft, marks: frozenset[Mark]) -> Iterator[Fault]:
    if not marks or any(draft.nodes[mark.node].kind == "task" for mark in marks):
        return
    for one in sorted({mark.node for mark in marks}):
        yield _fault(
            draft.nodes[one],
            "WAITS_FOR_EVER",
            "并行网关{}会永远等下去：进来的线不会都走到（前面可能是排他网关）",
            "The parallel gateway {} would wait for ever: not all its incoming flows come (an exclusive split before?)",
        )
