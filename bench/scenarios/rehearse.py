"""A hundred thousand past decisions, decided again by a table: how long it takes, and that memory does not grow with them."""

from bench.figures import Result
from bench.measure import json_of
from bench.stack import Stack, load_average

NAME = "rehearse"
BAR, MEMORY = 60.0, 100.0  # seconds; megabytes more than before, at most
COUNT, FEW = 100_000, 2_000


def run(stack: Stack, quick: bool) -> list[Result]:
    """The rehearsal as its job does it, over as many judged cases."""
    count = FEW if quick else COUNT
    result = Result(NAME, f"{count} past decisions decided again by a table: in", BAR, "s")
    found = json_of(stack.inside("rehearse.py", str(count)))
    result.take([found["seconds"]])
    result.facts |= {**found, "load_average": load_average()}
    if (found["state"], found["total"]) != ("done", count) or not 0 < found["changed"] < count:
        result.faults.append(f"{found['state']}: {found['total']} of {count}, {found['changed']} changed")
    if found["more_megabytes"] > MEMORY:
        result.faults.append(f"{found['more_megabytes']:.0f} MB more than before")
    return [result]
