"""What differs between two versions of a package, in words: what publishing shows before it is confirmed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yichuang.bundles.rules.delivery import Handover, words_of
from yichuang.bundles.values import Package, Slot
from yichuang.core.words import W, Words

ITEM, RESTS, PROMISE, NAME = W("事项", "Item"), W("前提", "Rests on"), W("承诺时间", "Promise"), W("名称", "Name")
SUMMARY, FIELD, QUESTION = W("说明", "Summary"), W("共用栏目", "Shared field"), W("共用问题", "Shared question")
PAPER, HANDOVER, ORDER = W("共用材料", "Shared paper"), W("领取方式", "Hand-over"), W("流程", "Process")
SETTLED, FED, LATER = (
    W("套餐定的回答", "Settled answers"),
    W("前项结果带入", "Fed by a result"),
    W("轮到才问", "Asked in its turn"),
)
SPOKEN, OTHER = W("群众的说法", "What people say"), W("内容有变化", "The content differs")


@dataclass(frozen=True, slots=True)
class PackageChange:
    """One difference: of which part, and what it was and is (None: was not there, is gone)."""

    part: Words
    name: Words
    before: Words | None
    after: Words | None


def changes(old: Package, new: Package) -> tuple[PackageChange, ...]:
    """Every difference, in the order in which the package is read."""
    return (*_facts(old, new), *_items(old, new), *_shared(old, new), *_process(old, new))


def _facts(old: Package, new: Package) -> Iterator[PackageChange]:
    pairs = (
        (NAME, old.name, new.name),
        (SUMMARY, old.summary, new.summary),
        (PROMISE, old.promise.words, new.promise.words),
        (HANDOVER, words_of(Handover(old.handover)), words_of(Handover(new.handover))),
        (SPOKEN, _listed(old.spoken), _listed(new.spoken)),
    )
    for part, before, after in pairs:
        if before != after:
            yield PackageChange(part, new.name, before, after)
    if old.promise.words == new.promise.words and old.promise != new.promise:
        yield PackageChange(PROMISE, new.name, _said(old.promise.minutes), _said(new.promise.minutes))


def _items(old: Package, new: Package) -> Iterator[PackageChange]:
    before, after = {slot.id: slot for slot in old.slots}, {slot.id: slot for slot in new.slots}
    for id in dict.fromkeys((*before, *after)):
        if id not in after:
            yield PackageChange(ITEM, before[id].name, _said(before[id].item), None)
        elif id not in before:
            yield PackageChange(ITEM, after[id].name, None, _said(after[id].item))
        else:
            yield from _item(old, new, before[id], after[id])


def _item(old: Package, new: Package, was: Slot, now: Slot) -> Iterator[PackageChange]:
    pairs = (
        (ITEM, _said(was.item), _said(now.item)),
        (NAME, was.name, now.name),
        (RESTS, _names(old, was), _names(new, now)),
        (SETTLED, _pairs(was.answers), _pairs(now.answers)),
        (FED, _pairs(was.fed), _pairs(now.fed)),
        (LATER, _listed(sorted(was.later)), _listed(sorted(now.later))),
    )
    for part, before, after in pairs:
        if before != after:
            yield PackageChange(part, now.name, before, after)


def _shared(old: Package, new: Package) -> Iterator[PackageChange]:
    yield from _mapped(FIELD, _fields(old), _fields(new))
    yield from _mapped(QUESTION, _questions(old), _questions(new))
    yield from _mapped(PAPER, _papers(old), _papers(new))


def _mapped(part: Words, old: Mapping[str, Words], new: Mapping[str, Words]) -> Iterator[PackageChange]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield PackageChange(part, _said(key), old.get(key), new.get(key))


def _fields(package: Package) -> dict[str, Words]:
    return {f"{group.id}/{one.key}": _pairs(one.to) for group, one in package.shared}


def _questions(package: Package) -> dict[str, Words]:
    return {one.id: _pairs(one.to) for one in package.questions}


def _papers(package: Package) -> dict[str, Words]:
    return {next(iter(one.to.values()), ""): _pairs(one.to) for one in package.papers}


def _process(old: Package, new: Package) -> Iterator[PackageChange]:
    if old.process_xml != new.process_xml:
        yield PackageChange(ORDER, new.name, OTHER, OTHER)


def _names(package: Package, slot: Slot) -> Words:
    names = [package.slot(one).name for one in slot.rests_on]
    return Words("、".join(one.zh for one in names) or "—", ", ".join(one.en for one in names) or "—")


def _pairs(of: Mapping[str, str]) -> Words:
    return _listed([f"{name} → {value}" for name, value in of.items()])


def _listed(texts: object) -> Words:
    told = [str(one) for one in texts] if isinstance(texts, (list, tuple)) else []
    return Words("、".join(told) or "—", ", ".join(told) or "—")


def _said(value: object) -> Words:
    return Words(str(value), str(value))
