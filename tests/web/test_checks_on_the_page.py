"""后续核查 in the office: the page offers what the command would accept, and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.cases.test_checks import PICTURE, Shop
from tests.demo import Demo

from yichuang.cases.commands.checks import add_check_photo, arrange_check, write_check
from yichuang.cases.rules.inspection import Record
from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD

Offered = Callable[[str], dict[str, bool]]


@pytest.fixture
def shop(demo: Demo) -> Shop:
    return Shop(demo)


@pytest.fixture
def offered(client, shop: Shop) -> Offered:
    """Which steps somebody of the staff can press on the page of the check."""

    def look(username: str) -> dict[str, bool]:
        with fixed(shop.at):
            client.post("/sign-out")
            client.post("/sign-in", {"way": "password", "username": username, "password": PASSWORD})
            page = client.get(f"/office/checks/{shop.id}/").content.decode()
        steps = ("arrange-check", "photo-check", "record-check", "sign-check", "miss-check", "end-check")
        return {step: f'action="/office/checks/{shop.id}/{step}/"' in page for step in steps}

    return look


def these(*steps: str) -> dict[str, bool]:
    known = ("arrange-check", "photo-check", "record-check", "sign-check", "miss-check", "end-check")
    return {step: step in steps for step in known}


def test_before_anybody_signs_it_is_arranged_photographed_put_on_record_or_put_off(
    shop: Shop, offered: Offered
) -> None:
    assert offered("helian") == these("arrange-check", "miss-check")
    shop.do(arrange_check, plan=shop.plan())
    assert offered("helian") == these("arrange-check", "photo-check", "record-check", "miss-check")


def test_behind_the_first_signature_nothing_is_put_off_or_photographed_but_it_can_be_arranged_anew(
    shop: Shop, offered: Offered
) -> None:
    shop.do(arrange_check, plan=shop.plan())
    shop.at += timedelta(days=1)
    shop.do(add_check_photo, photo=PICTURE)
    shop.do(write_check, record=Record(shop.at, "设施齐全", True, "店长", "signed", ""))
    assert offered("helian") == these("arrange-check", "record-check")
    assert offered("leiming") == these("record-check", "sign-check")
