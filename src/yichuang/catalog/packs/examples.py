"""Worked examples: reading them, with `like` and the changes on top of a neighbour."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from yichuang.catalog.packs.documents import Document
from yichuang.catalog.values import Example, PackFault
from yichuang.core.clock import SHANGHAI
from yichuang.core.words import W, Words

_WHOLE = ("answers", "form", "facts", "materials", "applied_at")


def build_examples(documents: Sequence[Document], faults: list[PackFault]) -> Iterator[Example]:
    """One example per file. An example `like` another starts from that one's given part."""
    by_name = {document.file.rpartition("/")[2]: document for document in documents}
    for document in documents:
        given = _given(document, by_name, faults, seen=())
        if given is not None:
            yield _example(document, given)


def _example(document: Document, given: Mapping[str, Any]) -> Example:
    name, data = document.data["name"], document.data
    return Example(
        file=document.file,
        name=Words(name["zh"], name["en"]),
        answers=given["answers"],
        form=given["form"],
        materials=tuple(given["materials"]),
        facts=given["facts"],
        applied_at=datetime.fromisoformat(given["applied_at"]).replace(tzinfo=SHANGHAI),
        promise_signed=bool(data.get("promise_signed", False)),
        expect=data["expect"],
    )


def _given(
    document: Document, by_name: Mapping[str, Document], faults: list[PackFault], seen: tuple[str, ...]
) -> dict[str, Any] | None:
    data = document.data
    base: dict[str, Any] = {"answers": {}, "form": {}, "facts": {}, "materials": []}
    if like := data.get("like"):
        if like in seen or like not in by_name or by_name[like] is document:
            words = W(f"like 指向的例子不存在或循环：{like}", f"like names no other example, or a circle: {like}")
            faults.append(document.fault("/like", "EXAMPLE_LIKE", words))
            return None
        inherited = _given(by_name[like], by_name, faults, (*seen, like))
        if inherited is None:
            return None
        base = copy.deepcopy(inherited)
    base.update({key: copy.deepcopy(data[key]) for key in _WHOLE if key in data})
    if "applied_at" not in base:
        faults.append(document.fault("", "EXAMPLE_TIME", W("缺少 applied_at", "applied_at is missing")))
        return None
    apply_changes(document, data, base, faults)
    return base


def apply_changes(
    document: Document, data: Mapping[str, Any], base: dict[str, Any], faults: list[PackFault], at: str = ""
) -> None:
    """`change`, `remove`, `without` and `with` of an example (which stands at the pointer `at`) on what it is like."""
    for pointer, value in data.get("change", {}).items():
        _set(base, _steps(pointer), copy.deepcopy(value))
    for n, pointer in enumerate(data.get("remove", ())):
        if not _drop(base, _steps(pointer)):
            words = W(f"没有可删除的 {pointer}", f"There is no {pointer} to remove")
            faults.append(document.fault(f"{at}/remove/{n}", "EXAMPLE_REMOVE", words))
    without = set(data.get("without", ()))
    if absent := sorted(without - set(base["materials"])):
        words = W(f"without 中的材料本来就没有：{absent}", f"without names what is not there: {absent}")
        faults.append(document.fault(f"{at}/without", "EXAMPLE_WITHOUT", words))
    base["materials"] = [code for code in base["materials"] if code not in without] + list(data.get("with", ()))


def _steps(pointer: str) -> list[str]:
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]


def _set(node: Any, steps: list[str], value: Any) -> None:
    for one in steps[:-1]:
        node = node[int(one)] if isinstance(node, list) else node.setdefault(one, {})
    if isinstance(node, list):
        at = int(steps[-1])
        node[at : at + 1] = [value]
    else:
        node[steps[-1]] = value


def _drop(node: Any, steps: list[str]) -> bool:
    for one in steps[:-1]:
        node = node[int(one)] if isinstance(node, list) else node.get(one, {})
    if isinstance(node, list):
        return len(node) > int(steps[-1]) and node.pop(int(steps[-1])) is not None
    return node.pop(steps[-1], None) is not None
