"""What of people needs a second person (docs/adr/0014): who is one of the three administrators, and their passwords."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.roles import WORDS
from yichuang.core.second import Args, Line
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people.commands.grants import GRANT, REVOKE, grant_role, revoke_role
from yichuang.people.commands.staff import RENEW, renew_password
from yichuang.people.models import GrantRow, Staff
from yichuang.people.permissions import check_can_grant, check_can_renew_password
from yichuang.people.staff_book import offices_of

A_STAFF, A_GRANT = W("工作人员", "member of staff"), W("授权", "grant")
WHO, ROLE, WHERE = W("工作人员", "Member of staff"), W("角色", "Role"), W("范围", "Where")
FROM, UNTIL = W("从", "From"), W("到", "Until")
EVERYWHERE, TODAY, OPEN = (
    W("全部", "everywhere"),
    W("复核当天", "the day of the confirmation"),
    W("收回为止", "until taken back"),
)
WHO_AND_ROLE = W("{who}：{role}", "{who}: {role}")
EFFECT = W("结果", "What follows")
REVOKED = W("角色立即收回，所有登录退出", "the role is gone from that moment, and every session ends")
RENEWED = W(
    "原密码作废，所有登录退出；由复核人交给本人新的首次密码",
    "the old password is void, every session ends; who confirms hands over a new first one",
)
ONESELF = W("与自己有关的，请由其他人提出和复核", "What concerns yourself is for others to ask and to confirm")


def _other(actor: Actor, staff: UUID) -> None:
    if actor.id == staff:
        raise Refused(Reason("GRANT_TO_ONESELF", ONESELF), kind="forbidden")


def _who(staff: UUID) -> Words:
    row = Staff.objects.filter(id=staff).first()
    if row is None:
        raise NotFound(A_STAFF)
    return Words(f"{row.name}（{row.staff_no}）", f"{row.name} ({row.staff_no})")


def _where(place: UUID | None, department: UUID | None) -> Words:
    names = [network.get_place_by_id(place).name] if place else []
    names += [network.get_department_by_id(department).name] if department else []
    return Words("、".join(n.zh for n in names), ", ".join(n.en for n in names)) if names else EVERYWHERE


def _same(text: str) -> Words:
    return Words(text, text)


def _id(args: Args, name: str) -> UUID | None:
    return UUID(args[name]) if args.get(name) else None


def _day(args: Args, name: str) -> date | None:
    return date.fromisoformat(args[name]) if args.get(name) else None


def _grant_check(actor: Actor, args: Args) -> None:
    check_can_grant(actor)
    _other(actor, UUID(args["staff"]))


def _grant_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    second.trial(GRANT, lambda: _grant_run(actor, args, {}, at))
    return [
        Line(WHO, _who(UUID(args["staff"]))),
        Line(ROLE, WORDS.get(args["role"], _same(args["role"]))),
        Line(WHERE, _where(_id(args, "place"), _id(args, "department"))),
        Line(FROM, _same(args["valid_from"]) if args.get("valid_from") else TODAY),
        Line(UNTIL, _same(args["valid_to"]) if args.get("valid_to") else OPEN),
    ]


def _grant_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, str]:
    made = grant_role(
        actor=actor, staff=UUID(args["staff"]), role=args["role"], place=_id(args, "place"),
        department=_id(args, "department"), valid_from=_day(args, "valid_from"), valid_to=_day(args, "valid_to"), at=at,
    )  # fmt: skip
    return {"id": str(made)}


def _grant(args: Args) -> GrantRow:
    row = GrantRow.objects.filter(id=UUID(args["grant"]), revoked_at=None).first()
    if row is None:
        raise NotFound(A_GRANT)
    return row


def _role_about(args: Args) -> Words:
    """Who, and which role; of a role that is taken back, also when that is done."""
    role = args.get("role") or GrantRow.objects.filter(id=UUID(args["grant"])).values_list("role", flat=True).first()
    who, named = _who(UUID(args["staff"])), WORDS.get(role or "")
    return WHO_AND_ROLE.format(who=who, role=named) if named else who


def _renew_about(args: Args) -> Words:
    return _who(UUID(args["staff"]))


def _revoke_check(actor: Actor, args: Args) -> None:
    check_can_grant(actor)
    _other(actor, UUID(args["staff"]))


def _revoke_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    row = _grant(args)
    if str(row.staff_id) != args["staff"]:
        raise NotFound(A_GRANT)
    return [
        Line(WHO, _who(row.staff_id)),
        Line(ROLE, WORDS[row.role]),
        Line(WHERE, _where(row.place_id, row.department_id)),
        Line(EFFECT, REVOKED),
    ]


def _revoke_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> None:
    revoke_role(actor=actor, grant=_grant(args).id, at=at)


def _renew_check(actor: Actor, args: Args) -> None:
    staff = UUID(args["staff"])
    _other(actor, staff)
    check_can_renew_password(actor, args["roles"])


def _renew_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    staff = UUID(args["staff"])
    roles = sorted(offices_of(staff, at=at))
    check_can_renew_password(actor, roles)
    names = [WORDS[role] for role in roles]
    told = Words("、".join(n.zh for n in names), ", ".join(n.en for n in names))
    return [Line(WHO, _who(staff)), Line(ROLE, told), Line(EFFECT, RENEWED)]


def _renew_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> None:
    renew_password(actor=actor, staff=UUID(args["staff"]), password=late.get("password", ""), at=at)


_MEMBER = ("console:member", "staff")
second.register(
    second.Act(
        GRANT,
        W("授予管理员角色", "Make somebody an administrator"),
        _grant_check,
        _grant_preview,
        _grant_run,
        page=_MEMBER,
        about=_role_about,
    )  # fmt: skip
)
second.register(
    second.Act(
        REVOKE,
        W("收回管理员角色", "Take an administrator's role back"),
        _revoke_check,
        _revoke_preview,
        _revoke_run,
        page=_MEMBER,
        about=_role_about,
    )  # fmt: skip
)
second.register(
    second.Act(
        RENEW,
        W("重置管理员密码", "Reset an administrator's password"),
        _renew_check,
        _renew_preview,
        _renew_run,
        page=_MEMBER,
        about=_renew_about,
        late=("password",),
    )  # fmt: skip
)
