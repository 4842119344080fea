"""What a request costs among ten thousand cases, a hundred thousand, and (with --million) a million: it must stay flat.

Two installations stand side by side: one keeps ten thousand cases, the other grows. A round asks both, one after the
other, so that a machine that becomes slower meanwhile makes both dearer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from bench.client import Connection, Request, closed_loop, for_ever, sign_in
from bench.figures import Result, Statements
from bench.measure import ROUNDS, SECONDS, WARM
from bench.scenarios.casepage import ACTS
from bench.scenarios.file import not_whole
from bench.scenarios.worklist import REVIEWER
from bench.stack import Stack, temporary_folder
from bench.world import PAPERS, World

NAME = "growth"
BAR = 1.3
FEW, MANY, MILLION = 10_000, 100_000, 1_000_000
FILINGS = 8_000  # of one size: six rounds of a quick machine took 2,600, and an iterator that ends spoils the whole run
SAID = ("养狗", "办营业执照", "公积金取钱", "yyzz", "社保卡丢了怎么办")


@dataclass(slots=True)
class Part:
    """One kind of request to one of the two: what it cost at each size in milliseconds of CPU, round by round, and the
    statements that it sent."""

    stack: Stack
    name: str
    what: str
    requests: Iterator[Request]
    expect: int = 200
    cost: dict[int, list[float]] = field(default_factory=dict)
    statements: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def run(stack: Stack, world: World, quick: bool, *, million: bool) -> list[Result]:
    """The same requests to both, before the other one is filled on, and after."""
    sizes = (MANY, *([MILLION] if million else []))
    world.fill(FEW)
    with _another() as other:
        its_world = World.of(other)
        pairs = list(zip(_parts(stack, world, len(sizes)), _parts(other, its_world, len(sizes)), strict=True))
        for size in sizes:
            its_world.fill(size)
            for pair in pairs:
                _measure(*pair, size, quick)
        return [_result(*pair) for pair in pairs]


@contextmanager
def _another() -> Iterator[Stack]:
    with temporary_folder() as folder:
        stack = Stack(folder)
        try:
            stack.start()
            stack.calm_down()
            yield stack
        finally:
            stack.stop()


def _parts(stack: Stack, world: World, sizes: int) -> list[Part]:
    case = world.walked("zhangxiao", ACTS)
    world.provide_uploads("zhangxiao", FILINGS * PAPERS * sizes)  # now: a day has its limit of uploads
    citizen, office = (sign_in(stack.port, who, world.password) for who in ("zhangxiao", REVIEWER))
    clerk = sign_in(stack.port, "lina", world.password)
    searches = [Request(f"/api/v1/items?q={quote(said)}", {}) for said in SAID]

    def same(path: str, headers: dict[str, str]) -> Callable[[int], Request]:
        return lambda _: Request(path, headers)

    return [
        Part(stack, "worklist", "the first page of a department's list", for_ever(same("/office/cases/", office))),
        Part(stack, "casepage", f"a case with {ACTS} acts", for_ever(same(f"/my/cases/{case['number']}", citizen))),
        Part(stack, "search", "spoken queries", for_ever(lambda number: searches[number % len(searches)])),
        Part(stack, "figures", "a desk with its figures of the day", for_ever(same("/counter/", clerk))),
        Part(stack, "file", "one filing", for_ever(world.filing), expect=201),
    ]


def _measure(few: Part, many: Part, size: int, quick: bool) -> None:
    rounds, seconds = (2, 1.0) if quick else (ROUNDS, SECONDS)
    for number in range(rounds + 1):  # the first one warms up
        for part in (few, many):
            spent = _round(part, seconds, size)
            if number:
                part.cost.setdefault(size, []).append(spent)
    for part in (few, many):
        try:
            part.statements[size] = _statements(part).queries
        except RuntimeError as unequal:
            part.faults.append(f"among {size} cases: {unequal}")


def _round(part: Part, seconds: float, size: int) -> float:
    """Milliseconds of CPU for one request, ours and PostgreSQL's."""
    write = part.expect == 201
    before = part.stack.cpu()
    tally = closed_loop(
        part.stack.port, part.requests, seconds=seconds, least=WARM, expect=part.expect, keep=write
    )  # fmt: skip
    after = part.stack.cpu()
    if tally.wrong:
        part.faults.append(f"{len(tally.wrong)} wrong answers among {size} cases: {tally.wrong[0]}")
    if write:
        part.faults += not_whole(part.stack, tally.kept)
    return (after.app - before.app + after.database - before.database) * 1000 / max(1, tally.answers)


def _statements(part: Part) -> Statements:
    connection = Connection(part.stack.port)
    for _ in range(10):
        connection.send(next(part.requests))
    with part.stack.statements(5) as found:  # as many as there are searches
        for _ in range(5):
            connection.send(next(part.requests))
    connection.close()
    return found[0]


def _result(few: Part, many: Part) -> Result:
    """How many times the cost of the few the cost of the many is, each round of one beside its round of the other."""
    size = max(many.cost)
    result = Result(f"{NAME}-{many.name}", many.what, BAR, f"× from {FEW:,} to {size:,} cases")
    result.take([dear / cheap for cheap, dear in zip(few.cost[size], many.cost[size], strict=True)])
    result.facts |= {
        "cpu_ms": {str(at): [round(median(part.cost[at]), 2) for part in (few, many)] for at in many.cost},
        "statements": {str(at): [part.statements.get(at) for part in (few, many)] for at in many.cost},
    }
    result.faults += few.faults + many.faults
    if many.statements.get(size, 0) > few.statements.get(size, 0):
        result.faults.append(f"the number of statements grows: {few.statements}, {many.statements}")
    return result
