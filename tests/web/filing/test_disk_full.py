"""The disk is nearly full: files stop first, in plain words, and a case without files is filed, accepted and papered."""

import errno
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from tests.web.filing.conftest import photo

from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.models import Case, Upload
from yichuang.cases.storage import keep_file
from yichuang.core.disk import Room
from yichuang.core.ids import new_id
from yichuang.core.refusals import Refused
from yichuang.people.commands import issue_token
from yichuang.people.models import Account

ZH, EN = "系统存储空间不足，暂时不能接收文件", "takes no files right now"


@pytest.fixture
def full(settings):
    settings.YICHUANG_DISK_FLOOR_MB = 10**9


def sealed_files():
    return sorted(path for path in (Path(settings.YICHUANG_DATA) / "uploads").rglob("*") if path.is_file())


def test_a_file_leaves_the_floor_free():
    room = Room(total=1000, free=300, floor=100)
    assert (room.holds(), room.holds(200), room.holds(201)) == (True, True, False)


def test_files_are_refused_in_words_and_nothing_typed_is_lost(wizard, full):
    walk = wizard()
    walk.fill()
    before = sealed_files()
    page = walk.upload("owner_id", photo("身份证.jpg"))
    assert page.status_code == 422
    text = page.content.decode()
    assert ZH in text
    assert "材料后补" in text
    piece = walk.upload("owner_id", photo("身份证.jpg"), headers={"hx-request": "true"})
    assert piece.status_code == 503
    assert f"“身份证.jpg”：{ZH}" in piece.content.decode()
    assert sealed_files() == before
    assert "豆豆" in walk.get("form-dog").content.decode()


def test_a_case_without_files_is_filed_and_goes_on(wizard, demo, full):
    walk = wizard()
    walk.fill()
    answer = walk.submit()
    assert answer.status_code == 302, answer.content.decode()
    case = Case.objects.get()
    head = notify_gaps(actor=demo.actor("lina"), number=case.number, version=case.version, findings={}, at=demo.at)
    assert head.state == "CORRECTING"
    page = walk.client.get(f"/my/cases/{case.number}").content.decode()
    (notice, *_) = re.findall(r"/my/documents/[0-9a-f-]{36}", page)
    assert b"".join(walk.client.get(notice)).startswith(b"%PDF"), "papers that the law asks for are still written"


def test_programs_get_503_with_both_languages(client, demo, full):
    token = issue_token(account=Account.objects.get(username="zhangxiao").id, at=demo.at)
    answer = client.post("/api/v1/uploads", {"file": photo()}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 503
    (reason,) = answer.json()["reasons"]
    assert reason["code"] == "DISK_NEARLY_FULL"
    assert ZH in reason["message"]
    assert EN in reason["message_en"]


def test_a_disk_that_fills_up_while_a_file_is_written_keeps_no_half_file(demo, monkeypatch):
    before, rows = sealed_files(), Upload.objects.count()

    def fsync(number):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Refused) as refused:
        demo.upload(demo.actor("zhangxiao"))
    assert (refused.value.status, refused.value.reasons[0].code) == (503, "DISK_NEARLY_FULL")
    assert sealed_files() == before
    assert Upload.objects.count() == rows


def test_another_trouble_with_the_disk_stays_a_fault(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda number: os.close(-1))
    with pytest.raises(OSError, match="Bad file"):
        keep_file(new_id(), b"x")
