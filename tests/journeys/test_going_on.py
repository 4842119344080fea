"""What goes on after a certificate: it is changed, replaced, renewed by silence, cancelled, and its cases are archived; and one
review that three departments share (会签)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from django.db import connections
from tests.demo import Demo
from tests.journeys.filings import DOG, DOG_ANSWERS, dog
from tests.journeys.people import Hall, Visitor, answer, fill_form, submit
from tests.journeys.test_after_the_result import granted
from tests.packs.test_items_at_work import HOLDERS
from tests.security.world import archived

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.jobs import watch_renewals
from yichuang.cases.models import Case
from yichuang.core import clock
from yichuang.core.jobs import enqueue
from yichuang.engine.queries import tasks_of
from yichuang.registry.queries import certificate_of_subject, get_certificate

HOUSING = "gongzufang-shenqing"


def decided(demo: Demo, number: str) -> None:
    head = accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"), number=number, version=head.version, outcome="grant", reasons="", at=demo.at
    )


def papers_asked(visitor: Visitor) -> list[str]:
    """The papers that the page asks for."""
    visitor.arrives("**/step/materials*")
    rows = visitor.page.locator("main [data-name^='/materials/']")
    return [
        str(name).removeprefix("/materials/") for name in rows.evaluate_all("rows => rows.map(r => r.dataset.name)")
    ]


def test_a_licence_is_changed_and_then_cancelled_at_the_holders_wish(hall: Hall, photo: Path) -> None:
    """变更, by the holder on the phone; 注销, at the holder's wish, by the department."""
    id, number = granted(151, "sunyan")
    hall.work()
    owner = hall.person("sunyan", phone=True, to=f"/my/certificates/{id}/about")
    owner.follow("申请变更")
    owner.sees("养犬登记证变更")
    owner.turn_page()
    answer(owner, DOG_ANSWERS)
    fill_form(owner, {"dog": {"colour": "黑白相间"}})
    case = submit(owner, dict.fromkeys(papers_asked(owner), photo))
    decided(Demo(), case)
    owner.go("/my/certificates")
    owner.sees(number, "已被新版本替换")
    owner.follow("养犬登记证", exact=True)
    owner.shot("going-01-changed")

    clerk = hall.person("wangqiang", to="/office/certificates/")
    clerk.page.fill("#q", number)
    clerk.press("查找")
    clerk.page.locator("tr", has_text="有效").last.get_by_role("link").first.click()
    clerk.page.select_option("#f-ground", "on_request")
    clerk.page.fill("#f-facts", "犬只已送养外地，持证人书面申请注销。")
    clerk.press("启动程序")
    clerk.sees("犬只已送养外地")
    here = clerk.address
    decider = hall.person("linfang", to=here)
    decider.page.fill("#f-reasons", "持证人申请，予以注销。")
    decider.press("注销", exact=True)
    decider.sees("已注销")
    decider.shot("going-02-cancelled")
    anybody = hall.visitor()
    anybody.go(f"/verify?number={number}")
    anybody.sees("已注销")


def test_a_lost_licence_is_replaced_with_its_old_term(hall: Hall, photo: Path) -> None:
    """补发: filed by the holder on the phone with what was filled in before, granted, and the old copy is worth nothing."""
    id, number = granted(154, "jiye")
    hall.work()
    until = get_certificate(UUID(id)).valid_to
    owner = hall.person("jiye", phone=True, to=f"/my/certificates/{id}/about")
    owner.follow("申请补发")
    owner.sees("养犬登记证补发")
    owner.turn_page()
    answer(owner, DOG_ANSWERS)
    fill_form(owner, {})
    case = submit(owner, dict.fromkeys(papers_asked(owner), photo))
    decided(Demo(), case)
    owner.go("/my/certificates")
    owner.sees(number, "已被新版本替换")
    owner.shot("going-06-replaced")
    new = certificate_of_subject("case", Case.objects.get(number=case).id)
    assert new is not None
    assert (new.number, new.version, new.valid_to) == (number, 2, until)


def test_a_renewal_that_nobody_decides_counts_as_granted(hall: Hall) -> None:
    id, number = granted(152, "zhangjie")
    hall.work()
    asked = Demo(at=datetime(2027, 10, 8, 2, 0, tzinfo=UTC))
    form: dict[str, Any] = {"immunity": dog(152)["immunity"] | {"date": "2027-09-10", "next_due": "2028-09-09"}}
    row = get_certificate(UUID(id))
    with clock.fixed(asked.at):
        case = asked.file(asked.actor("zhangjie"), form=form, previous=row.subject[1], follow_up="renew").number
    accept_case(actor=asked.actor("lina"), number=case, version=1, findings={}, at=asked.at)
    hall.set_clock(datetime(2027, 11, 24, 2, 0, tzinfo=UTC))
    enqueue(watch_renewals)
    hall.work()
    hall.work()
    owner = hall.person("zhangjie", phone=True, to=f"/my/cases/{case}")
    owner.sees("视为准予延续")
    owner.shot("going-03-renewed-by-law")
    owner.go("/my/certificates")
    owner.sees("2028年11月23日")


def test_an_ended_case_is_archived_found_and_taken_out_as_a_package(hall: Hall, tmp_path: Path) -> None:
    demo = Demo()
    receipt = demo.file(demo.actor("jiye"), DOG, form=dog(153))
    withdraw_case(actor=demo.actor("jiye"), number=receipt.number, version=1, reason="", at=demo.at)
    with ThreadPoolExecutor(1) as worker:  # the browser's loop runs in this thread
        worker.submit(_archive, receipt.case_id, demo.at).result()
    clerk = hall.person("wangqiang", to="/office/archive/")
    clerk.page.fill("[name=q]", receipt.number)
    clerk.press("查找")
    clerk.sees(receipt.number, "份文书")
    clerk.shot("going-04-archive")
    package = clerk.download("取出（ZIP）", tmp_path)
    assert any(name.endswith(".pdf") for name in ZipFile(package).namelist())


def test_three_departments_share_one_review_and_all_must_agree(hall: Hall) -> None:
    """公共租赁住房联审: it goes on when the last of three has spoken."""
    demo = Demo()
    receipt = demo.file(demo.actor("wangxiuying"), HOUSING)
    head = accept_case(actor=demo.actor("zhaomin"), number=receipt.number, version=1, findings={}, at=demo.at)
    while (opened := live(receipt.case_id)) and opened[0].name.zh != "联审":
        for task in opened:
            actor = demo.actor(HOLDERS[task.post])
            head = claim_review(actor=actor, task=task.id, version=head.version, at=demo.at)
            head = complete_review(
                actor=actor, task=task.id, version=head.version, outcome="agree", opinion="同意", at=demo.at
            )
    shares = live(receipt.case_id)
    assert len(shares) == 3
    for nth, task in enumerate(shares):
        reviewer = hall.person(HOLDERS[task.post], to=f"/office/cases/{receipt.number}/")
        reviewer.sees("联审")
        reviewer.press("领取任务")
        reviewer.page.fill("#f-opinion", f"第 {nth + 1} 家同意。")
        reviewer.press("同意", exact=True)
        reviewer.sees("已提交审查意见", f"第 {nth + 1} 家同意。")
        reviewer.shot(f"going-05-shared-{nth + 1}")
    assert [task.name.zh for task in live(receipt.case_id)] == ["审核公示"]


def _archive(case: UUID, at: datetime) -> None:
    try:
        archived(case, at=at)
    finally:
        connections.close_all()


def live(case: Any) -> list[Any]:
    return [task for task in tasks_of(("case", case)) if task.state == "open" and task.act != "decide"]
