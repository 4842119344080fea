"""Departments (部门), posts (岗位), and who answers for which item."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.network.models import Authorisation, Department, ItemAssignment, Place, Post
from yichuang.network.permissions import check_can_change_network
from yichuang.network.rules import judge_department, judge_post
from yichuang.network.values import AssignmentRule, DepartmentData, PostAct

DEPARTMENT = W("部门", "department")
_CLOSED = W("{name}已经撤销，不能再新增", "{name} is closed and takes on nothing new")
_STILL_ITEMS = W(
    "还有 {n} 个事项归口由它办理，请先改派给别的部门",
    "It still answers for items ({n}): assign them to another department first",
)
_STILL_AUTHORISES = W(
    "还有 {n} 项委托受理授权没有终止，请先由首席代表终止",
    "Authorisations of it that have not ended: {n}. Its chief representative ends them first",
)


def _find_department(code: str) -> Department:
    row = Department.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise NotFound(DEPARTMENT)
    return row


def closed_reasons(row: Department, field: str = "/department") -> list[Reason]:
    """Why the department takes on nothing new; [] while it is open."""
    words = _CLOSED.format(name=W(row.name_zh, row.name_en))
    return [Reason("DEPARTMENT_CLOSED", words, field)] if row.closed_at else []


def _open_department(code: str, field: str = "/department") -> Department:
    row = _find_department(code)
    refuse_all(closed_reasons(row, field))
    return row


@transaction.atomic
def save_department(*, actor: Actor, department: DepartmentData, at: datetime) -> UUID:
    """Create the department with this code, or change it to what is given; its id."""
    check_can_change_network(actor)
    reasons = judge_department(department)
    if Department.objects.filter(uscc=department.uscc).exclude(code=department.code).exists():
        words = W("统一社会信用代码已被另一部门使用", "Another department has this credit code")
        reasons.append(Reason("USCC_TAKEN", words, "/uscc"))
    refuse_all(reasons)
    row, created = Department.objects.update_or_create(
        code=department.code,
        defaults={
            "uscc": department.uscc,
            "kind": department.kind.value,
            "name_zh": department.name.zh,
            "name_en": department.name.en,
            "organ_seal": department.organ_seal,
            "address_zh": department.address.zh,
            "address_en": department.address.en,
            "review_organ_zh": department.review_organ.zh,
            "review_organ_en": department.review_organ.en,
            "court_zh": department.court.zh,
            "court_en": department.court.en,
            "phone": department.phone,
            "complaint_phone": department.complaint_phone,
            "demo": department.demo,
        },
    )
    ledger.append(
        act="network.department_created" if created else "network.department_changed",
        actor=actor,
        at=at,
        subject=ledger.Subject("department", row.id),
        detail={"code": row.code, "uscc": row.uscc},
    )
    return row.id


@transaction.atomic
def close_department(*, actor: Actor, code: str, at: datetime) -> None:
    """It takes on no item, post or authorisation any more; its cases, posts and papers go on. Closed already: nothing.

    Refused while items are assigned to it or its authorisations are in force or to come. `catalog.commands` has the
    command that a person calls: it also asks for items that are published without an assignment.
    """
    check_can_change_network(actor)
    row = _find_department(code)
    if row.closed_at:
        return
    items = ItemAssignment.objects.filter(department=row).count()
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=local_date(at))
    papers = Authorisation.objects.filter(in_force, department=row).count()
    reasons = [Reason("STILL_ANSWERS", _STILL_ITEMS.format(n=items))] if items else []
    reasons += [Reason("STILL_AUTHORISES", _STILL_AUTHORISES.format(n=papers))] if papers else []
    refuse_all(reasons, kind="conflict")
    _set_closed(row, at, actor=actor, at=at)


@transaction.atomic
def reopen_department(*, actor: Actor, code: str, at: datetime) -> None:
    """It may take on items again. Open already: nothing."""
    check_can_change_network(actor)
    row = _find_department(code)
    if row.closed_at:
        _set_closed(row, None, actor=actor, at=at)


def _set_closed(row: Department, closed_at: datetime | None, *, actor: Actor, at: datetime) -> None:
    row.closed_at = closed_at
    row.save(update_fields=["closed_at"])
    ledger.append(
        act="network.department_closed" if closed_at else "network.department_reopened",
        actor=actor,
        at=at,
        subject=ledger.Subject("department", row.id),
        detail={"code": row.code},
    )


@transaction.atomic
def save_post(*, actor: Actor, code: str, name: Words, act: PostAct, at: datetime) -> UUID:
    """Create or change the post "DEPT.post"; "WINDOW.…" belongs to no department."""
    check_can_change_network(actor)
    refuse_all(judge_post(code, name))
    prefix = code.split(".")[0]
    department = None if prefix == "WINDOW" else _open_department(prefix, "/code")
    row, _ = Post.objects.update_or_create(
        code=code,
        defaults={"department": department, "name_zh": name.zh, "name_en": name.en, "act": act.value},
    )
    ledger.append(
        act="network.post_saved",
        actor=actor,
        at=at,
        subject=ledger.Subject("post", row.id),
        detail={"code": code, "act": act.value},
    )
    return row.id


@transaction.atomic
def assign_item(
    *, actor: Actor, item_code: str, department: str, rule: AssignmentRule, at: datetime, place: str | None = None
) -> None:
    """Say which department answers for an item and how its responsible place (属地) is found.

    `place` (a code) is named exactly when the rule is PLACE.
    """
    check_can_change_network(actor)
    organ = _open_department(department)
    named = Place.objects.filter(code=place).first() if place else None
    if (rule is AssignmentRule.PLACE) != (named is not None):
        words = W(
            "“指定网点办理”须写明一个存在的网点，其他规则不写",
            "A known place is named exactly when one place handles the item",
        )
        refuse_all([Reason("PLACE_AND_RULE_DISAGREE", words, "/place")])
    ItemAssignment.objects.update_or_create(
        item_code=item_code, defaults={"department": organ, "rule": rule.value, "place": named}
    )
    ledger.append(
        act="network.item_assigned",
        actor=actor,
        at=at,
        subject=ledger.Subject("item", uuid5(organ.id, item_code)),
        detail={"item": item_code, "department": department, "rule": rule.value, "place": place},
    )
