"""Work lists run along an index, whatever their length: read off the plan, never off a clock."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bench import loader
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yichuang.cases import figures
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.figures import DeskFigures, desk_figures
from yichuang.cases.models import Case
from yichuang.cases.pages import WorkFilters
from yichuang.cases.queries import list_work
from yichuang.cases.worklists import mine
from yichuang.core.clock import SHANGHAI
from yichuang.network.models import Department, Place

MANY = 6000


@pytest.fixture
def many(demo):
    """Copies of an ended, a submitted and an accepted case; one department has a fifth of them."""
    actor = demo.actor("zhangxiao")
    ended, submitted, accepted = (demo.file(actor) for _ in range(3))
    withdraw_case(actor=actor, number=ended.number, version=1, reason="不办了", at=demo.at)
    accept_case(actor=demo.actor("lina"), number=accepted.number, version=1, findings={}, at=demo.at)
    departments = Department.objects.order_by("code").values_list("id", "code")
    ids = [str(id) for id, code in sorted(departments, key=lambda row: row[1] != "CGZF")]
    places = [str(id) for id in Place.objects.filter(takes_filings=True).order_by("code").values_list("id", flat=True)]
    models = [str(receipt.case_id) for receipt in (ended, submitted, accepted)]
    with connection.cursor() as cursor:
        cursor.execute(loader.COLUMNS)
        cursor.execute(loader.Plan(*models, ids, places, MANY).insert(dict(cursor.fetchall())))
        cursor.execute("ANALYZE cases_case")


def walk(demo, actor, limit=20):
    """All pages, one after the other."""
    cursor, found = None, []
    while True:
        page = list_work(actor, filters=WorkFilters(), at=demo.at, cursor=cursor, limit=limit)
        found += [row.number for row in page.items]
        cursor = page.next
        if cursor is None:
            return found


def test_every_open_case_comes_once_in_the_order_of_its_due_instant(demo, many):
    actor = demo.actor("wangqiang")
    expected = Case.objects.filter(department__code="CGZF", due_at__isnull=False).order_by("due_at", "id")
    assert walk(demo, actor) == list(expected.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("username", "indexes"),
    [
        ("wangqiang", {"case_department_urgent"}),
        ("lina", {"case_place_urgent", "case_answers_urgent"}),  # what the hall took, what others took for it
        ("huanghai", {"case_urgent"}),
    ],
)
def test_any_page_is_read_off_an_index_without_sorting(demo, many, username, indexes):
    due, last = (
        Case.objects.filter(due_at__gt=demo.at + timedelta(days=3)).values_list("due_at", "id").earliest("due_at")
    )
    for cursor in (None, f"{due.isoformat()}|{last}"):
        with CaptureQueriesContext(connection) as sent:
            list_work(demo.actor(username), filters=WorkFilters(), at=demo.at, cursor=cursor)
        lists = [query["sql"] for query in sent if '"cases_case"."due_at" IS NOT NULL' in query["sql"]]
        with connection.cursor() as db:
            db.execute("SET LOCAL enable_sort = off")  # of so few rows PostgreSQL would rather sort what there is
            db.execute("SET LOCAL enable_bitmapscan = off")
            plans = []
            for one in lists:
                db.execute(f"EXPLAIN {one}")
                plans.append("\n".join(row[0] for row in db.fetchall()))
        assert {index for index in indexes for plan in plans if index in plan} == indexes, plans
        assert not any("Sort" in plan for plan in plans), plans
        assert len(plans) == len(indexes)


def counted_one_by_one(demo, actor):
    today = demo.at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(Case.objects.filter(mine(actor)).only("state", "filed_at", "accepted_at", "accepted_as", "due_at"))
    tomorrow = today + timedelta(days=1)  # the demo's clock may have stood later: what came after is not today's
    accepted = [row for row in rows if row.accepted_at and today <= row.accepted_at < tomorrow]
    return DeskFigures(
        filed_today=min(figures.MOST, sum(today <= row.filed_at < tomorrow for row in rows)),
        accepted_today=len(accepted),
        promised_today=sum(row.accepted_as == "promise" for row in accepted),
        to_accept=sum(row.state == "SUBMITTED" for row in rows),
        correcting=sum(row.state == "CORRECTING" for row in rows),
        overdue=sum(bool(row.due_at and row.due_at < demo.at) for row in rows),
        ready=sum(row.state == "READY" for row in rows),
    )


@pytest.mark.parametrize("username", ["lina", "wangqiang", "huanghai"])
def test_the_figures_of_a_desk_are_right_and_counted_off_an_index_so_far_and_no_further(
    demo, many, username, monkeypatch
):
    actor = demo.actor(username)
    with CaptureQueriesContext(connection) as sent:
        shown = desk_figures(actor, at=demo.at)
    expected = counted_one_by_one(demo, actor)
    assert shown == expected
    assert expected.filed_today > 20
    counting = sent[-1]["sql"]
    assert counting.count(f"LIMIT {figures.MOST}") == 7
    with connection.cursor() as db:
        db.execute("SET LOCAL enable_seqscan = off")  # of so few rows PostgreSQL would rather read all
        db.execute(f"EXPLAIN {counting}")
        plan = "\n".join(row[0] for row in db.fetchall())
    assert "Seq Scan" not in plan, plan
    assert "BitmapAnd" not in plan, plan  # a day is not put beside the whole history of a place
    assert plan.count("using case_filed") + plan.count("on case_filed") == 1, plan
    monkeypatch.setattr(figures, "MOST", 20)
    assert desk_figures(actor, at=demo.at).filed_today == 20
    assert desk_figures(demo.actor("zhangxiao"), at=demo.at) == DeskFigures(0, 0, 0, 0, 0, 0, 0)


def test_who_works_at_a_window_and_in_a_department_counts_no_case_twice(demo, many):
    clerk, reviewer = demo.actor("lina"), demo.actor("wangqiang")
    both = replace(clerk, grants=(*clerk.grants, *reviewer.grants))
    shown = desk_figures(both, at=demo.at)
    assert shown == counted_one_by_one(demo, both)
    apart = desk_figures(clerk, at=demo.at).to_accept + desk_figures(reviewer, at=demo.at).to_accept
    assert 0 < shown.to_accept < apart  # some are both


def test_the_few_open_cases_without_a_due_instant_are_not_looked_for_among_all(demo, many):
    actor = demo.actor("wangqiang")
    waiting = Case.objects.filter(department__code="CGZF", state="SUBMITTED").order_by("id")[:3]
    ids = [case.id for case in waiting]
    Case.objects.filter(id__in=ids).update(state="CORRECTING", due_at=None)
    with CaptureQueriesContext(connection) as sent:
        page = list_work(actor, filters=WorkFilters(), at=demo.at, cursor=f"-|{ids[0]}")
    assert [row.id for row in page.items] == ids[1:]
    [query] = [query["sql"] for query in sent if "IS NULL" in query["sql"] and "cases_case" in query["sql"]]
    with connection.cursor() as db:
        db.execute("ANALYZE cases_case")  # or the plan hangs on whether the server has just done it by itself
        db.execute(f"EXPLAIN {query}")
        plan = "\n".join(row[0] for row in db.fetchall())
    assert "case_department_work" in plan, plan
    ended = list_work(actor, filters=WorkFilters(state="WITHDRAWN"), at=demo.at).items
    assert [row.id for row in ended] == sorted(row.id for row in ended)
    assert len(ended) == 20
