"""王秀英 proves on her phone that she is alive: her face is compared on another house's page, and the check is done at once."""

import re
from typing import Any

from tests.cases.at_once import let
from tests.demo import Demo
from tests.journeys.people import Hall
from tests.web.test_by_face import CODE, draft

from yichuang.cases.instant import Mode
from yichuang.gateways.face.client import FaceClient
from yichuang.gateways.face.config import Platform as Known
from yichuang.gateways.face.simulator import Platform, serving
from yichuang.people.cast import PASSWORD
from yichuang.people.ports import looking_at_faces


def test_a_pensioner_goes_to_the_platform_and_comes_back(hall: Hall, settings: Any) -> None:
    demo, camera = Demo(), Platform()
    let(CODE, Mode.ALONE, demo.at)
    settings.YICHUANG_BASE_URL = hall.url
    with serving(camera) as address, looking_at_faces(FaceClient(Known(address, camera.key, camera.secret))):
        wang = hall.person("wangxiuying", phone=True, to=f"/my/drafts/{draft(demo)}/step/check")
        wang.sees("刷脸核验（可以不做）")
        wang.press("去刷脸")
        wang.sees("请先勾选同意刷脸核验")
        wang.shot("by-face-01-agree")
        wang.page.get_by_label("我同意为办理本事项进行人脸核验").check()
        wang.press("去刷脸")
        wang.sees("我们只把您的姓名和证件号码告诉平台")
        wang.shot("by-face-02-go")
        wang.follow("打开刷脸页面")
        wang.press("对着照片")
        wang.sees("人脸比对没有通过")
        wang.sees("没有通过也不用等")
        wang.shot("by-face-03-refused")
        wang.page.get_by_label("我同意为办理本事项进行人脸核验").check()
        wang.press("再刷一次")
        wang.follow("打开刷脸页面")
        wang.press("是本人")
        wang.sees("相似度是 93%")
        wang.shot("by-face-04-done")
        wang.page.fill("[name=password]", PASSWORD)
        wang.onward()
        wang.sees("已当场办结")
    assert not hall.faults, hall.faults


def test_a_pensioner_whose_face_failed_files_at_once_and_a_person_decides(hall: Hall, settings: Any) -> None:
    demo, camera = Demo(), Platform()
    let(CODE, Mode.ALONE, demo.at)
    settings.YICHUANG_BASE_URL = hall.url
    with serving(camera) as address, looking_at_faces(FaceClient(Known(address, camera.key, camera.secret))):
        wang = hall.person("wangxiuying", phone=True, to=f"/my/drafts/{draft(demo)}/step/check")
        wang.page.get_by_label("我同意为办理本事项进行人脸核验").check()
        wang.page.get_by_role("button", name=re.compile("去刷脸|再刷一次")).click()  # a check of before may still count
        wang.follow("打开刷脸页面")
        wang.press("对着照片")
        wang.sees("人脸比对没有通过")
        wang.press("不再刷脸，改由工作人员核实")
        wang.sees("现在就可以提交")
        wang.page.fill("[name=password]", PASSWORD)
        wang.onward()
        wang.sees("已提交")
    assert not hall.faults, hall.faults
