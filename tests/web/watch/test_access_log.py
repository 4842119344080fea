"""One line about each request: which route, how it ended, how long it took; never whose, nor what was typed."""

import json
import logging
from collections.abc import Iterator

import pytest

from yichuang.people import cast
from yichuang.settings.logs import Json

CANARY = "440300199001010011"


class Lines(logging.Handler):
    """What an installation would write."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Json())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def access(self) -> list[dict]:
        return [told for told in map(json.loads, self.lines) if told["logger"] == "yichuang.access"]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, root, access = Lines(), logging.getLogger(), logging.getLogger("yichuang.access")
    before = [(logger, logger.level) for logger in (root, access)]
    for logger in (root, access):
        logger.setLevel(logging.INFO)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


def test_a_line_names_the_route_and_how_it_ended(client, db, lines):
    answer = client.get("/verify")
    (line,) = lines.access
    assert line["request"] == answer["X-Request-Id"]
    assert (line["method"], line["route"], line["status"], line["actor"]) == ("GET", "portal:verify", 200, "anonymous")
    assert line["ms"] > 0


def test_each_request_has_its_own_id_and_never_the_caller_s(client, db, lines):
    ids = {client.get("/verify", headers={"x-request-id": CANARY})["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    assert CANARY not in "".join(lines.lines)


def test_nothing_that_is_typed_into_an_address_is_written(client, db, lines):
    client.get(f"/verify?number={CANARY}")
    client.get(f"/no/such/{CANARY}")
    client.get(f"/my/cases/{CANARY}")
    client.post("/sign-in", {"username": CANARY, "password": CANARY})
    client.generic(CANARY, "/verify")
    assert [line["route"] for line in lines.access][:3] == ["portal:verify", "unknown", "portal:case"]
    assert lines.access[-1]["method"] == "OTHER"
    assert CANARY not in "".join(lines.lines)


def test_a_bug_is_one_line_with_its_number_and_without_its_message(client, db, lines, monkeypatch):
    from yichuang.web.portal import views_items

    def fails(*_, **__):
        raise RuntimeError(f"Key (id_no)=({CANARY}) already exists")

    monkeypatch.setattr(views_items.catalog, "search_items", fails)
    client.raise_request_exception = False
    answer = client.get("/items", {"q": CANARY})
    assert answer.status_code == 500
    (error,) = [told for told in map(json.loads, lines.lines) if "error" in told]
    assert error["request"] == answer["X-Request-Id"]
    assert error["message"].split()[1] in answer.content.decode()
    assert error["error"] == "builtins.RuntimeError"
    assert CANARY not in "".join(lines.lines)


def test_the_kind_of_the_actor_is_told_and_no_name(client, demo, lines):
    client.post("/sign-in", {"username": "zhangxiao", "password": cast.PASSWORD})
    client.get("/my/cases")
    assert lines.access[-1]["actor"] == "person"
    assert not [name for name in ("zhangxiao", "张晓") if name in "".join(lines.lines)]
