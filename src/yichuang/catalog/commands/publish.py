"""Publishing and withdrawing versions of an item, at once or at a set time. What is published never changes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from yichuang.catalog import index, search
from yichuang.catalog.commands.departments import lock_department
from yichuang.catalog.commands.trials import all_examples, fault_reason, working_calendar
from yichuang.catalog.events import PackPublished, PackWithdrawn
from yichuang.catalog.models import ItemVersion
from yichuang.catalog.packs.folder import Loaded, load_folder
from yichuang.catalog.permissions import PUBLISH, check_can_publish
from yichuang.catalog.queries import spoken_words
from yichuang.catalog.store import fields_of, pack_of, row_of
from yichuang.catalog.values import ItemRow, Pack
from yichuang.core import events, ledger
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine.values import parse_process
from yichuang.network import queries as network

_ITEM = W("事项", "item")
CONTENT_CHANGED = W(
    "文件夹的内容在您打开页面之后有变化，请重新核对后再发布",
    "The folder has changed since you opened the page: please read it again before publishing",
)
IN_PAST = W("生效时间不能早于现在", "It cannot take effect in the past")
_ENDED = W("下线时间不能早于现在", "It cannot be withdrawn in the past")
_TAKEN = W(
    "版本 {version} 已经发布过，内容不能更改；请把 version 加 1",
    "Version {version} is published already and never changes; please raise version by one",
)
_OLD = W(
    "版本号应大于已发布的最高版本 {highest}", "The version must be higher than the highest one published, {highest}"
)
_LATER = W(
    "版本 {version} 将于更晚时间生效，请先下线它",
    "Version {version} takes effect later; please withdraw that one first",
)
_RED = W("例子 {file} 不符：{what}", "The example {file} fails: {what}")
_NO_DEPARTMENT = W("没有部门 {code}", "There is no department {code}")
_CLOSED = W("{name}已经撤销，不能再办理新的事项", "{name} is closed and takes on no more items")
_NO_POST = W("流程用到的岗位 {post} 不存在", "The process names the post {post}, which is not there")
_OTHER_ORGAN = W(
    "实施编码中的信用代码与部门 {code} 的不一致", "The credit code in the implementation code is not that of {code}"
)


@transaction.atomic
def publish_pack(
    *, folder: str | Path, actor: Actor, at: datetime, effective_at: datetime | None = None, digest: str = ""
) -> ItemRow:
    """Publish the pack of a folder; it applies from `effective_at` (now, if not given), the version before until then.

    `digest`, where it is named, is that of the content somebody has read and agreed to: other content is not published.
    Publishing the same content again changes nothing. Raises Refused with every fault of the pack, every red example,
    a version that is taken or too low, unknown departments and posts, or a time in the past.
    """
    check_can_publish(actor)
    needs_two(PUBLISH, actor)
    start = effective_at or at
    loaded = load_folder(Path(folder))
    refuse_all([fault_reason(fault) for fault in loaded.faults])
    if loaded.pack is None:
        raise NotFound(_ITEM)
    pack = loaded.pack
    if digest and pack.digest != digest:
        raise Refused(Reason("CONTENT_CHANGED", CONTENT_CHANGED), kind="conflict")
    _lock(pack.code)
    lock_department(pack.department, closing=False)
    if ItemVersion.objects.filter(code=pack.code, version=pack.version, digest=pack.digest).exists():
        return row_of(pack)
    reasons = [*_red_examples(pack), *_unknown_organs(pack), *_version_reasons(pack, start)]
    if start < at:
        reasons.append(Reason("EFFECTIVE_IN_PAST", IN_PAST, "/effective_at"))
    refuse_all(reasons)
    return _write(loaded, pack, actor, at, start)


def _write(loaded: Loaded, pack: Pack, actor: Actor, at: datetime, start: datetime) -> ItemRow:
    before = ItemVersion.objects.filter(code=pack.code, retired_at__isnull=True)
    before.update(retired_at=start)
    version = new_id()
    also = spoken_words(pack.code)
    terms = search.vector(search.document_of(pack, also))
    row = ItemVersion(
        id=version,
        effective_at=start,
        published_at=at,
        published_by=actor.id if actor.is_staff else None,
        search=terms,
        **fields_of(loaded, pack, also),
    )
    row.save(force_insert=True)
    for ended in ItemVersion.objects.filter(code=pack.code, retired_at__lte=at).values_list("id", flat=True):
        index.drop(ended)
    index.put([version])
    pack_of.cache_clear()
    ledger.append(
        act="publish_pack",
        actor=actor,
        at=at,
        subject=ledger.Subject("item_version", version),
        detail={"item": pack.code, "version": pack.version, "digest": pack.digest, "effective_at": start.isoformat()},
    )
    events.publish(PackPublished(code=pack.code, version=pack.version, effective_at=start, at=at))
    return row_of(pack)


@transaction.atomic
def withdraw_pack(*, code: str, actor: Actor, at: datetime, effective_at: datetime | None = None) -> None:
    """From `effective_at` on nobody can apply for the item any more; its cases go on under their versions.

    A version that was to take effect later never does. NotFound when nothing is open or to come.
    """
    check_can_publish(actor)
    end = effective_at or at
    if end < at:
        raise Refused(Reason("EFFECTIVE_IN_PAST", _ENDED, "/effective_at"))
    _lock(code)
    row = (
        ItemVersion.objects.select_for_update(of=("self",))
        .filter(code=code, retired_at__isnull=True)
        .order_by("id")
        .first()
    )
    if row is None:
        raise NotFound(_ITEM)
    row.retired_at = max(end, row.effective_at)
    row.save(update_fields=["retired_at"])
    ledger.append(
        act="withdraw_pack",
        actor=actor,
        at=at,
        subject=ledger.Subject("item_version", row.id),
        detail={"item": code, "version": row.version, "effective_at": row.retired_at.isoformat()},
    )
    events.publish(PackWithdrawn(code=code, version=row.version, effective_at=row.retired_at, at=at))


def _lock(code: str) -> None:
    """One publisher per item at a time (there may be no row to lock yet)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"catalog:{code}"])


def _red_examples(pack: Pack) -> Iterator[Reason]:
    for result in all_examples(pack, working_calendar()):
        for difference in result.differences:
            words = _RED.format(file=result.file, what=difference)
            yield Reason("EXAMPLE_FAILS", words, result.file)


def _unknown_organs(pack: Pack) -> Iterator[Reason]:
    """The department and the posts of the process exist, and the implementation code is of that department."""
    try:
        department = network.get_department(pack.department)
    except Refused:
        yield Reason("UNKNOWN_DEPARTMENT", _NO_DEPARTMENT.format(code=pack.department), "item.yaml")
    else:
        if department.closed:
            yield Reason("DEPARTMENT_CLOSED", _CLOSED.format(name=department.name), "item.yaml")
        if pack.task_code and pack.task_code[:18] != department.uscc:
            yield Reason("OTHER_ORGAN", _OTHER_ORGAN.format(code=pack.department), "item.yaml")
    posts = {post.code for post in network.list_posts()}
    for post in sorted({post for task in parse_process(pack.process_xml).tasks for post in task.posts} - posts):
        yield Reason("UNKNOWN_POST", _NO_POST.format(post=post), "process.bpmn")


def _version_reasons(pack: Pack, start: datetime) -> Iterator[Reason]:
    rows = ItemVersion.objects.filter(code=pack.code).order_by("-version")
    versions = list(rows.values_list("version", "effective_at", "retired_at"))
    if any(version == pack.version for version, _, _ in versions):
        yield Reason("VERSION_TAKEN", _said(_TAKEN, version=pack.version), "item.yaml")
        return
    if versions and pack.version < versions[0][0]:
        yield Reason("VERSION_TOO_LOW", _said(_OLD, highest=versions[0][0]), "item.yaml")
    for version, effective, retired in versions:
        if (effective >= start) if retired is None else (max(start, effective) < retired):
            yield Reason("VERSION_TO_COME", _said(_LATER, version=version), "item.yaml")


def _said(words: Words, **values: int) -> Words:
    return words.format(**values)
