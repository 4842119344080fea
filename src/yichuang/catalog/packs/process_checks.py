"""What an item's process may be, beyond what the engine can run: somebody decides, last; the house knows what it asks."""

from collections.abc import Iterator, Mapping

from yichuang.catalog.packs.documents import Document
from yichuang.catalog.packs.route import route_faults
from yichuang.catalog.values import MESSAGES, OPERATIONS, Pack, PackFault
from yichuang.core.words import W, Words
from yichuang.engine.values import ProcessModel, parse_process

FILE = "process.bpmn"


def process_faults(pack: Pack, documents: Mapping[str, Document]) -> Iterator[PackFault]:
    """Every fault of the process of a built pack, with its line."""
    model = parse_process(pack.process_xml)
    yield from _decisions(pack, model)
    yield from _asked(model)
    yield from _heard(model)
    yield from route_faults(pack, model)


def _decisions(pack: Pack, model: ProcessModel) -> Iterator[PackFault]:
    deciding = [task for task in model.tasks if task.act == "decide"]
    if not deciding:
        words = W(
            '流程中没有作出决定的任务（yc:act="decide"）', 'The process has no task that decides (yc:act="decide")'
        )
        yield PackFault(FILE, 0, "NO_DECISION", words)
    elif not any(task.post.startswith(f"{pack.department}.") for task in deciding):
        yield PackFault(
            FILE, 0, "DECISION_ORGAN", W("应由实施主体作出决定", "The competent department itself has to decide")
        )
    for task in deciding:
        if _is_of_several(model, task.id):
            words = W("作出决定的任务不能是多实例", "The task that decides cannot be one of several")
            yield _fault(model, task.id, "DECISION_SEVERAL", words)
        after = [one for one in sorted(model.after(task.id)) if model.nodes[one].kind == "task"]
        if after:
            words = W(
                "作出决定之后办件就结束了，后面不能再有任务：{names}",
                "The decision ends the case: no task can follow it: {names}",
            ).format(names="、".join(after))
            yield _fault(model, task.id, "DECISION_LAST", words)


def _is_of_several(model: ProcessModel, node: str) -> bool:
    """Whether a step, or a sub-process that it stands in, is done several times."""
    one = model.nodes[node]
    holders = [other.id for other in model.nodes.values() if other.body and other.body == one.container]
    return one.several is not None or one.joint is not None or any(_is_of_several(model, held) for held in holders)


def _asked(model: ProcessModel) -> Iterator[PackFault]:
    for node in model.nodes.values():
        if node.kind != "work":
            continue
        if node.work != "rule" and node.key not in OPERATIONS:
            yield _fault(model, node.id, "OPERATION", _unknown(node.key, OPERATIONS))


def _heard(model: ProcessModel) -> Iterator[PackFault]:
    for node in model.nodes.values():
        trigger = node.trigger
        if trigger and trigger.kind == "message" and trigger.name not in MESSAGES:
            yield _fault(model, node.id, "MESSAGE", _unknown(trigger.name, MESSAGES))


def _unknown(name: str, known: Mapping[str, Words]) -> Words:
    return W("不认识“{name}”，可用的有：{known}", "“{name}” is not known; known are: {known}").format(
        name=name, known=Words("、".join(known), ", ".join(known))
    )


def _fault(model: ProcessModel, node: str, code: str, words: Words) -> PackFault:
    return PackFault(FILE, model.nodes[node].line, code, words)
