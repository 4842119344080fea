"""Who may do what with people and powers: `check_can_x` raises, `can_x` asks the same check.

三员分立: the system administrator opens accounts, the security administrator grants powers, the security auditor reads
the logs; none does another's work, and none sees citizens' data. The system itself (installation, jobs) may all.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.roles import (
    CHIEF_REPRESENTATIVE,
    COMMUNITY_WORKER,
    HALL_MANAGER,
    INTAKE_CLERK,
    ISSUING_CLERK,
    REVIEWER,
    SECURITY_ADMIN,
    SECURITY_AUDITOR,
    SYSTEM_ADMIN,
    THREE_ADMINISTRATORS,
    WORDS,
)
from yichuang.core.words import W, Words
from yichuang.people.rules import renewer_of as renewer_of  # pages name the office

AT_THE_COUNTER = frozenset({INTAKE_CLERK, COMMUNITY_WORKER, CHIEF_REPRESENTATIVE, HALL_MANAGER})
HANDLES_CASES = AT_THE_COUNTER | {ISSUING_CLERK, REVIEWER}


def _require(allowed: bool, words: Words) -> None:
    if not allowed:
        raise Refused(Reason("NOT_ALLOWED", words), kind="forbidden")


def _holds(actor: Actor, roles: frozenset[str]) -> bool:
    return actor.kind == "system" or (actor.kind == "staff" and bool(actor.roles & roles))


def check_can_register(actor: Actor) -> None:
    """Entering a person or company into the books: staff who have the document before them."""
    _require(_holds(actor, AT_THE_COUNTER), W("只有窗口人员可以登记当事人", "Only counter staff may register a party"))


def sees_documents(actor: Actor) -> bool:
    """Whether the actor has people and their documents before them: counter staff."""
    return actor.kind == "staff" and bool(actor.roles & AT_THE_COUNTER)


def check_can_see_documents(actor: Actor) -> None:
    """Putting on record that a document was seen: counter staff, who have people before them."""
    _require(sees_documents(actor), W("只有窗口人员可以核验证件", "Only counter staff look at documents"))


def check_can_open_account(actor: Actor) -> None:
    """A citizen's account: at the counter against the document, or by the system administrator."""
    _require(
        _holds(actor, AT_THE_COUNTER | {SYSTEM_ADMIN}),
        W("只有窗口人员或系统管理员可以开通账号", "Only counter staff or the system administrator may open accounts"),
    )


def check_can_manage_staff(actor: Actor) -> None:
    """Opening and disabling staff accounts: the system administrator."""
    _require(
        _holds(actor, frozenset({SYSTEM_ADMIN})),
        W("只有系统管理员可以管理工作人员账号", "Only the system administrator manages staff accounts"),
    )


def check_can_renew_password(actor: Actor, owner_roles: Collection[str]) -> None:
    """A new first password for who holds these roles: the administrator whom that owner does not watch (`rules`)."""
    office = renewer_of(owner_roles)
    words = W("三员分立：此人的密码只能由{office}重置", "Only the {office} may renew this person's password")
    _require(_holds(actor, frozenset({office})), words.format(office=WORDS[office]))


def check_can_grant(actor: Actor) -> None:
    """Granting and revoking roles and posts: the security administrator."""
    _require(
        _holds(actor, frozenset({SECURITY_ADMIN})),
        W("只有安全管理员可以授权", "Only the security administrator grants powers"),
    )


def check_can_qualify(actor: Actor, place: UUID) -> None:
    """Qualifying the staff of a place (上岗资格): its manager."""
    _require(
        actor.kind == "system" or (actor.is_staff and actor.has(HALL_MANAGER, place=place)),
        W("请本大厅主任办理上岗资格", "Ask the manager of this hall about qualifications"),
    )


def check_can_see_staff(actor: Actor) -> None:
    """The book of staff with their powers: each of the three administrators, who all work from it."""
    _require(
        _holds(actor, THREE_ADMINISTRATORS),
        W("只有系统管理员、安全管理员和安全审计员可以查看人员与权限", "Only the three administrators see staff and powers"),
    )  # fmt: skip


def check_can_read_logs(actor: Actor) -> None:
    """Reading who looked at what: the security auditor."""
    _require(
        _holds(actor, frozenset({SECURITY_AUDITOR})),
        W("只有安全审计员可以查看日志", "Only the security auditor reads the logs"),
    )


def check_can_unmask(actor: Actor, party: UUID) -> None:
    """Seeing a full value: the person, those who stand for them, and staff who handle cases. No administrator."""
    _require(
        actor.acts_for(party) or (actor.kind == "staff" and bool(actor.roles & HANDLES_CASES)),
        W("您的角色不能查看完整信息", "Your role may not see full values"),
    )


def _asks(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except Refused:
        return False
    return True


def can_register(actor: Actor) -> bool:
    return _asks(check_can_register, actor)


def can_open_account(actor: Actor) -> bool:
    return _asks(check_can_open_account, actor)


def can_manage_staff(actor: Actor) -> bool:
    return _asks(check_can_manage_staff, actor)


def can_renew_password(actor: Actor, owner_roles: Collection[str]) -> bool:
    return _asks(check_can_renew_password, actor, owner_roles)


def can_grant(actor: Actor) -> bool:
    return _asks(check_can_grant, actor)


def can_see_staff(actor: Actor) -> bool:
    return _asks(check_can_see_staff, actor)


def can_read_logs(actor: Actor) -> bool:
    return _asks(check_can_read_logs, actor)


def can_unmask(actor: Actor, party: UUID) -> bool:
    return _asks(check_can_unmask, actor, party)
