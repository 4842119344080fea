"""A new installation: three administrators once, then staff in their names, as docs/how-to/install.md says."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from yichuang.core import roles
from yichuang.core.actors import Channel
from yichuang.core.clock import fixed
from yichuang.core.ledger import Subject, list_entries
from yichuang.network.commands import load_demo_network
from yichuang.people.commands import sign_in_password
from yichuang.people.models import Staff
from yichuang.people.queries import actor_for_account

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
THREE = ("zhang=张华", "li=李云", "wang=王军")


def said(name, *words, **options):
    out = StringIO()
    with fixed(AT):
        call_command(name, *words, stdout=out, **options)
    return out.getvalue()


def enter(username, password):
    return sign_in_password(username=username, password=password, address="203.0.113.9", at=AT)


@pytest.mark.django_db(transaction=True)
def test_three_administrators_begin_and_open_the_others():
    lines = said("first_administrators", *THREE).strip().splitlines()[1:]
    passwords = {line.split()[-2]: line.split()[-1] for line in lines}
    held = {}
    for name, password in passwords.items():
        known = enter(name, password)
        assert known.must_change
        held[name] = actor_for_account(known.account, Channel.COUNTER, at=AT).roles
    assert held == {"zhang": {roles.SYSTEM_ADMIN}, "li": {roles.SECURITY_ADMIN}, "wang": {roles.SECURITY_AUDITOR}}
    with pytest.raises(CommandError, match="already"):
        said("first_administrators", *THREE)

    load_demo_network(at=AT)
    with pytest.raises(CommandError, match="administrator"):
        said("open_staff", "lina", "李娜", "W001", by="li")
    password = said("open_staff", "lina", "李娜", "W001", by="zhang", place="LH", window="1").split()[-1]
    for who, what in (("zhang", "role"), ("wang", "role"), ("nobody", "role")):
        with pytest.raises(CommandError):
            said("grant_powers", "lina", by=who, **{what: ["intake_clerk@LH"]})
    said("grant_powers", "lina", by="li", role=["intake_clerk@LH"], post=["WINDOW.receive"])
    lina = actor_for_account(enter("lina", password).account, Channel.COUNTER, at=AT)
    assert (lina.roles, lina.posts) == ({roles.INTAKE_CLERK}, {"WINDOW.receive"})
    entry = list_entries(Subject("staff", Staff.objects.get(staff_no="W001").id))[0]
    assert (entry.act, entry.actor_kind) == ("people.grant_role", "staff")


@pytest.mark.django_db
@pytest.mark.parametrize("people", [("zhang", "li=李云", "wang=王军"), ("same=甲", "same=乙", "x=丙")])
def test_half_a_beginning_is_none(people):
    with pytest.raises(CommandError):
        said("first_administrators", *people)
    assert not Staff.objects.exists()
