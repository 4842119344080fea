"""Who may do what outside cases: each room's permissions as one table, without a database; and what a grant covers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from yichuang.catalog import permissions as catalog
from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Channel, Grant, anonymous
from yichuang.core.refusals import Refused
from yichuang.issuing import permissions as issuing
from yichuang.network import permissions as network
from yichuang.notices import permissions as notices
from yichuang.people import permissions as people

HALL, BUREAU, OTHER, WARD = (UUID(int=n) for n in (1, 2, 3, 4))
ITEM = "yangquan-dengji"


def staff(role: str, *, place: UUID | None = None, department: UUID | None = None, at: UUID | None = HALL) -> Actor:
    return Actor(kind="staff", id=UUID(int=9), grants=frozenset({Grant(role, place, department)}), place=at)


# Each role everywhere, as the same grants in the hands of somebody who is no staff, and everybody else there is.
STAFF = {role: staff(role) for role in roles.ALL}
PRETENDERS = {f"{role} on paper": replace(actor, kind="person") for role, actor in STAFF.items()}
OTHERS = {
    "system": SYSTEM,
    "unknown": anonymous(channel=Channel.PORTAL),
    "link": Actor(kind="link", case=OTHER, channel=Channel.LINK),
    "person": Actor(kind="person", id=WARD),
    "guardian": Actor(kind="person", id=OTHER, represents=frozenset({WARD})),
    "agent": Actor(kind="person", id=OTHER, represents_in=frozenset({(WARD, ITEM)})),
}
EVERYBODY = STAFF | PRETENDERS | OTHERS


def who(may: Callable[[Actor], bool]) -> set[str]:
    return {name for name, actor in EVERYBODY.items() if may(actor)}


def passes(check: Callable[..., None], *args: Any) -> Callable[[Actor], bool]:
    def may(actor: Actor) -> bool:
        try:
            check(actor, *args)
        except Refused as refused:
            return (refused.kind, refused.reasons[0].code) != (
                "forbidden",
                "NOT_ALLOWED",
            )  # another refusal is none of these
        return True

    return may


COUNTER = {roles.INTAKE_CLERK, roles.COMMUNITY_WORKER, roles.CHIEF_REPRESENTATIVE, roles.HALL_MANAGER}


@pytest.mark.parametrize(
    ("can", "check", "may"),
    [
        (people.can_register, people.check_can_register, {"system"} | COUNTER),
        (people.can_open_account, people.check_can_open_account, {"system", roles.SYSTEM_ADMIN} | COUNTER),
        (people.sees_documents, people.check_can_see_documents, COUNTER),
        (people.can_manage_staff, people.check_can_manage_staff, {"system", roles.SYSTEM_ADMIN}),
        (people.can_grant, people.check_can_grant, {"system", roles.SECURITY_ADMIN}),
        (people.can_see_staff, people.check_can_see_staff, {"system"} | roles.THREE_ADMINISTRATORS),
        (people.can_read_logs, people.check_can_read_logs, {"system", roles.SECURITY_AUDITOR}),
        (network.can_change_network, network.check_can_change_network, {"system", roles.SYSTEM_ADMIN}),
        (catalog.can_publish, catalog.check_can_publish, {"system", roles.ITEM_EDITOR}),
        (issuing.can_issue, issuing.check_can_issue, {roles.ISSUING_CLERK, roles.COMMUNITY_WORKER}),
        (
            issuing.can_print,
            issuing.check_can_print,
            {roles.ISSUING_CLERK, roles.INTAKE_CLERK, roles.COMMUNITY_WORKER},
        ),
        (notices.can_read_log, notices.check_can_read_log, {roles.SYSTEM_ADMIN, roles.SECURITY_AUDITOR}),
        (notices.can_resend, notices.check_can_resend, {roles.SYSTEM_ADMIN}),
    ],
)
def test_what_each_role_may_do(can: Callable[[Actor], bool], check: Callable[..., None], may: set[str]) -> None:
    assert who(can) == who(passes(check)) == may


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_staff_of_a_hall_are_qualified_by_its_manager() -> None:
    assert who(passes(people.check_can_qualify, HALL)) == {"system", roles.HALL_MANAGER}
    there = staff(roles.HALL_MANAGER, place=OTHER)
    assert not passes(people.check_can_qualify, HALL)(there)
    assert passes(people.check_can_qualify, OTHER)(there)


@pytest.mark.parametrize(
    ("owner", "renews"),
    [
        (roles.INTAKE_CLERK, roles.SYSTEM_ADMIN),
        (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN),
        (roles.SECURITY_AUDITOR, roles.SECURITY_ADMIN),
        (roles.SECURITY_ADMIN, roles.SECURITY_AUDITOR),
    ],
)
def test_a_password_is_renewed_by_the_one_office_that_may(owner: str, renews: str) -> None:
    assert who(lambda actor: people.can_renew_password(actor, [owner])) == {"system", renews}
    with pytest.raises(Refused) as refused:
        people.check_can_renew_password(STAFF[owner], [owner])
    assert roles.WORDS[renews].zh in refused.value.reasons[0].words.zh


def test_full_values_are_seen_by_the_person_who_stands_for_them_and_who_handles_cases() -> None:
    handles = COUNTER | {roles.ISSUING_CLERK, roles.REVIEWER}
    assert who(lambda actor: people.can_unmask(actor, WARD)) == {"person", "guardian"} | handles
    assert who(passes(people.check_can_unmask, HALL)) == handles


# ── network ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_place_is_kept_by_its_own_manager_and_the_system_administrator() -> None:
    keeps = {"system", roles.SYSTEM_ADMIN, roles.HALL_MANAGER}
    assert who(lambda actor: network.can_keep_place(actor, HALL)) == who(passes(network.check_can_keep_place, HALL))
    assert who(lambda actor: network.can_keep_place(actor, HALL)) == keeps
    here = staff(roles.HALL_MANAGER, place=HALL)
    assert (network.can_keep_place(here, HALL), network.can_keep_place(here, OTHER)) == (True, False)


def test_a_department_is_spoken_for_by_its_chief_within_the_places_of_the_grant() -> None:
    chief = {"system", roles.CHIEF_REPRESENTATIVE}
    assert who(passes(network.check_speaks_for_a_department)) == chief
    assert who(lambda actor: network.can_authorise(actor, BUREAU, HALL)) == chief
    assert who(passes(network.check_can_authorise, BUREAU, HALL)) == chief
    ours = staff(roles.CHIEF_REPRESENTATIVE, place=HALL, department=BUREAU)
    assert network.can_authorise(ours, BUREAU, HALL)
    assert not network.can_authorise(ours, OTHER, HALL)
    assert not network.can_authorise(ours, BUREAU, OTHER)


# ── issuing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_papers_are_printed_at_the_desk_where_one_sits() -> None:
    here = staff(roles.ISSUING_CLERK, place=HALL)
    assert issuing.can_print(here)
    assert not issuing.can_print(replace(here, place=OTHER))
    assert not issuing.can_print(replace(here, place=None)), "who sits at no desk prints nothing"


# ── what a grant covers ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("granted", "asked", "held"),
    [
        ((None, None), {}, True),
        ((None, None), {"place": HALL, "department": BUREAU}, True),
        ((HALL, None), {}, True),
        ((HALL, None), {"place": HALL}, True),
        ((HALL, None), {"place": OTHER}, False),
        ((HALL, None), {"department": BUREAU}, True),
        ((None, BUREAU), {"department": BUREAU}, True),
        ((None, BUREAU), {"department": OTHER}, False),
        ((None, BUREAU), {"place": HALL}, True),
        ((HALL, BUREAU), {"place": HALL, "department": OTHER}, False),
        ((HALL, BUREAU), {"place": OTHER, "department": BUREAU}, False),
    ],
)
def test_a_grant_covers_its_place_and_its_department(granted: Any, asked: dict[str, UUID], held: bool) -> None:
    actor = staff(roles.REVIEWER, place=granted[0], department=granted[1])
    assert actor.has(roles.REVIEWER, **asked) is held
    assert not actor.has(roles.SUPERVISOR, **asked)


def test_one_grant_does_not_lend_its_place_to_another() -> None:
    two = frozenset({Grant(roles.REVIEWER, HALL), Grant(roles.SUPERVISOR, OTHER)})
    actor = Actor(kind="staff", grants=two)
    assert actor.roles == {roles.REVIEWER, roles.SUPERVISOR}
    assert (actor.has(roles.REVIEWER, place=OTHER), actor.has(roles.SUPERVISOR, place=OTHER)) == (False, True)


def test_a_person_stands_for_itself_and_for_whom_it_represents_in_everything_or_in_one_item() -> None:
    def acts(party: UUID, **item: str) -> set[str]:
        return {name for name, actor in OTHERS.items() if actor.acts_for(party, **item)}

    assert acts(WARD) == {"person", "guardian"}
    assert acts(WARD, item=ITEM) == {"person", "guardian", "agent"}
    assert acts(WARD, item="shiye-dengji") == {"person", "guardian"}
    assert not replace(OTHERS["guardian"], kind="staff").acts_for(WARD), "staff stand for nobody"
    assert not replace(OTHERS["person"], kind="staff").acts_for(WARD)
