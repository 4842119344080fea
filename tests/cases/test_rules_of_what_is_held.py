"""免证办: what stands for a paper and what does not, without a database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from yichuang.cases.fetched import HeldState
from yichuang.cases.rules.held import of_answer, of_certificate, plain, will_do
from yichuang.core.words import W
from yichuang.registry.values import WHY, Answer, Base, Trust

AT, CARD = datetime(2026, 11, 24, 2, tzinfo=UTC), W("老年优待证", "senior card")


@dataclass
class Found:
    certificate: Any
    validity: Any
    look: UUID | None


ROW = SimpleNamespace(
    id=UUID(int=1), name=CARD, data={"holder": "张晓", "level": "1"}, labels={"holder": "持证人"}, number="LH-1",
    valid_to=date(2030, 1, 1), issuer_name=W("民政局", "civil affairs"), status_at=AT,
)  # fmt: skip


def test_a_certificate_in_force_stands_for_the_paper_with_what_it_says() -> None:
    said = of_certificate(Found(ROW, "valid", UUID(int=2)))
    assert (said.state, said.why, said.number, said.look) == (HeldState.FETCHED, None, "LH-1", UUID(int=2))
    assert said.kept == {"持证人": "张晓", "level": "1"}
    assert (said.data, said.as_of, said.valid_to) == (ROW.data, AT, date(2030, 1, 1))


@pytest.mark.parametrize("validity", ["expired", "revoked"])
def test_one_that_ended_says_so_and_nothing_else(validity: str) -> None:
    said = of_certificate(Found(ROW, validity, None))
    assert said.state is HeldState.ENDED
    assert said.why is not None
    assert "老年优待证" in said.why.zh
    assert (dict(said.data), dict(said.kept), said.number) == ({}, {}, "")


def answer(base: Base, state: Any, **more: Any) -> Answer:
    return Answer("q", base, state, as_of=AT, **more)


@pytest.mark.parametrize(
    ("given", "type_code", "state"),
    [
        (answer(Base.POPULATION, "found", fields={"name": "张晓"}), None, HeldState.FETCHED),
        (answer(Base.POPULATION, "none"), None, HeldState.NOTHING),
        (answer(Base.POPULATION, "unknown", fault="slow"), None, HeldState.SILENT),
        (answer(Base.CERTIFICATES, "found", fields={"types": ("T1", "T2")}), "T2", HeldState.FETCHED),
        (answer(Base.CERTIFICATES, "found", fields={"types": ("T1",)}), "T2", HeldState.NOTHING),
        (answer(Base.CERTIFICATES, "found", fields={"types": "T2"}), "T2", HeldState.NOTHING),
        (answer(Base.CERTIFICATES, "found"), "T2", HeldState.NOTHING),
        (answer(Base.CERTIFICATES, "none"), "T2", HeldState.NOTHING),
    ],
)
def test_only_a_sure_answer_stands_for_a_paper(given: Answer, type_code: str | None, state: HeldState) -> None:
    said = of_answer(given, CARD, type_code)
    assert (said.state, said.as_of) == (state, AT)
    assert (said.why is None) == (state is HeldState.FETCHED)
    assert bool(said.data) == (state is HeldState.FETCHED and given.base is Base.POPULATION)


@pytest.mark.parametrize(("more", "why"), [({"fault": "slow"}, WHY["slow"]), ({}, WHY["down"]), ({"why": CARD}, CARD)])
def test_who_gave_no_answer_is_named_with_the_reason(more: dict[str, Any], why: Any) -> None:
    said = of_answer(answer(Base.POPULATION, "unknown", **more), CARD, None)
    assert said.why is not None
    assert why.zh in said.why.zh


def test_what_is_kept_is_as_json_holds_it() -> None:
    assert plain({"born": date(1990, 1, 1), "paid": Decimal("1.50"), "alive": True}) == {
        "born": "1990-01-01",
        "paid": "1.50",
        "alive": True,
    }


@pytest.mark.parametrize("least", Trust)
@pytest.mark.parametrize("level", Trust)
def test_a_paper_is_used_once_more_while_it_is_fresh_and_as_good_as_is_asked(level: Trust, least: Trust) -> None:
    today = date(2026, 11, 24)
    good = "ABCD".index(level.value) <= "ABCD".index(least.value)
    said = [will_do(level, today - timedelta(days), least=least, days=90, today=today) for days in (0, 89, 90, 91, 400)]
    assert said == [good, good, good, False, False]


def test_values_fetched_for_a_paper_are_never_written_to_a_log() -> None:
    said = of_certificate(Found(ROW, "valid", UUID(int=2)))
    assert said.data["holder"] == said.kept["持证人"] == "张晓"
    assert "张晓" not in repr(said)
