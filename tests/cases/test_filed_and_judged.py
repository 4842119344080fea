"""秒批 in the transaction of the filing (docs/adr/0048): the same as behind it, or else filed by itself and judged behind it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from tests.cases.at_once import JOB, SHOP, SHOP_PLACE, Police, codes, file, form_of, let
from tests.cases.test_alike import shop

from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.file_case import file_and_judge
from yichuang.cases.instant import Became, Mode
from yichuang.cases.models import AutoDecision, Case, Claim, Decision, Document, Material
from yichuang.cases.states import State
from yichuang.catalog.queries import get_pack
from yichuang.core import ledger
from yichuang.core.faults import armed
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.notices.models import Message
from yichuang.registry.models import Certificate, CertificateKey, RegistryLook
from yichuang.registry.ports import SourceDown, connected

OF_ITS_OWN = {"id", "case_id", "query_code", "query_index", "encounter_id", "certificate_id", "subject_id", "dedupe"}
JOBS = "SELECT task_name FROM procrastinate_jobs WHERE id > %s ORDER BY task_name"


@pytest.fixture(autouse=True)
def read_only_what_is_open(demo: Any, monkeypatch: Any) -> None:
    """Other tests of this process publish versions that are rolled back, and stay the newest that was read."""
    monkeypatch.setattr("yichuang.catalog.queries.newest_read", lambda code: get_pack(code, at=demo.at))


def judged_behind(demo: Any, code: str, **more: Any) -> tuple[Any, Became | None]:
    receipt = file(demo, code, **more)
    return receipt, decide_at_once(case=receipt.case_id, at=demo.at)


def judged_with(demo: Any, code: str, **more: Any) -> tuple[Any, Became | None]:
    receipt = file(demo, code, command=file_and_judge, **more)
    return receipt, receipt.became


def columns(rows: Any) -> list[dict[str, Any]]:
    """The rows without what is each one's own."""
    return [{name: value for name, value in row.items() if name not in OF_ITS_OWN} for row in rows.values()]


def jobs(after: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(JOBS, [after])
        return [name for (name,) in cursor.fetchall()]


def newest_job() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def left_by(act: Callable[[], tuple[Any, Became | None]]) -> dict[str, Any]:
    """What stands in the tables behind the act, which is then undone."""
    known, told = set(Message.objects.values_list("id", flat=True)), newest_job()
    with transaction.atomic():
        receipt, became = act()
        assert became is not None
        case, looks = receipt.case_id, RegistryLook.objects.filter(case_number=receipt.number)
        certificates = Certificate.objects.filter(subject_id=case)
        entries = ledger.list_entries(Subject("case", case))
        found = {
            "became": (became.state, became.version, became.alone, became.why),
            "case": columns(Case.objects.filter(id=case)),
            "judgement": columns(AutoDecision.objects.filter(case=case)),
            "claims": sorted(Claim.objects.filter(case=case).values_list("key", flat=True)),
            "papers": columns(Material.objects.filter(case=case).order_by("order")),
            "documents": [
                {**row, "values": {**row["values"], "query_code": ""}}
                for row in columns(Document.objects.filter(case=case).order_by("number"))
            ],
            "decision": columns(Decision.objects.filter(case=case)),
            "certificates": columns(certificates),
            "keys": columns(CertificateKey.objects.filter(certificate__in=certificates).order_by("name")),
            "looks": columns(looks.order_by("base", "ground")),
            "entries": [(one.seq, one.act, one.actor_kind, one.at, one.behalf) for one in entries],
            "messages": sorted(Message.objects.exclude(id__in=known).values_list("template", "kind", "title")),
            "jobs": [name for name in jobs(told) if name != "cases.decide_at_once"],
        }
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("mode", [Mode.ALONE, Mode.SHADOW, Mode.OFF])
@pytest.mark.parametrize(
    ("code", "more"),
    [(JOB, {}), (SHOP, {}), (JOB, {"answers": {"hardship": "yes"}}), (JOB, {"proved": False})],
    ids=["job", "shop", "doubtful", "not proved"],
)
def test_judged_with_its_filing_it_leaves_what_it_leaves_judged_behind_it(
    demo: Any, code: str, more: dict[str, Any], mode: Mode
) -> None:
    let(code, mode, demo.at)
    together, apart = (left_by(partial(act, demo, code, **more)) for act in (judged_with, judged_behind))
    assert together == apart
    assert together["became"][2] is (mode is Mode.ALONE and not more)


def test_what_is_decided_with_its_filing_queues_no_job_to_judge_it_and_is_vouched_for(
    demo: Any, settings: Any, tmp_path: Any
) -> None:
    settings.YICHUANG_DATA = tmp_path
    let(JOB, Mode.ALONE, demo.at)
    before = newest_job()
    for more in ({"answers": {"hardship": "yes"}}, {}):
        _, became = judged_with(demo, JOB, **more)
        assert became is not None
        assert became.alone is not bool(more)
    assert "cases.decide_at_once" not in jobs(before)
    ledger.sequence(at=demo.at)
    assert [(fault.kind, fault.where) for fault in ledger.verify_ledger([])] == []


def test_sent_again_it_is_the_same_filing_and_asks_nobody(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    first, became = judged_with(demo, JOB, key="twice")
    looks = RegistryLook.objects.count()
    again, nothing = judged_with(demo, JOB, key="twice")
    assert became is not None
    assert (became.alone, again.case_id, again.judged, nothing) == (True, first.case_id, True, None)
    assert RegistryLook.objects.count() == looks


@pytest.mark.parametrize(
    "point",
    [
        "at_once.before_judging", "at_once.after_comparing", "at_once.after_acceptance", "serve.after_certificate",
        "registry.after_log",
    ],
)  # fmt: skip
def test_whatever_breaks_in_the_judgement_the_filing_stands_and_waits_for_its_job(
    demo: Any, point: str, caplog: Any
) -> None:
    let(JOB, Mode.ALONE, demo.at)
    with armed(point, "raise"):
        receipt, became = judged_with(demo, JOB)
    assert became is None
    assert "filing and deciding together broke" in caplog.text
    case = Case.objects.get(id=receipt.case_id)
    assert (case.state, case.version, AutoDecision.objects.get(case=case).state) == ("SUBMITTED", 1, "waiting")
    assert [entry.act for entry in ledger.list_entries(Subject("case", case.id))] == ["file"]
    assert not Certificate.objects.filter(subject_id=case.id).exists()
    assert Case.objects.filter(item_code=JOB, applicant=case.applicant).count() == 1
    later = decide_at_once(case=case.id, at=demo.at)
    assert later is not None
    assert later.alone


def test_what_breaks_in_the_database_undoes_the_judgement_and_not_the_filing(demo: Any, monkeypatch: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)

    def breaks(*told: Any, **more: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr("yichuang.cases.commands.at_once.serve_grant", breaks)
    receipt, became = judged_with(demo, JOB)
    assert became is None
    assert Case.objects.get(id=receipt.case_id).state == "SUBMITTED"


def test_a_refusal_of_the_certificate_base_is_a_doubt_of_the_judgement_behind_it(demo: Any, monkeypatch: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)

    def refuse(**told: Any) -> None:
        raise Refused(Reason("REGISTERED_ELSEWHERE", W("已登记在别处", "Registered elsewhere")), kind="conflict")

    monkeypatch.setattr("yichuang.registry.commands.record_certificate", refuse)
    receipt, became = judged_with(demo, JOB)
    assert became is None
    became = decide_at_once(case=receipt.case_id, at=demo.at)
    assert became is not None
    assert (became.alone, became.state) == (False, State.SUBMITTED)
    assert codes(AutoDecision.objects.get(case=receipt.case_id)) == {"REGISTERED_ELSEWHERE"}


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_filed_and_judged_in_one_moment_one_is_granted(demo: Any) -> None:
    """Real threads, each held where it has compared and not yet written: without the lock both would see a free place."""
    let(SHOP, Mode.ALONE, demo.at)
    began, alone = threading.Barrier(2), list[bool]()

    def press(who: str, trade: str) -> None:
        try:
            began.wait(10)
            became = shop(demo, who, trade, SHOP_PLACE, command=file_and_judge).became
            alone.append(bool(became and became.alone))
        finally:
            connection.close()

    with armed("at_once.after_comparing", "sleep", 0.3):
        threads = [threading.Thread(target=press, args=one) for one in (("zhangxiao", "晓安"), ("sunyan", "宝恩"))]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
    assert sorted(alone) == [False, True]
    assert Certificate.objects.filter(type_code=get_pack(SHOP, at=demo.at).result.type_code).count() == 1


def test_where_another_house_is_asked_the_filing_waits_for_nobody(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    police = Police(SourceDown("away"))
    with connected(police):
        receipt, became = judged_with(demo, JOB)
    assert (became, police.asked, receipt.judged) == (None, 0, True)
    assert AutoDecision.objects.get(case=receipt.case_id).state == "waiting"


def test_what_a_clerk_typed_for_somebody_is_judged_behind_it(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    zhang = demo.actor("zhangxiao")
    told = {"form": form_of(demo, JOB, zhang), "applicant": zhang.id, "confirmed": "screen"}
    receipt, became = judged_with(demo, JOB, username="lina", proved=False, **told)
    assert became is None
    assert AutoDecision.objects.get(case=receipt.case_id).state == "waiting"


def test_where_another_version_was_read_last_it_is_judged_behind_the_filing(demo: Any, monkeypatch: Any) -> None:
    """What that version counts is held, and may not be what this one counts."""
    let(JOB, Mode.ALONE, demo.at)
    other = replace(get_pack(JOB, at=demo.at), version=99)
    monkeypatch.setattr("yichuang.catalog.queries.newest_read", lambda code: other)
    receipt, became = judged_with(demo, JOB)
    assert (became, AutoDecision.objects.get(case=receipt.case_id).state) == (None, "waiting")


def test_an_item_without_a_table_is_filed_as_ever(demo: Any) -> None:
    receipt = file(demo, "yangquan-dengji", command=file_and_judge, form=dict(demo.example("yangquan-dengji").form))
    assert (receipt.judged, receipt.became) == (False, None)
    assert Case.objects.get(id=receipt.case_id).state == "SUBMITTED"


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_number_holds_up_nobody_who_stops_the_rules(demo: Any) -> None:
    """The brake must get the rule set's row at once, however many stand in line for the region's next number."""
    let(JOB, Mode.ALONE, demo.at)
    file(demo, JOB, username="sunyan")  # the first of the day makes the rows that others count on

    def press() -> None:
        try:
            file(demo, JOB, command=file_and_judge)
        finally:
            connection.close()

    one = threading.Thread(target=press)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM core_counter FOR UPDATE")
        one.start()
        for _ in range(100):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                break
            time.sleep(0.05)
        else:
            pytest.fail("nobody waits for the number")
        cursor.execute("SELECT mode FROM cases_ruleset WHERE item_code = %s FOR UPDATE NOWAIT", [JOB])
    one.join(30)
    assert AutoDecision.objects.filter(case__item_code=JOB).count() == 2


def test_a_person_cannot_say_that_the_originals_were_seen(demo: Any) -> None:
    with pytest.raises(Refused) as refused:
        file(demo, JOB, originals=frozenset({"id_card"}))
    assert [(one.code, one.field) for one in refused.value.reasons] == [("ORIGINALS_AT_WINDOW", "/originals")]
    assert not Case.objects.filter(item_code=JOB).exists()
