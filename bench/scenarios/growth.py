"""What a request costs among ten thousand cases, a hundred thousand, and (with --million) a million: it must stay flat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from bench.client import Answer, Connection, Request, closed_loop, for_ever, sign_in
from bench.figures import Result, Statements, growth
from bench.measure import ROUNDS, SECONDS, WARM
from bench.scenarios.casepage import ACTS
from bench.scenarios.file import not_whole
from bench.scenarios.worklist import REVIEWER
from bench.stack import Stack
from bench.world import PAPERS, World

NAME = "growth"
BAR = 1.3
FEW, MANY, MILLION = 10_000, 100_000, 1_000_000
FILINGS = 8_000  # of one size: six rounds of a quick machine took 2,600, and an iterator that ends spoils the whole run
SAID = ("养狗", "办营业执照", "公积金取钱", "yyzz", "社保卡丢了怎么办")


@dataclass(slots=True)
class Part:
    """One kind of request, and what it cost at each size: milliseconds of CPU (ours and PostgreSQL's), statements."""

    name: str
    what: str
    requests: Iterator[Request]
    expect: int = 200
    cost: dict[int, list[float]] = field(default_factory=dict)
    statements: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def run(stack: Stack, world: World, quick: bool, *, million: bool) -> list[Result]:
    """Fill, measure, fill on, measure again: the same requests, the same installation."""
    sizes = (FEW, MANY, *([MILLION] if million else []))
    world.fill(sizes[0])
    parts = _parts(stack, world)
    world.provide_uploads("zhangxiao", FILINGS * PAPERS * len(sizes))  # now: a day has its limit of uploads
    for size in sizes:
        world.fill(size)
        for part in parts:
            _measure(stack, part, size, quick)
    return [_result(part) for part in parts]


def _parts(stack: Stack, world: World) -> list[Part]:
    case = world.walked("zhangxiao", ACTS)
    citizen, office = (sign_in(stack.port, who, world.password) for who in ("zhangxiao", REVIEWER))
    clerk = sign_in(stack.port, "lina", world.password)
    searches = [Request(f"/api/v1/items?q={quote(said)}", {}) for said in SAID]

    def same(path: str, headers: dict[str, str]) -> Callable[[int], Request]:
        return lambda _: Request(path, headers)

    return [
        Part("worklist", "the first page of a department's list", for_ever(same("/office/cases/", office))),
        Part("casepage", f"a case with {ACTS} acts", for_ever(same(f"/my/cases/{case['number']}", citizen))),
        Part("search", "spoken queries", for_ever(lambda number: searches[number % len(searches)])),
        Part("figures", "a desk with its figures of the day", for_ever(same("/counter/", clerk))),
        Part("file", "one filing", for_ever(world.filing), expect=201),
    ]


def _measure(stack: Stack, part: Part, size: int, quick: bool) -> None:
    rounds, seconds = (2, 1.0) if quick else (ROUNDS, SECONDS)
    kept: list[Answer] = []
    write = part.expect == 201
    for number in range(rounds + 1):  # the first one warms up
        before = stack.cpu()
        tally = closed_loop(
            stack.port, part.requests, seconds=seconds, least=WARM, expect=part.expect, keep=write
        )  # fmt: skip
        after = stack.cpu()
        kept += tally.kept
        if tally.wrong:
            part.faults.append(f"{len(tally.wrong)} wrong answers among {size} cases: {tally.wrong[0]}")
        if number:
            spent = after.app - before.app + after.database - before.database
            part.cost.setdefault(size, []).append(spent * 1000 / max(1, tally.answers))
    try:
        part.statements[size] = _statements(stack, part).queries
    except RuntimeError as unequal:
        part.faults.append(f"among {size} cases: {unequal}")
    if write:
        part.faults += not_whole(stack, kept)


def _statements(stack: Stack, part: Part) -> Statements:
    connection = Connection(stack.port)
    for _ in range(10):
        connection.send(next(part.requests))
    with stack.statements(5) as found:  # as many as there are searches
        for _ in range(5):
            connection.send(next(part.requests))
    connection.close()
    return found[0]


def _result(part: Part) -> Result:
    """How many times the cost of the smallest size the largest one has."""
    sizes = list(part.cost)
    result = Result(f"{NAME}-{part.name}", part.what, BAR, f"× from {sizes[0]:,} to {sizes[-1]:,} cases")
    result.take(growth(part.cost[sizes[0]], part.cost[sizes[-1]]))
    result.facts |= {
        "cpu_ms": {str(size): round(median(part.cost[size]), 2) for size in sizes},
        "statements": {str(size): number for size, number in part.statements.items()},
    }
    result.faults += part.faults
    counts = list(part.statements.values())
    if counts and counts[-1] > counts[0]:
        result.faults.append(f"the number of statements grows: {part.statements}")
    return result
