"""Comparing what was said with what is on record: same, different, or unknown; never a guess."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.words import W
from yichuang.registry.rules import addresses, compare, key_parts, mark_of, names, trust_of, use_of
from yichuang.registry.rules.coding import decoded
from yichuang.registry.rules.comparing import day_of, number_of
from yichuang.registry.values import FIELDS, Base, Question, Trust

NAME = FIELDS[Base.POPULATION]["name"]
COMPANY = FIELDS[Base.ENTITIES]["name"]
HOME = FIELDS[Base.POPULATION]["residence_address"]
BORN = FIELDS[Base.POPULATION]["birth_date"]
ALIVE = FIELDS[Base.POPULATION]["alive"]
CAPITAL = FIELDS[Base.ENTITIES]["capital"]
SCOPE = FIELDS[Base.ENTITIES]["scope"]
GROUNDS = FIELDS[Base.CREDIT]["grounds"]
FULL = "深圳市罗湖区桂园街道老围社区演示路 8 号 2 栋 501"


def test_names_that_hide_much_are_told_apart_at_once():
    begun = time.process_time()
    assert names.match("A张" * 200, "张" * 499 + "李")[0] == "different"
    assert names.match("李" * 500, "李王" * 250)[0] == "different"
    assert time.process_time() - begun < 5
    assert [names.match("欧A敏", f"欧{'阳小一二三'[:n]}敏")[0] for n in range(6)] == [
        "different",
        *["unknown"] * 4,
        "different",
    ]


@pytest.mark.parametrize(
    "number",
    [
        "1E+999999999",
        "1e-999999999",
        "NaN",
        "-Infinity",
        "9" * 41,
        pytest.param(10**5000, id="long"),
        1e300,
        True,
        "ten",
        None,
    ],
)
def test_a_number_that_nobody_could_write_out_is_none(number: object):
    assert number_of(number) is None
    if number is not None:
        with pytest.raises(ValueError, match="capital is no number"):
            decoded(Base.ENTITIES, {"capital": number})


@pytest.mark.parametrize("number", ["0", "0E-999999", "50", "12.50", 7, 0.5])
def test_other_numbers_are_what_they_are(number: object):
    assert decoded(Base.ENTITIES, {"capital": number})["capital"] == Decimal(str(number))


@pytest.mark.parametrize("text", ["2026111", "202611", "2026-111", "2026/1/1x", "20261301"])
def test_a_day_that_may_be_two_is_none(text: str):
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("claimed", "known", "state"),
    [
        ("张晓", " 张　晓 ", "same"),
        ("买买提•阿卜杜热合曼", "买买提·阿卜杜热合曼", "same"),
        ("Alice Lee", "ALICE　LEE", "same"),
        ("葛\U000e0100城", "葛城", "same"),  # a variation selector changes the look only
        ("张晓", "张小", "different"),
        ("张晓", "李晓", "different"),
        ("张晓", "张晓明", "different"),
        ("𠮷野䶮", "吉野龑", "unknown"),  # each may stand for the other in a register
        ("张䶮", "张\ue863", "unknown"),  # a private code point of an old system
        ("张㛃", "张JIE", "unknown"),
        ("欧阳小敏", "欧阳XIAOMIN", "unknown"),
        ("张?", "张㛃", "unknown"),
        ("张*", "张*", "unknown"),  # masked on both sides: nobody knows
        ("张JIE", "李㛃", "different"),
        ("", "张晓", "unknown"),
        (None, "张晓", "unknown"),
        (7, "张晓", "unknown"),
    ],
)
def test_names(claimed: object, known: object, state: str):
    assert compare(NAME, claimed, known).state == state
    assert compare(NAME, known, claimed).state == state


def test_brackets_of_either_width_are_the_same():
    assert compare(COMPANY, "深圳演示（小店）餐饮有限公司", "深圳演示(小店)餐饮有限公司").state == "same"


@pytest.mark.parametrize(
    ("claimed", "known", "state", "words"),
    [
        (FULL, "罗湖区桂园街道演示路8号2栋501室", "same", ""),
        (FULL, "广东省深圳市罗湖区桂园街道演示路８号二栋501房", "same", ""),
        (FULL, "罗湖区桂园街道演示路8号2栋502", "different", "房号"),
        (FULL, "罗湖区桂园街道演示路9号2栋501", "different", "门牌号"),
        (FULL, "福田区桂园街道演示路8号2栋501", "different", "区县"),
        (FULL, "罗湖区黄贝街道演示路8号2栋501", "different", "街道"),
        (FULL, "罗湖区桂园街道演示路8号501", "unknown", "楼栋"),
        (FULL, "演示路8号2栋501", "unknown", "区县"),
        ("罗湖区桂园街道演示路3弄4号", "罗湖区桂园街道演示路4弄4号", "different", "里弄门巷"),
        (FULL, "罗湖区桂园街道演示路8号2栋501旁边的院子", "unknown", "未能识别"),
        ("乱七八糟", FULL, "unknown", ""),
        ("", FULL, "unknown", ""),
    ],
)
def test_addresses(claimed: str, known: str, state: str, words: str):
    verdict = compare(HOME, claimed, known)
    assert verdict.state == state
    assert words in verdict.words.zh


@pytest.mark.parametrize(
    ("claimed", "known", "state"),
    [
        ("1990年3月7日", date(1990, 3, 7), "same"),
        ("1990/03/07", "1990-3-7", "same"),
        ("19900307", "1990-03-07", "same"),
        ("1990-03-08", date(1990, 3, 7), "different"),
        ("1990-13-07", date(1990, 3, 7), "unknown"),
        ("昨天", date(1990, 3, 7), "unknown"),
    ],
)
def test_dates(claimed: object, known: object, state: str):
    assert compare(BORN, claimed, known).state == state


def test_flags_numbers_and_lists_keep_their_kind():
    assert compare(ALIVE, True, True).state == "same"
    assert compare(ALIVE, False, True).state == "different"
    assert compare(ALIVE, "true", True).state == "unknown"  # a text is no yes
    assert compare(CAPITAL, "10.0", Decimal(10)).state == "same"
    assert compare(CAPITAL, 11, Decimal(10)).state == "different"
    assert compare(CAPITAL, True, Decimal(1)).state == "unknown"
    assert compare(SCOPE, ["餐饮服务", "食品 销售"], ("食品销售", "餐饮服务")).state == "same"
    assert compare(SCOPE, ["餐饮服务"], ("食品销售", "餐饮服务")).state == "different"
    assert compare(GROUNDS, ["欠缴"], ("欠缴",)).state == "unknown"  # the catalogue does not compare it


@given(st.text(max_size=40))
def test_no_text_stops_the_comparison_and_nothing_equals_what_it_does_not(text: str):
    for spec in (NAME, HOME, BORN, SCOPE):
        verdict = compare(spec, text, "深圳市罗湖区桂园街道演示路8号" if spec is HOME else "张晓")
        assert verdict.state in {"same", "different", "unknown"}
    if compare(NAME, text, "张晓").state == "same":
        assert names.plain(text) == "张晓"


PART = st.sampled_from(["桂园路", "演示路", "深南东路"])
NUMBER = st.integers(1, 2000).map(lambda n: f"{n}号")
ROOM = st.one_of(st.just(""), st.integers(101, 2999).map(str))
BUILDING = st.one_of(st.just(""), st.integers(1, 40).map(lambda n: f"{n}栋"))


@given(PART, NUMBER, BUILDING, ROOM, st.sampled_from(["", "深圳市", "广东省深圳市"]), st.booleans())
def test_spelling_does_not_change_an_address(road: str, number: str, building: str, room: str, city: str, wide: bool):
    text = f"罗湖区桂园街道{road}{number}{building}{room}"
    other = " ".join(f"{city}罗湖区桂园街道老围社区{road}{number}{building}{room}{'室' if room else ''}")
    if wide:
        other = other.translate({n: n + 0xFEE0 for n in range(0x30, 0x3A)})
    assert compare(HOME, text, other).state == "same"
    assert key_parts(Base.ADDRESSES, text) == key_parts(Base.ADDRESSES, other)


@given(PART, NUMBER, NUMBER, BUILDING, ROOM)
def test_another_number_is_another_address(road: str, one: str, other: str, building: str, room: str):
    before, after = (f"罗湖区桂园街道{road}{n}{building}{room}" for n in (one, other))
    assert compare(HOME, before, after).state == ("same" if one == other else "different")


@given(st.text(max_size=60))
def test_parsing_an_address_keeps_every_sign(text: str):
    found = addresses.parse(text)
    kept = "".join(getattr(found, part) for part in addresses._names())
    for sign in addresses.plain(text):
        if sign not in "号栋幢座楼层室房铺单元地区自治州盟零〇○一二三四五六七八九十百0":
            assert sign in kept


def test_keys_have_one_spelling_or_none():
    assert key_parts(Base.POPULATION, "44030319900101901x") == ("full", "44030319900101901X")
    assert key_parts(Base.POPULATION, "440303199001019011") is None  # wrong check digit
    assert key_parts(Base.ENTITIES, "44030319900101901X") is None
    assert key_parts(Base.CREDIT, "44030319900101901X") is not None
    assert key_parts(Base.ADDRESSES, "演示路 8 号") == ("loose", "演示路|8||||")
    assert key_parts(Base.ADDRESSES, "罗湖区") is None
    assert key_parts(Base.ADDRESSES, "") is None


def test_a_question_asks_for_what_the_catalogue_has_and_hides_its_key():
    with pytest.raises(ValueError, match="salary"):
        Question("p", Base.POPULATION, "44030319900101901X", ("name", "salary"))
    with pytest.raises(ValueError, match="no fields"):
        Question("p", Base.POPULATION, "44030319900101901X", ())
    assert "4403" not in repr(Question("p", Base.POPULATION, "44030319900101901X", ("name",)))


def test_trust_says_what_a_stored_document_is_good_for():
    assert [use_of(trust_of(origin)) for origin in ("organ", "checked", "uploaded", "declared")] == [
        "direct",
        "reuse",
        "original",
        "promise",
    ]
    marked = mark_of(
        Trust.A, provider=W("市公安局", "the police"), item=W("个体户设立", "a shop"), until=date(2026, 12, 1)
    )
    assert marked is not None
    assert marked.zh == "此件由市公安局提供，仅供办理“个体户设立”使用，有效期至2026年12月1日"
    assert mark_of(Trust.C, provider=W("", ""), item=W("", ""), until=date(2026, 12, 1)) is None
