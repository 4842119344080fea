"""Who may do what to a case. `check_can_x` raises, `can_x` asks the same; both look at role × place × department × relation.

What somebody may not even see is answered with 404 by the gates in `queries`; here the case is already visible.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yichuang.cases.states import Act
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words


@dataclass(frozen=True, slots=True)
class Relations:
    """The parties, places and department of a case: all that a permission needs to know of it."""

    case_id: UUID
    applicant: UUID
    agent: UUID | None
    receiver: UUID
    taking_place: UUID
    responsible_place: UUID
    department: UUID
    department_code: str
    item: str

    @property
    def taken_for_another(self) -> bool:
        """代收: another place answers for the case than the one that took the filing (全城通办)."""
        return self.taking_place != self.responsible_place

    @property
    def places(self) -> tuple[UUID, ...]:
        """The place that took it and the one that answers for it."""
        return (self.taking_place, self.responsible_place)


APPLICANT_ACTS = frozenset({Act.SUPPLEMENT, Act.WITHDRAW, Act.SIGN_PROMISE, Act.DECLINE_PROMISE})
CLERK_ACTS = frozenset(
    {
        Act.PRECHECK,
        Act.NOTIFY_GAPS,
        Act.ACCEPT,
        Act.ACCEPT_WITH_GAPS,
        Act.OFFER_PROMISE,
        Act.REFUSE,
        Act.SUPPLEMENT,
        Act.WITHDRAW,
        Act.TERMINATE,
    }
)
TAKING_ACTS = frozenset({Act.SUPPLEMENT, Act.WITHDRAW})  # 代收: the place takes papers in and judges nothing
CARRYING_ACTS = frozenset({Act.SEND_RESULT, Act.RECEIVE_RESULT})
AT_A_WINDOW = (roles.INTAKE_CLERK, roles.COMMUNITY_WORKER)
DEPARTMENT_ACTS = frozenset({Act.REVIEW, Act.SUSPEND, Act.RESUME, Act.ASK_EXTENSION, Act.TERMINATE, Act.HEARING})
DECIDING_ACTS = frozenset({Act.GRANT, Act.DENY, Act.EXTEND, Act.DECLINE_EXTENSION})
FORBIDDEN = W("您没有办理“{act}”的权限", "You are not allowed to do this: {act}")


def stands_for_applicant(actor: Actor, case: Relations) -> bool:
    """The applicant, or who represents the applicant in this item now: an agent whose authority ended is a stranger."""
    if actor.kind == "link":
        return actor.case == case.case_id
    return actor.acts_for(case.applicant, item=case.item)


def _serves(actor: Actor, served: Collection[str], *places: UUID) -> bool:
    return actor.is_staff and any(actor.has(role, place=place) for role in served for place in places)


def is_clerk_of(actor: Actor, case: Relations) -> bool:
    """An intake clerk or community worker of the place that took the filing."""
    return _serves(actor, AT_A_WINDOW, case.taking_place)


def is_judge_of(actor: Actor, case: Relations) -> bool:
    """An intake clerk or community worker of the responsible place: who checks, accepts, tells and refuses."""
    return _serves(actor, AT_A_WINDOW, case.responsible_place)


def is_issuer_of(actor: Actor, case: Relations) -> bool:
    """Who hands results out at the place that took the filing or at the responsible one (全城通办: either).

    A community centre has no separate desk for it: its worker does."""
    return _serves(actor, (roles.ISSUING_CLERK, roles.COMMUNITY_WORKER), *case.places)


def is_department_of(actor: Actor, case: Relations) -> bool:
    """A reviewer of the deciding department, or holder of one of its posts."""
    return actor.is_staff and actor.has(roles.REVIEWER, department=case.department)


def holds_deciding_post(actor: Actor, department: str) -> bool:
    """A deciding post of the department: its one (`GAFJ.decide`), or that of a kind of item (`GAFJ.exit_decide`).

    Whether it is the post that this case waits for is asked of the open task (`commands.decide`).
    """
    mine = (post.removeprefix(f"{department}.") for post in actor.posts if post.startswith(f"{department}."))
    return any(post == "decide" or post.endswith("_decide") for post in mine)


def is_chief_of(actor: Actor, case: Relations) -> bool:
    """The chief representative (首席代表) of the department at one of the places of the case."""
    return actor.is_staff and any(
        actor.has(roles.CHIEF_REPRESENTATIVE, place=place, department=case.department) for place in case.places
    )


def is_decider_of(actor: Actor, case: Relations) -> bool:
    """Who decides such cases: the holder of a deciding post of the department, or its chief representative."""
    decides = is_department_of(actor, case) and holds_deciding_post(actor, case.department_code)
    return decides or is_chief_of(actor, case)


def can_see(actor: Actor, case: Relations, *, task_posts: frozenset[str] = frozenset()) -> bool:
    """Whether the case may be opened at all; `task_posts` are the posts that have or had a task on it."""
    if actor.kind == "system" or stands_for_applicant(actor, case):
        return True
    if actor.kind == "person":
        return actor.acts_for(case.receiver, item=case.item)
    return actor.is_staff and (
        is_clerk_of(actor, case)
        or is_judge_of(actor, case)
        or is_issuer_of(actor, case)
        or is_department_of(actor, case)
        or is_chief_of(actor, case)
        or bool(actor.posts & task_posts)
        or _serves(actor, (roles.HALL_MANAGER,), *case.places)
        or actor.has(roles.SUPERVISOR, department=case.department)
    )


def can_do(actor: Actor, act: Act, case: Relations) -> bool:
    """Whether this actor may do this act to this case (its state is asked elsewhere)."""
    if actor.kind == "system":
        return True
    if act in APPLICANT_ACTS and stands_for_applicant(actor, case):
        return actor.kind != "link" or act is Act.SUPPLEMENT
    if act is Act.DELIVER:
        return is_issuer_of(actor, case)
    if act in DECIDING_ACTS:
        return is_decider_of(actor, case)
    if act is Act.TRANSFER:  # which of the two, and where to, depends on how far it is: `rules.transfer`
        return is_judge_of(actor, case) or is_decider_of(actor, case)
    if act is Act.NOTIFY_GAPS and actor.is_staff and actor.has(roles.SUPERVISOR, department=case.department):
        return True
    return (
        (act in CLERK_ACTS and is_judge_of(actor, case))
        or (act in TAKING_ACTS and is_clerk_of(actor, case))
        or (act in CARRYING_ACTS and _carries(actor, act, case))
        or (act in DEPARTMENT_ACTS and is_department_of(actor, case))
    )


def _carries(actor: Actor, act: Act, case: Relations) -> bool:
    """The responsible place sends a result, the place that took the filing receives it; only where they differ."""
    end = case.responsible_place if act is Act.SEND_RESULT else case.taking_place
    return case.taken_for_another and _serves(actor, (*AT_A_WINDOW, roles.ISSUING_CLERK), end)


def check_can_do(actor: Actor, act: Act, case: Relations, words: Words) -> None:
    """Raise a refusal (403) unless `can_do`."""
    if not can_do(actor, act, case):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=words)), kind="forbidden")


def can_take_filings(actor: Actor) -> bool:
    """Whether the actor may take filings of walk-ins at its own place."""
    return (
        actor.is_staff
        and actor.place is not None
        and any(actor.has(role, place=actor.place) for role in (roles.INTAKE_CLERK, roles.COMMUNITY_WORKER))
    )


def can_note_trips(actor: Actor, case: Relations) -> bool:
    """Whether the actor serves people of this case at a window: takes papers in, or hands the result out."""
    return is_clerk_of(actor, case) or is_judge_of(actor, case) or is_issuer_of(actor, case)


def can_prioritise(actor: Actor, case: Relations) -> bool:
    """Whether the actor may put the case forward (优先): who takes people's papers at one of its places."""
    return is_clerk_of(actor, case) or is_judge_of(actor, case)


def can_ask(actor: Actor, case: Relations) -> bool:
    """Whether the actor may ask the department's duty specialist: who takes people's papers at a place of the case."""
    return is_clerk_of(actor, case) or is_judge_of(actor, case)


def can_ask_correction(actor: Actor, case: Relations) -> bool:
    """Whether the actor may ask to mend a clerical error (更正): the applicant's side, or who works on the case."""
    if not actor.is_staff:
        return actor.kind == "person" and stands_for_applicant(actor, case)
    works = is_clerk_of(actor, case) or is_judge_of(actor, case)
    return works or is_department_of(actor, case) or is_chief_of(actor, case)


def can_approve_correction(actor: Actor, case: Relations, *, accepted: bool) -> bool:
    """Whether the actor may mend it: who decides such cases, or before acceptance who checks the filing."""
    return is_decider_of(actor, case) if accepted else is_judge_of(actor, case)


def can_set_duty(actor: Actor, department: str) -> bool:
    """Whether the actor says who of the department answers when (值班): who decides for it."""
    return actor.is_staff and roles.REVIEWER in actor.roles and holds_deciding_post(actor, department)


HELPERS = (roles.INTAKE_CLERK, roles.COMMUNITY_WORKER, roles.HALL_MANAGER)


def is_asker(actor: Actor, asker: UUID) -> bool:
    """Who asked for help (求助), or stands for them in everything."""
    return actor.acts_for(asker)


def can_help(actor: Actor, place: UUID) -> bool:
    """Whether the actor helps people at the place: its clerks, community workers and manager."""
    return _serves(actor, HELPERS, place)


def can_see_help(actor: Actor, place: UUID, asker: UUID) -> bool:
    """Whether a request for help may be opened at all: by who asked, and by who helps at its place."""
    return is_asker(actor, asker) or can_help(actor, place)


def can_answer(actor: Actor, department: UUID) -> bool:
    """Whether the actor answers what is asked of the department: its reviewers."""
    return actor.is_staff and actor.has(roles.REVIEWER, department=department)


def can_urge(actor: Actor, case: Relations) -> bool:
    """Whether the actor answers for limits being kept: the department's supervisor, the manager of a hall of the case."""
    return (actor.is_staff and actor.has(roles.SUPERVISOR, department=case.department)) or _serves(
        actor, (roles.HALL_MANAGER,), *case.places
    )


def can_hand_in_files(actor: Actor) -> bool:
    """Whether a member of staff takes papers of applicants in at all: nobody else has a use for files of their own."""
    return actor.is_staff and bool(actor.roles & {roles.INTAKE_CLERK, roles.COMMUNITY_WORKER})


def can_read_papers(actor: Actor, case: Relations) -> bool:
    """Whether the files that were handed in may be opened, by somebody who may see the case: they show everything in full.

    Not by a link, which only takes files in; nor by who only collects the result, or supervises limits and notices.
    """
    if actor.kind == "person":
        return stands_for_applicant(actor, case)
    return actor.kind == "system" or (actor.is_staff and actor.roles != {roles.SUPERVISOR})


def can_look_after(actor: Actor, case: Relations) -> bool:
    """Whether the actor looks after certificates that this case brought: its department's reviewers and supervisors."""
    return is_department_of(actor, case) or (actor.is_staff and actor.has(roles.SUPERVISOR, department=case.department))


def can_open_proceeding(actor: Actor, case: Relations) -> bool:
    """Whether the actor may open a proceeding on the certificate of this case, for the organ that issued it.

    Not a supervisor of the whole district, who belongs to another organ (行政许可法 art. 69 (1)).
    """
    return is_department_of(actor, case)


def can_decide_proceeding(actor: Actor, case: Relations) -> bool:
    """Whether the actor may decide on the end of a certificate: who decides such cases; nobody decides what they opened."""
    return is_department_of(actor, case) and holds_deciding_post(actor, case.department_code)


def is_holder(actor: Actor, case: Relations) -> bool:
    """The holder of the certificate, who is the applicant of the case; or who stands for the holder in this item."""
    return actor.acts_for(case.applicant, item=case.item)


def can_let_decide(actor: Actor, department: UUID, code: str) -> bool:
    """Whether the actor may let a rule set (规则集) of the department decide alone, together with a second such person: who
    decides for the department, or its chief representative."""
    decides = actor.has(roles.REVIEWER, department=department) and holds_deciding_post(actor, code)
    return actor.is_staff and (decides or actor.has(roles.CHIEF_REPRESENTATIVE, department=department))


def can_brake(actor: Actor, department: UUID, code: str) -> bool:
    """Whether the actor may switch a rule set off, or say how much of it is looked at: a brake has many hands."""
    return can_let_decide(actor, department, code) or (
        actor.is_staff and actor.has(roles.SUPERVISOR, department=department)
    )


def can_see_rules(actor: Actor, department: UUID, code: str) -> bool:
    """Whether the actor may read how a rule set does: who may brake it, the department's reviewers, who edits items."""
    return can_brake(actor, department, code) or (
        actor.is_staff and (actor.has(roles.REVIEWER, department=department) or actor.has(roles.ITEM_EDITOR))
    )


def can_recheck(actor: Actor, department: UUID) -> bool:
    """Whether the actor re-checks (抽查) what was decided automatically for the department: its reviewers."""
    return actor.is_staff and actor.has(roles.REVIEWER, department=department)
