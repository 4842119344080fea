"""Functions of numbers (DMN 1.5, 10.3.4.5)."""

import math
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)
from typing import Final

from yichuang.engine.feel.arith import DECIMAL, minus
from yichuang.engine.feel.kinds import Months, Val
from yichuang.engine.feel.library.signatures import Book

BOOK: Final = Book()
_SCALES: Final = (-6111, 6176)  # of a decimal128
_WIDE: Final = Context(prec=6200, Emax=99999, Emin=-99999)


def rounded(number: Decimal, scale: Decimal | None, way: str) -> Val:
    """A number with so many places, one of the eight ways to round."""
    places = 0 if scale is None else int(scale)
    if not _SCALES[0] <= places <= _SCALES[1]:
        return None
    if number.is_zero() or -int(number.as_tuple().exponent) <= places:
        return number
    try:
        return DECIMAL.plus(number.quantize(Decimal(1).scaleb(-places, _WIDE), rounding=way, context=_WIDE))
    except DecimalException:
        return None


def _rounding(name: str, way: str, *params: str) -> None:
    BOOK.add(name, *params)(lambda number, scale=None: rounded(number, scale, way))


_rounding("decimal", ROUND_HALF_EVEN, "n number", "scale number")
_rounding("floor", ROUND_FLOOR, "n number")
_rounding("floor", ROUND_FLOOR, "n number", "scale number")
_rounding("ceiling", ROUND_CEILING, "n number")
_rounding("ceiling", ROUND_CEILING, "n number", "scale number")
_rounding("round up", ROUND_UP, "n number", "scale number")
_rounding("round down", ROUND_DOWN, "n number", "scale number")
_rounding("round half up", ROUND_HALF_UP, "n number", "scale number")
_rounding("round half down", ROUND_HALF_DOWN, "n number", "scale number")


@BOOK.add("abs", "n number")
def _abs(number: Decimal) -> Val:
    return DECIMAL.abs(number)


@BOOK.add("abs", "n span")
def _abs_span(span: Val) -> Val:
    if isinstance(span, Months):
        return Months(abs(span.months))
    return minus(span) if str(span).startswith("-") else span


@BOOK.add("modulo", "dividend number", "divisor number")
def _modulo(number: Decimal, divisor: Decimal) -> Val:
    """The sign is the divisor's: dividend - divisor * floor(dividend / divisor)."""
    try:
        rest = DECIMAL.remainder(number, divisor)
    except DecimalException:
        return None
    return DECIMAL.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else DECIMAL.plus(rest)


@BOOK.add("sqrt", "number number")
def _sqrt(number: Decimal) -> Val:
    return None if number < 0 else DECIMAL.sqrt(number)


@BOOK.add("log", "number number")
def _log(number: Decimal) -> Val:
    return None if number <= 0 else DECIMAL.ln(number)


@BOOK.add("exp", "number number")
def _exp(number: Decimal) -> Val:
    try:
        return DECIMAL.exp(number)
    except DecimalException:
        return None


def _parity(number: Decimal, rest: int) -> Val:
    if number != number.to_integral_value():
        return None if not math.isfinite(number) else False
    return int(number) % 2 == rest


BOOK.add("even", "number number")(lambda number: _parity(number, 0))
BOOK.add("odd", "number number")(lambda number: _parity(number, 1))
