"""Proving again who one is: by password or by a code of its own, counted like signing in."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from yichuang.core.refusals import Refused
from yichuang.notices.queries import list_outbox
from yichuang.people import cast
from yichuang.people.commands import keep_proof, prove_identity, send_code, send_proof_code, sign_in_code, use_proof
from yichuang.people.jobs import forget_codes
from yichuang.people.models import KeptProof
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


def test_a_proof_that_was_kept_counts_once_for_who_made_it_and_for_five_minutes(demo):
    zhang, stranger, later = demo.actor("zhangxiao"), demo.actor("moshengren"), demo.at + timedelta(minutes=5)
    proof = prove(demo, password=cast.PASSWORD)
    kept, old = keep_proof(proof=proof), keep_proof(proof=proof)
    for who, id, at in (
        (stranger, kept, demo.at),
        (demo.actor("lina"), kept, demo.at),
        (zhang, uuid4(), demo.at),
        (zhang, old, later),
    ):
        with pytest.raises(Refused) as caught:
            use_proof(actor=who, id=id, at=at)
        assert code_of(caught) == ["PROOF_STALE"]
    assert use_proof(actor=zhang, id=kept, at=later - timedelta(seconds=1)) == proof
    with pytest.raises(Refused):
        use_proof(actor=zhang, id=kept, at=demo.at)


def test_a_proof_whose_filing_is_undone_is_not_used_up(demo):
    zhang = demo.actor("zhangxiao")
    kept = keep_proof(proof=prove(demo, password=cast.PASSWORD))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        use_proof(actor=zhang, id=kept, at=demo.at)
        raise ZeroDivisionError
    assert use_proof(actor=zhang, id=kept, at=demo.at).how == "password"


def test_proofs_that_were_kept_are_forgotten_with_the_codes(demo, monkeypatch):
    kept = keep_proof(proof=prove(demo, password=cast.PASSWORD))
    forget_codes()
    assert KeptProof.objects.filter(id=kept).exists()
    KeptProof.objects.filter(id=kept).update(at=demo.at - timedelta(days=60))
    forget_codes()
    assert not KeptProof.objects.filter(id=kept).exists()
