"""Run inside the installation's environment: PEOPLE press for SLOTS of one place each, all at once, in ROUNDS.

    python book.py ROUNDS PEOPLE SLOTS

By the command, from eight threads with connections of their own; everybody presses once for a slot drawn by lot, and who
was too late tries another one that is free, as people do. Prints JSON, one value a round: seconds, CPU in milliseconds of this
process and its backends, presses, bookings, places sold twice, places left over, the slowest press of a hundred.
"""

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

ITEM, THREADS = "yangquan-dengji", 8


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

    def press(self, actor: Any, slot: UUID) -> bool:
        """Whether the place is theirs."""
        from yichuang.core.refusals import Conflict
        from yichuang.visits.commands.booking import book

        assert actor.id is not None
        try:
            book(actor=actor, slot=slot, items=[ITEM], person=actor.id, key=uuid4().hex, at=self.at)
        except Conflict:
            return False
        return True

    def rush(self, slots: list[UUID]) -> dict[str, float]:
        """Everybody at once."""
        from django.db import connection

        from yichuang.visits.models import Booker, Booking, Slot

        Booker.objects.update(open=0)  # what they booked in another round is not what is measured
        took: list[float] = []
        backends: list[int] = []

        def begin() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backends.append(cursor.fetchone()[0])

        def come(actor: Any) -> None:
            for slot in random.sample(slots, 2):
                since = time.perf_counter()
                got = self.press(actor, slot)
                took.append((time.perf_counter() - since) * 1000)
                if got:
                    return

        with ThreadPoolExecutor(THREADS, initializer=begin) as pool:
            list(pool.map(lambda _: time.sleep(0.05), range(THREADS)))
            before = time.process_time() * 1000 + sum(map(backend_ms, backends))
            since = time.perf_counter()
            list(pool.map(come, random.sample(self.crowd, len(self.crowd))))
            seconds = time.perf_counter() - since
            cpu = time.process_time() * 1000 + sum(map(backend_ms, backends)) - before
            list(pool.map(lambda _: (time.sleep(0.05), connection.close()), range(THREADS)))
        sold = Booking.objects.filter(slot__in=slots, state="BOOKED").count()
        booked = list(Slot.objects.filter(id__in=slots).order_by("id").values_list("booked", flat=True))
        return {
            "seconds": round(seconds, 2),
            "cpu": round(cpu, 1),
            "presses": len(took),
            "sold": sold,
            "oversold": sum(max(0, one - 1) for one in booked) + max(0, sold - len(slots)),
            "left_over": booked.count(0),
            "p99_ms": round(sorted(took)[len(took) * 99 // 100], 1),
        }


def main() -> None:
    django.setup()
    rounds, people, slots = map(int, sys.argv[1:4])
    bench = Bench(people)
    bench.rush(bench.slots(slots))  # warm
    told: list[dict[str, float]] = [bench.rush(bench.slots(slots)) for _ in range(rounds)]
    sys.stdout.write(json.dumps(told))


main()
