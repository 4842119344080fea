"""A department that is closed takes on nothing new; it cannot be closed while anything is still to come to it."""

from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connections

from yichuang.catalog.commands import CLOSE, close_department, publish_pack, try_pack, withdraw_pack
from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Channel, Grant
from yichuang.core.asked import stands_for
from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network import commands, queries
from yichuang.network.models import Authorisation, ItemAssignment
from yichuang.network.values import AssignmentRule, PostAct
from yichuang.people.commands import open_staff_account

ADMIN = Actor(
    "staff", new_id(), "石磊", frozenset({Grant(roles.SYSTEM_ADMIN, None, None)}), frozenset(), frozenset(), Channel.COUNTER
)  # fmt: skip
OTHERS = ("GAFJ", "CGZF")  # a department with items, and another


def codes(refused):
    return {reason.code for reason in refused.value.reasons}


def emptied(code, at):
    """Everything of the department given away: what has to happen before it is closed."""
    ItemAssignment.objects.filter(department__code=code).delete()
    Authorisation.objects.filter(department__code=code).update(
        valid_to=local_date(at) - timedelta(days=1), valid_from="2020-01-01"
    )


@pytest.mark.demo
def test_what_is_still_to_come_to_it_is_named_all_at_once(demo):
    with pytest.raises(Refused) as refused, stands_for(CLOSE):
        close_department(actor=ADMIN, code="CGZF", at=demo.at)
    assert codes(refused) == {"STILL_ANSWERS", "STILL_AUTHORISES", "STILL_PUBLISHED"}
    assert "养犬登记" in str([reason.words.zh for reason in refused.value.reasons])
    assert not queries.get_department("CGZF").closed


@pytest.mark.demo
def test_a_closed_department_takes_on_nothing_and_can_be_opened_again(demo):
    at = demo.at
    emptied("GDGS", at)
    with stands_for(CLOSE):
        close_department(actor=ADMIN, code="GDGS", at=at)
    with stands_for(CLOSE):
        close_department(actor=ADMIN, code="GDGS", at=at)
    row = queries.get_department("GDGS")
    assert row.closed
    assert row not in queries.list_open_departments()
    place = queries.get_place("LH").id
    tries = (
        lambda: commands.assign_item(actor=ADMIN, item_code="yangquan-dengji", department="GDGS", rule=AssignmentRule.DISTRICT, at=at),
        lambda: commands.save_post(actor=ADMIN, code="GDGS.more", name=W("岗", "Post"), act=PostAct.REVIEW, at=at),
        lambda: commands.grant_authorisation(actor=SYSTEM, department=row.id, place=place, valid_from=local_date(at), valid_to=None, seal_name="章", at=at),
        lambda: open_staff_account(actor=ADMIN, username="somebody", name="某人", staff_no="X9", password="qmzt-8kfp-3xwc", department=row.id, at=at),
    )  # fmt: skip
    for attempt in tries:
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == {"DEPARTMENT_CLOSED"}
    commands.reopen_department(actor=ADMIN, code="GDGS", at=at)
    tries[0]()
    assert queries.list_assignments(department="GDGS")[0].item_code == "yangquan-dengji"


@pytest.mark.demo
def test_only_the_system_administrator_and_only_what_is_there(demo):
    for act in (close_department, commands.close_department, commands.reopen_department):
        with pytest.raises(Refused) as refused:
            act(actor=demo.actor("wuqian"), code="GDGS", at=demo.at)
        assert refused.value.kind == "forbidden"
        with pytest.raises(NotFound), stands_for(CLOSE):
            act(actor=ADMIN, code="NOBODY", at=demo.at)


@pytest.mark.demo
def test_no_pack_of_a_closed_department_is_published(demo, settings, tmp_path):
    from tests.packs_aside import NEWER, copied

    root = copied(tmp_path)
    folder = next(root.glob(f"*/{NEWER}"))
    trial = try_pack(folder)
    assert trial.pack is not None
    code = trial.pack.department
    from yichuang.catalog.models import ItemVersion

    for item in ItemVersion.objects.filter(department=code).order_by("code").values_list("code", flat=True).distinct():
        withdraw_pack(code=item, actor=SYSTEM, at=demo.at)
    emptied(code, demo.at)
    with stands_for(CLOSE):
        close_department(actor=ADMIN, code=code, at=demo.at)
    with pytest.raises(Refused) as refused:
        publish_pack(folder=folder, actor=SYSTEM, at=demo.at)
    assert codes(refused) == {"DEPARTMENT_CLOSED"}


@pytest.mark.demo
def test_nobody_publishes_for_a_department_while_it_is_being_closed(demo, tmp_path):
    from tests.packs_aside import NEWER, copied

    tried = "SELECT pg_try_advisory_xact_lock{}(hashtextextended('catalog:department:{}', 0))"

    def free(how, code):
        with closing(connections["default"].copy()) as another, another.cursor() as other:
            other.execute(tried.format(how, code))
            return other.fetchone()[0]

    emptied("GDGS", demo.at)
    with stands_for(CLOSE):
        close_department(actor=ADMIN, code="GDGS", at=demo.at)
    assert not free("_shared", "GDGS")
    folder = next(copied(tmp_path).glob(f"*/{NEWER}"))
    code = try_pack(folder).pack.department
    publish_pack(folder=folder, actor=SYSTEM, at=demo.at)
    assert not free("", code)
    assert free("_shared", code)  # publishers do not wait for each other
