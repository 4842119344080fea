"""The paths of named routes, written from their patterns without Django's search: a list of cases has dozens of them."""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse

Writer = Callable[[Any], str | None]  # None: only Django may judge the value
PIECE = re.compile(r"<(\w+:)?\w+>")
PLAIN = re.compile(r"[A-Za-z0-9._~-]+").fullmatch  # what a path takes as it is


def address(name: str, *args: Any) -> str:
    """The path of a named route, as Django's `reverse` gives it; NoReverseMatch when there is none."""
    if not args:
        return _whole(name)
    known = _patterns().get(name)
    if known is not None and len(known[1]) == len(args):
        written = [write(value) for write, value in zip(known[1], args, strict=True)]
        if None not in written:
            return known[0].format(*written)
    return reverse(name, args=args)


def around(name: str) -> tuple[str, str] | None:
    """What stands before and behind the one value of a route that takes a text; None when it takes something else."""
    path, writers = _patterns().get(name, ("", ()))
    before, _, behind = path.partition("{}")
    return (before, behind) if writers == (_str,) else None


def address_around(before: str, behind: str, name: str, value: Any) -> str:
    """`address(name, value)`, where `around(name)` is known."""
    return f"{before}{value}{behind}" if type(value) is str and PLAIN(value) else address(name, value)


@lru_cache(maxsize=1024)
def _whole(name: str) -> str:
    return reverse(name)


def _str(value: Any) -> str | None:
    return value if type(value) is str and PLAIN(value) else None


def _uuid(value: Any) -> str | None:
    return str(value) if type(value) is UUID else None


WRITERS: Mapping[str, Writer] = {"": _str, "str:": _str, "uuid:": _uuid}


@cache
def _patterns() -> Mapping[str, tuple[str, tuple[Writer, ...]]]:
    """Route name → (its path with {} for each value, how each is written); names with two paths or other converters not."""
    from yichuang.webkit.routes import all_routes  # routes answer with pages, and pages hold addresses

    found: dict[str, tuple[str, tuple[Writer, ...]] | None] = {}
    for name, path, _, _ in all_routes():
        kinds = PIECE.findall(path)
        fits = name not in found and set(kinds) <= set(WRITERS) and "{" not in path
        found[name] = (PIECE.sub("{}", path), tuple(WRITERS[kind] for kind in kinds)) if fits else None
    return {name: pattern for name, pattern in found.items() if pattern is not None}
