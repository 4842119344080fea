"""My cases, what is asked of me, the link for a phone, public progress: through Django's client."""

import io
import re

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from yichuang.cases.commands.accept import MaterialFinding, accept_with_gaps
from yichuang.cases.commands.drafts import MAX_UPLOADS_A_LINK
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.models import Case, PromiseLapse, SupplyLink, Upload
from yichuang.cases.values import MaterialState
from yichuang.core.actors import Actor, Channel
from yichuang.core.ids import new_id
from yichuang.web.portal.views_link import LINKS, QUERIES

from .conftest import ODD, photo

PAPERS = ("owner_id", "property_certificate", "immunity_certificate")


def text_of(answer):
    return answer.content.decode()


def version_of(page):
    return re.search(r'name="version" value="(\d+)"', page).group(1)


def case_of(receipt):
    return Case.objects.get(number=receipt.number)


def a_pdf():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


@pytest.fixture
def promised(demo):
    """张晓's case, accepted on the promise that the photos follow."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=PAPERS)
    accept_with_gaps(
        actor=demo.actor("lina"), number=receipt.number, version=receipt.version, findings={}, promise_signed=True,
        at=demo.at,
    )  # fmt: skip
    return receipt


@pytest.fixture
def told(demo):
    """A case whose one-time notice asks for the photos and a better vaccination certificate."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=PAPERS)
    findings = {"immunity_certificate": MaterialFinding(MaterialState.FAULTY, "看不清，请重拍")}
    notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=receipt.version, findings=findings, at=demo.at)
    return receipt


def test_the_case_page_says_what_is_asked_with_one_main_button(promised, signed_in):
    page = text_of(signed_in("zhangxiao").get(f"/my/cases/{promised.number}"))
    assert "容缺受理" in page
    assert page.count("btn-main") == 1
    assert "上传 犬只照片" in page
    assert "怎么算的" in page
    assert "容缺受理承诺书" in page


@pytest.mark.parametrize(
    "path", ["", "/receipt", "/clock", "/process", "/papers", "/link", "/withdraw", "/objection", "/certificate"]
)
def test_nobody_else_learns_that_the_case_exists(promised, signed_in, path):
    assert signed_in("moshengren").get(f"/my/cases/{promised.number}{path}").status_code == 404


def test_handing_in_the_promised_photos(promised, signed_in):
    browser = signed_in("zhangxiao")
    page = text_of(browser.get(f"/my/cases/{promised.number}/papers"))
    data = {"version": version_of(page), "/materials/dog_photos": [photo("正面.jpg"), photo("侧面.jpg")]}
    assert browser.post(f"/my/cases/{promised.number}/papers", data).status_code == 302
    page = text_of(browser.get(f"/my/cases/{promised.number}"))
    assert "材料已交" in page
    assert "请您补交" not in page
    assert "正面.jpg" in page


def test_a_refused_file_keeps_the_good_ones_waiting(told, signed_in):
    browser = signed_in("zhangxiao")
    address = f"/my/cases/{told.number}/papers"
    page = text_of(browser.get(address))
    assert "看不清，请重拍" in page
    bad = SimpleUploadedFile(f"{ODD}.exe", b"MZ" + b"\0" * 64)
    data = {
        "version": version_of(page),
        "/materials/dog_photos": [photo("狗.jpg"), photo("狗侧.jpg")],
        "/materials/immunity_certificate": bad,
    }
    answer = browser.post(address, data)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "<b>" not in page
    assert "狗.jpg" in page
    kept = re.findall(r'name="kept:dog_photos" value="([^"]+)"', page)
    data = {"version": version_of(page), "kept:dog_photos": kept, "/materials/immunity_certificate": photo("证.jpg")}
    assert browser.post(address, data).status_code == 302
    assert Case.objects.get(number=told.number).state == "SUBMITTED"


def test_files_of_others_cannot_be_named(promised, signed_in, demo):
    theirs = demo.upload(demo.actor("moshengren"))
    browser = signed_in("zhangxiao")
    address = f"/my/cases/{promised.number}/papers"
    data = {"version": version_of(text_of(browser.get(address))), "kept:dog_photos": str(theirs)}
    assert browser.post(address, data).status_code == 422
    assert Upload.objects.get(id=theirs).case_id is None


def test_a_stale_page_says_who_was_faster(told, signed_in):
    browser = signed_in("zhangxiao")
    data = {"version": "1", "/materials/dog_photos": photo("狗.jpg")}
    Case.objects.filter(number=told.number).update(version=9)
    answer = browser.post(f"/my/cases/{told.number}/papers", data)
    assert answer.status_code == 422
    assert 'name="kept:dog_photos"' in text_of(answer)


def test_a_photo_from_any_phone_by_link(promised, signed_in, demo):
    browser = signed_in("zhangxiao")
    page = text_of(browser.post(f"/my/cases/{promised.number}/link", {"material": "dog_photos"}))
    code = re.search(r'class="num big m-0">([0-9A-Z]{8})<', page).group(1)
    assert "<svg" in page
    phone = Client(headers={"accept-language": "zh-CN"})
    assert phone.post("/s/", {"code": code.lower()})["location"] == f"/s/{code}"
    page = text_of(phone.get(f"/s/{code}"))
    assert "犬只照片" in page
    assert 'capture="environment"' in page
    for secret in ("张晓", "张*", "桂园路", promised.query_code, "狂犬病免疫证明"):
        assert secret not in page
    staged = phone.post(
        f"/s/{code}/papers/dog_photos", {"/materials/dog_photos": photo("a.jpg")}, headers={"hx-request": "true"}
    )
    kept = re.search(r'name="kept:dog_photos" value="([^"]+)"', text_of(staged)).group(1)
    assert phone.post(f"/s/{code}/papers/owner_id", {"/materials/owner_id": photo()}).status_code == 404
    done = phone.post(f"/s/{code}", {"kept:dog_photos": kept, "/materials/dog_photos": photo("b.jpg")})
    assert done["location"] == f"/s/{code}/done"
    assert "已收到" in text_of(phone.get(f"/s/{code}/done"))
    assert "a.jpg" in text_of(browser.get(f"/my/cases/{promised.number}"))


def test_a_link_takes_only_what_the_paper_may_be(promised, signed_in, demo):
    page = text_of(signed_in("zhangxiao").post(f"/my/cases/{promised.number}/link", {"material": "dog_photos"}))
    code = re.search(r'class="num big m-0">([0-9A-Z]{8})<', page).group(1)
    phone = Client(headers={"accept-language": "zh-CN"})
    paper = SimpleUploadedFile("扫描.pdf", a_pdf(), "application/pdf")
    answer = phone.post(f"/s/{code}/papers/dog_photos", {"/materials/dog_photos": paper})
    assert answer.status_code == 422
    assert "“扫描.pdf”：这份材料只接收 JPG、PNG" in text_of(answer)
    paper.seek(0)
    with_good = {"/materials/dog_photos": [photo("正面.jpg"), paper]}
    answer = phone.post(f"/s/{code}", with_good)
    assert answer.status_code == 422
    assert "这份材料只接收" in text_of(answer)
    assert 'name="kept:dog_photos"' in text_of(answer), "the good one stays"
    five = {"/materials/dog_photos": [photo(f"{n}.jpg") for n in range(5)]}
    answer = phone.post(f"/s/{code}", five)
    assert "最多 4 个文件" in text_of(answer)
    assert not case_of(promised).materials.get(code="dog_photos").files.exists()


def test_a_link_opens_no_file_of_the_applicants_and_takes_no_flood(promised, signed_in, demo):
    page = text_of(signed_in("zhangxiao").post(f"/my/cases/{promised.number}/link", {"material": "dog_photos"}))
    code = re.search(r'class="num big m-0">([0-9A-Z]{8})<', page).group(1)
    phone = Client(headers={"accept-language": "en"})
    theirs = case_of(promised).uploads.order_by("id").first()
    answer = phone.post(f"/s/{code}", {"kept:dog_photos": str(theirs.id)})
    assert answer.status_code == 422
    assert theirs.name not in text_of(answer)
    through = SupplyLink.objects.get(case=promised.case_id).id
    another = Actor(kind="link", case=promised.case_id, link=new_id(), channel=Channel.LINK)
    anothers = demo.upload(another, name="邻居的照片.jpg")
    answer = phone.post(f"/s/{code}", {"kept:dog_photos": str(anothers)})
    assert answer.status_code == 422
    assert "邻居的照片" not in text_of(answer)
    link = Actor(kind="link", case=promised.case_id, link=through, channel=Channel.LINK)
    for _ in range(MAX_UPLOADS_A_LINK - 1):  # the neighbour's counts too
        demo.upload(link)
    answer = phone.post(f"/s/{code}/papers/dog_photos", {"/materials/dog_photos": photo("a.jpg")})
    assert answer.status_code == 422
    assert f"limit {MAX_UPLOADS_A_LINK}" in text_of(answer)


def test_unknown_codes_are_told_kindly_and_tries_are_limited(demo, client):
    for _ in range(LINKS.most):
        answer = client.post("/s/", {"code": "ABCD2345"})
        assert answer.status_code == 404
        assert "没有找到这个补交码" in text_of(answer)
    answer = client.post("/s/", {"code": "ABCD2345"})
    assert answer.status_code == 429
    assert "一小时后再试" in text_of(answer)


def test_progress_needs_number_and_code_and_shows_nobody(promised, client):
    page = text_of(client.get(f"/progress?number={promised.number}"))
    assert f'value="{promised.number}"' in page
    wrong = client.post("/progress", {"number": promised.number, "code": "WRONG234"})
    assert wrong.status_code == 404
    assert "没有查到" in text_of(wrong)
    found = text_of(client.post("/progress", {"number": promised.number.lower(), "code": promised.query_code.lower()}))
    assert "养犬登记" in found
    assert "张晓" not in found
    assert "张*" not in found
    assert "桂园" not in found


def test_progress_tries_are_limited(promised, client):
    for _ in range(QUERIES.most):
        client.post("/progress", {"number": promised.number, "code": "WRONG234"})
    answer = client.post("/progress", {"number": promised.number, "code": "WRONG234"})
    assert answer.status_code == 429
    assert "一小时后再试" in text_of(answer)


def test_withdrawing_asks_first(promised, signed_in):
    browser = signed_in("zhangxiao")
    address = f"/my/cases/{promised.number}/withdraw"
    page = text_of(browser.get(address))
    assert "撤回这个申请？" in page
    assert Case.objects.get().state == "IN_REVIEW"
    browser.post(address, {"version": version_of(page), "reason": ODD})
    assert Case.objects.get().state == "WITHDRAWN"
    page = text_of(browser.get(f"/my/cases/{promised.number}"))
    assert "您已撤回申请" in page
    assert "撤回申请书" in page
    assert "已结束" in text_of(browser.get("/my/cases"))


def test_objecting_to_a_lapse(promised, signed_in, demo):
    case = Case.objects.get()
    PromiseLapse.objects.create(party_id=case.applicant_id, case=case, at=demo.at)
    browser = signed_in("zhangxiao")
    address = f"/my/cases/{promised.number}/objection"
    empty = browser.post(address, {"/objection": " "})
    assert empty.status_code == 422
    assert browser.post(address, {"/objection": f"邮寄在路上 {ODD}"}).status_code == 302
    assert "您的异议已于" in text_of(browser.get(f"/my/cases/{promised.number}"))


def test_documents_and_files_are_mine_only(promised, signed_in):
    browser, other = signed_in("zhangxiao"), signed_in("moshengren")
    page = text_of(browser.get(f"/my/cases/{promised.number}"))
    paper = re.search(r'href="(/my/documents/[^"]+)"', page).group(1)
    file = re.search(r'href="(/my/files/[^"]+)"', page).group(1)
    answer = browser.get(paper)
    assert answer["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert browser.get(file).status_code == 200
    assert other.get(paper).status_code == 404
    assert other.get(file).status_code == 404


def test_a_second_notice_that_adds_something_is_shown(told, signed_in, demo):
    case = Case.objects.get()
    first = case.notices.get()
    case.notices.create(
        round=2,
        told_at=demo.at,
        items=first.items,
        new_demands=["lease"],
        supervisor_reason=f"补充 {ODD}",
        supervisor_id=demo.actor("lina").id,
    )
    page = text_of(signed_in("zhangxiao").get(f"/my/cases/{told.number}"))
    assert "第 2 次告知新增了要求" in page
    assert escape("补充 🐕𠮷䶮㛃<b>").replace("&quot;", "&#34;") in page


def test_who_looked_is_linked(promised, signed_in):
    page = text_of(signed_in("zhangxiao").get(f"/my/cases/{promised.number}"))
    assert 'href="/my/looks"' in page


def test_my_list_is_empty_with_a_way_on(signed_in):
    assert "还没有办件" in text_of(signed_in("moshengren").get("/my/cases"))
