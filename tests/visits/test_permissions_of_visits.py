"""Who calls and who gives numbers: by role and by place, and nobody else."""

from collections.abc import Callable
from uuid import UUID

import pytest

from yichuang.core import roles
from yichuang.core.actors import Actor, Grant
from yichuang.core.refusals import Refused
from yichuang.visits.permissions import can_guide, can_serve, check_can_guide, check_can_serve, check_may_take

HERE, THERE = UUID(int=1), UUID(int=2)


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
