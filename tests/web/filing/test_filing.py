"""The filing wizard through Django's client."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from yichuang.cases.models import Case, Draft, Upload
from yichuang.catalog.queries import get_pack
from yichuang.core.clock import now
from yichuang.people.commands import grant_agency, revoke_agency

from .conftest import ODD, photo

DOG = "yangquan-dengji"


def text_of(answer):
    return answer.content.decode()


def number_of(answer):
    assert answer.status_code == 302, text_of(answer)
    return answer["location"].split("/")[3]


def test_a_filing_from_start_to_receipt(wizard, demo):
    walk = wizard()
    page = text_of(walk.get("form-owner"))
    walk.fill()
    page = text_of(walk.get("form-owner"))
    assert "来自您的账号信息" in page
    assert 'value="张晓"' in page
    papers = text_of(walk.get("materials"))
    assert "犬只狂犬病免疫证明" in papers
    assert "房屋租赁合同" not in papers, "only what this applicant needs"
    for code in ("owner_id", "property_certificate", "immunity_certificate"):
        assert walk.upload(code, photo()).status_code == 302
    check = text_of(walk.get("check"))
    assert "还缺的材料可以后补" in check
    assert "犬只照片" in check
    assert "确认提交" in check
    number = number_of(walk.submit())
    receipt = text_of(walk.client.get(f"/my/cases/{number}/receipt"))
    case = Case.objects.get(number=number)
    assert number in receipt
    assert case.query_code in receipt
    assert "<svg" in receipt
    assert case.channel == "portal"
    assert not Draft.objects.exists()


def test_pressing_submit_twice_gives_one_case_and_the_same_receipt(wizard):
    walk = wizard()
    walk.fill()
    first, second = number_of(walk.submit()), number_of(walk.submit())
    assert first == second
    assert Case.objects.count() == 1


def test_coming_back_to_a_filed_draft_leads_to_its_case_and_only_who_filed_it(wizard, signed_in):
    walk = wizard()
    walk.fill()
    number = number_of(walk.submit())
    for answer in (walk.get("check"), walk.client.get(walk.address), walk.post("form-dog", {"/dog/name": "x"})):
        assert answer.status_code == 302
        assert answer["location"] == f"/my/cases/{number}"
    assert "这份申请已经提交" in text_of(walk.client.get(f"/my/cases/{number}"))
    assert signed_in("moshengren").get(walk.address).status_code == 404


def test_every_fault_is_told_at_once_with_links_to_its_page(wizard):
    walk = wizard()
    walk.post("situation", {"/applicant_kind": "person"})
    walk.post("situation", {"/applicant_kind": "person", "/housing": "own"})
    answer = walk.post("form-dog", {"/dog/name": "", "/dog/chip": "12", "/dog/shoulder_cm": "很高"})
    page = text_of(answer)
    assert answer.status_code == 422
    for field in ("f-dog-name", "f-dog-chip", "f-dog-shoulder_cm", "f-dog-breed", "f-dog-sex"):
        assert f'href="#{field}"' in page
    assert 'value="很高"' in page, "what was typed stays"
    check = text_of(walk.get("check"))
    assert re.search(r'href="[^"]*step/form-dog#f-dog-chip"', check)
    assert re.search(r'href="[^"]*step/form-immunity#f-immunity-\w+"', check), "a part left empty: each of its fields"
    assert "确认提交" not in check.split("</form>")[-2]
    refused = walk.submit()
    assert refused.status_code == 422
    assert not Case.objects.exists()


def test_autosave_answers_with_the_mark_and_keeps_wrong_words(wizard, demo):
    walk = wizard()
    answer = walk.client.post(
        f"{walk.address}/step/form-dog/save", {"/dog/name": ODD, "/dog/chip": "12"}, headers={"hx-request": "true"}
    )
    assert text_of(answer) == "已保存 10:00"
    page = text_of(walk.get("form-dog"))
    assert f'value="{escape(ODD).replace("&quot;", "&#34;")}"' in page
    assert "<b>" not in page


def test_odd_characters_survive_to_the_case_page(wizard):
    walk = wizard("jiye")
    walk.fill(colour="🐕𠮷䶮㛃<i>&", detail="𠮷䶮㛃 🐕 <b>大厦</b> 301 {{7*7}}")
    number = number_of(walk.submit())
    page = text_of(walk.client.get(f"/my/cases/{number}"))
    assert "🐕𠮷䶮㛃&lt;i&gt;&amp;" in page
    assert "&lt;b&gt;大厦&lt;/b&gt; 301 {{7*7}}" in page
    assert "𠮷野䶮" in page


def test_a_session_that_ended_loses_nothing(wizard, signed_in, demo):
    walk = wizard()
    owner = walk.client
    owner.logout()
    owner.cookies.clear()
    answer = walk.post("form-dog", {"/dog/name": "豆豆豆"})
    page = text_of(answer)
    assert answer.status_code == 401
    assert 'name="keep:/dog/name" value="豆豆豆"' in page
    carried = dict(re.findall(r'name="(keep[^"]*)" value="([^"]*)"', page))
    back = owner.post("/sign-in", {"username": "zhangxiao", "password": "Demo-2026-yichuang", **carried})
    assert 'value="豆豆豆"' in text_of(back)
    walk.post("form-dog", {"/dog/name": "豆豆豆"})
    assert 'value="豆豆豆"' in text_of(walk.get("form-dog"))


def test_bad_files_are_refused_in_plain_words_and_good_ones_stay(wizard):
    walk = wizard()
    walk.fill()
    bad = SimpleUploadedFile("证明🐕.docx", b"PK\x03\x04" + b"0" * 100, "application/zip")
    answer = walk.upload("owner_id", photo("身份证.jpg"), bad)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "不接收压缩包和 Office 文件" in page
    assert "证明🐕.docx" in page
    assert "身份证.jpg" in page
    assert Upload.objects.count() == 1
    empty = walk.upload("owner_id", SimpleUploadedFile("空.pdf", b""), headers={"hx-request": "true"})
    assert empty.status_code == 422
    none = walk.client.post(f"{walk.address}/papers/owner_id", {})
    assert "请先选择文件" in text_of(none)
    walk.upload("owner_id", photo("2.jpg"))
    assert "最多 2 个文件" in text_of(walk.upload("owner_id", photo("3.jpg")))
    assert walk.upload("no_such_paper", photo()).status_code == 404


def test_uploads_by_script_answer_the_list_and_can_be_taken_out(wizard):
    walk = wizard()
    walk.fill()
    answer = walk.upload("owner_id", photo("身份证.jpg"), headers={"hx-request": "true"})
    page = text_of(answer)
    assert page.strip().startswith('<ul class="file-list">')
    picture = re.search(r'src="(/my/files/[^"]+)"', page).group(1)
    assert walk.client.get(picture)["content-type"] == "image/jpeg"
    gone = re.search(r'formaction="([^"]+/remove)"', page).group(1)
    assert walk.client.post(gone).status_code == 302
    assert "身份证.jpg" not in text_of(walk.get("materials"))


def test_fields_that_depend_on_a_choice_come_on_the_same_page(wizard):
    walk = wizard()
    walk.post("situation", {"/applicant_kind": "person"})
    walk.post("situation", {"/applicant_kind": "person", "/housing": "own"})
    shown = re.search(r'name="_shown" value="([^"]*)"', text_of(walk.get("form-owner"))).group(1)
    data = {"/owner/name": "张晓", "/owner/id_type": "516", "/owner/mobile": "13800000001", "_shown": shown}
    answer = walk.post("form-owner", data)
    assert answer["location"].endswith("form-owner#f-owner-other_id")
    page = text_of(walk.get("form-owner"))
    assert "f-owner-other_id" in page
    assert "f-owner-cn_id" not in page


def test_a_question_that_an_answer_brought_up_is_not_missed_before_it_was_seen(wizard):
    """The first answer is saved the moment it is chosen; the next question was never on the page that is posted."""
    walk = wizard()
    assert 'name="_shown" value="applicant_kind"' in text_of(walk.get("situation"))
    assert walk.client.post(f"{walk.address}/step/situation/save", {"/applicant_kind": "person"}).status_code == 200
    answer = walk.post("situation", {"/applicant_kind": "person", "_shown": "applicant_kind"})
    assert answer.status_code == 302
    assert "/step/situation#" in answer["location"]
    assert 'name="_shown" value="applicant_kind,housing"' in text_of(walk.get("situation"))
    seen = walk.post("situation", {"/applicant_kind": "person", "_shown": "applicant_kind,housing"})
    assert seen.status_code == 422


def test_save_and_leave_then_go_on(wizard):
    walk = wizard()
    walk.post("situation", {"/applicant_kind": "person"})
    answer = walk.post("form-dog", {"/dog/name": "豆豆", "_leave": "1"})
    assert answer["location"] == "/my/cases"
    page = text_of(walk.client.get("/my/cases"))
    assert "没填完的" in page
    again = walk.client.get(walk.address)
    assert again["location"].endswith("/step/form-dog")


def test_discard_asks_first(wizard):
    walk = wizard()
    assert "删除这份草稿" in text_of(walk.client.get(f"{walk.address}/discard"))
    assert Draft.objects.count() == 1
    walk.client.post(f"{walk.address}/discard")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("path", ["", "/discard", "/step/check", "/step/form-dog"])
def test_a_stranger_finds_no_draft(wizard, signed_in, path):
    walk = wizard()
    assert signed_in("moshengren").get(walk.address + path).status_code == 404


def test_a_stranger_changes_and_files_nothing(wizard, signed_in):
    walk = wizard()
    walk.fill()
    walk.client = signed_in("moshengren")
    for answer in (walk.submit(), walk.post("form-dog", {"/dog/name": "x"}), walk.upload("owner_id", photo())):
        assert answer.status_code == 404
    assert not Case.objects.exists()


def test_an_agent_files_for_a_company_that_authorised_them(signed_in, demo):
    browser = signed_in("sunyan")
    page = text_of(browser.get("/file/yangquan-dengji"))
    (company,) = demo.actor("sunyan").represents
    assert str(company) in page
    answer = browser.post("/file/yangquan-dengji", {"applicant": str(company)})
    page = text_of(browser.get(answer["location"].split("/step")[0] + "/step/situation"))
    assert "为 深圳演示小店餐饮有限公司 申请" in page
    stranger = signed_in("moshengren")
    assert stranger.post("/file/yangquan-dengji", {"applicant": str(company)}).status_code == 422


def test_an_agent_for_one_item_is_offered_the_applicant_there_only_and_loses_the_draft_with_the_authority(
    signed_in, demo
):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    authority = grant_agency(
        actor=zhang, principal=zhang.id, agent=agent.id, items=[DOG], valid_to=date(2027, 1, 31), at=demo.at
    )
    browser = signed_in("moshengren")
    assert str(zhang.id) in text_of(browser.get(f"/file/{DOG}"))
    assert str(zhang.id) not in text_of(browser.get("/file/shiye-dengji"))
    assert browser.post("/file/shiye-dengji", {"applicant": str(zhang.id)}).status_code == 422
    draft = browser.post(f"/file/{DOG}", {"applicant": str(zhang.id)})["location"]
    assert browser.get(draft).status_code == 200
    revoke_agency(actor=zhang, representation=authority, at=demo.at)
    gone = browser.get(draft)
    assert gone.status_code == 403
    assert "没有代理该申请人的有效授权" in text_of(gone)


def test_answers_of_the_guide_come_along(signed_in):
    browser = signed_in("zhangxiao")
    page = text_of(browser.get("/file/yangquan-dengji/?applicant_kind=person&housing=rent&else=x"))
    assert '<input type="hidden" name="housing" value="rent">' in page
    browser.post("/file/yangquan-dengji", {"applicant_kind": "person", "housing": "rent"})
    assert Draft.objects.get().answers == {"applicant_kind": "person", "housing": "rent"}


def test_staff_do_not_file_here_and_strangers_sign_in_first(signed_in, client):
    assert signed_in("lina").get("/file/yangquan-dengji").status_code == 403
    assert client.get("/file/yangquan-dengji")["location"].startswith("/sign-in?next=")
    assert signed_in("zhangxiao").get("/file/no-such-item").status_code == 404


def test_a_draft_is_brought_to_the_present_version(wizard):
    walk = wizard()
    walk.post("form-dog", {"/dog/name": "豆豆", "_leave": "1"})
    Draft.objects.update(item_version=0)
    assert 'value="豆豆"' in text_of(walk.get("form-dog"))
    assert Draft.objects.get().item_version == get_pack("yangquan-dengji", at=now()).version


def test_english_pages_are_english(wizard):
    from yichuang.webkit.messages import chinese_in

    walk = wizard(locale="en-GB")
    walk.fill(detail="Guiyuan Road 1, 301", colour="white", vaccine="rabies", clinic="clinic", name="Dou")
    pages = [text_of(walk.get(s)) for s in ("situation", "form-dog", "form-immunity", "materials", "check")]
    number = number_of(walk.submit())
    for path in (f"/my/cases/{number}/receipt", "/my/cases", f"/my/cases/{number}", f"/my/cases/{number}/clock"):
        pages.append(text_of(walk.client.get(path)))
    for path in (f"/my/cases/{number}/papers", f"/my/cases/{number}/link", f"/my/cases/{number}/withdraw", "/progress"):
        pages.append(text_of(walk.client.get(path)))
    assert [found for page in pages for found in chinese_in(page) if found not in ALLOWED] == []


ALLOWED = {"中文", "张", "晓", "张晓", "长辈版", "简体中文"}
