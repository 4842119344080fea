"""Rules, permissions and tables of states of every room are held to their mutation scores: no module without a target."""

from pathlib import Path

from tests.mutation_targets import TARGETS
from tests.mutations import changes

SOURCES = Path(__file__).parents[2] / "src"


def held(pattern: str) -> dict[str, str]:
    """Module → source, of the files that have anything to change."""
    found = {
        ".".join(path.relative_to(SOURCES).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in SOURCES.glob(pattern)
    }
    return {module: source for module, source in found.items() if next(changes(source), None) is not None}


def test_every_rule_every_permission_and_every_table_of_states_has_a_target() -> None:
    patterns = ("*/rules/*.py", "*/rules.py", "*/permissions.py", "*/*states.py")
    wanted = {module for pattern in patterns for module in held(f"yichuang/{pattern}")}
    assert len(wanted) > 60
    assert sorted(wanted - {target.module for target in TARGETS.values()}) == []


def test_permissions_are_held_to_the_higher_bar() -> None:
    low = [name for name, target in TARGETS.items() if target.module.endswith(".permissions") and target.least < 0.95]
    assert low == []


def test_every_target_has_something_to_change_and_tests_that_exist() -> None:
    for name, target in TARGETS.items():
        path = (SOURCES / Path(*target.module.split("."))).with_suffix(".py")
        assert path.is_file(), f"{name}: {target.module} is no module of its own"
        assert next(changes(path.read_text(encoding="utf-8")), None) is not None, f"{name}: nothing to change"
        assert all((SOURCES.parent / "tests" / test).is_file() for test in target.tests), name
