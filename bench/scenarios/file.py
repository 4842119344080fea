"""One filing by API: 27 values, three papers handed in before; answered only when it is durable."""

import json
from collections.abc import Sequence

from bench.ceiling import Ceiling, rows_written, watched, write_script
from bench.client import Answer, Connection, for_ever
from bench.figures import Result
from bench.measure import measure, profile
from bench.stack import Stack
from bench.world import FILED, PAPERS, World

NAME = "file"
BAR = 5.0
MOST = 6000  # filings of one run: a quick machine makes more than 300 a second


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    world.provide_uploads("zhangxiao", MOST * PAPERS)
    result = Result(NAME, f"one filing of {FILED} by API, {PAPERS} papers handed in before", BAR)
    connection = Connection(stack.port)
    for number in range(6):
        answer = connection.send(world.filing(number))
    if answer.status != 201:
        raise RuntimeError(f"{answer.status} {answer.body.decode()}")
    with watched(stack) as written:
        connection.send(world.filing(0))
    connection.close()
    result.facts |= {"rows": rows_written(written), "cases": world.loaded}
    ceiling = Ceiling(stack, write_script(stack, written))
    requests = for_ever(world.filing)
    kept = measure(stack, result, requests, ceiling, expect=201, quick=quick)
    result.faults += not_whole(stack, kept)
    result.facts["read_back"] = len(kept)
    profile(stack, result, lambda: next(requests), 44)
    return [result]


def not_whole(stack: Stack, answers: Sequence[Answer]) -> list[str]:
    """Every acknowledged case is there with its papers, its receipt and its entry in the ledger."""
    numbers = [str(json.loads(answer.body)["number"]) for answer in answers]
    if len(set(numbers)) != len(numbers):
        return ["a case number was given twice"]
    listed = ",".join(f"'{number}'" for number in numbers)
    whole = stack.execute(
        f"""
        SELECT count(*) FROM cases_case AS c WHERE number IN ({listed})
          AND (SELECT count(*) FROM cases_material WHERE case_id = c.id) >= {PAPERS}
          AND (SELECT count(*) FROM cases_upload WHERE case_id = c.id) = {PAPERS}
          AND EXISTS (SELECT FROM cases_document WHERE case_id = c.id AND kind = 'receipt')
          AND EXISTS (SELECT FROM core_entry WHERE subject_kind = 'case' AND subject_id = c.id AND seq = 1)
        """
    )[0][0]
    return [] if whole == len(numbers) else [f"{len(numbers) - whole} of {len(numbers)} acknowledged filings not whole"]
