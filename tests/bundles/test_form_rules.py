"""The one form: shared fields once, both demands where they differ, every fault at its field; and back without loss."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.bundles.sample import BANK, LICENCE, PACKAGE, SCHEMAS, SEAL, form, group, text

from yichuang.bundles.rules.demands import Demand, meet, words_of
from yichuang.bundles.rules.form import (
    PROMISES,
    answers_for,
    demands_of,
    gathered,
    home_of,
    one_form,
    part_of,
    question_home,
    whole_of,
)
from yichuang.core.refusals import Reason
from yichuang.core.words import W

LICENCE_SLOT, SEAL_SLOT, BANK_SLOT = PACKAGE.slots


def test_what_several_items_ask_is_asked_once() -> None:
    schema = one_form(PACKAGE, SCHEMAS)
    assert list(schema["properties"]) == ["name", "boss", "licence-promise", "seal-seals", "seal-promise"]
    assert list(schema["properties"]["boss"]["properties"]) == ["name", "mobile"]


def test_what_an_earlier_result_gives_is_not_asked() -> None:
    assert "bank-boss" not in one_form(PACKAGE, SCHEMAS)["properties"]


def test_each_items_declaration_stands_on_one_last_page_under_its_name() -> None:
    schema = one_form(PACKAGE, SCHEMAS)
    assert {schema["properties"][name]["x-group"] for name in ("licence-promise", "seal-promise")} == {PROMISES}
    assert schema["properties"]["seal-promise"]["x-label"] == "刻章：承诺真实"
    assert schema["x-groups"][-1]["id"] == PROMISES


def test_an_item_that_this_situation_does_not_have_asks_nothing() -> None:
    schema = one_form(PACKAGE, {"bank": BANK})
    assert list(schema["properties"]) == ["boss"]
    assert schema["required"] == ["boss"]


def test_demands_that_differ_are_both_shown_and_the_strictest_counts() -> None:
    node = one_form(PACKAGE, SCHEMAS)["properties"]["name"]["properties"]["trade"]
    assert (node["minLength"], node["maxLength"]) == (2, 10)
    assert "营业执照：必填，文字，2 至 20 字" in node["x-help"]
    assert "Seals: required, text, 2 to 10 characters" in node["x-help-en"]


def test_where_all_demand_the_same_nothing_is_said() -> None:
    assert "x-help" not in one_form(PACKAGE, SCHEMAS)["properties"]["boss"]["properties"]["name"]


def test_demands_that_nothing_can_fulfil_are_found() -> None:
    met = demands_of(PACKAGE, {"licence": form(name=group(trade=text(12, 20))), "seal": SEAL})
    assert not met["name/trade"].possible
    kinds = meet([Demand("licence", {"type": "string"}, True), Demand("seal", {"type": "number"}, True)])
    choices = meet([Demand("licence", {"enum": ["a"]}, True), Demand("seal", {"enum": ["b"]}, True)])
    formats = meet([Demand("licence", {"format": "uscc"}, True), Demand("seal", {"format": "cn_id"}, True)])
    assert [one.possible for one in (kinds, choices, formats)] == [False, False, False]


def test_a_field_is_needed_when_one_item_needs_it_and_only_common_choices_stay() -> None:
    met = meet([Demand("licence", {"enum": ["a", "b"]}, False), Demand("seal", {"enum": ["b", "c"]}, True)])
    assert met.required
    assert met.node["enum"] == ["b"]
    assert met.possible


def test_a_demand_reads_like_a_sentence() -> None:
    node = {"type": "string", "pattern": "^x$", "x-pattern": {"zh": "两个汉字", "en": "two characters"}}
    assert words_of(Demand("seal", node, False)) == W(
        "可以不填，格式为两个汉字", "may be left empty, written as two characters"
    )
    choice = {"enum": ["a"], "x-options": {"a": {"zh": "甲", "en": "A"}}}
    assert words_of(Demand("seal", choice, True)).zh == "必填，只能是甲"


def test_a_fault_stands_at_its_field_of_the_one_form() -> None:
    assert home_of(PACKAGE, SEAL_SLOT, "/name/trade") == "/name/trade"
    assert home_of(PACKAGE, LICENCE_SLOT, "/boss/mobile/0") == "/boss/mobile/0"
    assert home_of(PACKAGE, SEAL_SLOT, "/seals/count") == "/seal-seals/count"


def test_what_several_say_alike_stands_once_and_names_them_all() -> None:
    short = Reason("TOO_SHORT", W("太短", "Too short"), "/boss/name")
    own = Reason("MISSING", W("缺少", "Missing"), "/seals/count")
    found = gathered(PACKAGE, {"bank": [short], "seal": [own], "licence": [short]})
    assert [(one.field, one.words.zh) for one in found] == [
        ("/boss/name", "太短（营业执照、银行）"),
        ("/seal-seals/count", "缺少（刻章）"),
    ]


def test_a_settled_question_is_not_asked_a_shared_one_once_and_the_others_under_their_item() -> None:
    assert question_home(PACKAGE, SEAL_SLOT, "kind") is None
    assert question_home(PACKAGE, SEAL_SLOT, "by") == question_home(PACKAGE, LICENCE_SLOT, "agent") == "agent"
    assert question_home(PACKAGE, BANK_SLOT, "what") == "bank-what"
    given = {"agent": "no", "bank-what": "basic", "seal-kind": "second"}
    assert answers_for(PACKAGE, SEAL_SLOT, given) == {"by": "no", "kind": "first"}
    assert answers_for(PACKAGE, BANK_SLOT, given) == {"what": "basic"}


words = st.text("甲乙丙", min_size=1, max_size=4)


@given(
    st.fixed_dictionaries({}, optional={"trade": words}),
    st.fixed_dictionaries({}, optional={"name": words, "mobile": words}),
    words,
)
def test_the_one_form_gives_every_item_its_part_and_comes_back_whole(name: Any, boss: Any, count: str) -> None:
    whole = {**({"name": name} if name else {}), **({"boss": boss} if boss else {}), "seal-seals": {"count": count}}
    parts = {slot.id: part_of(PACKAGE, slot, whole) for slot in PACKAGE.slots}
    assert whole_of(PACKAGE, parts) == whole
    for slot, pointers in (("licence", boss), ("bank", boss)):
        assert parts[slot].get("boss", {}) == pointers


def test_parts_do_not_share_what_they_hold() -> None:
    whole = {"licence-boss": {"rank": "1"}, "boss": {"name": "张晓"}}
    part = part_of(PACKAGE, LICENCE_SLOT, whole)
    assert part == {"boss": {"rank": "1", "name": "张晓"}}
    assert whole["licence-boss"] == {"rank": "1"}
    assert LICENCE["properties"]["boss"]["properties"].keys() == {"name", "mobile"}
