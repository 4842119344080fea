"""Are the tests able to fail? Change one thing in a pure rule, run the tests that speak of it, and see whether one turns red.

`python -m tests.mutants [name …]` (`./run mutate`) prints each change that no test noticed, and the share that was noticed.
Only tests without a database take part; a child process per change, forked from one that has the slow imports behind it.
"""

import ast
import contextlib
import copy
import gc
import importlib.abc
import importlib.util
import inspect
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Target:
    """A module, the tests that must notice a change in it, and the share of changes they must notice."""

    module: str
    tests: tuple[str, ...]
    least: float


_FEEL = ("engine/test_decision_feel.py", "engine/test_decision_edge.py")
_DMN = ("engine/test_decision_models.py", "engine/test_decision_edge.py", "engine/test_decision_check.py")
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
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_of_turns.py",), 0.85)
        for name in ("transfer", "correction", "help", "duty", "service")
    },
    **{
        name: Target(f"yichuang.cases.rules.{name}", ("cases/test_rules_at_once.py",), 0.85)
        for name in ("instant", "rehearsal")
    },
    "signing": Target("yichuang.cases.rules.signing", ("cases/test_rules_of_signing.py",), 0.85),
    "held": Target("yichuang.cases.rules.held", ("cases/test_rules_of_what_is_held.py",), 0.85),
    "commitment": Target("yichuang.cases.rules.commitment", ("cases/test_rules_of_commitments.py",), 0.85),
    "rulesets": Target("yichuang.cases.rules.rulesets", ("cases/test_rule_set_rules.py",), 0.85),
    "checksums": Target("yichuang.core.identifiers.checksums", ("core/test_checksums.py",), 0.85),
    "persons": Target("yichuang.core.identifiers.persons", ("core/test_identifiers.py",), 0.85),
    "organisations": Target("yichuang.core.identifiers.organisations", ("core/test_identifiers.py",), 0.85),
    "records": Target("yichuang.core.identifiers.records", ("core/test_identifiers.py",), 0.85),
    "masks": Target("yichuang.core.masks", ("core/test_basics.py",), 0.85),
    "items": Target(
        "yichuang.catalog.rules",
        ("catalog/test_catalog_rules.py", "catalog/test_requirements_at_the_edges.py"),
        0.85,
    ),
    "people": Target("yichuang.people.rules", ("people/test_people_rules.py",), 0.85),
    "engine": Target("yichuang.engine.rules", ("engine/test_task_rules.py",), 0.85),
    "process": Target("yichuang.engine.bpmn.run", ("engine/test_process_run.py", "engine/test_process_whole.py"), 0.85),
    **{
        f"process-{name}": Target(f"yichuang.engine.bpmn.{name}", (f"engine/{tests}.py",), 0.85)
        for name, tests in (
            ("play", "test_process_whole"),
            ("timers", "test_timer_rules"),
            ("versions", "test_version_plans"),
        )
    },
    "time": Target("yichuang.core.clock", ("core/test_basics.py",), 0.85),
    "network": Target("yichuang.network.rules", ("network/test_rules.py",), 0.85),
    "tenants": Target("yichuang.tenants.rules", ("tenants/test_rules.py", "tenants/test_range_rules.py"), 0.85),
    "tenants-ranges": Target("yichuang.tenants.ranges", ("tenants/test_range_rules.py",), 0.85),
    "validity": Target("yichuang.registry.rules.certificates", ("registry/test_validity.py",), 0.85),
    "issuing": Target("yichuang.issuing.rules", ("issuing/test_issuing_rules.py",), 0.85),
    "notices": Target("yichuang.notices.rules", ("notices/test_next_step.py", "notices/test_notice_texts.py"), 0.85),
    "actors": Target("yichuang.core.actors", ("security/test_permissions_of_rooms.py",), 0.95),
    **{
        f"{room}-permissions": Target(f"yichuang.{room}.permissions", ("security/test_permissions_of_rooms.py",), 0.95)
        for room in ("people", "network", "issuing", "notices", "catalog")
    },
    **{
        f"{room}-permissions": Target(
            f"yichuang.{room}.permissions", ("security/test_permissions_of_shared_rooms.py",), 0.95
        )
        for room in ("registry", "bundles", "tenants")
    },
    "visits-permissions": Target("yichuang.visits.permissions", ("visits/test_permissions_of_visits.py",), 0.95),
    "calling": Target("yichuang.visits.rules.calling", ("visits/test_calling_rules.py",), 0.85),
    "waiting": Target("yichuang.visits.rules.waiting", ("visits/test_waiting_rules.py",), 0.85),
    "trust": Target("yichuang.registry.rules.trust", ("registry/test_comparing.py",), 0.85),
    **{
        f"feel-{name}": Target(f"yichuang.engine.feel.{path}", _FEEL, 0.6)
        for name, path in (
            ("wide", "wide"),
            ("decide", "decide"),
            ("patterns", "patterns"),
            ("sums", "sums"),
            ("times", "times"),
            ("types", "types"),
            ("infer", "infer"),
            ("lists", "library.lists"),
            ("texts", "library.texts"),
            ("ranges", "library.ranges"),
        )
    },
    **{
        f"dmn-{name}": Target(f"yichuang.engine.dmn.{name}", _DMN, 0.6)
        for name in ("axes", "guard", "edge", "gaps", "check", "tables", "decision", "compile", "kinds", "read")
    },
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
            return [
                ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values),
                *(ast.BoolOp(node.op, [v for v in node.values if v is not gone]) for gone in node.values),
            ]
        case ast.UnaryOp(op=ast.Not()):
            return [node.operand]
        case ast.Constant(value=bool()):
            return [ast.Constant(not node.value)]
        case ast.Constant(value=int() | float()):
            return [ast.Constant(node.value + 1)]
        case ast.IfExp():
            return [ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]
    return []


@dataclass(frozen=True)
class Mutant:
    """One change: its line, what was and what is, the whole changed source, and whether it lies inside a function."""

    line: int
    what: str
    source: str
    inside: bool


def mutants(source: str) -> Iterator[Mutant]:
    """One change each; decorators, annotations, asserts and words are left alone."""
    tree = ast.parse(source)
    quiet = set(_left_alone(tree))
    inside = {n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for part in f.body for n in ast.walk(part)}
    for place, node in enumerate(ast.walk(tree)):
        for change in () if node in quiet else changes_of(node):
            fresh = copy.deepcopy(tree)
            target = next(n for at, n in enumerate(ast.walk(fresh)) if at == place)
            changed = ast.fix_missing_locations(_Swap(target, change).visit(fresh))
            what = f"{ast.unparse(node)}  →  {ast.unparse(change)}"
            yield Mutant(node.lineno, what, ast.unparse(changed), node in inside)  # type: ignore[attr-defined]  # has a line


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


def load_anew(target: Target, source: str) -> None:
    """Everything is imported again, the target from the changed source."""
    for name in [n for n in sys.modules if n.startswith(("yichuang", "tests."))]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Loader(target.module, source))


def swap_code(target: Target, source: str) -> None:
    """The functions that are loaded get the changed code: far quicker, and blind to what was worked out while importing."""
    fresh = ModuleType(target.module)
    sys.modules[target.module], loaded = fresh, sys.modules[target.module]  # dataclasses look their module up
    exec(compile(source, target.module, "exec"), fresh.__dict__)
    sys.modules[target.module] = loaded
    _swap_codes(vars(loaded), vars(fresh), target.module)


def _swap_codes(old: Mapping[str, Any], new: Mapping[str, Any], module: str) -> None:
    for name, what in old.items():
        now = new.get(name)
        if getattr(what, "__module__", module) != module:
            continue
        if isinstance(what, type) and isinstance(now, type):
            _swap_codes(vars(what), vars(now), module)
            continue
        before, after = _function(what), _function(now)
        if before is not None and after is not None:
            with contextlib.suppress(ValueError):  # another number of names from around it: left to `load_anew`
                before.__code__ = after.__code__


def _function(what: Any) -> FunctionType | None:
    what = inspect.unwrap(getattr(what, "fget", None) or getattr(what, "__func__", what))
    return what if isinstance(what, FunctionType) else None


class Collected:
    """A plugin that keeps the tests that were found."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def pytest_collection_finish(self, session: Any) -> None:
        self.items = list(session.items)

    def direct(self) -> list[Callable[[], Any]]:
        """The tests that ask for no fixture, as plain calls: what pytest does around a test takes longer than the test."""
        given = [
            (item.obj, dict(item.callspec.params) if hasattr(item, "callspec") else {}, item) for item in self.items
        ]
        return [partial(test, **values) for test, values, item in given if set(item.fixturenames) == set(values)]


def cheapest_first(tests: Sequence[Callable[[], Any]]) -> list[Callable[[], Any]]:
    """In the order of what each takes: nearly every change is noticed by a quick test, and the slow ones need not run. Those of
    FEEL and DMN take seconds in all, so that their modules would take hours."""

    def cost(test: Callable[[], Any]) -> float:
        began = time.process_time()
        test()
        return time.process_time() - began

    return sorted(tests, key=cost)


def run_pytest(target: Target, plugin: Collected) -> int:
    """The tests of one target, in this process."""
    import pytest

    silent = ["-x", "-q", "-c", os.devnull, "--rootdir", str(ROOT), "--noconftest", "--import-mode=importlib"]
    files = [str(ROOT / "tests" / name) for name in target.tests]
    options = ["-p", "no:cacheprovider", "-k", "not ten_years"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return int(pytest.main([*silent, *options, *files], plugins=[plugin]))


def stays_green(work: Callable[[], int], seconds: float) -> bool:
    """Whether `work` answers 0, in a child of its own that ends after so many seconds of work: a loop without end is noticed."""
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            code = work()
        except BaseException:
            code = 1
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def survives(target: Target, mutant: Mutant, tests: Sequence[Callable[[], Any]], seconds: float) -> bool:
    """Whether no test notices the change. First the quick way; who survives that is imported and tried as a whole."""

    def quick() -> int:
        swap_code(target, mutant.source)
        for test in tests:
            test()
        return 0

    def whole() -> int:
        load_anew(target, mutant.source)
        return run_pytest(target, Collected())

    return (not mutant.inside or stays_green(quick, seconds)) and stays_green(whole, seconds)


def prepare() -> None:
    """The slow imports, once; and a fixed seed, so that the same change has the same fate."""
    import chinese_calendar  # noqa: F401  (imported to be there)
    import django.db.models  # noqa: F401  (imported to be there)
    from hypothesis import HealthCheck, settings

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
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
    target, found = TARGETS[name], Collected()
    source = (ROOT / "src" / Path(*target.module.split("."))).with_suffix(".py").read_text(encoding="utf-8")
    began = time.process_time()
    first = run_pytest(target, found)
    seconds = 5 + 5 * (time.process_time() - began)
    tests = cheapest_first(found.direct()) if first == 0 else []
    for cached in [o for o in gc.get_objects() if type(o).__name__ == "_lru_cache_wrapper"]:
        cached.cache_clear()  # what the unchanged rule answered
    unchanged = Mutant(0, "nothing", ast.unparse(ast.parse(source)), inside=True)
    if first != 0 or not survives(target, unchanged, tests, seconds):  # whatever is red by itself notices nothing
        raise SystemExit(f"{name}: the tests are red without any change")
    tried = [(mutant, survives(target, mutant, tests, seconds)) for mutant in mutants(source)]
    unnoticed = [f"  {target.module}:{mutant.line}  {mutant.what}" for mutant, survived in tried if survived]
    noticed, share = len(tried) - len(unnoticed), 1 - len(unnoticed) / len(tried)
    print("\n".join(unnoticed))  # noqa: T201  (a command's answer)
    print(f"{name}: {noticed} of {len(tried)} changes noticed ({share:.0%}, bar {target.least:.0%})")  # noqa: T201  (a command's answer)
    return share >= target.least


def main(names: list[str]) -> int:
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    prepare()
    weak = [name for name in names or TARGETS if not measure(name)]
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
