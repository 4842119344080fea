"""A share platform over HTTP: proved both ways, every fault an answer of its own, never longer than the deadline."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from yichuang.core.actors import SYSTEM
from yichuang.core.words import W
from yichuang.gateways.share import config
from yichuang.gateways.share.client import ShareClient
from yichuang.gateways.share.config import Platform as Known
from yichuang.gateways.share.simulator import FAULTS, Platform, serving
from yichuang.registry import outside
from yichuang.registry.commands import ask, load_batch
from yichuang.registry.models import RegistryLook
from yichuang.registry.ports import (
    Found,
    Nothing,
    SourceDown,
    SourceFailed,
    SourceRefused,
    SourceSlow,
    SourceWrong,
    connected,
)
from yichuang.registry.values import Answer, Base, Ground, Purpose, Question

SECRET = "simulated-secret-of-32-characters"
PERSON = "44030319900101901X"
SAYS = {"population": {PERSON: {"name": "张晓", "alive": True, "birth_date": "1990-01-01"}}}
AS_OF = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    outside.forget()
    yield
    outside.forget()


@pytest.fixture
def platform() -> Platform:
    return Platform(secret=SECRET, records=SAYS, as_of=AS_OF, slow=1.0)


@pytest.fixture
def client(platform: Platform) -> Iterator[ShareClient]:
    with serving(platform) as address:
        yield ShareClient(Known("police", address, platform.key, SECRET, ("population", "credit"), 5.0))


def question(key: str = PERSON, *fields: str) -> Question:
    return Question("p", Base.POPULATION, key, fields or ("name", "alive"))


def test_it_finds_and_it_says_when_there_is_nothing(client: ShareClient, platform: Platform):
    assert client.fetch(question(), deadline=5.0) == Found({"name": "张晓", "alive": True}, AS_OF)
    assert client.fetch(question("440303199001019991"), deadline=5.0) == Nothing(AS_OF)
    assert platform.asked[0] == {"base": "population", "key": PERSON, "fields": ["name", "alive"]}  # the fewest fields
    client.probe()


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("error", SourceDown, "HTTP_500"),
        ("busy", SourceDown, "HTTP_503"),
        ("down", SourceDown, "NO_ANSWER"),
        ("refuse", SourceRefused, "HTTP_403"),
        ("signature", SourceWrong, "ANSWER_SIGNATURE"),
        ("unsigned", SourceWrong, "ANSWER_KEY"),
        ("replayed", SourceWrong, "ANSWER_SIGNATURE"),
        ("form", SourceWrong, "FORM"),
    ],
)
def test_each_fault_is_told_apart(client: ShareClient, platform: Platform, fault: str, kind: Any, code: str):
    client.fetch(question(), deadline=5.0)
    platform.script = [fault]
    with pytest.raises(SourceFailed) as failed:
        client.fetch(question(), deadline=5.0)
    assert type(failed.value) is kind
    assert str(failed.value) == code


@pytest.mark.parametrize("fault", ["slow", "trickle"])
def test_slow_ones_are_over_in_time(client: ShareClient, platform: Platform, fault: str):
    platform.script = [fault]
    begun = time.monotonic()
    with pytest.raises(SourceSlow):
        client.fetch(question(), deadline=0.3)
    assert time.monotonic() - begun < 5


def test_nobody_listens():
    lost = ShareClient(Known("police", "http://127.0.0.1:9", "k", SECRET, ("population",), 1.0))
    with pytest.raises(SourceDown, match="NOT_CONNECTED"):
        lost.fetch(question(), deadline=2.0)


def test_a_wrong_secret_of_ours_is_their_refusal(platform: Platform):
    with serving(platform) as address:
        wrong = ShareClient(Known("police", address, platform.key, "x" * 32, ("population",), 5.0))
        with pytest.raises(SourceRefused, match="HTTP_401"):
            wrong.fetch(question(), deadline=5.0)


def test_our_own_answer_of_each_fault(db: None, client: ShareClient, platform: Platform):
    """Through the whole of `ask`, with a local base that knows the person too."""
    load_batch(base=Base.POPULATION, source="street", actor=SYSTEM, at=AS_OF, rows=[{"key": PERSON, "name": "张晓"}])
    expected = {
        **dict.fromkeys(("down", "error", "busy"), "down"),
        "refuse": "refused",
        **dict.fromkeys(("signature", "unsigned", "replayed", "form"), "wrong"),
    }
    for fault, state in expected.items():
        outside.forget()
        answer, log = through(client, platform, fault)
        assert (answer.state, answer.fault) == (
            "unknown",
            state,
        )  # the street has a row, but the police might know better
        assert log == [["street", "found"], ["police", state]], fault
    answer, log = through(client, platform, "types")
    assert log[1][1] == "wrong"
    answer, log = through(client, platform, "contradict")
    assert answer.fault == "contradictory"
    assert set(FAULTS) == {*expected, "types", "contradict", "slow", "trickle"}


def through(client: ShareClient, platform: Platform, fault: str) -> tuple[Answer, list[list[object]]]:
    platform.script = [fault]
    with connected(client):
        (answer,) = ask(
            [question(PERSON, "name")],
            actor=SYSTEM,
            ground=Ground("duty", "x"),
            purpose=Purpose("x", "", W("", "")),
            at=AS_OF,
            deadline=10.0,
        )
    look = RegistryLook.objects.order_by("-id").first()
    assert look is not None
    return answer, [entry[:2] for entry in look.sources]


def test_what_is_wrong_with_the_settings_is_said(settings: Any):
    settings.YICHUANG_SHARE_SOURCES = {
        "Police": {"url": "http://share.example/v1", "key": "", "secret": "short", "bases": ["people"], "timeout": "x"}
    }
    faults = "\n".join(config.check_config())
    for part in (
        "not a name",
        "must be https",
        "this machine only",
        "at least 32",
        "_KEY: is empty",
        "_BASES",
        "_TIMEOUT",
    ):
        assert part in faults
    settings.YICHUANG_SHARE_SOURCES = {
        name: {"url": "http://127.0.0.1:9201/v1", "key": "k", "secret": SECRET, "bases": ["credit"]}
        for name in ("a", "b")
    }
    assert config.check_config() == [
        "YICHUANG_SHARE_*_SECRET: two platforms share a secret: each could sign the other's answers"
    ]
