"""What may come in through the links of a case (补交链接) has a limit that no new link lifts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yichuang.cases.commands import drafts
from yichuang.cases.commands.accept import accept_with_gaps
from yichuang.cases.commands.supplement import LINK_LIFE, MAX_LIVE_LINKS, make_supply_link
from yichuang.core.actors import Actor, Channel
from yichuang.core.ids import new_id
from yichuang.core.refusals import Refused

BEFORE_MIDNIGHT = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai


@pytest.fixture
def waiting(demo: Any) -> Any:
    """A case that was accepted while the dog's photographs are promised."""
    papers = ("owner_id", "property_certificate", "immunity_certificate")
    receipt = demo.file(demo.actor("zhangxiao"), materials=papers)
    accept_with_gaps(
        actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at
    )
    return receipt


def upload(actor: Actor, at: datetime) -> object:
    return drafts.store_upload(actor=actor, name="a.jpg", kind="jpg", content=b"a", pages=1, sha256="0" * 64, at=at)


def test_a_case_has_no_more_links_at_once_than_anybody_needs(demo: Any, waiting: Any) -> None:
    def make(at: datetime) -> str:
        return make_supply_link(actor=demo.actor("zhangxiao"), number=waiting.number, materials=[], at=at)

    for _ in range(MAX_LIVE_LINKS):
        make(demo.at)
    with pytest.raises(Refused) as refused:
        make(demo.at)
    assert [reason.code for reason in refused.value.reasons] == ["TOO_MANY_LINKS"]
    assert make(demo.at + LINK_LIFE)


def test_all_links_of_a_case_share_one_budget_of_the_halls_day(waiting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_UPLOADS_A_LINK", 2)
    one, another = (Actor(kind="link", case=waiting.case_id, link=new_id(), channel=Channel.LINK) for _ in range(2))
    upload(one, BEFORE_MIDNIGHT)
    upload(another, BEFORE_MIDNIGHT)
    for link in (one, another):
        with pytest.raises(Refused) as refused:
            upload(link, BEFORE_MIDNIGHT)
        assert refused.value.kind == "too_many"
    assert upload(another, BEFORE_MIDNIGHT + timedelta(minutes=1))
