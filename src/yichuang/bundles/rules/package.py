"""Whether a package fits its items and its process: what publishing asks. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from yichuang.bundles.rules.clock import behind
from yichuang.bundles.rules.form import BETWEEN, PROMISES, demands_of, look
from yichuang.bundles.values import Package, PackageFault, Slot
from yichuang.core.words import Words
from yichuang.engine.values import Node, ProcessModel

CASE = "case:"  # the operation of the service task that lasts as long as an item's case
REFUSED = "refused"  # the error by which it ends when the item is not granted
YAML, BPMN = "bundle.yaml", "process.bpmn"
Schema = Mapping[str, Any]
Questions = Mapping[str, frozenset[str]]  # an item's questions, each with its values


def faults_of(
    package: Package,
    forms: Mapping[str, Schema],
    questions: Mapping[str, Questions],
    materials: Mapping[str, frozenset[str]],
    model: ProcessModel,
) -> list[PackageFault]:
    """Everything that is wrong. `forms`: each known item's whole form by slot; `questions` and `materials` likewise."""
    found = [*_names(package), *_items(package, forms), *_rests(package), *_shared(package, forms)]
    found += [*_questions(package, questions), *_papers(package, materials), *_process(package, model)]
    return found


def _fault(zh: str, en: str, file: str = YAML) -> PackageFault:
    return PackageFault(file, Words(zh, en))


def _names(package: Package) -> Iterator[PackageFault]:
    names = [*package.ids, *(group.id for group in package.groups), PROMISES]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _fault(f"“{name}”用了两次", f"“{name}” stands twice")
    for name in (*package.ids, *(one.id for one in package.groups), *(one.id for one in package.questions)):
        if not name.isascii() or not name.isidentifier() or BETWEEN in name:
            yield _fault(f"“{name}”只能用小写字母、数字和下划线", f"“{name}” may only hold letters, digits and _")


def _items(package: Package, forms: Mapping[str, Schema]) -> Iterator[PackageFault]:
    for slot in package.slots:
        if slot.id not in forms:
            yield _fault(f"没有已发布的事项“{slot.item}”", f"No item “{slot.item}” is published")
            continue
        for pointer in (*slot.fed, *sorted(slot.later)):
            if look(forms[slot.id], pointer) is None:
                yield _no_field(slot.id, pointer)
        for source in slot.fed.values():
            giver = source.partition("/")[0]
            if giver not in slot.rests_on:
                yield _fault(
                    f"“{slot.id}”要用“{giver}”的结果，就要以它为前提（rests_on）",
                    f"“{slot.id}” uses the result of “{giver}”, so it must rest on it (rests_on)",
                )


def _rests(package: Package) -> Iterator[PackageFault]:
    rests = {slot.id: slot.rests_on for slot in package.slots}
    for slot in package.slots:
        for one in slot.rests_on:
            if one not in rests:
                yield _fault(f"没有“{one}”这一项", f"There is no “{one}”")
        if slot.id in behind(slot.id, rests):
            yield _fault(f"“{slot.id}”绕了一圈又以自己为前提", f"“{slot.id}” rests on itself in a circle")


def _shared(package: Package, forms: Mapping[str, Schema]) -> Iterator[PackageFault]:
    seen: set[tuple[str, str]] = set()
    for _group, one in package.shared:
        for slot, pointer in one.to.items():
            if (slot, pointer) in seen:
                yield _fault(f"“{slot}{pointer}”共享了两次", f"“{slot}{pointer}” is shared twice")
            seen.add((slot, pointer))
            if slot not in package.ids:
                yield _fault(f"没有“{slot}”这一项", f"There is no “{slot}”")
            elif slot in forms and look(forms[slot], pointer) is None:
                yield _no_field(slot, pointer)
    for place, met in demands_of(package, forms).items():
        if not met.possible:
            yield _fault(f"各项对“{place}”的要求无法同时满足", f"Nothing can meet what the items demand of “{place}”")


def _no_field(slot: str, pointer: str) -> PackageFault:
    return _fault(f"“{slot}”的表单里没有 {pointer}", f"The form of “{slot}” has no {pointer}")


def _questions(package: Package, questions: Mapping[str, Questions]) -> Iterator[PackageFault]:
    for slot in package.slots:
        known = questions.get(slot.id)
        if known is not None:
            yield from _settled(slot, known)
    for one in package.questions:
        for name, question in one.to.items():
            if name in questions and question not in questions[name]:
                yield _fault(f"“{name}”没有问题 {question}", f"“{name}” has no question {question}")


def _settled(slot: Slot, known: Questions) -> Iterator[PackageFault]:
    for question, value in slot.answers.items():
        if value not in known.get(question, ()):
            yield _fault(
                f"“{slot.id}”的问题 {question} 没有回答 {value}",
                f"The question {question} of “{slot.id}” has no {value}",
            )


def _papers(package: Package, materials: Mapping[str, frozenset[str]]) -> Iterator[PackageFault]:
    for one in package.papers:
        for slot, code in one.to.items():
            if slot not in package.ids or code not in materials.get(slot, {code}):
                yield _fault(f"“{slot}”没有材料 {code}", f"“{slot}” has no material {code}")


def _process(package: Package, model: ProcessModel) -> Iterator[PackageFault]:
    work = [node.key for node in model.nodes.values() if node.kind == "work"]
    for slot in package.slots:
        if work.count(f"{CASE}{slot.id}") != 1:
            yield _fault(
                f'流程里应有且只有一个办理“{slot.id}”的服务任务（yc:operation="{CASE}{slot.id}"）',
                f'The process has one service task for “{slot.id}” (yc:operation="{CASE}{slot.id}")',
                BPMN,
            )
    for key in sorted(set(work) - {f"{CASE}{slot}" for slot in package.ids}):
        yield _fault(f"流程里的“{key}”没有人会办", f"Nobody does “{key}” of the process", BPMN)
    for node in model.nodes.values():
        if node.kind in {"task", "receive"}:
            yield _fault(
                f"套餐流程里不能有“{node.id}”这样的任务", f"A package's process has no task like “{node.id}”", BPMN
            )
    for node in model.nodes.values():
        if node.kind == "work" and not _is_caught(model, node):
            yield _fault(
                f"“{node.id}”不予办理时没有去处：请在调用活动上加错误边界事件“{REFUSED}”",
                f"A refusal of “{node.id}” leads nowhere: put an error event “{REFUSED}” on its call activity",
                BPMN,
            )


def _is_caught(model: ProcessModel, node: Node) -> bool:
    """Whether a boundary event of the step, or of what calls the process it stands in, takes a refusal."""
    holders = [one for one in model.nodes.values() if one.body and one.body == node.container]
    events = [model.nodes[one].trigger for step in (node, *holders) for one in step.boundaries]
    return any(event and event.kind == "error" and event.name in {"", REFUSED} for event in events)
