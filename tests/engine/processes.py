"""Processes for the tests, written briefly: `bpmn("start s", "task a CGZF.review", …, "s a", "a e")`."""

from xml.sax.saxutils import quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:yc="https://yichuang.example/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="https://yichuang.example/process">\n'
    '<bpmn:process id="p" name="示例" yc:nameEn="Sample" isExecutable="true">\n'
)
TAIL = "\n</bpmn:process>\n</bpmn:definitions>\n"
TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "userTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "event": "eventBasedGateway",
}


def bpmn(*lines: str, top: str = "", more: str = "") -> bytes:
    """Each line is an element: `kind id …` for a node, `from to [condition]` for a flow (id `from_to`), or raw XML.

    `top`: what stands before the process (messages, signals, errors); `more`: behind it (processes that it calls).
    """
    head = HEAD.replace("<bpmn:process ", f"{top}<bpmn:process ")
    tail = TAIL.replace("</bpmn:definitions>", f"{more}</bpmn:definitions>")
    return (head + "\n".join(_element(line) for line in lines) + tail).encode()


EVENTS = (
    '<bpmn:message id="m1" name="补正"/><bpmn:message id="m2" name="撤回"/><bpmn:signal id="g1" name="放假"/>'
    '<bpmn:error id="e1" errorCode="E1"/><bpmn:error id="e2" errorCode="E2"/>'
)
KINDS = {"m": "message", "g": "signal", "e": "error"}


def what(kind: str) -> str:
    """The definition of an event: "m1", "g1", "e1", "terminate", "" or a timer: "PT1H", "2026-12-01", "5d" (working days)."""
    if kind in {"m1", "m2", "g1", "e1", "e2"}:
        word = KINDS[kind[0]]
        return f'<bpmn:{word}EventDefinition {word}Ref="{kind}"/>'
    if kind in {"terminate", "error"}:
        return f"<bpmn:{kind}EventDefinition/>"
    if kind.endswith("d"):
        return f'<bpmn:timerEventDefinition yc:workingDays="{kind[:-1]}"/>'
    tag = "timeDuration" if kind.startswith(("P", "=")) else "timeDate"
    text = f"<bpmn:{tag}>{kind}</bpmn:{tag}>"
    return f"<bpmn:timerEventDefinition>{text}</bpmn:timerEventDefinition>" if kind else ""


def catch(id: str, kind: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{id}">{what(kind)}</bpmn:intermediateCatchEvent>'


def throw(id: str, kind: str) -> str:
    return f'<bpmn:intermediateThrowEvent id="{id}">{what(kind)}</bpmn:intermediateThrowEvent>'


def finish(id: str, kind: str) -> str:
    return f'<bpmn:endEvent id="{id}">{what(kind)}</bpmn:endEvent>'


def boundary(id: str, activity: str, kind: str, *, interrupting: bool = True) -> str:
    more = "" if interrupting else ' cancelActivity="false"'
    return f'<bpmn:boundaryEvent id="{id}" attachedToRef="{activity}"{more}>{what(kind)}</bpmn:boundaryEvent>'


def work(tag: str, id: str, key: str = "look", inside: str = "") -> str:
    return f'<bpmn:{tag}Task id="{id}" yc:operation="{key}">{inside}</bpmn:{tag}Task>'


def sub(id: str, *lines: str, marker: str = "") -> tuple[str, ...]:
    return (f'<bpmn:subProcess id="{id}">{marker}', *lines, "</bpmn:subProcess>")


def several(marks: str = "", inside: str = "") -> str:
    return f"<bpmn:multiInstanceLoopCharacteristics {marks}>{inside}</bpmn:multiInstanceLoopCharacteristics>"


def _element(line: str) -> str:
    if line.startswith("<"):
        return line
    first, second, *rest = line.split(" ", 2)
    tail = rest[0] if rest else ""
    if first == "task":
        post, _, act = (tail or "CGZF.review").partition(" ")
        act = f" yc:act={quoteattr(act)}" if act else ""
        return f'<bpmn:userTask id="{second}" name="任务{second}" yc:nameEn="Task {second}" yc:post="{post}"{act}/>'
    if first in TAGS:
        return f'<bpmn:{TAGS[first]} id="{second}" {tail}/>'
    condition = f"<bpmn:conditionExpression>{tail.replace('<', '&lt;')}</bpmn:conditionExpression>" if tail else ""
    return f'<bpmn:sequenceFlow id="{first}_{second}" sourceRef="{first}" targetRef="{second}">{condition}</bpmn:sequenceFlow>'


SEQUENCE = bpmn("start s", "task a CGZF.review", "task b CGZF.decide decide", "end e", "s a", "a b", "b e")
TWO_DEPARTMENTS = bpmn(
    "start s",
    "and fork",
    "task a CGZF.review",
    "task b GAFJ.review",
    "and join",
    "task d CGZF.decide decide",
    'end e yc:outcome="decided"',
    "s fork",
    "fork a",
    "fork b",
    "a join",
    "b join",
    "join d",
    "d e",
)
CHOICE = bpmn(
    "start s",
    "task a CGZF.review",
    'xor x default="x_no"',
    "task site CGZF.inspect",
    "xor m",
    "task d CGZF.decide decide",
    "end e",
    "end no",
    "s a",
    "a x",
    'x site outcomes.a = "site" and risk > 3',
    'x m outcomes.a in ("agree", "site")',
    "x no",
    "site m",
    "m d",
    "d e",
)
LOOP = bpmn(
    "start s",
    "xor again",
    "task a CGZF.review",
    'xor x default="x_e"',
    "end e",
    "s again",
    "again a",
    "a x",
    'x again outcomes.a = "again"',
    "x e",
)
