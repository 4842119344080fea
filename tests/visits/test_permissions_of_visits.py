"""Who calls and who gives numbers: by role and by place, and nobody else."""

from collections.abc import Callable
from uuid import UUID

import pytest

from yichuang.core import roles
from yichuang.core.actors import Actor, Grant
from yichuang.core.refusals import Refused
from yichuang.visits.permissions import (
    can_ask_qualification,
    can_guide,
    can_hold,
    can_hold_here,
    can_plan,
    can_serve,
    check_can_ask_qualification,
    check_can_guide,
    check_can_plan,
    check_can_serve,
    check_may_take,
)

HERE, THERE = UUID(int=1), UUID(int=2)
ZHANG, STRANGER = UUID(int=6), UUID(int=7)


def staff(role: str, place: UUID | None = HERE) -> Actor:
    return Actor("staff", id=UUID(int=9), grants=frozenset({Grant(role, place=place)}))


@pytest.mark.parametrize(
    ("role", "serves", "guides"),
    [
        (roles.INTAKE_CLERK, True, True),
        (roles.COMMUNITY_WORKER, True, True),
        (roles.ISSUING_CLERK, True, True),
        (roles.HALL_MANAGER, False, True),
        (roles.REVIEWER, False, False),
        (roles.SUPERVISOR, False, False),
        (roles.SYSTEM_ADMIN, False, False),
    ],
)
def test_what_each_role_may_at_its_own_place_and_at_no_other(role: str, serves: bool, guides: bool) -> None:
    assert (can_serve(staff(role), HERE), can_guide(staff(role), HERE)) == (serves, guides)
    assert not can_serve(staff(role, THERE), HERE)
    assert not can_guide(staff(role, THERE), HERE)


@pytest.mark.parametrize("kind", ["person", "anonymous", "link", "system", "client"])
def test_nobody_who_is_no_staff_calls_or_guides(kind: str) -> None:
    grants = frozenset({Grant(roles.INTAKE_CLERK, place=HERE)})
    other = Actor(kind, grants=grants)  # type: ignore[arg-type]  # every kind there is
    assert not can_serve(other, HERE)
    assert not can_guide(other, HERE)


@pytest.mark.parametrize(("check", "role"), [(check_can_serve, roles.HALL_MANAGER), (check_can_guide, roles.REVIEWER)])
def test_the_refusal_says_why(check: Callable[[Actor, UUID], None], role: str) -> None:
    check(staff(roles.INTAKE_CLERK), HERE)
    with pytest.raises(Refused) as refused:
        check(staff(role), HERE)
    assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_OF_THIS_HALL")
    assert refused.value.reasons[0].words.zh


def test_staff_and_machines_give_numbers_where_they_stand_and_people_take_their_own() -> None:
    check_may_take(staff(roles.INTAKE_CLERK), HERE)
    check_may_take(Actor("device", id=UUID(int=5), place=HERE), HERE)
    check_may_take(Actor("person", id=UUID(int=6)), HERE)
    for other in (staff(roles.INTAKE_CLERK, THERE), Actor("device", id=UUID(int=5), place=THERE)):
        with pytest.raises(Refused) as refused:
            check_may_take(other, HERE)
        assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_OF_THIS_HALL")


@pytest.mark.parametrize("role", sorted(roles.ALL))
def test_only_the_manager_of_the_hall_plans_it(role: str) -> None:
    assert can_plan(staff(role), HERE) is (role == roles.HALL_MANAGER)
    assert not can_plan(staff(role, THERE), HERE)
    granted = frozenset({Grant(roles.HALL_MANAGER, place=HERE)})
    assert not can_plan(Actor("person", id=ZHANG, grants=granted), HERE)


def test_who_does_not_manage_the_hall_is_told_who_does() -> None:
    check_can_plan(staff(roles.HALL_MANAGER), HERE)
    for other in (staff(roles.HALL_MANAGER, THERE), staff(roles.INTAKE_CLERK)):
        with pytest.raises(Refused) as refused:
            check_can_plan(other, HERE)
        assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_THE_MANAGER")


@pytest.mark.parametrize("role", sorted(roles.ALL))
def test_who_edits_items_says_which_ask_for_qualified_windows(role: str) -> None:
    assert can_ask_qualification(staff(role)) is (role == roles.ITEM_EDITOR)


def test_so_does_the_house_itself_and_nobody_else() -> None:
    check_can_ask_qualification(Actor("system"))
    check_can_ask_qualification(staff(roles.ITEM_EDITOR))
    editor = frozenset({Grant(roles.ITEM_EDITOR)})
    for other in (staff(roles.HALL_MANAGER), Actor("person", id=ZHANG, grants=editor)):
        with pytest.raises(Refused) as refused:
            check_can_ask_qualification(other)
        assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_THE_EDITOR")


def test_an_appointment_is_kept_by_its_person_by_who_stands_for_them_and_by_the_hall() -> None:
    zhang = Actor("person", id=ZHANG)
    agent = Actor("person", id=STRANGER, represents_in=frozenset({(ZHANG, "dog")}))
    assert can_hold(zhang, ZHANG, HERE, ())
    assert can_hold(zhang, ZHANG, HERE, ("dog",))
    assert not can_hold(Actor("person", id=STRANGER), ZHANG, HERE, ())
    assert can_hold(agent, ZHANG, HERE, ("dog",))
    assert not can_hold(agent, ZHANG, HERE, ("dog", "lease")), "in each of the items"
    assert not can_hold(agent, ZHANG, HERE, ("lease",))
    assert not can_hold(agent, ZHANG, HERE, ()), "an authority for one item is none for no item"
    assert can_hold(staff(roles.INTAKE_CLERK), ZHANG, HERE, ())
    assert not can_hold(staff(roles.INTAKE_CLERK, THERE), ZHANG, HERE, ())


def test_a_machine_checks_in_only_whose_document_it_has_just_read() -> None:
    here, there = Actor("device", id=UUID(int=5), place=HERE), Actor("device", id=UUID(int=5), place=THERE)
    assert can_hold_here(here, ZHANG, HERE, (), read=ZHANG)
    assert not can_hold_here(here, ZHANG, HERE, (), read=STRANGER)
    assert not can_hold_here(here, ZHANG, HERE, (), read=None)
    assert not can_hold_here(there, ZHANG, HERE, (), read=ZHANG)
    assert not can_hold_here(Actor("person", id=STRANGER), ZHANG, HERE, (), read=ZHANG)
    assert can_hold_here(Actor("person", id=ZHANG), ZHANG, HERE, (), read=None)
