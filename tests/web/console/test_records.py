"""The message log and the ledger's state over HTTP."""

import pytest
from django.db import connection

from yichuang.core import jobs, ledger
from yichuang.core.ledger import checks
from yichuang.core.models import LedgerCheck
from yichuang.notices.commands import send
from yichuang.notices.models import Delivery
from yichuang.notices.values import Address


@pytest.fixture
def parked(demo):
    """A message that was given up."""
    message = send(
        address=Address("sms", "13800000105", None), locale="zh-hans", template="account_opened",
        values={"username": "x"}, at=demo.at,
    )  # fmt: skip
    Delivery.objects.create(message_id=message, sent=False, reference="TIMEOUT", outcome="parked", at=demo.at)
    return message


def test_a_message_that_was_given_up_is_seen_and_sent_again_by_the_system_administrator(desk, demo, parked):
    system = desk("shilei")
    assert "1 条消息多次发送失败、已停止" in system.get("/console/")
    page = system.get("/console/messages/?only=parked")
    assert "138****0105" in page
    assert "TIMEOUT" in page
    assert "已停止" in page
    none = system.post("/console/messages/")
    assert none.status_code == 422
    assert "请选择要重发的消息" in none.content.decode()
    assert desk("shenjing").post("/console/messages/", message=str(parked)).status_code == 403
    assert system.post("/console/messages/", message=str(parked)).status_code == 302
    assert "没有这样的消息" in system.get("/console/messages/?only=parked")
    again = system.post("/console/messages/", message=str(parked))
    assert again.status_code == 409


def test_the_sender_of_a_message_is_named_in_words(desk, demo, parked):
    Delivery.objects.create(message_id=parked, sent=True, sender="outbox", outcome="sent", at=demo.at)
    page = desk("shilei").get("/console/messages/")
    assert "演示短信箱" in page
    assert "outbox" not in page.partition("<main")[2]


def test_the_auditor_has_the_ledger_verified_and_reads_what_was_found(desk, demo):
    auditor = desk("shenjing")
    assert "留痕账本还没有完成过核验" in auditor.get("/console/")
    ledger.sequence(at=demo.at)
    ledger.checkpoint(at=demo.at)
    assert auditor.post("/console/ledger/").status_code == 302
    assert auditor.post("/console/ledger/").status_code == 302
    assert LedgerCheck.objects.count() == 1, "while one waits, that one is the answer"
    assert "正在核验" in auditor.get("/console/ledger/")
    checks.run_check(check=LedgerCheck.objects.get().id, clock=lambda: demo.at)
    page = auditor.get("/console/ledger/")
    assert "完好" in page
    assert "沈*" in page
    assert "没有需要您处理" in auditor.get("/console/")
    check = LedgerCheck.objects.get()
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("ledger_check", check.id))]
    assert acts == ["core.ledger_check_asked", "core.ledger_checked"]
    checks.run_check(check=check.id, clock=lambda: demo.at)  # a job that comes twice is done once
    assert LedgerCheck.objects.get().ended_at == check.ended_at


def test_an_altered_entry_is_found_and_stands_on_the_first_page(desk, demo):
    ledger.sequence(at=demo.at)
    ledger.checkpoint(at=demo.at)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_entry SET act = 'nothing' WHERE act = 'publish_pack'")
        cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER USER")
    from yichuang.core.actors import SYSTEM
    from yichuang.core.upkeep import ask_ledger_check

    ask_ledger_check(actor=SYSTEM, at=demo.at)
    jobs.run_waiting()
    auditor = desk("shenjing")
    assert "次核验发现" in auditor.get("/console/")
    page = auditor.get("/console/ledger/")
    assert "被改动" in page
    assert "每夜自动" in page


def test_who_may_not_see_the_ledger_is_refused_by_the_query_too(demo):
    from yichuang.core.refusals import Refused

    for name in ("anning", "wuqian", "lina"):
        with pytest.raises(Refused):
            checks.ledger_state(demo.actor(name), at=demo.at)
