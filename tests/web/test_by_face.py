"""养老待遇资格认证 by face: agreed to on the last page, looked at elsewhere, decided at once; and every other way stays open."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.cases.at_once import let
from tests.web.test_at_once import Visitor, submitted

from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.instant import Mode
from yichuang.cases.models import AutoDecision, Case
from yichuang.cases.states import State
from yichuang.catalog.queries import get_pack
from yichuang.gateways.face.client import FaceClient
from yichuang.gateways.face.config import Platform as Known
from yichuang.gateways.face.simulator import Platform, serving
from yichuang.people.cast import PASSWORD
from yichuang.people.faces import MOST_A_DAY
from yichuang.people.models import FaceCheck
from yichuang.people.ports import looking_at_faces
from yichuang.people.queries import get_party

CODE = "yanglao-renzheng"


@pytest.fixture
def camera(demo: Any) -> Iterator[Platform]:
    platform = Platform()
    with serving(platform) as address, looking_at_faces(FaceClient(Known(address, platform.key, platform.secret))):
        let(CODE, Mode.ALONE, demo.at)
        yield platform


def draft(demo: Any, way: str = "face") -> UUID:
    wang = demo.actor("wangxiuying")
    party, form = get_party(wang.id), dict(demo.example(CODE).form)
    form["person"] = {**form["person"], "name": party.name, "cn_id": party.id_no}
    form["check"] = {**form["check"], "checked_on": demo.at.date().isoformat()}
    return save_draft(
        actor=wang, item_code=CODE, item_version=get_pack(CODE, at=demo.at).version, answers={"way": way},
        form=form, materials={}, applicant=wang.id, step="check", at=demo.at,
    )  # fmt: skip


def look(visitor: Visitor, camera: Platform, id: UUID, face: str) -> None:
    """Agree, show a face, come back."""
    page = visitor.post(f"/my/drafts/{id}/face", status=200, face_agreed="on").content.decode()
    nonce = list(camera.expected)[-1]
    assert f"/v1/face/{nonce}" in page
    camera.seen[nonce] = face
    back = camera.expected[nonce]["return_to"]
    assert back.endswith(f"/my/drafts/{id}/face/back")
    visitor.get(f"/my/drafts/{id}/face/back", status=302)


def test_a_pensioner_shows_her_face_and_is_confirmed_at_once(demo: Any, camera: Platform) -> None:
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    page = wang.get(f"/my/drafts/{id}/step/check")
    assert "刷脸核验（可以不做）" in page
    assert "不接收、不保存照片" in page
    look(wang, camera, id, "same")
    assert "相似度是 93%" in wang.get(f"/my/drafts/{id}/step/check")
    number = submitted(wang, id, password=PASSWORD)
    assert "已当场办结" in wang.get(f"/my/cases/{number}/receipt")
    case = Case.objects.get(number=number)
    assert (case.state, AutoDecision.objects.get(case=case).codes) == (State.GRANTED.value, ["approve"])
    assert FaceCheck.objects.get().used_for == case.id


def test_without_agreeing_nothing_is_asked_and_the_page_says_so_at_the_box(demo: Any, camera: Platform) -> None:
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    page = wang.post(f"/my/drafts/{id}/face", status=422).content.decode()
    assert "请先勾选同意刷脸核验" in page
    assert camera.expected == {}


@pytest.mark.parametrize("face", ["doubtful", "other", "picture"])
def test_a_face_that_is_not_hers_is_told_before_filing_and_may_be_tried_again(
    demo: Any, camera: Platform, face: str
) -> None:
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    look(wang, camera, id, face)
    page = wang.get(f"/my/drafts/{id}/step/check")
    assert '<p class="aside-note info" role="status">刷脸核验已有结果' in page  # green would say that it passed
    assert "人脸比对没有通过" in page
    assert "再刷一次" in page
    wang.post(f"/my/drafts/{id}/submit", status=422, password=PASSWORD)
    assert FaceCheck.objects.get().used_for is None
    look(wang, camera, id, "same")
    number = submitted(wang, id, password=PASSWORD)
    assert Case.objects.get(number=number).state == State.GRANTED.value


def test_who_failed_goes_to_people_at_once_without_waiting_or_showing_the_face_again(
    demo: Any, camera: Platform
) -> None:
    """人脸识别技术应用安全管理办法: a face is never the only way, also for who has just tried it."""
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    look(wang, camera, id, "other")
    page = wang.get(f"/my/drafts/{id}/step/check")
    assert "不用等" in page
    assert f"/items/{CODE}/book" in page
    assert f"/my/help/new?item={CODE}" in page
    wang.post(f"/my/drafts/{id}/face/aside", status=302)
    wang.post(f"/my/drafts/{id}/face/aside", status=302)  # pressed twice
    assert "人脸比对没有通过" not in wang.get(f"/my/drafts/{id}/step/check")
    wang.get(f"/my/drafts/{id}/face/back", status=302)  # the way back of the platform brings nothing back
    number = submitted(wang, id, password=PASSWORD)
    case = Case.objects.get(number=number)
    assert (case.state, AutoDecision.objects.get(case=case).codes) == (State.SUBMITTED.value, ["face_unknown"])
    check = FaceCheck.objects.get()
    assert (check.used_for, check.set_aside_at is None) == (None, False)


def test_setting_a_check_aside_gives_no_further_tries(demo: Any, camera: Platform) -> None:
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    for _ in range(MOST_A_DAY):
        look(wang, camera, id, "other")
        wang.post(f"/my/drafts/{id}/face/aside", status=302)
    wang.post(f"/my/drafts/{id}/face", status=422, face_agreed="on")
    assert "今天刷脸次数已用完" in wang.get(f"/my/drafts/{id}/step/check")
    Visitor(demo, "zhangxiao").post(f"/my/drafts/{id}/face/aside", status=404)
    assert Case.objects.get(number=submitted(wang, id, password=PASSWORD)).state == State.SUBMITTED.value


def test_who_does_not_want_to_be_looked_at_files_all_the_same_and_a_person_decides(demo: Any, camera: Platform) -> None:
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    number = submitted(wang, id, password=PASSWORD)
    case = Case.objects.get(number=number)
    assert (case.state, AutoDecision.objects.get(case=case).codes) == (State.SUBMITTED.value, ["face_unknown"])
    assert "刷脸核验" not in wang.get(f"/my/drafts/{draft(demo, 'relative')}/step/check")


def test_a_face_counts_for_her_own_filing_and_for_nobody_who_files_for_her(demo: Any, camera: Platform) -> None:
    wang, id = Visitor(demo, "wangxiuying"), draft(demo)
    look(wang, camera, id, "same")
    party = get_party(demo.actor("wangxiuying").id)
    person = {**demo.example(CODE).form["person"], "name": party.name, "cn_id": party.id_no}
    check = {**demo.example(CODE).form["check"], "checked_on": demo.at.date().isoformat()}
    demo.file(demo.actor("lina"), CODE, applicant=party.id, form={"person": person, "check": check})
    assert FaceCheck.objects.get().used_for is None
    number = submitted(wang, id, password=PASSWORD)
    assert FaceCheck.objects.get().used_for == Case.objects.get(number=number).id


def test_another_persons_draft_and_a_way_without_a_face_lead_nowhere(demo: Any, camera: Platform) -> None:
    zhang, wang, id = Visitor(demo, "zhangxiao"), Visitor(demo, "wangxiuying"), draft(demo)
    zhang.post(f"/my/drafts/{id}/face", status=404, face_agreed="on")
    zhang.get(f"/my/drafts/{id}/face/back", status=404)
    wang.get(f"/my/drafts/{id}/face/back", status=404)  # nothing was begun
    wang.post(f"/my/drafts/{draft(demo, 'relative')}/face", status=404, face_agreed="on")
    assert camera.expected == {}
