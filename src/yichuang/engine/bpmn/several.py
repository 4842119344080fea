"""会签与多实例: the multi-instance marker, as BPMN and our own attributes write it."""

import re
from typing import Final

from lxml import etree

from yichuang.engine.bpmn.graph import Joint, Node, Several
from yichuang.engine.bpmn.names import DRAWN_ONLY
from yichuang.engine.bpmn.triggers import Triggers
from yichuang.engine.bpmn.xml import BPMN, MAX_SEATS, POST, YC, Draft, children, tag_of

NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
WHOLE: Final = re.compile(r"[0-9]+", re.ASCII)


def read_several(triggers: Triggers, node: Node, element: etree._Element, counts: frozenset[str]) -> Several | None:
    """The general marker: `loopCardinality` (FEEL) or `yc:items` (a list of the variables), and `completionCondition`."""
    marker = Joints(triggers.draft, node, element)
    marker.only({"items", "item"}, {"loopCardinality", "completionCondition"})
    count, items = element.findtext(f"{{{BPMN}}}loopCardinality"), element.get(f"{{{YC}}}items")
    if (count is None) == (items is None):
        marker.fault(
            "多实例要写明次数：loopCardinality 或 yc:items（变量里的列表）二者之一",
            "several say how many: loopCardinality, or yc:items (a list of the variables)",
        )
    item = element.get(f"{{{YC}}}item") or "item"
    if not NAME.fullmatch(item):
        marker.fault("yc:item 应是变量名", "yc:item is the name of a variable")
    until = element.findtext(f"{{{BPMN}}}completionCondition")
    before = len(triggers.draft.faults)
    found = Several(
        sequential=element.get("isSequential") == "true",
        count=triggers.expression(element, node.id, count.strip()) if count is not None else None,
        items=triggers.expression(element, node.id, items.strip()) if items is not None else None,
        item=item,
        until=triggers.expression(element, node.id, until.strip(), counts) if until is not None else None,
    )
    return None if marker.wrong or len(triggers.draft.faults) > before else found


class Joints:
    """联合审查: the multi-instance marker of a user task. Whatever it says that is not understood is a fault."""

    def __init__(self, draft: Draft, node: Node, element: etree._Element) -> None:
        self.draft, self.node, self.element = draft, node, element
        self.wrong: list[str] = []

    def joint(self, post: str, act: str, more: frozenset[str] | set[str] = frozenset()) -> Joint | None:
        """The seats and how many must agree; None when there is a fault."""
        self.only({"posts", "count", "need"}, {"loopCardinality", *more})
        if act != "review":
            self.fault('联合办理只能用于审查任务（yc:act="review"）', 'Several may only review (yc:act="review")')
        seats = self._seats(post)
        if self.wrong:
            return None
        if not 2 <= len(seats) <= MAX_SEATS:
            self.fault(
                f'联合办理要有 2 至 {MAX_SEATS} 个席位：写 yc:posts="甲.岗 乙.岗"，或 yc:count="人数"',
                f'Several are 2 to {MAX_SEATS}: name yc:posts="A.post B.post", or yc:count="persons"',
            )
        need = self._need(len(seats))
        return None if self.wrong else Joint(seats, need)

    def fault(self, zh: str, en: str) -> None:
        self.wrong.append(en)
        label = self.node.name.zh or self.node.id
        self.draft.fault(self.element, self.node.id, "JOINT", f"任务“{label}”：{zh}", f"Task “{self.node.id}”: {en}")

    def is_general(self) -> bool:
        """Whether it is more than seats side by side: one after the other, a count that is computed, a condition."""
        element = self.element
        count = (element.findtext(f"{{{BPMN}}}loopCardinality") or "1").strip()
        return (
            element.get("isSequential") == "true"
            or element.get(f"{{{YC}}}items") is not None
            or element.find(f"{{{BPMN}}}completionCondition") is not None
            or (count[:1].isalpha() and not self._is_seats())
        )

    def _is_seats(self) -> bool:
        return any(self.element.get(f"{{{YC}}}{name}") is not None for name in ("posts", "count", "need"))

    def general(self, triggers: Triggers, post: str, act: str, counts: frozenset[str]) -> Several | None:
        """Several of a user task: seats (`yc:posts`, `yc:count`, `yc:need`) one after the other, or the general marker."""
        if not self._is_seats():
            return read_several(triggers, self.node, self.element, counts)
        until = self.element.findtext(f"{{{BPMN}}}completionCondition")
        found = self.joint(post, act, more={"completionCondition"})
        condition = triggers.expression(self.element, self.node.id, until.strip(), counts) if until else None
        if found is None or (until and condition is None):
            return None
        sequential = self.element.get("isSequential") == "true"
        return Several(sequential, posts=found.posts, need=0 if condition else found.need, until=condition)

    def only(self, attributes: set[str], elements: set[str]) -> None:
        """A fault for each attribute and element that is not known."""
        known = {"id", "isSequential", *(f"{{{YC}}}{name}" for name in attributes)}
        for name in sorted({str(key) for key in self.element.attrib} - known):
            self.fault(f"多实例不认识属性 {name}", f"a multi-instance marker has no attribute {name}")
        for child in children(self.element):
            if tag_of(child) not in DRAWN_ONLY | elements:
                self.fault(
                    f"多实例还不能执行 {tag_of(child)}",
                    f"cannot execute {tag_of(child)} of a multi-instance marker yet",
                )

    def _seats(self, post: str) -> tuple[str, ...]:
        named = (self.element.get(f"{{{YC}}}posts") or "").split()
        cardinality = self.element.findtext(f"{{{BPMN}}}loopCardinality")
        counted = [text for text in (self.element.get(f"{{{YC}}}count"), cardinality) if text is not None]
        if len(counted) + bool(named) != 1:
            self.fault(
                "yc:posts、yc:count（或 loopCardinality）只能写一个，且必须写一个",
                "name one of yc:posts and yc:count (or loopCardinality), and only one",
            )
            return ()
        if named:
            if not all(POST.fullmatch(one) for one in named) or len(set(named)) < len(named):
                self.fault("yc:posts 应是不重复的“部门.岗位”，以空格隔开", "yc:posts are different posts DEPT.post")
            return tuple(named)
        return (post,) * self._number(counted[0], "yc:count")

    def _need(self, seats: int) -> int:
        said = self.element.get(f"{{{YC}}}need", "all")
        need = {"all": seats, "any": 1}.get(said)
        if need is None:
            need = self._number(said, "yc:need")
        if not self.wrong and not 1 <= need <= seats:
            self.fault(
                f"yc:need 应在 1 到席位数 {seats} 之间，或写 all、any",
                f"yc:need is between 1 and the {seats} seats, or all, or any",
            )
        return need

    def _number(self, text: str, what: str) -> int:
        if not re.fullmatch(r"[1-9][0-9]?", text.strip(), re.ASCII):
            self.fault(f"{what} 应是整数，不能是“{text.strip()}”", f"{what} is a whole number, not “{text.strip()}”")
            return 0
        return int(text)
