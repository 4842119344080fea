"""What happens at a window stands on the display above it: at once, once the display is there again, and never something older."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.visits.hall import Hall

from yichuang.core import jobs
from yichuang.core.clock import fixed
from yichuang.devices.commands import add_device, look_after, revoke_device, show
from yichuang.devices.queries import get_device
from yichuang.devices.values import Health
from yichuang.gateways.window_display import client, simulator
from yichuang.gateways.window_display.client import ACK, frame
from yichuang.gateways.window_display.simulator import Panel
from yichuang.visits.commands.calling import pass_over, recall
from yichuang.visits.commands.desks import close_desk, pause_desk, resume_desk
from yichuang.visits.commands.serving import finish, start
from yichuang.visits.commands.tickets import leave
from yichuang.visits.displays import show_window
from yichuang.visits.jobs import show_windows
from yichuang.visits.models import Desk, HallDay
from yichuang.visits.rules.display import lines


@pytest.fixture
def hall(demo):
    return Hall.of(demo)


@pytest.fixture
def panel(hall, settings):
    """The display above window 1, behind a real connection as a display of the hall's is."""
    settings.YICHUANG_DEVICE_NETWORKS = ("127.0.0.0/8",)
    panel = Panel()
    with simulator.serving(panel) as address:
        keeper = hall.demo.actor("dengjie")
        given = {"actor": keeper, "place": hall.place, "kind": "display", "at": hall.at}
        panel.device = add_device(name="1 号窗口屏", window="1", address=address, **given).device
        yield panel


def told(hall, panel) -> list[str]:
    """What the display shows, after what was queued has run."""
    with fixed(hall.at):
        jobs.run_waiting()
    return panel.shown


def row(hall, panel):
    return get_device(hall.demo.actor("dengjie"), panel.device, at=hall.at)


def test_every_key_of_a_window_reaches_its_display(hall, panel):
    hall.take()
    hall.take()
    hall.open()
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]
    hall.call()
    assert told(hall, panel) == ["1 号窗口", "请 A001 号"]
    recall(actor=hall.clerk, at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "请 A001 号", "第 2 次呼叫"]
    pass_over(actor=hall.clerk, at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "A002 号正在办理"]
    pause_desk(actor=hall.clerk, at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "A002 号正在办理"]
    finish(actor=hall.clerk, outcome="consulted", at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "暂停服务"]
    resume_desk(actor=hall.clerk, at=hall.at)
    close_desk(actor=hall.clerk, at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "暂未开放"]


def test_who_was_called_and_says_that_they_go_leaves_the_display(hall, panel):
    taken = hall.take()
    hall.open()
    hall.call()
    leave(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]


def test_a_display_shows_its_own_window_only(hall, panel):
    colleague = hall.colleague(hall.demo.actor("wangqiang"))
    hall.open()
    hall.open(colleague, "2")
    told(hall, panel)
    before = panel.frames
    hall.take()
    hall.call(colleague)
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]
    assert panel.frames == before


def test_an_act_that_is_rolled_back_reaches_no_display(hall, panel):
    hall.take()
    hall.open()
    told(hall, panel)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        hall.call()
        raise ZeroDivisionError
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]


def test_a_display_that_was_away_catches_up_and_shows_nothing_older(hall, panel):
    hall.take()
    hall.take()
    hall.open()
    hall.call()
    told(hall, panel)
    panel.faults = {"offline"}
    pass_over(actor=hall.clerk, at=hall.at)
    hall.call()
    assert told(hall, panel) == ["1 号窗口", "请 A001 号"]  # its last truth
    seen = row(hall, panel).picture
    assert seen.behind
    assert seen.wanted == ("1 号窗口", "请 A002 号")
    assert seen.shown == ("1 号窗口", "请 A001 号")
    panel.faults = set()
    show_windows()
    assert told(hall, panel) == ["1 号窗口", "请 A002 号"]
    assert not row(hall, panel).picture.behind


def test_one_that_lost_its_picture_gets_it_again_within_a_minute(hall, panel):
    hall.open()
    told(hall, panel)
    panel.shown = []  # somebody pulled its plug
    show_windows()
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]


def test_a_late_job_shows_what_is_so_and_not_what_it_was_queued_for(hall, panel):
    hall.take()
    hall.open()
    hall.call()
    pass_over(actor=hall.clerk, at=hall.at)
    with fixed(hall.at):
        show_window(hall.place, "1")
        first = list(panel.shown)
        jobs.run_waiting()
    assert first == panel.shown == ["1 号窗口", "请等候叫号"]


def test_jobs_of_one_window_run_one_by_one(hall, panel):
    hall.open()
    hall.take()
    hall.call()
    waiting = ProcrastinateJob.objects.filter(task_name="visits.show_window")
    assert waiting.count() == 2
    assert set(waiting.values_list("lock", flat=True)) == {f"display:{hall.place}:1"}


def test_a_window_without_a_display_queues_nothing(hall):
    hall.open()
    hall.take()
    hall.call()
    assert not ProcrastinateJob.objects.filter(task_name="visits.show_window").exists()


def test_an_answer_that_never_came_is_told_again(hall, panel, monkeypatch):
    monkeypatch.setattr(client, "ANSWER", 0.2)
    monkeypatch.setattr(simulator, "SLOW", 0.4)
    panel.faults = {"slow"}
    assert not show(place=hall.place, window="1", lines=("1 号窗口", "请 A001 号"), at=hall.at)
    assert panel.shown == ["1 号窗口", "请 A001 号"]  # it did, and nobody heard so
    assert row(hall, panel).picture.behind
    panel.faults = set()
    assert show(place=hall.place, window="1", lines=("1 号窗口", "请 A001 号"), at=hall.at)
    assert not row(hall, panel).picture.behind


def test_a_revoked_display_is_told_nothing(hall, panel):
    hall.open()
    told(hall, panel)
    revoke_device(actor=hall.demo.actor("dengjie"), device=panel.device, at=hall.at)
    hall.take()
    hall.call()
    show_windows()
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]


def test_one_that_is_well_and_behind_says_both(hall, panel):
    hall.open()
    panel.faults = {"busy"}
    told(hall, panel)
    look_after(device=panel.device, at=hall.at)
    assert row(hall, panel).health is Health.FINE
    assert row(hall, panel).picture.behind


def test_two_frames_at_once_leave_one_whole_picture(panel):
    frames = [frame(lines("1", open=True, paused=False, number=f"A{n:03}", serving=False, calls=1)) for n in range(20)]
    with ThreadPoolExecutor(4) as many:
        assert set(many.map(panel.answer, frames)) == {ACK}
    assert panel.shown[1] in {f"请 A{n:03} 号" for n in range(20)}


@pytest.mark.parametrize("number", ["A001", "Z9999"])
def test_every_line_fits_a_display(number):
    for calls in (1, 3):
        for serving in (True, False):
            told = lines("12A", open=True, paused=False, number=number, serving=serving, calls=calls)
            assert all(len(line.encode("gb18030")) <= 32 for line in told)
            assert len(told) <= 4


def test_while_a_node_keeps_the_day_the_centre_tells_its_displays_nothing(hall, panel):
    """Two masters would write over each other, the centre with what it does not know."""
    hall.open()
    assert told(hall, panel) == ["1 号窗口", "请等候叫号"]
    node = add_device(
        actor=hall.demo.actor("dengjie"), place=hall.place, kind="node", name="大厅节点", at=hall.at
    ).device
    HallDay.objects.filter(place=hall.place).update(keeper=node)
    Desk.objects.update(closed_at=hall.at)
    with fixed(hall.at):
        show_window(hall.place, "1")
    assert panel.shown == ["1 号窗口", "请等候叫号"]
    HallDay.objects.filter(place=hall.place).update(keeper=None)
    with fixed(hall.at):
        show_window(hall.place, "1")
    assert panel.shown == ["1 号窗口", "暂未开放"]
