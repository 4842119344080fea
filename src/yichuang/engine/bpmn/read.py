"""XML to a graph. Entities and document types are refused; every fault has its line."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, cast

from lxml import etree

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Act, Box, Fault, Flow, Joint, Kind, Node, ProcessFaults
from yichuang.engine.bpmn.names import DRAWN_ONLY, FLOW_NODES, KINDS, called
from yichuang.engine.feel.expression import Expression, compile_expression
from yichuang.engine.feel.scan import ExpressionError

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
WAY: Final = "http://www.omg.org/spec/DD/20100524/DI"
YC: Final = "https://yichuang.example/bpmn"
POST: Final = re.compile(r"[A-Za-z]\w*\.[A-Za-z]\w*", re.ASCII)
MAX_BYTES: Final = 1_000_000
MAX_NODES: Final = 300
MAX_SEATS: Final = 9
SEVERAL: Final = "multiInstanceLoopCharacteristics"


@dataclass
class Draft:
    """What was read, before it is checked."""

    id: str = ""
    name: Words = field(default_factory=lambda: Words("", ""))
    line: int = 1
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    def fault(self, at: etree._Element | int, element: str, code: str, zh: str, en: str) -> None:
        line = at if isinstance(at, int) else line_of(at)
        self.faults.append(Fault(line, element, Words(zh, en), code))


def read(xml: bytes, names: Collection[str] | None) -> Draft:
    """Everything in the file, with the faults of reading. Raises `ProcessFaults` when it is no BPMN at all."""
    root = _root(xml)
    draft = Draft()
    processes = [child for child in _children(root) if _tag(child) == "process"]
    for child in _children(root):
        _top(draft, child)
    if len(processes) != 1:
        draft.fault(
            root,
            "definitions",
            "ONE_PROCESS",
            f"文件里应有一个流程（process），实际有 {len(processes)} 个",
            f"The file must hold one process; it holds {len(processes)}",
        )
        raise ProcessFaults(tuple(draft.faults))
    _Reader(draft, processes[0], names).run()
    _read_drawing(draft, root)
    return draft


def _root(xml: bytes) -> etree._Element:
    if len(xml) > MAX_BYTES:
        raise _hopeless(1, "TOO_LARGE", "流程文件太大，最多 1 MB", "The process file is too large: at most 1 MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        words = f"{error.msg}"
        raise _hopeless(
            error.lineno or 1, "NO_XML", f"不是合法的 XML：{words}", f"Not well-formed XML: {words}"
        ) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _hopeless(1, "DOCTYPE", "流程文件不能带 DOCTYPE", "A process file may not have a DOCTYPE")
    if root.tag != f"{{{BPMN}}}definitions":
        raise _hopeless(1, "NO_BPMN", "这不是 BPMN 2.0 文件", "This is not a BPMN 2.0 file")
    return root


def _hopeless(line: int, code: str, zh: str, en: str) -> ProcessFaults:
    return ProcessFaults((Fault(line, "definitions", Words(zh, en), code),))


def line_of(element: etree._Element) -> int:
    """The line of the XML on which an element begins, from 1."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else 1


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """The BPMN children; what other namespaces add is for other tools."""
    for child in element:
        if isinstance(cast(object, child.tag), str) and etree.QName(child).namespace == BPMN:
            yield child


def _refuse(draft: Draft, element: etree._Element) -> None:
    name, label = called(_tag(element)), element.get("name") or element.get("id") or ""
    draft.fault(
        element,
        element.get("id") or _tag(element),
        "CANNOT_EXECUTE",
        f"还不能执行{name.zh}" + (f"“{label}”" if label else ""),
        f"Cannot execute this {name.en} yet" + (f": {element.get('id')}" if element.get("id") else ""),
    )


def _top(draft: Draft, element: etree._Element) -> None:
    tag = _tag(element)
    if tag == "collaboration":
        for child in _children(element):
            if _tag(child) not in DRAWN_ONLY | {"participant"}:
                _refuse(draft, child)
    elif tag not in DRAWN_ONLY | {"process"}:
        _refuse(draft, element)


class _Reader:
    def __init__(self, draft: Draft, process: etree._Element, names: Collection[str] | None) -> None:
        self.draft = draft
        self.process = process
        self.names = None if names is None else {*names, "outcomes"}
        self.posts: dict[str, str] = {}
        self.seen: set[str] = set()

    def run(self) -> None:
        draft = self.draft
        draft.id = self.process.get("id") or "process"
        draft.line = line_of(self.process)
        draft.name = self.words(self.process)
        for child in _children(self.process):
            if _tag(child) == "laneSet":
                self.lanes(child)
        for child in _children(self.process):
            self.element(child)
        for node in self.posts.keys() - draft.nodes.keys():
            draft.fault(
                draft.line, node, "LANE", f"泳道里写的“{node}”不存在", f"A lane names “{node}”, which is not there"
            )
        self.connect()

    def words(self, element: etree._Element) -> Words:
        """The name in both languages: `name`, and `yc:nameEn`; the second is needed where there is the first."""
        zh, en = (element.get("name") or "").strip(), (element.get(f"{{{YC}}}nameEn") or "").strip()
        if zh and not en:
            label = element.get("id") or _tag(element)
            self.draft.fault(
                element,
                label,
                "NO_ENGLISH",
                f"“{zh}”缺少英文名（yc:nameEn）",
                f"{label} has no English name (yc:nameEn)",
            )
        return Words(zh, en)

    def lanes(self, lane_set: etree._Element, post: str = "") -> None:
        for lane in _children(lane_set):
            if _tag(lane) != "lane":
                continue
            name = lane.get("name") or ""
            own = lane.get(f"{{{YC}}}post") or (name if POST.fullmatch(name) else post)
            for child in _children(lane):
                if _tag(child) == "flowNodeRef":
                    self.posts[(child.text or "").strip()] = own
                elif _tag(child) == "childLaneSet":
                    self.lanes(child, own)

    def element(self, element: etree._Element) -> None:
        tag = _tag(element)
        if tag in DRAWN_ONLY | {"laneSet"}:
            return
        if tag == "sequenceFlow":
            self.flow(element)
        elif tag in KINDS or tag in FLOW_NODES:
            self.node(element, tag)
        else:
            _refuse(self.draft, element)

    def identity(self, element: etree._Element) -> str:
        one = element.get("id") or ""
        if not one or one in self.seen:
            what = called(_tag(element))
            self.draft.fault(
                element,
                one or _tag(element),
                "ID",
                f"{what.zh}的 id “{one}”重复" if one else f"{what.zh}没有 id",
                f"The id “{one}” is used twice" if one else f"This {what.en} has no id",
            )
        self.seen.add(one)
        return one

    def node(self, element: etree._Element, tag: str) -> None:
        one = self.identity(element)
        if tag not in KINDS:
            _refuse(self.draft, element)
            self.draft.nodes[one] = Node(one, "unknown", Words("", ""), line_of(element))
            return
        for child in _children(element):
            if _tag(child) not in DRAWN_ONLY and not (tag == "userTask" and _tag(child) == SEVERAL):
                _refuse(self.draft, child)
        node = Node(
            one,
            cast(Kind, KINDS[tag]),
            self.words(element),
            line_of(element),
            default=element.get("default") or "",
            outcome=element.get(f"{{{YC}}}outcome") or "",
        )
        self.draft.nodes[one] = self.task(element, node) if node.kind == "task" else node

    def task(self, element: etree._Element, node: Node) -> Node:
        post = element.get(f"{{{YC}}}post") or self.posts.get(node.id, "")
        act = element.get(f"{{{YC}}}act") or "review"
        joint = None
        for several in element.findall(f"{{{BPMN}}}{SEVERAL}"):
            joint = Several(self.draft, node, several).joint(post, act)
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
        for child in _children(element):
            if _tag(child) == "conditionExpression":
                condition = self.condition(one, child)
            elif _tag(child) not in DRAWN_ONLY:
                _refuse(self.draft, child)
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
            draft.nodes[flow.source] = replace(source, outgoing=(*source.outgoing, flow.id))
            target = draft.nodes[flow.target]
            draft.nodes[flow.target] = replace(target, incoming=(*target.incoming, flow.id))
        if len(draft.nodes) > MAX_NODES:
            draft.fault(
                draft.line,
                draft.id,
                "TOO_MANY",
                f"流程节点太多，最多 {MAX_NODES} 个",
                f"The process has too many nodes: at most {MAX_NODES}",
            )


class Several:
    """联合审查: the multi-instance marker of a user task. Whatever it says that is not understood is a fault."""

    def __init__(self, draft: Draft, node: Node, element: etree._Element) -> None:
        self.draft, self.node, self.element = draft, node, element
        self.wrong: list[str] = []

    def joint(self, post: str, act: str) -> Joint | None:
        """The seats and how many must agree; None when there is a fault."""
        self._only_what_is_known()
        if act != "review":
            self._fault('联合办理只能用于审查任务（yc:act="review"）', 'Several may only review (yc:act="review")')
        seats = self._seats(post)
        if self.wrong:
            return None
        if not 2 <= len(seats) <= MAX_SEATS:
            self._fault(
                f'联合办理要有 2 至 {MAX_SEATS} 个席位：写 yc:posts="甲.岗 乙.岗"，或 yc:count="人数"',
                f'Several are 2 to {MAX_SEATS}: name yc:posts="A.post B.post", or yc:count="persons"',
            )
        need = self._need(len(seats))
        return None if self.wrong else Joint(seats, need)

    def _fault(self, zh: str, en: str) -> None:
        self.wrong.append(en)
        label = self.node.name.zh or self.node.id
        self.draft.fault(self.element, self.node.id, "JOINT", f"任务“{label}”：{zh}", f"Task “{self.node.id}”: {en}")

    def _only_what_is_known(self) -> None:
        known = {"id", "isSequential", *(f"{{{YC}}}{name}" for name in ("posts", "count", "need"))}
        for name in sorted({str(key) for key in self.element.attrib} - known):
            self._fault(f"多实例不认识属性 {name}", f"a multi-instance marker has no attribute {name}")
        for child in _children(self.element):
            if _tag(child) not in DRAWN_ONLY | {"loopCardinality"}:
                self._fault(
                    f"多实例还不能执行 {_tag(child)}：同意人数请写 yc:need",
                    f"cannot execute {_tag(child)} of a multi-instance marker yet: say with yc:need how many must agree",
                )
        if self.element.get("isSequential", "false") != "false":
            self._fault("还不能执行依次多实例，只能并行", "several can only work side by side, not one after the other")

    def _seats(self, post: str) -> tuple[str, ...]:
        named = (self.element.get(f"{{{YC}}}posts") or "").split()
        cardinality = self.element.findtext(f"{{{BPMN}}}loopCardinality")
        counted = [text for text in (self.element.get(f"{{{YC}}}count"), cardinality) if text is not None]
        if len(counted) + bool(named) != 1:
            self._fault(
                "yc:posts、yc:count（或 loopCardinality）只能写一个，且必须写一个",
                "name one of yc:posts and yc:count (or loopCardinality), and only one",
            )
            return ()
        if named:
            if not all(POST.fullmatch(one) for one in named) or len(set(named)) < len(named):
                self._fault("yc:posts 应是不重复的“部门.岗位”，以空格隔开", "yc:posts are different posts DEPT.post")
            return tuple(named)
        return (post,) * self._number(counted[0], "yc:count")

    def _need(self, seats: int) -> int:
        said = self.element.get(f"{{{YC}}}need", "all")
        need = {"all": seats, "any": 1}.get(said)
        if need is None:
            need = self._number(said, "yc:need")
        if not self.wrong and not 1 <= need <= seats:
            self._fault(
                f"yc:need 应在 1 到席位数 {seats} 之间，或写 all、any",
                f"yc:need is between 1 and the {seats} seats, or all, or any",
            )
        return need

    def _number(self, text: str, what: str) -> int:
        if not re.fullmatch(r"[1-9][0-9]?", text.strip(), re.ASCII):
            self._fault(f"{what} 应是整数，不能是“{text.strip()}”", f"{what} is a whole number, not “{text.strip()}”")
            return 0
        return int(text)


def _read_drawing(draft: Draft, root: etree._Element) -> None:
    """The BPMN DI part, where the author's tool has placed things; unreadable numbers mean: not placed."""
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None and (numbers := _numbers(bounds, "x", "y", "width", "height")):
            draft.boxes[shape.get("bpmnElement") or ""] = Box(*numbers)
    for edge in root.iter(f"{{{DI}}}BPMNEdge"):
        points = [_numbers(point, "x", "y") for point in edge.iter(f"{{{WAY}}}waypoint")]
        if len(points) >= 2 and all(points):
            draft.lines[edge.get("bpmnElement") or ""] = tuple((x, y) for x, y in points)


def _numbers(element: etree._Element, *keys: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(element.get(key) or "") for key in keys)
    except ValueError:
        return ()
    return numbers if all(abs(number) < 100_000 for number in numbers) else ()
