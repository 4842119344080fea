"""The second of a release: five thousand people press for a hundred slots of one place each; exactly a hundred get one."""

from bench.ceiling import Ceiling, rows_written, watched, write_script
from bench.figures import Result
from bench.measure import json_of
from bench.stack import Stack
from bench.world import World

NAME = "book"
BAR = 12.0
PEOPLE, SLOTS = 5000, 100
# What a press is when nobody looks who asks: the statement that takes a place, on slots that are full by then.
PRESS = """\\set one random(1, {count})
UPDATE visits_slot SET booked = booked + 1 WHERE id = ('{{{ids}}}'::uuid[])[:one] AND booked < capacity RETURNING booked;
"""


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    """CPU of all presses by the command, over what pgbench needs for as many bare statements and the winners' rows."""
    result = Result(NAME, f"{PEOPLE} people press for {SLOTS} slots of one place", BAR)
    rounds = 1 if quick else 5
    told = json_of(stack.inside("book.py", str(rounds), str(PEOPLE), str(SLOTS)))
    with stack.ready("book.py", "one") as go, watched(stack) as written:
        go()
    row, press = Ceiling(stack, write_script(stack, written)), Ceiling(stack, _press(stack))
    values, rates = [], []
    for one in told:
        winner, loser = row.run(1.6), press.run(1.6)
        least = one["sold"] * _each(winner.cpu, winner.transactions) + one["presses"] * _each(
            loser.cpu, loser.transactions
        )
        values.append(one["cpu"] / least)
        rates.append(loser.transactions / 1.6)
        if (one["sold"], one["oversold"], one["left_over"]) != (SLOTS, 0, 0):
            result.faults.append(
                f"{one['sold']} sold of {SLOTS}: {one['oversold']} twice, {one['left_over']} left over"
            )
    result.take(values)
    result.facts |= {
        "rounds": told,
        "rows_of_a_booking": rows_written(written),
        "presses_a_second": [round(one["presses"] / one["seconds"]) for one in told],
        "pgbench_presses_a_second": [round(one) for one in rates],
    }
    return [result]


def _each(cpu: float, count: int) -> float:
    return cpu * 1000 / count


def _press(stack: Stack) -> str:
    ids = [str(one) for (one,) in stack.execute("SELECT id FROM visits_slot WHERE booked = capacity LIMIT 100")]
    return PRESS.format(count=len(ids), ids=",".join(ids))
