"""Numbers of several processes are added up, each in its own slot."""

import os
import threading

import pytest

from yichuang.webkit.metrics import BUCKETS, STATUSES, UNKNOWN, Meter


def read(meter):
    return {row.route: row for row in meter.read()}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the child does nothing that another thread may hold
def test_what_other_processes_counted_is_added():
    meter = Meter()
    for slot in (1, 2, 18):  # the last one after sixteen others: it goes on in the slot of the second
        if (child := os.fork()) == 0:
            try:
                meter.take(slot)
                meter.count("portal:home", 200, 0.03)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
    meter.count("portal:home", 503, 12.0)
    (row,) = meter.read()
    assert row.statuses == {"200": 3, "503": 1}
    assert row.seconds == pytest.approx(12.09)
    assert row.buckets == (0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1)


def test_threads_lose_nothing():
    meter = Meter()
    threads = [
        threading.Thread(target=lambda: [meter.count("portal:home", 200, 0.1) for _ in range(2000)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(meter)["portal:home"].statuses == {"200": 8000}


def test_bounds_count_below_themselves_and_strangers_are_told_apart():
    meter = Meter()
    for seconds in (BUCKETS[0], BUCKETS[-1], 99.0):
        meter.count("no:such route", 299, seconds)
    row = read(meter)[UNKNOWN]
    assert row.statuses == {"other": 3}
    assert (row.buckets[0], row.buckets[-2], row.buckets[-1]) == (1, 1, 1)
    assert list(STATUSES) == sorted(set(STATUSES))
