"""The one spelling of a key: numbers by their check digits, addresses by what can only be one place."""

import pytest

from yichuang.registry.rules import key_parts
from yichuang.registry.rules.keys import place_key
from yichuang.registry.values import Base

PERSON, ORGAN = "44030319900101901X", "11320982741330162E"
BOTH = frozenset({PERSON, ORGAN})


@pytest.mark.parametrize(
    ("base", "taken"),
    [
        (Base.POPULATION, {PERSON}),
        (Base.ENTITIES, {ORGAN}),
        (Base.CREDIT, BOTH),
        (Base.CERTIFICATES, BOTH),
        (Base.ADDRESSES, set()),
    ],
)
def test_a_base_is_asked_by_the_numbers_of_those_it_knows_and_by_no_other(base: Base, taken: set[str]) -> None:
    assert {number for number in BOTH if key_parts(base, number) == ("full", number)} == taken
    assert [key_parts(base, number) for number in BOTH - taken] == [None] * len(BOTH - taken)


@pytest.mark.parametrize("base", [base for base in Base if base is not Base.ADDRESSES])
def test_a_number_with_a_wrong_check_digit_points_to_nothing(base: Base) -> None:
    assert key_parts(base, "440303199001019011") is None
    assert key_parts(base, "11320982741330162F") is None
    assert key_parts(base, "") is None


def test_spaces_and_small_letters_change_no_number() -> None:
    assert key_parts(Base.POPULATION, " 440303 19900101 901x ") == ("full", PERSON)
    assert key_parts(Base.ENTITIES, ORGAN.lower()) == ("full", ORGAN)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        # district and sub-district: one place exactly
        ("罗湖区桂园街道演示路8号2栋501", ("full", "罗湖区|桂园街道|演示路|8||2||501")),
        ("罗湖区桂园街道演示路八号501室", ("full", "罗湖区|桂园街道|演示路|8||||501")),
        ("广东省深圳市罗湖区桂园街道老围社区演示路 8 号", ("full", "罗湖区|桂园街道|演示路|8||||")),
        ("罗湖区桂园街道翠竹花园3栋二单元501", ("full", "罗湖区|桂园街道|||翠竹花园|3|2|501")),
        ("罗湖区桂园街道老围村12号", ("full", "罗湖区|桂园街道|老围村|12||||")),
        # a lane belongs to its road, or to its village: every village has a third one
        ("罗湖区桂园街道演示路123弄4号501室", ("full", "罗湖区|桂园街道|演示路123弄|4||||501")),
        ("罗湖区桂园街道老围村三巷5号", ("full", "罗湖区|桂园街道|老围村3巷|5||||")),
        ("罗湖区桂园街道新围村3巷5号", ("full", "罗湖区|桂园街道|新围村3巷|5||||")),
        ("老围社区百花二巷7号", ("loose", "百花2巷|7||||")),
        ("演示路8号SOHO广场2栋501", ("loose", "演示路|8|SOHO广场|2||501")),
        # one of the areas is missing: found when just one place fits
        ("罗湖区演示路8号", ("loose", "演示路|8||||")),
        ("桂园街道演示路8号", ("loose", "演示路|8||||")),
        ("演示路8号", ("loose", "演示路|8||||")),
        ("老围村12号", ("loose", "老围村|12||||")),  # a village's houses are numbered without a road
        ("翠竹花园3栋", ("loose", "||翠竹花园|3||")),
        ("翠竹花园501", ("loose", "||翠竹花园|||501")),
        # what could be many houses, or none
        ("罗湖区桂园街道演示路", None),
        ("演示路", None),
        ("8号", None),
        ("老围社区", None),
        ("翠竹花园", None),
        ("3栋501", None),
        ("罗湖区桂园街道", None),
        ("罗湖区桂园街道演示路8号2栋501旁边的院子", None),  # something that was not understood may matter
    ],
)
def test_an_address_is_a_key_when_it_can_only_be_one_house(text: str, key: tuple[str, str] | None) -> None:
    assert key_parts(Base.ADDRESSES, text) == key


def test_places_are_counted_alike_whichever_of_their_areas_they_name() -> None:
    spellings = ("罗湖区桂园街道演示路8号501", "演示路 8 号 501 室", "深圳市罗湖区老围社区演示路八号501房")
    assert {place_key(text) for text in spellings} == {"演示路|8||||501"}
    assert place_key("演示路8号502") != place_key("演示路8号501")


def test_what_is_no_address_is_counted_in_one_spelling() -> None:
    assert place_key("罗湖区 桂园街道，演示路") == place_key("罗湖区桂园街道演示路") == "罗湖区桂园街道演示路"
    assert place_key("东门市场ａ区") == place_key("东门市场A区")
