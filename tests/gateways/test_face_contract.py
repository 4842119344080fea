"""The platform that compares faces, over HTTP: proved both ways, its faults told apart, and nobody is sent to another house."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from yichuang.gateways.face import config
from yichuang.gateways.face.client import FaceClient
from yichuang.gateways.face.config import Platform as Known
from yichuang.gateways.face.simulator import FACES, Platform, serving
from yichuang.people.ports import FaceAnswer, FaceFailed, FaceQuestion

SECRET = "simulated-secret-of-32-characters"
QUESTION = FaceQuestion("0123456789abcdef" * 3, "440303195505209003", "王秀英", "http://127.0.0.1:8000/back")


@pytest.fixture
def platform() -> Platform:
    return Platform(secret=SECRET)


@pytest.fixture
def client(platform: Platform) -> Iterator[FaceClient]:
    with serving(platform) as address:
        yield FaceClient(Known(address, platform.key, SECRET))


def test_it_is_told_whom_to_expect_and_says_how_alike_they_were(client: FaceClient, platform: Platform) -> None:
    client.probe()
    assert client.begin(QUESTION).endswith(f"/face/{QUESTION.nonce}")
    assert platform.expected[QUESTION.nonce]["name"] == "王秀英"
    assert client.answer(QUESTION.nonce) is None
    platform.seen[QUESTION.nonce] = "doubtful"
    assert client.answer(QUESTION.nonce) == FaceAnswer(Decimal("0.71"), f"SIM-{QUESTION.nonce[:12]}")


def test_a_picture_held_before_the_camera_is_nobodys_face(client: FaceClient, platform: Platform) -> None:
    platform.seen[QUESTION.nonce] = "picture"
    assert FACES["picture"][0] == "0.97"
    found = client.answer(QUESTION.nonce)
    assert found is not None
    assert found.score == 0


def test_a_score_is_never_rounded_up_to_the_bound(client: FaceClient, platform: Platform) -> None:
    platform.seen[QUESTION.nonce], platform.wrong = "same", {"score": "0.79999"}
    found = client.answer(QUESTION.nonce)
    assert found is not None
    assert found.score == Decimal("0.799")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"score": "1.2"}, "SCORE"),
        ({"score": 0.93}, "SCORE"),  # a number of JSON has no exact value
        ({"score": "NaN"}, "SCORE"),
        ({"score": "0." + "9" * 400}, "SCORE"),
        ({"state": "perhaps"}, "FORM"),
        ({"reference": ""}, "FORM"),
        ({"reference": "x" * 81}, "FORM"),
    ],
)
def test_an_answer_of_another_form_is_none(client: FaceClient, platform: Platform, wrong: Any, code: str) -> None:
    platform.seen[QUESTION.nonce], platform.wrong = "same", wrong
    with pytest.raises(FaceFailed, match=code):
        client.answer(QUESTION.nonce)


@pytest.mark.parametrize(
    "address", ["https://evil.example/face", "javascript:alert(1)", "http://127.0.0.1:1/face", 7, ""]
)
def test_nobody_is_sent_to_another_house(client: FaceClient, platform: Platform, address: Any) -> None:
    platform.wrong = {"address": address}
    with pytest.raises(FaceFailed, match="ADDRESS"):
        client.begin(QUESTION)


def test_another_secret_and_a_platform_that_is_gone_are_faults_of_their_own(platform: Platform) -> None:
    with serving(platform) as address:
        stranger = FaceClient(Known(address, platform.key, "another-secret-of-32-characters-x"))
        with pytest.raises(FaceFailed, match="HTTP_401"):
            stranger.begin(QUESTION)
    with pytest.raises(FaceFailed, match="NOT_CONNECTED"):
        FaceClient(Known(address, platform.key, SECRET)).answer(QUESTION.nonce)


def test_settings_that_cannot_work_are_said_before_the_start(settings: Any) -> None:
    settings.YICHUANG_DEMO, settings.YICHUANG_FACE = False, {}
    assert config.check_config() == []
    settings.YICHUANG_FACE = {"url": "http://faces.example/v1", "key": "", "secret": "short"}
    assert [fault.partition(":")[0] for fault in config.check_config()] == [
        "YICHUANG_FACE_URL",
        "YICHUANG_FACE_SECRET",
        "YICHUANG_FACE_KEY",
    ]
