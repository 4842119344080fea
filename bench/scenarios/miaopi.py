"""秒批: filing, comparison, table, acceptance, decision and certificate record, against a filing that only waits for people."""

import json

from bench.ceiling import Ceiling, rows_written, watched, write_script
from bench.figures import Result
from bench.stack import Stack
from bench.world import World

NAME = "miaopi"
BAR = 1.5  # times `file`
# The loaded copies have three applicants between them. As if everybody had filed two or three: else the server plans anew,
# for every shop, how to look for what its applicant filed today (0.5 ms that no district pays).
STATISTICS = "ALTER TABLE cases_case ALTER COLUMN applicant_id SET (n_distinct = -0.4)"


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    """Both by the commands, in one process inside the installation, in turns: CPU of Python and of the backend."""
    result = Result(NAME, "a shop filed, compared with three bases, judged, granted and recorded", BAR, "× a filing")
    stack.execute(STATISTICS)
    rounds, count = ("2", "4") if quick else ("5", "60")
    told = json.loads(stack.inside("at_once.py", rounds, count))
    result.take([ours / file for ours, file in zip(told["at_once"], told["file"], strict=True)])
    result.facts |= {name: [round(one, 2) for one in told[name]] for name in ("file", "at_once")}
    for side in ("python", "postgresql"):
        result.facts[side] = {part: round(ms, 2) for part, ms in told[side].items()}
    result.facts |= least(stack, quick)
    return [result]


def least(stack: Stack, quick: bool) -> dict[str, object]:
    """What the rows themselves cost, of a filing and of one decided at once, written by pgbench: the ratio of two acts that
    are equally far from their rows."""
    facts: dict[str, object] = {}
    cost: list[float] = []
    for name, which in (("file", "lease"), ("at_once", "shop")):
        with stack.ready("at_once.py", "one", which) as go, watched(stack) as written:
            go()
        ceiling = Ceiling(stack, write_script(stack, written))
        spent = ceiling.run(1 if quick else 5)
        cost.append(spent.cpu * 1000 / spent.transactions)
        facts |= {f"rows_{name}": rows_written(written), f"ceiling_{name}_ms": round(cost[-1], 2)}
    return facts | {"ceiling_ratio": round(cost[1] / cost[0], 2)}
