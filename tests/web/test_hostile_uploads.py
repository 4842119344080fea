"""Hostile files at every door: refused with a clear reason in the person's language, or kept and handed out harmless."""

import io
import json
import re
import subprocess
import sys
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.files import embedded, pdf, picture, script

from yichuang.cases.commands.accept import accept_with_gaps
from yichuang.cases.commands.supplement import make_supply_link
from yichuang.cases.models import Draft, MaterialFile, Upload
from yichuang.core.clock import fixed
from yichuang.people import cast
from yichuang.people.commands import issue_token
from yichuang.people.models import Account

from .hostile import BAD_IN_NAMES, HTML, Hostile, corpus, object_stream_bomb

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@pytest.fixture(autouse=True)
def _now(demo: Any) -> Any:
    with fixed(demo.at):
        yield


class Api:
    """POST /api/v1/uploads."""

    def __init__(self, demo: Any, locale: str) -> None:
        token = issue_token(account=Account.objects.get(username="zhangxiao").id, at=demo.at)
        self.client = Client(headers={"authorization": f"Bearer {token}", "accept-language": locale})

    def send(self, hostile: Hostile) -> tuple[int, str]:
        answer = self.client.post("/api/v1/uploads", {"file": _file(hostile)})
        return answer.status_code, answer.content.decode()


class Portal:
    """The papers of a draft."""

    def __init__(self, demo: Any, locale: str) -> None:
        self.client = Client(headers={"accept-language": locale})
        assert self.client.post("/sign-in", {"username": "zhangxiao", "password": cast.PASSWORD}).status_code == 302
        address = self.client.post("/file/yangquan-dengji", {})["location"].split("/step/")[0]
        self.client.post(f"{address}/step/situation", {"/applicant_kind": "person"})
        self.address = f"{address}/papers/owner_id"

    def send(self, hostile: Hostile) -> tuple[int, str]:
        answer = self.client.post(self.address, {"/materials/owner_id": _file(hostile)})
        Draft.objects.update(materials={})  # the paper takes two files: make room for the next
        return answer.status_code, answer.content.decode()


class Link:
    """A phone with a scoped code, nobody signed in."""

    def __init__(self, demo: Any, locale: str) -> None:
        papers = ("owner_id", "property_certificate", "immunity_certificate")
        receipt = demo.file(demo.actor("zhangxiao"), materials=papers)
        accept_with_gaps(
            actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at
        )
        code = make_supply_link(actor=demo.actor("lina"), number=receipt.number, materials=[], at=demo.at)
        self.client, self.address = Client(headers={"accept-language": locale}), f"/s/{code}/papers/dog_photos"

    def send(self, hostile: Hostile) -> tuple[int, str]:
        answer = self.client.post(self.address, {"/materials/dog_photos": _file(hostile)})
        return answer.status_code, answer.content.decode()


def _file(hostile: Hostile) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", hostile.content, "application/pdf")
    file._name = hostile.name  # type: ignore[attr-defined]  # Django's own setter would tidy it
    return file


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("door", [Api, Portal, Link])
def test_every_hostile_file_is_refused_with_its_reason_or_kept_harmless(door: Any, locale: str, demo: Any) -> None:
    opened = door(demo, locale)
    for what, hostile in corpus().items():
        files, attached = Upload.objects.count(), MaterialFile.objects.count()
        status, page = opened.send(hostile)
        kept = hostile.code == "" and not (door is Link and hostile.name.endswith(".pdf"))
        assert status in ({200, 201, 302} if kept else {413, 422}), (what, page[:3000])
        assert Upload.objects.count() == files + kept, f"{what}: nothing half-kept"
        assert MaterialFile.objects.count() == attached
        if kept:
            row = Upload.objects.order_by("-id").first()
            assert row is not None
            assert len(row.name) <= 100, what
            assert not any(sign in row.name for sign in BAD_IN_NAMES), (what, row.name)
            assert row.name.endswith(f".{row.kind}"), "the ending is what the content is"
        else:
            assert door is not Api or hostile.code in {reason["code"] for reason in json.loads(page)["reasons"]}, what
            assert re.search(r"[\u4e00-\u9fff]" if locale == "zh-CN" else r"[A-Za-z]{3} [a-z]", page), what
        assert "<script>" not in page.replace("<script src", "")


def test_what_is_kept_is_handed_out_as_an_attachment_in_a_sandbox(demo: Any) -> None:
    door = Portal(demo, "zh-CN")
    for what, hostile in corpus().items():
        if hostile.code:
            continue
        door.send(hostile)
        row = Upload.objects.order_by("-id").first()
        assert row is not None
        answer = door.client.get(f"/my/files/{row.id}")
        assert answer["Content-Disposition"].startswith("attachment; "), what
        assert "\r" not in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == SANDBOX
        assert answer["Cache-Control"] == "no-store"
        if row.kind == "jpg":
            assert HTML not in answer.content, "only pixels are kept"
            assert b"CANARY" not in answer.content
            assert not Image.open(io.BytesIO(answer.content)).getexif()


def test_all_faults_of_a_file_are_told_at_once_in_both_languages(demo: Any) -> None:
    both = Hostile("合同.pdf", pdf(lambda document: (script(document), embedded(document))[0]))
    assert {"脚本", "夹带"} <= set(re.findall("脚本|夹带", Portal(demo, "zh-CN").send(both)[1]))
    assert {"scripts", "embedded"} <= set(re.findall("scripts|embedded", Portal(demo, "en").send(both)[1]))


def test_a_bomb_dropped_for_verification_is_answered(demo: Any) -> None:
    """The one door for files where nobody has signed in."""
    bomb = SimpleUploadedFile("证照.pdf", object_stream_bomb(100), "application/pdf")
    answer = Client().post("/api/v1/verify", {"file": bomb})
    assert answer.status_code == 200, answer.content
    assert answer.json()["verdict"] == "unknown"


MEMORY = """
import io, resource, sys
sys.path[:0] = sys.argv[1:]
from tests.web.hostile import corpus, object_stream_bomb
from yichuang.core.refusals import Refused
from yichuang.webkit.uploads import sniff_and_clean
jobs = [(h.name, h.content) for what, h in corpus().items()]
jobs += [("a.pdf", object_stream_bomb(500))]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, content in jobs:
    try:
        sniff_and_clean(name, io.BytesIO(content))
    except Refused:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_no_hostile_file_costs_more_memory_than_a_large_photograph() -> None:
    """In a process of its own: what the worst of them adds to its peak, in MB (a good photograph may take 150)."""
    paths = [path for path in sys.path if path]
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, *paths], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 200


def test_a_flood_of_good_files_ends_at_the_budget(demo: Any) -> None:
    from yichuang.cases.commands.drafts import MAX_UPLOADS_A_DAY

    actor = demo.actor("zhangxiao")
    for _ in range(MAX_UPLOADS_A_DAY):
        demo.upload(actor)
    status, page = Api(demo, "zh-CN").send(Hostile("a.jpg", picture()))
    assert status == 429
    assert str(MAX_UPLOADS_A_DAY) in page
