"""Is a process sound? Every fault at once: dead ends, forks by accident, waiting for ever, doing a thing twice."""

from collections.abc import Iterator
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.bpmn.explore import explore
from yichuang.engine.bpmn.graph import WAITS, Fault, Flow, Net, Node, reachable
from yichuang.engine.bpmn.run import MAX_WAYS, Mark
from yichuang.engine.bpmn.xml import Draft

MAX_MARKINGS: Final = 20_000
WARNINGS: Final = frozenset({"IMPLICIT_FORK", "UNCAUGHT"})
"""What is executed as the standard says, but is often an accident: said, not refused."""
GATEWAYS: Final = frozenset({"exclusive", "parallel", "inclusive", "throw"})


def check(draft: Draft) -> tuple[Fault, ...]:
    """All faults: of reading, of each node, of the whole; and, when there is none, of the behaviour."""
    faults = [*draft.faults]
    for node in draft.nodes.values():
        faults.extend(_node(draft, node))
    for flow in draft.flows.values():
        faults.extend(_flow(draft, flow))
    faults.extend(_whole(draft))
    if all(fault.code in WARNINGS for fault in faults):
        faults.extend(_behaviour(draft))
    return tuple(faults)


def _fault(node: Node | Flow, code: str, zh: str, en: str) -> Fault:
    label = f"“{node.name.zh or node.id}”"
    return Fault(node.line, node.id, Words(zh.format(label), en.format(f"“{node.id}”")), code)


def _node(draft: Draft, node: Node) -> Iterator[Fault]:
    if node.kind == "unknown":
        return
    yield from _ways_in(node)
    if (node.kind == "end" or node.ends) and node.outgoing:
        yield _fault(node, "END", "结束事件{}之后不能再有流程线", "Nothing may follow the end event {}")
    if node.kind != "end" and not node.ends and not node.outgoing:
        yield _fault(node, "DEAD_END", "{}之后没有流程线，流程停在这里", "Nothing follows {}: the process stops there")
    if node.kind in {"exclusive", "inclusive"}:
        yield from _decides(draft, node)
    elif node.kind == "event":
        yield from _event_gateway(draft, node)
    elif node.kind != "parallel":
        yield from _implicit(draft, node)


def _ways_in(node: Node) -> Iterator[Fault]:
    if node.kind == "start" and node.incoming:
        yield _fault(node, "START", "没有流程线可以进入开始事件{}", "Nothing may lead into the start event {}")
    if node.kind == "boundary" and node.incoming:
        yield _fault(node, "BOUNDARY", "没有流程线可以进入边界事件{}", "Nothing may lead into the boundary event {}")
    if node.kind not in {"start", "boundary"} and not node.incoming:
        yield _fault(node, "UNREACHABLE", "{}没有流程线进入，永远走不到", "Nothing leads into {}: it is never reached")


def _implicit(draft: Draft, node: Node) -> Iterator[Fault]:
    """Several flows out of what is no gateway (implicit split): all of them are taken, or those whose condition holds."""
    bare = [one for one in node.outgoing if draft.flows[one].condition is None and one != node.default]
    if len(bare) > 1:
        yield _fault(
            node,
            "IMPLICIT_FORK",
            "{}之后直接分出多条线，会同时进行：请加并行网关写明，只走一条请加排他网关",
            "Several flows leave {} and all are taken: add a parallel gateway to say so, or an exclusive one to take one",
        )
    if node.default and node.default not in node.outgoing:
        yield _fault(node, "DEFAULT", "{}的默认流不是它的出线", "The default flow of {} does not leave it")


def _event_gateway(draft: Draft, node: Node) -> Iterator[Fault]:
    for flow in node.outgoing:
        target = draft.nodes[draft.flows[flow].target]
        if (target.kind not in {"catch", "receive", "unknown"} or len(target.incoming) != 1) or target.boundaries:
            yield _fault(
                target,
                "EVENT_GATEWAY",
                "事件网关之后只能直接接等待事件或接收任务，{}不是",
                "Only waiting events and receive tasks follow an event-based gateway directly: {} is none",
            )


GATE: Final = {"exclusive": ("排他网关", "exclusive"), "inclusive": ("包容网关", "inclusive")}


def _decides(draft: Draft, node: Node) -> Iterator[Fault]:
    zh, en = GATE[node.kind]
    if node.default and node.default not in node.outgoing:
        yield _fault(node, "DEFAULT", zh + "{}的默认流不是它的出线", "The default flow of {} does not leave it")
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
                zh + "的出线{}没有条件，也不是默认流",
                f"The flow {{}} leaves an {en} gateway without a condition and is not its default",
            )
    if not node.default:
        yield _fault(
            node,
            "NO_DEFAULT",
            zh + "{}没有默认流：条件都不成立时流程会停住",
            f"The {en} gateway {{}} has no default flow: when no condition holds, the process would stop",
        )
    if node.kind == "inclusive" and len(flows) > MAX_WAYS:
        yield _fault(node, "TOO_MANY_WAYS", "包容网关{}的出线太多，最多八条", "Too many flows leave {}: at most eight")


def _reported(draft: Draft, flow: Flow) -> bool:
    """Whether the condition is missing only because it could not be read."""
    return any(fault.element == flow.id and fault.code in {"CONDITION", "LANGUAGE"} for fault in draft.faults)


def _flow(draft: Draft, flow: Flow) -> Iterator[Fault]:
    if flow.condition is None:
        return
    source = draft.nodes[flow.source]
    if source.kind not in {"exclusive", "inclusive", "unknown"} and not (
        source.kind in WAITS - {"event"} and source.default
    ):
        yield _fault(
            flow,
            "CONDITION_PLACE",
            "流程线{}有条件，但不是从排他或包容网关出来的，也不是从有默认流的任务出来的",
            "The flow {} has a condition but leaves neither a gateway that decides nor a task with a default flow",
        )
    for path in sorted(flow.condition.paths):
        root, _, task = path.partition(".")
        if root == "outcomes" and (task not in draft.nodes or draft.nodes[task].kind not in WAITS):
            label = Words(f"流程线{{}}的条件提到的任务“{task}”不存在", f"The condition of {{}} names the task “{task}”")
            yield _fault(flow, "NO_SUCH_TASK", label.zh, f"{label.en}, which is not there")


def _whole(draft: Draft) -> Iterator[Fault]:
    for one in (draft.id, *draft.calls, *(node.body for node in draft.nodes.values() if node.kind == "sub")):
        if one == draft.id or one in draft.calls or one in draft.nodes:
            yield from _container(draft, one)
    main = draft.starts.get(draft.id)
    if main is not None:
        reached = reachable(draft.nodes, draft.flows, (main,), draft.starts)
        for node in draft.nodes.values():
            if node.id not in reached and (node.incoming or node.kind == "start") and node.container in draft.starts:
                if node.kind == "start" and draft.starts[node.container] != node.id:
                    continue  # one of several: said already
                yield _fault(node, "UNREACHABLE", "从开始走不到{}", "{} cannot be reached from the start")
    yield from _loops(draft)
    yield from _uncaught(draft)


def _container(draft: Draft, one: str) -> Iterator[Fault]:
    """A process, and each sub-process, has one start and an end."""
    inside = [node for node in draft.nodes.values() if node.container == one]
    what_zh, what_en, line = "流程", "A process", draft.line
    if one != draft.id:
        holder = draft.nodes[draft.calls.get(one, one)]
        what_zh, what_en, line = f"子流程“{holder.name.zh or one}”", f"The sub-process “{one}”", holder.line
    starts = sum(node.kind == "start" for node in inside)
    if starts != 1:
        zh, en = f"{what_zh}应有一个开始事件，实际有 {starts} 个", f"{what_en} has one start event, not {starts}"
        yield Fault(line, one, Words(zh, en), "ONE_START")
    if not any(node.kind == "end" or node.ends for node in inside):
        words = Words(f"{what_zh}没有结束事件", f"{what_en} has no end event".replace("A process", "The process"))
        yield Fault(line, one, words, "NO_END")


def _loops(draft: Draft) -> Iterator[Fault]:
    """A way round through gateways alone would never stop."""
    for node in draft.nodes.values():
        if node.kind not in GATEWAYS:
            continue
        seen, todo = set[str](), [draft.flows[one].target for one in node.outgoing]
        while todo:
            one = todo.pop()
            if one in seen or draft.nodes[one].kind in WAITS:
                continue
            seen.add(one)
            todo.extend(draft.flows[flow].target for flow in draft.nodes[one].outgoing)
        if node.id in seen:
            yield _fault(
                node, "LOOP", "网关{}在没有任务的环里，会永远转圈", "{} is on a loop without a task: it never ends"
            )


def _uncaught(draft: Draft) -> Iterator[Fault]:
    """An error end that nothing catches ends the whole process."""
    for node in draft.nodes.values():
        if node.kind != "end" or node.trigger is None or node.trigger.kind != "error" or node.container == draft.id:
            continue
        if not _caught(draft, node.container, node.trigger.name):
            yield _fault(
                node,
                "UNCAUGHT",
                "错误结束{}没有边界事件接住，整个流程会就此结束",
                "No boundary event catches the error end {}: the whole process would end",
            )


def _caught(draft: Draft, container: str, code: str) -> bool:
    holders = [node for node in draft.nodes.values() if node.body == container]
    return bool(holders) and all(
        any(
            (trigger := draft.nodes[one].trigger) and trigger.kind == "error" and trigger.name in {"", code}
            for one in node.boundaries
        )
        or (node.container != draft.id and _caught(draft, node.container, code))
        for node in holders
    )


def _behaviour(draft: Draft) -> Iterator[Fault]:
    """Walk through everything that can happen in each process and sub-process: whatever its gateways choose."""
    net = Net(draft.nodes, draft.flows)
    found: dict[tuple[str, str], Fault] = {}
    for start in draft.starts.values():
        result = explore(net, start, MAX_MARKINGS)
        for one in result.crowded:
            found[("TWICE", one)] = _fault(
                draft.nodes[one],
                "TWICE",
                "两条并行的路会同时走到{}，它会被做两次：请先用并行网关汇合",
                "Two parallel ways lead to {}, so it would be done twice: join them with a parallel gateway first",
            )
        for marks in result.markings:
            found.update({("WAITS", fault.element): fault for fault in _stuck(draft, marks)})
        if result.endless:
            words = Words(
                "并行的组合太多，无法逐一检查：请拆小流程", "Too many parallel combinations to check: split the process"
            )
            found[("TOO_COMPLEX", start)] = Fault(draft.line, draft.id, words, "TOO_COMPLEX")
    yield from found.values()


def _stuck(draft: Draft, marks: frozenset[Mark]) -> Iterator[Fault]:
    if not marks or any(draft.nodes[mark.node].kind in WAITS for mark in marks):
        return
    for one in sorted({mark.node for mark in marks}):
        yield _fault(
            draft.nodes[one],
            "WAITS_FOR_EVER",
            "汇合网关{}会永远等下去：进来的线不会都走到（前面可能是排他网关）",
            "The gateway {} would wait for ever: not all its incoming flows come (an exclusive split before?)",
        )
