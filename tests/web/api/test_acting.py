"""The body of an act says in its fields what the command asks: no word is missing, none is there that it does not know."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from yichuang.web import api

FOLDER = Path(api.__file__).parent
GIVEN = {"acted": {"actor", "number", "version", "at"}, "_step": {"actor", "proceeding", "version", "at"}}
PLACES = {"acted": (0, 3), "_step": (4, 3)}  # where the command and the body stand among the arguments


def acts() -> list[tuple[str, str, str, str, frozenset[str]]]:
    """(module, helper, command, class of the body, fields in another shape) of each act."""
    found = []
    for file in sorted(FOLDER.glob("*.py")):
        for function in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or function.name in GIVEN:
                continue
            classes = {one.arg: ast.unparse(one.annotation) for one in function.args.args if one.annotation}
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and (helper := ast.unparse(call.func)) in GIVEN:
                    command, body = (ast.unparse(call.args[at]) for at in PLACES[helper])
                    shaped = frozenset(str(one.arg) for one in call.keywords)
                    found.append((file.stem, helper, command, classes[body], shaped))
    return found


ACTS = acts()


def test_most_acts_are_said_this_way() -> None:
    assert len(ACTS) > 30


@pytest.mark.parametrize(("module", "helper", "command", "body", "shaped"), ACTS, ids=[act[2] for act in ACTS])
def test_the_fields_of_the_body_are_the_words_of_the_command(
    module: str, helper: str, command: str, body: str, shaped: frozenset[str]
) -> None:
    home = import_module(f"yichuang.web.api.{module}")
    do: Any = home
    for name in command.split("."):
        do = getattr(do, name)
    said = set(getattr(home, body).model_fields) - {"version"}
    words = inspect.signature(do).parameters
    assert shaped <= said, "what is shaped otherwise is a field of the body"
    assert said <= words.keys() - GIVEN[helper]
    needed = {name for name, word in words.items() if word.default is inspect.Parameter.empty}
    assert needed <= said | GIVEN[helper]
