"""What tenants may be called and declare, and how much they may use. Pure."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.tenants.values import MEGABYTE, NEWS, SCOPES, SECOND, Quotas, TableSpec, Usage

CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
MOST_COLUMNS, MOST_GROUPS, MOST_IN_GROUP = 60, 10, 4
MOST_PARTS: Final = 500  # versions of definitions of one tenant
LARGEST_PART, LARGEST_ROW = 300_000, 100_000  # bytes
LONGEST_LIFE: Final = 400  # days of a token
GRACE: Final = 24  # hours in which a token that was replaced still opens
MOST: Final = Quotas(rows=10_000_000, bytes=100 * 1024 * MEGABYTE, runs=1_000_000, calls=60_000, cpu=600_000)
ROW_BYTES, MARK_BYTES = 100, 150  # that a row counts for besides its data, and each group by which it is found
KEY_BYTES: Final = 400  # of a kept Idempotency-Key
KEY_DAYS: Final = 30  # in which a call with the same key is answered as the first time
SIGNALS_AT_ONCE: Final = 50  # runs that hear a signal within the call; the others by jobs
MOST_HOOKS: Final = 10
MOST_WAITING: Final = 1000  # news of one hook that wait to be taken; more are lost, and counted
NEWS_BYTES: Final = 500  # that news count for while they are kept
NEWS_DAYS: Final = 7  # in which news that nobody took may be sent again
# After each try that failed (seconds): three days and a half in all.
AGAIN: Final = (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400, 86_400)
UNKNOWN_NEWS = W("没有这种消息：{name}", "There is no such news: {name}")
NO_NEWS = W("请至少选择一种消息", "Choose at least one kind of news")
BAD_ADDRESS = W(
    "不能向这个网址发送（{code}）：应为 https，指向公网主机，不含用户名和片段",
    "Nobody can be told there ({code}): https, to a host of the public internet, without user and fragment",
)
CODE_FORM = W(
    "编码用小写字母开头，只含小写字母、数字和短横线，2 至 40 个字符",
    "A code begins with a small letter and holds small letters, digits and hyphens: 2 to 40 characters",
)
NAME_MISSING = W("请写明中英文名称", "Give the name in Chinese and in English")
NO_SCOPE = W("请至少选择一项权限", "Choose at least one thing that the token may do")
UNKNOWN_SCOPE = W("没有这项权限：{name}", "There is no such scope: {name}")
LIFE = W("有效期应为 1 至 {most} 天", "A token is valid for 1 to {most} days")
LABEL = W("请写明令牌给谁用（60 字以内）", "Say whom the token is for, in up to 60 characters")
QUOTA = W("{what}应为 1 至 {most} 的整数", "A whole number from 1 to {most} is needed: {what}")
QUOTA_NAMES: Mapping[str, Words] = {
    "rows": W("数据行数", "rows of data"),
    "bytes": W("存储空间（MB）", "megabytes kept"),
    "runs": W("运行中的流程数", "running processes"),
    "calls": W("每分钟调用次数", "calls a minute"),
    "cpu": W("每分钟计算时间（秒）", "seconds of the processor a minute"),
}
QUOTA_UNITS: Mapping[str, tuple[str, int]] = {  # in which a quota is set and told: its field, and what one of it counts
    "bytes": ("megabytes", MEGABYTE),
    "cpu": ("seconds", SECOND),
}
OVER = W("超过配额：{what}最多 {most}，这次之后是 {now}", "Over the quota: at most {most} {what}, and this makes {now}")
NO_GROUP = W("每组应有 1 至 4 个不重复的列", "A group has 1 to 4 different columns")
NO_COLUMN = W("表中没有“{name}”列", "The table has no column “{name}”")
NOT_PLAIN = W("“{name}”是列表或一组内容，不能用来查找", "“{name}” is a list or a group: rows cannot be found by it")
TOO_MANY_COLUMNS = W("最多 60 列、10 组键", "At most 60 columns and 10 groups of keys")
GONE = W("已有数据的表不能去掉“{name}”列", "A table with rows keeps its column “{name}”")
CHANGED = W(
    "已有数据的表不能改变“{name}”列的类型或个人信息标记",
    "A table with rows cannot change the type of “{name}”, or whether it is personal",
)
NOW_REQUIRED = W("已有数据的表不能把“{name}”改为必填", "A table with rows cannot make “{name}” required now")
KEYS_CHANGED = W(
    "已有数据的表不能改变唯一键、索引和排序列", "A table with rows cannot change its keys, indexes and ranges"
)
NOT_SORTED = W(
    "不能按“{name}”排序：只能是数字或 200 字以内的文字，不能是个人信息",
    "Rows cannot be sorted by “{name}”: a number, or a text of up to 200 characters, and never personal data",
)
GROUPS: Final = ("unique", "indexes", "ranges")
LONGEST_SORTED: Final = 200  # characters
WRONG_TABLE = W("数据表应写明 form，可写 unique、indexes 和 ranges（每组列名的列表）", "A table declares `form`, and may declare `unique`, `indexes` and `ranges`: lists of groups of columns")  # fmt: skip


def code_reasons(code: str, field: str = "/code") -> list[Reason]:
    """Whether something may be called so."""
    return [] if CODE.fullmatch(code) else [Reason("CODE_FORM", CODE_FORM, field)]


def name_reasons(name: Words) -> list[Reason]:
    """Both languages, as long as the table keeps them."""
    whole = all(0 < len(text.strip()) <= 100 for text in (name.zh, name.en))
    return [] if whole else [Reason("NAME_MISSING", NAME_MISSING, "/name")]


def quota_reasons(quotas: Quotas) -> list[Reason]:
    """Each number that cannot be a quota, at the field and in the unit in which it is set."""
    return [
        Reason("QUOTA_FORM", QUOTA.format(what=words, most=_told(name, getattr(MOST, name))), f"/{_unit(name)[0]}")
        for name, words in QUOTA_NAMES.items()
        if not 1 <= getattr(quotas, name) <= getattr(MOST, name)
    ]


def _unit(name: str) -> tuple[str, int]:
    return QUOTA_UNITS.get(name, (name, 1))


def _told(name: str, count: int, *, up: bool = False) -> str:
    """A count in its quota's unit, to the thousandth: `up` where more was used, so that it never reads like what is allowed."""
    step = _unit(name)[1]
    thousandths = (math.ceil if up else math.floor)(count * 1000 / step)
    return f"{thousandths / 1000:,.3f}".rstrip("0").rstrip(".")


def credential_reasons(label: str, scopes: Sequence[str], days: int) -> list[Reason]:
    """Everything that is wrong with a token that somebody wants made."""
    unknown = sorted(set(scopes) - set(SCOPES))
    return [
        *([] if 0 < len(label.strip()) <= 60 else [Reason("LABEL", LABEL, "/label")]),
        *([] if scopes else [Reason("NO_SCOPE", NO_SCOPE, "/scopes")]),
        *(Reason("UNKNOWN_SCOPE", UNKNOWN_SCOPE.format(name=name), "/scopes") for name in unknown),
        *([] if 1 <= days <= LONGEST_LIFE else [Reason("LIFE", LIFE.format(most=LONGEST_LIFE), "/days")]),
    ]


def hook_reasons(fault: str, kinds: Sequence[str]) -> list[Reason]:
    """Everything that is wrong with a hook. `fault`: of its address, as who posts says (`ports.Poster.fault_of`)."""
    unknown = sorted(set(kinds) - set(NEWS))
    return [
        *([Reason("BAD_ADDRESS", BAD_ADDRESS.format(code=fault), "/url")] if fault else []),
        *([] if kinds else [Reason("NO_NEWS", NO_NEWS, "/kinds")]),
        *(Reason("UNKNOWN_NEWS", UNKNOWN_NEWS.format(name=name), "/kinds") for name in unknown),
    ]


def next_try(tries: int, *, final: bool) -> timedelta | None:
    """How long after the failed try of this number (from 1) comes the next; None: none does."""
    return None if final or tries > len(AGAIN) else timedelta(seconds=AGAIN[tries - 1])


def over_quota(usage: Usage, quotas: Quotas) -> list[Reason]:
    """Each quota that this use would pass."""
    return [
        Reason(f"QUOTA_{name.upper()}", OVER.format(what=words, most=_told(name, most), now=_told(name, now, up=True)))
        for name, words in QUOTA_NAMES.items()
        if (now := getattr(usage, name)) > (most := getattr(quotas, name))
    ]


# ── data tables ───────────────────────────────────────────────────────────────────────────────────────────────────
def table_of(body: object) -> TableSpec | None:
    """The declaration of a table, as far as its shape goes; None where it has none."""
    if not isinstance(body, dict) or set(body) - {"form", *GROUPS} or not isinstance(body.get("form"), dict):
        return None
    unique, indexes, ranges = (_groups(body.get(name, [])) for name in GROUPS)
    if unique is None or indexes is None or ranges is None:
        return None
    return TableSpec(body["form"], unique, indexes, ranges)


def _groups(found: object) -> tuple[tuple[str, ...], ...] | None:
    if not isinstance(found, list) or not all(isinstance(group, list) for group in found):
        return None
    if not all(isinstance(name, str) for group in found for name in group):
        return None
    return tuple(tuple(group) for group in found)


def table_reasons(spec: TableSpec) -> Iterator[Reason]:
    """What is wrong with the groups of a table whose form is right."""
    if len(spec.columns) > MOST_COLUMNS or len(spec.groups) + len(spec.ranges) > MOST_GROUPS:
        yield Reason("TOO_MANY_COLUMNS", TOO_MANY_COLUMNS)
    for place in GROUPS:
        for number, group in enumerate(getattr(spec, place)):
            yield from _group_reasons(spec, group, f"/{place}/{number}")
    for number, group in enumerate(spec.ranges):
        if group and group[-1] in spec.columns and not is_sortable(spec.columns[group[-1]]):
            yield Reason("NOT_SORTED", NOT_SORTED.format(name=group[-1]), f"/ranges/{number}")


def _group_reasons(spec: TableSpec, group: Sequence[str], field: str) -> Iterator[Reason]:
    if not 1 <= len(group) <= MOST_IN_GROUP or len(set(group)) != len(group):
        yield Reason("NO_GROUP", NO_GROUP, field)
    for name in group:
        if name not in spec.columns:
            yield Reason("NO_COLUMN", NO_COLUMN.format(name=name), field)
        elif spec.columns[name].get("type") in {"object", "array"}:
            yield Reason("NOT_PLAIN", NOT_PLAIN.format(name=name), field)


def kept_reasons(old: TableSpec, new: TableSpec) -> Iterator[Reason]:
    """Why a table with rows cannot become this: what is stored must stay readable, unique and findable."""
    for name, column in old.columns.items():
        now = new.columns.get(name)
        if now is None:
            yield Reason("COLUMN_GONE", GONE.format(name=name), f"/form/properties/{name}")
        elif (now.get("type"), bool(now.get("x-personal"))) != (column.get("type"), bool(column.get("x-personal"))):
            yield Reason("COLUMN_CHANGED", CHANGED.format(name=name), f"/form/properties/{name}")
    for name in sorted(set(new.form.get("required", ())) - set(old.form.get("required", ()))):
        yield Reason("NOW_REQUIRED", NOW_REQUIRED.format(name=name), "/form/required")
    if [{*old.unique}, {*old.groups}, {*old.ranges}] != [{*new.unique}, {*new.groups}, {*new.ranges}]:
        yield Reason("KEYS_CHANGED", KEYS_CHANGED, "/unique")


def is_sortable(column: Mapping[str, Any]) -> bool:
    """Whether rows can stand in the order of a column: numbers, and texts that are not too long. Never personal ones: the
    order would tell what is sealed."""
    if column.get("x-personal"):
        return False
    if column.get("type") in {"integer", "number"}:
        return True
    return column.get("type") == "string" and ("format" in column or "enum" in column or column.get("maxLength", 10**9) <= LONGEST_SORTED)  # fmt: skip


def group_name(group: Sequence[str]) -> str:
    """By which a group of columns is known: "venue+day"."""
    return "+".join(group)


def marks_of(spec: TableSpec, data: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """(group, value, unique) of each group of whose columns the row has all: what it can be found by."""
    for group in spec.groups:
        if all(data.get(name) is not None for name in group):
            yield group_name(group), mark_value([data[name] for name in group]), group in spec.unique


def mark_value(values: Sequence[Any]) -> str:
    """One spelling for values that are equal; 1 and 1.0 are, "1" is another."""
    plain = [int(one) if isinstance(one, float) and one.is_integer() else one for one in values]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def group_for(spec: TableSpec, names: Sequence[str]) -> tuple[str, ...] | None:
    """The declared group of exactly these columns, whatever their order; None where there is none."""
    return next((group for group in spec.groups if set(group) == set(names) and len(names) == len(group)), None)


def filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty is missing, as in forms."""
    return {name: value for name, value in data.items() if value is not None and value != ""}


def parted(spec: TableSpec, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What may be stored in the open, and what is sealed."""
    hidden = spec.personal
    return {k: v for k, v in data.items() if k not in hidden}, {k: v for k, v in data.items() if k in hidden}


def row_bytes(spec: TableSpec, data: Mapping[str, Any]) -> int:
    """Bytes that a row counts for, with what it is found by."""
    found = sum(1 for _ in marks_of(spec, data)) + sum(data.get(one[-1]) is not None for one in spec.ranges)
    return ROW_BYTES + size_of(data) + MARK_BYTES * found


def part_bytes(kind: str, body: str) -> int:
    """Bytes that a definition counts for: a process twice, since what runs keeps its own."""
    return len(body.encode()) * (2 if kind == "process" else 1)


def size_of(data: Mapping[str, Any]) -> int:
    """Bytes of what was sent."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())
