"""刷脸核验: agreed to for itself alone, answered by a platform, good for one case and a quarter of an hour."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.ledger.verify import verify_ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.commands import ask_face_check, take_face_answer, use_face_check
from yichuang.people.jobs import forget_codes
from yichuang.people.models import FaceCheck
from yichuang.people.ports import FaceAnswer, FaceFailed, FaceQuestion, looking_at_faces
from yichuang.people.queries import face_score, face_state, get_party

pytestmark = pytest.mark.demo
ITEM = "yanglao-renzheng"
BACK = "http://localhost:8000/back"
MINUTE = timedelta(minutes=1)


@dataclass
class Camera:
    """A platform that is told what to see."""

    says: FaceAnswer | None | FaceFailed = None
    expected: list[FaceQuestion] = field(default_factory=list)

    def begin(self, question: FaceQuestion) -> str:
        self.expected.append(question)
        return "http://camera.example/face"

    def answer(self, nonce: str) -> FaceAnswer | None:
        assert nonce == self.expected[-1].nonce
        if isinstance(self.says, FaceFailed):
            raise self.says
        return self.says


@pytest.fixture
def camera() -> Iterator[Camera]:
    seen = Camera()
    with looking_at_faces(seen):
        yield seen


def checked(demo: Any, camera: Camera, who: str = "wangxiuying", score: str = "0.93", at: Any = None) -> Any:
    actor, at = demo.actor(who), at or demo.at
    ask_face_check(actor=actor, item=ITEM, agreed=True, return_to=BACK, at=at)
    camera.says = FaceAnswer(Decimal(score), "C-1")
    assert take_face_answer(actor=actor, item=ITEM, at=at)
    return actor.id


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_nobody_is_looked_at_who_did_not_agree_to_that(demo: Any, camera: Camera) -> None:
    wang = demo.actor("wangxiuying")
    with pytest.raises(Refused) as refused:
        ask_face_check(actor=wang, item=ITEM, agreed=False, return_to=BACK, at=demo.at)
    assert codes(refused) == ["FACE_AGREEMENT"]
    assert (camera.expected, FaceCheck.objects.count()) == ([], 0)


def test_the_platform_learns_name_and_number_and_we_learn_a_score(demo: Any, camera: Camera) -> None:
    wang = demo.actor("wangxiuying")
    assert face_state(wang.id, item=ITEM, at=demo.at).offered
    assert (
        ask_face_check(actor=wang, item=ITEM, agreed=True, return_to=BACK, at=demo.at) == "http://camera.example/face"
    )
    (asked,) = camera.expected
    assert (asked.name, asked.id_no, asked.return_to) == ("王秀英", get_party(wang.id).id_no, BACK)
    assert not take_face_answer(actor=wang, item=ITEM, at=demo.at)  # nobody has shown a face
    assert face_score(wang.id, item=ITEM, at=demo.at) is None
    camera.says = FaceAnswer(Decimal("0.93"), "C-1")
    assert take_face_answer(actor=wang, item=ITEM, at=demo.at)
    camera.says = FaceAnswer(Decimal("0.10"), "C-2")
    assert take_face_answer(actor=wang, item=ITEM, at=demo.at), "asked twice it says the same"
    assert face_score(wang.id, item=ITEM, at=demo.at) == Decimal("0.930")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM people_facecheck f")
        assert asked.nonce not in cursor.fetchall()[0][0], "who read the table could ask for the answer"


def test_a_score_counts_for_a_quarter_of_an_hour_and_for_one_case(demo: Any, camera: Camera) -> None:
    wang, case = checked(demo, camera), uuid4()
    assert face_score(wang, item=ITEM, at=demo.at + 14 * MINUTE) is not None
    assert face_score(wang, item=ITEM, at=demo.at + 15 * MINUTE) is None
    assert face_score(wang, item=ITEM, at=demo.at, case=case) is None
    use_face_check(party=wang, item=ITEM, case=case, at=demo.at)
    assert face_score(wang, item=ITEM, at=demo.at + 90 * MINUTE, case=case) == Decimal("0.930")
    assert face_score(wang, item=ITEM, at=demo.at) is None
    with pytest.raises(Refused) as refused:
        use_face_check(party=wang, item=ITEM, case=uuid4(), at=demo.at)
    assert codes(refused) == ["FACE_USED"]
    assert face_score(demo.actor("zhangxiao").id, item=ITEM, at=demo.at) is None


def test_a_face_shown_for_one_item_counts_for_no_other(demo: Any, camera: Camera) -> None:
    """Agreed to for a stated purpose (人脸识别技术应用安全管理办法 art. 4): another filing asks anew."""
    wang, other = checked(demo, camera), "gaoling-jintie"
    assert face_score(wang, item=other, at=demo.at) is None
    with pytest.raises(Refused) as refused:
        use_face_check(party=wang, item=other, case=uuid4(), at=demo.at)
    assert codes(refused) == ["FACE_USED"]
    with pytest.raises(NotFound):
        take_face_answer(actor=demo.actor("wangxiuying"), item=other, at=demo.at)
    assert face_score(wang, item=ITEM, at=demo.at) is not None


def test_the_ledger_vouches_for_what_a_case_rests_on_and_the_rest_is_forgotten(demo: Any, camera: Camera) -> None:
    wang = checked(demo, camera)
    use_face_check(party=wang, item=ITEM, case=uuid4(), at=demo.at)
    checked(demo, camera, at=demo.at + MINUTE)
    with fixed(demo.at + timedelta(days=3)):
        forget_codes()
    (kept,) = FaceCheck.objects.all()
    entries = ledger.list_entries(ledger.Subject("face-check", kept.id))
    assert [entry.act for entry in entries] == ["people.face_agreed", "people.face_answered", "people.face_used"]
    assert not any("0.93" in str(entry.detail) for entry in entries)
    assert verify_ledger([]) == []
    FaceCheck.objects.update(score=Decimal("0.5"))
    assert [fault.kind for fault in verify_ledger([])] == ["FACT_ALTERED"]


def test_five_times_a_day_and_then_another_way(demo: Any, camera: Camera) -> None:
    for n in range(5):
        assert face_state(demo.actor("wangxiuying").id, item=ITEM, at=demo.at).more
        checked(demo, camera, at=demo.at + n * MINUTE)
    assert not face_state(demo.actor("wangxiuying").id, item=ITEM, at=demo.at + 6 * MINUTE).more
    with pytest.raises(Refused) as refused:
        checked(demo, camera, at=demo.at + 6 * MINUTE)
    assert codes(refused) == ["FACE_TRIES"]
    checked(demo, camera, at=demo.at + timedelta(days=1, minutes=6))


def test_a_platform_that_does_not_answer_is_said_to_be_silent_and_can_be_asked_again(demo: Any, camera: Camera) -> None:
    wang = demo.actor("wangxiuying")
    ask_face_check(actor=wang, item=ITEM, agreed=True, return_to=BACK, at=demo.at)
    camera.says = FaceFailed("NO_ANSWER")
    with pytest.raises(Refused) as refused:
        take_face_answer(actor=wang, item=ITEM, at=demo.at)
    assert (codes(refused), refused.value.kind) == (["FACE_DOWN"], "unavailable")
    camera.says = FaceAnswer(Decimal("0.93"), "C-1")
    assert take_face_answer(actor=wang, item=ITEM, at=demo.at)


def test_staff_companies_and_latecomers_have_no_check(demo: Any, camera: Camera) -> None:
    for who in ("lina", "zhangxiao"):
        with pytest.raises(NotFound):
            take_face_answer(actor=demo.actor(who), item=ITEM, at=demo.at)
    with pytest.raises(NotFound):
        ask_face_check(actor=demo.actor("lina"), item=ITEM, agreed=True, return_to=BACK, at=demo.at)
    wang = demo.actor("wangxiuying")
    ask_face_check(actor=wang, item=ITEM, agreed=True, return_to=BACK, at=demo.at)
    with pytest.raises(NotFound):
        take_face_answer(actor=wang, item=ITEM, at=demo.at + 11 * MINUTE)


def test_without_a_platform_nobody_is_asked_for_a_face(demo: Any) -> None:
    wang = demo.actor("wangxiuying")
    assert not face_state(wang.id, item=ITEM, at=demo.at).offered
    with pytest.raises(NotFound):
        ask_face_check(actor=wang, item=ITEM, agreed=True, return_to=BACK, at=demo.at)
