"""The built-in functions (DMN 1.5, 10.3.4), a small set. An argument of the wrong kind makes the answer `Unknown`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from yichuang.engine.feel.arith import DECIMAL, calculate, months_between, parse_date, parse_duration, parse_moment
from yichuang.engine.feel.kinds import ARITHMETIC, KINDS, Months, Unknown, Val, all_of, any_of, less, matches

MANY: Final = 100  # arguments of sum(1, 2, …); longer lists come as one list


@dataclass(frozen=True, slots=True)
class Function:
    arity: tuple[int, int]
    run: Callable[..., Val]


def _date(*args: Val) -> Val:
    match args:
        case (str() as text,):
            return parse_date(text) or KINDS
        case (datetime() as moment,):
            return moment.date()
        case (date() as day,):
            return day
        case (Decimal() as year, Decimal() as month, Decimal() as day_):
            return parse_date(f"{year:04f}-{month:02f}-{day_:02f}") or KINDS
    return KINDS


def _moment(text: Val) -> Val:
    if isinstance(text, datetime):
        return text
    return (parse_moment(text) if isinstance(text, str) else None) or KINDS


def _duration(text: Val) -> Val:
    if isinstance(text, timedelta | Months):
        return text
    found = parse_duration(text) if isinstance(text, str) else None
    return KINDS if found is None else found


def _between(start: Val, end: Val) -> Val:
    """Whole months of the calendar; what the clock and the zone say does not count."""
    if not isinstance(start, date) or not isinstance(end, date):
        return KINDS
    return months_between(*(one.date() if isinstance(one, datetime) else one for one in (start, end)))


def _on_texts(run: Callable[[str, str], Val]) -> Callable[[Val, Val], Val]:
    return lambda a, b: run(a, b) if isinstance(a, str) and isinstance(b, str) else KINDS


def _on_text(run: Callable[[str], Val]) -> Callable[[Val], Val]:
    return lambda a: run(a) if isinstance(a, str) else KINDS


def _on_number(run: Callable[[Decimal], Val]) -> Callable[[Val], Val]:
    return lambda a: run(a) if isinstance(a, Decimal) else KINDS


def _substring(text: Val, start: Val, length: Val = Decimal(1_000_000)) -> Val:
    """Counted from 1; a negative start counts from the end (DMN 1.5, table 75)."""
    if not isinstance(text, str) or not isinstance(start, Decimal) or not isinstance(length, Decimal):
        return KINDS
    if start != int(start) or start == 0 or length < 1:
        return KINDS
    at = int(start) - 1 if start > 0 else len(text) + int(start)
    return text[max(at, 0) : max(at, 0) + int(length)] if at < len(text) else ""


def _number(value: Val) -> Val:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not value.isascii() or len(value) > 40:
        return KINDS
    digits = value.removeprefix("-")
    return Decimal(value) if digits.replace(".", "", 1).isdigit() else KINDS


def _string(value: Val) -> Val:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
    return KINDS


def _spread(args: tuple[Val, ...]) -> tuple[Val, ...]:
    """sum([1, 2]) and sum(1, 2) are the same."""
    return args[0] if len(args) == 1 and isinstance(args[0], tuple) else args


def _sum(*args: Val) -> Val:
    total: Val = None
    for item in _spread(args):
        if not isinstance(item, Decimal | timedelta | Months):
            return item if isinstance(item, Unknown) else KINDS
        total = item if total is None else calculate("+", total, item)
    return ARITHMETIC if total is None else total


def _extreme(smallest: bool) -> Callable[..., Val]:
    def run(*args: Val) -> Val:
        best: Val = None
        for item in _spread(args):
            if best is None:
                best = item
            order = less(item, best) if smallest else less(best, item)
            if isinstance(order, Unknown):
                return order
            best = item if order else best
        return ARITHMETIC if best is None else best

    return run


def _mean(*args: Val) -> Val:
    return calculate("/", _sum(*args), Decimal(len(_spread(args))))


def _on_list(run: Callable[[tuple[Val, ...]], Val]) -> Callable[[Val], Val]:
    return lambda a: run(a) if isinstance(a, tuple) else KINDS


def _list_contains(items: Val, value: Val) -> Val:
    return any_of(matches(value, item) for item in items) if isinstance(items, tuple) else KINDS


FUNCTIONS: Final[dict[str, Function]] = {
    "is defined": Function((1, 1), lambda value: not isinstance(value, Unknown)),  # the only one that sees Unknown
    "date": Function((1, 3), _date),
    "date and time": Function((1, 1), _moment),
    "duration": Function((1, 1), _duration),
    "years and months duration": Function((2, 2), _between),
    "string": Function((1, 1), _string),
    "number": Function((1, 1), _number),
    "string length": Function((1, 1), _on_text(lambda text: Decimal(len(text)))),
    "upper case": Function((1, 1), _on_text(str.upper)),
    "lower case": Function((1, 1), _on_text(str.lower)),
    "contains": Function((2, 2), _on_texts(lambda text, part: part in text)),
    "starts with": Function((2, 2), _on_texts(str.startswith)),
    "ends with": Function((2, 2), _on_texts(str.endswith)),
    "substring": Function((2, 3), _substring),
    "abs": Function((1, 1), _on_number(DECIMAL.abs)),
    "floor": Function((1, 1), _on_number(lambda x: x.to_integral_value(ROUND_FLOOR))),
    "ceiling": Function((1, 1), _on_number(lambda x: x.to_integral_value(ROUND_CEILING))),
    "count": Function((1, 1), _on_list(lambda items: Decimal(len(items)))),
    "list contains": Function((2, 2), _list_contains),
    "sum": Function((1, MANY), _sum),
    "mean": Function((1, MANY), _mean),
    "min": Function((1, MANY), _extreme(True)),
    "max": Function((1, MANY), _extreme(False)),
    "all": Function((1, 1), _on_list(all_of)),
    "any": Function((1, 1), _on_list(any_of)),
}
SPACED: Final = tuple(sorted((name for name in FUNCTIONS if " " in name), key=len, reverse=True))
