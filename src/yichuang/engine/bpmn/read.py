"""XML to a graph: nodes and flows of the process, of its sub-processes and of the processes that it calls."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final, cast

from lxml import etree

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import ACTIVITIES, Act, Flow, Kind, Node, ProcessFaults
from yichuang.engine.bpmn.names import DRAWN_ONLY, FLOW_NODES, KINDS, SEVERAL_TIMES, called
from yichuang.engine.bpmn.several import Joints, read_several
from yichuang.engine.bpmn.triggers import Triggers, names_of
from yichuang.engine.bpmn.xml import (
    BPMN,
    MAX_NODES,
    POST,
    SEVERAL,
    YC,
    Draft,
    children,
    line_of,
    read_drawing,
    refuse,
    root_of,
    tag_of,
)
from yichuang.engine.feel.expression import Expression, compile_expression
from yichuang.engine.feel.scan import ExpressionError

TOP: Final = DRAWN_ONLY | {"process", "message", "signal", "error", "itemDefinition"}
LOCAL: Final = frozenset({"loopCounter"})
COUNTS: Final = frozenset({"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "nrOfAgreed"})
WORK: Final = {"serviceTask": "service", "businessRuleTask": "rule", "sendTask": "send"}


def read(xml: bytes, names: Collection[str] | None, only: str = "") -> Draft:
    """Everything in the file, with the faults of reading. Raises `ProcessFaults` when it is no BPMN at all.

    A file holds one process, and the ones that it calls. `only`: the id of a process to read whatever else is there.
    """
    root = root_of(xml)
    draft = Draft()
    processes = {child.get("id") or "": child for child in children(root) if tag_of(child) == "process"}
    for child in children(root):
        _top(draft, child)
    mains = [only] if only in processes else _mains(processes)
    if len(mains) != 1:
        draft.fault(
            root,
            "definitions",
            "ONE_PROCESS",
            f"文件里应有一个流程（process），实际有 {len(mains)} 个",
            f"The file must hold one process; it holds {len(mains)}",
        )
        raise ProcessFaults(tuple(draft.faults))
    _Reader(draft, root, processes, names).run(mains[0])
    read_drawing(draft, root)
    return draft


def _mains(processes: dict[str, etree._Element]) -> list[str]:
    """The processes that no other one in the file calls."""
    called_ones = {
        (call.get("calledElement") or "").rpartition(":")[2]
        for one, process in processes.items()
        for call in process.iter(f"{{{BPMN}}}callActivity")
        if (call.get("calledElement") or "").rpartition(":")[2] != one
    }
    return [one for one in processes if one not in called_ones]


def _top(draft: Draft, element: etree._Element) -> None:
    tag = tag_of(element)
    if tag == "collaboration":
        for child in children(element):
            if tag_of(child) not in DRAWN_ONLY | {"participant"}:
                refuse(draft, child)
    elif tag not in TOP:
        refuse(draft, element)


class _Reader:
    def __init__(
        self, draft: Draft, root: etree._Element, processes: dict[str, etree._Element], names: Collection[str] | None
    ) -> None:
        self.draft = draft
        self.processes = processes
        self.names = None if names is None else {*names, "outcomes", *LOCAL, *_items(root)}
        self.triggers = Triggers(draft, names_of(root), self.names)
        self.posts: dict[str, str] = {}
        self.seen: set[str] = set()
        self.inside: list[tuple[str, str]] = []  # (container, post of the sub-process) that is being read

    def run(self, main: str) -> None:
        draft, process = self.draft, self.processes[main]
        draft.id = main or "process"
        draft.line = line_of(process)
        draft.name = self.words(process)
        self.container(process, draft.id, "")
        for node in self.posts.keys() - draft.nodes.keys():
            draft.fault(
                draft.line, node, "LANE", f"泳道里写的“{node}”不存在", f"A lane names “{node}”, which is not there"
            )
        self.connect()

    def container(self, element: etree._Element, one: str, post: str) -> None:
        """All that stands in a process or sub-process."""
        self.inside.append((one, post))
        for child in children(element):
            if tag_of(child) == "laneSet":
                self.lanes(child)
        for child in children(element):
            self.element(child)
        self.inside.pop()

    def words(self, element: etree._Element) -> Words:
        """The name in both languages: `name`, and `yc:nameEn`; the second is needed where there is the first."""
        zh, en = (" ".join((element.get(key) or "").split()) for key in ("name", f"{{{YC}}}nameEn"))
        if zh and not en:
            label = element.get("id") or tag_of(element)
            self.draft.fault(
                element,
                label,
                "NO_ENGLISH",
                f"“{zh}”缺少英文名（yc:nameEn）",
                f"{label} has no English name (yc:nameEn)",
            )
        return Words(zh, en)

    def lanes(self, lane_set: etree._Element, post: str = "") -> None:
        for lane in children(lane_set):
            if tag_of(lane) != "lane":
                continue
            name = lane.get("name") or ""
            own = lane.get(f"{{{YC}}}post") or (name if POST.fullmatch(name) else post)
            for child in children(lane):
                if tag_of(child) == "flowNodeRef":
                    self.posts[(child.text or "").strip()] = own
                elif tag_of(child) == "childLaneSet":
                    self.lanes(child, own)

    def element(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if tag in DRAWN_ONLY | {"laneSet"} or tag == SEVERAL:
            return
        if tag == "sequenceFlow":
            self.flow(element)
        elif tag in KINDS or tag in FLOW_NODES:
            self.node(element, tag)
        else:
            refuse(self.draft, element)

    def identity(self, element: etree._Element) -> str:
        one = element.get("id") or ""
        if not one or one in self.seen:
            what = called(tag_of(element))
            self.draft.fault(
                element,
                one or tag_of(element),
                "ID",
                f"{what.zh}的 id “{one}”重复" if one else f"{what.zh}没有 id",
                f"The id “{one}” is used twice" if one else f"This {what.en} has no id",
            )
        self.seen.add(one)
        return one

    def node(self, element: etree._Element, tag: str) -> None:
        one = self.identity(element)
        container = self.inside[-1][0]
        refused = tag not in KINDS or element.get("triggeredByEvent") == "true"
        if refused:
            refuse(self.draft, element)
            self.draft.nodes[one] = Node(one, "unknown", Words("", ""), line_of(element), container=container)
            return
        self._only_known(element, tag)
        node = Node(
            one,
            cast(Kind, KINDS[tag]),
            self.words(element),
            line_of(element),
            default=element.get("default") or "",
            outcome=element.get(f"{{{YC}}}outcome") or "",
            container=container,
        )
        if node.kind == "task":
            node = self.task(element, node)
        elif tag in SEVERAL_TIMES:
            node = self.activity(element, tag, node)
        elif tag.endswith("Event"):
            node = self.event(element, tag, replace(node, circle=True))
        self.draft.nodes[one] = node

    def _only_known(self, element: etree._Element, tag: str) -> None:
        if tag == "subProcess":
            return
        for child in children(element):
            name = tag_of(child)
            if name in DRAWN_ONLY or (name == SEVERAL and tag in SEVERAL_TIMES):
                continue
            if not (name.endswith("EventDefinition") and tag.endswith("Event")):
                refuse(self.draft, child)

    def event(self, element: etree._Element, tag: str, node: Node) -> Node:
        trigger = self.triggers.of(element, node.id)
        if trigger and trigger.kind == "message" and tag in {"endEvent", "intermediateThrowEvent"}:
            return replace(node, kind="work", work="send", key=trigger.name, ends=tag == "endEvent")
        node = replace(node, trigger=trigger)
        if tag == "boundaryEvent":
            attached = element.get("attachedToRef") or ""
            node = replace(node, attached=attached, interrupting=element.get("cancelActivity", "true") != "false")
        return node

    def activity(self, element: etree._Element, tag: str, node: Node) -> Node:
        """What is no user task: work done outside, a message that is waited for, a process within."""
        for marker in element.findall(f"{{{BPMN}}}{SEVERAL}"):
            node = replace(node, several=read_several(self.triggers, node, marker, COUNTS))
        if tag == "subProcess":
            self.container(element, node.id, self.posts.get(node.id, self.inside[-1][1]))
            return replace(node, body=node.id)
        if tag == "callActivity":
            return self.call(element, node)
        key = self._key(element, tag)
        if not key:
            label, what = node.name.zh or node.id, called(tag)
            self.draft.fault(
                element,
                node.id,
                "NO_OPERATION",
                f"{what.zh}“{label}”没有写明做什么：请加 yc:operation（发送、接收用 messageRef）",
                f"The {what.en} “{node.id}” does not say what is to be done: yc:operation (messageRef to send, receive)",
            )
        if tag == "receiveTask":
            return replace(node, trigger=self.triggers.message(key) if key else None)
        return replace(node, work=cast(Any, WORK[tag]), key=key)

    def _key(self, element: etree._Element, tag: str) -> str:
        if tag in {"sendTask", "receiveTask"}:
            message = self.triggers.names.get((element.get("messageRef") or "").rpartition(":")[2], "")
            return message or element.get(f"{{{YC}}}operation") or ""
        return element.get(f"{{{YC}}}operation") or element.get(f"{{{YC}}}decision") or ""

    def call(self, element: etree._Element, node: Node) -> Node:
        """A call activity (调用活动): the called process is in the same file, so that a version holds all that it runs."""
        wanted = (element.get("calledElement") or "").rpartition(":")[2]
        if any(one == wanted for one, _ in self.inside):
            words = f"“{node.id}”调用了它自己所在的流程", f"“{node.id}” calls the process that it stands in"
            self.draft.fault(element, node.id, "CALLS_ITSELF", *words)
        elif wanted not in self.processes:
            label = wanted or "（空）"
            self.draft.fault(
                element,
                node.id,
                "NO_PROCESS",
                f"“{node.id}”调用的流程“{label}”不在本文件里：请一并放入",
                f"“{node.id}” calls the process “{wanted}”, which is not in this file: put it in",
            )
        elif wanted not in self.draft.calls:
            self.draft.calls[wanted] = node.id
            self.container(self.processes[wanted], wanted, "")
        return replace(node, body=wanted)

    def task(self, element: etree._Element, node: Node) -> Node:
        post = element.get(f"{{{YC}}}post") or self.posts.get(node.id, "") or self.inside[-1][1]
        act = element.get(f"{{{YC}}}act") or "review"
        joint = None
        for marker in element.findall(f"{{{BPMN}}}{SEVERAL}"):
            several = Joints(self.draft, node, marker)
            if several.is_general():
                node = replace(node, several=several.general(self.triggers, post, act, COUNTS))
                post = post or (node.several.posts[0] if node.several and node.several.posts else "")
            else:
                joint = several.joint(post, act)
                post = post or (joint.posts[0] if joint else "")
        label = node.name.zh or node.id
        if not node.name.zh:
            self.draft.fault(
                element, node.id, "NO_NAME", f"任务“{node.id}”没有名称（name）", f"The task “{node.id}” has no name"
            )
        if not POST.fullmatch(post):
            self.draft.fault(
                element,
                node.id,
                "NO_POST",
                f'任务“{label}”没有写明岗位：请加 yc:post="部门.岗位"，或放进以岗位命名的泳道',
                f'The task “{node.id}” names no post: add yc:post="DEPT.post", or put it into a lane named so',
            )
        if act not in {"review", "decide", "inspect"}:
            self.draft.fault(
                element,
                node.id,
                "ACT",
                f"任务“{label}”的 yc:act 只能是 review（审查）、inspect（现场核查）或 decide（决定）",
                f"yc:act of the task “{node.id}” must be review, inspect or decide",
            )
        return replace(node, post=post, act=cast(Act, act), joint=joint)

    def flow(self, element: etree._Element) -> None:
        one = self.identity(element)
        condition: Expression | None = None
        for child in children(element):
            if tag_of(child) == "conditionExpression":
                condition = self.condition(one, child)
            elif tag_of(child) not in DRAWN_ONLY:
                refuse(self.draft, child)
        source, target = element.get("sourceRef") or "", element.get("targetRef") or ""
        self.draft.flows[one] = Flow(one, source, target, self.words(element), condition, line_of(element))

    def condition(self, flow: str, element: etree._Element) -> Expression | None:
        language = element.get("language") or "FEEL"
        if "feel" not in language.lower():
            self.draft.fault(
                element,
                flow,
                "LANGUAGE",
                f"条件要用 FEEL 书写，不能用 {language}",
                f"Conditions are FEEL, not {language}",
            )
            return None
        try:
            return compile_expression((element.text or "").strip(), names=self.names)
        except ExpressionError as error:
            self.draft.fault(
                element,
                flow,
                "CONDITION",
                f"条件第 {error.column} 列：{error.message.zh}",
                f"Condition, column {error.column}: {error.message.en}",
            )
            return None

    def connect(self) -> None:
        """Tell each node its flows, in the order of the XML."""
        draft = self.draft
        for flow in list(draft.flows.values()):
            loose = [end or "（空）" for end in (flow.source, flow.target) if end not in draft.nodes]
            for end in loose:
                draft.fault(
                    flow.line,
                    flow.id,
                    "LOOSE_FLOW",
                    f"顺序流“{flow.id}”接到了不存在的“{end}”",
                    f"The sequence flow “{flow.id}” leads to “{end}”, which is not there",
                )
            if loose:
                del draft.flows[flow.id]
                continue
            source = draft.nodes[flow.source]
            if source.container != draft.nodes[flow.target].container:
                draft.fault(
                    flow.line,
                    flow.id,
                    "CROSSES",
                    f"顺序流“{flow.id}”越过了子流程的边界",
                    f"The sequence flow “{flow.id}” crosses the edge of a sub-process",
                )
            draft.nodes[flow.source] = replace(source, outgoing=(*source.outgoing, flow.id))
            target = draft.nodes[flow.target]
            draft.nodes[flow.target] = replace(target, incoming=(*target.incoming, flow.id))
        self._attach()
        for node in draft.nodes.values():
            if node.kind == "start":
                draft.starts.setdefault(node.container, node.id)
        if len(draft.nodes) > MAX_NODES:
            draft.fault(
                draft.line,
                draft.id,
                "TOO_MANY",
                f"流程节点太多，最多 {MAX_NODES} 个",
                f"The process has too many nodes: at most {MAX_NODES}",
            )

    def _attach(self) -> None:
        """Tell each activity its boundary events."""
        for node in [one for one in self.draft.nodes.values() if one.kind == "boundary"]:
            activity = self.draft.nodes.get(node.attached)
            if (
                activity is None
                or activity.kind not in ACTIVITIES | {"unknown"}
                or activity.container != node.container
            ):
                self.draft.fault(
                    node.line,
                    node.id,
                    "ATTACHED",
                    f"边界事件“{node.id}”没有附在任务或子流程上",
                    f"The boundary event “{node.id}” is not attached to a task or sub-process",
                )
                continue
            self.draft.nodes[activity.id] = replace(activity, boundaries=(*activity.boundaries, node.id))


def _items(root: etree._Element) -> set[str]:
    """What the instances of several are named in conditions."""
    markers = root.iter(f"{{{BPMN}}}{SEVERAL}")
    return {marker.get(f"{{{YC}}}item") or "item" for marker in markers}
