"""Rounds that belong together: ours, then the ceiling, in the same few seconds, so that a noisy neighbour hits both."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import stack as machine
from bench.ceiling import Ceiling
from bench.client import Answer, Connection, Request, Tally, closed_loop, open_loop
from bench.figures import Result, Round
from bench.stack import Stack

WARM = 24  # requests at least before anything is measured: every worker has read what it keeps
ROUNDS = 5
SECONDS = 1.6  # of each half of a round
LIGHT = 0.4  # the share of the closed loop's pace at which latency is measured


def measure(
    stack: Stack,
    result: Result,
    requests: Iterator[Request],
    ceiling: Ceiling,
    *,
    expect: int = 200,
    quick: bool = False,
) -> list[Answer]:
    """Fill a result: warm-up, rounds, latency, statements. Returns the answers of the rounds when they were writes."""
    rounds, seconds = (2, 1.0) if quick else (ROUNDS, SECONDS)
    writes, kept = expect == 201, list[Answer]()
    warm = closed_loop(stack.port, requests, seconds=1.0, least=WARM, expect=expect, keep=writes)
    ceiling.run(1)
    kept += warm.kept
    _complain(result, warm)
    pace = 0.0
    for _ in range(rounds):
        before = stack.cpu()
        tally = closed_loop(stack.port, requests, seconds=seconds, expect=expect, keep=writes)
        after = stack.cpu()
        spent = ceiling.run(seconds)
        _complain(result, tally)
        kept += tally.kept
        pace = max(pace, tally.answers / seconds)
        per = 1000 / max(1, tally.answers)
        result.rounds.append(
            Round(
                (after.app - before.app) * per,
                (after.database - before.database) * per,
                spent.cpu * 1000 / spent.transactions,
            )
        )
    result.take([r.ratio for r in result.rounds])
    result.latency, tally = open_loop(
        stack.port, requests, rate=max(5.0, LIGHT * pace), seconds=seconds * 2, expect=expect, keep=writes
    )
    kept += tally.kept
    _complain(result, tally)
    result.facts |= {"closed_loop_per_second": round(pace), "load_average": machine.load_average()}
    count_statements(stack, result, requests, expect)
    return kept


def count_statements(stack: Stack, result: Result, requests: Iterator[Request], expect: int) -> None:
    """What the third of three equal requests sent."""
    connection = Connection(stack.port)
    for _ in range(6):  # every worker has opened its connection and read what it keeps
        connection.send(next(requests))
    with stack.statements(3) as found:
        for _ in range(3):
            answer = connection.send(next(requests))
            if answer.status != expect:
                result.faults.append(f"{answer.status} while statements were counted")
    connection.close()
    result.statements = found[0]


def profile(stack: Stack, result: Result, make: Callable[[], Request], count: int) -> None:
    """Replay requests in one process under cProfile; the table goes into the result."""
    requests = [make() for _ in range(count)]
    told = {"warm": 4, "requests": [_plain(request) for request in requests]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "requests.json"
        path.write_text(machine.as_json(told), encoding="utf-8")
        Path(folder).chmod(0o755)
        found = json_of(stack.inside("replay.py", str(path)))
    statuses = sorted(set(found["statuses"]))
    result.facts |= {"python_ms_one_process": round(found["python_ms"], 2), "python_calls": found["calls"]}
    result.profile = f"statuses: {', '.join(statuses)}\n{found['table']}\n"


def json_of(text: str) -> Any:
    """The JSON of the last line: what the programs log stands above it."""
    import json

    return json.loads(text.splitlines()[-1])


def _plain(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "headers": dict(request.headers),
        "body": request.body.decode(),
    }


def _complain(result: Result, tally: Tally) -> None:
    if tally.wrong:
        result.faults.append(f"{len(tally.wrong)} of {tally.answers} answers were wrong: {tally.wrong[0]}")
