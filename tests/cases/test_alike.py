"""秒批, of two filings alike: a name or an address is counted at the moment of judging, in certificates and in open filings."""

import threading
import time
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from tests.cases.at_once import JOB, SHOP, SHOP_PLACE, codes, file, form_of, let

from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.comparing import hold
from yichuang.cases.instant import Mode
from yichuang.cases.models import AutoDecision, Claim
from yichuang.core.faults import armed
from yichuang.registry.models import Certificate

# As another writes the place of `SHOP_PLACE`: without its areas, with the ending of a room, in full width.
WRITTEN_OTHERWISE = {"street": "440303001", "detail": "桂园路１号 101室"}
ELSEWHERE = {"street": "440303001", "detail": "深圳市罗湖区桂园街道桂园路6号101"}


def shop(demo: Any, username: str, trade: str, place: dict[str, str], **more: Any) -> Any:
    who = demo.actor(username)
    form = form_of(demo, SHOP, who, name={"trade": trade}, place=place)
    return file(demo, SHOP, username, form=form, **more)


@pytest.mark.parametrize("place", [SHOP_PLACE, WRITTEN_OTHERWISE], ids=["alike", "written otherwise"])
def test_where_one_shop_was_just_registered_a_second_is_a_doubt(demo: Any, place: dict[str, str]) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    first, second = shop(demo, "zhangxiao", "晓安", SHOP_PLACE), shop(demo, "sunyan", "宝恩", place)
    one, two = (decide_at_once(case=filed.case_id, at=demo.at) for filed in (first, second))
    assert (one and one.alone, two and two.alone) == (True, False)
    assert "occupied" in codes(AutoDecision.objects.get(case=second.case_id))


def test_another_place_is_free(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    for username, trade, place in (("zhangxiao", "晓安", SHOP_PLACE), ("sunyan", "宝恩", ELSEWHERE)):
        became = decide_at_once(case=shop(demo, username, trade, place).case_id, at=demo.at)
        assert became
        assert became.alone, became.why


def test_a_shop_that_people_registered_counts_as_well(demo: Any) -> None:
    """Whoever granted it: the address base of the morning does not know of it."""
    let(SHOP, Mode.ALONE, demo.at)
    first = shop(demo, "zhangxiao", "晓安", SHOP_PLACE)
    decide_at_once(case=first.case_id, at=demo.at)
    Certificate.objects.filter(subject_id=first.case_id).update(status="cancelled")
    became = decide_at_once(case=shop(demo, "sunyan", "宝恩", SHOP_PLACE).case_id, at=demo.at)
    assert became
    assert became.alone, "what was struck off leaves the place free"


@pytest.mark.parametrize(
    ("trade", "place"), [("晓安", ELSEWHERE), ("宝恩", SHOP_PLACE)], ids=["the same name", "the same place"]
)
def test_an_earlier_filing_that_people_still_look_at_comes_first(demo: Any, trade: str, place: dict[str, str]) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    earlier = shop(demo, "zhangxiao", "晓安", SHOP_PLACE, proved=False)  # so a person decides it
    decide_at_once(case=earlier.case_id, at=demo.at)
    later = shop(demo, "sunyan", trade, place)
    became = decide_at_once(case=later.case_id, at=demo.at)
    assert became
    assert not became.alone
    row = AutoDecision.objects.get(case=later.case_id)
    assert codes(row) == {"ALIKE"}
    assert [words.zh for words in became.why] == ["需要由工作人员核对其他人员的情况"], "whose it is nobody learns"
    for who, filed in (("zhangxiao", earlier), ("sunyan", later)):
        withdraw_case(actor=demo.actor(who), number=filed.number, version=1, reason="不办了", at=demo.at)
    became = decide_at_once(case=shop(demo, "sunyan", trade, place).case_id, at=demo.at)
    assert became
    assert became.alone, "what was withdrawn stands in nobody's way"


def test_of_ones_own_filings_one_reads_plainly(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    decide_at_once(case=shop(demo, "zhangxiao", "晓安", SHOP_PLACE, proved=False).case_id, at=demo.at)
    became = decide_at_once(case=shop(demo, "zhangxiao", "晓安", SHOP_PLACE).case_id, at=demo.at)
    assert became
    assert [words.zh for words in became.why] == ["在这之前还有一份没办完的申请，要登记的内容相同"]


def test_a_core_that_holds_a_registered_one_of_the_trade_is_a_doubt(demo: Any) -> None:
    """As it is read, and wherever it stands in the new one. The other way round a person sees it (docs/how-to/limits.md)."""
    let(SHOP, Mode.ALONE, demo.at)
    decide_at_once(case=shop(demo, "zhangxiao", "晓安", SHOP_PLACE).case_id, at=demo.at)
    for trade in ("老小安", "晓安居", "老晓安居"):
        later = shop(demo, "sunyan", trade, ELSEWHERE)
        became = decide_at_once(case=later.case_id, at=demo.at)
        assert became
        assert not became.alone
        assert "name_core" in codes(AutoDecision.objects.get(case=later.case_id))
        withdraw_case(actor=demo.actor("sunyan"), number=later.number, version=1, reason="不办了", at=demo.at)
    form = form_of(demo, SHOP, demo.actor("sunyan"), name={"trade": "老晓安", "industry": "五金"}, place=ELSEWHERE)
    became = decide_at_once(case=file(demo, SHOP, "sunyan", form=form).case_id, at=demo.at)
    assert became
    assert became.alone, "another trade"


def test_a_core_that_holds_one_which_an_earlier_filing_asks_for_comes_second(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    decide_at_once(case=shop(demo, "zhangxiao", "晓安", SHOP_PLACE, proved=False).case_id, at=demo.at)
    later = shop(demo, "sunyan", "老晓安", ELSEWHERE)
    decide_at_once(case=later.case_id, at=demo.at)
    assert codes(AutoDecision.objects.get(case=later.case_id)) == {"ALIKE"}


def test_a_later_filing_bars_no_earlier_one(demo: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    first, second = shop(demo, "zhangxiao", "晓安", SHOP_PLACE), shop(demo, "sunyan", "宝恩", SHOP_PLACE)
    two, one = (decide_at_once(case=filed.case_id, at=demo.at) for filed in (second, first))
    assert (one and one.alone, two and two.alone) == (True, False)


@pytest.mark.parametrize(
    ("trades", "places"),
    [(("晓安", "宝恩"), (SHOP_PLACE, WRITTEN_OTHERWISE)), (("晓安", "小安"), (SHOP_PLACE, ELSEWHERE))],
    ids=["one place", "one sound"],
)
@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_judged_in_one_moment_one_is_granted(
    demo: Any, trades: tuple[str, str], places: tuple[dict[str, str], dict[str, str]]
) -> None:
    """Real threads, each held where it has compared and not yet written: without the lock both would see a free place."""
    let(SHOP, Mode.ALONE, demo.at)
    filed = [shop(demo, who, *what) for who, *what in zip(("zhangxiao", "sunyan"), trades, places, strict=True)]
    Claim.objects.all().delete()  # so that nothing but the certificates can tell
    began, alone = threading.Barrier(2), list[bool]()

    def judge(case: Any) -> None:
        try:
            began.wait(10)
            became = decide_at_once(case=case, at=demo.at)
            alone.append(bool(became and became.alone))
        finally:
            connection.close()

    with armed("at_once.after_comparing", "sleep", 0.3):
        threads = [threading.Thread(target=judge, args=[one.case_id]) for one in reversed(filed)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
    assert alone.count(True) == 1
    assert Certificate.objects.filter(subject_id__in=[one.case_id for one in filed]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_about_to_be_a_shopkeeper_is_not_registered_as_unemployed(demo: Any) -> None:
    """Two items: what the one counts the other adds. The shop has compared and not yet written when the other begins."""
    for code in (JOB, SHOP):
        let(code, Mode.ALONE, demo.at)
    cases = [shop(demo, "zhangxiao", "晓安", SHOP_PLACE).case_id, file(demo, JOB).case_id]
    alone = dict[Any, bool]()

    def judge(case: Any) -> None:
        try:
            became = decide_at_once(case=case, at=demo.at)
            alone[case] = bool(became and became.alone)
        finally:
            connection.close()

    first, second = (threading.Thread(target=judge, args=[case]) for case in cases)
    with armed("at_once.after_comparing", "sleep", 1.0):
        first.start()
        time.sleep(0.5)
        second.start()
        for one in (first, second):
            one.join(30)
    assert [alone[case] for case in cases] == [True, False]
    assert Certificate.objects.filter(subject_id__in=cases).count() == 1


def test_nothing_is_held_under_no_key_and_any_text_may_be_one() -> None:
    """The keys are of a form that nobody has looked at yet."""
    with patch("yichuang.cases.comparing.sql.later") as later:
        hold([("fact", "TYPE", "")])
        assert not later.called
        hold([("fact", "TYPE", "晓\0安"), ("other", "TYPE", "\ud800"), ("again", "TYPE", "晓\0安"), ("", "TYPE", "")])
    (locks,) = later.call_args.args[1]
    assert len(locks) == later.call_args.kwargs["rows"] == 2
    assert locks == sorted(locks)
    assert all(-(2**63) <= lock < 2**63 for lock in locks)
