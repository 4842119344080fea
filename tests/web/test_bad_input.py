"""Bad input at the doors: every fault told at once in the person's language, nothing lost, nothing half-written."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from yichuang.cases.models import Case, Document, Draft
from yichuang.core.clock import fixed
from yichuang.core.identifiers import synthetic
from yichuang.issuing.commands import render_document
from yichuang.people import cast
from yichuang.people.commands import issue_token
from yichuang.people.models import Account
from yichuang.people.queries import get_party

DOG = "yangquan-dengji"
LOCALES = ["zh-CN", "en"]
MARKUP = "'; DROP TABLE cases_case;--<script>alert(1)</script>{{7*7}}${7*7}"
NOT_COUNTED = {
    "django_session",
    "cases_draft",
    "people_look",
    "catalog_searchmiss",
}  # looks and misses are put on record, always


@pytest.fixture(autouse=True)
def _now(demo: Any) -> Iterator[None]:
    with fixed(demo.at):
        yield


def rows() -> dict[str, int]:
    """How many rows each table has, and the sum of all numbers given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({name for (name,) in cursor.fetchall()} - NOT_COUNTED)
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables))
        found = dict(cursor.fetchall())
        cursor.execute("SELECT coalesce(sum(value), 0) FROM core_counter")
        return {**found, "numbers": int(cursor.fetchone()[0])}


@contextmanager
def nothing_written() -> Iterator[None]:
    before = rows()
    yield
    after = rows()
    assert {name: (before[name], after[name]) for name in after if before[name] != after[name]} == {}


class Caller:
    """A program with zhangxiao's token (or another's)."""

    def __init__(self, demo: Any, username: str = "zhangxiao", locale: str = "zh-CN") -> None:
        self.demo = demo
        token = issue_token(account=Account.objects.get(username=username).id, at=demo.at)
        self.headers = {"authorization": f"Bearer {token}", "accept-language": locale}
        self.client = Client(headers=self.headers)

    def raw(self, path: str, body: str | bytes, **headers: str) -> Any:
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    def file(self, key: str = "", item: str = DOG, **changes: Any) -> Any:
        example = self.demo.example(item)
        body = {"item": item, "answers": dict(example.answers), "form": dict(example.form), **changes}
        return self.raw("cases", json.dumps(body), **{"Idempotency-Key": key or str(uuid4())})


def browser(username: str = "zhangxiao", locale: str = "zh-CN") -> Client:
    client = Client(headers={"accept-language": locale})
    assert client.post("/sign-in", {"username": username, "password": cast.PASSWORD}).status_code == 302
    return client


def draft_of(client: Client) -> str:
    address = client.post(f"/file/{DOG}", {})["location"].split("/step/")[0]
    client.post(f"{address}/step/situation", {"/applicant_kind": "person"})
    client.post(f"{address}/step/situation", {"/applicant_kind": "person", "/housing": "own"})
    return str(address)


def wrong_checksum(number: str) -> str:
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def born_in_the_future() -> str:
    body = "44030320990101" + "901"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def reasons(answer: Any) -> dict[str, dict[str, Any]]:
    return {reason["field"]: reason for reason in answer.json()["reasons"]}


def shown(answer: Any) -> str:
    return answer.content.decode()


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────

OWNER_FAULTS = {"cn_id", "mobile"}
DOG_FAULTS = {"name", "birth_month", "chip", "shoulder_cm"}


@pytest.mark.parametrize("number", ["checksum", "future"])
def test_the_api_tells_every_fault_of_a_form_at_once_in_both_languages(demo: Any, number: str) -> None:
    form = demo.example(DOG).form
    bad = wrong_checksum(form["owner"]["cn_id"]) if number == "checksum" else born_in_the_future()
    owner = {**form["owner"], "cn_id": bad, "mobile": "123", "surprise": "x"}
    dog = {**form["dog"], "birth_month": "2999-01", "chip": "12", "shoulder_cm": -3}
    dog.pop("name")
    caller = Caller(demo)
    with nothing_written():
        answer = caller.file(form={**form, "owner": owner, "dog": dog, "extra": 1}, surprise=1)
        assert answer.status_code == 422
    told = reasons(answer)
    assert "/surprise" in told, "what the body must not have is told first, before any form is read"
    with nothing_written():
        told = reasons(caller.file(form={**form, "owner": owner, "dog": dog, "extra": 1}))
    assert {f"/owner/{name}" for name in (*OWNER_FAULTS, "surprise")} <= set(told)
    assert {f"/dog/{name}" for name in DOG_FAULTS} <= set(told)
    assert "/extra" in told
    for reason in told.values():
        assert re.search(r"[\u4e00-\u9fff]", reason["message"])
        assert not re.search(r"[\u4e00-\u9fff]", reason["message_en"]), reason


@pytest.mark.parametrize("locale", LOCALES)
def test_the_portal_tells_every_fault_of_a_page_and_keeps_what_was_typed(demo: Any, locale: str) -> None:
    client = browser(locale=locale)
    address = draft_of(client)
    bad = wrong_checksum(demo.example(DOG).form["owner"]["cn_id"])
    with nothing_written():
        page = client.post(
            f"{address}/step/form-owner",
            {
                "/owner/name": MARKUP[:20],
                "/owner/id_type": "111",
                "/owner/cn_id": bad,
                "/owner/mobile": "123",
                "/extra": "x",
            },
        )
        answer = client.post(
            f"{address}/step/form-dog", {"/dog/name": "", "/dog/birth_month": "2999-01", "/dog/chip": "12"}
        )
    assert (page.status_code, answer.status_code) == (422, 422)
    assert all(f'href="#f-owner-{name}"' in shown(page) for name in OWNER_FAULTS)
    assert all(f'href="#f-dog-{name}"' in shown(answer) for name in ("name", "birth_month", "chip"))
    assert f'value="{bad}"' in shown(page)
    with nothing_written():
        refused = client.post(f"{address}/submit")
    assert refused.status_code == 422
    assert re.search(r'href="[^"]*step/form-owner#f-owner-cn_id"', shown(refused))
    assert re.search(r'href="[^"]*step/form-dog#f-dog-chip"', shown(refused))
    kept = Draft.objects.get().form
    assert (kept["owner"]["cn_id"], kept["owner"]["mobile"], kept["dog"]["chip"]) == (bad, "123", "12")
    assert "extra" not in kept


@pytest.mark.parametrize("locale", LOCALES)
def test_the_window_tells_every_fault_beside_its_field_and_keeps_what_was_typed(demo: Any, locale: str) -> None:
    client = browser("lina", locale)
    form = demo.example(DOG).form
    party = get_party(demo.actor("zhangxiao").id)
    flat = {
        f"/{part}/{name}": value
        for part, fields in form.items()
        if isinstance(fields, dict)
        for name, value in fields.items()
    }
    typed = {
        **flat, "answer:applicant_kind": "person", "answer:housing": "own", "/promise#": "0", "/promise": "true",
        "/owner/cn_id": wrong_checksum(party.id_no), "/owner/mobile": "123", "/dog/name": "", "/dog/birth_month": "2999-01",
        "/dog/chip": "12", "key": str(uuid4()), "step": "file", "/dog/colour": MARKUP[:30],
    }  # fmt: skip
    with nothing_written():
        page = client.post(f"/counter/intake/{party.id}/{DOG}/", typed)
    text = shown(page)
    assert page.status_code == 422
    for field in ("owner-cn_id", "owner-mobile", "dog-name", "dog-birth_month", "dog-chip"):
        assert f"f-{field}-error" in text, field
    assert "<script>alert" not in text
    assert f'value="{typed["/owner/cn_id"]}"' in text


# ── bodies that are none ──────────────────────────────────────────────────────────────────────────────────────────

BODIES = {
    "{broken": "BROKEN_JSON",
    "": "MISSING",
    "null": "NOT_AN_OBJECT",
    '{"item": "x", "form": {"a": NaN}}': "BROKEN_JSON",
    '{"item": "x", "form": {"a": 1e999}}': "BROKEN_JSON",
    '{"item": "x", "form": {"a": ' + "9" * 5000 + "}}": "BROKEN_JSON",
    '{"item": "x", "form": ' + "[" * 100_000: "BROKEN_JSON",
    '{"form": ' + '{"a":' * 50 + "1" + "}" * 51: "TOO_DEEP",
    '{"form": {' + ",".join(f'"f{n}": 1' for n in range(25_000)) + "}}": "TOO_DEEP",
    '{"item": "a\\u0000b", "form": {}}': "UNREADABLE",
    '{"item": "\\ud800", "form": {}}': "UNREADABLE",
    '{"item": "x", "form": {"\\udfff": 1}}': "UNREADABLE",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_body_that_cannot_be_read_is_refused_in_the_language_asked_for(demo: Any, locale: str) -> None:
    caller = Caller(demo, locale=locale)
    with nothing_written():
        for body, code in BODIES.items():
            answer = caller.raw("cases", body, **{"Idempotency-Key": "k"})
            assert answer.status_code in {413, 422}, (body[:60], answer.status_code)
            assert {reason["code"] for reason in answer.json()["reasons"]} == {code}, body[:60]
            assert bool(re.search(r"[\u4e00-\u9fff]", answer.json()["detail"])) is (locale == "zh-CN")
        latin = caller.raw("cases", '{"item": "狗"}'.encode("gb18030"), **{"Idempotency-Key": "k"})
        assert latin.status_code == 422


@pytest.mark.parametrize("locale", LOCALES)
def test_sixty_megabytes_ten_thousand_fields_and_nul_are_refused_at_every_door(demo: Any, locale: str) -> None:
    client = browser(locale=locale)
    clerk = browser("lina", locale)
    address = draft_of(client)
    before = Draft.objects.get().form
    api = Caller(demo, locale=locale)
    doors = (
        (client, f"{address}/step/form-dog"),
        (client, f"{address}/papers/owner_id"),
        (clerk, f"/counter/intake/{demo.actor('zhangxiao').id}/{DOG}/"),
    )
    many = {f"f{n}": "x" for n in range(10_000)}
    with nothing_written():
        for who, path in doors:
            large = who.generic("POST", path, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(62 * 2**20))
            assert large.status_code == 413
            assert ("没有丢失" if locale == "zh-CN" else "is lost") in shown(large)
            fields = who.post(path, many)
            assert fields.status_code == 413
            assert ("栏目太多" if locale == "zh-CN" else "Too many fields") in shown(fields)
            for body in (b"%2Fdog%2Fname=a%00b", b"%2Fdog%2Fname=%ed%a0%80", b"%2Fdog%2Fname=%ff"):
                spoiled = who.generic("POST", path, body, "application/x-www-form-urlencoded")
                assert spoiled.status_code == 422
                assert ("无法识别" if locale == "zh-CN" else "cannot be read") in shown(spoiled)
        large = api.client.generic(
            "POST", "/api/v1/uploads", b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(62 * 2**20)
        )
        assert (large.status_code, reasons(large)[None]["code"]) == (413, "BODY_TOO_LARGE")
        fields = api.client.post("/api/v1/verify", many)
        assert (fields.status_code, reasons(fields)[None]["code"]) == (413, "TOO_MANY_FIELDS")
    assert Draft.objects.get().form == before


# ── twice, too late, another body ─────────────────────────────────────────────────────────────────────────────────


def test_one_key_files_once_and_another_body_under_it_files_nothing(demo: Any) -> None:
    caller = Caller(demo)
    first = caller.file("key-1").json()
    with nothing_written():
        again = caller.file("key-1")
        assert (again.status_code, again.json()["number"], again.json()["replayed"]) == (201, first["number"], True)
        other = caller.file("key-1", form={})
        assert (other.status_code, other.json()["reasons"][0]["code"]) == (422, "IDEMPOTENCY_MISMATCH")
        assert other.json()["reasons"][0]["message_en"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_a_stale_page_changes_nothing_and_says_who_was_faster(demo: Any, locale: str) -> None:
    number = Caller(demo).file().json()["number"]
    clerk, applicant = browser("lina", locale), browser(locale=locale)
    assert Caller(demo, "lina").raw(f"cases/{number}/actions/precheck", '{"version": 1}').status_code == 200
    with nothing_written():
        withdrawn = applicant.post(f"/my/cases/{number}/withdraw", {"version": "1", "reason": "不办了"})
        accepted = clerk.post(f"/counter/cases/{number}/accept/", {"version": "1"})
    for answer in (withdrawn, accepted):
        assert answer.status_code == 409
        assert "李*" in shown(answer)
        assert ("刚刚被" if locale == "zh-CN" else "just changed this case") in shown(answer)
    assert "不办了" in shown(withdrawn), "what was typed stays"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_session_that_ended_in_mid_form_leads_back_with_everything_typed(demo: Any, locale: str) -> None:
    client = browser(locale=locale)
    address = draft_of(client)
    client.post(f"{address}/step/form-dog/save", {"/dog/name": "豆豆"})
    client.cookies.clear()
    with nothing_written():
        answer = client.post(f"{address}/step/form-dog", {"/dog/name": "豆豆豆", "/dog/colour": MARKUP})
    assert answer.status_code == 401
    assert ("登录" if locale == "zh-CN" else "Sign in") in shown(answer)
    assert "<script>alert" not in shown(answer)
    assert Draft.objects.get().form["dog"]["name"] == "豆豆", "the draft stays"
    carried = {
        name: _unescaped(value) for name, value in re.findall(r'name="(keep[^"]*)" value="([^"]*)"', shown(answer))
    }
    back = client.post("/sign-in", {"username": "zhangxiao", "password": cast.PASSWORD, **carried})
    assert f'action="{address}/step/form-dog"' in shown(back)
    assert 'name="/dog/name" value="豆豆豆"' in shown(back)


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


# ── odd characters ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("username", "name"), [("jiye", "𠮷野䶮"), ("zhangjie", "张㛃")])
def test_rare_characters_go_from_the_form_to_the_words_on_the_paper(
    demo: Any, username: str, name: str, tmp_path: Any
) -> None:
    form = demo.example(DOG).form
    owner = {**form["owner"], "name": name, "cn_id": get_party(demo.actor(username).id).id_no}
    dog = {**form["dog"], "colour": "黄白😀"}
    answer = Caller(demo, username).file(form={**form, "owner": owner, "dog": dog})
    assert answer.status_code == 201, answer.content.decode()
    case = Case.objects.get()
    assert (case.form["owner"]["name"], case.form["dog"]["colour"]) == (name, "黄白😀")
    paper = tmp_path / "receipt.pdf"
    paper.write_bytes(render_document(Document.objects.get(kind="receipt").id))
    text = subprocess.run(["pdftotext", "-raw", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert name in "".join(text.split())


def test_markup_and_sql_in_every_text_field_are_kept_or_refused_and_never_run(demo: Any) -> None:
    form = demo.example(DOG).form
    caller = Caller(demo)
    taken = 0
    for part, name in [(p, n) for p, fields in form.items() if isinstance(fields, dict) for n in fields]:
        if not isinstance(form[part][name], str):
            continue
        text = MARKUP[:40]
        answer = caller.file(form={**form, part: {**form[part], name: text}})
        if answer.status_code == 422:
            assert f"/{part}/{name}" in reasons(answer), (part, name)
            continue
        taken += 1
        number = answer.json()["number"]
        assert caller.client.get(f"/api/v1/cases/{number}").json()["form"][part][name] == text
        for client, path in (
            (browser(), f"/my/cases/{number}"),
            (browser("lina"), f"/counter/cases/{number}/"),
        ):
            page = client.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in shown(page)
            assert "&lt;script&gt;" in shown(page) or text[:12] not in shown(page)
        answer = caller.raw(f"cases/{number}/actions/withdraw", json.dumps({"version": 1, "reason": text}))
        assert answer.status_code == 200, "so that the same dog can be filed again"
    assert taken >= 3
    assert Case.objects.count() == taken


def test_sql_in_searches_and_numbers_finds_nothing_and_breaks_nothing(demo: Any) -> None:
    client, clerk, caller = browser(), browser("lina"), Caller(demo)
    with nothing_written():
        for text in (MARKUP, "%", "_", "\\", "' OR '1'='1", "𠮷" * 50, "a" * 3000):
            for who, path in ((client, "/items"), (clerk, "/counter/"), (client, "/progress")):
                assert who.get(path, {"q": text, "number": text, "cursor": text}).status_code in {200, 404, 422}
            assert caller.client.get("/api/v1/cases", {"cursor": text}).status_code in {200, 422}
            assert caller.client.get("/api/v1/items", {"q": text[:100], "cursor": text}).status_code in {200, 422}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_walk_in_with_an_impossible_birth_is_not_registered(demo: Any, locale: str) -> None:
    clerk = browser("lina", locale)
    good = synthetic.cn_id(date(1988, 7, 15), "male", region="440303", nth=44)
    with nothing_written():
        for number in (wrong_checksum(good), born_in_the_future(), MARKUP, "😀" * 18):
            answer = clerk.post(
                "/counter/intake/",
                {"id_type": "111", "id_no": number, "name": MARKUP, "mobile": "1", "step": "register"},
            )
            assert answer.status_code == 422, number
            assert "<script>alert" not in shown(answer)
