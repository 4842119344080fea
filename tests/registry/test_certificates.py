"""The certificate base: recorded once, counted blindly, exclusive where it must be, its history and uses for good."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError
from tests.registry.conftest import DOG

from yichuang.core import ledger, sql
from yichuang.core.identifiers import check_cert_identifier
from yichuang.core.refusals import NotFound, Refused
from yichuang.registry.commands import set_status, use_certificate
from yichuang.registry.models import Certificate
from yichuang.registry.queries import (
    certificate_of_subject,
    certificates,
    count_active,
    find_certificate,
    get_certificate,
    history,
    key_index,
    list_held,
    list_uses,
    types_held,
    validity,
)
from yichuang.registry.values import Status

HOME = "深圳市罗湖区湖贝路2222号3栋1201"


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


def test_a_recorded_certificate_is_found_by_id_identifier_number_and_case(record):
    row = record()
    assert check_cert_identifier(row.identifier) == []
    assert row.identifier.startswith(f"1.2.156.3005.2.{DOG}.")
    assert get_certificate(row.id) == get_certificate(row.identifier.lower()) == get_certificate(f" {row.number} ")
    assert certificate_of_subject(*row.subject) == list_held([row.holder]).items[0] == row
    assert row.data["born"] == "2024-03-01"
    assert list(row.labels) == ["dog", "chip", "born"]


def test_what_is_not_there_is_not_found(db):
    assert find_certificate("1.2.156.3005.2.X") is None
    with pytest.raises(NotFound):
        get_certificate("没有这样的编号")


def test_what_the_certificate_says_is_sealed_in_the_table(record):
    record(data={"dog": "CANARY-豆豆"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM registry_certificate c")
        assert "CANARY" not in str(cursor.fetchall())


def test_a_case_brings_about_one_certificate(record):
    row = record()
    with pytest.raises(Refused) as caught:
        record(subject=row.subject)
    assert codes(caught) == ["RECORDED_ALREADY"]


def test_a_number_is_given_once_per_type(record):
    row = record()
    with pytest.raises(Refused) as caught:
        record(number=row.number)
    assert codes(caught) == ["NUMBER_TAKEN"]


def test_certificates_are_counted_per_household_and_per_holder(record, holder, at):
    record(keys={"household": HOME})
    ended = record(keys={"household": HOME})
    record(keys={"household": "另一户"})
    set_status(id=ended.id, status=Status.CANCELLED, reason="犬只死亡", at=at)
    keys = [(DOG, HOME), (DOG, ""), (DOG, str(holder)), ("other", HOME)]
    assert count_active(keys, at=at) == [1, 0, 2, 0]
    assert count_active([(DOG, HOME)], at=at + timedelta(days=366)) == [0], "expired ones no longer count"


def test_a_certificate_with_two_keys_of_one_value_counts_once_and_one_may_be_left_out(record, at):
    row = record(keys={"household": HOME, "before": HOME})
    assert count_active([(DOG, HOME)], at=at) == [1]
    assert count_active([(DOG, HOME)], at=at, besides=row.id) == [0]


def test_counting_goes_by_the_key_however_few_certificates_the_server_believes_in(record, at):
    """Joined freely it went through all certificates of the type, where nobody had analysed the tables since."""
    record(keys={"household": HOME})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_certificate")
        cursor.execute("ANALYZE registry_certificate_key")
        cursor.execute("SET LOCAL enable_seqscan = off")  # as on the connections of doors
    values = [[DOG], [key_index(HOME)], at.date()]
    plan = "\n".join(line for (line,) in sql.rows(f"EXPLAIN {certificates._COUNTED}", values))
    assert "using registry_certificate_key_count" in plan
    assert "Index Cond: (id = registry_certificate_key.certificate_id)" in plan, plan


def test_the_chip_of_a_registered_dog_cannot_be_registered_again(record, at):
    row = record(keys={"chip": "156000000000001"}, unique="chip")
    with pytest.raises(Refused) as caught:
        record(keys={"chip": "156000000000001"}, unique="chip")
    assert codes(caught) == ["REGISTERED_ELSEWHERE"]
    set_status(id=row.id, status=Status.CANCELLED, reason="犬只转让", at=at)
    record(keys={"chip": "156000000000001"}, unique="chip")


def test_a_suspended_certificate_still_bars_a_second_one(record, at):
    row = record(keys={"chip": "1"}, unique="chip")
    set_status(id=row.id, status=Status.SUSPENDED, reason="调查中", at=at)
    with pytest.raises(Refused):
        record(keys={"chip": "1"}, unique="chip")


def test_an_expired_certificate_does_not_bar_a_new_one(record, at):
    record(keys={"chip": "1"}, unique="chip", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    assert record(keys={"chip": "1"}, unique="chip").status is Status.VALID


def test_types_held_are_what_need_not_be_handed_in(record, holder, at):
    assert types_held(holder, at=at) == frozenset()
    record()
    assert types_held(holder, at=at) == {DOG}
    assert types_held(holder, at=at + timedelta(days=366)) == frozenset()


def test_status_changes_are_kept_with_reason_and_told_to_the_ledger(record, at, wang_qiang):
    row = record()
    set_status(id=row.id, status=Status.SUSPENDED, reason="调查中", at=at, actor=wang_qiang)
    later = at + timedelta(hours=1)
    changed = set_status(id=row.id, status=Status.REVOKED, reason="以欺骗手段取得", at=later, actor=wang_qiang)
    assert validity(changed, date(2026, 12, 1)) == "revoked"
    assert [(h.status, h.reason, h.by) for h in history(row.id)] == [
        (Status.VALID, "", "系统"),
        (Status.SUSPENDED, "调查中", "王*"),
        (Status.REVOKED, "以欺骗手段取得", "王*"),
    ]
    acts = [e.act for e in ledger.list_entries(ledger.Subject("certificate", row.id))]
    assert acts == ["certificate.record", "certificate.status", "certificate.status"]


def test_a_revoked_certificate_never_comes_back(record, at):
    row = record()
    set_status(id=row.id, status=Status.REVOKED, reason="撤销", at=at)
    with pytest.raises(Refused) as caught:
        set_status(id=row.id, status=Status.VALID, reason="恢复", at=at)
    assert codes(caught) == ["STATUS_CANNOT_FOLLOW"]


def test_a_change_of_status_needs_a_reason(record, at):
    row = record()
    with pytest.raises(Refused) as caught:
        set_status(id=row.id, status=Status.REVOKED, reason="  ", at=at)
    assert codes(caught) == ["REASON_NEEDED"]


def test_a_new_version_replaces_the_old_and_keeps_its_number(record, at):
    old = record(keys={"chip": "1"}, unique="chip")
    new = record(previous=old.id, keys={"chip": "1"}, unique="chip", data={"dog": "豆豆", "address": "新址"})
    assert (new.number, new.version, new.previous) == (old.number, 2, old.id)
    assert new.identifier.split(".")[7] == old.identifier.split(".")[7]
    assert check_cert_identifier(new.identifier) == []
    assert get_certificate(old.id).status is Status.REPLACED
    assert get_certificate(new.number).id == new.id


def test_a_use_hands_out_only_the_named_fields_and_the_holder_reads_of_it(record, holder, li_na, at):
    row = record()
    use = {"actor": li_na, "id": row.id, "ground": "duty", "case_number": "440303-1", "at": at}
    assert use_certificate(**use, purpose="核对犬只", fields=["dog", "secret"]) == {"dog": "豆豆"}
    seen = list_uses(holder).items
    assert [(u.who, u.purpose, u.fields, u.case_number) for u in seen] == [("李*", "核对犬只", ("dog",), "440303-1")]
    assert seen[0].number_masked == "深罗养********001"
    with pytest.raises(Refused):
        use_certificate(**use, purpose=" ", fields=["dog"])


def test_uses_are_paged_newest_first(record, holder, li_na, at):
    row = record()
    for n in range(5):
        use_certificate(
            actor=li_na, id=row.id, purpose=f"第{n}次", ground="consent", case_number="", fields=["dog"], at=at
        )
    first = list_uses(holder, limit=3)
    rest = list_uses(holder, first.next, limit=3)
    assert [u.purpose for u in first.items + rest.items] == ["第4次", "第3次", "第2次", "第1次", "第0次"]
    assert rest.next is None


@pytest.mark.parametrize("table", ["registry_certificate_status", "registry_use"])
@pytest.mark.parametrize("statement", ["UPDATE {t} SET at = now()", "DELETE FROM {t}"])
def test_history_and_uses_cannot_be_altered(record, table, statement):
    record()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(t=table))


def test_a_term_that_ends_before_it_starts_is_refused_by_the_table(record):
    with pytest.raises(DatabaseError), transaction.atomic():
        record(valid_to=date(2020, 1, 1))
    assert Certificate.objects.count() == 0
