"""What several items demand of one field: the strictest of it all, and whose demands differ (冲突). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yichuang.core.words import W, Words

Node = Mapping[str, Any]
KINDS = {
    "string": W("文字", "text"),
    "number": W("数字", "a number"),
    "integer": W("整数", "a whole number"),
    "boolean": W("是或否", "yes or no"),
}
FORMATS = {
    "cn_id": W("居民身份证号", "an identity card number"),
    "uscc": W("统一社会信用代码", "a credit code"),
    "mobile": W("手机号", "a mobile number"),
    "name_cn": W("中文姓名", "a Chinese name"),
    "date": W("日期", "a day"),
    "street": W("街道", "a sub-district"),
    "bank_card": W("银行卡号", "a bank card number"),
}
BOUNDS = (("minLength", "maxLength", W("{least} 至 {most} 字", "{least} to {most} characters")),
          ("minimum", "maximum", W("{least} 至 {most}", "{least} to {most}")))  # fmt: skip
NEEDED, OPEN = W("必填", "required"), W("可以不填", "may be left empty")
ONE_OF, PATTERN = W("只能是{what}", "one of {what}"), W("格式为{what}", "written as {what}")


@dataclass(frozen=True, slots=True)
class Demand:
    """What one item demands of a field."""

    slot: str
    node: Node
    required: bool

    @property
    def shape(self) -> tuple[Any, ...]:
        """All that decides what may be entered; labels and hints do not."""
        enum = tuple(sorted(map(str, self.node["enum"]))) if "enum" in self.node else None
        bounds = tuple(self.node.get(name) for pair in BOUNDS for name in pair[:2])
        return (self.required, self.node.get("type"), self.node.get("format"), self.node.get("pattern"), enum, *bounds)


@dataclass(frozen=True, slots=True)
class Met:
    """A field that fulfils every demand at once. `differing` is empty where all demand the same."""

    node: dict[str, Any]
    required: bool
    differing: tuple[Demand, ...]
    possible: bool


def meet(demands: Sequence[Demand]) -> Met:
    """The strictest of all demands. The first item's label and hints stay; the strictest pattern cannot be computed, so
    the first stays on the field and each item's own check judges the rest."""
    node = dict(demands[0].node)
    node.update(_within(demands))
    differing = tuple(demands) if len({one.shape for one in demands}) > 1 else ()
    return Met(node, any(one.required for one in demands), differing, _is_possible(node, demands))


def _within(demands: Sequence[Demand]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for low, high, _ in BOUNDS:
        lows = [one.node[low] for one in demands if low in one.node]
        highs = [one.node[high] for one in demands if high in one.node]
        found |= {low: max(lows)} if lows else {}
        found |= {high: min(highs)} if highs else {}
    offered = [one.node["enum"] for one in demands if "enum" in one.node]
    if offered:
        found["enum"] = [value for value in offered[0] if all(value in other for other in offered[1:])]
    return found


def _is_possible(node: Node, demands: Iterable[Demand]) -> bool:
    """Whether anything at all can be entered: one kind, one format, a choice left, bounds that do not cross."""
    kinds = {one.node.get("type") for one in demands} - {None}
    formats = {one.node.get("format") for one in demands} - {None}
    crossed = any(low in node and high in node and node[low] > node[high] for low, high, _ in BOUNDS)
    return len(kinds) <= 1 and len(formats) <= 1 and node.get("enum") != [] and not crossed


def words_of(demand: Demand) -> Words:
    """The demand as people read it: 必填，2 至 20 字."""
    node = demand.node
    said = [NEEDED if demand.required else OPEN]
    if node.get("format") in FORMATS:
        said.append(FORMATS[str(node["format"])])
    elif "enum" in node:
        said.append(ONE_OF.format(what=_options(node)))
    elif node.get("type") in KINDS and "pattern" not in node:
        said.append(KINDS[str(node["type"])])
    if "pattern" in node:
        pattern = node.get("x-pattern") or {}
        said.append(
            PATTERN.format(what=Words(str(pattern.get("zh", node["pattern"])), str(pattern.get("en", node["pattern"]))))
        )
    said += [
        words.format(least=node.get(low, "0"), most=node.get(high, "…"))
        for low, high, words in BOUNDS
        if low in node or high in node
    ]
    return Words("，".join(one.zh for one in said), ", ".join(one.en for one in said))


def _options(node: Node) -> Words:
    labels = node.get("x-options", {})
    each = [labels.get(str(value)) or {"zh": str(value), "en": str(value)} for value in node["enum"]]
    return Words("、".join(str(one["zh"]) for one in each), ", ".join(str(one.get("en", one["zh"])) for one in each))
