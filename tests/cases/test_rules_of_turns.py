"""Transfers, corrections, help, duty and service at their edges.

Without a database, so that `./run mutate` can change one thing in a rule and see whether a test here turns red.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from yichuang.cases.helping import Consent, HelpKind
from yichuang.cases.rules import correction, duty, help, service
from yichuang.cases.rules.transfer import judge, kinds_for, posts_at
from yichuang.cases.states import ENDS, State
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

WEEK = Calendar({}, frozenset({2026, 2027}))  # Monday to Friday
DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the hall
ONE, TWO = UUID(int=1), UUID(int=2)


def codes(faults):
    return [reason.code for reason in faults]


def lengths(most, least=1):
    """(text, fits): nothing, blanks, one sign too few, the shortest, the longest, one more; blanks at the ends count nothing."""
    texts = ["", " " * (least + 1), " " + "字" * (least - 1), "字" * least, " " + "字" * most + " ", "字" * (most + 1)]
    return [(text, least <= len(text.strip()) <= most) for text in texts]


# ── 移送 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "clerk", "decider", "kinds"),
    [
        (State.SUBMITTED, True, False, {"place"}),
        (State.CORRECTING, True, False, {"place"}),
        (State.SUBMITTED, False, True, set()),
        (State.IN_REVIEW, True, False, set()),
        (State.IN_REVIEW, False, True, {"place", "department"}),
        (State.SUSPENDED, True, True, set()),
        (State.GRANTED, True, True, set()),
    ],
)
def test_who_may_send_a_case_where_depends_on_how_far_it_is(state, clerk, decider, kinds):
    assert kinds_for(state, clerk=clerk, decider=decider) == kinds


def sent(**other):
    asked = {
        "state": State.IN_REVIEW, "kind": "department", "clerk": False, "decider": True, "ground": "competence",
        "reason": "理由", "target": "B", "here": "A", "targets": {"B"}, "competent": {"B"},
    }  # fmt: skip
    return codes(judge(**{**asked, **other}))


def test_every_reason_against_a_transfer_is_told_at_once():
    assert sent() == []
    assert sent(ground="", reason=" ", kind="") == ["GROUND_NEEDED", "REASON_NEEDED", "ONE_TARGET"]
    assert sent(reason="字" * 501, target="A") == ["REASON_NEEDED", "ALREADY_THERE"]
    assert sent(target="C") == ["NOT_A_TARGET"]
    assert sent(clerk=True, decider=False) == ["BY_DECIDER"]
    assert sent(state=State.SUBMITTED, clerk=True) == ["DEPARTMENT_LATER"]
    assert sent(state=State.CORRECTING, kind="place") == ["BY_CLERK"]
    assert sent(state=State.SUBMITTED, kind="place", clerk=True) == []


@pytest.mark.parametrize(("text", "fits"), lengths(500))
def test_a_transfer_has_a_reason(text, fits):
    assert sent(reason=text) == ["REASON_NEEDED"] * (not fits)


def test_only_a_reorganisation_gives_an_item_to_a_department_that_is_not_competent():
    assert sent(competent=()) == sent(competent=(), ground="recusal") == ["NOT_COMPETENT"]
    assert sent(competent=(), ground="reorganised") == []
    assert sent(competent=(), kind="place") == [], "a place is no organ"


def test_the_same_posts_under_the_other_departments_code():
    assert posts_at({"A.review", "A.decide", "C.review", "AA.review"}, "A", "B") == {"B.review", "B.decide"}


# ── 更正 ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SCHEMA = {
    "properties": {
        "dog": {
            "type": "object",
            "properties": {
                "sex": {"enum": ["male", "female"], "x-options": {"male": {"zh": "公", "en": "male"}, "female": "母"}},
                "coat": {"x-options": {"long": {"zh": "长毛"}, "short": None}, "title": "毛"},
                "kind": {"enum": ["a", "b"], "x-options": {"b": "乙"}},
                "height": {"type": "integer", "x-label": "肩高"},
                "weight": {"type": ["null", "number"]},
                "old": {"type": "boolean"},
                "name": {"$ref": "#/$defs/name"},
                "second": {"$ref": "#/$defs/again", "x-label": "别名"},
                "owner": {"properties": {"name": {"type": "string"}}},
                "far": {"$ref": "https://elsewhere.example/name"},
                "odd": {"$ref": 7},
                "nothing": {"type": ["null"]},
            },
        },
        "rows": {"type": "array", "items": {"type": "object", "properties": {"name": {"$ref": "#/$defs/name"}}}},
        "agree": {"type": "boolean", "const": True},
        "never": {"type": "boolean", "const": False},
    },
    "$defs": {
        "name": {"type": "string", "x-label": "名字", "x-label-en": "Name", "x-personal": True},
        "again": {"$ref": "#/$defs/name"},
    },
}


def leaf(pointer):
    found = correction.leaf_at(SCHEMA, pointer)
    assert found is not None, pointer
    return found


def test_single_values_can_be_corrected_groups_lists_and_promises_cannot():
    kinds = {
        "weight": "number",
        "height": "integer",
        "old": "boolean",
        "sex": "string",
        "far": "string",
        "odd": "string",
    }
    assert {name: leaf(f"/dog/{name}").kind for name in kinds} == kinds
    assert leaf("/dog/owner/name").kind == "string"
    assert leaf("/dog/nothing").kind == "string"
    assert leaf("/never").kind == "boolean"
    for other in ("/dog", "/rows", "/rows/0", "/rows/x/name", "/agree", "/none", "/dog/sex/x", "/dog/none", "",
                  "/dog/owner", "/dog/sex/0"):  # fmt: skip
        assert correction.leaf_at(SCHEMA, other) is None, other


def test_a_value_is_described_by_its_schema_and_by_what_that_refers_to():
    name = leaf("/rows/0/name")
    assert (name.label, name.kind, name.personal) == (W("名字", "Name"), "string", True)
    second = leaf("/dog/second")
    assert (second.label, second.kind, second.personal) == (W("别名", "Name"), "string", True)
    assert (leaf("/dog/height").label, leaf("/dog/height").personal) == (W("肩高", "肩高"), False)
    assert leaf("/dog/coat").label == W("毛", "毛")
    assert leaf("/dog/old").label == W("old", "old")


def test_choices_are_named_in_both_languages_as_far_as_the_schema_does():
    assert leaf("/dog/sex").options == {"male": W("公", "male"), "female": W("母", "母")}
    assert leaf("/dog/coat").options == {"long": W("长毛", "长毛"), "short": W("short", "short")}
    assert leaf("/dog/kind").options == {"a": W("a", "a"), "b": W("乙", "乙")}
    assert leaf("/dog/height").options == {}


@pytest.mark.parametrize(
    ("pointer", "text", "value"),
    [
        ("/dog/sex", "公", "male"),
        ("/dog/sex", "female", "female"),
        ("/dog/sex", "male", "male"),
        ("/dog/sex", "狗", None),
        ("/dog/height", " 28 ", 28),
        ("/dog/height", "28.5", None),
        ("/dog/height", "-3", -3),
        ("/dog/height", "--3", None),
        ("/dog/height", "-", None),
        ("/dog/height", "２８", None),
        ("/dog/height", "1" * 15, 10**15 // 9),
        ("/dog/height", "1" * 16, None),
        ("/dog/weight", "2.5", 2.5),
        ("/dog/weight", "2", 2),
        ("/dog/weight", ".", None),
        ("/dog/weight", "2.5.1", None),
        ("/dog/old", "是", True),
        ("/dog/old", "TRUE", True),
        ("/dog/old", "No", False),
        ("/dog/old", "maybe", None),
        ("/dog/name", " 豆豆 ", "豆豆"),
        ("/dog/name", " ", None),
    ],
)
def test_a_value_is_read_as_a_person_writes_it(pointer, text, value):
    found, wrong = correction.read(leaf(pointer), text)
    assert (found, wrong is None) == (value, value is not None)
    assert type(found) is type(value)


def test_what_can_be_corrected_while_the_case_is_where():
    before = {State.SUBMITTED, State.CORRECTING, State.IN_REVIEW, State.SUSPENDED, State.PREPARED}
    after = {State.GRANTED, State.READY, State.DELIVERED}
    assert {"form": before | after, "certificate": after, "document": before | after | ENDS} == correction.STATES


def test_a_value_tells_nothing_of_somebody_unless_its_schema_says_so():
    assert correction.Leaf("/x", W("x", "x"), "string").personal is False


def test_who_writes_no_choice_reads_which_there_are():
    _, wrong = correction.read(leaf("/dog/sex"), "狗")
    assert wrong == W("只能是下列之一：公、母", "It can only be one of: male, 母")
    _, wrong = correction.read(leaf("/dog/old"), "maybe")
    assert wrong == W("只能是下列之一：是、否", "It can only be one of: Yes, No")


def test_values_stand_on_papers_as_people_read_them():
    sex, old, name = leaf("/dog/sex"), leaf("/dog/old"), leaf("/dog/name")
    assert [correction.said(sex, value) for value in ("male", "other", None, "")] == ["公", "other", "—", "—"]
    assert [correction.said(old, value) for value in (True, False)] == ["是", "否"]
    assert [correction.said(name, value) for value in ([], 0, "豆豆")] == ["—", "0", "豆豆"]


def test_what_stands_in_a_form():
    form = {"rows": [{"name": "甲"}], "dog": {"height": 3, "name": "豆豆"}}
    assert correction.value_at(form, "/rows/0/name") == "甲"
    nowhere = ("/rows/1/name", "/rows/x", "/dog/height/x", "/dog/name/0", "/none", "/none/0", "/rows/-1")
    assert [correction.value_at(form, at) for at in nowhere] == [None] * len(nowhere)


def test_a_corrected_form_is_another_one():
    form = {"rows": [{"name": "甲"}], "dog": {"height": 3}, "tags": ["a", "b"]}
    changed = correction.with_value(form, "/rows/0/name", "乙")
    assert (changed["rows"], form["rows"]) == ([{"name": "乙"}], [{"name": "甲"}])
    assert correction.with_value(form, "/tags/1", "c")["tags"] == ["a", "c"]
    assert correction.with_value(form, "/cat/name", "咪")["cat"] == {"name": "咪"}


def test_words_are_looked_for_anywhere_in_a_paper():
    assert correction.in_paper({"a": ["x", {"b": "理由是甲"}], "n": 3}, "是甲")
    assert not correction.in_paper({"a": ["x"], "n": 3}, "3")


def test_a_correction_as_a_whole():
    ten = [str(n) for n in range(10)]
    assert correction.faults_of_request(ten, "理") == []
    assert codes(correction.faults_of_request([], " ")) == ["WISHES_NEEDED", "REASON_NEEDED"]
    assert codes(correction.faults_of_request([*ten, "x"], "理")) == ["WISHES_NEEDED"]
    assert codes(correction.faults_of_request(["a", "a"], "字" * 501)) == ["TWICE", "REASON_NEEDED"]


@pytest.mark.parametrize(("text", "fits"), lengths(500))
def test_a_correction_has_a_reason(text, fits):
    assert codes(correction.faults_of_request(["a"], text)) == ["REASON_NEEDED"] * (not fits)


def test_only_what_a_correction_makes_wrong_stands_against_it():
    old, new, other = (Reason(code, W("a", "a"), field) for code, field in (("A", "/x"), ("A", "/y"), ("B", "/x")))
    assert correction.new_faults([old], [old, new, other]) == [new, other]


# ── 求助 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(**other):
    given = {"kind": "assist", "text": "不会", "address": "", "wished": "", "consents": []}
    return codes(help.judge(**{**given, **other}))


def test_everything_that_is_wrong_with_a_request_for_help_is_told_at_once():
    assert asked() == []
    assert asked(kind="", text=" ", wished="字" * 201, consents=["everything"]) == [
        "KIND_NEEDED", "TEXT_NEEDED", "WISHED_TOO_LONG", "CONSENT_UNKNOWN",
    ]  # fmt: skip
    assert asked(wished=" " + "字" * 200, consents=["phone"]) == []


@pytest.mark.parametrize(("text", "fits"), lengths(1000))
def test_a_request_says_what_is_needed(text, fits):
    assert asked(text=text) == ["TEXT_NEEDED"] * (not fits)


@pytest.mark.parametrize(("address", "fits"), lengths(200, least=5))
def test_who_is_visited_says_where(address, fits):
    assert asked(kind="visit", address=address, consents=["home"]) == ["ADDRESS_NEEDED"] * (not fits)


def test_no_kind_of_help_goes_without_the_consents_that_it_needs():
    assert asked(kind="errand") == asked(kind="visit", address="演示路 8 号") == ["CONSENT_NEEDED"]
    assert asked(kind="errand", consents=["papers"]) == []
    assert help.missing("nothing", []) == frozenset()
    assert help.missing(HelpKind.VISIT, []) == {Consent.HOME}
    assert help.missing(HelpKind.VISIT, ["home"]) == frozenset()


@pytest.mark.parametrize(
    ("consents", "registered", "known", "may"),
    [
        (["phone"], True, False, False),
        (["progress"], True, False, False),
        (["progress"], True, True, True),
        (["papers"], True, False, True),
        (["phone"], False, False, True),
    ],
)
def test_who_registered_a_request_reads_nothing_of_somebody_by_it(consents, registered, known, may):
    assert help.may_hold(consents, registered=registered, known_to_asker=lambda: known) is may


# ── 值班 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_afternoon_begins_at_noon():
    hours = [NOW.replace(hour=hour, minute=59) for hour in (0, 11, 12, 23)]  # read as the hall's own
    assert [duty.half_of(local) for local in hours] == ["am", "am", "pm", "pm"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"day": None}, ["DUTY_WHEN"]),
        ({"day": TUESDAY - DAY}, ["DUTY_WHEN"]),
        ({"day": date(2026, 11, 28)}, ["NO_WORKDAY"]),
        ({"today": date(2026, 11, 23), "day": date(2027, 1, 22)}, []),  # the sixtieth day
        ({"today": date(2026, 11, 26), "day": date(2027, 1, 26)}, ["DUTY_WHEN"]),  # the sixty-first
        ({"half": "pm"}, []),
        ({"half": ""}, ["HALF_NEEDED"]),
        ({"staff": None}, []),
        ({"staff": TWO}, ["NOT_A_COLLEAGUE"]),
        ({"day": None, "half": "", "staff": TWO}, ["DUTY_WHEN", "HALF_NEEDED", "NOT_A_COLLEAGUE"]),
    ],
)
def test_a_duty_is_set_from_today_on_for_sixty_days_and_for_a_colleague(changes, found):
    given = {"day": TUESDAY, "half": "am", "staff": ONE, "colleagues": {ONE}, "today": TUESDAY, **changes}
    assert codes(duty.duty_faults(**given, calendar=WEEK)) == found


def test_a_question_is_everybodys_when_the_minutes_are_over():
    minutes = timedelta(minutes=15)
    assert duty.is_handed_on(NOW, NOW + minutes, 15)
    assert not duty.is_handed_on(NOW, NOW + minutes - timedelta(seconds=1), 15)


# ── 送达 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"on": None}, ["SERVED_WHEN"]),
        ({"on": TUESDAY - DAY}, ["SERVED_WHEN"]),
        ({"on": TUESDAY + 40 * DAY}, []),
        ({"on": TUESDAY + 41 * DAY}, ["SERVED_WHEN"]),
        ({"how": ""}, ["SERVED_HOW"]),
        ({"how": "", "refused": True, "note": "x"}, ["SERVED_HOW"]),
        ({"how": "in_person", "refused": True, "note": "x"}, ["REFUSED_LEFT"]),
        ({"how": "left", "refused": True, "note": "x"}, []),
        ({"how": "left", "refused": True, "note": " "}, ["SERVED_NOTE"]),
        ({"how": "left"}, ["SERVED_NOTE"]),
        ({"refused": True}, ["REFUSED_LEFT", "SERVED_NOTE"]),
        ({"how": "public", "on": TUESDAY}, ["PUBLIC_EARLY", "SERVED_NOTE"]),
        ({"how": "public", "on": TUESDAY + 29 * DAY, "note": "x"}, ["PUBLIC_EARLY"]),
        ({"how": "public", "on": TUESDAY + 30 * DAY, "note": "x"}, []),
        ({"note": " " + "x" * 500}, []),
        ({"note": "x" * 501}, ["NOTE_TOO_LONG"]),
    ],
)
def test_a_service_is_put_down_whole(changes, found):
    given = {"on": TUESDAY, "how": "mail", "refused": False, "note": "", "since": TUESDAY, **changes}
    faults = service.service_faults(**given, today=TUESDAY + 40 * DAY)
    assert codes(faults) == found
    for reason in faults:
        assert reason.code != "PUBLIC_EARLY" or "2026年12月24日" in reason.words.zh


@pytest.mark.parametrize(
    ("how", "known", "note", "codes"),
    [
        ("counter", True, "", []),
        ("mail", False, "", []),
        ("electronic", True, "11 月 24 日同意", ["OPENING_SERVES"]),
        ("electronic", False, " ", ["SERVED_NOTE"]),
        ("electronic", False, "11 月 24 日书面同意", []),
    ],
)
def test_staff_put_electronic_service_on_record_only_of_strangers_and_with_their_consent(how, known, note, codes):
    assert [one.code for one in service.electronic_faults(how, known=known, note=note)] == codes


def test_who_is_heard_was_told_seven_working_days_before():
    assert service.told_in_time(TUESDAY, date(2026, 12, 3), WEEK)
    assert not service.told_in_time(TUESDAY + DAY, date(2026, 12, 3), WEEK)
    assert not service.told_in_time(None, date(2026, 12, 3), WEEK)
