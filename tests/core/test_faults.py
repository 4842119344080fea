import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yichuang.core import faults

ENV = {**os.environ, "PYTHONPATH": str(Path(faults.__file__).parents[2])}


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(faults, "catalogue", lambda: {"act.one": 1, "act.two": 2})


def test_a_point_does_nothing_unless_armed():
    faults.point("act.one")


def test_raise_fires_at_each_pass_or_at_the_nth():
    with faults.armed("act.one") as fault:
        for _ in range(2):
            with pytest.raises(faults.Fault, match="act.one"):
                faults.point("act.one")
        faults.point("act.two")
    assert fault.passes == 2
    with faults.armed("act.one", "raise", 2):
        faults.point("act.one")
        with pytest.raises(faults.Fault):
            faults.point("act.one")
        faults.point("act.one")
    faults.point("act.one")


def test_sleep_waits():
    with faults.armed("act.one", "sleep", 0.05):
        start = time.monotonic()
        faults.point("act.one")
    assert time.monotonic() - start >= 0.05


def test_watching_names_the_points_passed():
    with faults.watched() as seen:
        faults.point("act.two")
        faults.point("act.one")
    assert seen == ["act.two", "act.one"]


@pytest.mark.parametrize(("name", "kind"), [("act.three", "raise"), ("act.one", "explode")])
def test_a_typing_error_is_not_a_passed_test(name, kind):
    with pytest.raises(ValueError, match="fault"), faults.armed(name, kind):
        pass


def test_kill_leaves_no_time_for_cleaning_up():
    code = (
        "from yichuang.core import faults\n"
        "faults.catalogue = lambda: {'a.b': 1}\n"
        "faults.arm_from_environment('a.b:kill:2')\n"
        "faults.point('a.b'); print('alive', flush=True); faults.point('a.b'); print('still', flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=ENV)
    assert (done.returncode, done.stdout) == (-9, "alive\n")


def test_the_environment_arms_several(monkeypatch):
    monkeypatch.setattr(faults, "_armed", None)
    faults.arm_from_environment("act.one:raise:1, act.two:sleep:0.01")
    with pytest.raises(faults.Fault):
        faults.point("act.one")
    faults.point("act.one")
    faults.point("act.two")
    faults.arm_from_environment("")


def test_points_are_found_in_source(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("from yichuang.core import faults\nfaults.point('a.b')\nother.point(3)\npoint('c.d')\n")
    assert faults._points_in(file) == ["a.b", "c.d"]


def test_every_point_of_the_house_has_a_number_of_its_own(monkeypatch):
    monkeypatch.undo()
    faults.catalogue.cache_clear()
    assert sorted(faults.catalogue().values()) == list(range(1, len(faults.catalogue()) + 1))
