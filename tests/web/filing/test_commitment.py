"""告知承诺 on the pages: chosen in the situation, read and signed on the last page, or at the window."""

import re

from tests.cases.test_commitment import BARBER, ITEM
from tests.web.filing.conftest import Wizard, photo

from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.models import Case, PromiseLapse, SignedCommitment
from yichuang.catalog.queries import get_pack
from yichuang.people import cast


def begun(demo, client, way="promise"):
    """A barber's draft with everything filled in."""
    example = demo.example(ITEM, BARBER)
    actor = demo.actor("zhangxiao")
    wizard = Wizard(client, ITEM)
    draft = wizard.address.rpartition("/")[2]
    save_draft(
        actor=actor, draft=draft, item_code=ITEM, item_version=get_pack(ITEM, at=demo.at).version, answers={**example.answers, "way": way},
        form=example.form, materials={}, applicant=actor.id, step="check", at=demo.at,
    )  # fmt: skip
    wizard.upload("layout", photo())
    return wizard


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def test_the_letter_stands_on_the_last_page_and_is_signed_there(demo, signed_in):
    wizard = begun(demo, signed_in("zhangxiao"))
    page = wizard.get("check").content.decode()
    assert "告知承诺书" in page
    assert "责令限期整改" in page
    assert "两名以上卫生监督员" in page
    answer = wizard.client.post(f"{wizard.address}/submit", {"letter": hidden(page, "letter")})
    refused = answer.content.decode()
    assert "我已阅读并作出以上承诺" in refused
    assert "请确认是您本人" in refused
    assert not Case.objects.exists()
    answer = wizard.client.post(
        f"{wizard.address}/submit",
        {"letter": hidden(page, "letter"), "agreed": "true", "password": cast.PASSWORD},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert SignedCommitment.objects.get().sign_way == "password"
    case = Case.objects.get()
    shown = wizard.client.get(f"/my/cases/{case.number}").content.decode()
    assert "公共场所卫生条件告知承诺" in shown
    assert "已签署，等待决定" in shown


def test_who_broke_a_promise_reads_why_on_the_last_page(demo, signed_in):
    zhang = demo.actor("zhangxiao")
    first = demo.file(zhang, ITEM)
    PromiseLapse.objects.create(party_id=zhang.id, case_id=first.case_id, at=demo.at, of_commitment=True)
    page = begun(demo, signed_in("zhangxiao")).get("check").content.decode()
    assert "修复前不适用告知承诺" in page
    assert 'name="agreed"' not in page
    assert "/step/situation#" in page


def test_the_guide_says_what_may_be_promised(demo, signed_in):
    page = signed_in("zhangxiao").get(f"/items/{ITEM}").content.decode()
    assert "可以告知承诺" in page
    assert "40 个工作日内核查" in page
    english = signed_in("zhangxiao", "en").get(f"/items/{ITEM}").content.decode()
    assert "signed letter of commitment" in english
