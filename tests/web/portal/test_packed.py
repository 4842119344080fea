"""A filed package in its applicant's browser: completing an item, papers too, and giving it up."""

import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.bundles.driver import NUMBER, fates, grant
from tests.bundles.filings import CHILD, COMPANY, file, filing
from tests.bundles.test_asking import used_elsewhere, waiting
from tests.web.counter.pictures import png

from yichuang.bundles.commands.drafts import begin_draft, keep_draft
from yichuang.bundles.models import Part
from yichuang.bundles.packages import newest
from yichuang.cases.models import MaterialFile


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_was_typed_stays_while_a_paper_is_put_in_and_then_the_item_is_filed(
    signed_in: Callable[..., Client], demo: Any
) -> None:
    receipt = waiting(demo)
    browser, page = signed_in("zhangxiao"), f"/my/packages/{receipt.number}/items/insurance"
    group, number = NUMBER["insurance"]
    before = len(Part.objects.get(bundle=receipt.bundle, slot="insurance").filing["materials"]["guardian_id"])
    answer = browser.post(
        page,
        {
            f"/{group}/cn_id": number,
            "_upload": "guardian_id",
            "/materials/guardian_id": [SimpleUploadedFile("证.png", png())],
        },
    )
    assert answer.status_code == 200
    assert f'value="{number}"' in text(answer)
    held = Part.objects.get(bundle=receipt.bundle, slot="insurance").filing["materials"]["guardian_id"]
    assert len(held) == before + 1
    answer = browser.post(page, {f"/{group}/cn_id": number, "_remove": f"guardian_id:{held[0]}"})
    assert answer.status_code == 200
    answer = browser.post(page, {f"/{group}/cn_id": number})
    assert answer.status_code == 302
    assert fates(receipt)["insurance"] == "open"
    case = Part.objects.get(bundle=receipt.bundle, slot="insurance").case_id
    files = MaterialFile.objects.filter(material__case=case, material__code="guardian_id")
    assert [str(row.upload_id) for row in files.order_by("id")] == held[1:]


def test_a_file_that_lies_in_another_case_is_named_and_can_be_taken_out(
    signed_in: Callable[..., Client], demo: Any
) -> None:
    receipt = file(demo, CHILD)
    used = used_elsewhere(demo, receipt, "household", "parent_id")
    grant(demo, receipt, "birth")
    browser, page = signed_in("zhangxiao"), f"/my/packages/{receipt.number}/items/household"
    assert "这个文件已经用在别的办件里" in text(browser.get(page))
    assert browser.post(page, {}).status_code == 422
    browser.post(page, {"_remove": f"parent_id:{used}"})
    assert "这个文件已经用在别的办件里" not in text(browser.get(page))
    assert browser.post(page, {}).status_code == 302


def test_an_item_is_given_up_after_reading_what_falls_with_it(signed_in: Callable[..., Client], demo: Any) -> None:
    receipt = file(demo)
    browser = signed_in("zhangxiao")
    asked = browser.get(f"/my/packages/{receipt.number}/items/licence/leave")
    assert "“公章刻制备案”、“税务和发票”" in text(asked)
    answer = browser.post(f"/my/packages/{receipt.number}/items/bank/leave", {"reason": "在别处开户"}, follow=True)
    assert "已退出" in text(answer)
    answer = browser.get(f"/my/packages/{receipt.number}/items/bank/leave", follow=True)
    assert "“银行预约开户”已退出，不能退出" in text(answer)
    answer = browser.post(f"/my/packages/{receipt.number}/leave", {}, follow=True)
    assert "已撤回" in text(answer)
    assert browser.post(f"/my/packages/{receipt.number}/leave", {}).status_code == 302


def test_what_bars_the_first_item_leads_to_its_field(signed_in: Callable[..., Client], demo: Any) -> None:
    grant(demo, file(demo, COMPANY), "licence")
    wanted, zhang = filing(demo, COMPANY), demo.actor("zhangxiao")
    draft = begin_draft(actor=zhang, package=newest(COMPANY)[0], applicant=zhang.id, form=dict(wanted.form), at=demo.at)
    keep_draft(actor=zhang, draft=draft, answers=wanted.answers, at=demo.at)
    browser, pages = signed_in("zhangxiao"), f"/my/packages/drafts/{draft}/step/"
    barred = re.search(rf'<a href="{pages}([^"#]+)#([^"]+)">该名称已被登记', text(browser.get(f"{pages}check")))
    assert barred
    assert f'id="{barred[2]}"' in text(browser.get(pages + barred[1]))
