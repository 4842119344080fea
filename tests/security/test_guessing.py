"""Guessing numbers and codes (防枚举): each door counts misses per network and then says so, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import resolve
from tests.security.world import World

from yichuang.core.identifiers import case_check_digit
from yichuang.issuing.queries import find_code
from yichuang.webkit import limits
from yichuang.webkit.params import client_address

pytestmark = pytest.mark.django_db
FEW = 4
Guess = Callable[[Client, str], Any]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer misses than a hall's visitors have, so that the test is quick."""
    resolve("/")  # every door is loaded, with its own budgets, before they are made smaller
    monkeypatch.setattr(limits.Misses, "most", FEW)


def by_number(client: Client, guess: str) -> Any:
    return client.get("/verify", {"number": guess})


def by_form(client: Client, guess: str) -> Any:
    return client.post("/verify", {"number": guess})


def by_program(client: Client, guess: str) -> Any:
    return client.post("/api/v1/verify", {"number": guess}, headers={"accept": "application/json"})


def by_code(client: Client, guess: str) -> Any:
    return client.get(f"/s/{guess}")


def by_typing_the_code(client: Client, guess: str) -> Any:
    return client.post("/s/", {"code": guess})


def by_upload(client: Client, guess: str) -> Any:
    return client.post(f"/s/{guess}/papers/dog_photos")


def by_query_code(client: Client, guess: str) -> Any:
    number, _, code = guess.partition("|")
    return client.post("/progress", {"number": number, "code": code})


@pytest.mark.parametrize(
    ("guess", "what"),
    [
        (by_number, "paper"),
        (by_form, "paper"),
        (by_program, "paper"),
        (by_code, "link"),
        (by_typing_the_code, "link"),
        (by_upload, "link"),
        (by_query_code, "progress"),
    ],
)
def test_whoever_guesses_is_stopped_also_for_what_would_be_right(world: World, guess: Guess, what: str) -> None:
    things = world.things["own"]
    right = {
        "paper": find_code("certificate", things.certificate),
        "link": things.code,
        "progress": f"{things.reviewed.number}|{things.reviewed.query_code}",
    }[what]
    assert guess(Client(), right).status_code not in {404, 429}
    for n in range(FEW):
        missed = guess(Client(headers={"cookie": f"yc_device=fresh-{n}"}), wrong(what, n))  # a new cookie each time
        assert missed.status_code in {200, 404}, missed.content.decode()
    for again in (wrong(what, 99), right):
        stopped = guess(Client(headers={"accept-language": "zh-CN"}), again)
        assert stopped.status_code == 429
        assert "一小时后再试" in stopped.content.decode()
    assert "hour" in guess(Client(headers={"accept-language": "en"}), right).content.decode()
    assert guess(Client(REMOTE_ADDR="203.0.113.9"), right).status_code not in {404, 429}  # nobody else is shut out


def wrong(what: str, n: int) -> str:
    body = f"440303-20261124-N-99{n:04}"
    return f"{body}-{case_check_digit(body)}|AAAAAAAA" if what == "progress" else f"ZZZZZZ{n:02}"


def test_pages_and_programs_share_the_guesses(world: World) -> None:
    for n in range(FEW):
        by_number(Client(), wrong("paper", n))
    assert by_program(Client(), "ZZZZZZ77").status_code == 429


def test_the_hour_passes(world: World) -> None:
    from datetime import timedelta

    from yichuang.core.clock import fixed

    for n in range(FEW + 1):
        answer = by_number(Client(), wrong("paper", n))
    assert answer.status_code == 429
    with fixed(world.at + timedelta(hours=1)):
        assert by_number(Client(), "ZZZZZZ77").status_code == 200


def test_checking_genuine_papers_uses_nothing_up(world: World) -> None:
    right = find_code("certificate", world.things["own"].certificate)
    assert {by_number(Client(), str(right)).status_code for _ in range(FEW + 2)} == {200}


def drop(client: Client, *, program: bool = False) -> Any:
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7 nobody's", "application/pdf")
    return client.post("/api/v1/verify" if program else "/verify", {"file": file})


@pytest.mark.parametrize("program", [False, True])
def test_checking_files_costs_work_and_has_a_budget_of_its_own(world: World, program: bool) -> None:
    for n in range(FEW):
        assert drop(Client(), program=n % 2 == 0).status_code in {200, 422}
    stopped = drop(Client(headers={"accept-language": "zh-CN"}), program=program)
    assert stopped.status_code == 429
    assert "一小时后再试" in stopped.content.decode()
    assert "hour" in drop(Client(headers={"accept-language": "en"}), program=program).content.decode()
    assert drop(Client(REMOTE_ADDR="203.0.113.9"), program=program).status_code != 429
    right = find_code("certificate", world.things["own"].certificate)
    assert by_number(Client(), str(right)).status_code == 200, "numbers are still checked"


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(rf: Any) -> None:
    request = rf.get("/", headers={"x-forwarded-for": "198.51.100.1, 203.0.113.9"}, REMOTE_ADDR="127.0.0.1")
    assert client_address(request) == "127.0.0.1"
    with override_settings(YICHUANG_BEHIND_PROXY=True):
        assert client_address(request) == "203.0.113.9"
