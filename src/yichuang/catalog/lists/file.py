"""`lists.toml` beside the packs: read and checked, every fault with its line.

tomllib tells no lines of what it read, so the text is looked through once for tables and keys; strings over several
lines are refused, because they could look like either.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yichuang.catalog.values import AREAS, ItemList, ListRule, Mark, PackFault
from yichuang.core.words import W, Words

NAME = "lists.toml"
FORMAT = 1
_MAX_BYTES = 1_000_000
_KEYS = {"code", "name", "batch", "target", "target_on", "marks", "area", "visits", "items"}
_NEEDED = ("code", "name", "batch", "target", "target_on")
_CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_HEADER = re.compile(r"^\s*\[\[\s*list\s*\]\]")
_KEY = re.compile(r"^\s*\"?([A-Za-z_]+)\"?\s*(?:\.|=)")
_AT_LINE = re.compile(r"at line ([0-9]+), column ([0-9]+)")


@dataclass(slots=True)
class _Table:
    """One [[list]] with the lines of its keys."""

    line: int
    keys: dict[str, int] = field(default_factory=dict)
    lines: list[tuple[int, str]] = field(default_factory=list)

    def fault(self, key: str, code: str, words: Words) -> PackFault:
        return PackFault(NAME, self.keys.get(key, self.line), code, words)

    def line_of(self, text: str) -> int:
        """Where a code of `items` stands."""
        start = self.keys.get("items", self.line)
        return next((line for line, said in self.lines if line >= start and f'"{text}"' in said), start)


def read_lists(raw: bytes) -> tuple[tuple[ItemList, ...], tuple[PackFault, ...]]:
    """The lists of a file; none of them when there are faults."""
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return (), (
            _at(raw[: error.start].count(b"\n") + 1, "NOT_UTF8", "文件不是 UTF-8 编码", "The file is not UTF-8"),
        )
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return (), (_not_toml(error),)
    faults = [*_whole(raw, text, data)]
    if faults:
        return (), tuple(faults)
    tables = _tables(text)
    found: list[ItemList] = []
    for one, table in zip(data.get("list", []), tables, strict=True):
        wrong = list(_faults(one, table))
        faults.extend(wrong)
        if not wrong:
            found.append(_built(one))
            if any(other.code == one["code"] for other in found[:-1]):
                faults.append(table.fault("code", "TWICE", W("清单代码重复", "Two lists have the same code")))
    return (() if faults else tuple(found)), tuple(faults)


def _at(line: int, code: str, zh: str, en: str) -> PackFault:
    return PackFault(NAME, line, code, W(zh, en))


def _not_toml(error: Exception) -> PackFault:
    place = _AT_LINE.search(str(error))
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    return PackFault(NAME, line, "NOT_TOML", W(f"不是正确的 TOML：{error}", f"This is not TOML: {error}"), column)


def _whole(raw: bytes, text: str, data: Mapping[str, Any]) -> Iterator[PackFault]:
    if len(raw) > _MAX_BYTES:
        yield _at(1, "TOO_LARGE", "文件超过 1 MB", "The file is larger than 1 MB")
    if data.get("format") != FORMAT or isinstance(data.get("format"), bool):
        yield _at(1, "FORMAT", f"第一行应为 format = {FORMAT}", f"The file should begin with format = {FORMAT}")
    for key in sorted(set(data) - {"format", "list"}):
        yield _at(_line(text, key), "UNKNOWN_KEY", f"不认识的键：{key}", f"Unknown key: {key}")
    lists = data.get("list", [])
    if not isinstance(lists, list) or len(lists) != len(_tables(text)) or '"""' in text or "'''" in text:
        zh, en = (
            "每个清单单独写一个 [[list]]，不用跨行文字",
            "Write each list as a [[list]] of its own, no text over several lines",
        )
        yield _at(_line(text, "list"), "FORMAT", zh, en)


def _line(text: str, key: str) -> int:
    wanted = re.compile(rf"^\s*\[*\s*\"?{re.escape(key)}\b")
    return next((n for n, line in enumerate(text.splitlines(), 1) if wanted.match(line)), 1)


def _tables(text: str) -> list[_Table]:
    tables: list[_Table] = []
    for number, line in enumerate(text.splitlines(), 1):
        if _HEADER.match(line):
            tables.append(_Table(number))
        elif tables:
            tables[-1].lines.append((number, line))
            key = _KEY.match(line)
            if key:
                tables[-1].keys.setdefault(key[1], number)
    return tables


def _faults(one: Mapping[str, Any], table: _Table) -> Iterator[PackFault]:
    for key in sorted(set(one) - _KEYS):
        yield table.fault(key, "UNKNOWN_KEY", W(f"不认识的键：{key}", f"Unknown key: {key}"))
    for key in _NEEDED:
        if key not in one:
            yield table.fault(key, "KEY_MISSING", W(f"缺少 {key}", f"{key} is missing"))
    wrong = False
    for key, (fits, zh, en) in _FITS.items():
        if key in one and not fits(one[key]):
            wrong = True
            yield table.fault(key, "FORMAT", W(zh, en))
    if not wrong:
        yield from _rule_faults(one, table)


def _rule_faults(one: Mapping[str, Any], table: _Table) -> Iterator[PackFault]:
    if not any(one.get(key) for key in ("marks", "area", "items")) and "visits" not in one:
        zh, en = "至少写明 marks、area、visits 或 items 之一", "State at least one of marks, area, visits or items"
        yield table.fault("code", "NO_RULE", W(zh, en))
    items = one.get("items", [])
    for code in sorted({code for code in items if items.count(code) > 1}):
        words = W(f"事项 {code} 列了两次", f"The item {code} is named twice")
        yield PackFault(NAME, table.line_of(code), "TWICE", words)
    if items and "target" in one and one["target"] > len(set(items)):
        words = W(
            f"目标 {one['target']} 大于列出的 {len(set(items))} 项",
            f"{one['target']} cannot be reached with {len(set(items))} items",
        )
        yield table.fault("target", "TARGET", words)


def _is_words(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"zh", "en"}
        and all(isinstance(text, str) and 0 < len(text.strip()) <= 200 for text in value.values())
        and not _HAN.search(value["en"])
    )


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 60 and bool(_CODE.match(value))


def _all_of(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and 0 < len(value) <= 10_000 and all(fits(one) for one in value)


_FITS: Mapping[str, tuple[Callable[[Any], bool], str, str]] = {
    "code": (_is_code, "code 用小写字母、数字和连字符", "code takes small letters, digits and hyphens"),
    "name": (_is_words, "name 写成 { zh = …, en = … }，英文中没有汉字", "name is { zh = …, en = … }, no Chinese in the English"),
    "batch": (lambda v: _is_number(v, 1, 999), "batch 是批次，从 1 开始", "batch counts from 1"),
    "target": (lambda v: _is_number(v, 1, 1_000_000), "target 是事项数，至少 1", "target is a number of items, 1 at least"),
    "target_on": (
        lambda v: isinstance(v, date) and not isinstance(v, datetime),
        "target_on 是日期，例如 2026-12-31",
        "target_on is a date such as 2026-12-31",
    ),
    "marks": (lambda v: _all_of(v, lambda m: isinstance(m, str) and m in set(Mark)), f"marks 取自 {'、'.join(Mark)}", f"marks are of {', '.join(Mark)}"),
    "area": (lambda v: isinstance(v, str) and v in AREAS, f"area 取自 {'、'.join(AREAS)}", f"area is one of {', '.join(AREAS)}"),
    "visits": (lambda v: _is_number(v, 0, 9), "visits 是最多到现场次数，0 到 9", "visits is the most visits, 0 to 9"),
    "items": (lambda v: _all_of(v, _is_code), "items 是事项代码的列表", "items is a list of item codes"),
}  # fmt: skip


def _built(one: Mapping[str, Any]) -> ItemList:
    rule = ListRule(
        tuple(Mark(mark) for mark in one.get("marks", [])),
        one.get("area", ""),
        one.get("visits"),
        tuple(one.get("items", [])),
    )
    return ItemList(
        one["code"], W(one["name"]["zh"], one["name"]["en"]), one["batch"], one["target"], one["target_on"], rule
    )
