"""发布套餐: a folder becomes a published version, when it fits its items and its process; and is withdrawn again."""

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from yichuang.bundles import messages
from yichuang.bundles.models import PackageVersion
from yichuang.bundles.reading import BPMN, YAML, digest_of, read_files
from yichuang.bundles.trials import check_package as check_package
from yichuang.catalog.permissions import check_can_publish
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import Words

PUBLISH, WITHDRAW = "publish_package", "withdraw_package"  # both need a second person


@transaction.atomic
def publish_package(*, folder: Path, actor: Actor, at: datetime, digest: str = "") -> bool:
    """Publish the folder's version; False when this very content is published already.

    `digest`, where it is named, is that of the content somebody has read and agreed to: other content is not published.
    Refused with every fault; a version that exists cannot be published with other content.
    """
    check_can_publish(actor)
    needs_two(PUBLISH, actor)
    package, faults = check_package(folder, at=at)
    if package is None or faults:
        raise Refused(*(Reason("PACKAGE_FAULT", one.words, one.file) for one in faults))
    files, _ = read_files(folder)
    found = digest_of(files)
    if digest and digest != found:
        raise Conflict(Reason("CONTENT_CHANGED", messages.CONTENT_CHANGED))
    _lock(package.code)
    known = PackageVersion.objects.filter(code=package.code, version__gte=package.version).order_by("-version").first()
    if known is not None and known.version == package.version and known.digest == found:
        return False
    if known is not None:
        words = Words(
            f"第 {known.version} 版已发布：内容有改动时请提高版本号",
            f"Version {known.version} is published: raise the version when the content changes",
        )
        raise Refused(Reason("VERSION_TOO_LOW", words, YAML))
    row = PackageVersion.objects.create(
        code=package.code,
        version=package.version,
        digest=found,
        text=files[YAML].decode(),
        process=files[BPMN].decode(),
        published_at=at,
    )
    detail: dict[str, str | int | bool | None] = {"package": package.code, "version": package.version, "digest": found}
    ledger.append(act="publish_package", actor=actor, at=at, subject=Subject("package", row.id), detail=detail)
    return True


@transaction.atomic
def withdraw_package(*, code: str, actor: Actor, at: datetime) -> None:
    """Nobody files the package any more; what was filed goes on under its version, drafts stay. A higher version brings it
    back. NotFound when nothing of it is offered."""
    check_can_publish(actor)
    needs_two(WITHDRAW, actor)
    _lock(code)
    row = PackageVersion.objects.select_for_update(of=("self",)).filter(code=code).order_by("-version").first()
    if row is None or row.withdrawn_at is not None:
        raise NotFound(messages.THE_PACKAGE)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    detail: dict[str, str | int | bool | None] = {"package": code, "version": row.version}
    ledger.append(act="withdraw_package", actor=actor, at=at, subject=Subject("package", row.id), detail=detail)


def _lock(code: str) -> None:
    """One publisher per package at a time (there may be no row to lock yet)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bundles:{code}"])
