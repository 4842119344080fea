"""再次告知: what the first notice should have named needs a supervisor; the list, the page and the power agree."""

import pytest
from tests.web.test_office import office, version_on  # noqa: F401  (a fixture)

from yichuang.cases import queries
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.notify_gaps import notify_gaps


@pytest.fixture
def told(demo):
    """张晓 was told that the photos are missing; the clerk overlooked that the certificate of immunity is out of date."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=("owner_id", "property_certificate", "immunity_certificate"))
    notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt


def test_the_supervisor_finds_the_case_and_opens_it(office, told):  # noqa: F811  (the fixture of that name)
    """No process runs yet: the page shows the way the case will take, and was a 404 before."""
    huang = office("huanghai")
    assert f"/office/cases/{told.number}/" in huang.get("/office/cases/").content.decode()
    page = huang.get(f"/office/cases/{told.number}/").content.decode()
    assert "监督员：再次告知" in page
    assert "<svg" in page
    assert "is-current" not in page


@pytest.mark.parametrize("name", ["wangqiang", "linfang", "chengang", "huanghai"])
@pytest.mark.parametrize("end", ["filed", "told", "withdrawn"])
def test_whoever_finds_a_case_on_the_list_can_open_it_before_acceptance_too(office, demo, name, end):  # noqa: F811  (the fixture of that name)
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang, materials=("owner_id", "property_certificate", "immunity_certificate"))
    of = {"number": receipt.number, "version": 1, "at": demo.at}
    if end == "told":
        notify_gaps(actor=demo.actor("lina"), findings={}, **of)
    elif end == "withdrawn":
        withdraw_case(actor=zhang, reason="", **of)
    desk = office(name)
    listed = desk.get(f"/office/cases/?state={'WITHDRAWN' if end == 'withdrawn' else ''}").content.decode()
    answer = desk.get(f"/office/cases/{receipt.number}/")
    assert (receipt.number in listed, answer.status_code) == (True, 200)
    assert ("再次告知" in answer.content.decode()) == (name == "huanghai" and end == "told")


def test_the_supervisor_names_what_was_overlooked_and_the_day_of_acceptance_stays(office, demo, told):  # noqa: F811  (the fixture of that name)
    huang = office("huanghai")
    path = f"/office/cases/{told.number}/"
    found = {
        "state:immunity_certificate": "faulty",
        "fault:immunity_certificate": "免疫证明已过期",
        "state:dog_photos": "",
    }
    seen = version_on(huang.get(path))
    refused = huang.post(f"{path}notify/", version=seen, reason="", **found)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "首次告知未列出：犬只狂犬病免疫证明" in page
    assert "免疫证明已过期</textarea>" in page, "nothing typed is lost"
    assert huang.post(f"{path}notify/", version=seen, reason="首次核对遗漏", **found).status_code == 302
    case = queries.get_case_for(demo.actor("zhangxiao"), told.number, at=demo.at)
    assert [notice.new_demands for notice in case.notices] == [(), ("immunity_certificate",)]
    assert case.notices[1].supervisor_reason == "首次核对遗漏"
    page = huang.get(path).content.decode()
    assert "已再次告知" in page
    assert "新增要求（违规）" in page


def test_nobody_but_the_supervisor_tells_again_from_the_office(office, told):  # noqa: F811  (the fixture of that name)
    for name in ("wangqiang", "linfang", "chengang"):
        assert office(name).post(f"/office/cases/{told.number}/notify/", version="2", reason="x").status_code == 404
