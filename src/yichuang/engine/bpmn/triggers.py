"""What events wait for and throw: timers, messages, signals, errors, as BPMN writes them."""

import re
from typing import Any, Final, cast

from lxml import etree

from yichuang.engine.bpmn.graph import Timer, Trigger
from yichuang.engine.bpmn.xml import BPMN, YC, Draft, children, line_of, refuse, tag_of
from yichuang.engine.feel.expression import Expression, compile_expression
from yichuang.engine.feel.scan import ExpressionError

DURATION: Final = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?",
    re.ASCII,
)
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
EVENTS: Final = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "terminateEventDefinition": "terminate",
}
ALLOWED: Final = {  # element → the events it may have; "" is none
    "startEvent": {""},
    "endEvent": {"", "message", "signal", "error", "terminate"},
    "intermediateCatchEvent": {"timer", "message", "signal"},
    "intermediateThrowEvent": {"", "message", "signal"},
    "boundaryEvent": {"timer", "message", "signal", "error"},
}


def names_of(root: etree._Element) -> dict[str, str]:
    """Messages, signals and errors: id → name (of an error its code)."""
    found: dict[str, str] = {}
    for one in children(root):
        if tag_of(one) in {"message", "signal", "error"} and one.get("id"):
            label = one.get("errorCode") if tag_of(one) == "error" else one.get("name")
            found[one.get("id") or ""] = (label or one.get("name") or one.get("id") or "").strip()
    return found


class Triggers:
    """Reads the event of an element. Whatever it says that is not understood is a fault."""

    def __init__(self, draft: Draft, names: dict[str, str], known: set[str] | None) -> None:
        self.draft, self.names, self.known = draft, names, known

    def of(self, element: etree._Element, one: str) -> Trigger | None:
        """The event; None where there is none, or a fault was found."""
        tag = tag_of(element)
        definitions = [child for child in children(element) if tag_of(child).endswith("EventDefinition")]
        for each in definitions[1:]:
            refuse(self.draft, each)
        if not definitions:
            if "" not in ALLOWED[tag]:
                self._fault(
                    element,
                    one,
                    "NO_EVENT",
                    "事件“{0}”没有写明等待什么",
                    "The event “{0}” does not say what it waits for",
                )
            return None
        first = definitions[0]
        kind = EVENTS.get(tag_of(first), "?")
        if kind not in ALLOWED[tag]:
            refuse(self.draft, first)
            return None
        if kind == "timer":
            timer = self._timer(first, one)
            return Trigger("timer", timer=timer) if timer else None
        return self._named(element, first, one, kind)

    def message(self, name: str) -> Trigger:
        """A message that a receive task waits for."""
        return Trigger("message", name)

    def _named(self, element: etree._Element, first: etree._Element, one: str, kind: str) -> Trigger | None:
        if kind == "terminate":
            return Trigger("terminate")
        reference = first.get(f"{kind}Ref") or ""
        name = self.names.get(reference.rpartition(":")[2], "")
        if not name and (kind != "error" or tag_of(element) == "endEvent"):
            words = {"message": "消息", "signal": "信号", "error": "错误"}[kind]
            self._fault(
                element, one, "NO_EVENT",
                f"事件“{{0}}”没有写明是哪个{words}（{kind}Ref）", f"The event “{{0}}” names no {kind} ({kind}Ref)",
            )  # fmt: skip
            return None
        return Trigger(cast(Any, kind), name)

    def _timer(self, first: etree._Element, one: str) -> Timer | None:
        days = first.get(f"{{{YC}}}workingDays")
        found = [("workdays", days)] if days is not None else []
        for tag, kind in (("timeDate", "date"), ("timeDuration", "duration")):
            found += [(kind, element.text or "") for element in first.findall(f"{{{BPMN}}}{tag}")]
        for cycle in first.findall(f"{{{BPMN}}}timeCycle"):
            refuse(self.draft, cycle)
            return None
        if len(found) != 1:
            self._fault(
                first, one, "NO_TIME",
                "定时“{0}”要写明一个时间：timeDate、timeDuration 或 yc:workingDays（工作日）",
                "The timer “{0}” names one time: timeDate, timeDuration or yc:workingDays",
            )  # fmt: skip
            return None
        kind, text = found[0]
        return self._time(first, one, kind, text.strip())

    def _time(self, first: etree._Element, one: str, kind: str, text: str) -> Timer | None:
        pattern = {"date": MOMENT, "duration": DURATION, "workdays": re.compile(r"[1-9]\d{0,3}", re.ASCII)}[kind]
        if pattern.fullmatch(text):
            return Timer(cast(Any, kind), text)
        expression = self.expression(first, one, text)
        return Timer(cast(Any, kind), text, expression) if expression else None

    def expression(
        self, element: etree._Element, one: str, text: str, more: frozenset[str] = frozenset()
    ) -> Expression | None:
        """A FEEL expression, or a fault. `more`: names that it may read besides the variables."""
        try:
            return compile_expression(text.removeprefix("="), names=None if self.known is None else self.known | more)
        except ExpressionError as error:
            self.draft.fault(
                element, one, "CONDITION",
                f"“{one}”的表达式第 {error.column} 列：{error.message.zh}",
                f"Expression of “{one}”, column {error.column}: {error.message.en}",
            )  # fmt: skip
            return None

    def _fault(self, element: etree._Element, one: str, code: str, zh: str, en: str) -> None:
        self.draft.fault(line_of(element), one, code, zh.format(one), en.format(one))
