"""A kennel is looked at: two inspectors are sent, photographs and the record come from the place, both sign."""

from pathlib import Path

from tests.demo import Demo
from tests.journeys.people import Hall

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.engine.queries import tasks_of


def test_an_inspection_is_arranged_recorded_with_photographs_and_signed_by_both(hall: Hall, photo: Path) -> None:
    demo = Demo()
    papers = ("immunity_certificate", "dog_photos", "keeping_rules", "organisation_licence", "site_photos")
    receipt = demo.file(demo.actor("jiye"), number=10, materials=papers)
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    (task,) = tasks_of(("case", receipt.case_id))
    at = demo.at
    wang_qiang = demo.actor("wangqiang")
    head = claim_review(actor=wang_qiang, task=task.id, version=head.version, at=at)
    complete_review(actor=wang_qiang, task=task.id, version=head.version, outcome="agree", opinion="", at=at)
    case = f"/office/cases/{receipt.number}/"

    wang = hall.person("wangqiang", to=case)
    wang.press("领取任务")
    wang.page.locator("#f-first").select_option(label="王强")
    wang.page.locator("#f-second").select_option(label="林芳")
    wang.page.fill("#f-first-licence", "440303001")
    wang.page.fill("#f-second-licence", "440303002")
    wang.page.fill("#f-planned", "2026-11-25T10:00")
    wang.page.fill("#f-place", "罗湖区演示路 8 号")
    wang.shot("inspection-01-plan")
    wang.press("安排核查并通知申请人")
    wang.sees("已安排现场核查")

    assert wang.page.input_value("#f-planned") == "2026-11-25T10:00", "what is arranged stands there to be changed"

    wang.page.locator("#f-photo").set_input_files([str(photo)])
    wang.press("上传照片", exact=True)
    wang.sees("现场照片已保存")
    wang.page.fill("#f-held", "2026-11-24T09:50")
    wang.page.fill("#f-findings", "犬舍通风、排水符合要求。")
    wang.page.locator("input[name=meets][value=yes]").check()
    wang.page.fill("#f-present", "吉野")
    wang.page.locator("input[name=signed][value=signed]").check()
    wang.shot("inspection-02-record")
    wang.press("保存记录并签字")
    wang.sees("已记录并签字")

    lin = hall.person("linfang", to="/office/", phone=True)
    lin.sees("派我去的现场核查", "等待您签字")
    lin.follow(receipt.number, within="section[aria-labelledby=h-sent]")
    lin.shot("inspection-03-sign")
    lin.press("核对无误，签字")
    lin.sees("已签字，现场检查记录已生成")

    wang.go(case)
    wang.sees("现场检查记录")
    wang.press("同意", exact=True)
    wang.sees("已提交审查意见")
    wang.shot("inspection-04-done")
