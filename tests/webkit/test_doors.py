"""The guard of every route, the answers for what goes wrong, and the headers on every page."""

import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, _unmask_cipher_token
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.crypto import get_random_string

from yichuang.core import roles
from yichuang.core.actors import Actor, Channel
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import W
from yichuang.webkit import routes
from yichuang.webkit.middleware import CSP, MAX_BODY
from yichuang.webkit.pages import masked

pytestmark = pytest.mark.django_db
TWO = (Reason("A", W("甲错了", "A is wrong"), "/dog/name"), Reason("B", W("乙错了", "B is wrong"), basis="第三十二条"))


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def refusing(request: HttpRequest) -> HttpResponse:
    raise Refused(*TWO)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("canary")


def stale(request: HttpRequest) -> HttpResponse:
    raise Conflict(Reason("STALE", W("已变", "changed")))


def _door(prefix: str, channel: Channel) -> Any:
    both = ("GET", "POST")
    return routes._resolver(
        routes.Door(
            "trial",
            prefix,
            channel,
            (
                routes.route("public", plain, name="public", audience=routes.PUBLIC),
                routes.route("person", plain, name="person", audience=routes.SIGNED_IN, methods=both),
                routes.route("desk", plain, name="desk", audience=routes.staff(roles.INTAKE_CLERK), methods=both),
                routes.route("demo", plain, name="demo", audience=routes.DEMO),
                routes.route("refusing", refusing, name="refusing", audience=routes.PUBLIC, methods=both),
                routes.route("broken", broken, name="broken", audience=routes.PUBLIC),
                routes.route("stale", stale, name="stale", audience=routes.PUBLIC),
            ),
        )
    )


class Urls:
    urlpatterns = [*routes.urlpatterns(), _door("trial/", Channel.PORTAL), _door("api/trial/", Channel.API)]
    handler400 = "yichuang.webkit.middleware.bad_request"
    handler403 = "yichuang.webkit.middleware.forbidden"
    handler404 = "yichuang.webkit.middleware.not_found"
    handler500 = "yichuang.webkit.middleware.server_error"


@pytest.fixture(autouse=True)
def _urls(settings: Any) -> None:
    settings.ROOT_URLCONF = Urls


@pytest.fixture
def as_actor(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the next requests be made by an actor."""
    return lambda actor: monkeypatch.setattr("yichuang.webkit.actor._build", lambda request: actor)


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


# ── the registry ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_route_without_audience_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="who may come in"):
        routes.route("x", plain, name="x", audience=None)  # type: ignore[arg-type]  # what mypy would have caught
    with pytest.raises(ImproperlyConfigured, match="/sneaked"):
        routes.check_declared([*routes.urlpatterns(), path("sneaked", plain)])
    with pytest.raises(ImproperlyConfigured, match="roles"):
        routes.staff()
    with pytest.raises(ImproperlyConfigured, match="roles"):
        routes.staff("king")


def test_a_mounted_pattern_without_audience_stops_the_start() -> None:
    mount = routes.Mount("v1/", [path("items", plain, name="items")], "api", "api", {})
    with pytest.raises(ImproperlyConfigured, match="'items'"):
        routes._mounted(mount, Channel.API)


def test_each_route_is_listed_with_its_audience() -> None:
    rows = {name: audience for name, _, audience, _ in routes.all_routes()}
    assert rows["portal:home"] is routes.PUBLIC
    assert rows["portal:looks"] is routes.SIGNED_IN


# ── who may come in ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "place", "status"),
    [
        ("stranger", "public", 200), ("stranger", "person", 302), ("stranger", "desk", 302), ("stranger", "demo", 200),
        ("zhang_xiao", "person", 200), ("zhang_xiao", "desk", 404), ("li_na", "desk", 200), ("li_na", "person", 403),
        ("wang_qiang", "desk", 404), ("wang_qiang", "public", 200),
    ],
)  # fmt: skip
def test_the_guard(
    who: str, place: str, status: int, client: Client, as_actor: Any, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    as_actor(actor)
    assert client.get(f"/trial/{place}").status_code == status


def test_the_demo_pages_are_gone_where_no_demo_is(client: Client, settings: Any) -> None:
    settings.YICHUANG_DEMO = False
    assert client.get("/trial/demo").status_code == 404


def test_other_methods_are_refused(client: Client) -> None:
    assert client.post("/trial/public").status_code == 405
    assert client.head("/trial/public").status_code == 200


@pytest.mark.parametrize(("locale", "words", "on"), [("zh-CN", "这个地址不能直接打开", "回到首页"), ("en", "This address is not a page", "Back to the start page")])  # fmt: skip
def test_whoever_opens_the_address_of_a_form_reads_why_and_goes_on(
    client: Client, locale: str, words: str, on: str
) -> None:
    answer = client.post("/trial/public", headers={"accept": "text/html,*/*", "accept-language": locale})
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert words in page
    assert f'<a class="btn btn-primary" href="/">{on}</a>' in page
    told = client.post("/trial/public", headers={"accept": "application/json"})
    assert told.headers["Content-Type"] == "application/problem+json"
    assert told.json()["reasons"][0]["code"] == "METHOD_NOT_ALLOWED"


def test_signed_out_leads_to_sign_in_and_back_but_never_elsewhere(client: Client) -> None:
    assert client.get("/trial/person?a=1").headers["Location"] == "/sign-in?next=/trial/person%3Fa%3D1"
    page = client.get("/sign-in", {"next": "https://evil.example/"}).content.decode()
    assert 'name="next" value="https://evil.example' not in page
    assert client.post("/elder", {"elder": "1", "next": "//evil.example/"}).headers["Location"] == "/"


def test_signed_out_in_mid_form_loses_nothing(client: Client) -> None:
    answer = client.post(
        "/trial/person?step=2", {"/dog/name": "来福 <b>𠮷</b>", "colours": ["b", "w"], "password": "secret"}
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert 'name="keep:/dog/name" value="来福 &lt;b&gt;𠮷&lt;/b&gt;"' in page
    assert page.count('name="keep:colours"') == 4  # both values, in the password form and in the code form
    assert 'name="keep-path" value="/trial/person?step=2"' in page
    assert "secret" not in page


def test_signed_out_in_a_fragment_leads_the_whole_page_to_sign_in(client: Client) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/my/x"}
    answer = client.post("/trial/person", {"a": "1"}, headers=here)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=http%3A//testserver/my/x"


def test_the_api_says_401_and_takes_no_session(client: Client) -> None:
    answer = client.get("/api/trial/person")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_is_a_page_with_every_reason(client: Client) -> None:
    answer = client.get("/trial/refusing")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#f-dog-name">甲错了</a>' in page
    assert "乙错了" in page
    assert "第三十二条" in page
    assert "A is wrong" in client.get("/trial/refusing", headers={"accept-language": "en"}).content.decode()


def test_a_refusal_is_a_problem_document(client: Client) -> None:
    body = client.get("/api/trial/refusing").json()
    assert body["status"] == 422
    assert body["reasons"] == [
        {"code": "A", "field": "/dog/name", "message": "甲错了", "message_en": "A is wrong", "basis": ""},
        {"code": "B", "field": None, "message": "乙错了", "message_en": "B is wrong", "basis": "第三十二条"},
    ]
    assert client.get("/trial/refusing", headers={"accept": "application/json"}).json()["status"] == 422


def test_a_refusal_is_a_fragment_for_htmx(client: Client) -> None:
    answer = client.get("/trial/refusing", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_a_bug_shows_a_number_that_the_log_holds(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.raise_request_exception = False
    answer = client.get("/trial/broken")
    assert answer.status_code == 500
    record = next(r for r in caplog.records if r.name == "yichuang.web")
    number = record.getMessage().split()[1]
    assert number in answer.content.decode()
    assert "canary" not in answer.content.decode()


def test_what_is_not_there_is_404_in_both_shapes(client: Client) -> None:
    assert client.get("/nothing").status_code == 404
    assert client.get("/api/nothing").headers["Content-Type"] == "application/problem+json"
    assert client.get("/trial/stale").status_code == 409


# ── bad input ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sixty_megabytes_are_refused_before_they_are_read(client: Client) -> None:
    answer = client.generic("POST", "/trial/refusing", b"x", CONTENT_LENGTH=str(MAX_BODY + 1))
    assert answer.status_code == 413
    assert "60 MB" in answer.content.decode()


def test_ten_thousand_fields_are_refused_with_a_clear_message(client: Client) -> None:
    answer = client.post("/trial/refusing", {f"f{n}": "x" for n in range(10_000)})
    assert answer.status_code == 413
    assert "栏目太多" in answer.content.decode()


@pytest.mark.parametrize("body", [b"a=%00", b"a=%ff%fe", b"a%00b=1"])
def test_nul_and_broken_encoding_are_refused(client: Client, body: bytes) -> None:
    answer = client.generic("POST", "/trial/refusing", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "无法识别的字符" in answer.content.decode()
    assert client.get("/trial/public?" + body.decode()).status_code == 422


def test_a_form_without_token_is_not_carried_out_but_can_be_sent_again() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"})
    answer = strict.post("/trial/refusing", {"a": "你好"})
    assert answer.status_code == 403
    assert 'name="a" value="你好"' in answer.content.decode()
    cross = strict.post("/trial/refusing", {"a": "bad"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert 'value="bad"' not in cross.content.decode()


# ── headers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_browser_that_has_the_cookie_of_its_forms_is_not_sent_it_again(client: Client) -> None:
    first = client.get("/sign-in")
    assert "csrf" in first.cookies
    again = client.get("/sign-in")
    assert "csrf" not in again.cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', again.content.decode())
    assert token is not None
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    sent = {"csrfmiddlewaretoken": token[1], "language": "en", "next": "/"}
    assert strict.post("/language", sent).status_code == 302


def test_every_answer_carries_the_headers(client: Client) -> None:
    for address in ("/trial/public", "/nothing", "/trial/refusing", "/sign-in", "/api/trial/person"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"] == CSP
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in CSP
        assert "unsafe" not in CSP


def test_personal_pages_are_never_stored(client: Client, as_actor: Any, zhang_xiao: Actor) -> None:
    assert client.get("/trial/public").headers["Cache-Control"] == "private, no-cache"
    as_actor(zhang_xiao)
    assert client.get("/trial/person").headers["Cache-Control"] == "no-store"


def test_the_language_follows_cookie_then_browser(client: Client, rf: RequestFactory) -> None:
    assert 'lang="zh-Hans-CN"' in client.get("/sign-in").content.decode()
    assert 'lang="en"' in client.get("/sign-in", headers={"accept-language": "en-GB"}).content.decode()
    client.cookies["django_language"] = "en"
    assert client.get("/sign-in").headers["Content-Language"] == "en"


def test_the_token_of_a_form_is_masked_as_django_reads_it_and_never_twice_the_same() -> None:
    secret = get_random_string(CSRF_SECRET_LENGTH)
    made = [masked(secret) for _ in range(200)]
    assert {_unmask_cipher_token(token) for token in made} == {secret}
    assert len({token[:CSRF_SECRET_LENGTH] for token in made}) == len(set(made)) == 200
    assert set("".join(made)) == set(CSRF_ALLOWED_CHARS)


def test_every_page_that_answers_a_form_names_the_page_to_come_back_to(client: Client) -> None:
    """app.js puts it into the history, so that nobody is asked to send the form again."""
    html = {"accept": "text/html"}
    assert "data-instead" not in client.get("/sign-in", headers=html).content.decode().split("<main")[0]
    for came, place in (("http://testserver/trial/public?a=1&b=2", "/trial/public?a=1&amp;b=2"), ("https://elsewhere.test/x", "/"), ("", "/")):  # fmt: skip
        page = client.post("/trial/public", headers={**html, "referer": came}).content.decode()
        assert re.search(rf'<body [^>]*data-instead="{re.escape(place)}">', page)
