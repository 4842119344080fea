"""A comparison as lines of text: a heading, what it means, and a table that can be pasted into a document. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from yichuang.catalog.values import Change, Comparison, Weight
from yichuang.core.words import W, Words

_HEADING = W(
    "{name}（{code}）：第 {old} 版 → 第 {new} 版，共 {n} 处不同",
    "{name} ({code}): version {old} → {new}, differences: {n}",
)
_COLUMNS = (
    W("部分", "Part"), W("变化", "Change"), W("名称", "Name"), W("项目", "Property"), W("原", "Before"), W("新", "After"),
    W("对办事人", "Who applies"),
)  # fmt: skip
_KINDS: Mapping[str, Words] = {
    "added": W("新增", "added"),
    "removed": W("取消", "removed"),
    "changed": W("修改", "changed"),
}
_WEIGHTS: Mapping[Weight, Words] = {"harder": W("更费事", "harder"), "easier": W("更省事", "easier"), "": W("", "")}
SAME_NUMBER = W(
    "内容有不同，但版本号 {new} 不大于 {old}：请把 item.yaml 的 version 加 1 再发布",
    "They differ, but version {new} is not higher than {old}: raise version in item.yaml before publishing",
)


def lines(found: Comparison, locale: str) -> list[str]:
    """For people, in one language."""
    said = [
        _HEADING.format(name=found.name, code=found.code, old=found.old, new=found.new, n=len(found.changes)).in_(
            locale
        ),
        *(words.in_(locale) for words in found.meaning),
    ]
    if found.changes:
        heads = [column.in_(locale) for column in _COLUMNS]
        said += ["", _line(heads), _line(["---"] * len(heads)), *(_line(_cells(c, locale)) for c in found.changes), ""]
    return said


def _cells(change: Change, locale: str) -> list[str]:
    name = change.name.in_(locale)
    shown = [change.part, _KINDS[change.kind], None, change.what, change.before, change.after, _WEIGHTS[change.weight]]
    cells = [words.in_(locale) if words else "" for words in shown]
    cells[2] = (
        f"{name}（{change.code}）"
        if change.code and locale != "en"
        else f"{name} ({change.code})"
        if change.code
        else name
    )
    return cells


def _line(cells: list[str]) -> str:
    plain = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(plain)} |"


def data(found: Comparison) -> dict[str, Any]:
    """The same for programs: labels and values in both languages."""
    return asdict(found)
