"""Somebody registers themselves: once, with their own number, and learning of nobody else whether they are on record."""

from datetime import date

import pytest

from yichuang.core.actors import SYSTEM
from yichuang.core.identifiers import synthetic
from yichuang.core.refusals import Refused
from yichuang.people.commands import register_party, register_person
from yichuang.people.commands import registering as module
from yichuang.people.models import Account, Party
from yichuang.people.queries import get_party

NUMBER = synthetic.cn_id(date(1999, 3, 7), "female", nth=7)


@pytest.fixture
def register(people, at):
    def do(**otherwise):
        given = {
            "name": "测试人", "id_type": "111", "id_no": NUMBER, "mobile": "13800000777", "username": "tester1",
            "password": "Long-enough-2026", "demo": True, "at": at,
        }  # fmt: skip
        return register_person(actor=SYSTEM, **{**given, **otherwise})

    return do


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def rows():
    return Party.objects.count(), Account.objects.count()


OTHER = {"username": "tester2", "mobile": "13800000778"}


def test_nobody_registers_twice(register):
    account = register()
    assert Account.objects.get(id=account).party.name == "测试人"
    before = rows()
    with pytest.raises(Refused) as again:
        register()
    assert codes(again) == ["IDENTITY_KNOWN", "USERNAME_TAKEN", "PHONE_TAKEN"], "everything at once"
    with pytest.raises(Refused) as other_name:
        register(**OTHER)
    assert (codes(other_name), rows()) == (["IDENTITY_KNOWN"], before)


def test_a_known_number_with_a_wrong_name_says_no_more_than_that(register, party):
    """Neither the name on record nor whether there is an account: the same words for all."""
    zhang = get_party(party("张晓"))
    before, said = rows(), set()
    for name, demo in ((zhang.name, True), ("李四", True), (zhang.name, False)):
        with pytest.raises(Refused) as refused:
            register(id_no=zhang.id_no, name=name, demo=demo)
        assert codes(refused) == ["IDENTITY_KNOWN"]
        said |= {str(reason.words) for reason in refused.value.reasons}
    assert (len(said), rows()) == (1, before)
    assert zhang.name_masked not in said.pop()


@pytest.mark.parametrize("name", ["测试人", "别的名"])
def test_of_two_at_the_same_moment_one_registers(register, monkeypatch, name):
    """The other one looked before the first was there: it is told the same, and leaves nothing."""
    look = module._is_taken

    def meanwhile(*given, **more):
        found = look(*given, **more)
        monkeypatch.setattr(module, "_is_taken", look)
        register(name=name, **OTHER)
        return found

    monkeypatch.setattr(module, "_is_taken", meanwhile)
    with pytest.raises(Refused) as late:
        register()
    assert (codes(late), late.value.kind) == (["IDENTITY_KNOWN"], "conflict")
    assert not Account.objects.filter(username="tester1").exists()


def test_who_was_entered_at_a_counter_in_the_demo_opens_the_account_once(register, who, at):
    known = register_party(
        actor=who("李娜"), kind="person", name="测试人", id_type="111", id_no=NUMBER,
        demo=True, at=at,
    )  # fmt: skip
    assert Account.objects.get(id=register()).party_id == known
