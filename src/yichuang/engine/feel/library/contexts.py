"""Functions of contexts (DMN 1.5, 10.3.4.10), and `not`."""

from collections.abc import Mapping
from typing import Final, cast

from yichuang.engine.feel.kinds import Val, settled
from yichuang.engine.feel.library.signatures import Book

BOOK: Final = Book()
Context = Mapping[str, object]


@BOOK.add("not", "negand any")
def _not(value: Val) -> Val:
    return not value if isinstance(value, bool) else None


@BOOK.add("get value", "m context", "key text")
def _get_value(context: Context, key: str) -> Val:
    return settled(context.get(key))


@BOOK.add("get value", "context context", "keys list")
def _get_deep(context: Context, keys: tuple[Val, ...]) -> Val:
    value: Val = context
    for key in keys:
        if not isinstance(value, Mapping) or not isinstance(key, str):
            return None
        value = settled(value.get(key))
    return value if keys else None


@BOOK.add("get entries", "m context")
def _entries(context: Context) -> Val:
    return tuple({"key": key, "value": settled(value)} for key, value in context.items())


@BOOK.add("context", "entries list")
def _context(entries: tuple[Val, ...]) -> Val:
    made: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@BOOK.add("context put", "context context", "key text", "value any")
def _put(context: Context, key: str, value: Val) -> Val:
    return {**context, key: value}


@BOOK.add("context put", "context context", "keys list", "value any")
def _put_deep(context: Context, keys: tuple[Val, ...], value: Val) -> Val:
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, Mapping):
        return None
    put = _put_deep(cast(Context, inner), keys[1:], value)
    return None if put is None else {**context, keys[0]: put}


@BOOK.add("context merge", "contexts list")
def _merge(contexts: tuple[Val, ...]) -> Val:
    merged: dict[str, object] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            return None
        merged.update(context)
    return merged
