"""跑动账 through the real commands: who comes in, how often, why — beside what the guide declared."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from tests.cases.test_life_of_a_case import review_all

from yichuang.cases import queries
from yichuang.cases.commands.accept import MaterialFinding, accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.commands.trips import note_trip
from yichuang.cases.models import Case, Encounter, TripCause, Visit
from yichuang.cases.values import Purpose, TripKind
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.issuing.commands import hand_over, prepare_result
from yichuang.people.queries import get_party
from yichuang.registry.models import Certificate

PAPERS = ("property_certificate", "immunity_certificate", "dog_photos")  # owner_id is missing
HOUR = timedelta(hours=1)


def walk_in(demo, **more):
    """张晓 files at 李娜's window."""
    return demo.file(demo.actor("lina"), applicant=demo.actor("zhangxiao").id, **more)


def trips(demo, number, who="zhangxiao"):
    return queries.get_case_for(demo.actor(who), number, at=demo.at).trips


def hand_in(demo, number, version, at, by="lina", **more):
    actor = demo.actor(by)
    papers = {"owner_id": [demo.upload(actor)]}
    return supplement_case(actor=actor, number=number, version=version, materials=papers, at=at, **more)


def test_a_paper_that_was_missing_costs_a_second_trip_with_paper_sentence_and_window(demo):
    receipt = walk_in(demo, materials=PAPERS)
    li = demo.actor("lina")
    head = notify_gaps(actor=li, number=receipt.number, version=1, findings={}, at=demo.at)
    assert (trips(demo, receipt.number).declared, trips(demo, receipt.number).made) == (1, 1)
    hand_in(demo, receipt.number, head.version, demo.at + timedelta(days=1))
    page = trips(demo, receipt.number)
    assert (page.declared, page.made) == (1, 2)
    assert [row.purpose for row in page.rows] == [Purpose.FILE, Purpose.SUPPLEMENT]
    [extra] = page.extra
    [cause] = extra.causes
    assert (cause.kind, cause.window) == (TripKind.MISSING, "1")
    pack_words = cause.guide.zh
    assert cause.material.zh
    assert pack_words
    assert page.unexplained == ()
    assert trips(demo, receipt.number, "lina") == page, "citizen and staff see the same"


def test_a_faulty_paper_is_a_cause_of_its_own_kind(demo):
    receipt = walk_in(demo)
    found = {"dog_photos": MaterialFinding("faulty", "照片模糊，请重拍正面")}
    head = notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings=found, at=demo.at)
    actor = demo.actor("lina")
    photos = {"dog_photos": [demo.upload(actor)]}
    at = demo.at + timedelta(days=2)
    supplement_case(actor=actor, number=receipt.number, version=head.version, materials=photos, at=at)
    [extra] = trips(demo, receipt.number).extra
    assert [cause.kind for cause in extra.causes] == [TripKind.FAULTY]


def test_what_is_done_within_one_stay_is_one_trip_for_all_its_cases(demo):
    first = walk_in(demo, materials=PAPERS)
    second = walk_in(demo, number=2)
    head = notify_gaps(actor=demo.actor("lina"), number=first.number, version=1, findings={}, at=demo.at)
    hand_in(demo, first.number, head.version, demo.at + HOUR)
    one, other = Case.objects.get(number=first.number), Case.objects.get(number=second.number)
    assert one.encounter_id == other.encounter_id
    assert (one.trip_count, other.trip_count) == (1, 1)
    assert not Visit.objects.filter(case=one).exists()
    assert not TripCause.objects.exists()
    assert one.encounter.ended_at == demo.at + HOUR


def test_somebody_who_left_and_comes_again_the_same_day_makes_a_second_trip(demo):
    receipt = walk_in(demo, materials=PAPERS)
    head = notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    hand_in(demo, receipt.number, head.version, demo.at + 3 * HOUR)
    assert trips(demo, receipt.number).made == 2


def test_nobody_comes_online_or_by_post(demo):
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang, materials=PAPERS)
    head = notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    head = hand_in(demo, receipt.number, head.version, demo.at, by="zhangxiao")
    hand_in(demo, receipt.number, head.version, demo.at + HOUR, by_post=True)
    assert trips(demo, receipt.number).rows == ()
    assert Case.objects.get(number=receipt.number).trip_count == 0


def delivered(demo, receipt, days):
    """From acceptance to the result in 张晓's hand, `days` later."""
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    version = review_all(demo, receipt.case_id, head.version, "wangqiang")
    lin = demo.actor("linfang")
    head = decide_case(actor=lin, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    certificate = Certificate.objects.get(subject_id=receipt.case_id)
    prepare_result(case=receipt.case_id, certificate=certificate.id, physical=True, at=demo.at)
    taker = get_party(demo.actor("zhangxiao").id)
    hand_over(
        actor=demo.actor("zhoujie"),
        number=receipt.number,
        version=Case.objects.get(id=receipt.case_id).version,
        identity=taker.id_no,
        receiver_name=taker.name,
        at=demo.at + timedelta(days=days),
    )


def test_collecting_is_the_declared_trip_of_who_filed_online(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    delivered(demo, receipt, days=3)
    page = trips(demo, receipt.number)
    assert (page.declared, page.made, page.extra) == (1, 1, ())
    assert page.rows[0].causes[0].kind is TripKind.COLLECT
    assert page.rows[0].window == "1"


def test_filed_and_collected_in_one_stay_is_one_trip_though_at_two_windows(demo):
    receipt = walk_in(demo, materials=("application_form", "owner_id", *PAPERS))
    delivered(demo, receipt, days=0)
    assert trips(demo, receipt.number).made == 1


def test_the_clerk_names_the_cause_that_nobody_else_knows_and_pressing_twice_changes_nothing(demo):
    receipt = walk_in(demo)
    li, later = demo.actor("lina"), demo.at + timedelta(days=1)
    note_trip(actor=li, number=receipt.number, kind="consult", at=later)
    before = len(ledger.list_entries(ledger.Subject("case", receipt.case_id)))
    stay = note_trip(actor=li, number=receipt.number, kind="consult", at=later + timedelta(minutes=5))
    assert len(ledger.list_entries(ledger.Subject("case", receipt.case_id))) == before
    page = trips(demo, receipt.number)
    assert (page.made, page.unexplained) == (2, ())
    assert (page.extra[0].encounter, page.extra[0].causes[0].kind) == (stay, TripKind.CONSULT)
    assert Case.objects.get(number=receipt.number).version == 1, "a remark, no act on the case"


def test_an_extra_trip_without_a_cause_stays_open_until_the_clerk_names_one(demo):
    receipt = walk_in(demo, code="shiye-dengji")  # declared: none, all can be done online
    [open_trip] = trips(demo, receipt.number).unexplained
    li = demo.actor("lina")
    note_trip(actor=li, number=receipt.number, encounter=open_trip.encounter, kind="by_choice", at=demo.at)
    page = trips(demo, receipt.number)
    assert (page.declared, page.made, page.unexplained) == (0, 1, ())


@pytest.mark.parametrize("who", ["zhangxiao", "zhaomin", "wangqiang", "mali", "moshengren"])
def test_only_who_serves_at_the_place_notes_trips(demo, who):
    receipt = walk_in(demo)
    with pytest.raises(NotFound):
        note_trip(actor=demo.actor(who), number=receipt.number, kind="consult", at=demo.at)


@pytest.mark.parametrize("kind", ["", "collect", "unknown"])
def test_a_cause_must_be_one_of_the_list(demo, kind):
    receipt = walk_in(demo)
    with pytest.raises(Refused):
        note_trip(actor=demo.actor("lina"), number=receipt.number, kind=kind, at=demo.at)


def test_visits_and_causes_cannot_be_changed_and_the_ledger_vouches_for_them(demo, settings, tmp_path):
    settings.YICHUANG_DATA = tmp_path
    receipt = walk_in(demo, materials=PAPERS)
    head = notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    hand_in(demo, receipt.number, head.version, demo.at + timedelta(days=1))
    ledger.sequence(at=demo.at)
    notes = [ledger.checkpoint(at=demo.at).note]
    assert ledger.verify_ledger(notes) == []
    for table in ("cases_visit", "cases_tripcause"):
        for change in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
    for change in (
        "UPDATE cases_visit SET at = at - interval '2 days'",
        "UPDATE cases_tripcause SET kind = 'by_choice'",
        "DELETE FROM cases_tripcause",
        "DELETE FROM cases_visit",
        "UPDATE cases_encounter SET started_at = now() WHERE id IN (SELECT encounter_id FROM cases_visit)",
    ):
        mark = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(change)
            cursor.execute("SET LOCAL session_replication_role = origin")
        assert {f.kind for f in ledger.verify_ledger(notes)} & {"FACT_ALTERED", "FACT_MISSING"}, change
        transaction.savepoint_rollback(mark)


def test_every_trip_counted_is_a_trip_that_stands_on_the_page(demo):
    receipt = walk_in(demo, materials=PAPERS)
    head = notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    hand_in(demo, receipt.number, head.version, demo.at + timedelta(days=1))
    case = Case.objects.get(number=receipt.number)
    assert case.trip_count == trips(demo, receipt.number).made == 2
    assert Encounter.objects.filter(visits__case=case).count() == 1
