"""People of the cast behind the counter's door: signed in as at a desk, on the demo's day."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.demo import TUESDAY, Demo

from yichuang.core import clock

PASSWORD = "Demo-2026-yichuang"
USERS = {
    "李娜": "lina",
    "赵敏": "zhaomin",
    "周洁": "zhoujie",
    "陈刚": "chengang",
    "王强": "wangqiang",
    "马丽": "mali",
    "林芳": "linfang",
    "张晓": "zhangxiao",
    "陌生人": "moshengren",
}


@pytest.fixture
def tuesday() -> Iterator[datetime]:
    """The clock of the pages stands where the demo's stands."""
    with clock.fixed(TUESDAY) as at:
        yield at


@pytest.fixture
def as_user(demo: Demo, tuesday: datetime) -> Callable[[str], Client]:
    """`as_user("李娜")`: a browser in which she has signed in by her password."""

    def sign_in(name: str, *, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        answer = client.post("/sign-in", {"username": USERS[name], "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return client

    return sign_in


@pytest.fixture
def dog_form() -> dict[str, Any]:
    """What 张晓 tells at the window, as the page's fields."""
    return {
        "answer:applicant_kind": "person",
        "answer:housing": "own",
        "/owner/name": "张晓",
        "/owner/id_type": "111",
        "/owner/cn_id": "440303199003079003",
        "/owner/mobile": "13800000001",
        "/address/street": "440303001",
        "/address/detail": "桂园社区桂园路 1 号 2 栋 301",
        "/dog/name": "豆豆",
        "/dog/breed": "corgi",
        "/dog/sex": "male",
        "/dog/birth_month": "2024-05",
        "/dog/colour": "黄白",
        "/dog/shoulder_cm": "28",
        "/dog/sterilised#": "0",
        "/dog/chip": "999000000000001",
        "/immunity/certificate_no": "LH-2026-000123",
        "/immunity/vaccine": "狂犬病灭活疫苗",
        "/immunity/clinic": "罗湖示例动物诊所",
        "/immunity/date": "2026-01-10",
        "/immunity/next_due": "2027-01-09",
        "/promise#": "0",
        "/promise": "true",
        "key": str(uuid4()),
        "confirmed": "paper",
        "step": "file",
    }
