"""People and companies in the books: found by identity, sealed, masked."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from yichuang.core.identifiers import synthetic
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.commands import register_party, update_contact
from yichuang.people.models import Party
from yichuang.people.queries import find_party, get_party, list_parties

pytestmark = pytest.mark.usefixtures("people")
ID = synthetic.cn_id(date(1991, 5, 6), "male", region="440303", nth=30)


def register(actor, at, **more):
    wanted = {"kind": "person", "name": "王小明", "id_type": "111", "id_no": ID, **more}
    return register_party(actor=actor, at=at, **wanted)


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_the_same_identity_is_the_same_party_however_it_is_spelled(who, at):
    first = register(who("李娜"), at)
    assert register(who("赵敏"), at, id_no=f" {ID[:6]} {ID[6:].lower()} ", name="王小明 ") == first
    assert find_party("111", ID.lower()).id == first
    assert [e.act for e in list_entries(Subject("party", first))] == ["people.register_party"]


def test_blanks_are_filled_and_nothing_is_overwritten(who, at):
    party = register(who("李娜"), at, mobile="13900000001")
    register(who("李娜"), at, mobile="13900000002", address="深圳市罗湖区演示路 1 号")
    row = get_party(party)
    assert (row.mobile, row.address, row.birth_date) == ("13900000001", "深圳市罗湖区演示路 1 号", date(1991, 5, 6))
    assert row.age(date(2026, 5, 5)) == 34


def test_the_same_number_under_another_name_is_told_masked(who, at):
    register(who("李娜"), at)
    with pytest.raises(Refused) as refused:
        register(who("李娜"), at, name="王大明")
    assert codes(refused) == ["IDENTITY_NAME_DIFFERS"]
    assert "王*明" in str(refused.value)
    assert "王小明" not in str(refused.value)


def test_all_faults_are_told_at_once(who, at):
    with pytest.raises(Refused) as refused:
        register(who("李娜"), at, name="X", id_no=ID[:17] + ("0" if ID[17] != "0" else "1"), mobile="123")
    assert [r.field for r in refused.value.reasons] == ["/name", "/id_no", "/mobile"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"id_no": "44030320300101901X"}, "CN_ID_BIRTH_FUTURE"),
        ({"id_type": "999"}, "ID_TYPE_UNKNOWN"),
        ({"kind": "company", "name": "某公司"}, "ID_TYPE_UNKNOWN"),
        ({"kind": "company", "name": "某公司", "id_type": "001", "id_no": "91440303MA900000X0"}, "USCC_CHECK_DIGIT"),
        ({"birth_date": date(1990, 1, 1)}, "BIRTH_DATE_DIFFERS"),
        ({"name": "王<script>"}, "NAME_CHARACTER"),
        ({"name": "'; DROP TABLE people_party; --"}, "NAME_CHARACTER"),
        ({"name": "王😀"}, "NAME_CHARACTER"),
    ],
)
def test_a_wrong_identity_is_refused_with_its_reason(who, at, wrong, code):
    with pytest.raises(Refused) as refused:
        register(who("李娜"), at, **wrong)
    assert code in codes(refused)


@pytest.mark.parametrize("name", ["𠮷野䶮", "张㛃", "买买提·阿卜杜热合曼·吐尔逊江"])
def test_rare_and_long_names_are_kept_letter_by_letter(party, name):
    assert get_party(party(name)).name == name


def test_foreigners_have_latin_names_and_a_birth_date(who, at):
    party = register(
        who("李娜"), at, name="Ann-Marie O'Neil", id_type="414", id_no="ab1234567", birth_date=date(1980, 2, 3)
    )
    row = get_party(party)
    assert (row.id_no, row.birth_date, row.id_masked) == ("AB1234567", date(1980, 2, 3), "AB*****67")


@pytest.mark.parametrize("name", ["张晓", "陌生人", "周洁", "王强", "石磊", "沈静"])
def test_citizens_and_other_staff_do_not_register_anybody(who, at, name):
    with pytest.raises(Refused) as refused:
        register(who(name), at)
    assert refused.value.status == 403


def test_zhang_xiao_comes_back_to_herself_but_not_to_a_stranger(who, at, party):
    me, other = get_party(party("张晓")), get_party(party("陌生人"))
    assert register(who("张晓"), at, name=me.name, id_no=me.id_no) == me.id
    with pytest.raises(Refused) as refused:
        register(who("张晓"), at, name=other.name, id_no=other.id_no)
    assert refused.value.status == 403


def test_zhang_xiao_changes_how_she_is_reached_the_stranger_does_not(who, at, party):
    update_contact(actor=who("张晓"), party=party("张晓"), mobile="139 0000 0003", at=at)
    assert get_party(party("张晓")).mobile == "13900000003"
    with pytest.raises(Refused):
        update_contact(actor=who("陌生人"), party=party("张晓"), mobile="13900000004", at=at)
    with pytest.raises(NotFound):
        update_contact(actor=who("李娜"), party=new_id(), address="x", at=at)


def test_masks(party):
    zhang = get_party(party("张晓"))
    assert zhang.name_masked == "张*"
    assert zhang.id_masked == "440303********" + zhang.id_no[-4:]
    assert zhang.mobile_masked == "138****0001"
    assert zhang.address_masked == "深圳市罗湖区桂园街道老围社区****"
    child = get_party(party("张小满"))
    assert (child.name_masked, child.id_masked) == ("***", "*" * 18)
    company = get_party(party("深圳演示小店餐饮有限公司"))
    assert company.id_masked == company.id_no
    assert company.name_masked == company.name
    for secret in (zhang.name, zhang.id_no, zhang.mobile, zhang.address):
        assert secret not in repr(zhang)


def test_several_parties_cost_one_statement(party, django_assert_num_queries):
    ids = [party("张晓"), party("陌生人"), new_id()]
    with django_assert_num_queries(1):
        assert set(list_parties(ids)) == set(ids[:2])


def test_nobody_is_found_by_a_number_that_is_not_there():
    assert find_party("111", ID) is None
    with pytest.raises(NotFound):
        get_party(new_id())


def test_personal_data_lies_sealed_in_every_table_of_people(party):
    secrets = []
    for name in ("张晓", "张小满", "买买提·阿卜杜热合曼·吐尔逊江"):
        row = get_party(party(name))
        secrets += [s for s in (row.name, row.id_no, row.mobile, row.address, str(row.birth_date)) if s]
    with connection.cursor() as cursor:
        for table in ("people_party", "people_account", "people_representation", "core_entry", "procrastinate_jobs"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            stored = "\n".join(row[0] for row in cursor.fetchall())
            assert [s for s in secrets if s in stored] == [], table


def test_the_database_keeps_one_party_per_identity(party):
    row = Party.objects.get(id=party("张晓"))
    row.id = new_id()
    with pytest.raises(IntegrityError, match="people_party_identity_once"), transaction.atomic():
        row.save(force_insert=True)
