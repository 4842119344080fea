"""好差评: one rating for one service, by who was served, and by nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.feedback.ratings import NOBODY, press, served, token_of, withdrawn
from tests.visits.hall import Hall

from yichuang.cases.events import ServiceKind, ServiceOver
from yichuang.cases.models import Case
from yichuang.core import ledger
from yichuang.core.actors import Channel
from yichuang.core.events import subscribe
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.feedback.commands.invite import invite, invite_left
from yichuang.feedback.commands.rate import rate, show_code
from yichuang.feedback.events import RatingGiven
from yichuang.feedback.models import Invitation, Rating
from yichuang.feedback.queries import find_asked, just_ended, list_to_rate, open_rating
from yichuang.notices.models import Message

HEARD = ServiceOver(
    kind=ServiceKind.STAY, subject=uuid4(), number="", name=W("大厅", "Hall"), person=None, place=None, window="1",
    department=None, staff=None, items=(), channel="counter", told=False, at=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def hall(demo: Any) -> Hall:
    return Hall.of(demo)


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_service_at_a_window_is_rated_once_and_a_second_press_changes_nothing(hall: Hall) -> None:
    row = served(hall)
    first = press(row, NOBODY, hall.at, 5, tags=["polite"], words="谢谢", key="k")
    assert not first.again
    again = press(row, NOBODY, hall.at, 1, tags=["rude"], key="k")
    assert (again.rating, again.again) == (first.rating, True)
    with pytest.raises(Refused) as refused:
        press(row, NOBODY, hall.at, 1)
    assert (refused.value.kind, codes(refused)) == ("conflict", ["RATED_ALREADY"])
    kept = Rating.objects.get()
    assert (kept.level, kept.tags, kept.words, kept.way, kept.follow_up) == (5, ["polite"], "谢谢", "link", "")


def test_the_database_itself_takes_no_second_rating(hall: Hall) -> None:
    row = served(hall)
    press(row, NOBODY, hall.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(
            invitation=row,
            level=1,
            tag_set=1,
            way="link",
            channel="portal",
            key="x",
            follow_up="open",
            given_at=hall.at,
        )


def test_staff_rate_nothing_whatever_they_hold(hall: Hall) -> None:
    row = served(hall)
    for name in ("lina", "mali", "zhaomin", "wangqiang"):
        with pytest.raises(Refused) as refused:
            press(row, hall.demo.actor(name), hall.at)
        assert (refused.value.kind, codes(refused)) == ("forbidden", ["STAFF_DO_NOT_RATE"])
    assert not Rating.objects.exists()


def test_who_is_signed_in_rates_their_own_service_and_no_other(hall: Hall) -> None:
    row = served(hall, "zhangxiao")
    stranger, zhang = hall.demo.actor("moshengren"), hall.demo.actor("zhangxiao")
    with pytest.raises(NotFound):
        rate(actor=stranger, token=str(row.id), level=1, key="k", at=hall.at)
    with pytest.raises(NotFound):
        rate(actor=NOBODY, token=str(row.id), level=1, key="k", at=hall.at)
    with pytest.raises(Refused) as refused:  # the link proves nothing against a name
        press(row, stranger, hall.at)
    assert codes(refused) == ["NOT_SERVED"]
    assert [one.id for one in list_to_rate(zhang, at=hall.at)] == [row.id]
    assert list_to_rate(stranger, at=hall.at) == ()
    rate(actor=zhang, token=str(row.id), level=4, key="k", at=hall.at)
    assert Rating.objects.get().way == "account"
    assert list_to_rate(zhang, at=hall.at) == ()


def test_somebody_without_a_name_rates_by_the_ticket_alone(hall: Hall) -> None:
    row = served(hall, None)
    assert row.person_id is None
    press(row, hall.demo.actor("moshengren"), hall.at)
    assert Rating.objects.get().way == "link"


def test_the_code_of_a_window_works_ten_minutes_and_once_and_shows_its_way(hall: Hall) -> None:
    li, row = hall.clerk, served(hall, None)
    asked = just_ended(li, at=hall.at)
    assert asked is not None
    assert asked.id == row.id
    code = show_code(actor=li, invitation=row.id, at=hall.at)
    with pytest.raises(Refused) as refused:
        press(row, li, hall.at, token=code.token)
    assert codes(refused) == ["STAFF_DO_NOT_RATE"]
    late = hall.at + timedelta(minutes=10)
    with pytest.raises(Refused) as refused:
        press(row, NOBODY, late, token=code.token)
    assert codes(refused) == ["CODE_OVER"]
    with pytest.raises(Refused) as refused:
        open_rating(NOBODY, code.token, at=late)
    assert codes(refused) == ["CODE_OVER"]
    press(row, NOBODY, hall.at, token=code.token)
    assert Rating.objects.get().way == "window"
    assert just_ended(li, at=hall.at) is None
    with pytest.raises(Refused) as refused:
        show_code(actor=li, invitation=row.id, at=hall.at)
    assert codes(refused) == ["RATED_ALREADY"]


def test_only_the_window_that_served_shows_a_code(hall: Hall) -> None:
    row = served(hall)
    for name in ("zhaomin", "mali", "zhangxiao"):
        with pytest.raises(NotFound):
            show_code(actor=hall.demo.actor(name), invitation=row.id, at=hall.at)


def test_after_thirty_days_it_is_over(hall: Hall) -> None:
    row = served(hall)
    with pytest.raises(Refused) as refused:
        press(row, NOBODY, row.until)
    assert (refused.value.kind, codes(refused)) == ("gone", ["RATING_OVER"])
    press(row, NOBODY, row.until - timedelta(seconds=1))


def test_every_fault_is_said_at_once(hall: Hall) -> None:
    row = served(hall)
    with pytest.raises(Refused) as refused:
        press(row, NOBODY, hall.at, None, tags=["wonderful"], words="字" * 501, key="")
    assert codes(refused) == ["LEVEL_MISSING", "TAG_UNKNOWN", "LONG_WORDS", "KEY_MISSING"]
    press(row, NOBODY, hall.at, 5, tags=["rude", "polite"])  # ticked before another level was chosen
    assert Rating.objects.get().tags == ["polite"]
    with pytest.raises(NotFound):
        rate(actor=NOBODY, token="nothing", level=5, key="k", at=hall.at)


def test_a_bad_rating_is_kept_open_for_the_return_visit_and_told(hall: Hall) -> None:
    heard: list[RatingGiven] = []
    subscribe(RatingGiven)(heard.append)
    row = served(hall)
    press(row, NOBODY, hall.at, 2, tags=["slow"])
    assert Rating.objects.get().follow_up == "open"
    assert [(one.level, one.owed, one.place) for one in heard] == [(2, True, hall.place)]


def test_the_ledger_and_the_table_name_nobody(hall: Hall) -> None:
    row = served(hall)
    zhang = hall.demo.actor("zhangxiao")
    given_id = rate(actor=zhang, token=str(row.id), level=1, words="电话 13800003210", key="k", at=hall.at).rating
    (entry,) = ledger.list_entries(Subject("rating", given_id))
    assert (entry.act, entry.actor_kind, entry.actor_id, entry.actor_name_masked) == ("rate", "link", None, "")
    assert "13800003210" not in str(Rating.objects.values_list("words", flat=True).query) + str(entry.detail)


def test_a_person_is_written_to_once_a_day_with_the_address(hall: Hall) -> None:
    row = served(hall, "zhangxiao")
    sent = Message.objects.filter(template="rating_asked")
    assert [token_of(row) in one.body for one in sent.order_by("id")] == [True]
    served(hall, "zhangxiao")
    served(hall, None)
    assert sent.count() == 1
    over = replace(HEARD, person=row.person_id, place=hall.place)
    invite(over=replace(over, subject=uuid4(), at=hall.at + timedelta(hours=2)))
    assert sent.count() == 1
    invite(over=replace(over, subject=uuid4(), at=hall.at + timedelta(days=1)))
    assert sent.count() == 2


def test_a_case_filed_online_is_rated_by_its_ending_and_its_last_message_carries_the_address(demo: Any) -> None:
    row = withdrawn(demo)
    assert (row.kind, row.person_id) == ("case", demo.actor("zhangxiao").id)
    assert token_of(row) in Message.objects.get(template="case_withdrawn").body
    assert not Message.objects.filter(template="rating_asked").exists()
    asked = find_asked("case", row.subject, at=demo.at)
    assert asked is not None
    assert (asked.state, asked.number) == ("open", Case.objects.get().number)
    press(row, replace(demo.actor("zhangxiao"), channel=Channel.PORTAL), demo.at + timedelta(days=1))
    assert Rating.objects.get().way == "account"


def test_sending_somebody_on_ends_no_service(hall: Hall) -> None:
    from yichuang.visits.commands.calling import call_next
    from yichuang.visits.commands.serving import finish, start, transfer

    hall.open()
    taken = hall.take()
    call_next(actor=hall.clerk, at=hall.at)
    start(actor=hall.clerk, at=hall.at)
    transfer(actor=hall.clerk, ticket=taken.ticket, queue=hall.queues["B"], at=hall.at)
    assert not Invitation.objects.exists()
    hall.later()
    call_next(actor=hall.clerk, at=hall.at)
    start(actor=hall.clerk, at=hall.at)
    finish(actor=hall.clerk, outcome="consulted", at=hall.at)
    assert Invitation.objects.count() == 1
    assert (
        invite_left(at=hall.at + timedelta(hours=3)) == 0
    )  # what went on elsewhere is not asked for by silence either


def test_a_stay_without_a_ticket_is_over_when_it_has_been_quiet_for_two_hours(demo: Any) -> None:
    demo.file(demo.actor("lina"), applicant=demo.actor("zhangxiao").id)
    assert invite_left(at=demo.at + timedelta(minutes=119)) == 0
    assert invite_left(at=demo.at + timedelta(minutes=121)) == 1
    assert invite_left(at=demo.at + timedelta(minutes=131)) == 0
    row = Invitation.objects.get()
    assert (row.kind, row.items, row.staff_id) == ("stay", ["yangquan-dengji"], demo.actor("lina").id)
    assert Message.objects.filter(template="rating_asked").count() == 1


WHO = ("zhangxiao", "moshengren", "lina", "nobody")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    presses=st.lists(
        st.tuples(st.sampled_from(WHO), st.integers(1, 5), st.sampled_from(["a", "b"]), st.booleans()), max_size=8
    )
)
def test_nobody_rates_twice_or_for_another_whatever_is_pressed(demo: Any, presses: list[Any]) -> None:
    with transaction.atomic():
        row = withdrawn(demo)
        told, first = 0, None
        for who, level, key, by_id in presses:
            actor = NOBODY if who == "nobody" else demo.actor(who)
            token = str(row.id) if by_id else token_of(row)
            try:
                rated = rate(actor=actor, token=token, level=level, key=key, at=demo.at + timedelta(hours=1))
            except Refused:
                continue
            assert who == "zhangxiao" or (who == "nobody" and not by_id)
            told += not rated.again
            first = first or (level, key)
            assert not rated.again or key == first[1]
        kept = list(Rating.objects.filter(invitation=row).order_by("id"))
        assert len(kept) == told <= 1
        assert not kept or first == (kept[0].level, kept[0].key)
        transaction.set_rollback(True)
