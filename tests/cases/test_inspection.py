"""现场核查: two named inspectors, photographs, a record that both sign; without it the step does not end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cases.test_hands import Desk

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.end import terminate_case
from yichuang.cases.commands.inspect import (
    Photo,
    add_photo,
    arrange_inspection,
    record_inspection,
    sign_inspection,
)
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.models import Inspection
from yichuang.cases.rules.inspection import Inspector, Plan, Record, plan_faults, record_faults
from yichuang.cases.values import DocumentKind
from yichuang.core import ledger, roles
from yichuang.core.actors import Grant
from yichuang.core.refusals import NotFound
from yichuang.issuing.commands import render_document
from yichuang.notices.queries import list_inbox

SITE = "CGZF.review"
PAPERS = ("immunity_certificate", "dog_photos", "keeping_rules", "organisation_licence", "site_photos")
PICTURE = Photo("犬舍.jpg", "jpg", b"a picture", "0" * 64)


class Site(Desk):
    """The case of an organisation, whose kennel is to be looked at."""

    def __init__(self, demo):
        self.demo, self.at = demo, demo.at
        receipt = demo.file(demo.actor("zhangxiao"), number=10, materials=PAPERS)
        self.id, self.number = receipt.case_id, receipt.number
        clerk = demo.actor("lina")
        self.version = accept_case(actor=clerk, number=self.number, version=1, findings={}, at=demo.at).version
        self.do(claim_review, "wangqiang", "CGZF.street_review")
        self.do(complete_review, "wangqiang", "CGZF.street_review", outcome="agree", opinion="")

    def plan(self, **changes):
        one, two = (
            Inspector(self.demo.actor(who).id, f"44030300{n}") for n, who in enumerate(("wangqiang", "linfang"))
        )
        return replace(Plan(one, two, self.at + timedelta(days=1), "罗湖区演示路 8 号"), **changes)

    def record(self, **changes):
        return replace(Record(self.at, "犬舍通风良好。", True, "仓库管理员", "refused", "认为栏高有误"), **changes)


@pytest.fixture
def site(demo):
    return Site(demo)


def test_two_inspectors_go_record_and_sign_before_the_step_ends(site, demo, settings):
    lin, wang = demo.actor("linfang"), demo.actor("wangqiang")
    assert site.refused(record_inspection, "wangqiang", SITE, record=site.record()) == [("ARRANGE_FIRST", None)]
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan())
    assert "inspection_planned" in {message.template for message in list_inbox(demo.actor("zhangxiao").id)}
    assert [number for _, number, _ in queries.my_inspections(lin)] == [site.number]
    site.at += timedelta(days=1)
    assert site.refused(record_inspection, "wangqiang", SITE, record=site.record()) == [("PHOTO_NEEDED", "/photos")]
    assert site.refused(add_photo, "linfang", SITE, photo=replace(PICTURE, kind="pdf")) == [("NO_PICTURE", "/photos")]
    settings.YICHUANG_DISK_FLOOR_MB = 10**9
    assert site.refused(add_photo, "linfang", SITE, photo=PICTURE) == [("DISK_NEARLY_FULL", None)]
    settings.YICHUANG_DISK_FLOOR_MB = 0
    site.do(add_photo, "linfang", SITE, photo=PICTURE)
    assert site.refused(sign_inspection, "linfang", SITE) == [("RECORD_FIRST", None)]
    assert site.refused(record_inspection, "hejing", SITE, record=site.record()) == [("NOT_SENT", None)]
    site.do(record_inspection, "wangqiang", SITE, record=site.record())
    assert site.refused(sign_inspection, "wangqiang", SITE) == [("SIGNED_ALREADY", None)]
    assert site.refused(complete_review, "wangqiang", SITE, outcome="agree", opinion="") == [
        ("INSPECTION_NEEDED", None)
    ]
    task = site.task(SITE).id
    assert queries.inspections_of([task])[task].waits_for(lin.id)
    head = site.do(sign_inspection, "linfang", SITE)
    assert head.version == site.version
    papers = [row for row in queries.documents(wang, site.number) if row.kind is DocumentKind.INSPECTION]
    assert len(papers) == 1
    assert render_document(papers[0].id).startswith(b"%PDF")
    assert site.refused(record_inspection, "wangqiang", SITE, record=site.record()) == [("INSPECTION_OVER", None)]
    site.do(complete_review, "wangqiang", SITE, outcome="agree", opinion="符合")
    assert site.task("CGZF.decide")
    assert not queries.my_inspections(lin)
    assert [fault.kind for fault in ledger.verify_ledger([])] == []
    Inspection.objects.update(first_licence="0000000")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_a_new_record_takes_the_other_signature_away_and_strangers_find_nothing(site, demo):
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan())
    site.at += timedelta(days=1)
    site.do(add_photo, "wangqiang", SITE, photo=PICTURE)
    site.do(record_inspection, "wangqiang", SITE, record=site.record())
    site.do(record_inspection, "linfang", SITE, record=site.record(meets=False))
    row = Inspection.objects.get()
    assert (row.meets, row.first_signed_at is None, row.second_signed_at is None) == (False, True, False)
    for who in ("luobin", "zhangxiao", "lina"):
        with pytest.raises(NotFound):
            site.do(sign_inspection, who, SITE)


def test_another_plan_clears_the_record_and_a_signed_record_takes_no_photograph(site):
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan())
    site.at += timedelta(days=1)
    site.do(add_photo, "wangqiang", SITE, photo=PICTURE)
    site.do(record_inspection, "wangqiang", SITE, record=site.record())
    assert site.refused(add_photo, "linfang", SITE, photo=PICTURE) == [("PHOTO_AFTER_SIGNING", "/photos")]
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan(at=site.at + timedelta(days=1)))
    row = Inspection.objects.get()
    assert (row.held_at, row.findings, row.meets, row.present, row.photos) == (None, "", None, "", [])
    assert site.refused(sign_inspection, "linfang", SITE) == [("RECORD_FIRST", None)]
    Inspection.objects.update(
        held_at=site.at, findings="x", meets=True, present_signed="absent"
    )  # as it may stand in older data
    assert site.refused(sign_inspection, "linfang", SITE) == [("RECORD_FIRST", None)]


def test_an_inspector_who_left_the_department_neither_signs_nor_sees_the_case(site, demo):
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan())
    lin = demo.actor("linfang")
    gone = replace(lin, posts=frozenset(), grants=frozenset())
    assert queries.get_case_for(lin, site.number, at=site.at).number == site.number
    assert len(queries.my_inspections(lin)) == 1
    task = site.task(SITE).id
    with pytest.raises(NotFound):
        queries.get_case_for(gone, site.number, at=site.at)
    with pytest.raises(NotFound):
        add_photo(actor=gone, task=task, version=site.version, photo=PICTURE, at=site.at)
    assert queries.my_inspections(gone) == ()


def test_an_inspector_reads_the_case_until_it_is_over(site, demo):
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan())
    lin = demo.actor("linfang")
    bureau = next(grant.department for grant in lin.grants if grant.department)
    sent = replace(lin, posts=frozenset(), grants=frozenset({Grant(roles.ITEM_EDITOR, None, bureau)}))
    assert queries.get_case_for(sent, site.number, at=site.at).number == site.number
    wang = demo.actor("wangqiang")
    terminate_case(actor=wang, number=site.number, version=site.version, reason="犬只已死亡", at=site.at)
    with pytest.raises(NotFound):
        queries.get_case_for(sent, site.number, at=site.at)


def test_a_plan_names_two_of_the_department_with_licences_a_time_and_a_place(site, demo):
    wang, luo = demo.actor("wangqiang").id, demo.actor("luobin").id
    known = {wang}
    bad = Plan(Inspector(wang, " "), Inspector(wang, "44030300!"), None, "")
    assert [(r.code, r.field) for r in plan_faults(bad, known, site.at)] == [
        ("TWO_INSPECTORS", "/second"),
        ("LICENCE_NEEDED", "/first_licence"),
        ("LICENCE_NEEDED", "/second_licence"),
        ("WHEN_WRONG", "/planned_at"),
        ("PLACE_NEEDED", "/place"),
    ]
    assert site.refused(arrange_inspection, "wangqiang", SITE, plan=site.plan(second=Inspector(luo, "440303009"))) == [
        ("INSPECTOR_UNKNOWN", "/second")
    ]
    for moment in (site.at, site.at + timedelta(days=61)):
        assert "WHEN_WRONG" in {r.code for r in plan_faults(site.plan(at=moment), known, site.at)}


def test_a_record_says_what_was_found_and_who_signed_or_why_not(site):
    empty = Record(None, " ", None, "", "", "")
    assert [(r.code, r.field) for r in record_faults(empty, 0, site.at)] == [
        ("HELD_WRONG", "/held_at"),
        ("FINDINGS_NEEDED", "/findings"),
        ("MEETS_NEEDED", "/meets"),
        ("PHOTO_NEEDED", "/photos"),
        ("SIGNED_NEEDED", "/signed"),
    ]
    for record, faults in (
        (site.record(signed="absent", present="", note=""), ["NOTE_NEEDED"]),
        (site.record(signed="absent", present=""), []),
        (site.record(signed="refused", present="", note=""), ["PRESENT_NEEDED", "NOTE_NEEDED"]),
        (site.record(signed="signed", note=""), []),
        (site.record(held_at=site.at + timedelta(minutes=1)), ["HELD_WRONG"]),
    ):
        assert [r.code for r in record_faults(record, 1, site.at)] == faults
