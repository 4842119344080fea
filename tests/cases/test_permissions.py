"""Who may see a case and do what to it: the whole table, without a database."""

from dataclasses import replace
from uuid import UUID

import pytest

from yichuang.cases.permissions import (
    Relations,
    can_answer,
    can_approve_correction,
    can_ask,
    can_ask_correction,
    can_decide_proceeding,
    can_do,
    can_hand_in_files,
    can_help,
    can_look_after,
    can_note_trips,
    can_open_proceeding,
    can_prioritise,
    can_read_papers,
    can_see,
    can_see_help,
    can_set_duty,
    can_take_filings,
    can_urge,
    check_can_do,
    holds_deciding_post,
    is_asker,
    is_holder,
)
from yichuang.cases.states import Act
from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Channel, Grant, anonymous
from yichuang.core.refusals import Refused
from yichuang.core.words import W


def uid(n: int) -> UUID:
    return UUID(int=n)


CASE, APPLICANT, AGENT, RECEIVER, HALL, ANSWERS, BUREAU, OTHER = (uid(n) for n in range(1, 9))
OURS = Relations(CASE, APPLICANT, AGENT, RECEIVER, HALL, ANSWERS, BUREAU, "CGZF", "yangquan-dengji")


def person(n: UUID, *represents: UUID) -> Actor:
    return Actor(kind="person", id=n, represents=frozenset(represents), channel=Channel.PORTAL)


def authorised(item: str) -> Actor:
    return Actor(kind="person", id=OTHER, represents_in=frozenset({(APPLICANT, item)}))


def staff(*grants: Grant, posts: tuple[str, ...] = (), place: UUID | None = None) -> Actor:
    return Actor(kind="staff", id=uid(99), grants=frozenset(grants), posts=frozenset(posts), place=place)


CLERK = staff(Grant(roles.INTAKE_CLERK, HALL))
COMMUNITY = staff(Grant(roles.COMMUNITY_WORKER, HALL))
REVIEWER = staff(Grant(roles.REVIEWER, None, BUREAU), posts=("CGZF.review",))
DECIDER = staff(Grant(roles.REVIEWER, None, BUREAU), posts=("CGZF.decide",))
DECIDER_OF_A_KIND = staff(Grant(roles.REVIEWER, None, BUREAU), posts=("CGZF.street_decide",))
BORROWED = staff(Grant(roles.REVIEWER, None, BUREAU), posts=("RLZY.decide", "RLZY.street_decide", "CGZF.undecide"))
CHIEF = staff(Grant(roles.CHIEF_REPRESENTATIVE, HALL, BUREAU))
CLERK_THERE = staff(Grant(roles.INTAKE_CLERK, ANSWERS))
COMMUNITY_THERE = staff(Grant(roles.COMMUNITY_WORKER, ANSWERS))
CHIEF_THERE = staff(Grant(roles.CHIEF_REPRESENTATIVE, ANSWERS, BUREAU))
MANAGER_THERE = staff(Grant(roles.HALL_MANAGER, ANSWERS))
ISSUER = staff(Grant(roles.ISSUING_CLERK, HALL))
ISSUER_THERE = staff(Grant(roles.ISSUING_CLERK, ANSWERS))
SUPERVISOR = staff(Grant(roles.SUPERVISOR, None, BUREAU))
MANAGER = staff(Grant(roles.HALL_MANAGER, HALL))
LINK = Actor(kind="link", case=CASE, channel=Channel.LINK)
INTAKE = {
    Act.PRECHECK,
    Act.NOTIFY_GAPS,
    Act.ACCEPT,
    Act.ACCEPT_WITH_GAPS,
    Act.OFFER_PROMISE,
    Act.REFUSE,
    Act.SUPPLEMENT,
    Act.WITHDRAW,
    Act.TERMINATE,
    Act.TRANSFER,
}
TAKING = {Act.SUPPLEMENT, Act.WITHDRAW}
REVIEWING = {Act.REVIEW, Act.SUSPEND, Act.RESUME, Act.ASK_EXTENSION, Act.TERMINATE, Act.HEARING}
DECIDING = {Act.GRANT, Act.DENY, Act.EXTEND, Act.DECLINE_EXTENSION, Act.TRANSFER}
OWN = {Act.SUPPLEMENT, Act.WITHDRAW, Act.SIGN_PROMISE, Act.DECLINE_PROMISE}
MAY = {
    "applicant": (person(APPLICANT), OWN),
    "guardian": (person(OTHER, APPLICANT), OWN),
    "agent": (person(AGENT, APPLICANT), OWN),
    "agent for this item": (authorised("yangquan-dengji"), OWN),
    "clerk of the taking place": (CLERK, TAKING | {Act.RECEIVE_RESULT}),
    "community worker of the taking place": (COMMUNITY, TAKING | {Act.RECEIVE_RESULT, Act.DELIVER}),
    "clerk of the responsible place": (CLERK_THERE, INTAKE | {Act.SEND_RESULT}),
    "community worker of the responsible place": (COMMUNITY_THERE, INTAKE | {Act.SEND_RESULT, Act.DELIVER}),
    "reviewer": (REVIEWER, REVIEWING),
    "decider": (DECIDER, REVIEWING | DECIDING),
    "decider of one kind of item": (DECIDER_OF_A_KIND, REVIEWING | DECIDING),
    "reviewer with deciding posts elsewhere": (BORROWED, REVIEWING),
    "chief": (CHIEF, DECIDING),
    "chief at the responsible place": (CHIEF_THERE, DECIDING),
    "issuer": (ISSUER, {Act.DELIVER, Act.RECEIVE_RESULT}),
    "issuer of the responsible place": (ISSUER_THERE, {Act.DELIVER, Act.SEND_RESULT}),
    "supervisor": (SUPERVISOR, {Act.NOTIFY_GAPS}),
    "hall manager": (MANAGER, set()),
    "manager of the responsible hall": (MANAGER_THERE, set()),
    "link": (LINK, {Act.SUPPLEMENT}),
    "system": (SYSTEM, set(Act)),
}
STRANGERS = {
    "an agent whose authority ended": person(AGENT),
    "an agent for another item": authorised("shiye-dengji"),
    "another person": person(OTHER),
    "somebody unknown": anonymous(channel=Channel.PORTAL),
    "a link of another case": Actor(kind="link", case=OTHER, channel=Channel.LINK),
    "clerk of another hall": staff(Grant(roles.INTAKE_CLERK, OTHER)),
    "community worker of another place": staff(Grant(roles.COMMUNITY_WORKER, OTHER)),
    "reviewer of another bureau": staff(Grant(roles.REVIEWER, None, OTHER), posts=("RLZY.decide",)),
    "post without the role": staff(posts=("CGZF.decide",)),
    "chief of another hall": staff(Grant(roles.CHIEF_REPRESENTATIVE, OTHER, BUREAU)),
    "chief of another bureau": staff(Grant(roles.CHIEF_REPRESENTATIVE, HALL, OTHER)),
    "issuer of another hall": staff(Grant(roles.ISSUING_CLERK, OTHER)),
    "supervisor of another bureau": staff(Grant(roles.SUPERVISOR, None, OTHER)),
    "manager of another hall": staff(Grant(roles.HALL_MANAGER, OTHER)),
    "system administrator": staff(Grant(roles.SYSTEM_ADMIN)),
    "a person with a clerk's grant": Actor(kind="person", id=OTHER, grants=CLERK.grants),
    "a person with an issuer's grant": Actor(kind="person", id=OTHER, grants=ISSUER.grants),
    "a person with a reviewer's grant": Actor(kind="person", id=OTHER, grants=DECIDER.grants, posts=DECIDER.posts),
    "a person with a chief's grant": Actor(kind="person", id=OTHER, grants=CHIEF.grants),
    "a person with a supervisor's grant": Actor(kind="person", id=OTHER, grants=SUPERVISOR.grants),
}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("act", list(Act))
def test_what_each_may_do(who: str, act: Act) -> None:
    actor, may = MAY[who]
    assert can_see(actor, OURS)
    assert can_do(actor, act, OURS) == (act in may)
    if act in may:
        check_can_do(actor, act, OURS, W("办理", "this"))
    else:
        with pytest.raises(Refused) as refused:
            check_can_do(actor, act, OURS, W("办理", "this"))
        assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_ALLOWED")


def test_where_one_place_takes_and_answers_its_clerks_do_all_and_nothing_travels() -> None:
    here = replace(OURS, responsible_place=HALL)
    assert OURS.taken_for_another
    assert not here.taken_for_another
    assert {act for act in Act if can_do(CLERK, act, here)} == INTAKE
    assert {act for act in Act if can_do(COMMUNITY, act, here)} == INTAKE | {Act.DELIVER}
    assert {act for act in Act if can_do(ISSUER, act, here)} == {Act.DELIVER}
    assert not can_see(CLERK_THERE, here)


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_neither_see_nor_do_anything(who: str) -> None:
    assert not can_see(STRANGERS[who], OURS)
    assert not any(can_do(STRANGERS[who], act, OURS) for act in Act)


def test_who_receives_the_result_sees_the_case_and_changes_nothing() -> None:
    assert can_see(person(RECEIVER), OURS)
    assert not any(can_do(person(RECEIVER), act, OURS) for act in Act)


def test_whoever_has_or_had_a_task_sees_the_case_and_does_nothing_but_the_task() -> None:
    police = staff(Grant(roles.REVIEWER, None, OTHER), posts=("GAFJ.review",))
    assert not can_see(police, OURS)
    assert can_see(police, OURS, task_posts=frozenset({"GAFJ.review"}))
    assert not can_see(person(OTHER), OURS, task_posts=frozenset({"GAFJ.review"}))
    pretender = replace(STRANGERS["a link of another case"], posts=police.posts)
    assert not can_see(pretender, OURS, task_posts=police.posts)
    assert not any(can_do(police, act, OURS) for act in Act)


@pytest.mark.parametrize("role", [roles.INTAKE_CLERK, roles.COMMUNITY_WORKER])
def test_filings_are_taken_at_ones_own_place(role: str) -> None:
    assert can_take_filings(staff(Grant(role, HALL), place=HALL))
    assert not can_take_filings(staff(Grant(role, HALL), place=OTHER))
    assert not can_take_filings(staff(Grant(role, HALL)))
    assert not can_take_filings(Actor(kind="person", id=OTHER, grants=frozenset({Grant(role, HALL)}), place=HALL))
    assert not can_take_filings(staff(Grant(roles.ISSUING_CLERK, HALL), place=HALL))


EVERYBODY = {name: actor for name, (actor, _) in MAY.items()}
# whoever has the grants without being staff: a row that was written wrong must open nothing
PRETENDERS = {
    f"{role} on paper": Actor(kind="person", id=OTHER, grants=frozenset({Grant(role, HALL, BUREAU)}))
    for role in (roles.INTAKE_CLERK, roles.SUPERVISOR, roles.HALL_MANAGER, roles.ISSUING_CLERK)
}
ELSEWHERE = {
    "clerk elsewhere": staff(Grant(roles.INTAKE_CLERK, OTHER)),
    "issuer elsewhere": staff(Grant(roles.ISSUING_CLERK, OTHER)),
    "supervisor elsewhere": staff(Grant(roles.SUPERVISOR, None, OTHER)),
    "manager elsewhere": staff(Grant(roles.HALL_MANAGER, OTHER)),
}
BOTH = staff(Grant(roles.SUPERVISOR, None, BUREAU), Grant(roles.INTAKE_CLERK, HALL))


def who(check) -> set[str]:
    return {name for name, actor in {**EVERYBODY, **ELSEWHERE, **PRETENDERS}.items() if check(actor)}


def test_trips_are_noted_at_the_windows_that_serve_the_case() -> None:
    windows = {
        f"{name} of the {end} place" for name in ("clerk", "community worker") for end in ("taking", "responsible")
    }
    windows |= {"issuer", "issuer of the responsible place"}
    assert who(lambda actor: can_note_trips(actor, OURS)) == windows


def test_priority_and_questions_come_from_the_windows_that_take_papers() -> None:
    takers = {
        f"{name} of the {end} place" for name in ("clerk", "community worker") for end in ("taking", "responsible")
    }
    assert who(lambda actor: can_prioritise(actor, OURS)) == who(lambda actor: can_ask(actor, OURS)) == takers


REVIEWERS = {"reviewer", "decider", "decider of one kind of item", "reviewer with deciding posts elsewhere"}
DECIDERS = {"decider", "decider of one kind of item"}
CHIEFS = {"chief", "chief at the responsible place"}
SIDE = {"applicant", "guardian", "agent", "agent for this item"}


def test_an_error_is_pointed_out_by_the_applicants_side_and_by_who_works_on_the_case() -> None:
    windows = who(lambda actor: can_prioritise(actor, OURS))
    assert who(lambda actor: can_ask_correction(actor, OURS)) == SIDE | windows | REVIEWERS | CHIEFS
    assert not can_ask_correction(person(RECEIVER), OURS)


def test_an_error_is_mended_by_who_checks_and_after_acceptance_by_who_decides() -> None:
    judges = {"clerk of the responsible place", "community worker of the responsible place"}
    assert who(lambda actor: can_approve_correction(actor, OURS, accepted=False)) == judges
    assert who(lambda actor: can_approve_correction(actor, OURS, accepted=True)) == DECIDERS | CHIEFS


def test_questions_are_answered_by_the_departments_reviewers() -> None:
    assert who(lambda actor: can_answer(actor, BUREAU)) == REVIEWERS
    assert who(lambda actor: can_answer(actor, OTHER)) == set()
    assert not can_answer(STRANGERS["a person with a reviewer's grant"], BUREAU)


def test_a_certificate_is_looked_after_by_the_organ_and_ended_by_who_decides() -> None:
    assert who(lambda actor: can_look_after(actor, OURS)) == REVIEWERS | {"supervisor"}
    assert who(lambda actor: can_open_proceeding(actor, OURS)) == REVIEWERS
    assert who(lambda actor: can_decide_proceeding(actor, OURS)) == DECIDERS
    assert who(lambda actor: is_holder(actor, OURS)) == SIDE
    assert not can_decide_proceeding(STRANGERS["post without the role"], OURS)
    pretender = STRANGERS["a person with a supervisor's grant"]
    assert not can_look_after(pretender, OURS)
    assert not is_holder(replace(CLERK, represents=frozenset({APPLICANT})), OURS), "staff hold nothing for others"


def test_limits_are_urged_by_the_departments_supervisor_and_the_halls_manager() -> None:
    assert who(lambda actor: can_urge(actor, OURS)) == {
        "supervisor", "hall manager", "manager of the responsible hall",
    }  # fmt: skip


def test_files_come_from_those_who_take_papers() -> None:
    takers = {
        f"{name} of the {end} place" for name in ("clerk", "community worker") for end in ("taking", "responsible")
    }
    assert who(can_hand_in_files) == takers | {"clerk elsewhere"}


def test_papers_are_read_by_the_applicants_side_and_by_staff_who_do_more_than_supervise() -> None:
    """Whether they may see the case at all is asked before."""
    side = {"applicant", "guardian", "agent", "agent for this item"}
    at_work = {name for name, actor in {**EVERYBODY, **ELSEWHERE}.items() if actor.is_staff}
    assert who(lambda actor: can_read_papers(actor, OURS)) == (
        side | {"system"} | at_work - {"supervisor", "supervisor elsewhere"}
    )
    assert can_read_papers(BOTH, OURS)
    assert not can_read_papers(person(RECEIVER), OURS), "who only collects the result"
    assert not can_read_papers(anonymous(channel=Channel.PORTAL), OURS)


def test_help_is_seen_by_who_asked_and_by_who_helps_at_its_place() -> None:
    helpers = {"clerk of the taking place", "community worker of the taking place", "hall manager"}
    asking = {"applicant", "guardian", "agent"}  # not who stands for them in one item alone
    assert who(lambda actor: can_help(actor, HALL)) == helpers
    assert who(lambda actor: is_asker(actor, APPLICANT)) == asking
    assert who(lambda actor: can_see_help(actor, HALL, APPLICANT)) == helpers | asking
    assert not is_asker(replace(CLERK, represents=frozenset({APPLICANT})), APPLICANT), "staff ask nothing for others"


def test_the_duty_is_set_by_reviewers_who_decide_for_the_department() -> None:
    assert who(lambda actor: can_set_duty(actor, "CGZF")) == DECIDERS
    assert who(lambda actor: can_set_duty(actor, "RLZY")) == {"reviewer with deciding posts elsewhere"}
    assert not can_set_duty(STRANGERS["post without the role"], "CGZF")
    assert not can_set_duty(STRANGERS["a person with a reviewer's grant"], "CGZF")


@pytest.mark.parametrize(
    ("post", "decides"),
    [
        ("CGZF.decide", True),
        ("CGZF.exit_decide", True),
        ("CGZF.decide_exit", False),
        ("CGZF.undecide", False),
        ("CGZF.review", False),
        ("RLZY.decide", False),
        ("CGZF2.decide", False),
        ("decide", False),
    ],
)
def test_a_deciding_post_is_the_departments_own_and_says_so_at_its_end(post: str, decides: bool) -> None:
    assert holds_deciding_post(staff(posts=(post,)), "CGZF") is decides
