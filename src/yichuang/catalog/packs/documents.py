"""One loader for the YAML and JSON of a pack that remembers where everything stands.

Only plain data: no tags, anchors or aliases, no duplicate keys. `yes`, `no` and dates stay text (JSON's types only),
so that 2026-03-02 or "NO" never turns into something else.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer

from yichuang.catalog.pointers import step
from yichuang.catalog.values import PackFault
from yichuang.core.words import W, Words

MAX_BYTES = 1_000_000
_DEPTH = 40


# libyaml reads a pack several times as fast as Python does; where it is not compiled in, Python's reader says the same.
_SAFE: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(yaml.SafeLoader):
    """Safe, and with JSON's scalar types only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", ["t", "f"]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]{0,18})$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


class _QuickLoader(Composer, _SAFE):  # type: ignore[valid-type,misc]  # a base class chosen at run time
    """The same, read by libyaml. Python puts the nodes together: libyaml's own composer has no end to its depth and
    takes the whole process along, Python's raises RecursionError."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

    def __init__(self, stream: str) -> None:
        _SAFE.__init__(self, stream)
        Composer.__init__(self)


def _loader(text: str) -> type[yaml.SafeLoader]:
    r"""Halves of a character (`\ud842\udfb7`, as JSON escapes them) are read by Python only."""
    return _Loader if "\\u" in text else _QuickLoader


@dataclass(slots=True)
class Document:
    """The data of one file and, for each JSON pointer, the line and column (from 1) where it stands."""

    file: str
    data: Any
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    text: str = ""

    def place(self, pointer: str) -> tuple[int, int]:
        """Where the pointer stands, or its nearest parent that is there."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, (1, 1))

    def fault(self, pointer: str, code: str, words: Words) -> PackFault:
        line, column = self.place(pointer)
        return PackFault(self.file, line, code, words, column)


def read_document(path: Path, name: str) -> tuple[Document | None, list[PackFault]]:
    """The document, or None and why it cannot be read. `name` is how faults call the file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or ""
        return None, [
            PackFault(name, 0, "UNREADABLE", W(f"文件读不出来：{reason}", f"The file cannot be read: {reason}"))
        ]
    return parse_document(raw, name)


def parse_document(raw: bytes, name: str) -> tuple[Document | None, list[PackFault]]:
    """As `read_document`, from bytes."""
    if len(raw) > MAX_BYTES:
        words = W("文件超过 1 MB", "The file is larger than 1 MB")
        return None, [PackFault(name, 0, "TOO_LARGE", words)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, [PackFault(name, line, "NOT_UTF8", W("文件不是 UTF-8 编码", "The file is not UTF-8"))]
    if not name.endswith(".json"):
        return _compose(text, name)
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return None, [_json_fault(name, error)]
    document, faults = _compose(text.replace("\t", " "), name)  # YAML has no tabs; columns stay the same
    if document is not None:
        document.data = data  # JSON's own reading of escapes, the places from the walk
    return document, faults


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _json_fault(name: str, error: Exception) -> PackFault:
    line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
    words = W(f"不是正确的 JSON：{error}", f"This is not JSON: {error}")
    return PackFault(name, line, "NOT_JSON", words, column)


def _compose(text: str, name: str) -> tuple[Document | None, list[PackFault]]:
    try:
        node = yaml.compose(text, Loader=_loader(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        words = W(f"不是正确的 YAML：{error.problem}", f"This is not YAML: {error.problem}")
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, [PackFault(name, line, "NOT_YAML", words, column)]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        words = W(f"不是正确的 YAML：{error}", f"This is not YAML: {error}")
        return None, [PackFault(name, 1, "NOT_YAML", words)]
    if node is None:
        return None, [PackFault(name, 1, "EMPTY", W("文件是空的", "The file is empty"))]
    builder = _Builder(Document(name, None, text=text))
    builder.document.data = builder.build(node, "", 0)
    return (None if builder.faults else builder.document), builder.faults


class _Builder:
    """Walks the node tree once: data, places and faults."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[PackFault] = []
        self.seen: set[int] = set()

    def refuse(self, node: yaml.Node, code: str, words: Words) -> None:
        mark = node.start_mark
        self.faults.append(PackFault(self.document.file, mark.line + 1, code, words, mark.column + 1))

    def build(self, node: yaml.Node, pointer: str, depth: int) -> Any:
        self.document.places.setdefault(pointer, (node.start_mark.line + 1, node.start_mark.column + 1))
        if id(node) in self.seen:
            self.refuse(node, "ALIAS", W("不允许使用别名（&、*）", "Anchors and aliases are not allowed"))
            return None
        self.seen.add(id(node))
        if depth > _DEPTH:
            self.refuse(node, "TOO_DEEP", W("嵌套太深", "Nested too deeply"))
            return None
        if not isinstance(node, yaml.ScalarNode) and node.tag not in _COLLECTIONS:
            self.refuse(node, "TAG", _tag_words(node))
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, pointer, depth))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, f"{pointer}/{n}", depth + 1) for n, child in enumerate(node.value)]
        return self._scalar(node)

    def _pairs(self, node: yaml.MappingNode, pointer: str, depth: int) -> Iterator[tuple[str, Any]]:
        known: set[str] = set()
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                self.refuse(key_node, "KEY", W("键必须是文字", "A key must be plain text"))
                continue
            if key in known:
                self.refuse(key_node, "DUPLICATE_KEY", W(f"重复的键：{key}", f"The key {key} appears twice"))
                continue
            known.add(key)
            child = f"{pointer}/{step(key)}"
            self.document.places[child] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            yield key, self.build(value_node, child, depth + 1)

    def _scalar(self, node: yaml.Node) -> Any:
        text, tag = str(node.value), str(node.tag).removeprefix("tag:yaml.org,2002:")
        if tag == "str":
            return text
        try:
            return _PLAIN[tag](text)
        except (KeyError, ValueError):
            self.refuse(node, "TAG", _tag_words(node))
            return None


def _tag_words(node: yaml.Node) -> Words:
    return W(f"不允许的类型标记 {node.tag}", f"The tag {node.tag} is not allowed")


_COLLECTIONS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_PLAIN: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text == "true",
    "int": int,
    "float": float,
}
