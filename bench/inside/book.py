"""Run inside the installation's environment: PEOPLE press for SLOTS of one place each, all at once.

    python book.py PEOPLE SLOTS

By the command, in as many processes and threads as the pages run in, each thread with a connection of its own; everybody
presses once for a slot drawn by lot, and who was too late tries another one, as people do. Then everybody presses again and
again for slots that are gone. For each line read it does one such round and prints JSON: seconds of the rush, CPU in
milliseconds of the processes and their backends, presses, bookings, places sold twice, places left over, the slowest press of
a hundred; presses of the too late in a second; the statement that they are.
"""

import json
import multiprocessing
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier as Start
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

from yichuang.settings.processes import web

ITEM, LATE = "yangquan-dengji", 2.0  # seconds in which everybody is too late


def in_workers(count: int, do: Callable[[int, Start], Any]) -> list[Any]:
    """What `do` says in each of so many processes, parted from this one as the pages' workers are; `Start`: all are ready."""
    from django.db import connections

    connections.close_all()  # no two processes speak over one
    fork = multiprocessing.get_context("fork")
    start, told = fork.Barrier(count), fork.SimpleQueue()
    parts = [fork.Process(target=lambda number=number: told.put(do(number, start))) for number in range(count)]
    for one in parts:
        one.start()
    found = [told.get() for _ in parts]
    for one in parts:
        one.join()
    return found


def backend_ms(pid: int) -> float:
    """CPU of a PostgreSQL backend so far, in milliseconds."""
    import os

    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Bench:
    """A hall that takes appointments, and a crowd that wants them."""

    def __init__(self, people: int) -> None:
        from yichuang.core.actors import SYSTEM, Channel
        from yichuang.core.clock import now
        from yichuang.core.identifiers import synthetic
        from yichuang.people.commands import register_party
        from yichuang.people.queries import actor_for_account, find_demo_account
        from yichuang.visits.models import BookingGroup

        self.at, self.day = now(), 0
        self.workers, self.threads = web.workers, web.threads
        self.queue = BookingGroup.objects.select_related("queue").filter(home__gt=0).order_by("queue_id")[0].queue
        account = find_demo_account("zhangxiao")
        assert account is not None
        someone = actor_for_account(account, Channel.PORTAL, at=self.at)
        self.crowd = [
            replace(
                someone,
                represents=frozenset(),
                id=register_party(
                    actor=SYSTEM, kind="person", name="测试员", id_type="111", demo=True, at=self.at,
                    id_no=synthetic.cn_id(date(1950, 1, 1) + timedelta(days=n), "female", region="440305", nth=random.randrange(50)),
                ),
            )
            for n in range(people)
        ]  # fmt: skip

    def slots(self, count: int) -> list[UUID]:
        """So many half hours of one place each, on days that nobody else uses, released now."""
        from yichuang.visits.models import Slot

        rows = []
        for _ in range(count):
            self.day += 1
            begin = self.at + timedelta(days=100 + self.day)
            rows.append(Slot(
                place_id=self.queue.place_id, queue=self.queue, kind="hall", day=begin.date(), starts_at=begin,
                opens_at=self.at, capacity=1, planned=1,
            ))  # fmt: skip
        return [row.id for row in Slot.objects.bulk_create(rows)]

    def press(self, actor: Any, slot: UUID, key: str) -> bool:
        """Whether the place is theirs."""
        from yichuang.core.refusals import Conflict
        from yichuang.visits.commands.booking import book

        assert actor.id is not None
        try:
            book(actor=actor, slot=slot, items=[ITEM], person=actor.id, key=key, at=self.at)
        except Conflict:
            return False
        return True

    def rush(self, slots: list[UUID]) -> dict[str, float]:
        """Everybody at once, each at one of the workers."""
        from yichuang.visits.models import Booker, Booking, Slot

        Booker.objects.update(open=0)  # what they booked in another round is not what is measured
        told = in_workers(
            self.workers, lambda number, start: self._come(self.crowd[number :: self.workers], slots, start)
        )
        took = sorted(one for part in told for one in part["took"])
        sold = Booking.objects.filter(slot__in=slots, state="BOOKED").count()
        booked = list(Slot.objects.filter(id__in=slots).order_by("id").values_list("booked", flat=True))
        return {
            "seconds": round(max(part["until"] for part in told) - min(part["since"] for part in told), 2),
            "cpu": round(sum(part["cpu"] for part in told), 1),
            "presses": len(took),
            "sold": sold,
            "oversold": sum(max(0, one - 1) for one in booked) + max(0, sold - len(slots)),
            "left_over": booked.count(0),
            "p99_ms": round(took[len(took) * 99 // 100], 1),
        }

    def _come(self, crowd: Sequence[Any], slots: list[UUID], start: Start) -> dict[str, Any]:
        """The part of the crowd that comes to one worker."""
        from django.db import connection

        took: list[float] = []
        backends: list[int] = []

        def begin() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backends.append(cursor.fetchone()[0])

        def end(_: int) -> None:
            time.sleep(0.05)  # so that each thread has one of these
            connection.close()

        def come(actor: Any) -> None:
            for slot in random.sample(slots, 2):
                since = time.perf_counter()
                got = self.press(actor, slot, uuid4().hex)
                took.append((time.perf_counter() - since) * 1000)
                if got:
                    return

        with ThreadPoolExecutor(self.threads, initializer=begin) as pool:
            list(pool.map(lambda _: time.sleep(0.05), range(self.threads)))
            start.wait()
            before = time.process_time() * 1000 + sum(map(backend_ms, backends))
            since = time.perf_counter()
            list(pool.map(come, random.sample(crowd, len(crowd))))
            until = time.perf_counter()
            cpu = time.process_time() * 1000 + sum(map(backend_ms, backends)) - before
            list(pool.map(end, range(self.threads)))
        return {"since": since, "until": until, "cpu": cpu, "took": took}

    def late(self, slots: list[UUID]) -> dict[str, float]:
        """Everybody presses for what is gone, for some seconds."""
        told = in_workers(self.workers, lambda number, start: self._press_on(number, slots, start))
        return {
            "late_a_second": round(sum(presses for presses, _ in told) / LATE),
            "late_sold": sum(got for _, got in told),
        }

    def _press_on(self, worker: int, slots: list[UUID], start: Start) -> tuple[int, int]:
        """Presses of one worker, and places that they got."""
        from django.db import connection

        def press_on(number: int) -> tuple[int, int]:
            crowd, presses, got = self.crowd[number :: self.threads * self.workers], 0, 0
            self.press(crowd[0], slots[0], uuid4().hex)  # its connection
            if barrier.wait() == 0:
                start.wait()
            barrier.wait()
            since = time.perf_counter()
            until = since + LATE
            while time.perf_counter() < until:
                got += self.press(crowd[presses % len(crowd)], slots[presses % len(slots)], f"{since}:{presses}")
                presses += 1
            connection.close()
            return presses, got

        barrier = threading.Barrier(self.threads)
        with ThreadPoolExecutor(self.threads) as pool:
            told = list(pool.map(press_on, range(worker * self.threads, (worker + 1) * self.threads)))
        return sum(presses for presses, _ in told), sum(got for _, got in told)

    def statement(self, slot: UUID) -> str:
        """What a press of the too late sends."""
        from django.db import connection

        seen: list[str] = []

        def see(run: Any, statement: str, *more: Any) -> Any:
            seen.append(statement)
            return run(statement, *more)

        with connection.execute_wrapper(see):
            self.press(self.crowd[0], slot, uuid4().hex)
        [one] = seen  # more than one would be another measurement
        return one


def main() -> None:
    django.setup()
    people, count = map(int, sys.argv[1:3])
    bench = Bench(people)
    bench.rush(bench.slots(count))  # warm
    for _ in sys.stdin:
        slots = bench.slots(count)
        told = {**bench.rush(slots), **bench.late(slots), "statement": bench.statement(slots[0])}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


main()
