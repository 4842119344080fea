"""The second of a release: five thousand people press for a hundred slots of one place each; exactly a hundred get one."""

from bench.ceiling import Ceiling
from bench.figures import Result
from bench.measure import json_of
from bench.stack import Stack
from bench.world import World

NAME = "book"
PEOPLE, SLOTS = 5000, 100
# What a press is when nobody looks who asks: the statement that takes a place, on slots that are full by then.
PRESS = """\\set one random(1, {count})
UPDATE visits_slot SET booked = booked + 1 WHERE id = ('{{{ids}}}'::uuid[])[:one] AND booked < capacity RETURNING booked;
"""


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    """CPU of a press by the command, over what pgbench needs for the bare statement. No bar: a press asks who it is first."""
    result = Result(NAME, f"{PEOPLE} people press for {SLOTS} slots of one place")
    rounds = 1 if quick else 5
    told = json_of(stack.inside("book.py", str(rounds), str(PEOPLE), str(SLOTS)))
    press = Ceiling(stack, _press(stack))
    values, rates = [], []
    for one in told:
        bare = press.run(1.6)
        values.append(one["cpu"] / one["presses"] / (bare.cpu * 1000 / bare.transactions))
        rates.append(bare.transactions / 1.6)
        if (one["sold"], one["oversold"], one["left_over"]) != (SLOTS, 0, 0):
            result.faults.append(
                f"{one['sold']} sold of {SLOTS}: {one['oversold']} twice, {one['left_over']} left over"
            )
    result.take(values)
    result.facts |= {
        "rounds": told,
        "presses_a_second": [round(one["presses"] / one["seconds"]) for one in told],
        "pgbench_presses_a_second": [round(one) for one in rates],
    }
    return [result]


def _press(stack: Stack) -> str:
    ids = [str(one) for (one,) in stack.execute("SELECT id FROM visits_slot WHERE booked = capacity LIMIT 100")]
    return PRESS.format(count=len(ids), ids=",".join(ids))
