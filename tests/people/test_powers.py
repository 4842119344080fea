"""Powers: who has which, who gives them, and that they are gone at the next request."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.people.conftest import PASSWORD

from yichuang.core import roles
from yichuang.core.actors import Channel, anonymous
from yichuang.core.asked import stands_for
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import NotFound, Refused
from yichuang.network.queries import get_department, get_place
from yichuang.notices.queries import list_inbox
from yichuang.people import permissions
from yichuang.people.commands import (
    GRANT,
    RENEW,
    assign_post,
    disable_account,
    enable_account,
    end_post,
    grant_role,
    issue_token,
    open_account,
    open_staff_account,
    register_party,
    renew_password,
    revoke_role,
    sign_in_password,
)
from yichuang.people.models import Account, GrantRow, Posting, Staff
from yichuang.people.queries import actor_for_account, actor_for_token, list_grants

pytestmark = pytest.mark.usefixtures("people")
EVERYBODY = [
    "张晓",
    "李娜",
    "赵敏",
    "周洁",
    "陈刚",
    "王强",
    "马丽",
    "黄海",
    "吴倩",
    "邓杰",
    "林小雨",
    "石磊",
    "安宁",
    "沈静",
]


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


# ── the actor of a request ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["张晓", "孙燕", "李娜", "王强", "石磊"])
def test_an_actor_costs_at_most_three_statements(name, account, at):
    who = account(name)
    with CaptureQueriesContext(connection) as queries:
        actor_for_account(who, Channel.PORTAL, at=at)
    assert len(queries) <= 3
    bearer = issue_token(account=who, at=at)
    with CaptureQueriesContext(connection) as queries:
        actor_for_token(bearer, at=at)
    assert len(queries) <= 3


def test_li_na_is_intake_clerk_of_the_district_hall_and_nowhere_else(who):
    li_na = who("李娜")
    assert li_na.has(roles.INTAKE_CLERK, place=get_place("LH").id)
    assert not li_na.has(roles.INTAKE_CLERK, place=get_place("LH-S01").id)
    assert (li_na.place, li_na.window, li_na.posts) == (get_place("LH").id, "1", {"WINDOW.receive"})


def test_zhao_min_works_in_another_hall(who):
    assert not who("赵敏").has(roles.INTAKE_CLERK, place=get_place("LH").id)


def test_wang_qiang_reviews_for_his_department(who):
    wang = who("王强")
    assert wang.posts == {"CGZF.street_review", "CGZF.review"}
    assert wang.has(roles.REVIEWER, department=get_department("CGZF").id)
    assert not wang.has(roles.REVIEWER, department=get_department("RLZY").id)


def test_huang_hai_supervises_the_whole_district(who):
    huang = who("黄海")
    assert huang.has(roles.SUPERVISOR, place=get_place("LH-S01").id, department=get_department("RLZY").id)


def test_nobody_stands_at_a_place_that_no_grant_covers(account, at):
    other = get_place("LH-S01").id
    assert actor_for_account(account("李娜"), Channel.COUNTER, other, at=at).place == get_place("LH").id
    assert actor_for_account(account("黄海"), Channel.COUNTER, other, at=at).place == other


def test_a_revoked_role_is_gone_at_the_next_request_session_and_token_too(account, who, at):
    session = sign_in_password(username="lina", password=PASSWORD, address="192.0.2.1", at=at)
    bearer = issue_token(account=session.account, at=at)
    anning, li_na = who("安宁"), who("李娜")
    [grant] = list_grants(anning, li_na.id)
    revoke_role(actor=anning, grant=grant.id, at=at)
    assert who("李娜").roles == frozenset()
    assert actor_for_account(session.account, Channel.COUNTER, at=at, stamp=session.stamp).kind == "anonymous"
    with pytest.raises(Refused):
        actor_for_token(bearer, at=at)
    revoke_role(actor=anning, grant=grant.id, at=at)
    acts = [e.act for e in list_entries(Subject("staff", li_na.id))]
    assert acts.count("people.revoke_role") == 1


def test_a_role_counts_only_in_its_days(account, who, at):
    li_na = who("李娜")
    grant_role(
        actor=who("安宁"),
        staff=li_na.id,
        role=roles.SUPERVISOR,
        valid_from=date(2026, 12, 1),
        valid_to=date(2026, 12, 2),
        at=at,
    )

    def held(day):
        moment = at + timedelta(days=(day - date(2026, 11, 24)).days)
        return roles.SUPERVISOR in actor_for_account(account("李娜"), Channel.COUNTER, at=moment).roles

    assert [held(date(2026, 11, 30)), held(date(2026, 12, 1)), held(date(2026, 12, 2)), held(date(2026, 12, 3))] == [
        False,
        True,
        True,
        False,
    ]


def test_a_post_is_taken_and_left(account, who, at):
    anning, li_na = who("安宁"), who("李娜")
    assign_post(actor=anning, staff=li_na.id, post="RLZY.review", at=at)
    assert "RLZY.review" in who("李娜").posts
    with pytest.raises(Refused) as twice:
        assign_post(actor=anning, staff=li_na.id, post="RLZY.review", at=at)
    assert codes(twice) == ["POST_HELD"]
    end_post(actor=anning, staff=li_na.id, post="RLZY.review", at=at)
    assert "RLZY.review" not in who("李娜").posts
    with pytest.raises(Refused) as unknown:
        assign_post(actor=anning, staff=li_na.id, post="NOPE.review", at=at)
    assert codes(unknown) == ["POST_UNKNOWN"]


def test_a_closed_account_is_nobody_at_the_next_request(account, who, at):
    disable_account(actor=who("石磊"), account=account("王强"), at=at)
    wang = Staff.objects.get(name="王强").account_id
    assert actor_for_account(wang, Channel.COUNTER, at=at).kind == "anonymous"
    enable_account(actor=who("石磊"), account=wang, at=at)
    assert actor_for_account(wang, Channel.COUNTER, at=at).kind == "staff"


def test_an_account_that_does_not_exist_is_nobody(at):
    assert actor_for_account(new_id(), Channel.PORTAL, at=at).kind == "anonymous"


# ── 三员分立 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_three_administrators_exclude_each_other(who, at):
    with pytest.raises(Refused) as refused, stands_for(GRANT):
        grant_role(actor=who("安宁"), staff=who("石磊").id, role=roles.SECURITY_AUDITOR, at=at)
    assert codes(refused) == ["ADMINISTRATORS_EXCLUDE"]


def test_the_database_excludes_them_too(who, at):
    row = {"staff_id": who("石磊").id, "valid_from": date(2026, 1, 1), "granted_at": at}
    with pytest.raises(IntegrityError, match="people_grant_three_administrators"), transaction.atomic():
        GrantRow.objects.create(role=roles.SECURITY_AUDITOR, **row)


def test_nobody_grants_to_themselves(who, at):
    anning = who("安宁")
    with pytest.raises(Refused) as refused:
        grant_role(actor=anning, staff=anning.id, role=roles.SUPERVISOR, at=at)
    assert codes(refused) == ["GRANT_TO_ONESELF"]
    with pytest.raises(Refused):
        assign_post(actor=anning, staff=anning.id, post="RLZY.decide", at=at)
    [own] = list_grants(anning, anning.id)
    with pytest.raises(Refused):
        revoke_role(actor=anning, grant=own.id, at=at)
    with pytest.raises(IntegrityError, match="people_grant_not_to_oneself"), transaction.atomic():
        GrantRow.objects.create(
            staff_id=anning.id,
            granted_by_id=anning.id,
            role=roles.SUPERVISOR,
            valid_from=date(2026, 1, 1),
            granted_at=at,
        )


def test_the_system_administrator_does_not_close_their_own_account(account, who, at):
    with pytest.raises(Refused) as refused:
        disable_account(actor=who("石磊"), account=account("石磊"), at=at)
    assert codes(refused) == ["OWN_ACCOUNT"]


CHECKS = {
    "grant": (permissions.can_grant, {"安宁"}),
    "manage staff": (permissions.can_manage_staff, {"石磊"}),
    "read logs": (permissions.can_read_logs, {"沈静"}),
    "register": (permissions.can_register, {"李娜", "赵敏", "陈刚", "马丽", "林小雨"}),
    "open account": (permissions.can_open_account, {"李娜", "赵敏", "陈刚", "马丽", "林小雨", "石磊"}),
}


@pytest.mark.parametrize("act", CHECKS)
def test_only_the_named_people_may(act, who):
    check, allowed = CHECKS[act]
    assert {name for name in EVERYBODY if check(who(name))} == allowed
    assert not check(anonymous(channel=Channel.PORTAL))


def test_commands_ask_the_same_checks(who, at):
    li_na, shilei, anning, zhang = who("李娜"), who("石磊"), who("安宁"), who("张晓")
    for actor in (li_na, shilei, zhang):
        with pytest.raises(Refused) as refused:
            grant_role(actor=actor, staff=who("王强").id, role=roles.SUPERVISOR, at=at)
        assert refused.value.status == 403
        with pytest.raises(Refused):
            list_grants(actor, who("王强").id)
    for actor in (li_na, anning, zhang):
        with pytest.raises(Refused) as refused:
            new_staff(actor, at)
        assert refused.value.status == 403


# ── opening accounts ──────────────────────────────────────────────────────────────────────────────────────────────


def new_staff(actor, at, **more):
    wanted = {"username": "xinren", "name": "新人", "staff_no": "LH9001", "password": "first-word-2026", **more}
    return open_staff_account(actor=actor, at=at, **wanted)


def test_a_new_member_of_staff_has_no_powers_and_must_change_the_password(who, at):
    new_staff(who("石磊"), at)
    session = sign_in_password(username="xinren", password="first-word-2026", address="192.0.2.1", at=at)
    assert session.must_change
    actor = actor_for_account(session.account, Channel.COUNTER, at=at)
    assert (actor.kind, actor.grants, actor.posts) == ("staff", frozenset(), frozenset())


def test_taken_names_and_numbers_are_all_told_at_once(who, at):
    with pytest.raises(Refused) as refused:
        new_staff(who("石磊"), at, username="LiNa", staff_no="LH0001", phone="138 0000 0001")
    assert codes(refused) == ["USERNAME_TAKEN", "PHONE_TAKEN", "STAFF_NO_TAKEN"]


def test_li_na_opens_an_account_for_a_walk_in_who_signs_in_by_code(who, at):
    walk_in = register_party(
        actor=who("李娜"), kind="person", name="王小明", id_type="111", id_no="44030319900101901X", at=at
    )
    opened = open_account(actor=who("李娜"), party=walk_in, phone="13900000000", at=at)
    assert actor_for_account(opened, Channel.PORTAL, at=at).id == walk_in
    with pytest.raises(Refused) as refused:
        open_account(actor=who("李娜"), party=walk_in, phone="13900000000", at=at)
    assert codes(refused) == ["PHONE_TAKEN", "ACCOUNT_EXISTS"]
    with pytest.raises(NotFound):
        open_account(actor=who("李娜"), party=new_id(), phone="13900000002", at=at)


def test_posts_survive_as_rows_after_they_end(who, at):
    end_post(actor=who("安宁"), staff=who("王强").id, post="CGZF.review", at=at)
    assert Posting.objects.filter(staff__name="王强", post="CGZF.review").get().ended_at == at


# ── passwords renewed by another ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("owner", "may"),
    [("李娜", {"石磊"}), ("石磊", {"安宁"}), ("沈静", {"安宁"}), ("安宁", {"沈静"})],
)
def test_no_administrator_renews_the_password_of_an_office_that_watches_them(owner, may, who, at):
    """三员分立: who could set another's password could sign in as them and hold two of the three offices."""
    one = Staff.objects.get(id=who(owner).id)
    for name in ("石磊", "安宁", "沈静", "李娜"):
        actor, before = who(name), Account.objects.get(id=one.account_id).password
        if name == owner or name not in may:
            with pytest.raises(Refused) as refused:
                renew_password(actor=actor, staff=one.id, password="fresh-word-2026", at=at)
            assert refused.value.status == 403
            assert Account.objects.get(id=one.account_id).password == before
        else:
            with stands_for(RENEW):
                renew_password(actor=actor, staff=one.id, password=f"fresh-word-{len(before)}", at=at)
            assert Account.objects.get(id=one.account_id).must_change
            message = next(m for m in list_inbox(one.id) if m.template == "password_renewed")
            assert roles.WORDS[next(iter(actor.roles))].zh in message.body


def test_an_office_that_begins_tomorrow_is_kept_apart_today(who, at):
    security, li_na = who("安宁"), who("李娜")
    tomorrow = at.date() + timedelta(days=1)
    with stands_for(GRANT):
        grant_role(actor=security, staff=li_na.id, role=roles.SECURITY_AUDITOR, valid_from=tomorrow, at=at)
    with pytest.raises(Refused):
        renew_password(actor=who("石磊"), staff=li_na.id, password="fresh-word-2026", at=at)
