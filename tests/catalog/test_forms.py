"""A form is checked whole: every reason at once, at its field, in both languages."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.catalog.dog import FOLDER, a_form, complete, dog_pack

from yichuang.catalog import forms
from yichuang.catalog.packs.folder import load_folder
from yichuang.core.refusals import Reason

TODAY = date(2026, 2, 13)
PERSON = {"applicant_kind": "person", "housing": "own"}


def check(form: Any, *, partial: bool = False, answers: dict[str, str] | None = PERSON) -> list[Reason]:
    return forms.check(dog_pack(), form, today=TODAY, answers=answers, partial=partial)


def codes(reasons: list[Reason]) -> set[tuple[str, str | None]]:
    return {(reason.code, reason.field) for reason in reasons}


def test_a_right_form_has_no_reasons():
    assert check(complete().form) == []


def test_every_fault_is_told_at_once_from_top_to_bottom():
    form = a_form(dog__shoulder_cm=500, dog__chip="12", owner__mobile="12345", immunity__next_due="2026-01-01")
    del form["dog"]["name"]
    assert [(r.code, r.field) for r in check(form)] == [
        ("MOBILE_FORMAT", "/owner/mobile"),
        ("MISSING", "/dog/name"),
        ("TOO_LARGE", "/dog/shoulder_cm"),
        ("CHIP_FORMAT", "/dog/chip"),
        ("IMMUNITY_EXPIRED", "/immunity/next_due"),
        ("IMMUNITY_ORDER", "/immunity/next_due"),
    ]


def test_of_a_group_that_is_missing_each_field_is_named():
    form = a_form()
    given = set(form.pop("owner"))
    missing = [(reason.code, reason.field) for reason in check(form)]
    hidden = forms.hidden_fields(dog_pack(), PERSON, form)
    demanded = forms.situation_schema(dog_pack(), hidden)["properties"]["owner"]["required"]
    assert {field for _, field in missing} == {f"/owner/{name}" for name in demanded}
    assert {code for code, _ in missing} == {"MISSING"}
    assert len(demanded) > 1
    assert set(demanded) <= given
    assert [(reason.code, reason.field) for reason in check({**form, "owner": {}})] == missing


def test_messages_use_the_label_of_the_field_in_both_languages():
    form = a_form()
    del form["dog"]["name"]
    (reason,) = check(form)
    assert reason.words.zh == "请填写犬名"
    assert reason.words.en == "Please enter: Name of the dog"


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [("promise", "请勾选：我", "Please tick: "), ("dog/sterilised", "请选择", "Please choose: "), ("dog/breed", "请选择", "Please choose: ")],
)  # fmt: skip
def test_a_box_is_ticked_and_an_option_chosen_not_entered(path: str, zh: str, en: str):
    form = a_form()
    *group, name = path.split("/")
    del (form[group[0]] if group else form)[name]
    (reason,) = (reason for reason in check(form) if reason.field == f"/{path}")
    assert (reason.words.zh[: len(zh)], reason.words.en[: len(en)]) == (zh, en)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"owner__cn_id": "440303199001019015"}, "CN_ID_CHECK_DIGIT", "/owner/cn_id"),
        ({"owner__cn_id": "440303202701019011"}, "CN_ID_CHECK_DIGIT", "/owner/cn_id"),
        ({"owner__name": "a"}, "NAME_LENGTH", "/owner/name"),
        ({"owner__name": ""}, "MISSING", "/owner/name"),
        ({"dog__birth_month": "2024-13"}, "BAD_PATTERN", "/dog/birth_month"),
        ({"dog__birth_month": "2026-03"}, "BORN_IN_FUTURE", "/dog/birth_month"),
        ({"dog__breed": "dragon"}, "NOT_OFFERED", "/dog/breed"),
        ({"dog__shoulder_cm": "tall"}, "WRONG_TYPE", "/dog/shoulder_cm"),
        ({"dog__shoulder_cm": 10**400}, "NUMBER_TOO_LARGE", "/dog/shoulder_cm"),
        ({"dog__shoulder_cm": float("nan")}, "NUMBER_TOO_LARGE", "/dog/shoulder_cm"),
        ({"dog__name": "x" * 21}, "TOO_LONG", "/dog/name"),
        ({"dog__name": "x" * 30_000}, "TOO_LONG", "/dog/name"),
        ({"dog__name": "a\0b"}, "BAD_CHARACTER", "/dog/name"),
        ({"dog__name": "\ud800"}, "BAD_CHARACTER", "/dog/name"),
        ({"dog__sterilised": "yes"}, "WRONG_TYPE", "/dog/sterilised"),
        ({"immunity__date": "2026-02-30"}, "BAD_DATE", "/immunity/date"),
        ({"immunity__date": "2026-02-14"}, "VACCINATED_IN_FUTURE", "/immunity/date"),
        ({"promise": False}, "NOT_AGREED", "/promise"),
        ({"surprise": 1}, "UNKNOWN_FIELD", "/surprise"),
        ({"dog": []}, "WRONG_TYPE", "/dog"),
    ],
)
def test_each_kind_of_fault(changes: dict[str, Any], code: str, field: str):
    assert (code, field) in codes(check(a_form(**changes)))


@pytest.mark.parametrize("name", ["张晓", "欧阳𠮷", "䶮㛃", "迪丽热巴·迪力木拉提"])
def test_rare_characters_are_names(name: str):
    assert check(a_form(owner__name=name)) == []


def test_what_the_situation_does_not_have_is_neither_needed_nor_taken():
    organisation = {"applicant_kind": "organisation"}
    found = codes(check(complete().form, answers=organisation))
    assert ("UNKNOWN_FIELD", "/owner") in found
    assert ("MISSING", "/organisation/name") in found


def test_without_answers_nothing_that_depends_on_them_is_demanded():
    form = a_form()
    del form["owner"]
    assert check(form, answers=None) == []


def test_a_rule_that_depends_on_answers_waits_for_them():
    pack = load_folder(FOLDER.parents[1] / "shichang/getihu-sheli").pack
    assert pack is not None
    form = dict(pack.examples[0].form) | {"business": {"scope": ["烟草制品零售"]}}
    found = {r.code for r in forms.check(pack, form, today=TODAY, answers=None, partial=True)}
    assert "SCOPE_NEEDS_APPROVAL" not in found
    found = {r.code for r in forms.check(pack, form, today=TODAY, answers={"scope": "general"}, partial=True)}
    assert "SCOPE_NEEDS_APPROVAL" in found


def test_a_draft_may_lack_anything_but_what_is_there_is_right():
    assert check({}, partial=True) == []
    assert check({"owner": {"name": ""}, "dog": {}}, partial=True) == []
    found = check({"owner": {"mobile": "1"}, "dog": {"shoulder_cm": 500}}, partial=True)
    assert codes(found) == {("MOBILE_FORMAT", "/owner/mobile"), ("TOO_LARGE", "/dog/shoulder_cm")}


@pytest.mark.parametrize("form", [None, [], "x", 3])
def test_what_is_no_form_at_all(form: Any):
    assert codes(check(form)) == {("NOT_AN_OBJECT", "")}


def test_ten_thousand_fields_and_bottomless_nesting_are_one_short_answer():
    assert codes(check({f"f{n}": n for n in range(10_000)})) == {("TOO_MANY_VALUES", "")}
    deep: Any = 1
    for _ in range(5_000):
        deep = {"a": deep}
    assert {code for code, _ in codes(check(deep))} == {"TOO_DEEP"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(["owner", "dog", "address", "promise", "x/y", ""]), VALUES), st.booleans())
def test_nothing_that_is_sent_crashes_the_check(form: dict[str, Any], partial: bool):
    for reason in check(form, partial=partial):
        assert reason.words.zh
        assert reason.words.en
