"""The bench's loader copies cases: what it writes must be what the commands write, but for the columns it names."""

from dataclasses import replace

import pytest
from bench import loader
from django.db import connection

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.models import Case
from yichuang.network.models import Department, Place

COUNT = 60


@pytest.fixture
def models(demo):
    """An ended, a submitted and an accepted case, by the real commands."""
    actor, clerk = demo.actor("zhangxiao"), demo.actor("lina")
    ended, submitted, accepted = (demo.file(actor) for _ in range(3))
    withdraw_case(actor=actor, number=ended.number, version=1, reason="不办了", at=demo.at)
    accept_case(actor=clerk, number=accepted.number, version=1, findings={}, at=demo.at)
    return [str(receipt.case_id) for receipt in (ended, submitted, accepted)]


@pytest.fixture
def plan(models):
    departments = [str(id) for id in Department.objects.order_by("code").values_list("id", flat=True)[:4]]
    places = [str(id) for id in Place.objects.order_by("code").values_list("id", flat=True)[:3]]
    return loader.Plan(*models, departments, places, COUNT)


def rows(where):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM cases_case WHERE {where}")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_a_copy_is_its_model_but_for_the_columns_that_are_named(plan):
    before = {str(row["id"]): row for row in rows("true")}
    with connection.cursor() as cursor:
        cursor.execute(loader.COLUMNS)
        kinds = dict(cursor.fetchall())
        cursor.execute(plan.insert(kinds))
    moments = {name for name, kind in kinds.items() if kind in {"timestamp with time zone", "date"}}
    same = set(kinds) - set(plan.varied()) - moments
    copies = [row for row in rows("true") if str(row["id"]) not in before]
    models = {before[one]["state"]: before[one] for one in (plan.ended, plan.submitted, plan.in_review)}
    assert len(copies) == COUNT
    assert "form" in same
    assert "state" in same
    for copy in copies:
        model = models[copy["state"]]
        assert {name: copy[name] for name in same} == {name: model[name] for name in same}
        assert {name for name in moments if copy[name] is None} == {name for name in moments if model[name] is None}
        if copy["due_at"] is not None:
            assert copy["due_at"] - copy["filed_at"] == model["due_at"] - model["filed_at"]
    assert {row["state"] for row in copies} == set(models)
    assert len({row["number"] for row in copies}) == COUNT
    assert Case.objects.order_by("id").last() is not None  # what the commands sealed still opens


def test_the_busy_department_has_its_share(plan):
    with connection.cursor() as cursor:
        cursor.execute(loader.COLUMNS)
        cursor.execute(plan.insert(dict(cursor.fetchall())))
    busy = len(rows(f"department_id = '{plan.departments[0]}' AND number LIKE '440303-20200101-A-%%'"))
    assert busy == pytest.approx(COUNT * loader.BUSY_SHARE / 100, abs=19)


def test_a_table_is_filled_on_where_it_was_left(plan):
    with connection.cursor() as cursor:
        cursor.execute(loader.COLUMNS)
        kinds = dict(cursor.fetchall())
        cursor.execute(plan.insert(kinds))
        cursor.execute(replace(plan, first=COUNT + 1, count=2 * COUNT).insert(kinds))
    assert len(rows("number LIKE '440303-20200101-A-%%'")) == 2 * COUNT
