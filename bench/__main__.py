"""`./run bench [names] [--cases N] [--quick] [--save NAME]`: one JSON line per scenario, then the table.

The exit code is 2 when a bar was missed (never with `--quick`), 1 when an answer was wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import stack as machine
from bench.figures import Result, table
from bench.scenarios import (
    book,
    casepage,
    decision,
    events,
    file,
    growth,
    messages,
    miaopi,
    process,
    rehearse,
    search,
    start,
    worklist,
)  # fmt: skip
from bench.stack import Stack, temporary_folder
from bench.world import World

RESULTS = Path(__file__).resolve().parent / "results"
ON_A_STACK = {
    module.NAME: module.run for module in (worklist, casepage, search, file, miaopi, book)
}  # `file`, `miaopi` and `book` write, so they come last
PURE = {module.NAME: module.run for module in (decision, process)}  # of the engines: no server, no database
ALL = (*PURE, start.NAME, events.NAME, messages.NAME, rehearse.NAME, *ON_A_STACK)
NAMES = (*ALL, growth.NAME)  # `growth` takes long, so it runs only when it is named
MILLION = 1_000_000


def note(text: str) -> None:
    """Progress goes to stderr: stdout holds JSON lines and the table."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)} (default: all but growth)")
    parser.add_argument("--cases", type=int, default=MILLION, help="cases in the table (default 1,000,000)")
    parser.add_argument("--million", action="store_true", help="growth: a million cases too (takes long)")
    parser.add_argument("--quick", action="store_true", help="two short rounds: to try the bench, not to measure")
    parser.add_argument("--save", metavar="NAME", help="write bench/results/NAME.json, .md and the profiles")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    chosen.names = chosen.names or list(ALL)
    return chosen


def run(chosen: argparse.Namespace) -> tuple[list[Result], dict[str, Any]]:
    results: list[Result] = []
    os.environ.pop("DATABASE_URL", None)  # an installation of its own
    about = {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "load_average_before": machine.load_average()}
    about |= {"commit": _commit(), **machine.machine(), "quick": chosen.quick}
    for name in PURE.keys() & set(chosen.names):
        note(name)
        results += _told(PURE[name](chosen.quick))
    with temporary_folder() as folder:
        if start.NAME in chosen.names:
            note(start.NAME)
            results += _told(start.run(folder / "demo", _password(), chosen.quick))
        if set(chosen.names) - {start.NAME, *PURE}:
            results += _on_a_stack(folder, chosen, about)
    about["load_average_after"] = machine.load_average()
    return results, about


def _on_a_stack(folder: Path, chosen: argparse.Namespace, about: dict[str, Any]) -> list[Result]:
    stack, results = Stack(folder), list[Result]()
    try:
        note("starting an installation of its own")
        stack.start()
        about["postgresql"] = stack.execute("SHOW server_version")[0][0]
        world = World.of(stack)
        if events.NAME in chosen.names:  # needs the process that is stopped next
            note(events.NAME)
            results += _told(events.run(stack, chosen.quick))
        stack.calm_down()
        if messages.NAME in chosen.names:
            note(messages.NAME)
            results += _told(messages.run(stack, chosen.quick))
        if rehearse.NAME in chosen.names:
            note(rehearse.NAME)
            results += _told(rehearse.run(stack, chosen.quick))
        if growth.NAME in chosen.names:  # while there are few cases
            note(growth.NAME)
            results += _told(growth.run(stack, world, chosen.quick, million=chosen.million))
        if not set(chosen.names) & set(ON_A_STACK):
            return results
        note(f"loading {chosen.cases} cases")
        began = time.monotonic()
        world.fill(chosen.cases)
        about["seconds_to_load_cases"] = round(time.monotonic() - began)
        for name, scenario in ON_A_STACK.items():
            if name in chosen.names:
                note(name)
                results += _told(scenario(stack, world, chosen.quick))
    finally:
        stack.stop()
    return results


def _told(results: list[Result]) -> list[Result]:
    for result in results:
        say(json.dumps(result.as_json(), ensure_ascii=False))
    return results


def _password() -> str:
    from yichuang.people.cast import PASSWORD

    return PASSWORD


def _commit() -> str:
    """The commit that is measured; a star when the sources differ from it."""
    root = RESULTS.parents[1]
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True)
    changed = subprocess.run(["git", "status", "--porcelain", "src"], cwd=root, capture_output=True, text=True)
    return head.stdout.strip() + ("*" if changed.stdout.strip() else "")


def report(results: list[Result], about: dict[str, Any]) -> str:
    """The table with what it was measured on."""
    facts = [f"{name.replace('_', ' ')}: {value}" for name, value in about.items()]
    lines = [
        table(results),
        "",
        "Ratios are medians of rounds, each with the ceiling beside it.",
        "",
        "; ".join(facts) + ".",
    ]
    return "\n".join(lines)


def save(name: str, results: list[Result], about: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    whole = {"about": about, "results": [result.as_json() for result in results]}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(f"# {name}\n\n{report(results, about)}\n", encoding="utf-8")
    for result in results:
        if result.profile:
            (RESULTS / f"{name}-{result.name}-profile.txt").write_text(result.profile, encoding="utf-8")


def main() -> int:
    chosen = options()
    began = time.monotonic()
    results, about = run(chosen)
    about["seconds_in_all"] = round(time.monotonic() - began)
    say("\n" + report(results, about))
    if chosen.save:
        save(chosen.save, results, about)
    if any(result.faults for result in results):
        return 1
    return 2 if any(result.missed for result in results) and not chosen.quick else 0


if __name__ == "__main__":
    sys.exit(main())
