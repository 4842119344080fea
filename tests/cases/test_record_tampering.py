"""Holds, notices, suspensions, extensions, lapses, hand-overs and the query code: nothing of them changes unseen."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from tests.cases.tampering import attacks, broken, delete, insert_like, superuser, undone

from yichuang.cases import vouch
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps
from yichuang.cases.commands.end import lapse_promise, object_to_lapse, repair_lapse, withdraw_case
from yichuang.cases.commands.holds import lift_hold, place_hold
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.commands.supplement import make_supply_link
from yichuang.cases.models import (
    Case,
    Decision,
    Document,
    Extension,
    GapNotice,
    Hold,
    Material,
    MaterialFile,
    PromiseLapse,
    SupplyLink,
    Suspension,
)
from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.core.ledger import row_facts
from yichuang.core.words import W
from yichuang.network.commands import set_calendar_day

PROMISED = ("owner_id", "property_certificate", "immunity_certificate")
UNPAID = W("费用未缴", "The fee is unpaid")


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Any) -> None:
    settings.YICHUANG_DATA = tmp_path


def faults() -> set[str]:
    """Kind of fault, and what is meant, without ids."""
    ledger.sequence(at=datetime(2026, 12, 31, tzinfo=UTC))
    found = ledger.verify_ledger([])
    return {f"{fault.kind} {fault.where.partition(' ')[2].partition(':')[0]}".strip() for fault in found}


def check(row: Any, family: str, *, alike: bool = True, **special: str) -> None:
    """Whatever is done to the row is named; `alike`: a second row like it can be put in.

    The whole ledger is verified before, and for the last of these attacks; for a column, what lies at cases is enough.
    """
    row.refresh_from_db()
    assert faults() == set()
    for what, statement, values in attacks(row, **special):
        with undone():
            superuser(statement, *values)
            found = broken("case")
            assert found & {f"FACT_ALTERED {family}", f"FACT_MISSING {family}"}, (what, found)
    with undone():
        delete(row)
        assert f"FACT_MISSING {family}" in faults()
    if alike:
        with undone():
            insert_like(row)
            assert f"FACT_UNKNOWN {family}" in faults()


@pytest.fixture
def promised(demo: Any) -> Any:
    """A case accepted on a promise."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=PROMISED)
    head = accept_with_gaps(
        actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at
    )
    return head


def test_a_hold_changed_lifted_or_placed_past_the_commands_is_named(demo: Any, promised: Any) -> None:
    hold = Hold.objects.get(case_id=promised.case_id)
    check(hold, "hold", alike=False)
    with undone():
        insert_like(hold, kind="fee")
        assert faults() == {"FACT_UNKNOWN hold"}
    place_hold(case=promised.case_id, kind="fee", source="order-1", words=UNPAID, at=demo.at)
    place_hold(case=promised.case_id, kind="fee", source="order-1", words=UNPAID, at=demo.at)
    check(Hold.objects.get(kind="fee"), "hold", alike=False)
    lift_hold(case=promised.case_id, kind="fee", source="order-1", at=demo.at)
    lift_hold(case=promised.case_id, kind="fee", source="order-1", at=demo.at)
    check(Hold.objects.get(kind="fee"), "hold", alike=False)
    withdraw_case(
        actor=demo.actor("zhangxiao"), number=promised.number, version=promised.version, reason="", at=demo.at
    )
    check(hold, "hold")


def test_a_promise_not_kept_its_objection_and_its_repair_are_vouched_for(demo: Any, promised: Any) -> None:
    at = demo.at + timedelta(days=60)
    lapse_promise(case=promised.case_id, at=at)
    lapse = PromiseLapse.objects.get()
    check(lapse, "lapse", alike=False)
    object_to_lapse(actor=demo.actor("zhangxiao"), number=promised.number, objection="邮寄在路上", at=at)
    check(lapse, "lapse", alike=False)
    repair_lapse(actor=demo.actor("huanghai"), number=promised.number, reason="材料已补", at=at)
    check(lapse, "lapse", alike=False)


def test_a_lapse_made_up_for_another_case_is_named(demo: Any) -> None:
    receipt = demo.file(demo.actor("zhangxiao"))
    case = Case.objects.get(id=receipt.case_id)
    PromiseLapse.objects.create(party_id=case.applicant_id, case=case, at=demo.at)
    assert faults() == {"FACT_UNKNOWN lapse"}


def test_what_a_notice_asked_for_cannot_change(demo: Any) -> None:
    receipt = demo.file(demo.actor("zhangxiao"), materials=("property_certificate", "owner_id"))
    findings = {"owner_id": MaterialFinding("faulty", "复印件不清楚")}
    notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings=findings, at=demo.at)
    notice = GapNotice.objects.get(case_id=receipt.case_id)
    check(notice, "notice", alike=False, new_demands="")
    with undone():
        new = """new_demands = '["x"]', supervisor_id = gen_random_uuid(), supervisor_reason = 'x'"""
        superuser(f"UPDATE cases_gapnotice SET {new} WHERE id = %s", notice.id)
        assert faults() == {"FACT_ALTERED notice"}
    with undone():
        insert_like(notice, round="2")
        assert "FACT_UNKNOWN notice" in faults()
    link = make_supply_link(actor=demo.actor("zhangxiao"), number=receipt.number, materials=["owner_id"], at=demo.at)
    assert link
    check(SupplyLink.objects.get(), "link", alike=False)
    with undone():
        insert_like(SupplyLink.objects.get(), code_index="f" * 64)
        assert faults() == {"FACT_UNKNOWN link"}


def test_what_moved_the_legal_clock_cannot_change(demo: Any) -> None:
    wang = demo.actor("wangqiang")
    receipt = demo.file(demo.actor("zhangxiao"))
    of = {"number": receipt.number, "at": demo.at}
    head = accept_case(actor=demo.actor("lina"), version=1, findings={}, **of)
    head = demo.extended(version=head.version, **of)
    check(Extension.objects.get(), "extension", alike=False)
    head = suspend_case(actor=wang, version=head.version, ground="expert_review", days=5, reason="专家评审", **of)
    suspension = Suspension.objects.get()
    check(suspension, "suspension", alike=False)
    resume_case(actor=wang, version=head.version, number=receipt.number, at=demo.at + timedelta(days=3))
    check(suspension, "suspension")


def test_a_sealed_column_that_no_longer_opens_is_named_and_stops_no_check(demo: Any) -> None:
    receipt = demo.file(demo.actor("zhangxiao"))
    for column in ("form", "query_code"):
        with undone():
            superuser(f"UPDATE cases_case SET {column} = 'rubbish' WHERE id = %s", receipt.case_id)
            assert faults() == {"FACT_ALTERED case"}
    superuser("UPDATE cases_document SET values = 'k1:intl:AAAA' WHERE case_id = %s", receipt.case_id)
    assert faults() == {"FACT_ALTERED document"}


def test_the_query_code_and_its_index_belong_to_the_case(demo: Any) -> None:
    mine, others = (demo.file(demo.actor(name)) for name in ("zhangxiao", "moshengren"))
    for column in ("query_code", "query_index"):
        with undone():
            superuser(
                f"UPDATE cases_case SET {column} = (SELECT {column} FROM cases_case WHERE id = %s) WHERE id = %s",
                others.case_id,
                mine.case_id,
            )
            assert faults() == {"FACT_ALTERED case"}, column


def test_a_promised_day_that_the_calendar_moved_is_no_tampering(demo: Any, promised: Any) -> None:
    with fixed(demo.at):
        holiday = {"working": False, "name": W("台风停工", "Typhoon")}
        set_calendar_day(actor=demo.actor("shilei"), day=date(2026, 11, 27), at=demo.at, **holiday)
        run_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(due_date) FROM cases_material WHERE case_id = %s", [promised.case_id])
        assert cursor.fetchone() == (date(2026, 11, 30),)
    assert faults() == set()


def test_rows_from_before_an_upgrade_are_put_on_record(demo: Any, promised: Any) -> None:
    """The first slice vouched for none of them: without the migration each would look like a forgery."""
    hold = Hold.objects.create(
        case_id=promised.case_id, kind="fee", source="old", words_zh="费", words_en="fee", placed_at=demo.at
    )
    assert faults() == {"FACT_UNKNOWN hold"}
    steps = import_module("yichuang.cases.migrations.0002_vouch_for_rows").Migration.operations
    for step in steps:
        step.code(apps, None)
    assert faults() == set()
    superuser("UPDATE cases_hold SET lifted_at = now() WHERE id = %s", hold.id)
    assert faults() == {"FACT_ALTERED hold"}


def test_columns_that_a_table_got_later_leave_the_first_fingerprints_true() -> None:
    hold = Hold(kind="fee", source="order-1")
    first = row_facts(hold, without=frozenset({"lifted_at"}))
    assert row_facts(hold, later=frozenset({"lifted_at"})) == first
    hold.lifted_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert row_facts(hold, later=frozenset({"lifted_at"})) == {**first, "lifted_at": "2026-01-01T00:00:00.000000Z"}


# What entries of the first slice vouch for. A column that comes later is named in `vouch.LATER`, or every old case
# would look altered; columns may be sealed, never renamed or taken out.
FIRST = {
    Case: 39, Decision: 6, Document: 10, Extension: 6, GapNotice: 9, Hold: 8,
    Material: 17, MaterialFile: 4, PromiseLapse: 8, SupplyLink: 7, Suspension: 8,
}  # fmt: skip


def test_no_vouched_table_got_a_column_that_old_fingerprints_do_not_know() -> None:
    for model, columns in FIRST.items():
        known = {field.attname for field in model._meta.concrete_fields} - vouch.LATER - vouch.CACHED
        assert len(known) == columns, f"{model.__name__}: name the new column in cases/vouch/__init__.py LATER"
