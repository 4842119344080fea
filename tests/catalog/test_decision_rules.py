"""The rules by which an item's table is asked (秒批): what registers are asked, what their answers mean, and what is kept; small tables of our own."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.catalog.dog import dog_pack
from tests.engine.decisions import table

from yichuang.catalog import decisions
from yichuang.catalog.values import DecisionInput, DecisionResult, DecisionSpec, Lookup, Pack, Subject
from yichuang.core.words import W
from yichuang.engine.values import compile_expression, ready_decision
from yichuang.registry.values import WHY, Answer, Base

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
PERSON = {"type": "object", "properties": {"cn_id": {"type": "string"}, "name": {"type": "string"}}}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "operator": PERSON,
        "people": {"type": "array", "items": PERSON},
        "more": {
            "type": "object",
            "properties": {"n": {"type": "integer"}, "day": {"type": "string", "format": "date"}},
        },
        "unread": {"type": "object", "properties": {"secret": {"type": "string"}}},
    },
}
GIVEN = {
    "operator": {"cn_id": "A1", "name": "张晓"},
    "people": [{"cn_id": "B1", "name": "李娜"}, {"cn_id": "B2", "name": "王强"}],
    "more": {"n": 3, "day": "2026-11-20"},
    "unread": {"secret": "x"},
}


def lookup(
    one: str,
    /,
    key: str,
    fields: tuple[str, ...] = ("name", "alive"),
    when: str = "",
    many: bool = False,
    **compare: str,
) -> Lookup:
    return Lookup(
        one, Base.POPULATION, compile_expression(key), fields, compile_expression(when) if when else None, "duty", "B", "S",
        {field: compile_expression(text) for field, text in compare.items()}, many,
    )  # fmt: skip


def column(name: str, value: str, kind: str = "string", doubts: bool = False) -> DecisionInput:
    return DecisionInput(name, W(f"列{name}", f"Column {name}"), compile_expression(value), kind, doubts)


def made(
    rows: list[tuple[str, ...]], columns: tuple[DecisionInput, ...], *lookups: Lookup, policy: str = "FIRST"
) -> Pack:
    """A pack with a table of these columns; whatever is no approval is the doubt of its code."""
    kinds = {"string": "string", "number": "number", "boolean": "boolean", "date": "date"}
    xml = table(rows, {one.name: kinds[one.kind] for one in columns}, policy=policy)
    results = {
        code: DecisionResult(code, W(f"疑{code}", f"Doubt {code}"), "", "") for code in ("approve", "late", "other")
    }
    spec = DecisionSpec(
        "准入", ready_decision(xml, "准入"), lookups, columns, results, frozenset(), (), {}, (), xml, "s"
    )
    return replace(dog_pack(), form=FORM, form_conditions={}, questions=(), decision=spec)


def asked(pack: Pack, form: Any = None) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (one.name, one.key, one.fields)
        for one in decisions.questions_of(pack, {}, GIVEN if form is None else form, at=AT)
    ]


def judged(pack: Pack, *answers: Answer, form: Any = None, facts: Any = None, materials: tuple[str, ...] = ()) -> Any:
    return decisions.decide(pack, {}, GIVEN if form is None else form, facts or {}, materials, answers, at=AT)


def said(one: str, state: Any = "found", /, **fields: Any) -> Answer:
    return Answer(one, Base.POPULATION, state, fields, "police", AT)


STATE = (column("state", "lookups.who.state"),)
STATES: list[tuple[str, ...]] = [
    (f'"{state}"', f'"{state}"') for state in ("found", "none", "unknown", "skipped", "partly")
]
ONE = lookup("who", "form.operator.cn_id")


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_look_up_asks_for_its_key_and_fields_when_it_is_needed() -> None:
    assert asked(made(STATES, STATE, ONE)) == [("who", "A1", ("name", "alive"))]
    assert asked(made(STATES, STATE, lookup("who", "form.operator.cn_id", when="form.more.n = 3"))) == [
        ("who", "A1", ("name", "alive"))
    ]
    assert asked(made(STATES, STATE, lookup("who", "form.operator.cn_id", when="form.more.n = 4"))) == []
    assert asked(made(STATES, STATE, lookup("who", "form.operator.cn_id", when="form.more.nothing = 4"))) == []
    assert asked(made(STATES, STATE, lookup("who", "form.more.n"))) == []
    assert asked(made(STATES, STATE, ONE), {"operator": {"cn_id": ""}}) == []
    assert asked(made(STATES, STATE, ONE), {}) == []


def test_of_several_each_is_asked_by_its_place() -> None:
    many = made(STATES, STATE, lookup("who", "form.people.cn_id", many=True))
    assert asked(many) == [("who.0", "B1", ("name", "alive")), ("who.1", "B2", ("name", "alive"))]
    assert asked(many, {"people": [{"cn_id": ""}, {"cn_id": "B2"}]}) == [("who.1", "B2", ("name", "alive"))]
    assert asked(many, {"people": []}) == []
    assert asked(made(STATES, STATE, lookup("who", "form.operator.cn_id", many=True))) == []


def test_nothing_is_asked_for_an_empty_key_or_one_that_is_no_text() -> None:
    assert asked(made(STATES, STATE, lookup("who", '""'))) == []
    keys = lookup("who", '["", "B2", 3, null]', many=True)
    assert asked(made(STATES, STATE, keys)) == [("who.1", "B2", ("name", "alive"))]


def test_an_item_without_a_table_is_not_asked_to_decide() -> None:
    dog = replace(dog_pack(), decision=None)
    assert decisions.questions_of(dog, {}, {}, at=AT) == ()
    assert decisions.grounds_of(dog) == {}
    assert decisions.misfits(dog, {}) == ()
    for call in (
        lambda: decisions.decide(dog, {}, {}, {}, (), (), at=AT),
        lambda: decisions.decide_again(dog, {}, at=AT),
        lambda: decisions.explain(dog, {}, b""),
    ):
        with pytest.raises(ValueError, match="has no decision table"):
            call()


def test_only_the_parts_of_the_form_that_are_read_are_seen() -> None:
    pack = made(STATES, STATE, ONE)
    seen = decisions.seen_values(pack, {}, GIVEN, {"channel": "portal"}, AT)
    assert set(seen["form"]) == {"operator"}
    assert (seen["channel"], seen["today"]) == ("portal", date(2026, 11, 23))
    whole = made(STATES, (column("state", "if is defined(form) then lookups.who.state else null"),), ONE)
    assert set(decisions.seen_values(whole, {}, GIVEN, {}, AT)["form"]) == set(GIVEN)
    subject = Subject(compile_expression("form.more.n"), compile_expression("form.people.name"))
    assert pack.decision is not None
    about = replace(pack, decision=replace(pack.decision, subjects=(subject,)))
    assert set(decisions.seen_values(about, {}, GIVEN, {}, AT)["form"]) == {"operator", "more", "people"}
    compared = made(
        STATES, STATE, lookup("who", "form.operator.cn_id", when="form.more.n = 3", name="form.people.name")
    )
    assert set(decisions.seen_values(compared, {}, GIVEN, {}, AT)["form"]) == {"operator", "more", "people"}


def shown_if(conditions: dict[str, str]) -> Pack:
    """A table that reads form.more.n, of a form with parts that are shown on conditions."""
    pack = made([("< 5", '"approve"')], (column("n", "form.more.n", "number"),))
    return conditional(pack, conditions)


def conditional(pack: Pack, conditions: dict[str, str]) -> Pack:
    """The pack with these conditions of parts of its form, every field of which has to be filled in where it is shown."""
    parts = {
        name: {**part, "required": sorted(part["properties"])} if "properties" in part else part
        for name, part in FORM["properties"].items()
    }
    asked_by = {at: compile_expression(text) for at, text in conditions.items()}
    return replace(pack, form={**FORM, "properties": parts}, form_conditions=asked_by)


@pytest.mark.parametrize(
    ("conditions", "seen"),
    [
        ({"/more": 'form.operator.name = "张晓"'}, {"more", "operator"}), ({"/more/n": 'form.operator.name = "张晓"'}, {"more", "operator"}), ({"/unread": 'form.operator.name = "张晓"'}, {"more"}), ({"/unread/secret": "count(form.people) > 1"}, {"more"}),
        ({"/more": 'form.operator.name = "张晓"', "/operator": 'form.unread.secret = "x"'}, {"more", "operator", "unread"}),
        ({"/operator": 'form.unread.secret = "x"', "/more": 'form.operator.name = "张晓"'}, {"more", "operator", "unread"}),
    ],
)  # fmt: skip
def test_with_a_part_that_is_read_is_seen_what_it_is_shown_by_and_no_more(
    conditions: dict[str, str], seen: set[str]
) -> None:
    assert set(decisions.seen_values(shown_if(conditions), {}, GIVEN, {}, AT)["form"]) == seen


def test_a_table_that_reads_the_whole_form_keeps_all_its_conditions() -> None:
    whole = made(STATES, (column("state", "if is defined(form) then lookups.who.state else null"),), ONE)
    asking = conditional(whole, {"/unread/secret": "form.more.n = 4"})
    blank = {**GIVEN, "unread": {}}
    assert decisions.seen_values(asking, {}, blank, {}, AT)["form"]["unread"] == {"secret": None}


def test_a_field_that_is_not_shown_is_known_to_be_nothing() -> None:
    empty = {**GIVEN, "more": {}}
    hidden = shown_if({"/more/n": 'form.operator.name = "李娜"'})
    assert decisions.seen_values(hidden, {}, empty, {}, AT)["form"]["more"] == {"n": None}
    shown = shown_if({"/more/n": 'form.operator.name = "张晓"'})
    assert decisions.seen_values(shown, {}, empty, {}, AT)["form"]["more"] == {}


# ── what answers mean ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("answers", "when", "state"),
    [
        ((said("who", name="张晓"),), "", "found"), ((said("who", "none"),), "", "none"), ((said("who", "unknown"),), "", "unknown"), ((), "", "unknown"), ((said("other"),), "", "unknown"), ((), "form.more.n = 4", "skipped"), ((), "form.more.n = 3", "unknown"), ((), "form.more.nothing = 3", "unknown"),
        ((said("who"),), "form.more.n = 4", "skipped"),
    ],
)  # fmt: skip
def test_the_state_of_a_look_up(answers: tuple[Answer, ...], when: str, state: str) -> None:
    assert judged(made(STATES, STATE, lookup("who", "form.operator.cn_id", when=when)), *answers).codes == (state,)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((said("who.0"), said("who.1")), "found"), ((said("who.0", "none"), said("who.1", "none")), "none"), ((said("who.0"), said("who.1", "none")), "partly"), ((said("who.0"), said("who.1", "unknown")), "unknown"), ((said("who.0"),), "unknown"), ((), "unknown"), ((said("who"),), "unknown"),
    ],
)  # fmt: skip
def test_the_state_of_several_is_that_of_each_or_partly(answers: tuple[Answer, ...], state: str) -> None:
    assert judged(made(STATES, STATE, lookup("who", "form.people.cn_id", many=True)), *answers).codes == (state,)


def test_nobody_among_several_is_not_known() -> None:
    many = made(STATES, STATE, lookup("who", "form.people.cn_id", many=True))
    assert judged(many, form={**GIVEN, "people": []}).codes == ("unknown",)


def test_what_a_person_chose_between_contradictions_decides_nothing() -> None:
    assert judged(made(STATES, STATE, ONE), replace(said("who"), settled=("name",))).codes == ("unknown",)


ALIVE = (column("alive", "lookups.who.alive", "boolean"),)


def test_fields_that_were_told_are_seen_and_others_are_not() -> None:
    pack = made([("true", '"approve"'), ("false", '"late"')], ALIVE, ONE)
    assert [judged(pack, said("who", alive=one)).codes for one in (True, False)] == [("approve",), ("late",)]
    assert judged(pack, said("who", name="张晓")).codes == ()
    assert judged(pack, said("who", "none")).codes == ()
    unread = made([("true", '"approve"')], ALIVE, lookup("who", "form.operator.cn_id", ("name",)))
    assert judged(unread, said("who", alive=True)).codes == ()
    some = (column("alive", "some one in lookups.who.alive satisfies one = false", "boolean"),)
    several = made([("false", '"approve"'), ("true", '"late"')], some, lookup("who", "form.people.cn_id", many=True))
    assert judged(several, said("who.0", alive=True), said("who.1", alive=True)).codes == ("approve",)
    assert judged(several, said("who.0", alive=True), said("who.1", alive=False)).codes == ("late",)
    assert judged(several, said("who.0", alive=True), said("who.1")).codes == ()
    assert judged(several, said("who.0", alive=False), said("who.1", "none")).codes == ("late",)
    assert judged(several, said("who.0", "none"), said("who.1", "none")).codes == (), "of nobody nothing is told"


VERDICT = (column("verdict", "verdicts.who.name"),)
VERDICTS: list[tuple[str, ...]] = [(f'"{one}"', f'"{one}"') for one in ("same", "different", "unknown", "skipped")]


@pytest.mark.parametrize(
    ("answer", "entered", "verdict"),
    [
        (said("who", name="张晓"), "form.operator.name", "same"), (said("who", name="李娜"), "form.operator.name", "different"), (said("who", alive=True), "form.operator.name", "unknown"), (said("who", name="张晓"), "form.more.nothing", "unknown"), (said("who", "none"), "form.operator.name", "unknown"),
        (said("who", "unknown"), "form.operator.name", "unknown"), (said("who", name=None), "form.operator.name", "unknown"),
    ],
)  # fmt: skip
def test_what_was_entered_is_compared(answer: Answer, entered: str, verdict: str) -> None:
    assert judged(made(VERDICTS, VERDICT, lookup("who", "form.operator.cn_id", name=entered)), answer).codes == (
        verdict,
    )
    skipped = lookup("who", "form.operator.cn_id", when="form.more.n = 4", name=entered)
    assert judged(made(VERDICTS, VERDICT, skipped), answer).codes == ("skipped",)


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        (("李娜", "王强"), "same"), (("李娜", "赵敏"), "different"), (("赵敏", None), "different"), ((None, "赵敏"), "different"), (("李娜", None), "unknown"), ((None, None), "unknown"), (("李娜",), "unknown"),
    ],
)  # fmt: skip
def test_the_worst_verdict_of_several_counts(names: tuple[str | None, ...], verdict: str) -> None:
    pack = made(VERDICTS, VERDICT, lookup("who", "form.people.cn_id", many=True, name="form.people.name"))
    answers = [said(f"who.{at}", name=one) if one else said(f"who.{at}", "none") for at, one in enumerate(names)]
    assert judged(pack, *answers).codes == (verdict,)
    fewer = made(VERDICTS, VERDICT, lookup("who", "form.people.cn_id", many=True, name="form.operator.name"))
    assert judged(fewer, *answers).codes == ("unknown",)


def test_a_look_up_that_found_what_was_entered_is_confirmed() -> None:
    two = (lookup("who", "form.operator.cn_id", name="form.operator.name"), lookup("bare", "form.operator.cn_id"))
    pack = made(VERDICTS, VERDICT, *two)
    assert judged(pack, said("who", name="张晓"), said("bare")).confirmed == {"who", "bare"}
    assert judged(pack, said("who", name="李娜"), said("bare", "none")).confirmed == frozenset()
    assert judged(pack, said("who", name="张晓"), said("bare", "unknown")).confirmed == {"who"}


@pytest.mark.parametrize(
    ("people", "entered"),
    [([], "form.people.name"), ([], '["李娜"]'), (GIVEN["people"], '["李娜"]'), (GIVEN["people"], '["李娜", "王强", "赵敏"]')],
)  # fmt: skip
def test_names_that_are_not_as_many_as_the_people_compare_to_nothing(people: Any, entered: str) -> None:
    pack = made(VERDICTS, VERDICT, lookup("who", "form.people.cn_id", many=True, name=entered))
    answers = [said("who.0", name="李娜"), said("who.1", name="王强")]
    assert judged(pack, *answers, form={**GIVEN, "people": people}).codes == ("unknown",)


# ── what is decided and kept ──────────────────────────────────────────────────────────────────────────────────────
N = (column("n", "form.more.n", "number"),)


def test_only_the_rule_that_approves_alone_approves() -> None:
    pack = made([("< 5", '"approve"'), (">= 5", '"late"')], N)
    good = judged(pack)
    assert (good.outcome, good.approved, good.codes, good.because, good.inputs) == (
        "approve",
        True,
        ("approve",),
        (),
        {"n": 3},
    )
    bad = judged(pack, form={**GIVEN, "more": {"n": 7}})
    assert (bad.outcome, bad.approved, bad.codes) == ("person", False, ("late",))
    assert [(one.words.zh, one.code, one.lookups, one.inputs) for one in bad.because] == [
        ("疑late", "late", frozenset(), ("n",))
    ]
    both = made([("-", '"approve"'), ("> 1", '"late"'), ("> 2", '"late"')], N, policy="COLLECT")
    assert judged(both).codes == ("approve", "late")
    assert judged(both).outcome == "person"
    assert [one.code for one in judged(both).because] == ["late"], "the rule that approves is no doubt"
    strange = made([("-", '"strange"')], N)
    assert [(one.words.zh, one.code) for one in judged(strange).because] == [("没有一条规则适用于这种情况", "")]


def test_what_cannot_be_told_is_named_and_so_is_why_a_register_was_silent() -> None:
    pack = made([("-", "-", '"approve"')], (*ALIVE, *N), ONE, lookup("other", "form.operator.cn_id"))
    slow = replace(said("who", "unknown"), why=WHY["slow"])
    found = judged(pack, slow)
    assert [(one.words.zh, one.code, one.lookups, one.inputs) for one in found.because] == [
        ("“列alive”无法确认", "", frozenset({"who"}), ("alive",)), (WHY["slow"].zh, "", frozenset({"who"}), ()),
    ]  # fmt: skip
    kept = judged(pack, replace(said("who"), why=WHY["slow"]))
    assert [one.words.zh for one in kept.because] == ["“列alive”无法确认"], "only who said nothing has a reason for it"
    nothing = made([("> 9", '"approve"')], N, ONE, lookup("other", "form.operator.cn_id"))
    assert [(one.words.zh, one.lookups) for one in judged(nothing, said("who"), said("other", "unknown")).because] == [
        ("“准入”没有一行符合", frozenset({"who", "other"}))
    ]
    several = made(STATES, STATE, lookup("who", "form.people.cn_id", many=True))
    assert [one.lookups for one in judged(several, replace(said("who.1", "unknown"), why=WHY["down"])).because][-1] == {
        "who"
    }


@pytest.mark.parametrize(("n", "code"), [(2, "yes"), (9, "no"), (None, "unknown")])
def test_a_column_that_knows_doubt_is_told_yes_no_or_unknown(n: int | None, code: str) -> None:
    pack = made(
        [(f'"{one}"', f'"{one}"') for one in ("yes", "no", "unknown")], (column("few", "form.more.n < 5", doubts=True),)
    )
    assert judged(pack, form={"more": {"n": n} if n else {}}).codes == (code,)
    text = made([("-", '"approve"')], (column("name", "form.operator.name", doubts=True),))
    assert judged(text).inputs == {"name": "张晓"}


def test_materials_are_seen() -> None:
    assert judged(
        made([("2", '"approve"')], (column("papers", "count(materials)", "number"),)), materials=("b", "a")
    ).approved


def test_a_decision_is_made_again_from_what_was_kept() -> None:
    columns = (
        *N,
        column("day", "form.more.day", "date"),
        column("who", "form.operator.name"),
        column("ok", "form.more.n > 1", "boolean"),
    )
    pack = made([("< 5", '< @"2026-12-01"', "-", "true", '"approve"')], columns)
    kept = judged(pack).inputs
    assert kept == {"n": 3, "day": "2026-11-20", "who": "张晓", "ok": True}
    assert decisions.decide_again(pack, kept, at=AT).approved
    assert pack.decision is not None
    assert decisions.revived(pack.decision, kept) == {"n": 3, "day": date(2026, 11, 20), "who": "张晓", "ok": True}
    assert decisions.revived(pack.decision, {"n": "2.5", "day": "soon", "who": 5}) == {
        "n": Decimal("2.5"),
        "day": "soon",
        "who": 5,
        "ok": None,
    }
    assert decisions.revived(pack.decision, {"n": "many"})["n"] == "many"
    assert decisions.revived(pack.decision, {"who": "25"})["who"] == "25", "a text of digits stays a text"


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        ({"n": 3, "day": "2026-11-20", "who": "a", "ok": True}, []), ({"n": 2.5}, []), ({"n": "2.5"}, []), ({}, []), ({"n": "x"}, ["列n"]), ({"n": True}, ["列n"]), ({"day": "soon", "ok": 1}, ["列day", "列ok"]), ({"day": 3}, ["列day"]), ({"who": 3}, ["列who"]), ({"who": True}, ["列who"]), ({"ok": False}, []),
    ],
)  # fmt: skip
def test_inputs_of_another_kind_are_named(kept: Any, wrong: list[str]) -> None:
    columns = (
        *N,
        column("day", "form.more.day", "date"),
        column("who", "form.operator.name"),
        column("ok", "form.more.n > 1", "boolean"),
    )
    pack = made([("-", "-", "-", "-", '"approve"')], columns)
    assert [words.zh for words in decisions.misfits(pack, kept)] == wrong


def test_an_input_of_a_kind_that_is_not_kept_as_such_fits_whatever_it_is() -> None:
    pack = made([("-", '"approve"')], N)
    assert pack.decision is not None
    spans = replace(pack.decision, inputs=(replace(N[0], kind="days and time duration"),))
    assert decisions.misfits(replace(pack, decision=spans), {"n": "P3D"}) == ()


# ── why ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_rule_is_explained_with_what_it_looked_at() -> None:
    columns = (*N, column("state", "lookups.who.state"), column("verdict", "verdicts.who.name"))
    pack = made(
        [
            ("< 5", '"none"', "-", '"approve"'),
            ("-", 'not("none","skipped")', '"different"', '"late"'),
            ("-", "-", "-", '"strange"'),
        ],
        columns,
        lookup("who", "form.operator.cn_id", name="form.operator.name"),
    )
    found = judged(pack, said("who", name="李娜"))
    one, two, three = decisions.explain(pack, found.inputs, found.record)
    assert (one.row, one.code, one.words.zh, one.basis, one.hit, one.lookups, one.inputs) == (
        1,
        "approve",
        "疑approve",
        "",
        False,
        frozenset({"who"}),
        ("n", "state"),
    )
    assert one.why == W(
        "“列state”：有记录；这一条要的是：没有记录", "“Column state”: on record; this rule asks for: no record"
    )
    assert (two.row, two.hit, two.why.zh, two.lookups, two.inputs) == (
        2,
        True,
        "各项都符合",
        frozenset({"who"}),
        ("state", "verdict"),
    )
    assert (three.code, three.words, three.lookups, three.inputs) == (
        "strange",
        W("strange", "strange"),
        frozenset(),
        (),
    )
    none = judged(pack, said("who", "none"))
    rows = decisions.explain(pack, none.inputs, none.record)
    assert rows[1].why == W(
        "“列state”：没有记录；这一条要的是：没有记录、不需要查以外",
        "“Column state”: no record; this rule asks for: anything but no record, not asked",
    )
    late = judged(pack, said("who", "none"), form={**GIVEN, "more": {"n": 7}})
    assert decisions.explain(pack, late.inputs, late.record)[0].why.zh == "“列n”：7；这一条要的是：< 5"
    assert pack.decision is not None
    assert decisions.results_of(pack.decision) == ("approve", "late", "strange")
    assert decisions.columns_of(pack.decision, "late") == ("state", "verdict")
    assert decisions.columns_of(pack.decision, "nobody") == ()


def test_a_column_is_told_by_its_words_however_the_table_labels_it() -> None:
    day = column("day", "form.more.day", "date")
    pack = made([('< date("2026-11-01")', '"approve"')], (day,))
    assert pack.decision is not None
    xml = pack.decision.xml.replace(b' label="day"', ' label="受理日"'.encode())
    labelled = replace(pack, decision=replace(pack.decision, ready=ready_decision(xml, "准入"), xml=xml))
    for one in (pack, labelled):
        found = judged(one)
        [row] = decisions.explain(one, found.inputs, found.record)
        assert row.why.zh == '“列day”：2026-11-20；这一条要的是：< date("2026-11-01")'
        assert row.inputs == ("day",)


@pytest.mark.parametrize(
    ("text", "said"),
    [('"approve"', "approve"), (' "a b" ', "a b"), ('""', ""), ("approve", ""), ('"a" + "b"', ""), ('"a\\"b"', ""), ('"a\\\\b"', ""), ("1", ""), ("", ""), ('"a"b"', "")],
)  # fmt: skip
def test_a_result_in_quotes_is_itself(text: str, said: str) -> None:
    assert decisions.written(text) == said
