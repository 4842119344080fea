"""The second of a release: five thousand people press for a hundred slots of one place each; exactly a hundred get one."""

import json
import re
from collections.abc import Mapping
from statistics import median
from typing import Any

from bench.ceiling import Ceiling
from bench.figures import Result
from bench.stack import Stack
from bench.world import World
from yichuang.settings.processes import web

NAME = "book"
PEOPLE, SLOTS = 5000, 100
THREADS = web.workers * web.threads
SECONDS = 2.0  # of pgbench in each round: it counts whole ones
# What a press was before somebody asked who it is: the statement that takes a place, on slots that are full by then.
TAKE = """\\set one random(1, {count})
UPDATE visits_slot SET booked = booked + 1 WHERE id = ('{{{ids}}}'::uuid[])[:one] AND booked < capacity RETURNING booked;
"""


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    """How many times as long a press of the too late takes by the command, in the threads of the pages' workers, as its
    statement does by pgbench, with as many clients; at most twice: half of pgbench's rate."""
    result = Result(NAME, f"{PEOPLE} people press for {SLOTS} slots of one place", bar=2.0, unit="× pgbench's time")
    rounds = 1 if quick else 5
    facts, statement = list[dict[str, Any]](), ""
    with stack.rounds("book.py", str(PEOPLE), str(SLOTS)) as ask:
        for _ in range(rounds):
            rush = json.loads(ask())
            statement = rush.pop("statement")
            gate, take = Ceiling(stack, _gate(stack, statement)), Ceiling(stack, _take(stack))
            late, bare = gate.run(SECONDS, clients=THREADS), take.run(SECONDS)
            cpu = bare.cpu * 1000 / bare.transactions
            rush["pgbench_a_second"] = round(late.transactions / round(SECONDS))
            rush["rush_cpu_over_bare"] = round(rush["cpu"] / rush["presses"] / cpu, 1)
            facts.append(rush)
            result.faults += _faults(rush)
    result.take([one["pgbench_a_second"] / one["late_a_second"] for one in facts])
    result.facts |= {"rounds": facts, "statement": statement, "rush_seconds": median(one["seconds"] for one in facts)}
    return [result]


def _faults(rush: Mapping[str, Any]) -> list[str]:
    found = []
    if (rush["sold"], rush["oversold"], rush["left_over"]) != (SLOTS, 0, 0):
        found.append(f"{rush['sold']} sold of {SLOTS}: {rush['oversold']} twice, {rush['left_over']} left over")
    if rush["late_sold"]:
        found.append(f"{rush['late_sold']} of the too late got a place that was taken")
    return found


def _gate(stack: Stack, statement: str) -> str:
    """The statement that the command sent, as a script: another full slot and another key each time."""
    ids = _full(stack)
    values = {"$1": f"('{{{','.join(ids)}}}'::uuid[])[:one]", "$2": "1", "$3": "(:key::text)"}
    told = re.sub(r"\$\d", lambda mark: values[mark[0]], statement)
    return f"\\set one random(1, {len(ids)})\n\\set key random(1, 1000000000)\n{told};\n"


def _take(stack: Stack) -> str:
    ids = _full(stack)
    return TAKE.format(count=len(ids), ids=",".join(ids))


def _full(stack: Stack) -> list[str]:
    return [str(one) for (one,) in stack.execute("SELECT id FROM visits_slot WHERE booked = capacity LIMIT 100")]
