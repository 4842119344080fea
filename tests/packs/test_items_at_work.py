"""Every item of the repository goes from filing to its result: its posts have somebody, its paper can be made."""

from datetime import timedelta
from typing import Any

import pytest
from tests.demo import Demo
from tests.packs.test_packs import PACKS

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.inspect import (
    Photo,
    add_photo,
    arrange_inspection,
    record_inspection,
    sign_inspection,
)
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.commands.work import do_work
from yichuang.cases.inspections import inspectors_of
from yichuang.cases.rules.inspection import Inspector, Plan, Record
from yichuang.cases.values import DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.core import clock
from yichuang.core.refusals import Refused
from yichuang.engine.queries import tasks_of, waits_of
from yichuang.people.cast import WORKERS

HOLDERS = {post: worker.username for worker in WORKERS for post in worker.posts}
USERNAMES = {worker.name: worker.username for worker in WORKERS}
# A day in an example that the demo's day has left behind.
LATER = {
    "yanglao-renzheng": {"check": {"checked_on": "2026-11-23"}},
    "shebao-danwei-dengji": {"staff": {"first_month": "2026-12"}},
    "gongjijin-danwei-kaihu": {"fund": {"first_month": "2026-12"}},
    "yinhang-kaihu": {"account": {"day": "2026-11-26"}},
    "fangwu-zulin-beian": {"lease": {"start": "2026-11-20", "end": "2027-11-19"}},
}


BY_STREET = {"fangwu-zulin-beian", "gongzufang-shenqing"}  # the hall of the address takes them: there 赵敏 sits


def form_of(demo: Demo, code: str) -> dict[str, Any]:
    form = demo.example(code).form
    return {group: {**form[group], **fields} for group, fields in LATER.get(code, {}).items()}


def watch_work_now(case: Any) -> None:
    """What waits for no person."""
    for wait in waits_of(("case", case)):
        if wait.kind == "rule":
            do_work(wait=wait.id, at=clock.now())


def review(demo: Demo, case: Any, version: int) -> int:
    """Every open review, by whom the post belongs to; the case's version afterwards. What the process asks of the house
    itself (a routing table) is done first."""
    with clock.fixed(demo.at):
        watch_work_now(case)
    while opened := [task for task in tasks_of(("case", case)) if task.state == "open" and task.act != "decide"]:
        for task in opened:
            actor = demo.actor(HOLDERS[task.post])
            head = claim_review(actor=actor, task=task.id, version=version, at=demo.at)
            if task.act == "inspect":
                head = inspect(demo, actor, task, head.version)
            head = complete_review(
                actor=actor, task=task.id, version=head.version, outcome="agree", opinion="同意", at=demo.at
            )
            version = head.version
    return version


def inspect(demo: Demo, first: Any, task: Any, version: int) -> Any:
    """现场核查 by its holder and the next of the department: there at noon, recorded, signed by both."""
    second = next(one for one in inspectors_of(task.post, at=demo.at) if one.id != first.id)
    other = demo.actor(USERNAMES[second.name])
    noon = demo.at + timedelta(hours=2)
    of: dict[str, Any] = {"task": task.id}
    plan = Plan(Inspector(first.id, "440303001"), Inspector(other.id, "440303002"), noon, "罗湖区演示路 8 号")
    head = arrange_inspection(actor=first, version=version, plan=plan, at=demo.at, **of)
    picture = Photo("现场.jpg", "jpg", b"a picture", "0" * 64)
    head = add_photo(actor=first, version=head.version, photo=picture, at=noon, **of)
    found = Record(noon, "布局和设施符合要求。", True, "负责人", "signed", "")
    head = record_inspection(actor=first, version=head.version, record=found, at=noon, **of)
    return sign_inspection(actor=other, version=head.version, at=noon, **of)


INSPECTED = {"shipin-jingying-xuke", "gonggong-changsuo-weisheng"}


@pytest.mark.parametrize("code", [path.name for path in PACKS])
def test_a_case_of_the_item_goes_from_filing_to_its_result(demo: Demo, code: str) -> None:
    zhang, clerk = demo.actor("zhangxiao"), demo.actor("zhaomin" if code in BY_STREET else "lina")
    receipt = demo.file(zhang, code, form=form_of(demo, code))
    head = accept_case(actor=clerk, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    version = review(demo, receipt.case_id, head.version)
    (task,) = [task for task in tasks_of(("case", receipt.case_id)) if task.state == "open"]
    actor = demo.actor(HOLDERS[task.post])
    decide_case(actor=actor, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    page = queries.get_case_for(zhang, receipt.number, at=demo.at)
    assert page.decision is not None
    assert page.decision.outcome == "grant"
    if code in INSPECTED:
        assert DocumentKind.INSPECTION in {row.kind for row in page.documents}


def test_who_decides_other_items_of_the_department_does_not_decide_this_one(demo: Demo) -> None:
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, "gangao-qianzhu")
    head = accept_case(actor=li, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    version = review(demo, receipt.case_id, head.version)
    other = demo.actor(HOLDERS["GAFJ.decide"])
    with pytest.raises(Refused) as refused:
        decide_case(actor=other, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    assert refused.value.kind == "conflict"


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_the_item_is_found_by_the_words_people_say(demo: Demo, path: Any) -> None:
    pack = catalog.get_pack(path.name, at=demo.at)
    missed = [
        said
        for said in (*pack.spoken, *pack.spoken_en)
        if path.name not in {row.code for row in catalog.search_items(said, 5, at=demo.at)}
    ]
    assert missed == []
