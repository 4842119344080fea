"""Functions of lists (DMN 1.5, 10.3.4.4) and `sort` (10.3.4.8)."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Final

from yichuang.engine.feel.arith import DECIMAL, calculate
from yichuang.engine.feel.budget import MAX_ITEMS
from yichuang.engine.feel.kinds import Lambda, Unknown, Val, all_of, any_of, less
from yichuang.engine.feel.library.same import same
from yichuang.engine.feel.library.signatures import Book

BOOK: Final = Book()
Items = tuple[Val, ...]


def _null(value: Val) -> Val:
    return None if isinstance(value, Unknown) else value


def _flat(items: Items) -> list[Val]:
    out: list[Val] = []
    for item in items:
        out.extend(_flat(item) if isinstance(item, tuple) else (item,))
        if len(out) > MAX_ITEMS:
            raise RecursionError
    return out


def _distinct(items: Items | list[Val]) -> Items:
    """Without repeats, the first of each kept."""
    out: list[Val] = []
    for item in items:
        if not any(same(item, kept) for kept in out):
            out.append(item)
    return tuple(out)


def _each(name: str, run: Callable[[Items], Val], list_name: str = "list", cost: int = 1) -> None:
    """A function that takes a list, or the items as arguments."""
    BOOK.add(name, f"{list_name} list", cost=cost)(run)
    BOOK.add(name, "first any", "more any", "rest any*", cost=cost)(lambda *items: run(items))


def _total(items: Items, op: str) -> Val:
    total: Val = None
    for item in items:
        if op == "*" and not isinstance(item, Decimal):
            return None
        total = item if total is None else _null(calculate(op, total, item))
        if total is None or isinstance(total, str | tuple | bool):
            return None
    return total


def _extreme(items: Items, smallest: bool) -> Val:
    best: Val = None
    for index, item in enumerate(items):
        if isinstance(less(item, item), Unknown):
            return None
        order = index == 0 or (less(item, best) if smallest else less(best, item))
        if isinstance(order, Unknown):
            return None
        best = item if order else best
    return best


def _numbers(items: Items) -> list[Decimal] | None:
    numbers = [item for item in items if isinstance(item, Decimal)]
    return numbers if len(numbers) == len(items) else None


def _mean(items: Items) -> Val:
    return _null(calculate("/", _total(items, "+"), Decimal(len(items)))) if items else None


def _median(items: Items) -> Val:
    numbers = _numbers(items)
    if not numbers:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return DECIMAL.divide(DECIMAL.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _stddev(items: Items) -> Val:
    """Of a sample: over n - 1."""
    numbers = _numbers(items)
    if numbers is None or len(numbers) < 2:
        return None
    mean = DECIMAL.divide(sum(numbers, Decimal(0)), Decimal(len(numbers)))
    squares = Decimal(0)
    for number in numbers:
        away = DECIMAL.subtract(number, mean)
        squares = DECIMAL.add(squares, DECIMAL.multiply(away, away))
    return DECIMAL.sqrt(DECIMAL.divide(squares, Decimal(len(numbers) - 1)))


def _mode(items: Items) -> Val:
    numbers = _numbers(items)
    if numbers is None:
        return None
    counts = Counter(numbers)
    most = max(counts.values(), default=0)
    return tuple(sorted(number for number, count in counts.items() if count == most))


_each("sum", lambda items: _total(items, "+"))
_each("product", lambda items: _total(items, "*"))
_each("min", lambda items: _extreme(items, True))
_each("max", lambda items: _extreme(items, False))
_each("mean", _mean)
_each("median", _median)
_each("stddev", _stddev)
_each("mode", _mode)
_each("all", lambda items: _null(all_of(items)))
_each("any", lambda items: _null(any_of(items)))


@BOOK.add("count", "list list")
def _count(items: Items) -> Val:
    return Decimal(len(items))


@BOOK.add("list contains", "list list", "element any")
def _contains(items: Items, value: Val) -> Val:
    return any(same(item, value) for item in items)


def _place(items: Items, position: Decimal) -> int | None:
    """A position counted from 1, or from the end when negative, as an index."""
    at = int(position)
    if at == 0 or abs(at) > len(items):
        return None
    return at - 1 if at > 0 else len(items) + at


@BOOK.add("sublist", "list list", "start position number", "length number?")
def _sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Val:
    at = _place(items, start)
    if at is None:
        return None
    if length is None:
        return items[at:]
    return items[at : at + int(length)] if length >= 1 and at + int(length) <= len(items) else None


@BOOK.add("append", "list list", "item any", "rest any*")
def _append(items: Items, *more: Val) -> Val:
    return (*items, *more)


@BOOK.add("append", "list any", "item any", "rest any*")
def _append_null(items: Val, *more: Val) -> Val:
    return (items, *more)


@BOOK.add("concatenate", "list list", "rest list*")
def _concatenate(*lists: Items) -> Val:
    return tuple(item for items in lists for item in items)


@BOOK.add("union", "list list", "rest list*", cost=2)
def _union(*lists: Items) -> Val:
    return _distinct([item for items in lists for item in items])


@BOOK.add("distinct values", "list list", cost=2)
def _distinct_values(items: Items) -> Val:
    return _distinct(items)


@BOOK.add("insert before", "list list", "position number", "newItem any")
def _insert(items: Items, position: Decimal, item: Val) -> Val:
    at = _place(items, position)
    return None if at is None else (*items[:at], item, *items[at:])


@BOOK.add("remove", "list list", "position number")
def _remove(items: Items, position: Decimal) -> Val:
    at = _place(items, position)
    return None if at is None else (*items[:at], *items[at + 1 :])


@BOOK.add("list replace", "list list", "position number", "newItem any")
def _put(items: Items, position: Decimal, item: Val) -> Val:
    at = _place(items, position)
    return None if at is None else (*items[:at], item, *items[at + 1 :])


@BOOK.add("list replace", "list list", "match function", "newItem any")
def _put_where(items: Items, match: Lambda, new: Val) -> Val:
    if len(match.params) != 2:
        return None
    out: list[Val] = []
    for item in items:
        hit = match.call((item, new))
        if not isinstance(hit, bool):
            return None
        out.append(new if hit else item)
    return tuple(out)


@BOOK.add("reverse", "list list")
def _reverse(items: Items) -> Val:
    return items[::-1]


@BOOK.add("index of", "list list", "match any")
def _index_of(items: Items, value: Val) -> Val:
    return tuple(Decimal(at) for at, item in enumerate(items, 1) if same(item, value))


@BOOK.add("flatten", "list list")
def _flatten(items: Items) -> Val:
    return tuple(_flat(items))


@BOOK.add("sort", "list list", "precedes function")
def _sort(items: Items, precedes: Lambda) -> Val:
    def order(left: Val, right: Val) -> int:
        if precedes.call((left, right)) is True:
            return -1
        return 1 if precedes.call((right, left)) is True else 0

    return tuple(sorted(items, key=cmp_to_key(order))) if len(precedes.params) == 2 else None


@BOOK.add("sort", "list list")
def _sort_plainly(items: Items) -> Val:
    if any(isinstance(less(one, items[0]), Unknown) for one in items):
        return None
    return tuple(sorted(items, key=cmp_to_key(_plain_order)))


def _plain_order(left: Val, right: Val) -> int:
    return -1 if less(left, right) is True else int(less(right, left) is True)
