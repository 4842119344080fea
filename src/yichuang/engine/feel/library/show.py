"""A value as text: what `string()` says (DMN 1.5, table 74)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from yichuang.engine.feel.budget import MAX_TEXT, OutOfSteps, weight
from yichuang.engine.feel.kinds import Lambda, Months, Range, Unknown, Val, normalise
from yichuang.engine.feel.times import clock_text, moment_text, months_text, span_text


def text_of(value: Val) -> str | None:
    """The text; a text is itself. None for null, for what has none, and for one longer than `MAX_TEXT`."""
    if value is None or isinstance(value, Lambda | Unknown):
        return None
    if isinstance(value, str):
        return value
    try:
        weight(value, MAX_TEXT)  # every part of it is at least a sign of the text
    except OutOfSteps:
        return None
    text = inner_text(value)
    return text if len(text) <= MAX_TEXT else None


def inner_text(value: Val) -> str:  # noqa: C901  (one line per kind of value)
    """The text as it stands inside a list: texts in quotes."""
    match value:
        case None | Lambda() | Unknown():
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return number_text(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
        case time():
            return clock_text(value)
        case timedelta():
            return span_text(value)
        case Months():
            return months_text(value)
        case Range():
            return _range_text(value)
        case tuple():
            return f"[{', '.join(inner_text(item) for item in value)}]"
    return "{" + ", ".join(f"{_key(key)}: {inner_text(normalise(one))}" for key, one in value.items()) + "}"


def number_text(number: Decimal) -> str:
    """Digits without an exponent, where that stays short."""
    return f"{number:f}" if -40 < number.adjusted() < 60 else str(number)


def _range_text(value: Range) -> str:
    if value.op:
        return f"({value.op} {inner_text(value.high if value.low is None else value.low)})"
    ends = f"{inner_text(value.low)}..{inner_text(value.high)}"
    return f"{'[' if value.low_in else '('}{ends}{']' if value.high_in else ')'}"


def _key(key: str) -> str:
    plain = key.replace(" ", "").replace("_", "").isalnum()
    return key if plain and not key[:1].isdigit() else inner_text(key)
