"""秒批 by API: filing, comparison, table, acceptance, decision and certificate record, against a filing that waits for people."""

import json
from collections.abc import Callable, Sequence
from statistics import median
from uuid import uuid4

from bench.ceiling import Ceiling, rows_written, watched, write_script
from bench.client import Answer, Connection, Request
from bench.figures import Result
from bench.measure import count_statements, profile
from bench.scenarios.file import not_whole
from bench.stack import Stack
from bench.world import JSON, PAPERS, World

NAME = "miaopi"
BAR = 1.5  # times `file`
ROUNDS, EACH = (
    5,
    200,
)  # a shop of each of so many people in a round; the rounds of one run stay below a person's bound of a day
OTHERS = 60  # requests that are counted and profiled
# The loaded copies have three applicants between them. As if everybody had filed two or three: else the server plans anew,
# for every shop, how to look for what its applicant filed today (0.5 ms that no district pays).
STATISTICS = "ALTER TABLE cases_case ALTER COLUMN applicant_id SET (n_distinct = -0.4)"
Cost = tuple[float, float]  # milliseconds of CPU for a request: of the web processes, and of PostgreSQL


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    """Both by API, through the same server, in turns."""
    result = Result(
        NAME, "a shop filed by API, compared with three bases, judged, granted and recorded", BAR, "× a filing"
    )
    stack.execute(STATISTICS, "ANALYZE")
    rounds, count = (2, 20) if quick else (ROUNDS, EACH)
    world.provide_uploads("zhangxiao", (rounds + 1) * count * PAPERS)
    files, shops = list[Cost](), list[Cost]()
    filed, decided = list[Answer](), list[Answer]()
    with stack.rounds("at_once.py", "requests", str(count)) as ask:
        for number in range(rounds + 1):  # the first one warms up
            costs = in_turn(stack, result, [world.filing(one) for one in range(count)], filed)
            if number:
                files.append(costs)
            costs = in_turn(stack, result, next_shops(ask), decided)
            if number:
                shops.append(costs)
            else:
                stack.execute("ANALYZE")  # as autovacuum would have by now, which pauses here
        others = iter(next_shops(ask) + next_shops(ask))
        count_statements(stack, result, others, 201)
        if not quick:
            profile(stack, result, lambda: next(others), OTHERS)
    result.take([sum(shop) / sum(file) for shop, file in zip(shops, files, strict=True)])
    for side, name in enumerate(("app", "database")):
        result.facts[f"{name}_ms"] = {
            "file": round(median(one[side] for one in files), 2),
            "at_once": round(median(one[side] for one in shops), 2),
        }
    result.faults += not_whole(stack, filed) + not_decided(stack, decided)
    result.facts |= {"cases": world.loaded, "read_back": len(filed) + len(decided)}
    result.facts |= by_commands(stack, quick) | least(stack, quick)
    return [result]


def next_shops(ask: Callable[[], str]) -> list[Request]:
    """One of each person, with proofs made this moment."""
    return [
        Request(
            "/api/v1/cases",
            {"Authorization": f"Bearer {one['token']}", **JSON, "Idempotency-Key": uuid4().hex},
            "POST",
            json.dumps(one["body"]).encode(),
        )
        for one in json.loads(ask())
    ]


def in_turn(stack: Stack, result: Result, requests: Sequence[Request], kept: list[Answer]) -> Cost:
    """What each of them cost, sent one after the other over one connection."""
    connection, before = Connection(stack.port), stack.cpu()
    answers = [connection.send(request) for request in requests]
    after = stack.cpu()
    connection.close()
    wrong = [answer for answer in answers if answer.status != 201]
    if wrong:
        result.faults.append(f"{len(wrong)} answers were wrong: {wrong[0].status} {wrong[0].body[:200].decode()}")
    kept += [answer for answer in answers if answer.status == 201]
    per = 1000 / len(requests)
    return (after.app - before.app) * per, (after.database - before.database) * per


def not_decided(stack: Stack, answers: Sequence[Answer]) -> list[str]:
    """Every shop was decided alone, and is there with its judgement, its papers, its certificate and its entries."""
    told = [json.loads(answer.body) for answer in answers]
    alone = [one for one in told if one["at_once"] and one["at_once"]["alone"]]
    numbers = {one["number"] for one in told}
    if len(alone) != len(told) or len(numbers) != len(told):
        return [f"{len(told)} shops: {len(alone)} decided alone, {len(numbers)} numbers"]
    listed = ",".join(f"'{number}'" for number in numbers)
    whole = stack.execute(
        f"""
        SELECT count(*) FROM cases_case AS c WHERE number IN ({listed}) AND outcome = 'grant'
          AND EXISTS (SELECT FROM cases_autodecision WHERE case_id = c.id AND acted AND proved = 'sms')
          AND EXISTS (SELECT FROM cases_decision WHERE case_id = c.id AND served_at IS NOT NULL)
          AND EXISTS (SELECT FROM registry_certificate WHERE subject_kind = 'case' AND subject_id = c.id)
          AND (SELECT array_agg(kind::text ORDER BY kind) FROM cases_document WHERE case_id = c.id)
              @> ARRAY['grant', 'receipt']
          AND EXISTS (SELECT FROM core_entry WHERE subject_kind = 'case' AND subject_id = c.id AND act = 'file')
          AND EXISTS (SELECT FROM core_entry WHERE subject_kind = 'case' AND subject_id = c.id AND act = 'grant')
        """
    )[0][0]
    return (
        [] if whole == len(numbers) else [f"{len(numbers) - whole} of {len(numbers)} shops decided at once not whole"]
    )


def by_commands(stack: Stack, quick: bool) -> dict[str, object]:
    """Both by the commands in one process, without HTTP, tokens, proofs and middleware."""
    rounds, count = ("2", "4") if quick else ("5", "60")
    told = json.loads(stack.inside("at_once.py", rounds, count))
    facts: dict[str, object] = {name: [round(one, 2) for one in told[name]] for name in ("file", "at_once")}
    for side in ("python", "postgresql"):
        facts[side] = {part: round(ms, 2) for part, ms in told[side].items()}
    ratios = [ours / file for ours, file in zip(told["at_once"], told["file"], strict=True)]
    return {"by_commands": facts | {"ratio": round(median(ratios), 2)}}


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
