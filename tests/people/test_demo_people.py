"""The demo's people: one for each role, and only in a demo."""

from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from yichuang.core import roles
from yichuang.core.identifiers.synthetic import is_synthetic_cn_id
from yichuang.core.refusals import Refused
from yichuang.network.models import Place
from yichuang.network.queries import list_posts
from yichuang.people.commands.demo import load_demo_people
from yichuang.people.commands.demo_crowd import load_demo_crowd
from yichuang.people.models import Account, GrantRow, Party, Posting, Staff
from yichuang.people.queries import actor_for_token, find_demo_account, list_demo_accounts

pytestmark = pytest.mark.usefixtures("people")


def test_every_role_has_somebody():
    assert set(GrantRow.objects.order_by("id").values_list("role", flat=True)) == roles.ALL


def test_every_post_that_an_item_needs_has_somebody():
    held = set(Posting.objects.order_by("id").values_list("post_id", flat=True))
    idle = {"GHZR", "ZWFW"}  # no item names their posts yet
    wanted = {post.code for post in list_posts() if post.code.split(".")[0] not in idle}
    assert wanted <= held


def test_all_are_synthetic_and_marked():
    assert not Party.objects.filter(demo=False).exists()
    assert not Staff.objects.filter(demo=False).exists()
    people = Party.objects.filter(kind="person").order_by("id")
    assert all(is_synthetic_cn_id(p.id_no) and p.id_no.startswith("4403") for p in people)
    assert all(a.phone.startswith("13800000") for a in Account.objects.order_by("id"))


def test_loading_again_changes_nothing(at):
    before = (Account.objects.count(), Party.objects.count(), GrantRow.objects.count())
    assert load_demo_people(at=at) == 0
    assert (Account.objects.count(), Party.objects.count(), GrantRow.objects.count()) == before


def test_the_accounts_are_shown_with_their_password():
    out = StringIO()
    call_command("show_accounts", stdout=out)
    shown = out.getvalue()
    assert "Demo-2026-yichuang" in shown
    assert all(account.username in shown and account.name in shown for account in list_demo_accounts())


@pytest.mark.parametrize("name", ["lina", "李娜", "𠮷野䶮"])
def test_a_token_is_printed_for_a_name_or_a_user_name(at, name):
    out = StringIO()
    call_command("token", name, stdout=out)
    from yichuang.core.clock import now

    assert actor_for_token(out.getvalue().strip(), at=now()).name in {"李娜", "𠮷野䶮"}


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(CommandError, match="李娜"):
        call_command("token", "nobody")


def test_outside_a_demo_there_is_nothing_to_show_or_to_load(settings, at):
    settings.YICHUANG_DEMO = False
    assert list_demo_accounts() == ()
    assert find_demo_account("李娜") is None
    with pytest.raises(CommandError):
        call_command("show_accounts")
    with pytest.raises(RuntimeError):
        load_demo_people(at=at)


def test_an_installation_that_serves_people_takes_no_demo_and_no_played_day(at, settings):
    settings.YICHUANG_DEMO = True
    Staff.objects.update(demo=False)
    before = (Account.objects.count(), Party.objects.count(), Place.objects.count())
    with pytest.raises(CommandError, match="serves people"):
        call_command("load_demo", verbosity=0)
    for load in (
        partial(load_demo_people, at=at),
        partial(load_demo_crowd, place=Place.objects.all()[0].id, clerks=1, citizens=1, at=at),
    ):
        with pytest.raises(Refused) as refused:
            load()
        assert [one.code for one in refused.value.reasons] == ["SERVES_PEOPLE"]
    assert (Account.objects.count(), Party.objects.count(), Place.objects.count()) == before
