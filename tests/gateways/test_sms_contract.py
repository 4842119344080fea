"""The contract of an SMS sender, asked of the client over HTTP and of the simulator itself with the same questions."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from yichuang.core.breaker import Breaker
from yichuang.core.ids import new_id
from yichuang.gateways.sms import client as over_http
from yichuang.gateways.sms.client import SmsClient
from yichuang.gateways.sms.config import Provider
from yichuang.gateways.sms.simulator import Platform, SimulatedSms, serving
from yichuang.notices.ports import OutcomeUnknown, Sender, SendingFailed, SendingRefused
from yichuang.notices.values import Outgoing

SECRET = "simulated-secret-of-32-characters"


def a_message(to: str = "13800000001", id: UUID | None = None) -> Outgoing:
    return Outgoing(id=id or new_id(), kind="sms", to=to, title="", body="【一窗】办件已受理。", locale="zh-hans")


@pytest.fixture
def platform() -> Platform:
    return Platform(secret=SECRET)


@pytest.fixture(params=["http", "simulator"])
def sender(request, platform, monkeypatch) -> Iterator[Sender]:
    if request.param == "simulator":
        yield SimulatedSms(platform)
        return
    monkeypatch.setattr(over_http, "WHOLE", 0.3)
    monkeypatch.setattr("yichuang.gateways.sms.simulator.SLOW", 0.5)
    with serving(platform) as address:
        yield SmsClient(Provider("main", address, platform.key, SECRET))


def test_what_is_taken_gets_a_reference_and_can_be_asked_for(sender, platform):
    message = a_message()
    reference = sender.send(message)
    assert reference
    assert sender.ask(message.id) == reference
    assert platform.accepted[str(message.id)]["text"] == message.body


def test_the_same_message_again_is_the_same_one(sender, platform):
    message = a_message()
    assert sender.send(message) == sender.send(message)
    assert len(platform.accepted) == 1


def test_what_was_never_offered_was_not_taken(sender):
    assert sender.ask(new_id()) is None


@pytest.mark.parametrize("fault", ["busy", "error"])
def test_what_was_not_taken_may_be_offered_again(sender, platform, fault):
    platform.script = [fault]
    message = a_message()
    with pytest.raises(SendingFailed):
        sender.send(message)
    assert sender.ask(message.id) is None
    assert sender.send(message)


def test_an_error_of_theirs_leaves_open_whether_they_took_it(sender, platform):
    platform.script = ["error"]
    with pytest.raises(OutcomeUnknown):
        sender.send(a_message())


@pytest.mark.parametrize("fault", ["lost", "slow", "trickle"])
def test_an_answer_that_gets_lost_after_accepting_is_found_by_asking(sender, platform, fault):
    platform.script = [fault]
    message = a_message()
    with pytest.raises(OutcomeUnknown):
        sender.send(message)
    assert sender.ask(message.id)
    assert list(platform.accepted) == [str(message.id)]


@pytest.mark.parametrize("way", ["fault", "number"])
def test_what_is_never_taken_says_so(sender, platform, way):
    platform.script = ["refuse"] if way == "fault" else []
    with pytest.raises(SendingRefused):
        sender.send(a_message("12345" if way == "number" else "13800000001"))
    assert not platform.accepted


def test_silence_to_a_question_is_no_answer(sender, platform):
    message = a_message()
    sender.send(message)
    platform.mute = True
    with pytest.raises(SendingFailed):
        sender.ask(message.id)


# ── what only HTTP knows ──────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_there_is_not_taken():
    gone = SmsClient(Provider("main", "http://127.0.0.1:9/v1", "demo", SECRET))
    with pytest.raises(SendingFailed) as failed:
        gone.send(a_message())
    assert (type(failed.value), failed.value.fault) == (SendingFailed, "NOT_CONNECTED")


@pytest.mark.parametrize("wrong", ["secret", "key", "clock"])
def test_a_request_that_does_not_prove_itself_is_sent_by_another_provider(platform, wrong):
    with serving(platform) as address:
        key, secret = ("demo", SECRET + "x") if wrong == "secret" else ("other" if wrong == "key" else "demo", SECRET)
        late = (lambda: platform.clock() - 400) if wrong == "clock" else None
        ours = SmsClient(Provider("main", address, key, secret), clock=late)
        with pytest.raises(SendingFailed) as failed:
            ours.send(a_message())
    assert (type(failed.value), failed.value.fault) == (SendingFailed, "HTTP_401")
    assert not platform.accepted


def test_a_sender_that_fails_three_times_is_not_waited_for_until_a_probe_succeeds(platform):
    seconds = [0.0]
    platform.script = ["busy"] * 4
    with serving(platform) as address:
        ours = SmsClient(Provider("main", address, "demo", SECRET), breaker=Breaker(clock=lambda: seconds[0]))
        for _ in range(3):
            assert ours.ready()
            with pytest.raises(SendingFailed):
                ours.send(a_message())
        assert not ours.ready()
        seconds[0] = 3.1
        assert ours.ready()
        with pytest.raises(SendingFailed):
            ours.send(a_message())
        assert not ours.ready()
        seconds[0] = 6.3
        ours.send(a_message())
        assert ours.ready()


def test_one_caller_probes_while_the_others_wait():
    seconds = [0.0]
    breaker = Breaker(clock=lambda: seconds[0])
    for _ in range(3):
        breaker.failed()
    assert not breaker.closed()
    seconds[0] = 3.0
    assert breaker.closed()
    breaker.begin()
    assert not breaker.closed()
