"""For the contract test: one thing wrong in a request that is right."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

NASTY: tuple[Any, ...] = (
    None, "", "x" * 5000, -1, 2**63, 1.5, True, [None], {"a": {"b": []}}, "a\x00b", "\ud800",
    "'; DROP TABLE cases_case;--", "01900000-0000-7000-8000-000000000000", "0000-00-00", "\u202egpj.𠮷😀",
)  # fmt: skip
AT_A_TIME = 4  # nasty values tried at one place; over all places each has its turn


def mutants(body: Any, operation: Any) -> Iterator[Any]:
    """The body with one value replaced at a time, and with each optional member of the schema set to something odd."""
    if not isinstance(body, dict):
        return
    known = operation.schema.raw_schema["components"]["schemas"][_schema_name(operation)]["properties"]
    places = [*_places(body, ()), *((name,) for name in sorted(known.keys() - body.keys()))]
    turn = cycle(NASTY)
    for place in places:
        for value in islice(turn, AT_A_TIME):
            yield _with(body, place, value)
    yield {**body, "surprise": 1}


def _schema_name(operation: Any) -> str:
    content = operation.definition.raw["requestBody"]["content"]["application/json"]["schema"]
    return str(content["$ref"]).rsplit("/", 1)[-1]


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _places(child, (*path, key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _places(child, (*path, number))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(copy[path[0]], path[1:], new) if path[1:] else new
    return copy
