"""办事指南 at the kiosk: found by words and themes, narrowed by answers, word for word the portal's, taken along on the phone."""

import re

import pytest
from django.test import Client

from yichuang.catalog.models import SearchMiss
from yichuang.catalog.queries import get_guide, list_themes

DOG = "/kiosk/guides/yangquan-dengji/"


@pytest.fixture
def reads(kiosk):
    browser, _ = kiosk()

    def read(address, status=200, language=""):
        answer = browser.get(address, headers={"accept-language": language} if language else {})
        assert answer.status_code == status, answer.content.decode()[:1500]
        return answer.content.decode()

    return read


def said(html):
    """What stands in the main part, without marks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html.partition("<main")[2].partition("</main>")[0]))


def test_an_item_is_found_by_what_people_say_and_by_its_theme(reads, tuesday):
    assert 'href="/kiosk/guides/"' in reads("/kiosk/")
    first = reads("/kiosk/guides/")
    assert all(theme in first for theme in list_themes(at=tuesday))
    assert DOG in reads("/kiosk/guides/?q=养狗")
    assert DOG in reads("/kiosk/guides/?theme=宠物饲养")
    assert "没有找到这个事项" in reads("/kiosk/guides/?q=天上掉馅饼")
    assert SearchMiss.objects.filter(query="天上掉馅饼").exists(), "editors read what was asked in vain"


def test_the_guide_is_the_portals_word_for_word(reads, tuesday):
    portal = said(Client().get("/items/yangquan-dengji").content.decode())
    kiosk = said(reads(DOG))
    whole = get_guide("yangquan-dengji", at=tuesday)
    told = [fact.value.zh for fact in (*whole.conditions, *whole.limits, *whole.fees, *whole.result)]
    told += [words for m in whole.materials for words in (m.name.zh, m.accept_standard.zh)]
    told += [words for faq in whole.faqs for words in (faq.question.zh, faq.answer.zh)]
    assert len(told) > 40
    assert [words for words in told if re.sub(r"\s+", "", words) not in kiosk] == []
    rest = portal.partition("受理条件")[2].partition("到哪里办")[0]
    assert len(rest) > 1000
    assert rest in kiosk


def test_answers_narrow_the_list_and_go_along_to_the_phone(reads):
    rented = reads(f"{DOG}?applicant_kind=person&housing=rent")
    mine = rented.partition("我的材料清单")[2].partition("</section>")[0]
    assert "房屋租赁合同" in mine
    assert "不动产权证书" not in mine
    assert "<svg" in rented.partition("kiosk-code")[2]


def test_in_english_and_for_who_asks_for_nothing_that_is_there(reads):
    assert "Dog registration" in reads(DOG, language="en")
    reads("/kiosk/guides/no-such-item/", status=404)


def test_what_was_read_is_gone_when_nobody_touches_the_screen(reads):
    assert "data-visited" in reads(DOG)


def test_a_browser_that_is_no_kiosk_is_led_to_where_one_is_enrolled(db):
    assert Client().get(DOG)["Location"] == "/kiosk/enrol/"
