"""`simulate`: a day of a hall of the demo, played against what runs. `./run simulate` and `./run demo --live` start it."""

import json
from argparse import ArgumentParser
from contextlib import closing, suppress
from datetime import datetime, time, timedelta
from http.client import HTTPConnection
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from yichuang.core import clock
from yichuang.core.refusals import NotFound, Refused
from yichuang.insight.simulation.day import USUAL, DayPlan, Setting, plan_day
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow
from yichuang.settings.day.cast import gather, machines
from yichuang.settings.day.play import Wish, ends_of, play
from yichuang.settings.day.summary import Summary, in_words

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LONG = timedelta(minutes=20)  # of the machine: a wait that is worth a word
LEAST_LEFT = timedelta(hours=1)  # of today's opening, for it to be worth playing
MOST_PEOPLE = 600


class Command(BaseCommand):
    help = (
        "Play a day of a hall: people book, come, take numbers, are served, file; clerks call; departments decide; machines "
        "fail. Each act is a request to what runs. Only where YICHUANG_DEMO is on. Ends with 1 when something must not be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--people", type=int, default=USUAL, help=f"how many (default {USUAL}, at most {MOST_PEOPLE})"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same plan for the same number (default 1)")
        parser.add_argument("--hall", default="LH", help="code of the hall (default LH)")
        parser.add_argument("--until", type=time.fromisoformat, metavar="HH:MM", help="stop then, on the hall's clock")
        parser.add_argument("--leave-window", action="append", default=[], metavar="N", help="a window for yourself")
        parser.add_argument("--json", action="store_true", help="nothing but the summary, as JSON")
        parser.add_argument("--again", action="store_true", help="day after day, until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.YICHUANG_DEMO:
            raise CommandError("Only a demo is played: its people are made up. 只有演示环境可以模拟。")
        if not 0 <= options["people"] <= MOST_PEOPLE:
            raise CommandError(f"--people: 0 … {MOST_PEOPLE}")
        self._await_pages()
        seed = options["seed"]
        while True:
            summary = self._day(seed, options)
            self._tell(summary, options)
            if not options["again"]:
                break
            seed += 1
        if summary.broken:
            raise SystemExit(1)

    def _await_pages(self) -> None:
        """Until the doors answer: we may be started with them."""
        parts = urlsplit(settings.YICHUANG_BASE_URL)
        for _ in range(300):
            with closing(HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)) as wire, suppress(OSError):
                wire.request("GET", "/health/live")
                wire.getresponse().read()
                return
            sleep(0.2)
        raise CommandError(f"Nothing answers at {settings.YICHUANG_BASE_URL}: start ./run demo")

    def _day(self, seed: int, options: dict[str, Any]) -> Summary:
        try:
            hall = network.get_place(options["hall"])
            plan = plan_day(self._setting(hall, seed, options["people"]))
            cast = gather(plan, options["hall"], at=clock.now())
        except NotFound:
            raise CommandError(f"There is no hall {options['hall']}. 没有这个大厅。") from None
        except Refused as refused:
            raise CommandError("；".join(f"{one.words.zh} {one.words.en}" for one in refused.reasons)) from None
        quiet, opens = options["json"], plan.setting.opens
        if not quiet and (clock.machine(opens) - clock.machine(clock.now())) > LONG:
            self._line(f"{clock.local(opens):%m-%d %H:%M} 开门 the hall opens: waiting until then. 在等开门。")
        with machines(cast, at=clock.now()) as standing:
            say = (lambda line: None) if quiet else self._line
            wish = Wish(settings.YICHUANG_BASE_URL, self._ends(plan, options), frozenset(options["leave_window"]), say)
            return play(plan, cast, standing, wish)

    def _setting(self, hall: PlaceRow, seed: int, people: int) -> Setting:
        """Today's hours of the hall, or those of the next day on which it opens."""
        at = clock.now()
        midnight = clock.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (midnight + n * DAY for n in range(30)):
            spans = network.open_stretches(hall.id, day, day + DAY - MINUTE)
            if spans and spans[-1][1] - at > LEAST_LEFT and passes(spans[0][0]):
                return Setting(seed, people, spans[0][0], spans[-1][1])
        raise CommandError("The hall does not open within a month. 大厅一个月内都不开门。")

    def _ends(self, plan: DayPlan, options: dict[str, Any]) -> datetime:
        opens = clock.local(plan.setting.opens)
        told = options["until"]
        return ends_of(plan, datetime.combine(opens.date(), told, opens.tzinfo) if told else None)

    def _tell(self, summary: Summary, options: dict[str, Any]) -> None:
        told = json.dumps(summary.as_data(), ensure_ascii=False, indent=1) if options["json"] else in_words(summary)
        self._line(told)

    def _line(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def passes(opens: datetime) -> bool:
    """Whether our clock shows that moment at all: a clock that skips week-ends has no Saturday morning."""
    return clock.shown_at(clock.machine(opens)) - opens < timedelta(minutes=1)
