"""Who hears "no" hears why, by which article, and what they can do about it: on the paper, and in the portal."""

import subprocess
from pathlib import Path

from tests.demo import Demo
from tests.journeys.filings import DOG, SHOP, dog
from tests.journeys.people import Hall, Visitor, check_all, open_case

REMEDIES = ("行政复议", "六十日", "行政诉讼", "六个月")


def words_on(paper: Path) -> str:
    """The text of the PDF, without the breaks of its lines."""
    told = subprocess.run(["pdftotext", "-raw", str(paper), "-"], check=True, capture_output=True, text=True).stdout
    return "".join(told.split())


def reads(citizen: Visitor, number: str, title: str, to: Path) -> str:
    """The applicant opens the case and downloads the paper of that title."""
    citizen.go(f"/my/cases/{number}")
    return words_on(citizen.download(title, to))


def test_a_filing_that_is_not_accepted_comes_back_with_reasons_and_remedies(hall: Hall, tmp_path: Path) -> None:
    number = Demo().file(Demo().actor("jiye"), DOG, form=dog(31)).number
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.page.get_by_text("不予受理等答复").click()
    clerk.press("答复并出具文书")
    clerk.sees("请写明理由")  # nothing happens without a reason, and the place where it belongs stays open
    assert clerk.page.locator("#f-reason").is_visible()
    clerk.page.fill("#f-reason", "犬只饲养地址不在本区，")
    clerk.page.check("input[name=kind][value=not_ours]")
    clerk.press("答复并出具文书")
    assert clerk.page.input_value("#f-reason") == "犬只饲养地址不在本区，", "what was typed stays"
    clerk.shot("refusal-01-where-to-go")
    clerk.page.check("input[name=kind][value=not_accepted]")
    clerk.page.fill("#f-reason", "犬只饲养地址不在本区，不符合受理条件。")
    clerk.press("答复并出具文书")
    clerk.sees("已答复，文书已生成", "不予受理")

    owner = hall.person("jiye", to=f"/my/cases/{number}")
    owner.sees("不予受理")
    owner.shot("refusal-02-portal")
    paper = reads(owner, number, "不予受理", tmp_path)
    for word in ("犬只饲养地址不在本区，不符合受理条件。", *REMEDIES, number):
        assert word in paper, word


def test_a_permit_that_is_denied_names_its_reasons_and_remedies(hall: Hall, tmp_path: Path) -> None:
    number = Demo().file(Demo().actor("qianjin"), SHOP).number
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    check_all(clerk)
    clerk.press("受理", within=".sticky-do")
    clerk.sees("已受理")
    decider = hall.person("tangmin", to=f"/office/cases/{number}/")
    decider.press("不予", exact=True)
    decider.sees("请写明理由", "不予的决定须写明法律依据")
    decider.page.locator("#f-basis input").first.check()
    decider.page.fill("#f-reasons", "经营场所属于违法建设，不符合登记条件。")
    decider.press("不予", exact=True)
    decider.sees("不予批准")
    decider.shot("refusal-03-denied")
    owner = hall.person("qianjin", to=f"/my/cases/{number}")
    owner.sees("不予批准", "经营场所属于违法建设，不符合登记条件。", "依据：", "申请行政复议")
    owner.shot("refusal-04-portal")
    paper = reads(owner, number, "不予", tmp_path)
    for word in ("经营场所属于违法建设，不符合登记条件。", "依据：《", *REMEDIES, number):
        assert word in paper, word
