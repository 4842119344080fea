"""What an item asks of one applicant."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.catalog.calendars import CALENDAR
from tests.catalog.dog import complete, dog_pack

from yichuang.catalog import rules
from yichuang.catalog.business_names import BusinessName, likeness
from yichuang.catalog.outcome import MOST_WITHIN, fact_key, keys_within, result_data
from yichuang.catalog.values import FileRule, Limit, Requirements

FACTS: dict[str, Any] = {"today": date(2026, 2, 13), "channel": "portal", "household_dogs": 0, "chip_dogs": 0}
CORES = st.text("晨露桂园海明", min_size=2, max_size=4)


def needs(answers: dict[str, str] | None = None, form: Any = None, **facts: Any) -> Requirements:
    given = complete()
    return rules.requirements_for(
        dog_pack(), given.answers if answers is None else answers, given.form if form is None else form, FACTS | facts
    )


def test_the_list_is_what_this_applicant_needs():
    found = [m.code for m in needs().materials]
    assert found == ["owner_id", "property_certificate", "immunity_certificate", "dog_photos"]


def test_before_the_questions_everything_that_may_be_needed_is_listed_and_says_so():
    found = needs({}, {})
    assert found.questions_open == ("applicant_kind",)
    listed = {m.code: m.why.zh for m in found.materials}
    assert {"owner_id", "lease", "organisation_licence", "sterilisation_proof"} <= set(listed)
    assert "您还没填的内容" in listed["lease"]


def test_a_certificate_that_the_state_holds_is_not_demanded():
    found = needs(certificates=["11100000000013338W001"])
    (owner,) = (m for m in found.materials if m.code == "owner_id")
    assert owner.held
    assert "免提交" in owner.why.zh
    assert "owner_id" not in [m.code for m in found.demanded]


def test_all_missing_are_named_and_only_secondary_ones_may_follow():
    found = needs()
    verdict = rules.judge_materials(found, {"owner_id", "immunity_certificate"})
    assert [m.code for m in verdict.missing] == ["property_certificate", "dog_photos"]
    assert verdict.tolerable
    verdict = rules.judge_materials(found, {"owner_id"})
    assert not verdict.tolerable
    assert len(verdict.missing) == 3
    assert not rules.judge_materials(found, [m.code for m in found.demanded]).tolerable


def test_a_paper_never_follows_later_than_the_promised_limit():
    found = needs()
    assert rules.gap_due(400, found.promise_with_gaps, date(2026, 3, 2), CALENDAR) == date(2026, 3, 9)


def test_what_a_register_cannot_tell_is_left_to_a_person():
    facts = {key: value for key, value in FACTS.items() if key != "chip_dogs"}
    found = rules.requirements_for(dog_pack(), complete().answers, complete().form, facts)
    assert found.blocked == ()
    assert [reason.code for reason in found.undecided] == ["CHIP_TAKEN"]


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        (Limit(20, "workday"), date(2026, 9, 24), date(2026, 10, 29)),
        (Limit(5, "workday"), date(2026, 2, 13), date(2026, 2, 27)),
        (Limit(0, "instant"), date(2026, 2, 14), date(2026, 2, 14)),
        (Limit(30, "day"), date(2026, 2, 1), date(2026, 3, 3)),
        (Limit(1, "day"), date(2026, 9, 30), date(2026, 10, 8)),
        (Limit(25, "hour"), date(2026, 3, 2), date(2026, 3, 4)),
    ],
)
def test_due_dates(limit: Limit, start: date, due: date):
    assert rules.due_date(limit, start, CALENDAR) == due


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({}, ["UNANSWERED"]),
        ({"applicant_kind": "person"}, ["UNANSWERED"]),
        ({"applicant_kind": "organisation"}, []),
        ({"applicant_kind": "organisation", "housing": "own"}, ["UNKNOWN_QUESTION"]),
        ({"applicant_kind": "cat"}, ["NOT_OFFERED"]),
        ({"applicant_kind": ["person"], "x": 1}, ["NOT_OFFERED", "UNKNOWN_QUESTION"]),
    ],
)
def test_answers_fit_the_questions(answers: dict[str, Any], codes: list[str]):
    assert [reason.code for reason in rules.check_answers(dog_pack(), answers)] == codes


def test_dogs_are_counted_by_address_however_it_is_spaced():
    key = fact_key(dog_pack(), complete().form, "household")
    form = {"address": {"street": "440303001", "detail": " 桂园社区桂园路1号2栋301 "}}
    assert key == fact_key(dog_pack(), form, "household") != ""
    assert fact_key(dog_pack(), {"address": {"street": "440303001"}}, "household") == ""
    assert fact_key(dog_pack(), {}, "unknown") == ""


def test_the_result_carries_labels_not_codes():
    data = result_data(dog_pack(), complete().answers, complete().form, FACTS)
    assert data["breed"] == "柯基"
    assert data["immunity_until"] == "2027-01-09"
    assert result_data(dog_pack(), {}, {}, {})["breed"] is None


@dataclass(frozen=True)
class Sent:
    name: str
    kind: str
    size: int = 1000


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ([Sent("a.jpg", "jpg"), Sent("b.webp", "webp")], []),
        ([Sent("a.pdf", "pdf")], ["WRONG_KIND"]),
        ([Sent("a.jpg", "jpg", 5 * 1024 * 1024)], []),
        ([Sent("a.jpg", "jpg", 5 * 1024 * 1024 + 1)], ["FILE_TOO_BIG"]),
        ([Sent("a.jpg", "jpg")] * 3, ["TOO_MANY_FILES"]),
        ([Sent("a.pdf", "pdf", 10**8), *[Sent("a.jpg", "jpg")] * 2], ["WRONG_KIND", "FILE_TOO_BIG", "TOO_MANY_FILES"]),
    ],
)
def test_every_fault_of_the_files_of_a_paper_is_told_at_once(files: list[Sent], codes: list[str]):
    rule = FileRule(kinds=("jpeg", "png"), most=2, max_mb=5)
    found = rules.file_faults(rule, files, field="/materials/photo")
    assert [reason.code for reason in found] == codes
    assert {reason.field for reason in found} <= {"/materials/photo"}


def test_files_that_came_before_count():
    rule = FileRule(kinds=("jpg",), most=2)
    assert [r.code for r in rules.file_faults(rule, [Sent("a.jpg", "jpg")], field="/m", had=2)] == ["TOO_MANY_FILES"]


@given(registered=CORES, before=st.text("老大新", max_size=2), behind=st.text("记居", max_size=2))
def test_a_name_that_holds_another_of_its_trade_is_found_by_the_key_of_the_other(registered, before, behind):
    """What `likeness` calls near, as far as a longer new name goes: the registered one's key is among those looked up."""
    spec = replace(dog_pack().result, keys={"sound": ("/name/trade", "/name/industry")}, by_sound=("sound",))
    pack = replace(dog_pack(), result=spec)

    def form(trade, industry="饮食"):
        return {"name": {"trade": trade, "industry": industry}}

    whole = before + registered + behind
    kept, sought = fact_key(pack, form(registered, "餐饮"), "sound"), keys_within(pack, form(whole), "sound")
    names = (BusinessName("罗湖区", core, "餐饮", "店") for core in (whole, registered))
    assert (kept in sought) == (whole != registered) == (likeness(*names) == "core")
    assert kept not in keys_within(pack, form(whole, "五金"), "sound")
    assert keys_within(pack, form(whole), "sound") == list(dict.fromkeys(sought))


def test_of_a_very_long_name_the_shortest_parts_are_looked_up_and_of_none_nothing():
    spec = replace(dog_pack().result, keys={"sound": ("/name/trade", "/name/industry")}, by_sound=("sound",))
    pack = replace(dog_pack(), result=spec)
    sought = keys_within(pack, {"name": {"trade": "甲乙丙丁戊己庚辛壬癸子丑寅卯辰", "industry": "餐饮"}}, "sound")
    assert len(sought) == MOST_WITHIN
    assert sought[0] == "jiayi|餐饮"
    assert keys_within(pack, {"name": {"trade": "", "industry": "餐饮"}}, "sound") == []
    assert keys_within(pack, {"name": {"trade": "甲乙", "industry": "餐饮"}}, "sound") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("深圳市罗湖区桂园街道桂园路1号101", "桂园路１号 101室"),
        ("桂园路1号A栋2单元3层301", "罗湖区桂园路1号A幢2单元301号房"),
        ("湖边 老仓库", "湖边老仓库。"),
    ],
    ids=["its areas and the ending", "building and floor", "no address at all"],
)
def test_one_place_is_counted_once_however_it_is_written(one, other):
    pack = dog_pack()
    spec = replace(pack.result, keys={"place": ("/address/street", "/address/detail")}, by_place=("place",))
    pack = replace(pack, result=spec)

    def key(detail, street="440303001"):
        return fact_key(pack, {"address": {"street": street, "detail": detail}}, "place")

    assert key(one) == key(other) != ""
    assert key(one) != key(other, street="440303002"), "a road of that name runs in another sub-district too"
    assert key(one) != key("深圳市罗湖区桂园街道桂园路1号102")
