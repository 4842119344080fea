"""Names of businesses: their four parts, what they may not hold, and which are alike."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.catalog.business_names import BusinessName, judge_name, likeness, name_faults, sound_of, trade_of

HERE = "深圳市罗湖区"


def name(trade: str, industry: str = "百货", form: str = "店") -> BusinessName:
    return BusinessName(HERE, trade, industry, form)


@pytest.mark.parametrize("trade", ["晓晓", "张晓", "海南鸡"[1:] + "香", "好再来", "晓海南"])
def test_an_ordinary_name_is_fine(trade: str):
    assert judge_name(name(trade)) == "fine"


@pytest.mark.parametrize(
    ("trade", "industry", "form", "code"),
    [
        ("晓", "百货", "店", "structure"),
        ("晓a", "百货", "店", "structure"),
        ("ABC", "百货", "店", "structure"),
        ("晓晓", "", "店", "structure"),
        ("中國", "百货", "店", "structure"),
        ("晓晓", "銀行", "店", "structure"),
        ("公安", "百货", "店", "banned"),
        ("晓企业", "百货", "店", "banned"),
        ("晓晓", "合作社", "店", "banned"),
        ("中华晓", "百货", "店", "state_words"),
        ("晓 国家", "百货", "店", "state_words"),
        ("晓晓", "小额贷款", "有限公司", "licensed_words"),
        ("国宴", "餐饮", "店", "misleading"),
        ("广州晓", "百货", "店", "place_name"),
    ],
)
def test_what_a_name_may_not_hold_is_named_with_its_article(trade: str, industry: str, form: str, code: str):
    found = name_faults(name(trade, industry, form))
    assert judge_name(name(trade, industry, form)) == code
    assert found[0].basis.startswith("《企业名称登记管理规定》")
    assert found[0].words.en
    assert found[0].words.zh


def test_a_company_may_be_called_an_enterprise():
    assert judge_name(name("晓企业", "管理", "有限公司")) == "fine"


def test_everything_that_speaks_against_a_name_is_told_at_once():
    assert {fault.code for fault in name_faults(name("中华国宴", "银行"))} == {
        "state_words",
        "misleading",
        "licensed_words",
    }


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (name("晓晓"), name("晓晓", "日用品"), "same"),
        (name("晓晓"), name("小小", "日用百货"), "sound"),
        (name("晓晓"), name("小小", "餐饮"), "apart"),
        (name("晓晓"), name("晓晓", "餐饮"), "core"),
        (name("晓晓"), name("新晓晓"), "core"),
        (name("晓晓"), name("大宝"), "apart"),
        (name("晓晓", "餐饮"), name("晓晓", "饮食服务"), "same"),
    ],
)
def test_how_alike_two_names_are(one: BusinessName, other: BusinessName, how: str):
    assert likeness(one, other) == how
    assert likeness(other, one) == how


@pytest.mark.parametrize("part", ["region", "industry", "form"])
def test_a_name_without_one_of_its_parts_is_none(part: str):
    assert judge_name(replace(name("晓晓"), **{part: ""})) == "structure"


def test_a_sign_that_is_no_chinese_character_is_no_unusual_one():
    assert judge_name(name("晓晓", "AI百货")) == "fine"
    (fault,) = name_faults(name("晓國晓國", "銀楼"))
    assert fault.words.zh == "“國銀”不是常用的规范汉字", "each once, in their order"


def test_a_trade_goes_by_the_first_of_its_names_and_an_unknown_one_by_its_own():
    assert trade_of("饮食") == "餐饮"
    assert trade_of("搬家") == "搬家"


def test_signs_stay_in_the_sound():
    assert sound_of("晓A1") == "xiaoa1"


def test_spelling_does_not_matter():
    assert sound_of("晓 晓") == sound_of("小·小") == "xiaoxiao"
    assert trade_of("饮食") == trade_of("餐饮") == trade_of("餐饮服务")


@given(st.text(max_size=12), st.text(max_size=12))
def test_nothing_that_is_typed_in_raises(trade: str, industry: str):
    judge_name(name(trade, industry))
    assert likeness(name(trade, industry), name(trade, industry)) == "same"
