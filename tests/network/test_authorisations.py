"""委托受理: who lets a place receive in whose name, from when to when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from yichuang.core import ledger, roles
from yichuang.core.actors import Actor, Grant
from yichuang.core.events import _handlers, subscribe
from yichuang.core.refusals import NotFound, Refused
from yichuang.network import queries
from yichuang.network.commands import end_authorisation, grant_authorisation
from yichuang.network.events import AuthorisationEnded
from yichuang.network.models import Authorisation

pytestmark = pytest.mark.usefixtures("network")
SEAL = "罗湖区人力资源局受理专用章（演示）"


def grant(chief: Actor, at: datetime, **changes: Any) -> tuple[UUID, ...]:
    """人力资源局 authorises a specialised hall that it has not authorised yet."""
    values: dict[str, Any] = {
        "department": queries.get_department("RLZY").id,
        "place": queries.get_place("LH-Z1").id,
        "valid_from": date(2026, 12, 1),
        "valid_to": date(2027, 11, 30),
        "seal_name": SEAL,
        "items": ("shiye-dengji",),
        "number": "演示〔2026〕1 号",
    }
    return grant_authorisation(actor=chief, at=at, **(values | changes))


def at_z1(on: date, item: str = "shiye-dengji") -> Any:
    return queries.authorisation(queries.get_place("LH-Z1").id, queries.get_department("RLZY").id, item, on)


def test_an_authorisation_counts_from_its_first_to_its_last_day_both_included(chief: Actor, at: datetime) -> None:
    (id,) = grant(chief, at)
    assert at_z1(date(2026, 11, 30)) is None
    assert at_z1(date(2027, 12, 1)) is None
    for day in (date(2026, 12, 1), date(2027, 11, 30)):
        row = at_z1(day)
        assert row is not None
        assert (row.id, row.seal_name) == (id, SEAL)
    assert at_z1(date(2026, 12, 1), "other-item") is None
    (entry,) = ledger.list_entries(ledger.Subject("authorisation", id))
    assert (entry.act, entry.detail["place"]) == ("network.authorisation_granted", "LH-Z1")


def test_a_paper_for_one_item_goes_before_one_for_all(chief: Actor, at: datetime) -> None:
    grant(chief, at, items=(), seal_name="通用受理专用章（演示）")
    grant(chief, at)
    on = date(2026, 12, 1)
    assert at_z1(on).seal_name == SEAL
    assert at_z1(on, "other-item").seal_name == "通用受理专用章（演示）"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 12, 1), None),
        (date(2027, 11, 30), date(2028, 1, 1)),
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2027, 1, 1), date(2027, 2, 1)),
    ],
)
def test_two_papers_for_the_same_item_and_day_are_refused(
    chief: Actor, at: datetime, start: date, end: date | None
) -> None:
    grant(chief, at)
    with pytest.raises(Refused, match="AUTHORISATION_OVERLAPS"):
        grant(chief, at, valid_from=start, valid_to=end)


def test_papers_that_follow_each_other_are_not_an_overlap(chief: Actor, at: datetime) -> None:
    grant(chief, at)
    grant(chief, at, valid_from=date(2027, 12, 1), valid_to=None)
    grant(chief, at, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30))


def test_the_database_itself_refuses_an_overlap(chief: Actor, at: datetime) -> None:
    (id,) = grant(chief, at)
    row = Authorisation.objects.get(pk=id)
    row.pk = UUID(int=7)
    row._state.adding = True
    with pytest.raises(IntegrityError, match="network_authorisation_no_overlap"), transaction.atomic():
        row.save()


def test_every_fault_of_a_grant_is_told_at_once(chief: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        grant(
            chief,
            at,
            place=queries.get_place("LH-E01").id,
            valid_to=date(2026, 11, 1),
            seal_name=" ",
            items=("getihu-sheli",),
        )
    assert [reason.code for reason in refused.value.reasons] == [
        "PLACE_TAKES_NO_FILINGS",
        "ENDS_BEFORE_START",
        "SEAL_MISSING",
        "ITEM_OF_ANOTHER_DEPARTMENT",
    ]


def test_only_the_department_itself_authorises(
    manager: Actor, administrator: Actor, li_na: Actor, chief: Actor, at: datetime
) -> None:
    for actor in (manager, administrator, li_na):
        with pytest.raises(Refused) as refused:
            grant(actor, at)
        assert refused.value.status == 403
    with pytest.raises(Refused) as of_another:
        grant(chief, at, department=queries.get_department("SCJG").id)
    assert of_another.value.status == 403


def test_a_chief_representative_of_one_hall_does_not_authorise_another(at: datetime) -> None:
    limited = Grant(
        roles.CHIEF_REPRESENTATIVE, place=queries.get_place("LH").id, department=queries.get_department("RLZY").id
    )
    actor = Actor(kind="staff", id=UUID(int=20), grants=frozenset({limited}))
    with pytest.raises(Refused) as refused:
        grant(actor, at)
    assert refused.value.status == 403


def test_an_ended_authorisation_counts_to_its_last_day_and_news_of_it_goes_up(chief: Actor, at: datetime) -> None:
    told: list[AuthorisationEnded] = []
    subscribe(AuthorisationEnded)(told.append)
    try:
        (id,) = grant(chief, at)
        end_authorisation(actor=chief, authorisation=id, last_day=date(2027, 1, 31), at=at)
        assert at_z1(date(2027, 1, 31)) is not None
        assert at_z1(date(2027, 2, 1)) is None
        assert [event.last_day for event in told] == [date(2027, 1, 31)]
        grant(chief, at, valid_from=date(2027, 2, 1))
    finally:
        _handlers[AuthorisationEnded].remove(told.append)


@pytest.mark.parametrize(
    ("last_day", "codes"),
    [
        (date(2026, 11, 1), ["ENDS_IN_THE_PAST", "ENDS_BEFORE_START"]),
        (date(2026, 11, 24), ["ENDS_BEFORE_START"]),
        (date(2028, 1, 1), ["ALREADY_ENDED"]),
    ],
)
def test_an_authorisation_never_ends_in_the_past_nor_twice(
    chief: Actor, at: datetime, last_day: date, codes: list[str]
) -> None:
    (id,) = grant(chief, at)
    with pytest.raises(Refused) as refused:
        end_authorisation(actor=chief, authorisation=id, last_day=last_day, at=at)
    assert [reason.code for reason in refused.value.reasons] == codes


def test_ending_what_is_not_there_is_not_found(chief: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        end_authorisation(actor=chief, authorisation=UUID(int=0), last_day=date(2027, 1, 1), at=at)


def test_the_papers_of_a_place_and_of_a_department_are_listed(chief: Actor, at: datetime) -> None:
    (id,) = grant(chief, at)
    z1, rlzy = queries.get_place("LH-Z1").id, queries.get_department("RLZY").id
    assert id in {row.id for row in queries.list_authorisations(place=z1)}
    assert {row.department for row in queries.list_authorisations(department=rlzy)} == {rlzy}
