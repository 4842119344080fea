"""Moving the review of accepted cases to a newer process, on the console: the map first, then what was ticked."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cases.processes import DOG, WHOLE, publish
from tests.cases.test_moving_processes import NEWER
from tests.cases.test_process_of_a_case import Run

PAGE = f"/console/items/{DOG}/process/"


@pytest.fixture
def run(demo: Any, tmp_path: Any, monkeypatch: Any) -> Run:
    publish(tmp_path, monkeypatch, demo.at, WHOLE.replace("NEED", "any"))
    found = Run(demo)
    found.at += timedelta(minutes=1)
    publish(tmp_path, monkeypatch, found.at, NEWER)
    return found


def test_the_map_says_who_can_move_and_a_second_editor_confirms(desk: Any, run: Run) -> None:
    editor, other = desk("wuqian"), desk("wuyue")
    editor.at = other.at = run.at
    assert "审查中的办件改按新版本的流程" in editor.get(f"/console/items/{DOG}/")
    page = editor.get(PAGE)
    assert "没有对应的环节" in page
    assert "留在原流程" in page  # the step that has another name now is not guessed
    assert "“街道审查”：对照表没有写明它对应新流程的哪一步" in page
    assert f'value="{run.number}"' not in page
    tried = editor.get(f"{PAGE}?to-street=check&to-decide=decide")
    assert f'value="{run.number}"' in tried
    assert "请勾选要迁移的办件" in editor.post(PAGE, **{"to-street": "check"}).content.decode()
    asked = editor.asks(PAGE, number=[run.number], **{"to-street": "check", "to-decide": "decide"})
    assert run.held == {"street": "CGZF.street_review"}
    assert "街道审查 → 执法审查" in other.get(asked)
    assert other.confirms(asked).status_code == 302
    assert run.held == {"check": "CGZF.review"}
    again = editor.post(PAGE, number=[run.number], **{"to-street": "check"})
    assert (again.status_code, "请重新核对" in again.content.decode()) == (409, True)
    assert "0 件在按第" in editor.get(PAGE)
    desk("shilei").get(PAGE, status=404)


def test_without_an_older_version_there_is_no_process_to_move(desk: Any, demo: Any) -> None:
    assert "没有可以迁移的版本" in desk("wuqian").get(PAGE)
    assert "A process can move only where there is a version before" in desk("wuqian", "en").get(PAGE)
