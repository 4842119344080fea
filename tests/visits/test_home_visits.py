"""上门办 at the door of a home: photographs, originals against a receipt, a fingerprint only by the person's own consent."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.visits.booked import ITEM, BookedHall

from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.models import Draft, Upload
from yichuang.catalog.queries import get_pack
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.models import Message
from yichuang.visits.commands.booking import assign_helper
from yichuang.visits.commands.home import (
    answer_fingerprint,
    begin_application,
    drop_photo,
    keep_photos,
    return_original,
    take_original,
    withdraw_fingerprint,
)
from yichuang.visits.models import Booking, HomeConsent, HomeOriginal, HomePhoto
from yichuang.visits.queries import given_at_home, home_page, originals_out, receipt_page
from yichuang.visits.values import SPARED_WORDS, BookingKind, Spared

OTHERS = ["zhoujie", "zhaomin", "mali", "zhangxiao", "moshengren"]


class Visited(BookedHall):
    """张晓 booked a home visit for tomorrow; 李娜 was assigned, and tomorrow has come."""

    booking: UUID

    def visit(self) -> None:
        self.booking = self.book(slot=self.slot(1, 10, BookingKind.HOME), address="幸福路 1 号").id
        assign_helper(actor=self.manager, booking=self.booking, helper=self.clerk.id, at=self.at)
        self.at = self.moment(local_date(self.slot(1, 10, BookingKind.HOME).starts_at), 10)

    def given(self, **more: Any) -> dict[str, Any]:
        return {"actor": self.clerk, "booking": self.booking, "at": self.at, **more}

    def photograph(self, material: str = "dog_photos", **more: Any) -> UUID:
        upload = self.demo.upload(self.clerk, "证件.jpg")
        keep_photos(**self.given(material=material, uploads=[(upload, "证件.jpg")], **more))
        return upload

    def take(self, name: str = "户口簿原件", key: str = "once", **more: Any) -> str:
        return take_original(**self.given(name=name, pieces=1, key=key, **more))

    def page(self):
        return home_page(self.clerk, self.booking, at=self.at)

    def acts(self) -> list[str]:
        return [entry.act for entry in list_entries(Subject("booking", self.booking))]


@pytest.fixture
def hall(demo: Any) -> Visited:
    found = Visited.open_to(demo)
    assert isinstance(found, Visited)
    found.visit()
    return found


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_who_was_assigned_sees_where_to_go_and_what_for_and_nobody_else_does(hall):
    page = hall.page()
    assert page.address == "幸福路 1 号"
    assert page.open
    assert "dog_photos" in [one.code for one in page.papers]
    for who in OTHERS:
        with pytest.raises(NotFound):
            home_page(hall.demo.actor(who), hall.booking, at=hall.at)


def test_only_what_the_person_still_has_to_hand_in_is_asked_for_at_the_door(hall):
    """What their draft says counts; without one everything that may be asked stands there."""
    assert {one.code for one in hall.page().papers if not one.spared} > {"dog_photos", "lease", "site_photos"}
    zhang = hall.demo.actor("zhangxiao")
    file = hall.demo.upload(zhang, "狗.png")
    save_draft(
        actor=zhang, item_code=ITEM, item_version=get_pack(ITEM, at=hall.at).version, form={}, applicant=None, step="",
        answers={"applicant_kind": "person", "housing": "rent"}, materials={"dog_photos": [str(file)]}, at=hall.at,
    )  # fmt: skip
    papers = {one.code: one for one in hall.page().papers}
    assert papers["lease"].spared is None
    assert papers["property_certificate"].spared == SPARED_WORDS[Spared.NOT_ASKED]
    assert papers["dog_photos"].spared == SPARED_WORDS[Spared.GIVEN]
    assert papers["site_photos"].spared == SPARED_WORDS[Spared.NOT_ASKED]


def test_photographs_become_a_draft_of_the_person_and_each_is_used_once(hall):
    upload = hall.photograph()
    keep_photos(**hall.given(material="dog_photos", uploads=[(upload, "证件.jpg")]))  # pressed twice
    assert HomePhoto.objects.count() == 1
    code = begin_application(**hall.given())
    draft = Draft.objects.get(owner=hall.demo.actor("zhangxiao").id, item_code=ITEM)
    [copy] = draft.materials["dog_photos"]
    assert Upload.objects.get(id=copy).owner_id == hall.demo.actor("zhangxiao").id  # the person's own, not the clerk's
    assert len(code.code) == 8
    with pytest.raises(Refused) as refused:
        begin_application(**hall.given())
    assert codes(refused) == ["NOTHING_NEW"]
    hall.photograph("owner_id")
    begin_application(**hall.given())
    assert Draft.objects.filter(owner=hall.demo.actor("zhangxiao").id).count() == 2  # nothing of theirs is written over


def test_a_photograph_for_no_paper_of_the_item_or_without_a_file_is_refused(hall):
    with pytest.raises(Refused) as refused:
        keep_photos(**hall.given(material="no-such-paper", uploads=[]))
    assert codes(refused) == ["NO_PHOTO", "MATERIAL_UNKNOWN"]


def test_a_bad_photograph_is_taken_again_as_long_as_no_draft_has_it(hall):
    hall.photograph()
    drop_photo(**hall.given(photo=HomePhoto.objects.get().id))
    assert HomePhoto.objects.count() == 0
    hall.photograph()
    begin_application(**hall.given())
    drop_photo(**hall.given(photo=HomePhoto.objects.get().id))
    assert HomePhoto.objects.count() == 1


def test_an_original_goes_along_against_a_receipt_that_its_person_is_told(hall):
    receipt = hall.take()
    assert hall.take() == receipt  # pressed twice
    assert HomeOriginal.objects.count() == 1
    assert hall.take("身份证原件", "other") != receipt
    told = Message.objects.filter(template="original_taken").order_by("id")
    assert len(told) == 2
    page = receipt_page(hall.demo.actor("zhangxiao"), hall.booking, at=hall.at)
    assert [one.name for one in page.originals] == ["户口簿原件", "身份证原件"]
    assert "户口簿" not in str([entry.detail for entry in list_entries(Subject("booking", hall.booking))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM visits_homeoriginal")
        assert "户口簿" not in str(cursor.fetchall())  # sealed


def test_what_is_taken_along_is_out_until_its_return_is_on_record_and_that_is_once(hall):
    hall.take()
    thing = HomeOriginal.objects.get()
    assert [[one.receipt for one in rows] for _, rows in originals_out(hall.clerk, hall.place, at=hall.at)] == [
        [thing.receipt]
    ]
    with pytest.raises(Refused) as refused:
        return_original(actor=hall.clerk, original=thing.id, way="lost", at=hall.at)
    assert codes(refused) == ["RETURN_WAY"]
    colleague = hall.demo.actor("zhoujie")
    return_original(actor=colleague, original=thing.id, way="hall", at=hall.at)
    return_original(actor=hall.clerk, original=thing.id, way="post", at=hall.at)
    thing.refresh_from_db()
    assert (thing.returned_way, thing.returned_by_id) == ("hall", colleague.id)
    assert originals_out(hall.clerk, hall.place, at=hall.at) == ()
    assert hall.acts().count("home-original-returned") == 1


def test_everything_wrong_with_an_original_is_said_at_once(hall):
    with pytest.raises(Refused) as refused:
        take_original(**hall.given(name=" ", pieces=0, key="once"))
    assert codes(refused) == ["NAME", "PIECES"]


def test_a_fingerprint_needs_the_persons_own_consent_and_there_is_always_another_way(hall):
    with pytest.raises(Refused) as refused:
        answer_fingerprint(**hall.given(agreed=False, alternative=""))
    assert codes(refused) == ["CONSENT_CHOICE"]
    for _ in "twice":
        answer_fingerprint(**hall.given(agreed=False, alternative="document"))
    assert HomeConsent.objects.count() == 1
    assert not given_at_home(hall.demo.actor("zhangxiao"), hall.booking, at=hall.at).fingerprint
    answer_fingerprint(**hall.given(agreed=True))
    assert given_at_home(hall.demo.actor("zhangxiao"), hall.booking, at=hall.at).fingerprint
    assert hall.page().consent.agreed


def test_a_consent_is_taken_back_by_the_person_and_nothing_of_a_finger_is_kept(hall):
    answer_fingerprint(**hall.given(agreed=True))
    for _ in "twice":
        withdraw_fingerprint(actor=hall.demo.actor("zhangxiao"), booking=hall.booking, at=hall.at)
    assert HomeConsent.objects.get().withdrawn_at == hall.at
    assert hall.acts().count("fingerprint-withdrawn") == 1
    assert {field.name for field in HomeConsent._meta.fields} == {
        "id", "booking", "version", "agreed", "alternative", "at", "witness", "withdrawn_at",
    }  # fmt: skip


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_who_goes_there_writes_at_a_home(hall, who):
    other = hall.demo.actor(who)
    acts = [
        lambda: hall.take(actor=other),
        lambda: hall.photograph(actor=other),
        lambda: begin_application(**hall.given(actor=other)),
        lambda: answer_fingerprint(**hall.given(actor=other, agreed=True)),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_strangers_neither_return_an_original_nor_take_a_consent_back(hall):
    hall.take()
    answer_fingerprint(**hall.given(agreed=True))
    for who in ("zhaomin", "moshengren", "zhangxiao"):
        with pytest.raises(NotFound):
            return_original(actor=hall.demo.actor(who), original=HomeOriginal.objects.get().id, way="home", at=hall.at)
    for who in ("zhaomin", "moshengren", "zhoujie"):
        with pytest.raises(NotFound):
            withdraw_fingerprint(actor=hall.demo.actor(who), booking=hall.booking, at=hall.at)


def test_nothing_is_put_down_before_the_day_or_of_a_visit_that_was_cancelled(hall):
    hall.later(-24 * 60)
    with pytest.raises(Refused) as refused:
        hall.take()
    assert codes(refused) == ["NOT_TODAY"]
    assert not hall.page().open
    hall.later(24 * 60)
    Booking.objects.filter(id=hall.booking).update(state="CANCELLED")
    with pytest.raises(Refused) as refused:
        hall.take()
    assert codes(refused) == ["VISIT_OVER"]
