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


def bpmn(*lines: str) -> bytes:
    """Each line is an element: `kind id …` for a node, `from to [condition]` for a flow (id `from_to`), or raw XML."""
    return (HEAD + "\n".join(_element(line) for line in lines) + TAIL).encode()


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
