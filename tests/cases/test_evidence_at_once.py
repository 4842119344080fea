"""Two at once: what two people find or do in the same moment moves a rule set once, and counts whole."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from tests.cases.judged import ITEM, from_the_beginning, judged

from yichuang.cases.commands.draws import draw_rechecks
from yichuang.cases.commands.recheck import answer_recheck
from yichuang.cases.commands.rulesets import compare_again, set_percent, switch_off
from yichuang.cases.models import Recheck, RuleSet
from yichuang.core import ledger
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Refused

HOUR = timedelta(hours=1)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each answers or raises, all begun in the same moment."""
    ready, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        ready.wait()
        try:
            found[place] = act()  # type: ignore[call-overload]  # of any kind
        except Refused as refused:
            found[place] = {reason.code for reason in refused.reasons}  # type: ignore[call-overload]  # of any kind
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return list(found)


def acts_of(row: RuleSet) -> list[str]:
    return [entry.act for entry in ledger.list_entries(Subject("rule-set", row.id))]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_find_a_fault_in_the_same_moment_one_lets_the_brake_fall(demo: Any) -> None:
    sha = from_the_beginning(demo)
    RuleSet.objects.update_or_create(
        item_code=ITEM, sha=sha, defaults={"mode": "alone", "since": demo.at, "percent": 100}
    )
    judged(demo, 2, alone=True, at=demo.at + HOUR)
    drawn = at_once(*(lambda: draw_rechecks(at=demo.at + HOUR),) * 2)
    assert sum(int(str(n)) for n in drawn) == 2, "each is drawn by one of them"
    rows = list(Recheck.objects.order_by("id"))
    assert len(rows) == 2

    def answer(row: Recheck, who: str) -> Callable[[], object]:
        actor = demo.actor(who)
        given = {"recheck": row.id, "verdict": "not", "reasons": "经营场所是住宅", "at": demo.at + 2 * HOUR}
        return lambda: answer_recheck(actor=actor, **given)

    fell = at_once(answer(rows[0], "luobin"), answer(rows[1], "tangmin"))
    assert sorted(fell, key=str) == [False, True]
    row = RuleSet.objects.get(sha=sha)
    assert (row.mode, acts_of(row).count("rule-set-off")) == ("off", 1)


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_who_press_in_the_same_moment_do_it_once(demo: Any) -> None:
    of = {"item": ITEM, "sha": from_the_beginning(demo)}
    huang, tang, chen = (demo.actor(who) for who in ("huanghai", "tangmin", "chengang"))
    judged(demo, 1)
    set_percent(actor=huang, **of, percent=Decimal(7), at=demo.at)
    row = RuleSet.objects.get(**{"sha": of["sha"]})
    before = acts_of(row)
    stop = {**of, "reason": "看看再说", "at": demo.at + HOUR}
    at_once(lambda: switch_off(actor=huang, **stop), lambda: switch_off(actor=tang, **stop))
    again = {**of, "at": demo.at + 2 * HOUR}
    told = at_once(lambda: compare_again(actor=tang, **again), lambda: compare_again(actor=chen, **again))
    assert sorted(told, key=str) == [None, {"NOT_OFF"}]
    assert acts_of(row)[len(before) :] == ["rule-set-off", "rule-set-shadow"]
