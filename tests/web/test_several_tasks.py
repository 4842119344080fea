"""批量办理: several tasks at once from the desk's list and by the API; each is judged by itself."""

import pytest
from tests.web.api.test_api import Caller
from tests.web.test_office import Desk

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.batch import MOST, Chosen, act_on_tasks
from yichuang.cases.queries import list_tasks
from yichuang.core.clock import fixed
from yichuang.core.ids import new_id
from yichuang.core.refusals import Refused
from yichuang.people.cast import PASSWORD


@pytest.fixture
def wang(client, demo):
    with fixed(demo.at):
        client.post("/sign-in", {"username": "wangqiang", "password": PASSWORD})
    return Desk(client, demo.at)


@pytest.fixture
def three(demo):
    """Three cases under review, each with its own dog."""
    for n in range(3):
        form = {"dog": {**demo.example("yangquan-dengji").form["dog"], "chip": f"98500000000000{n}"}}
        receipt = demo.file(demo.actor("zhangxiao"), form=form)
        accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return waiting(demo)


def waiting(demo):
    return list_tasks(demo.actor("wangqiang"), at=demo.at).items


def ticks(rows):
    return [f"{row.task.id}:{row.case.version}:{row.case.number}" for row in rows]


def test_what_is_ticked_is_claimed_then_agreed_to_and_goes_on(demo, wang, three):
    page = wang.get("/office/").content.decode()
    assert page.count('form="several"') == 3
    told = wang.post("/office/tasks/", step="claim", task=ticks(three))
    assert told["location"] == "/office/"
    assert "已领取 3 项任务" in wang.get("/office/").content.decode()
    mine = waiting(demo)
    assert {row.task.claimed_by for row in mine} == {demo.actor("wangqiang").id}
    wang.post("/office/tasks/", step="agree", opinion="材料齐全", task=ticks(mine[:2]), state="claimed")
    assert [row.case.number for row in waiting(demo)] == [mine[2].case.number]
    wang.post("/office/tasks/", step="return", opinion="请假", task=ticks(waiting(demo)))
    assert waiting(demo)[0].task.claimed_by is None


def test_what_one_refuses_holds_up_no_other_and_says_why(demo, wang, three):
    stale = ticks(three[:1])[0].replace(f":{three[0].case.version}:", ":1:")
    wang.post("/office/tasks/", step="claim", task=[stale, *ticks(three[1:])])
    page = wang.get("/office/").content.decode()
    assert "已领取 2 项任务" in page
    assert f"{three[0].case.number}：" in page
    assert sum(row.task.claimed_by is not None for row in waiting(demo)) == 2


def test_pressed_twice_nothing_is_done_twice(demo, wang, three):
    asked = ticks(three)
    wang.post("/office/tasks/", step="claim", task=asked)
    before = [(row.case.number, row.case.version) for row in waiting(demo)]
    wang.post("/office/tasks/", step="claim", task=asked)
    assert [(row.case.number, row.case.version) for row in waiting(demo)] == before


@pytest.mark.parametrize("sent", [{"step": "claim"}, {"step": "grant"}, {"step": "claim", "task": ["x", "1:2:3"]}])
def test_a_form_without_ticks_or_with_another_act_changes_nothing(demo, wang, three, sent):
    ticked = {"task": ticks(three)} if sent["step"] == "grant" else {}
    assert wang.post("/office/tasks/", **{**ticked, **sent}).status_code == 302
    assert all(row.task.claimed_by is None for row in waiting(demo))


def test_others_tasks_are_not_there(demo, three):
    asked = [Chosen(row.task.id, row.case.version) for row in three]
    found = act_on_tasks(actor=demo.actor("sunli"), step="claim", tasks=[*asked, Chosen(new_id(), 1)], at=demo.at)
    assert {one.reasons[0].code for one in found} == {"NOT_FOUND"}
    assert all(one.head is None for one in found)


def test_too_many_are_refused_before_anything_is_done(demo, three):
    asked = [Chosen(row.task.id, row.case.version) for row in three] + [Chosen(new_id(), 1) for _ in range(MOST)]
    with pytest.raises(Refused) as refused:
        act_on_tasks(actor=demo.actor("wangqiang"), step="claim", tasks=asked, at=demo.at)
    assert refused.value.reasons[0].code == "TOO_MANY"
    assert all(row.task.claimed_by is None for row in waiting(demo))


def test_a_program_is_told_of_each(client, demo, three):
    caller = Caller(client, demo, "wangqiang")
    asked = [{"id": str(row.task.id), "version": row.case.version} for row in three]
    asked[0]["version"] = 1
    told = caller.post("tasks", {"step": "claim", "tasks": asked}).json()["items"]
    assert [one["case"] is None for one in told] == [True, False, False]
    assert told[0]["reasons"][0]["code"]
    assert caller.post("tasks", {"step": "decide", "tasks": asked}).status_code == 422
