"""新建受理: a walk-in is found or registered, files once, and the clerk stands before the case."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.counter.pictures import png

from yichuang.cases.models import Case, Upload
from yichuang.cases.queries import get_case_for
from yichuang.core.identifiers import synthetic
from yichuang.people import queries as people

DOG = "yangquan-dengji"
ORIGINALS = ("application_form", "owner_id", "immunity_certificate")


def zhang(demo):
    return people.get_party(demo.actor("zhangxiao").id)


def apply_address(party):
    return f"/counter/intake/{party.id}/{DOG}/"


def taken(client, demo, dog_form, **more):
    """File 张晓's dog at the window with the main papers seen; the answer of the press."""
    party = zhang(demo)
    form = {**dog_form, "/owner/cn_id": party.id_no, **{f"original:{code}": "true" for code in ORIGINALS}, **more}
    return client.post(apply_address(party), form)


def number_of(answer):
    assert answer.status_code == 302, re.sub(r"\s+", " ", answer.content.decode())[:6000]
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]


def test_li_na_finds_zhang_xiao_by_the_number_on_her_card_and_the_look_is_on_record(as_user, demo):
    client, party = as_user("李娜"), zhang(demo)
    answer = client.post("/counter/intake/", {"id_type": "111", "id_no": party.id_no, "step": "find"})
    assert answer.headers["Location"] == f"/counter/intake/{party.id}/"
    assert any(look.purpose.zh == "窗口受理" for look in people.list_looks(party.id))
    page = client.get(answer.headers["Location"]).content.decode()
    assert party.name_masked in page
    assert party.name not in page
    assert party.id_no not in page


def test_a_number_that_cannot_be_one_is_refused_before_anybody_is_registered(as_user):
    answer = as_user("李娜").post("/counter/intake/", {"id_type": "111", "id_no": "440303199003079998", "step": "find"})
    assert answer.status_code == 422
    assert "440303199003079998" in answer.content.decode(), "what was typed stays"


def test_who_is_not_known_yet_is_registered_against_the_document(as_user):
    client = as_user("李娜")
    number = synthetic.cn_id(date(1988, 7, 15), "male", region="440303", nth=33)
    page = client.post("/counter/intake/", {"id_type": "111", "id_no": number, "step": "find"})
    assert page.status_code == 200
    assert "还没有这个人" in page.content.decode()
    answer = client.post("/counter/intake/", {"id_type": "111", "id_no": number, "name": "何新", "step": "register"})
    assert answer.status_code == 302
    found = people.find_party("111", number)
    assert found is not None
    assert found.name == "何新"


def test_the_form_opens_after_the_situation_is_told_and_knows_the_person(as_user, demo):
    client, party = as_user("李娜"), zhang(demo)
    first = client.get(apply_address(party)).content.decode()
    assert 'href="/items/yangquan-dengji" target="_blank"' in first, (
        "the guide stands beside, and nothing typed is lost"
    )
    assert "谁来养这只犬" in first
    assert "/dog/name" not in first
    second = client.post(
        apply_address(party), {"answer:applicant_kind": "person", "answer:housing": "own", "step": "show"}
    ).content.decode()
    assert 'name="/dog/name"' in second
    assert party.id_no in second, "the clerk never types what the system knows"
    assert "桂园街道" in second, "a sub-district is chosen, not typed"
    assert "可容缺" in second


def test_a_filing_at_the_window_leads_straight_to_the_case(as_user, demo, dog_form):
    client = as_user("李娜")
    number = number_of(taken(client, demo, dog_form))
    page = client.get(f"/counter/cases/{number}/").content.decode()
    assert "核对材料" in page
    case = get_case_for(demo.actor("lina"), number, at=demo.at)
    assert {m.code for m in case.materials if m.seen_original} == set(ORIGINALS)


def test_pressing_twice_files_once(as_user, demo, dog_form):
    client = as_user("李娜")
    assert number_of(taken(client, demo, dog_form)) == number_of(taken(client, demo, dog_form))


def test_a_refused_filing_keeps_everything_and_names_every_fault(as_user, demo, dog_form):
    answer = taken(as_user("李娜"), demo, dog_form, **{"/dog/chip": "12", "/dog/colour": "", "/dog/name": "大黄"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-dog-chip"' in page
    assert 'href="#f-dog-colour"' in page
    assert 'value="大黄"' in page
    assert re.search(r'name="original:owner_id" value="true" checked', page)


def test_a_scan_is_kept_from_press_to_press(as_user, demo, dog_form):
    client = as_user("李娜")
    scan = SimpleUploadedFile("照片.png", png(), "image/png")
    page = taken(client, demo, dog_form, **{"/dog/chip": "12", "file:dog_photos": scan}).content.decode()
    kept = re.search(r'name="kept:dog_photos" value="([^"]+)"', page)
    assert kept, "the scan was stored with the refused press"
    number = number_of(taken(client, demo, dog_form, **{"kept:dog_photos": kept[1]}))
    case = get_case_for(demo.actor("lina"), number, at=demo.at)
    assert [u.name for m in case.materials if m.code == "dog_photos" for u in m.uploads] == ["照片.png"]


def test_a_file_that_is_none_is_refused_beside_its_paper(as_user, demo, dog_form):
    scan = SimpleUploadedFile("照片.png", b"MZ not a picture", "image/png")
    answer = taken(as_user("李娜"), demo, dog_form, **{"file:dog_photos": scan})
    assert answer.status_code == 422
    assert "f-materials-dog_photos-error" in answer.content.decode()


def test_an_agent_files_in_the_applicants_name(as_user, demo, dog_form):
    client, party = as_user("李娜"), zhang(demo)
    agent = people.get_party(demo.actor("moshengren").id)
    answer = client.post(
        "/counter/intake/", {"for": str(party.id), "id_type": "111", "id_no": agent.id_no, "step": "find"}
    )
    assert answer.headers["Location"] == f"/counter/intake/{party.id}/?agent={agent.id}"
    assert "没有登记在册的代理关系" in client.get(answer.headers["Location"]).content.decode()
    refused = taken(client, demo, dog_form, agent=str(agent.id))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#f-authority_seen"' in page
    assert "请查验授权委托书原件" in page
    number = number_of(taken(client, demo, dog_form, agent=str(agent.id), authority_seen="true"))
    assert get_case_for(demo.actor("lina"), number, at=demo.at).agent == agent.id


def test_searching_as_people_speak_finds_the_item(as_user, demo):
    page = as_user("李娜").get(f"/counter/intake/{zhang(demo).id}/?q=办狗证").content.decode()
    assert DOG in page


@pytest.mark.parametrize("name", ["张晓", "王强", "周洁", "陈刚"])
def test_only_who_takes_filings_may_open_the_intake(as_user, name):
    assert as_user(name).get("/counter/intake/").status_code in {403, 404}


def test_the_stranger_is_asked_to_sign_in(client, demo):
    answer = client.get("/counter/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


DOCUMENTS = {
    "154": ("810000199003070015", "陈大文"),
    "414": ("E12345678", "John Smith"),
    "511": ("12345678", "林小台"),
    "516": ("H12345678", "陈小港"),
    "553": ("USA110090030712", "Mary Jones"),
    "001": (synthetic.uscc(77), "深圳演示新店有限公司"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_whatever_the_document_the_person_is_registered_found_again_and_put_into_the_form(kind, as_user, demo):
    client, (number, name) = as_user("李娜"), DOCUMENTS[kind]
    typed = {"id_type": kind, "id_no": number, "name": name, "mobile": ""}
    assert client.post("/counter/intake/", {**typed, "step": "register"}).status_code == 302
    party = people.find_party(kind, number)
    assert party is not None
    for chosen in (kind, "111"):  # also when the clerk left the list as it stood
        answer = client.post("/counter/intake/", {"id_type": chosen, "id_no": number.lower(), "step": "find"})
        assert answer.headers.get("Location") == f"/counter/intake/{party.id}/", answer.content.decode()[-3000:]
    company = kind == "001"
    about = {"answer:applicant_kind": "organisation" if company else "person", "answer:housing": "own", "step": "show"}
    page = client.post(apply_address(party), about).content.decode()
    assert f'value="{name}"' in page
    if kind != "414":  # this item takes no passport: the person says what counts
        assert f'value="{number}"' in page


def test_a_number_of_another_kind_is_refused_for_the_kind_chosen(as_user):
    for kind, number in (("154", "440303199003079999"), ("516", "12345678"), ("553", "440303199003070012")):
        answer = as_user("李娜").post("/counter/intake/", {"id_type": kind, "id_no": number, "step": "find"})
        assert answer.status_code == 422, kind


def test_what_was_typed_is_printed_to_be_signed_and_nothing_is_kept_by_it(as_user, demo, dog_form):
    client = as_user("李娜")
    page = taken(client, demo, dog_form, step="print").content.decode()
    assert "以上内容我已看过" in page
    assert "桂园社区桂园路 1 号 2 栋 301" in page
    assert zhang(demo).name in page
    assert not Case.objects.exists()
    assert not Upload.objects.exists()


def test_nothing_is_filed_until_the_clerk_says_how_it_was_confirmed(as_user, demo, dog_form):
    client = as_user("李娜")
    for wrong in ("", "aloud"):
        answer = taken(client, demo, dog_form, confirmed=wrong)
        assert answer.status_code == 422
        assert 'href="#f-confirmed"' in answer.content.decode()
    number = number_of(taken(client, demo, dog_form, confirmed="screen"))
    assert "口头确认" in client.get(f"/counter/cases/{number}/").content.decode()
