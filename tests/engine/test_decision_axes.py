"""A column cut into stretches: every value passes just the cells that it passes one by one, and every stretch has an example."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.decisions import table

from yichuang.engine.dmn.axes import Listed, Ordered, Piece, axis_of, example, is_empty, plain
from yichuang.engine.dmn.axes import Tried as TriedCells
from yichuang.engine.feel.decide import GUARDED, decide
from yichuang.engine.feel.kinds import Months
from yichuang.engine.feel.wide import parse_tests
from yichuang.engine.values import check_decision

Write = Callable[[Any], str]
# of each kind: how a value is written, and values in order; every second one is named by cells, the others lie around them
KINDS: dict[str, tuple[Write, list[Any]]] = {
    "number": (str, [Decimal(n) for n in ("-1", "0", "0.5", "1", "1.5", "7", "90")]),
    "date": (lambda d: f'@"{d}"', [date(2026, 1, day) for day in (1, 5, 6, 7, 8, 20, 21)]),
    "moment": (lambda d: f'@"{d.isoformat()}"', [datetime(2026, 1, 5, hour) for hour in (0, 3, 4, 5, 6, 7, 23)]),  # noqa: DTZ001  (without a zone)
    "time": (lambda t: f'@"{t}"', [time(hour, 30) for hour in (0, 3, 4, 5, 6, 7, 23)]),
    "days": (
        lambda d: f'duration("PT{int(d.total_seconds())}S")',
        [timedelta(hours=h) for h in (0, 3, 4, 5, 6, 7, 99)],
    ),
    "months": (lambda m: f'@"P{m.months}M"', [Months(n) for n in (0, 3, 4, 5, 6, 7, 99)]),
}


def cells_of(write: Write, named: list[Any]) -> list[tuple[str, Callable[[Any], bool]]]:
    """Cells over three values, each with what it means."""
    a, b, c = named
    x, y, z = (write(one) for one in named)

    def key(value: Any) -> Any:
        return plain(value)

    return [
        ("-", lambda v: True),
        (x, lambda v: v == a),
        (f"{x}, {z}", lambda v: v in (a, c)),
        (f"not({y})", lambda v: v != b),
        (f"< {y}", lambda v: key(v) < key(b)),
        (f"<= {y}", lambda v: key(v) <= key(b)),
        (f"> {y}", lambda v: key(v) > key(b)),
        (f">= {y}", lambda v: key(v) >= key(b)),
        (f"[{x}..{z}]", lambda v: key(a) <= key(v) <= key(c)),
        (f"({x}..{z}]", lambda v: key(a) < key(v) <= key(c)),
        (f"[{x}..{z})", lambda v: key(a) <= key(v) < key(c)),
        (f"({x}..{z})", lambda v: key(a) < key(v) < key(c)),
        (f"not([{x}..{y}])", lambda v: not key(a) <= key(v) <= key(b)),
        (f"< {x}, > {z}", lambda v: key(v) < key(a) or key(v) > key(c)),
        (f"not(< {x}, > {z})", lambda v: key(a) <= key(v) <= key(c)),
    ]


def axis(texts: list[str], kind: str, values: tuple[Any, ...] = ()) -> Any:
    trees = [parse_tests(text) for text in texts]
    return axis_of(trees, kind, lambda row: decide(trees[row], GUARDED), values)


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_passes_the_cells_that_it_passes_one_by_one(kind: str) -> None:
    write, values = KINDS[kind]
    cells = cells_of(write, values[1::2])
    made = axis([text for text, _ in cells], kind)
    assert isinstance(made, Ordered)
    for value in values:
        passed = made.mask(plain(value))
        assert [text for at, (text, _) in enumerate(cells) if passed >> at & 1] == [
            t for t, holds in cells if holds(value)
        ], value
        assert made.lookup()(plain(value)) == passed


@pytest.mark.parametrize("kind", KINDS)
def test_every_stretch_that_holds_a_value_has_an_example_in_it(kind: str) -> None:
    write, values = KINDS[kind]
    made = axis([text for text, _ in cells_of(write, values[1::2])], kind)
    pieces = made.pieces()
    assert len(pieces) == 7
    assert [piece.is_point for piece, _ in pieces] == [False, True] * 3 + [False]
    for piece, mask in pieces:
        assert not is_empty(piece)
        assert made.mask(plain(example(piece))) == mask, piece


@pytest.mark.parametrize(
    ("low", "high", "empty", "between"),
    [
        (date(2026, 1, 1), date(2026, 1, 2), True, None),
        (date(2026, 1, 1), date(2026, 1, 3), False, date(2026, 1, 2)),
        (date(2026, 2, 28), date(2026, 3, 1), True, None),
        (Months(12), Months(13), True, None),
        (Months(12), Months(14), False, Months(13)),
        (Decimal(1), Decimal(2), False, Decimal("1.5")),
        (Decimal(1), Decimal(9), False, Decimal(2)),
        (Decimal("1.2"), Decimal("1.4"), False, Decimal("1.3")),
        (Decimal("-0.5"), Decimal("0.5"), False, Decimal(0)),
        (time(9), time(10), False, time(9, 30)),
        (time(9, 59, 58), time(10, 0, 2), False, time(10)),
        (time(8, 10, 20), time(8, 10, 30), False, time(8, 10, 25)),
        (timedelta(hours=1), timedelta(hours=2), False, timedelta(minutes=90)),
        (datetime(2026, 1, 1), datetime(2026, 1, 2), False, datetime(2026, 1, 1, 12)),  # noqa: DTZ001  (without a zone)
        (None, Decimal(5), False, Decimal(4)),
        (Decimal(5), None, False, Decimal(6)),
        (None, date(2026, 1, 1), False, date(2025, 12, 31)),
        (date(2026, 1, 1), None, False, date(2026, 1, 2)),
        (None, Months(5), False, Months(4)),
        (Months(5), None, False, Months(6)),
        (timedelta(1), None, False, timedelta(2)),
        (None, time(9), False, time(0)),
        (time(9), None, False, time.max),
        (None, time(0), True, None),
        (time.max, None, True, None),
        (None, date.min, True, None),
        (date.max, None, True, None),
        (None, timedelta.min, True, None),
        (None, None, False, None),
        ("甲", "甲", False, "甲"),
    ],
)
def test_what_lies_between_two_bounds(low: Any, high: Any, empty: bool, between: Any) -> None:
    piece = Piece(low, low if low is high else high)
    assert is_empty(piece) is empty
    if not empty:
        assert example(piece) == between


@pytest.mark.parametrize(
    ("cell", "passing"),
    [
        ("-", {"甲", "乙", "丙", "别的"}),
        ('"甲"', {"甲"}),
        ('"甲","乙"', {"甲", "乙"}),
        ('not("甲")', {"乙", "丙", "别的"}),
        ('not("甲","丙")', {"乙", "别的"}),
    ],
)
def test_texts_are_found_by_name(cell: str, passing: set[str]) -> None:
    made = axis([cell, '"丙"'], "string")
    assert isinstance(made, Listed)
    assert {text for text in ("甲", "乙", "丙", "别的") if made.mask(text) & 1} == passing
    assert {text for text in ("甲", "乙", "丙", "别的") if made.lookup()(text) & 1} == passing
    other = [mask for piece, mask in made.pieces() if piece.low is None and piece.high is None]
    assert [mask & 1 for mask in other] == [int("别的" in passing)]


def test_among_listed_texts_and_truth_values_there_is_no_other() -> None:
    made = axis(['"甲"', "-"], "string", ("甲", "乙"))
    assert {piece.low: mask for piece, mask in made.pieces()} == {"甲": 0b11, "乙": 0b10}
    assert made.mask("丙") == 0
    truth = axis(["true", "not(true)", "false", "-"], "boolean")
    assert {piece.low: mask for piece, mask in truth.pieces()} == {True: 0b1001, False: 0b1110}


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("> a", "number"),  # another name
        ("> today()", "date"),  # says something else tomorrow
        ("> now()", "moment"),
        ('"1"', "number"),  # of another kind
        ('> "甲"', "string"),  # texts are compared for equality only
        ("? > 3 and ? < 5", "number"),
        ('["甲".."丙"]', "string"),
        ("[1..a]", "number"),
    ],
)
def test_a_cell_that_asks_anything_else_is_run(cell: str, kind: str) -> None:
    assert isinstance(axis([cell], kind), TriedCells)
    assert isinstance(axis(["-"], ""), TriedCells), "of a kind that nobody knows too"


@pytest.mark.parametrize(("cell", "bound"), [("> abs(-3)", 3), ("> 1 + 2", 3), ("> max(1, 3)", 3), ("> -3", -3)])
def test_a_bound_that_is_worked_out_is_a_bound(cell: str, bound: int) -> None:
    made = axis([cell], "number")
    assert isinstance(made, Ordered)
    assert [made.mask(Decimal(n)) for n in (bound, bound + 1)] == [0, 1]


def test_a_number_beyond_all_numbers_lies_in_no_stretch() -> None:
    made = axis(["< 5", "> 7"], "number")
    for value in ("Infinity", "-Infinity"):
        with pytest.raises(TypeError):
            made.mask(Decimal(value))
    assert made.mask(Decimal("9E+30")) == 0b10


def test_moments_with_a_zone_stand_in_no_order_with_moments_without() -> None:
    cells = ['> @"2026-01-05T10:00:00"', '> @"2026-01-05T10:00:00+08:00"']
    assert isinstance(axis(cells, "moment"), TriedCells)


def test_cells_that_say_the_same_are_run_once() -> None:
    made = axis(["? > 1 and ? < 3", "> a", "? > 1 and ? < 3"], "number")
    assert [mask for _, mask in made.cells] == [0b101, 0b10]
    assert made.masks(Decimal(2), {"a": Decimal(1)}) == (0b111, 0)
    assert made.masks(Decimal(9), {"a": Decimal(10)}) == (0, 0)
    assert made.masks(Decimal(2), {}) == (0b101, 0b10), "what cannot be judged is not known"


def codes(rows: list[Any], inputs: dict[str, str], **more: Any) -> list[str]:
    return [fault.code for fault in check_decision(table(rows, inputs, **more), "准入").faults]


def test_gaps_are_found_where_bounds_are_worked_out_and_not_told_where_they_cannot_be_known() -> None:
    assert codes([("< abs(-3)", '"a"'), ("> 3", '"b"')], {"n": "number"}) == ["GAP"]
    assert codes([("<= abs(-3)", '"a"'), ("> 3", '"b"')], {"n": "number"}) == []
    assert codes([("< today()", '"a"'), ("> today()", '"b"')], {"d": "date"}) == []


def test_nobody_is_told_of_times_before_midnight_nor_of_days_after_the_last() -> None:
    assert codes([('>= @"00:00:00"', '"a"')], {"t": "time"}) == []
    assert codes([('<= @"9999-12-31"', '"a"')], {"d": "date"}) == []
    report = check_decision(table([('< @"09:00:00"', '"a"')], {"t": "time"}), "准入")
    assert "t 为 09:00:00" in report.faults[0].words.zh
    late = check_decision(table([('<= @"09:00:00"', '"a"')], {"t": "time"}), "准入")
    assert "t 为 23:59:59" in late.faults[0].words.zh


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("UNIQUE", ["OVERLAP", "GAP"]),
        ("ANY", ["OVERLAP", "GAP"]),
        ("FIRST", ["GAP"]),
        ("PRIORITY", ["GAP"]),
        ("COLLECT", []),
        ("RULE ORDER", []),
        ("OUTPUT ORDER", []),
    ],
)
def test_each_policy_is_told_what_is_a_fault_for_it(policy: str, found: list[str]) -> None:
    rows = [("< 5", '"a"'), ("< 3", '"b"'), ("> 9", '"a"')]
    assert codes(rows, {"n": "number"}, policy=policy, values={"结果": '"a","b"'}) == found


def test_rows_that_agree_may_overlap_and_those_whose_results_nobody_knows_before() -> None:
    def told(one: str, other: str, policy: str = "ANY") -> list[str]:
        return [
            code for code in codes([("< 5", one), (">= 3", other)], {"n": "number"}, policy=policy) if code == "OVERLAP"
        ]

    assert told('"a"', '"a"') == told('"a"', "string(n)") == []
    assert told('"a"', '"b"') == ["OVERLAP"]
    assert told('"a"', '"a"', "UNIQUE") == told('"a"', "string(n)", "UNIQUE") == ["OVERLAP"]
