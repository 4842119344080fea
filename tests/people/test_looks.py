"""谁看过我的数据: each look is written down, with a reason when it was a full one, and the person sees it."""

import pytest
from django.db import DatabaseError, connection, transaction

from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import Refused
from yichuang.notices.queries import list_inbox
from yichuang.people.commands import record_look, unmask
from yichuang.people.models import Look
from yichuang.people.queries import audit_looks, get_party, list_looks

pytestmark = pytest.mark.usefixtures("people")
CASE = "440303-20261124-W-000001-7"


def look(actor, party, at, purpose="intake", fields=("name", "id_no")):
    record_look(actor=actor, party=party, purpose=purpose, fields=fields, case_number=CASE, at=at)


def test_zhang_xiao_sees_that_li_na_looked_where_why_and_for_which_case(who, party, at):
    look(who("李娜"), party("张晓"), at)
    [row] = list_looks(party("张晓"))
    assert (row.viewer, row.unit.zh, row.purpose.zh) == ("李*（LH0001）", "罗湖区政务服务中心", "窗口受理")
    assert [f.en for f in row.fields] == ["identity number", "name"]
    assert (row.case_number, row.unmasked, row.at) == (CASE, False, at)
    assert list_looks(party("陌生人")) == ()


def test_a_reviewer_is_shown_by_department_an_agent_by_masked_name_the_system_as_such(who, party, at):
    look(who("王强"), party("张晓"), at, purpose="review")
    look(who("孙燕"), party("张晓"), at, purpose="agency")
    look(SYSTEM, party("张晓"), at, purpose="registry")
    rows = {(r.viewer, r.unit.zh) for r in list_looks(party("张晓"))}
    assert rows == {("王*（LH0005）", "罗湖区城市管理和综合执法局"), ("孙*", "代理人"), ("", "系统自动比对")}


def test_looking_at_oneself_is_no_look(who, party, at):
    look(who("张晓"), party("张晓"), at)
    assert unmask(actor=who("张晓"), party=party("张晓"), field="id_no", at=at) == get_party(party("张晓")).id_no
    assert not Look.objects.exists()


def test_a_look_costs_one_insert(who, party, at, django_assert_max_num_queries):
    li_na, zhang = who("李娜"), party("张晓")
    with django_assert_max_num_queries(3):  # savepoint, insert, release
        look(li_na, zhang, at)


def test_li_na_sees_a_full_number_only_with_a_reason_and_zhang_xiao_is_told(who, party, at):
    zhang = party("张晓")
    with pytest.raises(Refused) as refused:
        unmask(actor=who("李娜"), party=zhang, field="id_no", reason=" ", at=at)
    assert [r.code for r in refused.value.reasons] == ["REASON_MISSING"]
    assert not Look.objects.exists()
    seen = unmask(actor=who("李娜"), party=zhang, field="id_no", reason="核对户口簿号码", case_number=CASE, at=at)
    assert seen == get_party(zhang).id_no
    [row] = list_looks(zhang)
    assert (row.unmasked, row.reason, row.case_number) == (True, "核对户口簿号码", CASE)
    assert "核对户口簿号码" in list_inbox(zhang)[0].body
    entry = list_entries(Subject("party", zhang))[-1]
    assert (entry.act, dict(entry.detail)) == ("people.unmask", {"field": "id_no"})


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("李娜", True),
        ("赵敏", True),
        ("周洁", True),
        ("王强", True),
        ("陈刚", True),
        ("林小雨", True),
        ("石磊", False),
        ("安宁", False),
        ("沈静", False),
        ("吴倩", False),
        ("邓杰", False),
        ("黄海", False),
        ("陌生人", False),
    ],
)
def test_who_may_see_a_full_value(who, party, at, name, may):
    wanted = {"actor": who(name), "party": party("张晓"), "field": "mobile", "reason": "联系申请人补正", "at": at}
    if may:
        assert unmask(**wanted) == "13800000001"
    else:
        with pytest.raises(Refused) as refused:
            unmask(**wanted)
        assert refused.value.status == 403
    assert Look.objects.count() == may


def test_an_agents_look_is_seen_by_the_principal(who, party, at):
    unmask(actor=who("孙燕"), party=party("深圳演示小店餐饮有限公司"), field="id_no", at=at)
    [row] = list_looks(party("深圳演示小店餐饮有限公司"))
    assert (row.viewer, row.purpose.en) == ("孙*", "acting as agent")


def test_a_field_that_is_not_personal_is_not_unmasked(who, party, at):
    with pytest.raises(Refused) as refused:
        unmask(actor=who("李娜"), party=party("张晓"), field="registered_at", reason="核对登记时间", at=at)
    assert [r.code for r in refused.value.reasons] == ["FIELD_UNKNOWN"]


def test_the_auditor_reads_all_looks_page_by_page_and_nobody_else(who, party, at):
    for name in ("张晓", "陌生人", "王秀英"):
        look(who("李娜"), party(name), at)
    first = audit_looks(who("沈静"), limit=2)
    second = audit_looks(who("沈静"), limit=2, cursor=first.next)
    seen = {row.party for row in first.items + second.items}
    assert seen == {party(n) for n in ("张晓", "陌生人", "王秀英")}
    assert second.next is None
    for name in ("石磊", "安宁", "李娜", "张晓"):
        with pytest.raises(Refused):
            audit_looks(who(name))
    with pytest.raises(Refused):
        audit_looks(who("沈静"), cursor="nonsense")


@pytest.mark.parametrize("change", ["UPDATE people_look SET purpose = 'x'", "DELETE FROM people_look"])
def test_a_look_is_never_undone(who, party, at, change):
    look(who("李娜"), party("张晓"), at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
