"""One search among 100,000 items, in the words of people: CPU of each, and how often a right item is among the first five."""

import json
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.ceiling import Ceiling
from bench.client import Connection, Request, for_ever
from bench.figures import Result
from bench.measure import measure, profile
from bench.stack import Stack
from bench.world import World

NAME = "search"
BAR = 5.0
ITEMS, FEW = 100_000, 2_000  # the second for `--quick`
DATA = Path(__file__).resolve().parents[2] / "tests/catalog/data"
FIRST, RECALL = 5, 0.9
# the hits by their key: what reading five lines costs without a search
ROWS = "SELECT row FROM catalog_itemversion WHERE code IN ({codes}) AND version = 1;"


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    count = FEW if quick else ITEMS
    stack.inside("items.py", str(DATA / "items.tsv"), str(count))
    stack.execute("ANALYZE catalog_itemversion")
    asked = [(q, right.split("; ")) for name in ("queries.tsv", "unseen.tsv") for q, right in _lines(name)]
    requests = [Request(f"/api/v1/items?q={quote(q)}", {}) for q, _ in asked]
    result = Result(NAME, f"{len(asked)} spoken queries among {count} items", BAR, "ms of CPU")
    found = _found(stack, requests)
    missed = [q for (q, right), names in zip(asked, found, strict=True) if not set(right) & set(names[:FIRST])]
    recall = 1 - len(missed) / len(asked)
    result.facts |= {"items": count, "queries": len(asked), "recall_at_5": round(recall, 3), "missed": missed}
    if recall < RECALL:
        result.faults.append(f"recall@{FIRST} is {recall:.2f}: {', '.join(missed)}")
    codes = ", ".join(f"'bench-{n:06}'" for n in range(FIRST))
    turns = for_ever(lambda number: requests[number % len(requests)])
    measure(stack, result, turns, Ceiling(stack, ROWS.format(codes=codes)), quick=quick)
    result.take([r.ours for r in result.rounds])
    result.facts["times_the_ceiling"] = round(median(r.ratio for r in result.rounds), 1)
    profile(stack, result, lambda: next(turns), 44)
    return [result]


def _lines(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines()[1:]]


def _found(stack: Stack, requests: list[Request]) -> list[list[str]]:
    """The names that each query answers with, best first."""
    connection = Connection(stack.port)
    answers = [json.loads(connection.send(request).body) for request in requests]
    connection.close()
    return [
        [row["name"]["zh"] if isinstance(row["name"], dict) else row["name"] for row in answer["items"]]
        for answer in answers
    ]
