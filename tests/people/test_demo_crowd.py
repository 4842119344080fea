"""Who works and comes on a day that is played: made up, entered once, shown to nobody as one to be."""

import pytest
from django.test import override_settings
from tests.demo import Demo

from yichuang.core.actors import Channel
from yichuang.core.identifiers import synthetic
from yichuang.network.queries import get_place
from yichuang.people.commands.demo_crowd import LONG, MOST, load_demo_crowd
from yichuang.people.models import Account
from yichuang.people.queries import actor_for_account, find_demo_account, list_demo_accounts
from yichuang.visits.permissions import can_guide, can_plan, can_serve


def test_who_was_entered_once_is_there_and_nobody_comes_twice(demo: Demo) -> None:
    place = get_place("LH").id
    first = load_demo_crowd(place=place, clerks=2, citizens=50, at=demo.at)
    count = Account.objects.count()
    assert load_demo_crowd(place=place, clerks=2, citizens=50, at=demo.at) == first
    assert Account.objects.count() == count
    assert len({one.id_no for one in first.citizens}) == len({one.mobile for one in first.citizens}) == 50
    assert all(synthetic.is_synthetic_cn_id(one.id_no) for one in first.citizens)
    assert LONG[0] in {one.name for one in first.citizens}


def test_each_has_the_powers_of_their_post_in_that_hall_alone(demo: Demo) -> None:
    here, there = get_place("LH-S01").id, get_place("LH").id
    crowd = load_demo_crowd(place=here, clerks=1, citizens=0, at=demo.at)
    clerk, issuer, manager = (
        actor_for_account(one.account, Channel.API, at=demo.at)
        for one in (crowd.clerks[0], crowd.issuer, crowd.manager)
    )
    assert can_serve(clerk, here)
    assert can_serve(issuer, here)
    assert can_plan(manager, here)
    assert can_guide(manager, here)
    assert not any(can_guide(one, there) for one in (clerk, issuer, manager))


def test_the_people_to_play_with_stay_who_they_are(demo: Demo) -> None:
    before = list_demo_accounts()
    crowd = load_demo_crowd(place=get_place("LH").id, clerks=1, citizens=1, at=demo.at)
    assert list_demo_accounts() == before
    assert find_demo_account(crowd.clerks[0].username) is None


def test_no_more_come_than_the_demo_has_telephone_numbers(demo: Demo) -> None:
    found = load_demo_crowd(place=get_place("LH").id, clerks=0, citizens=MOST + 1, at=demo.at)
    assert len(found.citizens) == MOST
    assert len({one.id_no for one in found.citizens}) == MOST


@pytest.mark.django_db
@override_settings(YICHUANG_DEMO=False)
def test_a_real_hall_gets_no_crowd() -> None:
    with pytest.raises(RuntimeError, match="only for a demo"):
        load_demo_crowd(place=None, clerks=1, citizens=1, at=None)  # type: ignore[arg-type]  # nothing is looked at
