"""Who may ask and keep the shared bases, file packages and keep tenants: each room's permissions as one table, without a
database (the other rooms': test_permissions_of_rooms)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from tests.bundles.sample import PACKAGE
from tests.security.test_permissions_of_rooms import EVERYBODY, OTHER, OTHERS, STAFF, WARD, passes, who

from yichuang.bundles import permissions as bundles
from yichuang.core import roles
from yichuang.core.actors import Actor, Grant
from yichuang.core.refusals import Refused
from yichuang.registry import permissions as registry
from yichuang.tenants import permissions as tenants
from yichuang.tenants.values import SCOPES

HANDLE = {
    roles.INTAKE_CLERK,
    roles.COMMUNITY_WORKER,
    roles.CHIEF_REPRESENTATIVE,
    roles.HALL_MANAGER,
    roles.ISSUING_CLERK,
    roles.REVIEWER,
}
OWN = UUID(int=77)


@pytest.mark.parametrize(
    ("can", "check", "may"),
    [
        (registry.can_keep, registry.check_can_keep, {"system", roles.ITEM_EDITOR}),
        (registry.can_watch, registry.check_can_watch, {"system", roles.ITEM_EDITOR, roles.SYSTEM_ADMIN}),
    ],
)
def test_who_keeps_the_shared_bases(can: Callable[[Actor], bool], check: Callable[..., None], may: set[str]) -> None:
    assert who(can) == who(passes(check)) == may


def test_bases_are_asked_by_the_machine_who_handles_cases_and_a_person_about_their_own() -> None:
    def asks(parties: list[UUID | None], item: str = "") -> set[str]:
        assert who(lambda a: registry.can_ask(a, parties, item)) == who(passes(registry.check_can_ask, parties, item))
        return who(lambda a: registry.can_ask(a, parties, item))

    always = {"system"} | HANDLE
    assert asks([WARD]) == always | {"person", "guardian"}
    assert asks([WARD], "yangquan-dengji") == always | {"person", "guardian", "agent"}
    assert asks([WARD, OTHER]) == always | {"guardian"}, "one stranger among them is one too many"
    assert asks([WARD, None]) == always, "nobody in our books is nobody of theirs"
    people = {name for name, actor in EVERYBODY.items() if actor.kind == "person"}
    assert asks([]) == always | people, "an address is nobody's"


def test_a_package_is_filed_by_people_signed_in() -> None:
    def kind(actor: Actor) -> str:
        try:
            bundles.check_may_file(actor)
        except Refused as refused:
            return refused.kind
        return "files"

    found = {name: kind(actor) for name, actor in EVERYBODY.items()}
    assert {name for name, one in found.items() if one == "forbidden"} == set(STAFF)
    assert {name for name, one in found.items() if one == "signed_out"} == {"system", "unknown", "link"}
    assert bundles.check_may_file(OTHERS["person"]) == WARD
    assert kind(replace(OTHERS["person"], id=None)) == "signed_out"
    assert kind(replace(OTHERS["link"], id=WARD)) == "signed_out"


def test_every_item_that_one_may_not_file_is_told_and_a_part_is_not_the_whole() -> None:
    items = [slot.item for slot in PACKAGE.slots]
    some = Actor(kind="person", id=OTHER, represents_in=frozenset((WARD, item) for item in items[:1]))
    every = Actor(kind="person", id=OTHER, represents_in=frozenset((WARD, item) for item in items))
    assert bundles.why_not_file(OTHERS["guardian"], PACKAGE, WARD) == []
    assert bundles.why_not_file(every, PACKAGE, WARD) == []
    assert [one.code for one in bundles.why_not_file(some, PACKAGE, WARD)] == ["NOT_AUTHORISED_FOR"] * (len(items) - 1)
    assert bundles.is_applicants_side(every, WARD, items)
    assert not bundles.is_applicants_side(some, WARD, items)


def test_tenants_are_kept_by_the_system_administrator() -> None:
    assert who(passes(tenants.check_can_keep_tenants)) == {"system", roles.SYSTEM_ADMIN}


def test_a_token_opens_its_own_tenant_by_any_of_the_scopes_asked() -> None:
    one, other, *_ = sorted(SCOPES)
    program = Actor(kind="client", id=OTHER, tenant=OWN, grants=frozenset({Grant(one)}))
    assert tenants.check_can(program, one) == OWN
    assert tenants.check_can(program, other, one) == OWN
    with pytest.raises(Refused) as refused:
        tenants.check_can(program, other)
    assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "SCOPE_MISSING")
    for nobody in (replace(program, tenant=None), replace(program, kind="person"), STAFF[roles.SYSTEM_ADMIN]):
        with pytest.raises(Refused) as refused:
            tenants.check_can(nobody, one)
        assert refused.value.kind == "signed_out"
