"""Rule sets, rehearsals, shared bases and tables for programs: what two do together is done by two programs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cases.judged import ITEM, a_recheck, a_rehearsal, from_the_beginning, judged
from tests.tenants import things
from tests.web.api.recipes_rules import ROWS, WITH_ROUTE
from tests.web.api.test_api import Caller

from yichuang.cases.models import Recheck
from yichuang.core.clock import fixed
from yichuang.people.models import Look
from yichuang.people.queries import get_party
from yichuang.registry.models import SharedBatch

AT = f"administration/rule-sets/{ITEM}"


@pytest.fixture
def call(client, demo):
    return lambda username="": Caller(client, demo, username)


def confirmed(caller, proposal):
    """By a program of another holder of the power, who read what would happen."""
    at = f"administration/proposals/{proposal}"
    return caller.post(f"{at}/confirm", {"mark": caller.get(at).json()["mark"]})


def test_a_rule_set_is_let_decide_alone_by_two_and_stopped_by_one(call, demo):
    sha = from_the_beginning(demo)
    judged(demo, 298, at=demo.at - timedelta(days=30))
    asks, second = call("tangmin"), call("chengang")
    page = asks.get(AT).json()
    assert (page["mode"], page["evidence"]["compared"], page["evidence"]["needed"]) == ("shadow", 298, 1)
    assert [(line["verdict"], line["counts"]) for line in page["matrix"] if not line["code"]] == [
        ("approve", {"granted": 298}),
        ("person", {}),
    ]
    said = {"sha": sha, "reason": "比对已经达到标准"}
    assert asks.post(f"{AT}/let-decide-alone", said).status_code == 409, "one is missing"
    judged(demo, 1, at=demo.at - timedelta(days=30))
    asked = asks.post(f"{AT}/let-decide-alone", said)
    assert (asked.status_code, asks.get(AT).json()["mode"]) == (202, "shadow")
    assert confirmed(asks, asked.json()["id"]).status_code == 403, "who asked does not confirm"
    assert confirmed(second, asked.json()["id"]).json()["state"] == "done"
    assert asks.get(AT).json()["mode"] == "alone"
    off = call("tangmin").post(f"{AT}/switch-off", {"sha": sha, "reason": "规则要改"}).json()
    assert (off["mode"], off["reason"]["zh"]) == ("off", "规则要改")
    assert asks.post(f"{AT}/compare-again", {"sha": sha}).json()["mode"] == "shadow"
    assert asks.post(f"{AT}/percent", {"sha": sha, "percent": 12.5}).json()["percent"] == "12.5"
    assert asks.post(f"{AT}/percent", {"sha": sha, "percent": "12.505"}).status_code == 422
    assert len(asks.get(AT).json()["history"]) >= 4


def test_only_who_answers_for_rule_sets_finds_them(call, demo):
    from_the_beginning(demo)
    judged(demo, 2, "denied")
    behind = {"verdict": "approve", "outcome": "denied"}
    assert [row["visible"] for row in call("tangmin").get(f"{AT}/cases", **behind).json()["items"]] == [True, True]
    assert [row["visible"] for row in call("wuqian").get(f"{AT}/cases", **behind).json()["items"]] == [False, False]
    assert call("tangmin").get(f"{AT}/cases", verdict="approve", outcome="?").status_code == 422
    assert ITEM in {row["item"] for row in call("tangmin").get("administration/rule-sets").json()["items"]}
    for stranger in ("zhangxiao", "lina", "shilei"):
        assert call(stranger).get(AT).status_code == 404


def test_a_re_check_is_read_blind_and_answered_once(call, demo):
    draw = str(a_recheck(demo))
    reviewer, at = call("luobin"), f"rechecks/{draw}"
    waiting = reviewer.get("rechecks").json()["waiting"]
    assert [(row["id"], row["number"], row["verdict"]) for row in waiting] == [(draw, "", "")]
    page = reviewer.get(at)
    told = page.json()
    case = Recheck.objects.get(id=draw).decision.case
    party = get_party(case.applicant_id)
    assert (told["number"], told["state"]) == ("", "open")
    for hidden in (case.number, party.id_no, party.name, "approve"):
        assert hidden not in page.content.decode()
    assert {one["code"] for one in told["kinds"]} >= {"occupied"}
    assert Look.objects.filter(party=party.id, purpose="recheck", viewer_staff=demo.actor("luobin").id).exists()
    said = {"verdict": "not", "reasons": "经营场所是住宅", "found": ["occupied"]}
    assert reviewer.post(f"{at}/answer", {**said, "reasons": ""}).status_code == 422
    assert reviewer.post(f"{at}/answer", said).json() == {"stopped": False}
    assert [row["number"] for row in reviewer.get("rechecks").json()["done"]] == [case.number]
    late = call("shenjie").post(f"{at}/answer", said)
    assert (late.status_code, late.json()["change"]["who"]) == (409, "罗斌")
    for stranger in ("wangqiang", "huanghai", "lina", "zhangxiao"):
        assert call(stranger).get(at).status_code == 404
        assert call(stranger).post(f"{at}/answer", said).status_code == 404


def test_one_value_on_a_re_check_is_told_for_a_reason_that_the_person_reads(call, demo):
    draw = a_recheck(demo)
    reviewer, at = call("luobin"), f"rechecks/{draw}/unmask"
    party = get_party(Recheck.objects.get(id=draw).decision.case.applicant_id)
    assert reviewer.post(at, {"field": "id_no", "reason": ""}).status_code == 422
    told = reviewer.post(at, {"field": "id_no", "reason": "核对身份证号码"})
    assert told.json() == {"field": "id_no", "value": party.id_no}
    look = Look.objects.get(party=party.id, unmasked=True, viewer_staff=demo.actor("luobin").id)
    assert look.reason == "核对身份证号码"
    for stranger in ("wangqiang", "huanghai", "lina", "zhangxiao"):
        assert call(stranger).post(at, {"field": "id_no", "reason": "看看"}).status_code == 404


def test_who_let_the_rules_decide_alone_is_told_by_the_program_that_they_re_check_nothing(call, demo):
    sha = from_the_beginning(demo)
    judged(demo, 299, at=demo.at - timedelta(days=30))
    asks, second = call("tangmin"), call("chengang")
    asked = asks.post(f"{AT}/let-decide-alone", {"sha": sha, "reason": "比对已经达到标准"})
    assert confirmed(second, asked.json()["id"]).status_code == 200
    draw = a_recheck(demo)
    assert asks.get(f"rechecks/{draw}").status_code == 403
    refused = asks.post(f"rechecks/{draw}/answer", {"verdict": "grant"})
    assert [one["code"] for one in refused.json()["reasons"]] == ["OWN_TABLE"]


def test_a_rehearsal_tells_which_cases_would_change_and_gives_them_as_a_file(call, demo):
    judged(demo, 3, "denied", inputs={"identity": "same"})
    editor, at = call("wuqian"), f"{AT}/rehearsals"
    asked = str(a_rehearsal(demo))
    page = editor.get(f"{at}/{asked}").json()
    assert (page["state"], page["total"], page["changed"], len(page["cases"])) == ("done", 3, 3, 3)
    assert page["cases"][0]["outcome"] == "denied"
    assert editor.get(at).json()["items"][0]["id"] == asked
    assert editor.get(f"{at}/{asked}", way="person-approve").json()["cases"] == []
    lines = editor.get(f"{at}/{asked}/file").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert editor.get(f"{at}/{asked}/file", format="xlsx").content[:2] == b"PK"
    assert call("tangmin").get(f"{at}/{asked}").status_code == 404


def test_a_rehearsal_that_still_runs_is_the_same_when_it_is_asked_for_again(call, demo):
    editor, at = call("wuqian"), f"{AT}/rehearsals"
    first, again = editor.post(at), editor.post(at)
    assert (first.status_code, first.json()) == (202, again.json())
    assert editor.get(f"{at}/{first.json()['id']}").json()["state"] == "running"
    assert editor.post("administration/rule-sets/no-such-item/rehearsals").status_code == 404


def test_a_batch_is_handed_in_by_one_and_loaded_by_another(call, demo):
    editor, second, at = call("wuqian"), call("wuyue"), "administration/registry/batches"
    with fixed(demo.at):
        file = SimpleUploadedFile("人口.csv", ROWS, "text/csv")
        form = {"file": file, "base": "population", "source": "street", "made_at": "2026-11-02T08:30"}
        made = editor.client.post(f"/api/v1/{at}", form, headers=editor.headers)
    assert made.status_code == 201, made.content.decode()
    batch = made.json()["id"]
    assert editor.get(f"{at}/{batch}").status_code == 404, "it is not loaded yet"
    asked = editor.post(f"{at}/{batch}/load", {"reason": "按月更新"})
    assert asked.status_code == 202
    facts = second.get(f"administration/proposals/{asked.json()['id']}").json()["facts"]
    assert "2026-11-02 08:30" in [fact["value"]["en"] for fact in facts], "as the hall's clock has it"
    assert not SharedBatch.objects.filter(source="street").exists()
    assert confirmed(second, asked.json()["id"]).json()["state"] == "done"
    loaded = second.get(f"{at}/{batch}").json()
    assert (loaded["source"], loaded["loaded"], loaded["rows"]) == ("street", 1, [])
    assert second.get(at).json()["items"][0]["id"] == batch
    assert {"street"} & {row["source"] for row in second.get("administration/registry/holdings").json()["items"]}


def test_a_contradiction_is_settled_once_by_who_read_it(call):
    editor, at = call("wuqian"), "administration/registry/contradictions"
    waiting = editor.get(at, base="population").json()["items"]
    one = next(row for row in waiting if row["field"] == "residence_address")
    said = {"keep": "demo_police", "reason": "电话与派出所核对", "seen": one["found_at"]}
    assert "*" in one["key"]
    early = said | {"seen": "2020-01-01T00:00:00+08:00"}
    assert editor.post(f"{at}/{one['id']}/settle", early).json()["reasons"][0]["code"] == "CHANGED"
    assert editor.post(f"{at}/{one['id']}/settle", said).status_code == 200
    assert editor.post(f"{at}/{one['id']}/settle", said).status_code == 409
    assert one["id"] in {row["id"] for row in editor.get(at, settled="true").json()["items"]}
    assert call("shilei").get(at).status_code == 404


def test_a_routing_table_is_opened_checked_and_tried(call):
    editor, at = call("wuqian"), f"administration/items/{WITH_ROUTE.name}"
    found = editor.get(f"{at}/files/route.dmn").json()
    assert len(found["tables"]) == 1
    checked = editor.post(f"{at}/check-routing", {"xml": found["xml"]}).json()
    assert (checked["faults"], checked["hits"]) == ([], [3, 2, 2])
    tried = editor.post(f"{at}/try-routing", {"xml": found["xml"], "values": {"reason": "rent"}}).json()
    assert [row["row"] for row in tried["rows"] if row["hit"]] == [1]
    assert tried["value"]
    other = {"xml": found["xml"], "table": "没有的表"}
    assert editor.post(f"{at}/check-routing", other).status_code == 404
    stale = {"xml": found["xml"], "digest": "0" * 64}
    assert editor.post(f"{at}/files/route.dmn", stale).status_code == 409


def test_who_keeps_tenants_publishes_on_their_behalf_and_overwrites_nothing(call, demo):
    tenant = things.made(demo, "jiefang")
    things.publish(tenant, "process", "book", things.PROCESS, demo.at)
    keeper, at = call("shilei"), "administration/tenants/jiefang/definitions"
    assert [row["code"] for row in keeper.get(at).json()["items"]] == ["book"]
    opened = keeper.get(f"{at}/process/book").json()
    assert keeper.post(f"{at}/process/book/check", {"body": "<x/>"}).json()["faults"]
    new = {"body": things.WAITS.decode(), "version": opened["version"]}
    assert keeper.post(f"{at}/process/book/publish", new).json()["version"] == 2
    stale = keeper.post(f"{at}/process/book/publish", {**new, "body": opened["body"]})
    assert stale.json()["reasons"][0]["code"] == "CHANGED_MEANWHILE"
    assert keeper.get(f"{at}/process/none").status_code == 404
    assert call("wuqian").get(at).status_code == 404
