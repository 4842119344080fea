"""流程迁移 by programs: one editor draws up the map and asks, another reads what would happen and confirms."""

from datetime import timedelta

import pytest
from tests.cases.processes import DOG, WHOLE, publish
from tests.cases.test_moving_processes import MAP, NEWER
from tests.cases.test_process_of_a_case import Run
from tests.web.api.test_api import Caller

AT = f"administration/items/{DOG}/rerouting"


@pytest.fixture
def call(client, demo):
    return lambda username="": Caller(client, demo, username)


@pytest.fixture
def moving(demo, tmp_path, monkeypatch):
    """A case at its first step, and the versions between which it may move."""
    old = publish(tmp_path, monkeypatch, demo.at - timedelta(minutes=2), WHOLE.replace("NEED", "any"))
    run = Run(demo)
    new = publish(tmp_path, monkeypatch, demo.at - timedelta(minutes=1), NEWER)
    return run, {"old": old, "new": new}


def test_a_case_goes_on_by_the_newer_process_when_a_second_editor_has_confirmed_the_map(call, moving):
    run, versions = moving
    editor, second = call("wuqian"), call("wuyue")
    page = editor.get(AT, **versions).json()
    street = next(step for step in page["steps"] if step["id"] == "street")
    assert {"check"} <= {step["id"] for step in street["to"]}
    assert "street" not in page["names"], "no step of this name is left: somebody has to say where it goes"
    assert [(row["number"], row["moves"]) for row in page["items"]] == [(run.number, False)]
    asked = versions | {"numbers": [run.number], "names": MAP}
    tried = editor.post(f"{AT}/try", asked).json()["items"]
    assert [(row["moves"], row["left_out"]) for row in tried] == [(True, [])]
    refused = editor.post(f"{AT}/try", {**asked, "names": {"street": "joint"}}).json()["items"]
    assert refused[0]["stays_because"]
    proposal = editor.post(AT, {**asked, "reason": "机构合并，岗位调整"})
    assert (proposal.status_code, run.held) == (202, {"street": "CGZF.street_review"})
    at = f"administration/proposals/{proposal.json()['id']}"
    confirm = {"mark": second.get(at).json()["mark"]}
    assert editor.post(f"{at}/confirm", confirm).status_code == 403
    assert second.post(f"{at}/confirm", confirm).json()["state"] == "done"
    assert run.held == {"check": "CGZF.review"}
    assert editor.get(AT, **versions).json()["items"] == []


def test_only_editors_move_and_only_what_there_is(call, moving):
    run, versions = moving
    asked = versions | {"numbers": [run.number], "names": MAP, "reason": "岗位调整"}
    for stranger in ("wangqiang", "shilei", "lina", "zhangxiao"):
        assert call(stranger).get(AT, **versions).status_code == 404
        assert call(stranger).post(AT, asked).status_code == 404
    editor = call("wuqian")
    assert editor.post(AT, {**asked, "numbers": ["440303-20261124-N-987654-0"]}).status_code == 404
    assert editor.get(AT, old=versions["new"], new=versions["old"]).status_code == 422
