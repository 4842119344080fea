"""A message is handed over once: by the next sender where one fails, after a question where nobody knows."""

from collections import Counter
from datetime import timedelta

import pytest

from yichuang.core import roles
from yichuang.core.actors import Actor, Channel, Grant
from yichuang.core.clock import fixed
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import Refused
from yichuang.gateways.sms.config import Provider
from yichuang.gateways.sms.receipts import SmsReceipts
from yichuang.gateways.sms.simulator import Platform, SimulatedSms
from yichuang.notices import delivery, figures
from yichuang.notices.commands import resend_messages, send, take_receipts
from yichuang.notices.delivery import RoundFailed
from yichuang.notices.jobs import deliver
from yichuang.notices.models import Delivery, ReceiptRow
from yichuang.notices.queries import list_messages
from yichuang.notices.rules import TRIES
from yichuang.notices.values import Address, LogFilters, Outcome

B, S, F, U, R = Outcome.BEGUN, Outcome.SENT, Outcome.FAILED, Outcome.UNKNOWN, Outcome.REFUSED
FILED = {"item": "养犬登记", "number": "440303-20261124-W-000001-7", "query_code": "K7QP2M"}
BOTH = ("main", "spare")
SECRET = "simulated-secret-of-32-characters"


# ── with two providers ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def main():
    return Platform(secret=SECRET)


@pytest.fixture
def spare():
    return Platform(secret=SECRET + "2")


@pytest.fixture
def two(monkeypatch, main, spare):
    """Both simulated providers as the senders of SMS."""
    senders = (SimulatedSms(main, "main"), SimulatedSms(spare, "spare"))
    monkeypatch.setattr(delivery, "senders_for", lambda kind: senders)
    return senders


def told(at, **more):
    wanted = {"address": Address("sms", "13800000001"), "locale": "zh-hans", "template": "case_filed"}
    return send(**{**wanted, "values": FILED, "at": at, **more})


def outcomes(message):
    rows = Delivery.objects.filter(message=message).order_by("at", "id")
    return [(row.sender, row.outcome) for row in rows]


pytestmark = pytest.mark.django_db
ADMIN = Actor(
    kind="staff",
    id=new_id(),
    name="系统管理员",
    grants=frozenset({Grant(roles.SYSTEM_ADMIN, None, None)}),
    channel=Channel.COUNTER,
)


def parked_one(at, main, spare, **more):
    main.script, spare.script = ["refuse"], ["refuse"]
    message = told(at, **more)
    with fixed(at):
        deliver(message)
    return message


def test_the_first_provider_gets_the_message_and_the_number_as_it_is_dialled(at, two, main, spare):
    message = told(at, address=Address("sms", "+86 138-0000-0001"))
    with fixed(at):
        deliver(message)
    assert main.accepted[str(message)]["to"] == "+8613800000001"
    assert outcomes(message) == [("main", "begun"), ("main", "sent")]
    assert not spare.accepted


def test_the_other_provider_takes_what_the_first_one_did_not(at, two, main, spare):
    main.script = ["down"]
    message = told(at)
    deliver(message)
    assert (list(main.accepted), list(spare.accepted)) == ([], [str(message)])


def test_a_lost_answer_is_asked_for_and_nobody_is_told_twice(at, two, main, spare):
    main.script = ["lost"]
    message = told(at)
    deliver(message)
    assert outcomes(message) == [("main", "begun"), ("main", "unknown"), ("main", "sent")]
    assert (main.offers[str(message)], main.questions, spare.offers.total()) == (1, 1, 0)


def test_an_error_that_took_nothing_is_found_out_before_the_other_one_sends(at, two, main, spare):
    main.script = ["error"]
    message = told(at)
    deliver(message)
    assert (main.questions, list(main.accepted), list(spare.accepted)) == (1, [], [str(message)])


def test_nobody_sends_while_it_is_open_whether_the_first_one_did(at, two, main, spare):
    main.script, main.mute = ["lost"], True
    message = told(at)
    with pytest.raises(RoundFailed):
        deliver(message)
    assert not spare.accepted
    main.mute = False
    deliver(message)
    assert (main.offers[str(message)], len(spare.accepted)) == (1, 0)
    assert list_messages(ADMIN, at=at).items[0].state == "sent"


def test_a_worker_killed_after_the_provider_took_it_asks_before_it_sends_again(at, two, main, spare):
    """The crash leaves what was written before the offer, and nothing after it."""
    message = told(at)
    main.take({"id": str(message), "to": "+8613800000001", "text": "x"})
    Delivery.objects.create(message_id=message, sent=False, sender="main", outcome="begun", reference="", at=at)
    deliver(message)
    assert (main.offers[str(message)], main.questions, spare.offers.total()) == (1, 1, 0)


def test_delivering_again_does_nothing(at, two, main):
    message = told(at)
    deliver(message)
    deliver(message)
    assert main.offers[str(message)] == 1


def test_a_poison_message_is_parked_after_eight_rounds_and_others_go_on(at, two, main, spare):
    poison = told(at)
    main.odds = spare.odds = {"busy": 1.0}
    for turn in range(TRIES):
        with fixed(at + timedelta(minutes=turn)), pytest.raises(RoundFailed):
            deliver(poison)
    with fixed(at + timedelta(hours=1)):
        deliver(poison)  # parked: nothing happens
    assert main.offers.total() + spare.offers.total() == 0
    [row] = list_messages(ADMIN, LogFilters(only="parked"), at=at).items
    assert (row.id, row.parked, row.fault, row.attempts) == (poison, True, "HTTP_503", 4 * TRIES)
    main.odds = {}
    other = told(at)
    deliver(other)
    assert list(main.accepted) == [str(other)]


def test_what_every_provider_refuses_is_parked_at_once(at, two, main, spare):
    message = parked_one(at, main, spare)
    assert outcomes(message)[-1] == ("", "parked")
    assert list_messages(ADMIN, at=at).items[0].fault == "HTTP_422"


def test_a_number_that_is_none_is_offered_to_nobody(at, two, main, spare):
    message = told(at, address=Address("sms", "12345"))
    deliver(message)
    assert (main.offers.total(), spare.offers.total()) == (0, 0)
    assert outcomes(message) == [("", "parked")]


def test_a_defect_of_a_client_is_an_open_question(at, two, main, spare, monkeypatch):
    monkeypatch.setattr(two[0], "send", lambda message: 1 / 0)
    message = told(at)
    deliver(message)
    assert [what for _, what in outcomes(message)] == ["begun", "unknown", "failed", "begun", "sent"]
    assert list(spare.accepted) == [str(message)]


def test_a_thousand_messages_with_faulty_providers_reach_everybody_once(at, two, main, spare):
    """A hundred here, so that the suite stays quick; the thousand, and their seconds, are `./run bench messages`."""
    main.odds = {"lost": 0.1, "error": 0.1, "busy": 0.1, "down": 0.1}
    spare.odds = {"lost": 0.2, "error": 0.2, "down": 0.1}
    ids = [told(at) for _ in range(100)]
    for message in ids:
        for _ in range(TRIES):
            try:
                deliver(message)
                break
            except RoundFailed:
                continue
    taken = Counter([*main.accepted, *spare.accepted])
    assert set(taken) == {str(id) for id in ids}
    assert set(taken.values()) == {1}


# ── a person steps in ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_parked_message_is_sent_again_as_the_same_one_and_on_record(at, two, main, spare):
    message = parked_one(at, main, spare)
    later = at + timedelta(hours=1)
    assert resend_messages(actor=ADMIN, messages=[message], at=later) == 1
    with fixed(later):
        deliver(message)
    assert list(main.accepted) == [str(message)]
    assert list_messages(ADMIN, LogFilters(only="parked"), at=later).items == ()
    assert [entry.act for entry in list_entries(Subject("message", message))] == ["notices.resend"]


@pytest.mark.parametrize("why", ["sent", "code", "old", "not parked"])
def test_what_is_sent_secret_or_old_is_not_sent_again(at, two, main, spare, why):
    later = at + (timedelta(days=8) if why == "old" else timedelta(hours=1))
    if why == "sent":
        deliver(message := told(at))
    elif why == "code":
        code = {"template": "sign_in_code", "values": {"code": "123456", "minutes": 5}}
        message = parked_one(at, main, spare, **code)
    else:
        message = told(at) if why == "not parked" else parked_one(at, main, spare)
    with pytest.raises(Refused) as refused:
        resend_messages(actor=ADMIN, messages=[message], at=later)
    assert refused.value.reasons[0].code == "NOTHING_TO_RESEND"


def test_only_the_system_administrator_sends_again_and_clerks_do_not_read_the_log(at, li_na, zhang_xiao):
    auditor = Actor(
        kind="staff",
        id=new_id(),
        name="审计员",
        grants=frozenset({Grant(roles.SECURITY_AUDITOR, None, None)}),
        channel=Channel.COUNTER,
    )
    assert list_messages(auditor, at=at).items == ()
    for actor in (auditor, li_na, zhang_xiao):
        with pytest.raises(Refused):
            resend_messages(actor=actor, messages=[new_id()], at=at)
    for actor in (li_na, zhang_xiao):
        with pytest.raises(Refused):
            list_messages(actor, at=at)


def test_the_log_says_how_and_whether_but_not_what(at, two, main):
    message = told(at)
    with fixed(at + timedelta(seconds=2)):
        deliver(message)
    [row] = list_messages(ADMIN, at=at).items
    assert (row.to, row.state, row.sender, row.seconds, row.parts) == ("138****0001", "sent", "main", 2.0, 2)
    assert "13800000001" not in repr(row)
    assert "K7QP2M" not in repr(row)


def test_the_log_is_read_page_by_page_and_by_what_is_looked_for(at, two, main, spare):
    person = new_id()
    ids = [told(at + timedelta(seconds=n), address=Address("sms", "13800000001", person)) for n in range(3)]
    told(at, address=Address("email", "a@example.com"), template="delivered", values={**FILED, "at": at, "rate": ""})
    told(at, address=Address("inbox", party=person))
    first = list_messages(ADMIN, LogFilters(kind="sms"), limit=2, at=at)
    second = list_messages(ADMIN, LogFilters(kind="sms"), first.next, 2, at=at)
    assert [row.id for row in (*first.items, *second.items)] == ids[::-1]
    assert second.next is None
    assert len(list_messages(ADMIN, LogFilters(party=person), at=at).items) == 4
    assert len(list_messages(ADMIN, LogFilters(template="delivered"), at=at).items) == 1
    assert len(list_messages(ADMIN, LogFilters(since=at, until=at + timedelta(seconds=1)), at=at).items) == 3
    deliver(ids[0])
    assert len(list_messages(ADMIN, LogFilters(only="waiting"), at=at).items) == 3


# ── receipts ──────────────────────────────────────────────────────────────────────────────────────────────────────

PATH = "/api/v1/receipts/main"


@pytest.fixture
def receipts(monkeypatch, main, spare):
    known = (Provider("main", "", main.key, main.secret), Provider("spare", "", spare.key, spare.secret))
    monkeypatch.setattr("yichuang.notices.commands.receipt_reader", lambda: SmsReceipts(known))


def post(body, headers, at, sender="main"):
    return take_receipts(sender=sender, path=PATH, headers=headers, body=body, at=at)


def test_a_receipt_says_that_the_message_arrived_and_twice_is_once(at, two, main, receipts):
    message = told(at)
    deliver(message)
    body, headers = main.receipt(message, path=PATH)
    assert (post(body, headers, at), post(body, headers, at)) == (1, 0)
    [row] = list_messages(ADMIN, at=at).items
    assert (row.receipt, row.receipt_code) == ("delivered", "DELIVRD")
    assert ReceiptRow.objects.count() == 1


def test_that_it_arrived_in_the_end_beats_that_it_had_not(at, two, main, receipts):
    message = told(at)
    deliver(message)
    post(*main.receipt(message, state="undelivered", code="EXPIRED", path=PATH), at)
    assert list_messages(ADMIN, LogFilters(only="undelivered"), at=at).items[0].receipt_code == "EXPIRED"
    post(*main.receipt(message, path=PATH), at)
    assert list_messages(ADMIN, LogFilters(only="undelivered"), at=at).items == ()


@pytest.mark.parametrize("wrong", ["body", "signature", "old", "path", "sender", "form"])
def test_a_receipt_that_does_not_prove_itself_changes_nothing(at, two, main, receipts, wrong):
    message = told(at)
    deliver(message)
    if wrong == "old":
        main.clock = lambda: 1_000_000.0
    body, headers = main.receipt(message if wrong != "form" else "nobody", path="/other" if wrong == "path" else PATH)
    if wrong == "body":
        body = body.replace(b"delivered", b"undelivered")
    if wrong == "signature":
        headers["X-Yc-Signature"] = "0" * 64
    with pytest.raises(Refused) as refused:
        post(body, headers, at, sender="spare" if wrong == "sender" else "main")
    assert refused.value.status == 403
    assert not ReceiptRow.objects.exists()


def test_receipts_of_messages_that_are_not_ours_are_left_out(at, main, receipts):
    assert post(*main.receipt(new_id(), path=PATH), at) == 0


def test_no_provider_reports_of_what_another_took(at, two, main, spare, receipts):
    main.script = ["refuse"]
    message = told(at)
    deliver(message)
    assert post(*main.receipt(message, path=PATH), at) == 0
    assert not ReceiptRow.objects.exists()
    assert post(*spare.receipt(message, path=PATH), at, sender="spare") == 1


# ── the figures ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_figure_counts_what_went_out_within_five_seconds(at, two, main, spare):
    for seconds in (1, 5, 6):
        message = told(at)
        with fixed(at + timedelta(seconds=seconds)):
            deliver(message)
    parked_one(at, main, spare)
    told(at, address=Address("inbox", party=new_id()))
    found = figures.hand_over(since=at, until=at + timedelta(minutes=1))
    assert (found.written, found.sent, found.fast, found.parked) == (4, 3, 2, 1)
    assert (found.share, found.median, found.slowest) == (0.5, 5.0, 6.0)
    assert figures.hand_over(since=at - timedelta(days=1), until=at).share == 1.0
