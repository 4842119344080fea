"""第二人复核: asked by one holder of a power, confirmed by another, done once through the command with its own checks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from yichuang.cases.commands.move_version import MOVE
from yichuang.catalog.commands import CLOSE, PUBLISH, close_department
from yichuang.core import ledger, second
from yichuang.core.actors import SYSTEM
from yichuang.core.identifiers import synthetic
from yichuang.core.models import Proposal
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network import commands as network
from yichuang.network import queries as places
from yichuang.network.values import DepartmentData, DepartmentKind
from yichuang.notices.queries import list_inbox
from yichuang.people import queries as people
from yichuang.people.commands import GRANT, RENEW, REVOKE, grant_role, revoke_role
from yichuang.people.models import Account, GrantRow, Staff
from yichuang.people.queries import find_account

pytestmark = pytest.mark.demo
CODE = "NEWF"


@pytest.fixture
def organ(demo):
    both = W("新设机关", "New organ")
    data = DepartmentData(
        CODE, synthetic.uscc(907), DepartmentKind.STATUTORY, both, "新设机关", both, both, "0755-1", "0755-2"
    )
    network.save_department(actor=SYSTEM, department=data, at=demo.at)
    return demo


def ask(demo, who="shilei", act=CLOSE, args=None, reason="机构改革", at=None):
    return second.propose(
        actor=demo.actor(who), act=act, args={"code": CODE} if args is None else args, reason=reason, at=at or demo.at
    )


def confirm(demo, proposal, who="chengyuan", *, mark=None, late=None, at=None):
    actor, at = demo.actor(who), at or demo.at
    row = second.get_proposal(actor, proposal, at=at)
    if mark is None:
        mark = second.mark_of(second.preview(actor, row.act, row.args, at=at))
    return second.confirm(actor=actor, proposal=proposal, mark=mark, late=late, at=at)


def no(do, *given, **more):
    with pytest.raises(Refused) as refused:
        do(*given, **more)
    return [reason.code for reason in refused.value.reasons]


def closed():
    return places.get_department(CODE).closed


def test_nobody_does_it_alone_and_two_do_it_once(organ):
    demo = organ
    assert no(close_department, actor=demo.actor("shilei"), code=CODE, at=demo.at) == ["SECOND_NEEDED"]
    assert no(ask, demo, reason=" ") == ["REASON_NEEDED"]
    asked = ask(demo)
    assert ask(demo) == asked, "the same asked twice"
    assert ask(demo, "chengyuan") == asked, "also by the other"
    assert no(confirm, demo, asked, "shilei") == ["SAME_PERSON"]
    assert no(second.decline, actor=demo.actor("shilei"), proposal=asked, note="不行", at=demo.at) == ["SAME_PERSON"]
    assert not closed()
    confirm(demo, asked)
    assert closed()
    assert no(second.confirm, actor=demo.actor("chengyuan"), proposal=asked, mark="", at=demo.at) == ["OVER"]
    row = second.get_proposal(demo.actor("shilei"), asked, at=demo.at)
    assert (row.state, row.asked_name, row.answered_name, row.mine) == ("done", "石磊", "程远", True)
    entry = ledger.list_entries(ledger.Subject("department", places.get_department(CODE).id))[-1]
    assert (entry.actor_name_masked, entry.detail["asked_by"]) == ("程*", "石*")
    assert entry.detail["proposal"] == str(asked)
    acts = [one.act for one in ledger.list_entries(ledger.Subject("proposal", asked))]
    assert acts == ["second.propose", "second.confirm"]
    assert ledger.verify_ledger([]) == []
    Proposal.objects.filter(id=asked).update(asked_name="程远")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_who_has_not_the_power_neither_asks_nor_sees_nor_confirms(organ):
    demo = organ
    for who in ("anning", "wuqian", "lina", "zhangxiao"):
        assert no(ask, demo, who) == ["NOT_ALLOWED"]
    asked = ask(demo)
    for who in ("anning", "wuqian", "lina", "zhangxiao"):
        assert second.list_proposals(demo.actor(who), at=demo.at) == ()
        with pytest.raises(NotFound):
            second.confirm(actor=demo.actor(who), proposal=asked, mark="", at=demo.at)
    with pytest.raises(NotFound):
        ask(demo, act="anything")
    for args in ({}, {"code": "NOBODY"}, {"code": None}):
        with pytest.raises(NotFound):
            ask(demo, args=args)


@pytest.mark.parametrize("args", [{"staff": 5, "role": "x"}, {"staff": [], "role": None}, {"staff": {}, "role": 7}, {}])
def test_arguments_of_another_shape_name_nothing(organ, args):
    with pytest.raises(NotFound):
        second.preview(organ.actor("anning"), GRANT, args, at=organ.at)


def test_it_is_declined_with_the_reason_or_taken_back_and_may_be_asked_anew(organ):
    demo = organ
    asked, chengyuan, shilei = ask(demo), demo.actor("chengyuan"), demo.actor("shilei")
    assert no(second.decline, actor=chengyuan, proposal=asked, note="", at=demo.at) == ["REASON_NEEDED"]
    second.decline(actor=chengyuan, proposal=asked, note="还有事项", at=demo.at)
    assert second.get_proposal(shilei, asked, at=demo.at).note == "还有事项"
    again = ask(demo)
    assert again != asked
    with pytest.raises(NotFound):
        second.withdraw(actor=chengyuan, proposal=again, at=demo.at)
    second.withdraw(actor=shilei, proposal=again, at=demo.at)
    assert no(confirm, demo, again) == ["OVER"]
    assert not closed()
    assert ledger.verify_ledger([]) == []


def test_after_24_hours_it_has_expired_and_says_so(organ):
    demo = organ
    asked, later = ask(demo), demo.at + timedelta(hours=24)
    assert no(confirm, demo, asked, at=later) == ["EXPIRED"]
    assert second.get_proposal(demo.actor("shilei"), asked, at=later).state == "expired"
    again = ask(demo, at=later)
    assert again != asked
    assert ledger.verify_ledger([]) == [], "that time ran out is no act"
    confirm(demo, again, at=later + timedelta(hours=23))
    assert closed()


def test_what_changed_in_between_is_read_again_and_the_command_has_the_last_word(organ):
    demo = organ
    asked = ask(demo)
    read = second.mark_of(second.preview(demo.actor("chengyuan"), CLOSE, {"code": CODE}, at=demo.at))
    network.save_post(
        actor=SYSTEM,
        code=f"{CODE}.review",
        name=W("审查岗", "Reviewer"),
        act=places.list_posts("CGZF")[0].act,
        at=demo.at,
    )
    assert no(confirm, demo, asked, mark=read) == ["CHANGED"]
    network.assign_item(
        actor=SYSTEM, item_code="yangquan-dengji", department=CODE, rule=places.list_assignments(department="CGZF")[0].rule, at=demo.at
    )  # fmt: skip
    assert no(confirm, demo, asked, mark=read) == ["STILL_ANSWERS"]
    assert not closed()
    assert second.get_proposal(demo.actor("shilei"), asked, at=demo.at).state == "waiting", "it may be declined"


def told(demo, who):
    return [row for row in list_inbox(demo.actor(who).id) if row.template.startswith("second_")]


def test_the_other_holders_are_told_once_of_each_proposal_and_nobody_else(organ):
    demo = organ
    asked = ask(demo, reason="张三要求撤销，电话 13800000000")
    ask(demo), ask(demo, "chengyuan")
    (row,) = told(demo, "chengyuan")
    assert (row.template, row.locale) == ("second_asked", "zh-hans")
    assert "撤销部门" in row.body
    assert "13800000000" not in row.body + row.title
    assert [told(demo, who) for who in ("shilei", "anning", "wuqian", "lina")] == [[], [], [], []]
    second.withdraw(actor=demo.actor("shilei"), proposal=asked, at=demo.at)
    assert told(demo, "shilei") == [], "their own act"
    ask(demo)
    assert len(told(demo, "chengyuan")) == 2


def test_whom_it_concerns_is_not_asked_to_confirm_it(demo):
    role = {"staff": str(demo.actor("pinghe").id), "role": "security_admin", "valid_from": "2026-11-24"}
    holders = people.second_holders(GRANT, role, but=demo.actor("anning").id, at=demo.at)
    assert demo.actor("pinghe").id not in holders
    assert people.second_holders(GRANT, {**role, "staff": str(demo.actor("lina").id)}, but=None, at=demo.at)
    assert people.second_holders("dance", {}, but=None, at=demo.at) == ()


def test_who_asked_is_told_what_became_of_it(organ):
    demo, other = organ, organ.actor("chengyuan")
    second.decline(actor=other, proposal=ask(demo), note="还有事项", at=demo.at)
    ask(demo)
    late = demo.at + timedelta(hours=24)
    assert (second.expire(at=late - timedelta(seconds=1)), second.expire(at=late), second.expire(at=late)) == (0, 1, 0)
    ask(demo, at=late)
    again = ask(demo, at=late + timedelta(hours=24))
    confirm(demo, again, at=late + timedelta(hours=25))
    bodies = [row.body for row in told(demo, "shilei")]
    assert [row.template for row in told(demo, "shilei")][::-1] == [
        "second_ended", "second_expired", "second_expired", "second_ended",
    ]  # fmt: skip
    assert ("已复核执行" in bodies[0], "未予同意" in bodies[-1], "还有事项" in bodies[-1]) == (True, True, False)
    assert ledger.verify_ledger([]) == []


def test_a_row_names_what_the_act_is_done_to_while_it_waits_and_when_it_is_over(organ):
    demo = organ
    asked = ask(demo)
    confirm(demo, asked)
    seen = demo.actor("shilei")
    assert second.get_proposal(seen, asked, at=demo.at).about.zh == "新设机关（NEWF）"
    lina = demo.actor("lina").id
    role = {"staff": str(lina), "role": "security_auditor", "valid_from": "2026-11-24"}
    made = confirm(demo, ask(demo, "anning", GRANT, role), "pinghe")["id"]
    taken = ask(demo, "anning", REVOKE, {"staff": str(lina), "grant": made})
    confirm(demo, taken, "pinghe")
    rows = {row.act: row.about for row in second.list_proposals(demo.actor("pinghe"), at=demo.at)}
    assert rows[GRANT] == rows[REVOKE]
    assert (rows[REVOKE].zh.startswith("李娜（"), rows[REVOKE].zh.endswith("：安全审计员")) == (True, True)
    publish = {"item": "yangquan-dengji", "digest": "0" * 64, "effective_at": "", "version": 9}
    assert second.about(PUBLISH, publish).zh.endswith("，第 9 版")
    assert second.about(PUBLISH, {**publish, "item": "nobody-knows"}).en == "nobody-knows, version 9"
    moved = {"item": "yangquan-dengji", "old": 1, "new": 2, "numbers": ["a", "b"]}
    assert "version 1 → version 2, cases: 2" in second.about(MOVE, moved).en
    for act, args in ((CLOSE, {"code": "GONE"}), (CLOSE, {}), (GRANT, {"staff": "x"}), ("dance", {})):
        assert second.about(act, args).zh == ""


def test_an_administrator_is_made_and_unmade_by_two_others(demo):
    lina = demo.actor("lina").id
    role = {"staff": str(lina), "role": "security_auditor", "valid_from": "2026-11-24"}
    assert no(grant_role, actor=demo.actor("anning"), staff=lina, role="security_auditor", at=demo.at) == [
        "SECOND_NEEDED"
    ]
    assert no(ask, demo, "anning", GRANT, {**role, "role": "king"}) == ["ROLE_UNKNOWN"]
    made = confirm(demo, ask(demo, "anning", GRANT, role), "pinghe")["id"]
    grant = GrantRow.objects.get(id=made)
    assert (grant.role, grant.staff_id) == ("security_auditor", lina)
    assert no(revoke_role, actor=demo.actor("pinghe"), grant=grant.id, at=demo.at) == ["SECOND_NEEDED"]
    asked = ask(demo, "pinghe", REVOKE, {"staff": str(lina), "grant": made})
    confirm(demo, asked, "anning")
    assert GrantRow.objects.get(id=made).revoked_at == demo.at
    for act, args in ((GRANT, {**role, "staff": str(demo.actor("anning").id)}), (RENEW, {"staff": str(demo.actor("anning").id), "roles": ["security_admin"]})):  # fmt: skip
        assert no(ask, demo, "anning", act, args) == ["GRANT_TO_ONESELF"]
    revoke_role(actor=demo.actor("anning"), grant=GrantRow.objects.get(staff=lina, revoked_at=None).id, at=demo.at)


def test_a_password_of_an_administrator_is_chosen_at_the_confirmation_and_kept_nowhere(demo):
    owner = Staff.objects.get(account__username="shenjing")
    args = {"staff": str(owner.id), "roles": ["security_auditor"]}
    asked = ask(demo, "anning", RENEW, args)
    assert no(confirm, demo, asked, "pinghe", late={"password": "short"}) == ["PASSWORD_LENGTH", "PASSWORD_TOO_PLAIN"]
    confirm(demo, asked, "pinghe", late={"password": "qmzt-8kfp-3xwc-h7rn"})
    assert Account.objects.get(id=owner.account_id).must_change
    assert "qmzt" not in str(Proposal.objects.values_list("args", flat=True))
    crafted = {"staff": str(owner.id), "roles": ["intake_clerk"]}
    assert no(ask, demo, "shilei", RENEW, crafted) == ["NOT_ALLOWED"], "whose office it is says the book, not the form"


def test_what_somebody_asked_for_ends_with_their_account_and_their_role(organ):
    from yichuang.people.commands import disable_account

    demo = organ
    asked = ask(demo)
    disable_account(actor=demo.actor("chengyuan"), account=find_account("shilei"), at=demo.at)
    assert second.get_proposal(demo.actor("chengyuan"), asked, at=demo.at).state == "withdrawn"


def test_the_database_knows_that_they_are_two(organ):
    asked = ask(organ)
    row = Proposal.objects.get(id=asked)
    with pytest.raises(IntegrityError, match="core_proposal_by_two"), transaction.atomic():
        Proposal.objects.filter(id=asked).update(state="done", answered_by=row.asked_by, answered_at=organ.at)


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_the_same_moment_and_it_is_done_once(organ):
    demo = organ
    both = {"role": "system_admin", "staff": str(demo.actor("dengjie").id)}
    confirm(demo, ask(demo, "anning", GRANT, both), "pinghe")
    asked = ask(demo)
    mark = second.mark_of(second.preview(demo.actor("chengyuan"), CLOSE, {"code": CODE}, at=demo.at))

    def press(who):
        try:
            second.confirm(actor=demo.actor(who), proposal=asked, mark=mark, at=demo.at)
        except Refused as refused:
            return refused.reasons[0].code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, ("chengyuan", "dengjie"))) == ["OVER", "done"]
    entries = ledger.list_entries(ledger.Subject("department", places.get_department(CODE).id))
    assert [entry.act for entry in entries].count("network.department_closed") == 1
