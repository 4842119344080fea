"""What of the installation itself wants attention stands on the system administrator's first page, and on no one else's."""

import pytest

from yichuang.core import disk, pulse
from yichuang.core.pulse import JobsPulse, LedgerPulse, QueuePulse
from yichuang.web.console import machine

FULL = "上传已暂停，不带文件的申请照常受理"


@pytest.fixture
def quiet(monkeypatch):
    """Nothing waits, and there is room."""
    monkeypatch.setattr(pulse, "jobs", lambda: JobsPulse((QueuePulse("default", 3, 119.0),), 0))
    monkeypatch.setattr(pulse, "ledger", lambda at: LedgerPulse(100, 2, 15.0))
    monkeypatch.setattr(disk, "room", lambda: disk.Room(total=10**12, free=10**11, floor=10**9))


def told(at):
    return [(words.zh, words.en, colour) for words, colour in machine.troubles(at=at)]


def test_a_full_disk_is_told_to_who_keeps_the_system(desk, settings):
    assert FULL not in desk("shilei").get("/console/")
    settings.YICHUANG_DISK_FLOOR_MB = 10**9
    page = desk("shilei").get("/console/")
    assert f"{FULL}</span>" in page, "no page puts it right, so nothing is pressed"
    assert "1,000,000,000 MB" in page
    assert "files are not taken, filing without them goes on" in desk("shilei", "en").get("/console/")
    assert FULL not in desk("anning").get("/console/")


def test_nothing_is_told_while_nothing_is_wrong(quiet, at):
    assert told(at) == []


@pytest.mark.parametrize(("free", "colour"), [(2 * 10**9, None), (2 * 10**9 - 1, "yellow"), (10**9 - 1, "red")])
def test_a_filling_disk_is_told_before_it_is_full(quiet, at, monkeypatch, free, colour):
    monkeypatch.setattr(disk, "room", lambda: disk.Room(total=10**12, free=free, floor=10**9))
    assert [line[2] for line in told(at)] == ([colour] if colour else [])


def test_work_that_waits_and_work_that_was_given_up(quiet, at, monkeypatch):
    monkeypatch.setattr(pulse, "jobs", lambda: JobsPulse((QueuePulse("a", 1, 0.0), QueuePulse("b", 9, 185.0)), 4))
    monkeypatch.setattr(pulse, "ledger", lambda at: LedgerPulse(100, 2, 121.0))
    late, unsequenced, failed = told(at)
    assert "3 分钟" in late[0]
    assert "2 minutes" in unsequenced[1]
    assert failed[1:] == ("Background jobs that were given up, so that a person has to look: 4", "yellow")
    assert (late[2], unsequenced[2]) == ("red", "red")
