"""The office: a department's people work on a case through their pages; nobody else finds it."""

import re
from functools import partial

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case, accept_with_gaps
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import fixed
from yichuang.engine.queries import tasks_of
from yichuang.people.cast import PASSWORD
from yichuang.people.commands import assign_post


@pytest.fixture
def office(client, demo):
    """Sign in as somebody and ask for pages at the demo's hour."""

    def enter(username):
        with fixed(demo.at):
            client.post("/sign-out")
            answer = client.post("/sign-in", {"way": "password", "username": username, "password": PASSWORD})
            assert answer.status_code in {302, 303}, answer.content.decode()
        return Desk(client, demo.at)

    return enter


class Desk:
    def __init__(self, client, at):
        self.client, self.at = client, at

    def get(self, path):
        with fixed(self.at):
            return self.client.get(path)

    def post(self, path, **form):
        with fixed(self.at):
            return self.client.post(path, form)


@pytest.fixture
def case(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt


def with_chip(demo, chip):
    return {"dog": {**demo.example("yangquan-dengji").form["dog"], "chip": chip}}


def version_on(page):
    return re.search(r'name="version" value="(\d+)"', page.content.decode()).group(1)


def test_a_reviewer_takes_the_task_agrees_and_the_decider_grants(office, demo, case):
    wang = office("wangqiang")
    assert case.number in wang.get("/office/").content.decode()
    path = f"/office/cases/{case.number}/"
    task = tasks_of(("case", case.case_id))[0]
    wang.post(f"{path}tasks/{task.id}/claim/", version=version_on(wang.get(path)))
    answer = wang.post(
        f"{path}tasks/{task.id}/complete/", version=version_on(wang.get(path)), outcome="agree", opinion="同意"
    )
    assert answer.status_code == 302
    lin = office("linfang")
    answer = lin.post(f"{path}decide/", version=version_on(lin.get(path)), outcome="grant", reasons="")
    assert answer.status_code == 302
    assert queries.get_case_for(demo.actor("zhangxiao"), case.number, at=demo.at).decision.outcome == "grant"


@pytest.mark.parametrize("outstanding", [False, True])
def test_who_decides_is_warned_of_promised_papers_only_while_they_are_outstanding(office, demo, outstanding):
    zhang, lina, wang = demo.actor("zhangxiao"), demo.actor("lina"), office("wangqiang")
    given = ("owner_id", "immunity_certificate") if outstanding else None
    receipt = demo.file(zhang, **({"materials": given} if given else {}))
    accept = partial(accept_with_gaps, promise_signed=True) if outstanding else accept_case
    accept(actor=lina, number=receipt.number, version=1, findings={}, at=demo.at)
    path = f"/office/cases/{receipt.number}/"
    task = tasks_of(("case", receipt.case_id))[0]
    wang.post(f"{path}tasks/{task.id}/claim/", version=version_on(wang.get(path)))
    wang.post(f"{path}tasks/{task.id}/complete/", version=version_on(wang.get(path)), outcome="agree", opinion="同意")
    page = office("linfang").get(path).content.decode()
    assert "不予的法律依据" in page, "the form of the decision"
    assert ("拟准予" in page) is outstanding


def test_the_page_masks_personal_data_and_the_person_sees_who_looked(office, demo, case):
    from yichuang.people.queries import list_looks

    page = office("wangqiang").get(f"/office/cases/{case.number}/").content.decode()
    number = demo.example("yangquan-dengji").form["owner"]["cn_id"]
    assert number not in page
    assert number[:6] + "********" + number[-4:] in page
    assert any(look.case_number == case.number for look in list_looks(demo.actor("zhangxiao").id))


def test_unmasking_needs_a_reason(office, case):
    wang = office("wangqiang")
    path = f"/office/cases/{case.number}/unmask/"
    assert wang.post(path, field="mobile", reason="").status_code == 422
    assert "138" in wang.post(path, field="mobile", reason="联系申请人核实").content.decode()


@pytest.mark.parametrize("name", ["sunli", "zhaomin"])
def test_another_department_and_another_hall_find_nothing(office, case, name):
    assert office(name).get(f"/office/cases/{case.number}/").status_code == 404


def test_a_stale_form_keeps_what_was_typed_and_says_who_was_faster(office, demo, case):
    wang = office("wangqiang")
    path = f"/office/cases/{case.number}/"
    task = tasks_of(("case", case.case_id))[0]
    old = version_on(wang.get(path))
    wang.post(f"{path}tasks/{task.id}/claim/", version=old)
    answer = wang.post(f"{path}tasks/{task.id}/complete/", version=old, outcome="agree", opinion="写了很久的意见")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "写了很久的意见" in text
    assert "王*" in text


def test_a_task_is_found_only_under_its_own_case(office, demo, case):
    """The address names case and task: under another case's number the task is not there, and nothing happens to it."""
    other = demo.file(demo.actor("moshengren"), form=with_chip(demo, "999000000000002"))
    accept_case(actor=demo.actor("lina"), number=other.number, version=1, findings={}, at=demo.at)
    task = tasks_of(("case", case.case_id))[0]
    wang = office("wangqiang")
    for step in ("claim", "return", "complete"):
        answer = wang.post(f"/office/cases/{other.number}/tasks/{task.id}/{step}/", version="2", outcome="agree")
        assert answer.status_code == 404
    assert tasks_of(("case", case.case_id))[0].state == "open"
    assert wang.post(f"/office/cases/{case.number}/tasks/{task.id}/claim/", version="2").status_code == 302


def test_the_second_of_two_reviewers_is_told_who_took_the_task_and_when(office, demo, case):
    """Both look at the open task; 王强 takes it. 林芳, who holds the same post for this, is told so and changes nothing."""
    assign_post(actor=SYSTEM, staff=demo.actor("linfang").id, post="CGZF.street_review", at=demo.at)
    task = tasks_of(("case", case.case_id))[0]
    path = f"/office/cases/{case.number}/tasks/{task.id}/claim/"
    assert office("wangqiang").post(path, version="2").status_code == 302
    for version in ("2", "3"):  # the page as it was before; and one that is fresh but pressed at the same moment
        answer = office("linfang").post(path, version=version)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "王*" in page
        assert "2026年11月24日" in page
    assert tasks_of(("case", case.case_id))[0].claimed_by == demo.actor("wangqiang").id


def test_a_version_that_is_no_number_is_a_stale_one(office, case):
    wang = office("wangqiang")
    assert wang.post(f"/office/cases/{case.number}/terminate/", version="²", reason="x").status_code == 409
    assert wang.post(f"/office/cases/{case.number}/suspend/", version="2", days="²", reason="x").status_code == 422


def test_a_denial_without_reasons_is_refused_and_the_clock_page_shows_its_steps(office, case):
    lin = office("linfang")
    path = f"/office/cases/{case.number}/"
    assert lin.post(f"{path}decide/", version="2", outcome="deny", reasons="").status_code == 422
    assert "工作日" in lin.get(f"{path}clock/").content.decode()


def test_documents_come_as_sealed_pdf(office, demo, case):
    document = queries.documents(demo.actor("lina"), case.number)[0]
    answer = office("wangqiang").get(f"/office/documents/{document.id}/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "attachment" in answer["Content-Disposition"]


def test_a_photograph_that_was_handed_in_opens_as_one_at_every_desk(office, demo, case):
    """The office's own table of kinds knew no jpg: what it sent opened in no viewer."""
    page = queries.get_case_for(demo.actor("wangqiang"), case.number, at=demo.at)
    photo = next(file for paper in page.materials for file in paper.uploads if file.kind == "jpg")
    for who, door in (("wangqiang", "office"), ("lina", "counter")):
        answer = office(who).get(f"/{door}/uploads/{photo.id}/")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg"), door


def test_an_empty_list_of_the_department_says_what_comes_here(office, demo):
    wang = office("wangqiang")
    page = wang.get("/office/cases/").content.decode()
    assert "本部门没有未办结的办件" in page
    assert "清除筛选" not in page
    assert "清除筛选" in wang.get("/office/cases/?light=overdue").content.decode()


def test_a_task_whose_clock_stands_still_is_the_last_of_the_list_until_the_clock_runs_again(office, demo, case):
    """Nobody can be late with it; before, it kept the day of its limit and stood above those that are overdue."""
    other = demo.file(demo.actor("moshengren"), form=with_chip(demo, "999000000000002"))
    accept_case(actor=demo.actor("lina"), number=other.number, version=1, findings={}, at=demo.at)
    wang = office("wangqiang")
    path = f"/office/cases/{case.number}/"

    def order():
        return re.findall(r'data-label="办件编号"[^>]*><a [^>]*>([^<]+)<', wang.get("/office/").content.decode())

    assert order() == [case.number, other.number]
    stopped = wang.post(f"{path}suspend/", version="2", ground="testing", days="3", reason="送检")
    assert stopped.status_code == 302
    assert order() == [other.number, case.number]
    wang.post(f"{path}resume/", version=version_on(wang.get(path)))
    assert order() == [case.number, other.number]


def test_staff_read_what_is_to_be_done_and_not_what_the_applicant_is_told(office, demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    page = office("wangqiang").get(f"/office/cases/{receipt.number}/").content.decode()
    assert "现在没有要您办的。<br>现在的环节：核对材料并受理" in page
    assert "我们已收到您的申请" not in page


def test_a_refused_form_stands_open_and_says_what_is_wrong_beside_its_own_fields(office, case):
    clerk = office("wangqiang")
    version = version_on(clerk.get(f"/office/cases/{case.number}/"))
    page = clerk.post(f"/office/cases/{case.number}/suspend/", version=version, ground="inspection", days="", reason="")
    assert page.status_code == 422
    text = page.content.decode()
    form = text[text.index(f'action="/office/cases/{case.number}/suspend/"') :].partition("</form>")[0]
    assert re.findall(r'id="(f-\w+)-error"', form) == ["f-days", "f-reason"]
    assert text.count('id="f-reason"') == 1, "the summary leads to the form that was sent"
    assert len(re.findall(r'class="field-error" id="f-', text)) == 2, "no other form has faults"
    assert text.count("<details open>") == 1
