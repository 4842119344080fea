"""The DMN Technology Compatibility Kit, wherever somebody keeps it: `./run tck [DIR]`.

The kit is not part of this project. DIR is its folder (the one with `compliance-level-2`), or `dmn-tck` of the folder
in YICHUANG_CONFORMANCE. Prints the score of each level and, grouped by what went wrong, the results that differ.
"""

import os
import sys
import time as clock
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from yichuang.engine.dmn.decision import CompiledModel, compile_model
from yichuang.engine.dmn.model import DecisionFaults, Model
from yichuang.engine.dmn.read import read_model
from yichuang.engine.feel.library.same import equals
from yichuang.engine.feel.times import read_date, read_moment, read_span, read_time

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """One result node of the kit."""

    level: int
    case: str
    name: str
    passed: bool
    why: str


def tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def kids(element: Any, name: str) -> list[Any]:
    return [one for one in element if tag(one) == name]


def value_of(element: Any) -> Any:
    """An input or an expectation of the kit, as FEEL has it."""
    if element.get(NIL) == "true":
        return None
    for one in element:
        match tag(one):
            case "value":
                return scalar(one)
            case "list":
                return None if one.get(NIL) == "true" else tuple(value_of(item) for item in kids(one, "item"))
            case "component":
                return {part.get("name"): value_of(part) for part in kids(element, "component")}
    return None


def scalar(element: Any) -> Any:
    if element.get(NIL) == "true":
        return None
    kind, text = (element.get(XSI) or "string").rpartition(":")[2], element.text or ""
    read: dict[str, Any] = {
        "boolean": lambda raw: raw.strip() in {"true", "1"},
        "date": read_date,
        "time": read_time,
        "dateTime": read_moment,
        "duration": read_span,
        "dayTimeDuration": read_span,
        "yearMonthDuration": read_span,
    }
    if kind in {"decimal", "double", "integer", "float", "long", "int"}:
        try:
            return Decimal(text.strip())
        except InvalidOperation:
            return None
    return read[kind](text.strip()) if kind in read else text


def agrees(expected: Any, got: Any) -> bool:
    """Equal; numbers to eight places, as the kit's own runners do."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) < Decimal("1e-8") * max(1, abs(expected))
    if isinstance(expected, tuple) and isinstance(got, tuple):
        return len(expected) == len(got) and all(map(agrees, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return set(expected) == set(got) and all(agrees(value, got[key]) for key, value in expected.items())
    if isinstance(expected, str) and isinstance(got, date | time):
        expected = scalar_like(expected, got)
    return equals(expected, got) is True


def scalar_like(text: str, other: Any) -> Any:
    return (read_moment if isinstance(other, datetime) else read_time if isinstance(other, time) else read_date)(text)


def models_of(folder: Path) -> dict[str, Model]:
    """Every model of a folder by its file name; one that cannot be read is left out."""
    models = {}
    for path in sorted(folder.glob("*.dmn")):
        try:
            models[path.name] = read_model(path.read_bytes())
        except DecisionFaults:
            continue
    return models


def run_folder(level: int, folder: Path) -> Iterator[Result]:
    models = models_of(folder)
    spaces = {model.namespace: model for model in models.values()}
    compiled: dict[str, CompiledModel] = {}
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path).getroot()
        name = next((one.text or "" for one in kids(root, "modelName")), "").strip()
        if name in models and name not in compiled:
            compiled[name] = compile_model(models[name], spaces)
        for case in kids(root, "testCase"):
            for node in kids(case, "resultNode"):
                yield judge(level, folder.name, case, node, compiled.get(name))


def judge(level: int, folder: str, case: Any, node: Any, model: CompiledModel | None) -> Result:
    label = f"{case.get('id')} {node.get('name')}"
    expected = next((value_of(one) for one in kids(node, "expected")), None)
    if model is None:
        return Result(level, folder, label, False, "the model cannot be read")
    given = {one.get("name"): value_of(one) for one in kids(case, "inputNode")}
    for one in kids(case, "inputNode"):
        space = one.get("namespace")
        prefix = next((found.name for found in model.model.imports if found.namespace == space), "")
        if prefix:
            given.setdefault(prefix, {})[one.get("name")] = value_of(one)
    target = case.get("invocableName") if case.get("type") in {"bkm", "decisionService"} else node.get("name")
    try:
        got = model.evaluate(target or "", given, at=AT)
        why = f"expected {expected!r}, got {got!r}"
    except Exception as error:  # an engine must never raise: the kit counts it, and so do we
        return Result(level, folder, label, False, f"raised {error!r}")
    several = case.get("type") == "decisionService" and isinstance(got, dict) and node.get("name") in got
    if several and not agrees(expected, got):
        got = got[node.get("name")]
    return Result(level, folder, label, agrees(expected, got), why)


def folder_of(arguments: list[str]) -> Path | None:
    """Where the kit is, if it is anywhere."""
    if arguments:
        return Path(arguments[0])
    root = os.environ.get("YICHUANG_CONFORMANCE")
    return Path(root) / "dmn-tck" if root else None


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main(arguments: list[str]) -> int:
    verbose = "-v" in arguments
    only = [one[2:] for one in arguments if one.startswith("-k")]
    folder = folder_of([one for one in arguments if not one.startswith("-")])
    if folder is None or not (folder / "compliance-level-2").is_dir():
        say("The DMN TCK is not here, so nothing was measured. It is not part of this project: get it from")
        say("github.com/dmn-tck/tck and run  ./run tck DIR  with its folder of test cases (TestCases).")
        return 0
    started = clock.perf_counter()
    worst = Counter[str]()
    for level in (2, 3):
        results = [
            result
            for one in sorted((folder / f"compliance-level-{level}").iterdir())
            if one.is_dir() and (not only or any(part in one.name for part in only))
            for result in run_folder(level, one)
        ]
        passed = sum(result.passed for result in results)
        say(f"level {level}: {passed} of {len(results)} ({100 * passed / max(1, len(results)):.1f} %)")
        for result in results:
            if not result.passed:
                worst[result.case] += 1
                if verbose:
                    say(f"  {result.case} {result.name}: {result.why[:300]}")
    for case, count in worst.most_common():
        say(f"{count:5d} differ  {case}")
    say(f"{clock.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
