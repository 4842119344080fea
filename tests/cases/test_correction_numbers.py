"""更正 of the identity numbers that a certificate says, or is registered by: the holder's own slip, and nobody else's."""

from datetime import timedelta

import pytest
from tests.cases.test_life_of_a_case import review_all

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.corrections import _name_by, _numbers_behind
from yichuang.cases.models import Case
from yichuang.cases.rules import correction as rules
from yichuang.cases.turns import Wish
from yichuang.catalog.queries import form_schema, get_pack
from yichuang.core.identifiers.checksums import cn_id_check
from yichuang.core.refusals import Refused
from yichuang.people.queries import get_party
from yichuang.registry.queries import certificate_of_subject, count_active

ITEM = "shiye-dengji"  # says the number, and is registered by it
HOUR = timedelta(hours=1)


def other_number(number, *, far=False):
    """Another valid number of the same day: its sequence differs, or (far) a parent's, of another year and day as well."""
    first17 = (number[:6] + "19711130" if far else number[:14]) + f"{(int(number[14:17]) + 10) % 1000:03}"
    return first17 + cn_id_check(first17)


def granted(demo, number, name=None):
    """The registration with this number and name in its form, decided."""
    zhang = demo.actor("zhangxiao")
    person = demo.example(ITEM).form["person"] | {"name": name or zhang.name, "cn_id": number}
    receipt = demo.file(zhang, ITEM, form={"person": person})
    version = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at).version
    version = review_all(demo, receipt.case_id, version, "sunli")
    decide_case(
        actor=demo.actor("hetao"), number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at
    )
    return receipt


def ask(demo, receipt, *wishes):
    return ask_correction(
        actor=demo.actor("zhangxiao"), number=receipt.number, wishes=wishes, reason="录入时写错。", at=demo.at
    )


def refused(demo, receipt, *wishes):
    with pytest.raises(Refused) as caught:
        ask(demo, receipt, *wishes)
    return [reason.code for reason in caught.value.reasons]


def own_number(demo):
    return get_party(demo.actor("zhangxiao").id).id_no


def test_the_holders_own_number_is_mended_where_it_was_mistyped(demo):
    right = own_number(demo)
    wrong = other_number(right)
    receipt = granted(demo, wrong)
    third = other_number(wrong)
    assert refused(demo, receipt, Wish("form:/person/cn_id", third)) == ["NAMES_OTHERS"], "not the number on record"
    assert refused(demo, receipt, Wish("certificate:cn_id", right)) == ["IN_THE_FORM"]
    id = ask(demo, receipt, Wish("form:/person/cn_id", right))
    make_correction(actor=demo.actor("hetao"), correction=id, at=demo.at + HOUR)
    certificate = certificate_of_subject("case", receipt.case_id)
    assert certificate.data["cn_id"] == right
    counted = count_active([(certificate.type_code, one) for one in (right, wrong)], at=demo.at + HOUR)
    assert counted == [1, 0], "registered by the right number, and no longer by the wrong one"


def test_a_number_of_somebody_else_is_no_slip(demo):
    right = own_number(demo)
    receipt = granted(demo, other_number(right, far=True))
    assert refused(demo, receipt, Wish("form:/person/cn_id", right)) == ["NAMES_OTHERS"], "a namesake's, not a slip"


def test_nobody_elses_number_is_mended_and_the_holders_takes_no_other_name(demo):
    right = own_number(demo)
    wrong = other_number(right)
    receipt = granted(demo, wrong, "李四")
    for new in (right, other_number(wrong)):
        assert refused(demo, receipt, Wish("form:/person/cn_id", new)) == ["NAMES_OTHERS"]
    for wishes in (
        (Wish("form:/person/name", get_party(demo.actor("zhangxiao").id).name), Wish("form:/person/cn_id", right)),
        (Wish("form:/person/cn_id", right), Wish("form:/person/education", "30")),
    ):
        assert refused(demo, receipt, *wishes)[-1] == "NAMES_OTHERS", "not under the cover of another line either"
    assert Case.objects.get(number=receipt.number).form["person"]["cn_id"] == wrong


def test_what_is_only_registered_by_a_number_is_guarded_and_registered_anew(demo):
    def behind(code):
        pack, example = get_pack(code, at=demo.at), demo.example(code)
        return _numbers_behind(pack, form_schema(pack, example.answers, example.form))

    assert behind("yanglao-renzheng") == behind("shebao-chaxun") == {"/person/cn_id"}
    assert behind("gonggong-changsuo-weisheng") == {"/operator/uscc"}
    assert behind("yangquan-dengji") == set()


def test_a_slip_changes_a_few_characters_of_a_number():
    number = "44030319900101901X"
    for other, is_slip in (
        (number, True),
        ("440303199001019109", True),
        (number.lower(), True),
        ("440303199205089028", False),
        (number[:17], False),
        ("", False),
    ):
        assert rules.slip(other, number) is is_slip, other
    assert _name_by("/operator/representative_id") == "/operator/representative"
    assert _name_by("/person/cn_id") == "/person/name"
