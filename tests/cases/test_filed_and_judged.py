"""秒批 in the transaction of the filing (docs/adr/0048): the same as behind it, or else filed by itself and judged behind it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable
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
from yichuang.people.commands import keep_proof
from yichuang.people.values import Proof
from yichuang.registry.models import Certificate, CertificateKey, RegistryLook
from yichuang.registry.ports import SourceDown, connected

OF_ITS_OWN = {"id", "case_id", "query_code", "query_index", "encounter_id", "certificate_id", "subject_id", "dedupe"}
JOBS = "SELECT task_name FROM procrastinate_jobs WHERE id > %s ORDER BY task_name"


@pytest.fixture(autouse=True)
def read_only_what_is_open(demo: Any, monkeypatch: Any) -> None:
    """Other tests of this process publish versions that are rolled back, and stay what applied last."""
    monkeypatch.setattr("yichuang.catalog.queries.last_applied", lambda code: get_pack(code, at=demo.at))


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
            "jobs": [name for name in jobs(told) if name not in {"cases.decide_at_once", "notices.deliver"}],
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
    granted = mode is Mode.ALONE and not more
    told = [[template for template, _, _ in left.pop("messages")] for left in (together, apart)]
    assert together == apart
    assert together["became"][2] is granted
    behind = ["case_filed", "decision_made"] if granted else ["case_filed"]
    assert told == [["granted_at_once"] if granted else behind, behind]


def test_who_is_granted_with_the_filing_reads_so_in_one_message_with_number_and_query_code(demo: Any) -> None:
    let(JOB, Mode.ALONE, demo.at)
    known = set(Message.objects.values_list("id", flat=True))
    receipt, _ = judged_with(demo, JOB)
    (told,) = Message.objects.exclude(id__in=known)
    assert "已收到，并已当场准予" in told.body
    assert receipt.number in told.body
    assert receipt.query_code in told.body


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
    assert f"filing and deciding together broke: item {JOB}" in caplog.text
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


def test_a_wait_that_was_too_long_is_a_warning_with_the_item_and_nobodys_data(
    demo: Any, monkeypatch: Any, caplog: Any
) -> None:
    let(JOB, Mode.ALONE, demo.at)

    def busy(*told: Any, **more: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout, of 张晓") from LockNotAvailable("张晓")

    monkeypatch.setattr("yichuang.cases.commands.at_once.serve_grant", busy)
    receipt, became = judged_with(demo, JOB)
    assert (became, Case.objects.get(id=receipt.case_id).state) == (None, "SUBMITTED")
    told = [(one.levelname, one.getMessage(), one.exc_info) for one in caplog.records if "together" in one.message]
    assert told == [("WARNING", f"filing and deciding together gave up: item {JOB}, LockNotAvailable", None)]


def test_a_name_with_what_no_text_may_hold_is_refused_without_a_word_in_the_log(demo: Any, caplog: Any) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    with pytest.raises(Refused):
        shop(demo, "zhangxiao", "晓\0安", SHOP_PLACE, command=file_and_judge)
    assert caplog.text == ""


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


@pytest.mark.django_db(transaction=True)
def test_of_two_filings_with_one_proof_in_one_moment_one_is_taken(demo: Any) -> None:
    """Real threads, the first held behind the look at its proof: without the lock both would find it unused."""
    zhang = demo.actor("zhangxiao")
    kept = keep_proof(proof=Proof(zhang.id, "sms", demo.at))
    began, told = threading.Barrier(2), list[str]()

    def press() -> None:
        try:
            began.wait(10)
            told.append(file(demo, JOB, command=file_and_judge, proved=False, proven=kept).state.value)
        except Refused as refused:
            told.append(refused.reasons[0].code)
        finally:
            connection.close()

    with armed("file.after_write", "sleep", 0.3):
        threads = [threading.Thread(target=press) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
    assert len(told) == 2
    assert told.count("PROOF_STALE") == 1
    assert AutoDecision.objects.filter(proved="sms").count() == 1


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
    monkeypatch.setattr("yichuang.catalog.queries.last_applied", lambda code: other)
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


@pytest.mark.django_db(transaction=True)
def test_nobodys_filing_waits_for_long_because_one_department_grants_much(demo: Any, caplog: Any) -> None:
    """Who holds the region's next number gives up waiting for the department's, and is filed by itself."""
    let(JOB, Mode.ALONE, demo.at)
    assert judged_with(demo, JOB, username="sunyan")[1]  # the first of the day makes the rows that others count on
    told = list[Any]()

    def press() -> None:
        try:
            told.append(judged_with(demo, JOB)[1])
        finally:
            connection.close()

    one = threading.Thread(target=press)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM core_counter WHERE kind LIKE 'certificate-id.%%' FOR UPDATE")
        assert cursor.fetchall()
        one.start()
        one.join(3)
        assert not one.is_alive(), "it waits as long as the department does"
    assert told == [None]
    assert AutoDecision.objects.filter(case__item_code=JOB, state="waiting").count() == 1
    assert [entry.levelname for entry in caplog.records if "gave up" in entry.message] == ["WARNING"]


def test_a_person_cannot_say_that_the_originals_were_seen(demo: Any) -> None:
    with pytest.raises(Refused) as refused:
        file(demo, JOB, originals=frozenset({"id_card"}))
    assert [(one.code, one.field) for one in refused.value.reasons] == [("ORIGINALS_AT_WINDOW", "/originals")]
    assert not Case.objects.filter(item_code=JOB).exists()
