"""`backtest [PLACE…]`, `backtest --made-up`: the forecast of waits judged on days that were held back."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from yichuang.core.clock import SHANGHAI, local_date, now
from yichuang.core.refusals import NotFound
from yichuang.insight.rules.backtest import back_test
from yichuang.insight.rules.line import ENOUGH, ENOUGH_DAYS, HISTORY
from yichuang.insight.simulation.months import months_of
from yichuang.insight.simulation.patterns import a_usual_hall
from yichuang.insight.values import Score
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow
from yichuang.visits import figures
from yichuang.visits.values import PastTicket

FIRST = date(2026, 6, 1)  # a Monday, of the made-up months
COLUMNS = (
    "队列 / queue",
    "预测 / forecast",
    "号数 / n",
    "分位损失 / pinball",
    "区间命中 / covered",
    "误差 / error",
    "区间宽 / width",
)
WIDTHS = (24, 14, 9, 18, 18, 14, 14)


class Command(BaseCommand):
    help = (
        "Judge the naive and the learned forecast on the last days, each number told from nothing but what was known then. "
        "Minutes, except the share of waits within the interval (it should be 80 % at least)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "places", nargs="*", metavar="PLACE", help="codes of halls (default: all that have a history)"
        )
        parser.add_argument("--days", type=int, default=20, help="days that are held back (default: 20)")
        parser.add_argument(
            "--made-up", action="store_true", help="months that were made up, with drift, instead of halls"
        )
        parser.add_argument("--weeks", type=int, default=13, help="of the made-up months (default: 13)")
        parser.add_argument("--seed", type=int, default=1, help="of the made-up months (default: 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1 or options["weeks"] < 1:
            raise CommandError("--days, --weeks: 1 …")
        self._line(COLUMNS)
        judged = 0
        for name, rows in _made_up(options) if options["made_up"] else _of_halls(options["places"], options["days"]):
            judged += self._judge(name, rows, options["days"])
        if not judged:
            raise CommandError("没有可以检验的历史 / There is no history to judge by (--made-up makes one)")

    def _judge(self, name: str, rows: Sequence[PastTicket], days: int) -> bool:
        found = back_test(rows, days)
        if found is None:
            return False
        self._score(name, "简单 / naive", found.naive)
        self._score("", "学习 / learned", found.learned)
        if found.unlearned:
            few = f"其中 {found.unlearned} 个号历史不够，用简单估计 / {found.unlearned} numbers had too little history"
            self.stdout.write(f"  {few} (< {ENOUGH_DAYS} d, < {ENOUGH})")
        return True

    def _score(self, name: str, kind: str, score: Score) -> None:
        told = f"{score.pinball:.2f}", f"{score.covered:.1f} %", f"{score.error:.2f}", f"{score.width:.1f}"
        self._line((name, kind, str(score.numbers), *told))

    def _line(self, cells: Sequence[str]) -> None:
        self.stdout.write("  ".join(_padded(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip())


def _padded(cell: str, width: int) -> str:
    """Chinese signs are two columns wide."""
    return cell + " " * (width - sum(1 + (sign > "\u2e7f") for sign in cell))


def _made_up(options: dict[str, Any]) -> Iterator[tuple[str, Sequence[PastTicket]]]:
    rows = months_of(a_usual_hall(UUID(int=1)), FIRST, options["weeks"], options["seed"], SHANGHAI)
    yield f"模拟 / made up, {options['seed']}", rows


def _of_halls(codes: Sequence[str], days: int) -> Iterator[tuple[str, Sequence[PastTicket]]]:
    until = local_date(now()) - timedelta(days=1)
    since = until - timedelta(days=HISTORY + days * 7 // 5)
    known = set(figures.queues_with_history(since, until))
    for place in _places(codes):
        for queue, (letter, _) in figures.queues_of(place.id).items():
            if queue in known:
                yield f"{place.code} {letter}", figures.history(queue, since, until)


def _places(codes: Sequence[str]) -> Sequence[PlaceRow]:
    try:
        return [network.get_place(code) for code in codes] if codes else network.list_places()
    except NotFound as missing:
        raise CommandError(
            "; ".join(f"{reason.words.zh} / {reason.words.en}" for reason in missing.reasons)
        ) from missing
