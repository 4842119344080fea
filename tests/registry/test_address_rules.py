"""Addresses by their parts: every part alone and together, numerals in either writing, and how two addresses stand to each other."""

import time
from decimal import Decimal

import pytest

from yichuang.registry.rules.addresses import Address, match, parse, plain
from yichuang.registry.rules.keys import place_key


def said(text: str) -> dict[str, str]:
    found = parse(text)
    return {name: value for name in Address.__slots__ if (value := getattr(found, name))}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("广东省深圳市罗湖区桂园街道老围社区演示路8号翠竹花园2栋3单元5层501室",
         {"province": "广东省", "city": "深圳市", "district": "罗湖区", "street": "桂园街道", "community": "老围社区", "road": "演示路", "number": "8",
              "estate": "翠竹花园", "building": "2", "unit": "3", "floor": "5", "room": "501"}),
        ("广西壮族自治区南宁市", {"province": "广西壮族自治区", "city": "南宁市"}),
        ("四川省凉山彝族自治州西昌市", {"province": "四川省", "city": "西昌市"}),
        ("大兴安岭地区漠河市", {"city": "漠河市"}),
        ("某县某镇某村12号", {"district": "某县", "street": "某镇", "community": "某村", "number": "12"}),
        ("红旗乡胜利村3号", {"street": "红旗乡", "community": "胜利村", "number": "3"}),
        ("演示大道100号", {"road": "演示大道", "number": "100"}),
        ("演示巷7号", {"road": "演示巷", "number": "7"}),
        ("演示弄7号", {"road": "演示弄", "number": "7"}),
        ("演示胡同7号", {"road": "演示胡同", "number": "7"}),
        ("东门中街7号", {"road": "东门中街", "number": "7"}),
        ("演示路123弄4号501室", {"road": "演示路", "lane": "123弄", "number": "4", "room": "501"}),
        ("演示路12弄3支弄5号", {"road": "演示路", "lane": "12弄3支弄", "number": "5"}),
        ("演示村三巷5号", {"community": "演示村", "lane": "3巷", "number": "5"}),
        ("演示大道3巷8号", {"lane": "演示大道3巷", "number": "8"}),
        ("百花二巷7号", {"lane": "百花2巷", "number": "7"}),
        ("演示路8号SOHO广场2栋501", {"road": "演示路", "number": "8", "estate": "SOHO广场", "building": "2", "room": "501"}),
        ("演示路8号万科LOFT公寓3栋501", {"road": "演示路", "number": "8", "estate": "万科LOFT公寓", "building": "3", "room": "501"}),
        ("演示路8号COCO PARK 2楼", {"road": "演示路", "number": "8", "estate": "COCOPARK", "floor": "2"}),
        ("演示路8号IBC大厦B1层L12号铺", {"road": "演示路", "number": "8", "estate": "IBC大厦", "floor": "B1", "room": "L12"}),
        ("演示路8-1号", {"road": "演示路", "number": "8-1"}),
        ("演示路8之1号", {"road": "演示路", "number": "8之1"}),
        ("演示路8—1号", {"road": "演示路", "number": "8-1"}),
        ("演示路008号", {"road": "演示路", "number": "8"}),
        ("演示路0号", {"road": "演示路", "number": "0"}),
        ("演示路8号A座1203", {"road": "演示路", "number": "8", "building": "A", "room": "1203"}),
        ("演示路8号2幢", {"road": "演示路", "number": "8", "building": "2"}),
        ("演示路8号2号楼", {"road": "演示路", "number": "8", "building": "2"}),
        ("演示路8号楼", {"road": "演示路", "building": "8"}),
        ("演示路8号2楼", {"road": "演示路", "number": "8", "floor": "2"}),
        ("演示路8号501-2房", {"road": "演示路", "number": "8", "room": "501-2"}),
        ("演示路8号12号铺", {"road": "演示路", "number": "8", "room": "12"}),
        ("演示路501房", {"road": "演示路", "room": "501"}),
        ("演示路501号房", {"road": "演示路", "room": "501"}),
        ("演示路8号0501", {"road": "演示路", "number": "8", "room": "0501"}),
        ("演示路8号翠竹小区", {"road": "演示路", "number": "8", "estate": "翠竹小区"}),
        ("演示路8号501旁边", {"road": "演示路", "number": "8", "room": "501", "rest": "旁边"}),
        ("翠竹小区5栋", {"estate": "翠竹小区", "building": "5"}),
        ("八卦岭工业区", {"district": "八卦岭工业区"}),
        ("", {}),
        ("演示路8号\n501", {"road": "演示路", "number": "8", "room": "501"}),
    ],
)  # fmt: skip
def test_every_part_is_told_by_its_ending(text: str, parts: dict[str, str]) -> None:
    assert said(text) == parts


@pytest.mark.parametrize(
    ("text", "arabic"),
    [
        ("演示路8号二楼", "演示路8号2楼"),
        ("演示路8号二层", "演示路8号2层"),
        ("演示路8号二十一楼", "演示路8号21楼"),
        ("演示路8号二单元五〇一室", "演示路8号2单元501室"),
        ("演示路8号二单元五零一室", "演示路8号2单元501室"),
        ("演示路8号五○一房", "演示路8号501房"),
        ("演示路8号五零一号房", "演示路8号501号房"),
        ("演示路8号四号铺", "演示路8号4号铺"),
        ("演示路8号一百零二室", "演示路8号102室"),
        ("演示路8号零五零一室", "演示路8号0501室"),
        ("演示路八号二号楼三单元五楼五〇一室", "演示路8号2号楼3单元5楼501室"),
        ("演示路一百零八号", "演示路108号"),
        ("演示路一百号", "演示路100号"),
        ("演示路一百一十号", "演示路110号"),
        ("演示路二百一十二号", "演示路212号"),
        ("演示路十号", "演示路10号"),
        ("演示路十二号", "演示路12号"),
        ("演示路二十号", "演示路20号"),
        ("演示路九十九号", "演示路99号"),
        ("演示路一二号", "演示路12号"),
        ("翠竹花园五零一室", "翠竹花园501室"),
        ("翠竹花园二楼", "翠竹花园2楼"),
        ("演示路一百二十三弄四号501室", "演示路123弄4号501室"),
        ("演示村三巷五号", "演示村3巷5号"),
        ("演示大道三巷8号", "演示大道03巷8号"),
        ("演示路8号二楼东侧", "演示路8号2楼东侧"),
        ("罗湖区桂园街道演示路8号三栋", "罗湖区桂园街道演示路8号3栋"),
    ],
)
def test_a_numeral_is_the_same_in_chinese_and_in_figures(text: str, arabic: str) -> None:
    assert said(text) == said(arabic)
    if "number" in said(text) and "rest" not in said(text):
        assert place_key(text) == place_key(arabic)
        assert match(parse(text), parse(arabic)).state == "same"


@pytest.mark.parametrize("numeral", ["一百二", "十十", "零十", "二百零", "一百百", "十零"])
def test_a_numeral_that_may_be_two_numbers_or_none_stays_as_it_is_written(numeral: str) -> None:
    assert parse(f"演示路{numeral}号").number != "120"
    assert not parse(f"演示路{numeral}号").number.isdigit()


@pytest.mark.parametrize(
    ("text", "estate"),
    [
        ("演示路8号百货大楼", "百货大楼"),
        ("演示路8号三元里小区5栋", "三元里小区"),
        ("演示路8号一品公寓", "一品公寓"),
        ("演示路8号五百强大厦3楼", "五百强大厦"),
        ("演示路8号东门新百二楼", "东门新百"),
        ("演示路8号soho广场B座1203", "SOHO广场"),
        ("演示路8号B楼", "B楼"),
    ],
)
def test_the_name_of_a_house_may_begin_with_a_numeral(text: str, estate: str) -> None:
    assert parse(text).estate == estate


def test_one_spelling_is_half_width_in_capitals_without_marks() -> None:
    assert plain(" 演示路，８号、a座；5—1。") == "演示路8号A座5-1"
    assert {plain(f"8{dash}1") for dash in "‐‑‒–—―－~～-"} == {"8-1"}


def test_a_long_text_is_read_at_once() -> None:
    begun = time.process_time()
    for text in ("一" * 500, "一百" * 250, "演示路8号" + "二" * 400, "A一" * 250, "一百零" * 150 + "室", "路" * 500):
        parse(text)
    assert time.process_time() - begun < 2


HOME = "罗湖区桂园街道演示路8号翠竹花园2栋3单元501"


@pytest.mark.parametrize(
    ("one", "other", "state", "differing", "missing", "score"),
    [
        (HOME, HOME, "same", (), (), "1.00"),
        (HOME, HOME.replace("罗湖", "福田"), "different", ("district",), (), "0.88"),
        (HOME, HOME.replace("桂园", "黄贝"), "different", ("street",), (), "0.88"),
        (HOME, HOME.replace("演示", "深南"), "different", ("road",), (), "0.88"),
        (HOME, HOME.replace("8号", "9号"), "different", ("number",), (), "0.88"),
        (HOME, HOME.replace("翠竹", "红桂"), "different", ("estate",), (), "0.88"),
        (HOME, HOME.replace("2栋", "1栋"), "different", ("building",), (), "0.88"),
        (HOME, HOME.replace("3单元", "1单元"), "different", ("unit",), (), "0.88"),
        (HOME, HOME.replace("501", "502"), "different", ("room",), (), "0.88"),
        (HOME, HOME.replace("罗湖区", ""), "unknown", (), ("district",), "0.88"),
        (HOME, HOME.replace("桂园街道", ""), "unknown", (), ("street",), "0.88"),
        (HOME, HOME.replace("8号", ""), "unknown", (), ("number",), "0.88"),
        (HOME, HOME.replace("翠竹花园", ""), "unknown", (), ("estate",), "0.88"),
        (HOME, HOME.replace("2栋", ""), "unknown", (), ("building",), "0.88"),
        (HOME, HOME.replace("3单元", ""), "unknown", (), ("unit",), "0.88"),
        (HOME, HOME.replace("501", ""), "unknown", (), ("room",), "0.88"),
        (HOME, HOME + "后面", "unknown", (), ("rest",), "0.89"),
        # what follows from the others may be left out, but not be another
        (HOME, "广东省深圳市" + HOME, "same", (), (), "0.80"),
        ("广东省" + HOME, "湖南省" + HOME, "different", ("province",), (), "0.89"),
        ("深圳市" + HOME, "广州市" + HOME, "different", ("city",), (), "0.89"),
        ("演示路8号3楼", "演示路8号", "same", (), (), "0.67"),
        ("演示路8号3楼", "演示路8号二楼", "different", ("floor",), (), "0.67"),
        ("老围村12号", "新围村12号", "different", ("community",), (), "0.50"),
        ("老围村12号", "老围村12号", "same", (), (), "1.00"),
        ("翠竹花园3栋", "翠竹花园3栋", "same", (), (), "1.00"),
        # nothing that could be one place
        ("罗湖区", "罗湖区", "unknown", (), (), "1.00"),
        ("8号", "8号", "unknown", (), (), "1.00"),
        ("", "", "unknown", (), (), "0.00"),
        ("罗湖区", "福田区", "different", ("district",), (), "0.00"),
    ],
)  # fmt: skip
def test_how_two_addresses_stand_to_each_other(
    one: str, other: str, state: str, differing: tuple[str, ...], missing: tuple[str, ...], score: str
) -> None:
    for left, right in ((one, other), (other, one)):
        found = match(parse(left), parse(right))
        assert (found.state, found.differing, found.missing, found.score) == (state, differing, missing, Decimal(score))


def test_what_was_understood_of_neither_is_one_place_when_it_is_the_same_text() -> None:
    odd = Address(rest="后面的院子")
    assert match(odd, odd).state == "same"
    assert match(odd, Address(rest="前面的院子")).state == "unknown"
