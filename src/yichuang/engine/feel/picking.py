"""Filters: `items[test]`, in both readings."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from yichuang.engine.feel.budget import spend
from yichuang.engine.feel.doubt import Doubt, Run, Scope, must
from yichuang.engine.feel.kinds import Val

Pick = Callable[[tuple[Val, ...], Run, Scope], Val]


def picker(guarded: bool) -> Pick:
    """How items are picked: as the standard has it, or so that no item is dropped in doubt."""
    return pick_surely if guarded else pick


def pick(items: tuple[Val, ...], test: Run, scope: Scope) -> Val:
    """By position when the test is a number, else those items for which it is true."""
    outer = dict(scope)
    first = _test_item(items[0] if items else None, test, outer)
    if isinstance(first, Decimal):
        return _at(items, first)
    if first is not None and not isinstance(first, bool):
        return None
    kept: list[Val] = []
    for index, item in enumerate(items):
        spend(scope, 1)
        truth = first if index == 0 else _test_item(item, test, outer)
        if truth is True:
            kept.append(item)
        elif truth is not None and truth is not False:
            return None
    return tuple(kept)


def pick_surely(items: tuple[Val, ...], test: Run, scope: Scope) -> Val:
    """The same. Raises `Doubt` for an item of which nobody knows whether it belongs here."""
    outer = dict(scope)
    if not items:
        return _of_none(test, outer)
    first = _test_item(items[0], test, outer)
    if isinstance(first, Decimal):
        return _at(items, first)
    kept: list[Val] = []
    for index, item in enumerate(items):
        spend(scope, 1)
        if must(first if index == 0 else _test_item(item, test, outer)):
            kept.append(item)
    return tuple(kept)


def _of_none(test: Run, outer: dict[str, object]) -> Val:
    """Of an empty list: there is nothing at any position, and nothing to doubt."""
    try:
        return None if isinstance(_test_item(None, test, outer), Decimal) else ()
    except Doubt:
        return ()


def _at(items: tuple[Val, ...], position: Decimal) -> Val:
    at = int(position)
    if at != position or at == 0 or abs(at) > len(items):
        return None
    return items[at - 1] if at > 0 else items[at]


def _test_item(item: Val, test: Run, outer: dict[str, object]) -> Val:
    inner = {**outer, "item": item, **item} if isinstance(item, Mapping) else {**outer, "item": item}
    return test(inner)
