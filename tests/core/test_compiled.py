"""A compiled query gives what its query set gives, and asks Django to write SQL only once."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from yichuang.cases.models import Case, Material, MaterialFile
from yichuang.core.compiled import Beside, build, compiled, insert, update
from yichuang.core.ids import new_id
from yichuang.engine.models import Token
from yichuang.notices.models import Message
from yichuang.people.models import Staff


@compiled
def _case(number: str) -> QuerySet[Case]:
    return Case.objects.select_related("department", "agent").filter(number=number).order_by("id")[:1]


@compiled
def _files(case):
    return MaterialFile.objects.select_related("upload").filter(material__case=case).order_by("id")


@compiled
def _codes(case):
    return Material.objects.filter(case=case).order_by("order").values_list("code", flat=True)


@compiled
def _pairs(case, since, until):
    filed = Q(case__filed_at__gte=since) & (Q(due_date__isnull=True) | Q(case__filed_at__lte=until))
    return Material.objects.filter(filed, case=case).order_by("-order").values_list("case_id", "order", "name_zh")


@pytest.fixture
def receipt(demo):
    return demo.file(demo.actor("zhangxiao"))


def fields(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_those_of_the_query_set_sealed_texts_opened_and_related_rows_there(receipt, demo):
    demo.file(demo.actor("moshengren"))
    [found] = _case(receipt.number)
    plain = Case.objects.get(number=receipt.number)
    assert fields(found) == fields(plain)
    assert found.form == plain.form
    with CaptureQueriesContext(connection) as more:
        assert found.department.code == plain.department.code
    assert len(more) == 1, "only the plain row had to fetch its department"
    assert found.agent is None
    assert not found._state.adding
    files = _files(receipt.case_id)
    assert files != []
    assert {f.upload.name.partition(".")[0] for f in files} == {"材料"}


def test_lists_of_values_too(receipt, demo):
    plain = Material.objects.filter(case=receipt.case_id)
    assert _codes(receipt.case_id) == list(plain.order_by("order").values_list("code", flat=True))
    day = timedelta(days=1)
    rows = plain.order_by("-order").values_list("case_id", "order", "name_zh")
    assert _pairs(receipt.case_id, demo.at - day, demo.at + day) == list(rows)
    assert _pairs(receipt.case_id, demo.at + day, demo.at + day) == []


def test_the_first_row_or_none(receipt):
    assert _case.first("440303-20200101-A-000001-7") is None
    assert _case.first(receipt.number).id == receipt.case_id


def test_it_is_compiled_once_and_is_one_statement(receipt, monkeypatch):
    _codes(receipt.case_id)
    written = []
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda self, *a, **k: written.append(1) or as_sql(self, *a, **k))
    with CaptureQueriesContext(connection) as sent:
        assert _codes(receipt.case_id)
    assert (len(sent), written) == (1, [])


def test_a_wrong_number_of_values_and_a_prefetch_are_defects_of_the_caller():
    with pytest.raises(TypeError, match="takes 1 values"):
        _codes(1, 2)
    prefetching = compiled(lambda name: Staff.objects.prefetch_related("grants").filter(name=name).order_by("id"))
    with pytest.raises(TypeError, match="prefetch"):
        prefetching("李娜")


def test_insert_writes_what_bulk_create_writes(receipt, demo):
    template = Case.objects.get(number=receipt.number)
    made = []
    for number, write in (("A", lambda row: Case.objects.bulk_create([row])), ("B", lambda row: insert([row]))):
        row = Case(**{**fields(template), "id": new_id(), "number": number})
        write(row)
        assert not row._state.adding
        made.append(fields(Case.objects.get(number=number)))
    one, other = made
    assert {**one, "id": 0, "number": ""} == {**other, "id": 0, "number": ""}
    assert "张晓" in str(other["form"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT form FROM cases_case WHERE number = 'B'")
        assert "张晓" not in cursor.fetchone()[0], "sealed in the table"


@pytest.mark.django_db
def test_insert_takes_several_rows_in_one_statement_and_leaves_out_what_is_there(at):
    def message(dedupe, party=None):
        return Message(
            kind="sms", to="19900000001", party=party, locale="en", template="t", title="a", body="b", secret=False,
            dedupe=dedupe, created_at=at,
        )  # fmt: skip

    with CaptureQueriesContext(connection) as sent:
        assert insert([message("x"), message(None), message(None)]) == 3
    assert len(sent) == 1
    assert insert([message("x"), message("y")], once="dedupe") == 1
    assert insert([]) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([message("y")])


@compiled
def _named(case, codes):
    return Material.objects.filter(case=case, code__among=codes).order_by("order").values_list("code", flat=True)


def test_a_list_is_an_argument_too(receipt):
    codes = _codes(receipt.case_id)
    assert _named(receipt.case_id, codes[1:]) == codes[1:]
    assert _named(receipt.case_id, []) == []
    assert (
        list(Material.objects.filter(case=receipt.case_id, code__among=codes[:1]).values_list("code", flat=True))
        == codes[:1]
    )


def test_update_gives_rows_the_same_values_in_one_statement(receipt):
    ids = list(Material.objects.filter(case=receipt.case_id).order_by("order").values_list("id", flat=True))
    with CaptureQueriesContext(connection) as sent:
        update(Material, ids[1:], basis="第九条", state="faulty")
    assert len(sent) == 1
    assert list(Material.objects.filter(id__in=ids[1:], basis="第九条", state="faulty").order_by("order")) != []
    assert Material.objects.get(id=ids[0]).basis != "第九条"
    with pytest.raises(RuntimeError, match="1 rows instead of 2"):
        update(Material, [ids[0], new_id()], state="missing")


def test_insert_refuses_models_whose_key_the_database_makes():
    with pytest.raises(TypeError, match="use its manager"):
        insert([Token()])


@compiled
def _locked(number: str) -> QuerySet[Case]:
    return Case.objects.select_for_update(of=("self",)).filter(number=number).order_by("id")


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_a_defect_each_time_and_not_only_when_compiled():
    with transaction.atomic():
        assert _locked("none") == []
    with pytest.raises(transaction.TransactionManagementError):
        _locked("none")


def defaults(row):
    """What a new row has, but for what is different in each."""
    computed = {field.attname for field in row._meta.concrete_fields if callable(field.default)}
    return {name: type(value) if name in computed else value for name, value in fields(row).items()}


def test_a_new_row_is_what_djangos_own_way_makes_of_it():
    models = [model for model in apps.get_models() if model.__module__.startswith("yichuang.")]
    assert len(models) > 40
    for model in models:
        assert defaults(build(model)) == defaults(model()), model
    first, second = build(Case), build(Case)
    assert first.id != second.id
    assert first._state.adding
    assert first.fresh == []
    assert first == build(Case, id=first.id) != second
    with pytest.raises(TypeError, match="applicant"):
        build(Case, applicant=None)  # a column goes by its attribute


@compiled
def _number_of(id, number):
    return Case.objects.filter(id=id, number=number).values_list("id", "number", "item_code")


@compiled
def _first_material(case, code):
    return Material.objects.filter(case=case, code__gte=code).order_by("code")[:1]


def test_two_questions_in_one_statement_give_what_each_gives(receipt):
    case = _case.first(receipt.number)
    both = Beside(_number_of, _first_material)
    with CaptureQueriesContext(connection) as captured:
        found, material = both((case.id, case.number), (case.id, ""))
    assert len(captured) == 1
    assert found == (case.id, case.number, case.item_code)
    assert fields(material) == fields(_first_material.first(case.id, ""))
    assert both((case.id, case.number), (case.id, "zzzz")) == (found, None)
    assert both((case.id, "no such"), (case.id, "")) == (None, None)
