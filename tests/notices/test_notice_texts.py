"""What a message says."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.words import W
from yichuang.notices.rules import MissingValues, UnknownTemplate, needed, say, write
from yichuang.notices.texts import TEMPLATES
from yichuang.notices.values import Due


@pytest.mark.parametrize("code", sorted(TEMPLATES))
@pytest.mark.parametrize("locale", ["zh-hans", "en"])
def test_every_template_is_written_in_both_languages(code, locale):
    title, body = write(code, dict.fromkeys(needed(TEMPLATES[code]), 7), locale)
    assert title
    assert body
    assert bool(re.search(r"[\u4e00-\u9fff]", title + body)) == (locale == "zh-hans")


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_both_languages_of_a_template_tell_the_same_values(code):
    body = TEMPLATES[code].body
    assert sorted(re.findall(r"{(\w+)}", body.zh)) == sorted(re.findall(r"{(\w+)}", body.en))


@pytest.mark.parametrize("code", [code for code, template in TEMPLATES.items() if needed(template)])
def test_a_missing_value_is_named_and_nothing_is_written(code):
    gone, *there = sorted(needed(TEMPLATES[code]))
    with pytest.raises(MissingValues, match=gone):
        write(code, dict.fromkeys(there, "x"), "zh-hans")


def test_an_unknown_template_is_a_defect_of_the_caller():
    with pytest.raises(UnknownTemplate):
        write("no_such_event", {}, "zh-hans")


def test_days_and_instants_are_said_as_the_wall_clock_of_the_hall_shows_them():
    evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert say(evening, "zh-hans") == "2026年11月23日（周一） 00:30"
    assert say(evening, "en") == "23 November 2026 00:30"
    assert say(date(2026, 11, 22), "zh-hans") == "2026年11月22日（周日）"


def test_each_promised_paper_is_named_with_its_own_day_and_many_are_counted_by_day():
    papers = [Due(W("房产证", "Title"), date(2026, 11, 30)), Due(W("犬只照片", "Photos"), date(2026, 11, 27))]
    assert say(tuple(papers), "zh-hans") == "犬只照片最迟 2026年11月27日（周五）；房产证最迟 2026年11月30日（周一）"
    assert say(tuple(papers), "en") == "Photos by 27 November 2026; Title by 30 November 2026"
    three = (*papers, Due(W("身份证", "ID card"), date(2026, 11, 27)))
    assert say(three, "en") == "Photos by 27 November 2026; ID card by 27 November 2026; Title by 30 November 2026"
    many = (*papers, *papers)
    assert say(many, "zh-hans") == "2 项最迟 2026年11月27日（周五）；2 项最迟 2026年11月30日（周一）"
    assert say(many, "en") == "2 by 27 November 2026; 2 by 30 November 2026"


def test_words_are_said_in_the_language_of_the_reader():
    values = {"item": W("养犬登记", "Dog registration"), "number": "N-1", "outcome": W("准予", "granted"), "rate": ""}
    assert "养犬登记" in write("decision_made", values, "zh-hans")[1]
    assert "granted" in write("decision_made", values, "en")[1]


@given(st.text(alphabet="{}%$\\𠮷䶮㛃<'\";-", max_size=20))
def test_what_a_person_typed_is_never_read_as_a_template(typed):
    body = write("case_terminated", {"item": typed, "number": "{reason}", "reason": typed, "rate": ""}, "zh-hans")[1]
    assert body.count("{reason}") >= 1
    assert typed in body
