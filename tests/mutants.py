"""Are the tests able to fail? Change one thing in a pure rule, run the tests that speak of it, and see whether one turns red.

`python -m tests.mutants [name …]` (`./run mutate`) prints each change that no test noticed, and the share that was noticed.
Only tests without a database take part; a child process per change, forked from one that has the slow imports behind it.
"""

import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Target:
    """A module, the tests that must notice a change in it, and the share of changes they must notice."""

    module: str
    tests: tuple[str, ...]
    least: float


TARGETS = {
    "acceptance": Target(
        "yichuang.cases.rules.acceptance", ("cases/test_acceptance_rules.py", "cases/test_law_vectors.py"), 0.85
    ),
    "clock": Target(
        "yichuang.cases.rules.clock",
        ("cases/test_clock_edges.py", "cases/test_clock_rules.py", "cases/test_law_vectors.py"),
        0.85,
    ),
    "workdays": Target("yichuang.core.workdays", ("core/test_workdays.py",), 0.85),
    "states": Target("yichuang.cases.states", ("cases/test_states.py",), 0.85),
    "trips": Target("yichuang.cases.rules.trips", ("cases/test_trip_rules.py",), 0.85),
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_at_the_edges.py",), 0.85)
        for name in ("hearing", "inspection", "answer", "ending")
    },
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_of_what_follows.py",), 0.85)
        for name in ("follow", "moving", "escalation", "priority", "sentences")
    },
    "checksums": Target("yichuang.core.identifiers.checksums", ("core/test_checksums.py",), 0.85),
    "persons": Target("yichuang.core.identifiers.persons", ("core/test_identifiers.py",), 0.85),
    "organisations": Target("yichuang.core.identifiers.organisations", ("core/test_identifiers.py",), 0.85),
    "records": Target("yichuang.core.identifiers.records", ("core/test_identifiers.py",), 0.85),
    "masks": Target("yichuang.core.masks", ("core/test_basics.py",), 0.85),
    "items": Target("yichuang.catalog.rules", ("catalog/test_catalog_rules.py",), 0.85),
    "people": Target("yichuang.people.rules", ("people/test_people_rules.py",), 0.85),
    "network": Target("yichuang.network.rules", ("network/test_rules.py",), 0.85),
    "validity": Target("yichuang.registry.rules", ("registry/test_validity.py",), 0.85),
    "permissions": Target("yichuang.cases.permissions", ("cases/test_permissions.py",), 0.95),
}
COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
CALCULATE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


def changes_of(node: ast.AST) -> list[ast.AST]:
    """Each way in which this one node could be wrong."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARE:
            return [ast.Compare(node.left, [COMPARE[type(op)]()], node.comparators)]
        case ast.BinOp() if type(node.op) in CALCULATE:
            return [ast.BinOp(node.left, CALCULATE[type(node.op)](), node.right)]
        case ast.BoolOp():
            return [ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)]
        case ast.UnaryOp(op=ast.Not()):
            return [node.operand]
        case ast.Constant(value=bool()):
            return [ast.Constant(not node.value)]
        case ast.Constant(value=int() | float()):
            return [ast.Constant(node.value + 1)]
        case ast.IfExp():
            return [ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]
    return []


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """(line, what was, the whole changed source), one change each; asserts and words are left alone."""
    tree = ast.parse(source)
    quiet = set(_left_alone(tree))
    for place, node in enumerate(ast.walk(tree)):
        for change in () if node in quiet else changes_of(node):
            fresh = copy.deepcopy(tree)
            target = next(n for at, n in enumerate(ast.walk(fresh)) if at == place)
            changed = ast.fix_missing_locations(_Swap(target, change).visit(fresh))
            yield node.lineno, f"{ast.unparse(node)}  →  {ast.unparse(change)}", ast.unparse(changed)  # type: ignore[attr-defined]  # a node visited is a node


def _left_alone(tree: ast.AST) -> Iterator[ast.AST]:
    """What stands in decorators, annotations and asserts."""
    for node in ast.walk(tree):
        aside = [
            *getattr(node, "decorator_list", ()),
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
        ]
        if isinstance(node, ast.Assert):
            aside.append(node)
        for part in aside:
            yield from ast.walk(part) if part is not None else ()


class _Swap(ast.NodeTransformer):
    def __init__(self, target: ast.AST, change: ast.AST) -> None:
        self.target, self.change = target, change

    def visit(self, node: ast.AST) -> Any:
        return self.change if node is self.target else super().visit(node)


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from the changed source."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, self.name, "exec"), module.__dict__)


def run_tests(target: Target, source: str) -> bool:
    """Whether the tests stay green, in a child of its own that gives up after two minutes."""
    import pytest

    child = os.fork()
    if child == 0:
        import signal

        signal.alarm(120)
        for name in [n for n in sys.modules if n.startswith(("yichuang", "tests."))]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Loader(target.module, source))
        silent = ["-x", "-q", "-c", os.devnull, "--rootdir", str(ROOT), "--noconftest", "--import-mode=importlib"]
        plugins = [
            f"no:{name}"
            for name in ("cacheprovider", "django", "randomly", "xdist", "playwright", "socket", "schemathesis")
        ]
        options = [option for name in plugins for option in ("-p", name)]
        files = [str(ROOT / "tests" / name) for name in target.tests]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = pytest.main([*silent, *options, *files, "-k", "not ten_years"])
        os._exit(int(code))
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def prepare() -> None:
    """The slow imports, once; and a fixed seed, so that the same change has the same fate."""
    import chinese_calendar  # noqa: F401  (imported to be there)
    import django.db.models  # noqa: F401  (imported to be there)
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=40,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")


def measure(name: str) -> bool:
    """Try every change of one target; prints those that nobody noticed. True when enough were noticed."""
    target = TARGETS[name]
    source = (ROOT / "src" / Path(*target.module.split("."))).with_suffix(".py").read_text(encoding="utf-8")
    if not run_tests(target, source):
        raise SystemExit(f"{name}: the tests are red without any change")
    noticed, unnoticed = 0, []
    for line, what, changed in mutants(source):
        if run_tests(target, changed):
            unnoticed.append(f"  {target.module}:{line}  {what}")
        else:
            noticed += 1
    share = noticed / (noticed + len(unnoticed))
    print("\n".join(unnoticed))  # noqa: T201  (a command's answer)
    print(f"{name}: {noticed} of {noticed + len(unnoticed)} changes noticed ({share:.0%}, bar {target.least:.0%})")  # noqa: T201  (a command's answer)
    return share >= target.least


def main(names: list[str]) -> int:
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    prepare()
    weak = [name for name in names or TARGETS if not measure(name)]
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
