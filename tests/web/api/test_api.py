"""The API: the main job by tokens, and what bad input gets."""

import json
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.urls import get_resolver
from ninja import Schema
from PIL import Image

from yichuang.catalog.queries import list_unanswered
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import fixed
from yichuang.people.commands import issue_token
from yichuang.people.models import Account
from yichuang.web.api.schemas import ItemsOut

DOG = "yangquan-dengji"


class Caller:
    """A program that calls the API as one demo person."""

    def __init__(self, client, demo, username=""):
        self.client, self.at = client, demo.at
        self.headers = {}
        if username:
            with fixed(demo.at):
                token = issue_token(account=Account.objects.get(username=username).id, at=demo.at)
            self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **query):
        with fixed(self.at):
            return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path, body=None, raw=None, **headers):
        with fixed(self.at):
            return self.client.post(
                f"/api/v1/{path}",
                raw if raw is not None else json.dumps(body or {}),
                content_type="application/json",
                headers={**self.headers, **headers},
            )

    def upload(self, content, name="身份证.pdf"):
        file = BytesIO(content)
        file.name = name
        with fixed(self.at):
            return self.client.post("/api/v1/uploads", {"file": file}, headers=self.headers)


def _pdf():
    made, paper = BytesIO(), pikepdf.new()
    paper.add_blank_page(page_size=(200, 200))
    paper.save(made)
    return made.getvalue()


def _photo():
    made = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(made, "PNG")
    return made.getvalue()


PDF, PHOTO = _pdf(), _photo()


@pytest.fixture
def call(client, demo):
    return lambda username="": Caller(client, demo, username)


def filing(demo, caller, materials=None, **form):
    example = demo.example(DOG)
    codes = example.materials if materials is None else materials
    # two pictures each: of a dog one from the front and one from the side are asked for
    ids = {code: [caller.upload(PHOTO, "材料.png").json()["id"] for _ in range(2)] for code in codes}
    return {"item": DOG, "answers": dict(example.answers), "form": {**example.form, **form}, "materials": ids}


def file(demo, caller, key=None, **more):
    answer = caller.post("cases", filing(demo, caller, **more), **{"Idempotency-Key": key or str(uuid4())})
    assert answer.status_code == 201, answer.content
    return answer.json()


def codes(answer):
    return {(reason["code"], reason["field"]) for reason in answer.json()["reasons"]}


def test_the_document_describes_every_operation(call):
    document = call().get("openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/cases/{number}/actions/accept-with-gaps" in document["paths"]
    assert call().get("docs").status_code == 200


def test_the_document_is_made_once_however_often_it_is_asked_for(call, monkeypatch):
    first = call().get("openapi.json").content
    monkeypatch.setattr("ninja.main.get_schema", None)  # what makes it, over a second each time
    assert call().get("openapi.json").content == first
    assert call().get("docs").status_code == 200


def test_items_are_found_as_people_talk_and_open_with_form_and_materials(call):
    found = call().get("items", q="养狗").json()["items"]
    assert found[0]["code"] == DOG
    assert call().get("items", q="火星移民").json()["items"] == []
    assert list_unanswered(SYSTEM) == (("火星移民", 1),)
    item = call().get(f"items/{DOG}").json()
    assert {"form", "materials", "situations"} <= set(item)
    assert call().get("items/nothing").status_code == 404


def test_requirements_say_what_is_missing_the_path_and_the_due_day(call, demo):
    example = demo.example(DOG)
    body = {"answers": dict(example.answers), "form": dict(example.form), "materials": ["owner_id"]}
    answer = call("zhangxiao").post(f"items/{DOG}/requirements", body)
    assert answer.status_code == 200, answer.content
    assert "dog_photos" in answer.json()["missing"]
    assert answer.json()["due_date"] == "2026-12-01"


def test_the_main_job_by_token_from_filing_to_decision(call, demo):
    zhang, li, wang, lin = (call(name) for name in ("zhangxiao", "lina", "wangqiang", "linfang"))
    receipt = file(demo, zhang)
    number, version = receipt["number"], receipt["version"]
    head = li.post(f"cases/{number}/actions/accept", {"version": version}).json()
    assert head["state"] == "IN_REVIEW"
    task = wang.get("tasks").json()["items"][0]
    head = wang.post(f"tasks/{task['id']}/actions/claim", {"version": head["version"]}).json()
    done = {"version": head["version"], "outcome": "agree", "opinion": "同意"}
    head = wang.post(f"tasks/{task['id']}/actions/complete", done).json()
    decided = lin.post(f"cases/{number}/actions/decide", {"version": head["version"], "outcome": "grant"})
    assert decided.status_code == 200, decided.content
    assert decided.json()["state"] in {"GRANTED", "READY"}
    timeline = zhang.get(f"cases/{number}/timeline").json()
    assert [row["act"] for row in timeline][:2] == ["file", "accept"]
    clock = zhang.get(f"cases/{number}/clock").json()
    assert any(d["due_date"] == "2026-12-01" for d in clock["deadlines"])
    kinds = {row["kind"] for row in zhang.get(f"cases/{number}/documents").json()}
    assert {"receipt", "acceptance", "grant"} <= kinds
    assert [row["number"] for row in zhang.get("cases").json()["items"]] == [number]


def test_the_same_key_files_once_and_another_body_is_refused(call, demo):
    zhang = call("zhangxiao")
    body = filing(demo, zhang)
    first = zhang.post("cases", body, **{"Idempotency-Key": "k-1"}).json()
    again = zhang.post("cases", body, **{"Idempotency-Key": "k-1"})
    assert again.status_code == 201
    assert again.json()["number"] == first["number"]
    assert again.json()["replayed"]
    other = zhang.post("cases", {**body, "materials": {}}, **{"Idempotency-Key": "k-1"})
    assert other.status_code == 422
    assert codes(other) == {("IDEMPOTENCY_MISMATCH", None)}


def test_another_person_never_gets_my_answer_with_my_key(call, demo):
    zhang, stranger = call("zhangxiao"), call("moshengren")
    body = filing(demo, zhang)
    zhang.post("cases", body, **{"Idempotency-Key": "k-2"})
    answer = stranger.post("cases", {**body, "materials": {}}, **{"Idempotency-Key": "k-2"})
    assert answer.status_code == 201
    assert answer.json()["replayed"] is False


def test_every_fault_of_a_filing_is_told_at_once(call, demo):
    zhang = call("zhangxiao")
    example = demo.example(DOG)
    owner = {**example.form["owner"], "cn_id": "440303199001019010", "mobile": "123"}
    answer = zhang.post(
        "cases",
        {"item": DOG, "answers": dict(example.answers), "form": {**example.form, "owner": owner, "extra": 1}},
        **{"Idempotency-Key": "k-3"},
    )
    assert answer.status_code == 422
    fields = {reason["field"] for reason in answer.json()["reasons"]}
    assert {"/owner/cn_id", "/owner/mobile"} <= fields
    assert len(fields) >= 3
    assert all(reason["message"] and reason["message_en"] for reason in answer.json()["reasons"])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("{broken", "BROKEN_JSON"),
        ("[1]", "NOT_AN_OBJECT"),
        ('{"item": "a\\u0000b", "form": {}}', "UNREADABLE"),
        ('{"item": "\\ud800", "form": {}}', "UNREADABLE"),
        ('{"form": ' + '{"a":' * 50 + "1" + "}" * 51, "TOO_DEEP"),
        ('{"form": {' + ",".join(f'"f{n}": 1' for n in range(25_000)) + "}}", "TOO_DEEP"),
        ('{"item": "x", "form": {}, "surprise": 1}', "UNKNOWN_FIELD"),
        ("{}", "MISSING"),
    ],
)
def test_bad_bodies_get_a_clear_problem(call, raw, code):
    answer = call("zhangxiao").post("cases", raw=raw, **{"Idempotency-Key": "k"})
    assert answer.status_code in {413, 422}
    assert answer["Content-Type"].startswith("application/problem+json")
    assert code in {c for c, _ in codes(answer)}


def test_unknown_item_version_missing_key_and_no_token(call, demo):
    zhang = call("zhangxiao")
    body = filing(demo, zhang, materials=())
    assert codes(zhang.post("cases", {**body, "item_version": 99}, **{"Idempotency-Key": "k"})) == {
        ("UNKNOWN_VERSION", "/item_version")
    }
    assert codes(zhang.post("cases", {**body, "item": "none"}, **{"Idempotency-Key": "k"})) == {
        ("UNKNOWN_ITEM", "/item")
    }
    assert codes(zhang.post("cases", body)) == {("KEY_MISSING", "Idempotency-Key")}
    assert call().post("cases", body, **{"Idempotency-Key": "k"}).status_code == 401
    assert call().get("cases").status_code == 401


def test_a_file_that_is_not_what_its_name_says_is_refused(call):
    answer = call("zhangxiao").upload(b"<script>alert(1)</script>", "身份证.pdf")
    assert answer.status_code == 422
    assert answer.json()["reasons"]


def test_html_sql_emoji_and_rare_characters_are_kept_as_they_are(call, demo):
    zhang = call("zhangxiao")
    dog = {**demo.example(DOG).form["dog"], "name": "𠮷䶮㛃😀'; DROP TABLE cases_case;--<b>"}
    answer = zhang.post("cases", filing(demo, zhang, dog=dog), **{"Idempotency-Key": "k-9"})
    if answer.status_code == 201:
        form = zhang.get(f"cases/{answer.json()['number']}").json()["form"]
        assert form["dog"]["name"] == dog["name"]
    else:
        assert {field for _, field in codes(answer)} == {"/dog/name"}


def test_a_stale_version_names_who_was_faster(call, demo):
    zhang, li = call("zhangxiao"), call("lina")
    receipt = file(demo, zhang)
    li.post(f"cases/{receipt['number']}/actions/accept", {"version": 1})
    late = li.post(f"cases/{receipt['number']}/actions/accept", {"version": 1})
    assert late.status_code == 409, late.content.decode()
    assert late.json()["change"]["who"]


@pytest.mark.parametrize("name", ["moshengren", "zhaomin", "sunli"])
def test_strangers_find_nothing(call, demo, name):
    receipt = file(demo, call("zhangxiao"))
    number = receipt["number"]
    other = call(name)
    for path in (f"cases/{number}", f"cases/{number}/timeline", f"cases/{number}/clock", f"cases/{number}/documents"):
        assert other.get(path).status_code == 404
    assert other.get(f"documents/{receipt['receipt']}").status_code == 404
    assert other.post(f"cases/{number}/actions/accept", {"version": 1}).status_code == 404


def test_a_wrong_method_and_a_wrong_path_are_problem_documents_too(client, demo):
    wrong = client.put("/api/v1/items", "{}", content_type="application/json")
    assert (wrong.status_code, wrong["Allow"]) == (405, "GET")
    missing = client.get("/api/v1/nothing")
    for answer, status in ((wrong, 405), (missing, 404)):
        assert answer["Content-Type"].startswith("application/problem+json")
        assert answer.json()["status"] == status
        assert all(reason["message"] and reason["message_en"] for reason in answer.json()["reasons"])


def test_lists_of_items_are_written_as_the_document_says(client, demo):
    """They are written without the models that check all other answers."""
    caller = Caller(client, demo)
    for query in ({"q": "养狗"}, {"limit": 2}, {"q": "没有这样的事项"}):
        answer = caller.get("items", **query)
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        assert ItemsOut.model_validate(answer.json()).model_dump(mode="json") == answer.json()
    assert caller.get("items", limit=2).json()["next"]


def test_every_shape_has_a_name_of_its_own():
    """Found by the contract: of two shapes of one name the document shows one, and describes the other's answers by it."""
    found = {}

    def walk(shape):
        for one in shape.__subclasses__():
            if one.__module__.startswith("yichuang."):
                found.setdefault(one.__name__, set()).add(one.__module__)
            walk(one)

    get_resolver().url_patterns  # noqa: B018  (every module of the API is loaded by this)
    walk(Schema)
    assert len(found) > 200
    assert {name: where for name, where in found.items() if len(where) > 1} == {}
