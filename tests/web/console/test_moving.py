"""Moving open cases between versions on the console: what would move and why not, then only what was ticked."""

import pytest
from tests.cases.test_moving import NEW
from tests.catalog.dog import copy_of_pack, spoil

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.models import Case
from yichuang.catalog import commands as catalog
from yichuang.catalog.queries import list_versions
from yichuang.core.actors import SYSTEM

PAGE, DOG = "/console/items/yangquan-dengji/moving/", "yangquan-dengji"


@pytest.fixture
def numbers(demo, tmp_path, monkeypatch):
    """Two open cases, of which one is accepted, and a newer version that asks for a pledge."""
    filed = [demo.file(demo.actor("zhangxiao")) for _ in range(2)]
    accept_case(actor=demo.actor("lina"), number=filed[1].number, version=1, findings={}, at=demo.at)
    folder, newest = copy_of_pack(tmp_path), list_versions(DOG)[0][0]
    spoil(folder, "item.yaml", "version: 1\n", f"version: {newest + 1}\n")
    spoil(folder, "materials.yaml", "materials:\n", NEW)
    monkeypatch.setattr("yichuang.catalog.commands.publish.all_examples", lambda *_: [])
    catalog.publish_pack(folder=folder, actor=SYSTEM, at=demo.at)
    return [receipt.number for receipt in filed]


def version_of(number):
    return Case.objects.get(number=number).item_version


def test_only_what_is_ticked_moves_once_and_the_rest_says_why_not(desk, numbers):
    editor = desk("wuqian")
    free, accepted = numbers
    new = list_versions(DOG)[0][0]
    assert "把在办的办件迁移到新版本" in editor.get(f"/console/items/{DOG}/")
    page = editor.get(PAGE)
    assert f"第 {new - 1} 版 → 第 {new} 版" in page
    assert "要补：文明养犬承诺" in page
    assert f'value="{free}"' in page
    assert f'value="{accepted}"' not in page
    assert accepted in page
    assert "留在原版本" in page
    assert "请勾选要迁移的办件" in editor.post(PAGE).content.decode()
    asked = editor.asks(PAGE, number=[free])
    assert version_of(free) == new - 1
    other = desk("wuyue")
    assert "要补：文明养犬承诺" in other.get(asked)
    assert other.confirms(asked).status_code == 302
    assert [version_of(free), version_of(accepted)] == [new, new - 1]
    again = editor.post(PAGE, number=[free])
    assert (again.status_code, "请重新核对" in again.content.decode()) == (409, True)
    assert other.confirms(editor.asks(PAGE, number=[accepted])).status_code == 302
    assert version_of(accepted) == new - 1, "an obstacle is never pressed away"
    editor.get(f"{PAGE}?from=77", status=404)
    desk("shilei").get(PAGE, status=404)


def test_without_an_older_version_nothing_is_there_to_move(desk, demo):
    assert "没有可以迁移的版本" in desk("wuqian").get(PAGE)
