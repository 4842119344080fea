"""秒批: filing, comparison, table, acceptance, decision and certificate record, against a filing that only waits for people."""

import json

from bench.figures import Result
from bench.stack import Stack
from bench.world import World

NAME = "miaopi"
BAR = 1.5  # times `file`


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    """Both by the commands, in one process inside the installation, in turns: CPU of Python and of the backend."""
    result = Result(NAME, "a shop filed, compared with three bases, judged, granted and recorded", BAR, "× a filing")
    rounds, count = ("2", "4") if quick else ("5", "60")
    told = json.loads(stack.inside("at_once.py", rounds, count))
    result.take([ours / file for ours, file in zip(told["at_once"], told["file"], strict=True)])
    result.facts |= {name: [round(one, 2) for one in values] for name, values in told.items()}
    return [result]
