"""Who lets rules decide alone, who stops them, who reads how they do and who looks again: the whole table, without a database."""

from dataclasses import replace
from uuid import UUID

import pytest

from yichuang.cases.permissions import can_brake, can_let_decide, can_recheck, can_see_rules
from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Grant

BUREAU, OTHER = UUID(int=1), UUID(int=2)


def staff(role: str, department: UUID | None = BUREAU, *posts: str) -> Actor:
    return Actor("staff", id=UUID(int=9), grants=frozenset({Grant(role, None, department)}), posts=frozenset(posts))


LET, BRAKE, SEE, RECHECK = "let", "brake", "see", "recheck"
MAY = {
    "chief representative": (staff(roles.CHIEF_REPRESENTATIVE), {LET, BRAKE, SEE}),
    "who decides": (staff(roles.REVIEWER, BUREAU, "CGZF.decide"), {LET, BRAKE, SEE, RECHECK}),
    "reviewer": (staff(roles.REVIEWER, BUREAU, "CGZF.review"), {SEE, RECHECK}),
    "reviewer who decides elsewhere": (staff(roles.REVIEWER, BUREAU, "SCJG.decide"), {SEE, RECHECK}),
    "supervisor": (staff(roles.SUPERVISOR), {BRAKE, SEE}),
    "supervisor of the district": (staff(roles.SUPERVISOR, None), {BRAKE, SEE}),
    "item editor": (staff(roles.ITEM_EDITOR, None), {SEE}),
    "clerk with a deciding post": (staff(roles.INTAKE_CLERK, BUREAU, "CGZF.decide"), set()),
    "hall manager": (staff(roles.HALL_MANAGER), set()),
    "chief representative elsewhere": (staff(roles.CHIEF_REPRESENTATIVE, OTHER), set()),
    "who decides elsewhere": (staff(roles.REVIEWER, OTHER, "CGZF.decide"), set()),
    "supervisor elsewhere": (staff(roles.SUPERVISOR, OTHER), set()),
    "the house itself": (SYSTEM, set()),
}


def allowed(actor: Actor) -> set[str]:
    answers = {
        LET: can_let_decide(actor, BUREAU, "CGZF"),
        BRAKE: can_brake(actor, BUREAU, "CGZF"),
        SEE: can_see_rules(actor, BUREAU, "CGZF"),
        RECHECK: can_recheck(actor, BUREAU),
    }
    return {name for name, may in answers.items() if may}


@pytest.mark.parametrize("who", sorted(MAY))
def test_what_each_may_do_with_rules_that_decide(who: str) -> None:
    actor, may = MAY[who]
    assert allowed(actor) == may
    assert allowed(replace(actor, kind="person")) == set(), "who is no member of staff has no say, whatever was granted"
