"""Are the tests able to fail? Change one thing in a pure rule, run the tests that speak of it, and see whether one turns red.

`python -m tests.mutants [name …]` (`./run mutate`) prints each change that no test noticed, and the share that was noticed.
Where a room has thousands of changes (FEEL, DMN, BPMN as wholes), a sample of them, drawn by a fixed seed, is tried:
`--sample 150 feel`. Only tests without a database take part, and of them those that call the changed function, the quickest first,
for some seconds; a child process per change, forked from one that has the slow imports behind it. A change by which something never
ends is noticed too: by a test that takes many times what it takes else. How many were noticed only so is told apart.
"""

import argparse
import ast
import contextlib
import gc
import importlib.abc
import importlib.util
import inspect
import io
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import accumulate
from math import sqrt
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation_targets import TARGETS, WHOLES, Target
from tests.mutations import Change, Mutant, changes

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src"
SEED = 20261123
SAMPLE = 150  # of a whole room
SLOWEST = 1.5  # seconds of the processor, watched: what takes longer is no test of one change
MOST = 60.0  # of all the tests of one change: the quickest ones
LOADING = 20.0  # for everything to be imported anew
GRACE, TIMES = 5.0, 10  # a test that takes longer than so many seconds and ten times what it took does not end
MEMORY = 3 << 30  # bytes of one child: what never ends may gather without end


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from the changed source."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, self.name, "exec"), module.__dict__)


def load_anew(module: str, source: str) -> None:
    """Everything is imported again, the module from the changed source."""
    for name in [n for n in sys.modules if n.startswith(("yichuang", "tests."))]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Loader(module, source))


def swap_code(module: str, source: str) -> None:
    """The functions that are loaded get the changed code: far quicker, and blind to what was worked out while importing.

    A module that no test has loaded stays as it is: nobody notices anything of it.
    """
    if module not in sys.modules:
        return
    fresh = ModuleType(module)
    sys.modules[module], loaded = fresh, sys.modules[module]  # dataclasses look their module up
    exec(compile(source, module, "exec"), fresh.__dict__)
    sys.modules[module] = loaded
    _swap_codes(vars(loaded), vars(fresh), module)


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
    """A plugin that keeps the tests that were found; of those that can be called plainly only the `named` run, when some are.

    `named`: what each of them took. No test runs longer than that allows.
    """

    def __init__(self, named: Mapping[str, float] | None = None) -> None:
        self.items: list[Any] = []
        self.named = named or {}

    def pytest_runtest_setup(self, item: Any) -> None:
        if self.named:
            allow(longest(self.named.get(item.nodeid, SLOWEST)))

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.named:
            items[:] = [one for one in items if one.nodeid in self.named or _given(one) is None]

    def pytest_collection_finish(self, session: Any) -> None:
        self.items = list(session.items)


def _given(item: Any) -> dict[str, Any] | None:
    """What a test that asks for no fixture is called with: what pytest does around a test takes longer than the test."""
    values = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    return values if set(item.fixturenames) == set(values) else None


Spot = tuple[str, int, str]  # module, first line and name of the code of a function


@dataclass(frozen=True)
class Known:
    """A test as a plain call, what it takes (seconds of the processor), and which functions it calls."""

    name: str
    test: Callable[[], Any]
    cost: float
    calls: frozenset[Spot]


def get_to_know(items: Sequence[Any]) -> list[Known]:
    """The tests that can be called plainly, the cheapest first: nearly every change is noticed by a quick one."""
    each = (_known(item.nodeid, partial(item.obj, **given)) for item in items if (given := _given(item)) is not None)
    return sorted((one for one in each if one is not None), key=lambda one: one.cost)


def _known(name: str, test: Callable[[], Any]) -> Known | None:
    calls: set[Spot] = set()

    def look(frame: Any, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            calls.add((code.co_filename, code.co_firstlineno, code.co_name))

    began = time.process_time()
    sys.setprofile(look)
    try:
        test()
    finally:
        sys.setprofile(None)
    cost = time.process_time() - began
    if cost > SLOWEST:
        return None
    ours = str(SOURCES)
    return Known(name, test, cost, frozenset(spot for spot in calls if spot[0].startswith(ours)))


def functions_at(file: Path, line: int) -> set[Spot]:
    """The functions with code of their own at a line; none for what runs while importing."""
    todo = [compile(file.read_text(encoding="utf-8"), str(file), "exec")]
    found = set()
    for code in todo:
        todo += [one for one in code.co_consts if isinstance(one, CodeType)]
        if code.co_flags & inspect.CO_OPTIMIZED and line in {at for _, _, at in code.co_lines()}:
            found.add((str(file), code.co_firstlineno, code.co_name))
    return found


def run_pytest(tests: Sequence[str], plugin: Collected, *more: str) -> int:
    """The tests of these files, in this process."""
    import pytest

    silent = ["-x", "-q", "-c", os.devnull, "--rootdir", str(ROOT), "--noconftest", "--import-mode=importlib"]
    files = [str(ROOT / "tests" / name) for name in tests]
    options = ["-p", "no:cacheprovider", "-k", "not ten_years"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return int(pytest.main([*silent, *options, *more, *files], plugins=[plugin]))


def longest(cost: float) -> float:
    """After so many seconds of work a test that took `cost` does not end."""
    return GRACE + TIMES * cost


def allow(seconds: float) -> None:
    """This process ends after so many seconds of work from now on, and says by which signal."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


class Fate(Enum):
    """What became of a change."""

    SURVIVED = "no test turned red"
    NOTICED = "a test turned red"
    ENDLESS = "a test did not end"


def fate(work: Callable[[], int]) -> Fate:
    """What becomes of `work`, which answers 0 when all is green, in a child of its own with the time that it allows itself."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        allow(LOADING)
        try:
            code = work()
        except BaseException:
            code = 1
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Fate.ENDLESS if os.WTERMSIG(status) == signal.SIGPROF else Fate.NOTICED
    return Fate.NOTICED if os.WEXITSTATUS(status) else Fate.SURVIVED


@dataclass(frozen=True)
class Bench:
    """The tests that must notice changes, loaded and known."""

    always: frozenset[str]  # the files with tests that cannot be called plainly: those see only the second way
    known: Sequence[Known]

    def fate(self, module: str, mutant: Mutant) -> Fate:
        """What becomes of the change. First the quick way; what survives that is imported and tried as a whole."""
        spots = functions_at(file_of(module), mutant.line) if mutant.inside else set()
        calling = within(MOST, [one for one in self.known if one.calls & spots] or self.known)
        files = sorted(self.always | {file_in(one.name) for one in calling})

        def quick() -> int:
            swap_code(module, mutant.source)
            for one in calling:
                allow(longest(one.cost))
                one.test()
            return 0

        def whole() -> int:
            load_anew(module, mutant.source)
            return run_pytest(files, Collected({one.name: one.cost for one in calling}))

        found = fate(quick) if mutant.inside else Fate.SURVIVED
        return fate(whole) if found is Fate.SURVIVED else found


def within(seconds: float, tests: Sequence[Known]) -> list[Known]:
    """The first tests that take no longer together."""
    spent = list(accumulate(one.cost for one in tests))
    return [one for one, sum_ in zip(tests, spent, strict=True) if sum_ <= seconds] or list(tests[:1])


def file_in(test: str) -> str:
    """The file of a test, as targets name it."""
    return test.partition("::")[0].removeprefix("tests/")


def file_of(module: str) -> Path:
    return (SOURCES / Path(*module.split("."))).with_suffix(".py")


def prepare() -> None:
    """The slow imports, once; and a fixed seed, so that the same change has the same fate."""
    import chinese_calendar  # noqa: F401  (imported to be there)
    import django
    from hypothesis import HealthCheck, Phase, settings

    django.setup()  # some pure rules stand behind the face of a room, beside its tables
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=40,
        phases=(Phase.explicit, Phase.generate),  # that it fails is enough: nobody asks for the smallest example
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")


def modules_of(pattern: str) -> list[str]:
    """The modules whose files fit, with anything to change."""
    files = [path for path in sorted(SOURCES.glob(pattern)) if next(changes(path.read_text(encoding="utf-8")), None)]
    return [".".join(path.relative_to(SOURCES).with_suffix("").parts) for path in files]


def drawn(modules: Sequence[str], sample: int, seed: int) -> list[tuple[str, Change]]:
    """So many changes, each as likely as any other; all of them where there are no more (or the sample is 0)."""
    pool = [(module, change) for module in modules for change in changes(file_of(module).read_text(encoding="utf-8"))]
    return random.Random(seed).sample(pool, sample) if 0 < sample < len(pool) else pool


def interval(noticed: int, tried: int) -> tuple[float, float]:
    """Where the share of all lies, 95 % sure (E. B. Wilson, JASA 22 (1927) 209–212)."""
    z, share = 1.96, noticed / tried
    middle, width = share + z * z / (2 * tried), z * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - width) / (1 + z * z / tried), (middle + width) / (1 + z * z / tried)


def set_up(name: str, files: tuple[str, ...], module: str) -> Bench:
    """The tests, which must be green without any change both ways: whatever is red by itself notices nothing."""
    found = Collected()
    if run_pytest(files, found, "--collect-only") != 0:
        raise SystemExit(f"{name}: the tests cannot be collected")
    always = frozenset(file_in(item.nodeid) for item in found.items if _given(item) is None)
    try:
        bench = Bench(always, get_to_know(found.items))
    except Exception as error:
        raise SystemExit(f"{name}: the tests are red without any change") from error
    for cached in [o for o in gc.get_objects() if type(o).__name__ == "_lru_cache_wrapper"]:
        cached.cache_clear()  # what the unchanged rule answered
    source = file_of(module).read_text(encoding="utf-8")
    unchanged = Mutant(0, "nothing", ast.unparse(ast.parse(source)), inside=True)
    if bench.fate(module, unchanged) is not Fate.SURVIVED:
        raise SystemExit(f"{name}: the tests are red without any change")
    return bench


def measure(name: str, sample: int, seed: int) -> bool:
    """Try the changes of one target, or a sample; prints those that nobody noticed. True when enough were noticed."""
    target = TARGETS.get(name) or WHOLES[name]
    modules = [target.module] if isinstance(target, Target) else modules_of(target.modules)
    tried = drawn(modules, sample or (0 if isinstance(target, Target) else SAMPLE), seed)
    bench, fates = set_up(name, target.tests, modules[0]), Counter[Fate]()
    for module, change in tried:
        mutant = change.made()
        found = bench.fate(module, mutant)
        fates[found] += 1
        if found is Fate.SURVIVED:
            say(f"  {module}:{mutant.line}  {mutant.what}")
    noticed = len(tried) - fates[Fate.SURVIVED]
    share, (low, high) = noticed / len(tried), interval(noticed, len(tried))
    of_all = sum(1 for _ in drawn(modules, 0, seed))
    drawn_from = (
        "" if len(tried) == of_all else f" drawn from {of_all} by seed {seed}, 95 % sure of {low:.0%} to {high:.0%}"
    )
    by_time = f", {fates[Fate.ENDLESS]} of them because a test did not end" if fates[Fate.ENDLESS] else ""
    say(f"{name}: {noticed} of {len(tried)} changes{drawn_from} noticed{by_time} ({share:.1%}, bar {target.least:.0%})")
    return share >= target.least


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mutants")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sample", type=int, default=0, help="so many changes of each, drawn")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(words)
    sys.path[:0] = [str(SOURCES), str(ROOT)]
    prepare()
    weak = [name for name in given.names or [*TARGETS, *WHOLES] if not measure(name, given.sample, given.seed)]
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
