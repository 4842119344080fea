"""A log says what happened and where, and quotes nobody's data."""

import json
import logging

import psycopg
import pytest

from yichuang.core import trail
from yichuang.settings.env import database, env, env_bool, env_list
from yichuang.settings.logs import Json, Plain, chosen

CANARY = "440300199001010011"


def written(error: Exception) -> str:
    try:
        raise error
    except Exception as raised:
        record = logging.LogRecord(
            "web", logging.ERROR, __file__, 1, "error %s", ("E-42",), (type(raised), raised, raised.__traceback__)
        )
        return Plain().format(record)


def test_an_exception_shows_its_kind_and_place_but_not_its_message():
    text = written(ValueError(f"Key (id_no)=({CANARY}) already exists"))
    assert "builtins.ValueError" in text
    assert "test_logs.py" in text
    assert "E-42" in text
    assert CANARY not in text


def test_nobody_writes_a_line_of_their_own_into_the_log():
    forged = "Not Found: /items\r\n2026-11-24 10:00:00 INFO people signed in: huanghai\x1b[2J\u2028x"
    for formatter in (Plain(), Json()):
        record = logging.LogRecord("web", logging.INFO, __file__, 1, "%s", (forged,), None)
        line = formatter.format(record)
        assert len(line.splitlines()) == 1
        assert "\\r\\n2026" in (json.loads(line)["message"] if line.startswith("{") else line)
        assert "\x1b" not in line
    assert len(written(ValueError("x")).splitlines()) > 1, "frames stay on lines of their own"


def test_a_json_line_says_the_same_and_no_more():
    try:
        raise ValueError(f"Key (id_no)=({CANARY}) already exists")
    except ValueError as error:
        record = logging.LogRecord(
            "yichuang.web", logging.ERROR, __file__, 1, "error %s", ("E-42",), (ValueError, error, error.__traceback__)
        )
    record.facts = {"route": "portal:home", "status": 500}
    with trail.begun() as work:
        line = Json().format(record)
    told = json.loads(line)
    assert len(line.splitlines()) == 1
    assert CANARY not in line
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "yichuang.web", "error E-42")
    assert (told["request"], told["route"], told["status"]) == (work, "portal:home", 500)
    assert told["error"] == "builtins.ValueError"
    assert any("test_logs.py" in frame for frame in told["frames"])
    assert told["time"].endswith("+00:00")
    assert "request" not in json.loads(Json().format(record)), "outside of a request there is none"


def test_the_form_of_the_lines_is_chosen_strictly(monkeypatch):
    monkeypatch.delenv("YICHUANG_LOGS", raising=False)
    assert chosen() == "yichuang.settings.logs.Json"
    monkeypatch.setenv("YICHUANG_LOGS", "plain")
    assert chosen() == "yichuang.settings.logs.Plain"
    monkeypatch.setenv("YICHUANG_LOGS", "Plain")
    with pytest.raises(RuntimeError, match="json or plain"):
        chosen()


def test_a_violated_constraint_is_named():
    class Diagnosed(psycopg.errors.UniqueViolation):
        diag = type("Diag", (), {"constraint_name": "party_one_identity"})()

    outer = RuntimeError(CANARY)
    outer.__cause__ = Diagnosed(CANARY)
    text = written(outer)
    assert "constraint=party_one_identity" in text
    assert CANARY not in text


def test_the_environment_is_read_strictly(monkeypatch, tmp_path):
    monkeypatch.setenv("YICHUANG_X", "true")
    with pytest.raises(RuntimeError, match="True or False"):
        env_bool("YICHUANG_X", True)
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("YICHUANG_Y_FILE", str(tmp_path / "secret"))
    assert env("YICHUANG_Y") == "from a file"
    assert env_list("YICHUANG_Z", "a, b,,") == ["a", "b"]


@pytest.mark.parametrize(
    ("url", "host", "port", "name"),
    [
        ("postgresql://me@/db?host=/run/pg", "/run/pg", "", "db"),
        ("postgresql://me:p%40ss@db.example:6432/one", "db.example", "6432", "one"),
        ("postgresql:///yichuang", "", "", "yichuang"),
    ],
)
def test_database_addresses(url, host, port, name):
    found = database(url)
    assert (found["HOST"], found["PORT"], found["NAME"]) == (host, port, name)


def test_other_databases_are_refused():
    with pytest.raises(RuntimeError, match="PostgreSQL 15"):
        database("sqlite:///file.db")


@pytest.mark.parametrize("formatter", [Plain(), Json()])
def test_the_code_of_a_link_is_in_no_line(formatter):
    for line in (
        "GET /s/7KQ2ABCD 200",
        "GET /h/7KQ2ABCD/s/7KQ2ABCD 200",
        "Not Found: /s/7KQ2ABCD/papers/dog_photos",
        "http://127.0.0.1:8000/s/7KQ2ABCD",
    ):
        record = logging.LogRecord("web", logging.INFO, __file__, 1, "%s", (line,), None)
        assert "7KQ2ABCD" not in formatter.format(record)
        assert "/s/…" in formatter.format(record)
