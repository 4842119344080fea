"""Browsers of the demo's people, at the demo's working moment, and files to hand in."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yichuang.core.clock import fixed
from yichuang.people import cast

ODD = '🐕𠮷䶮㛃<b>"x"&{{7*7}}</b>'  # an emoji, characters outside the basic plane and of extension A, markup


def photo(name: str = "照片.jpg", colour: str = "brown") -> SimpleUploadedFile:
    """A real picture."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def signed_in(demo: Any) -> Callable[..., Client]:
    """`signed_in("zhangxiao")`: a browser in which that person has signed in."""

    def open_browser(username: str, locale: str = "zh-CN") -> Client:
        browser = Client(headers={"accept-language": locale})
        with fixed(demo.at):
            answer = browser.post("/sign-in", {"username": username, "password": cast.PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return browser

    return open_browser


@pytest.fixture(autouse=True)
def _working_moment(demo: Any) -> Iterator[None]:
    with fixed(demo.at):
        yield


class Wizard:
    """Goes through the pages as a browser does."""

    def __init__(self, client: Client, item: str = "yangquan-dengji") -> None:
        self.client, self.item = client, item
        answer = client.post(f"/file/{item}", {})
        assert answer.status_code == 302, answer.content.decode()
        self.address = answer["location"].split("/step/")[0]

    def get(self, step: str) -> Any:
        return self.client.get(f"{self.address}/step/{step}")

    def post(self, step: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"{self.address}/step/{step}", data or {})

    def upload(self, material: str, *files: SimpleUploadedFile, **headers: str) -> Any:
        return self.client.post(f"{self.address}/papers/{material}", {f"/materials/{material}": list(files)}, **headers)

    def fill(self, **changes: str) -> None:
        """Everything right; `changes` by the last part of the field's name."""
        assert self.post("situation", {"/applicant_kind": "person"})["location"].endswith("#f-housing")
        assert self.post("situation", {"/applicant_kind": "person", "/housing": "own"})["location"].endswith(
            "form-owner"
        )
        for step, fields in PAGES.items():
            data = {name: changes.get(name.rpartition("/")[2], value) for name, value in fields.items()}
            answer = self.post(step, data)
            assert answer.status_code == 302, answer.content.decode()
            assert f"/step/{step}" not in answer["location"]

    def submit(self) -> Any:
        return self.client.post(f"{self.address}/submit")


PAGES: dict[str, dict[str, str]] = {
    "form-address": {"/address/street": "440303001", "/address/detail": "桂园社区桂园路 1 号 2 栋 301"},
    "form-dog": {
        "/dog/name": "豆豆", "/dog/breed": "corgi", "/dog/sex": "male", "/dog/birth_month": "2024-05",
        "/dog/colour": "黄白", "/dog/shoulder_cm": "28", "/dog/sterilised#": "0", "/dog/chip": "999000000000001",
    },
    "form-immunity": {
        "/immunity/certificate_no": "LH-2026-000123", "/immunity/vaccine": "狂犬病灭活疫苗",
        "/immunity/clinic": "罗湖示例动物诊所", "/immunity/date": "2026-10-10", "/immunity/next_due": "2027-10-09",
    },
    "form-promise": {"/promise": "true"},
}  # fmt: skip


@pytest.fixture
def wizard(signed_in: Callable[..., Client]) -> Callable[..., Wizard]:
    def begin(username: str = "zhangxiao", locale: str = "zh-CN") -> Wizard:
        return Wizard(signed_in(username, locale))

    return begin
