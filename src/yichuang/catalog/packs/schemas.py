"""The pack format itself as JSON Schema (folder `pack_schema`), and the check of one file against it."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from yichuang.catalog.packs.documents import Document
from yichuang.catalog.pointers import step
from yichuang.catalog.values import PackFault
from yichuang.core.words import W, Words

FORMAT = 1  # raise it when old packs could be misread; the loader then keeps reading the older ones
_HERE = Path(__file__).parent.parent / "pack_schema"
_BASE = f"https://yichuang.example/pack/{FORMAT}/"


@cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(_BASE + path.name, schema_of(path.name)) for path in sorted(_HERE.glob("*.json"))])


@cache
def schema_of(name: str) -> dict[str, Any]:
    """One committed schema file, e.g. "item.schema.json"."""
    loaded: dict[str, Any] = json.loads((_HERE / name).read_text("utf-8"))
    return loaded


@cache
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """What holds a document to one of the schema files."""
    return jsonschema_rs.Draft202012Validator(schema_of(name), registry=_registry())


def schema_faults(document: Document, name: str) -> Iterator[PackFault]:
    """Where the file differs from the format, each with its line."""
    for error in validator(name).iter_errors(document.data):
        pointer = "".join("/" + step(one) for one in error.instance_path)
        kind: Any = error.kind
        if kind.name == "additionalProperties":
            for unexpected in kind.unexpected:
                words = W(f"不认识的键：{unexpected}", f"Unknown key: {unexpected}")
                yield document.fault(f"{pointer}/{step(unexpected)}", "UNKNOWN_KEY", words)
        elif kind.name == "required":
            words = W(f"缺少 {kind.property}", f"{kind.property} is missing")
            yield document.fault(pointer, "KEY_MISSING", words)
        else:
            yield document.fault(pointer, "FORMAT", _words(pointer, error))


def _words(pointer: str, error: jsonschema_rs.ValidationError) -> Words:
    detail = error.message if len(error.message) < 300 else error.message[:300] + "…"
    return W(f"{pointer or '/'} 不符合格式：{detail}", f"{pointer or '/'} does not fit the format: {detail}")
