"""优先办理: put forward by a clerk, for a reason that others do not read, as far as the rule lets it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.prioritise import end_priority, give_priority
from yichuang.cases.models import Case, Priority
from yichuang.cases.rules.priority import SHARE, weave
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.engine import commands as engine

LINES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12)


@given(first=LINES, others=LINES, since=st.integers(0, SHARE))
def test_in_any_list_no_light_is_overtaken_and_nobody_stands_behind_two_extra(first, others, since):
    first = [(*line, "first", n) for n, line in enumerate(sorted(first))]
    others = [(*line, "other", n) for n, line in enumerate(sorted(others))]
    woven = weave(first, others, since=since, light=lambda t: t[0], due=lambda t: t[1])
    assert sorted(woven) == sorted(first + others)
    assert [line[0] for line in woven] == sorted(line[0] for line in woven), "no light is overtaken"
    assert [line for line in woven if line in first] == first
    plain = sorted(first + others)  # of one day, the priority first
    for place, line in enumerate(woven):
        moved = sum(1 for one in woven[:place] if one[2] == "first" and one[:2] > line[:2])
        before = sum(1 for one in woven[:place] if one[2] == "other") + since
        if line[2] == "other":
            assert moved <= 1 + before // (SHARE - 1), "one line in three at most overtakes"
        else:
            assert place <= plain.index(line), "a priority never stands later than its day alone would put it"


def filed(demo, nth, days):
    dog = {**demo.example("yangquan-dengji").form["dog"], "chip": f"9990000000061{nth:02}"}
    home = {**demo.example("yangquan-dengji").form["address"], "detail": f"演示路 {nth} 号"}
    receipt = demo.file(demo.actor("zhangxiao"), form={"dog": dog, "address": home})
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    due = demo.at + timedelta(days=days)
    Case.objects.filter(id=receipt.case_id).update(due_at=due)
    engine.set_due(subject=("case", receipt.case_id), due_at=due)
    return receipt.number


def walk(demo, limit):
    cursor, found = None, []
    while True:
        page = queries.list_tasks(demo.actor("wangqiang"), at=demo.at, cursor=cursor, limit=limit)
        found += [row.case.number for row in page.items]
        cursor = page.next
        if cursor is None:
            return found


def test_tasks_move_forward_within_their_light_one_line_in_three_and_pages_come_once_each(demo):
    late, a, b, c, d, e, f = (filed(demo, n, days) for n, days in enumerate((-1, 4, 5, 6, 7, 8, 9)))
    assert walk(demo, 100) == [late, a, b, c, d, e, f]
    for number in (e, f):
        give_priority(actor=demo.actor("lina"), number=number, category="elderly", at=demo.at)
    expected = [late, e, a, b, f, c, d]
    for limit in (100, 1, 2, 3):
        assert walk(demo, limit) == expected
    rows = queries.list_tasks(demo.actor("wangqiang"), at=demo.at).items
    assert {row.case.number for row in rows if row.case.priority} == {e, f}
    end_priority(actor=demo.actor("lina"), number=e, at=demo.at)
    assert walk(demo, 2) == [late, f, a, b, c, d, e]


def test_only_the_applicants_side_and_the_clerk_who_recorded_it_read_why(demo):
    number = demo.file(demo.actor("zhangxiao")).number
    head = give_priority(actor=demo.actor("lina"), number=number, category="pregnant", at=demo.at)
    again = give_priority(actor=demo.actor("lina"), number=number, category="pregnant", at=demo.at)
    assert head.version == again.version == 1, "it is no act on the case"

    def shown(who):
        return queries.get_case_for(demo.actor(who), number, at=demo.at)

    assert shown("lina").priority_category.zh == shown("zhangxiao").priority_category.zh == "孕妇、带婴儿的人"
    for who in ("zhoujie", "mali", "wangqiang", "linfang", "chengang", "huanghai"):
        assert (shown(who).priority, shown(who).priority_category) == (True, None)
    entries = [e for e in ledger.list_entries(ledger.Subject("case", head.case_id)) if e.act == "give-priority"]
    assert len(entries) == 1
    assert "pregnant" not in str(entries[0].detail)
    stored = Priority.objects.filter(case=head.case_id).extra(select={"raw": "category"}).values_list("raw", flat=True)
    assert "pregnant" not in str(list(stored))


@pytest.mark.parametrize("who", ["zhoujie", "mali", "wangqiang", "chengang", "zhangxiao"])
def test_only_who_takes_papers_at_a_place_of_the_case_puts_it_forward(demo, who):
    number = demo.file(demo.actor("zhangxiao")).number
    with pytest.raises(Refused) as refused:
        give_priority(actor=demo.actor(who), number=number, category="ill", at=demo.at)
    assert refused.value.kind == "forbidden"
    with pytest.raises(NotFound):
        give_priority(actor=demo.actor("zhaomin"), number=number, category="ill", at=demo.at)
    with pytest.raises(Refused) as unknown:
        give_priority(actor=demo.actor("lina"), number=number, category="friend", at=demo.at)
    assert [reason.code for reason in unknown.value.reasons] == ["CATEGORY_UNKNOWN"]


def test_an_ended_case_is_put_forward_no_more(demo):
    zhang = demo.actor("zhangxiao")
    number = demo.file(zhang).number
    withdraw_case(actor=zhang, number=number, version=1, reason="", at=demo.at)
    with pytest.raises(Refused) as refused:
        give_priority(actor=demo.actor("lina"), number=number, category="ill", at=demo.at)
    assert refused.value.kind == "conflict"
