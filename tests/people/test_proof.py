"""Proving again who one is: by password or by a code of its own, counted like signing in."""

import re
from datetime import timedelta

import pytest

from yichuang.core.refusals import Refused
from yichuang.notices.queries import list_outbox
from yichuang.people import cast
from yichuang.people.commands import prove_identity, send_code, send_proof_code, sign_in_code
from yichuang.people.queries import get_party, phone_of

HOME = "192.0.2.7"


def prove(demo, who="zhangxiao", at=None, **given):
    return prove_identity(actor=demo.actor(who), address=HOME, at=at or demo.at, **given)


def newest_code():
    return re.search(r"\d{6}", list_outbox(1).items[0].body).group()


def code_of(caught):
    return [reason.code for reason in caught.value.reasons]


def test_the_password_proves_it(demo):
    proof = prove(demo, password=cast.PASSWORD)
    assert (proof.party, proof.how, proof.at) == (demo.actor("zhangxiao").id, "password", demo.at)


def test_a_code_to_the_accounts_own_phone_proves_it_once(demo):
    zhang = demo.actor("zhangxiao")
    send_proof_code(actor=zhang, address=HOME, at=demo.at)
    message = list_outbox(1).items[0]
    assert message.template == "confirm_code"
    assert phone_of(zhang) == "138****0001"
    code = newest_code()
    assert prove(demo, code=code).how == "sms"
    with pytest.raises(Refused) as caught:
        prove(demo, code=code)
    assert code_of(caught) == ["CODE_WRONG"]


def test_codes_for_signing_in_and_for_signing_are_not_each_others(demo):
    zhang = demo.actor("zhangxiao")
    phone = get_party(zhang.id).mobile
    send_code(phone=phone, address=HOME, at=demo.at)
    with pytest.raises(Refused):
        prove(demo, code=newest_code())
    send_proof_code(actor=zhang, address=HOME, at=demo.at + timedelta(minutes=2))
    with pytest.raises(Refused):
        sign_in_code(phone=phone, code=newest_code(), address=HOME, at=demo.at + timedelta(minutes=2))


def test_nothing_or_something_wrong_proves_nothing_and_guesses_run_out(demo):
    with pytest.raises(Refused) as caught:
        prove(demo)
    assert code_of(caught) == ["PROOF_NEEDED"]
    for _ in range(5):
        with pytest.raises(Refused) as caught:
            prove(demo, password="wrong")
        assert code_of(caught) == ["SIGN_IN_WRONG"]
    with pytest.raises(Refused) as caught:
        prove(demo, password=cast.PASSWORD)
    assert code_of(caught) == ["SIGN_IN_LOCKED"]


def test_staff_and_strangers_prove_nothing(demo):
    with pytest.raises(Refused) as caught:
        prove(demo, "lina", password=cast.PASSWORD)
    assert caught.value.kind == "missing"
    assert phone_of(demo.actor("lina")) == ""
