"""发布套餐: a folder becomes a published version, when it fits its items and its process."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from yichuang.bundles.models import PackageVersion
from yichuang.bundles.reading import BPMN, YAML, digest_of, package_of, read_files
from yichuang.bundles.rules.package import faults_of
from yichuang.bundles.values import Package, PackageFault
from yichuang.catalog import queries as catalog
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.values import Pack
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.engine.values import ProcessFaults, parse_process


def check_package(folder: Path, *, at: datetime) -> tuple[Package | None, list[PackageFault]]:
    """Everything that is wrong with a package's folder, measured against the items that are published now."""
    files, faults = read_files(folder)
    if faults:
        return None, faults
    package, faults = package_of(files)
    if package is None:
        return None, faults
    if package.code != folder.resolve().name:
        words = Words(f"代码 {package.code} 应与文件夹同名", f"The code {package.code} should be the folder's name")
        faults.append(PackageFault(YAML, words))
    try:
        model = parse_process(files[BPMN])
    except ProcessFaults as wrong:
        return package, [*faults, *(PackageFault(f"{BPMN}:{one.line}", one.words) for one in wrong.faults)]
    packs = {slot.id: pack for slot in package.slots if (pack := _pack(slot.item, at)) is not None}
    forms = {slot: pack.form for slot, pack in packs.items()}
    questions = {
        slot: {one.id: frozenset(option.value for option in one.options) for one in pack.questions}
        for slot, pack in packs.items()
    }
    materials = {slot: frozenset(one.code for one in pack.materials) for slot, pack in packs.items()}
    return package, [*faults, *faults_of(package, forms, questions, materials, model)]


def _pack(item: str, at: datetime) -> Pack | None:
    try:
        return catalog.get_pack(item, at=at)
    except NotFound:
        return None


@transaction.atomic
def publish_package(*, folder: Path, actor: Actor, at: datetime) -> bool:
    """Publish the folder's version; False when this very content is published already.

    Refused with every fault; a version that exists cannot be published with other content.
    """
    check_can_publish(actor)
    package, faults = check_package(folder, at=at)
    if package is None or faults:
        raise Refused(*(Reason("PACKAGE_FAULT", one.words, one.file) for one in faults))
    files, _ = read_files(folder)
    digest = digest_of(files)
    known = PackageVersion.objects.filter(code=package.code, version__gte=package.version).order_by("-version").first()
    if known is not None and known.version == package.version and known.digest == digest:
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
        digest=digest,
        text=files[YAML].decode(),
        process=files[BPMN].decode(),
        published_at=at,
    )
    detail: dict[str, str | int | bool | None] = {"package": package.code, "version": package.version, "digest": digest}
    ledger.append(act="publish_package", actor=actor, at=at, subject=Subject("package", row.id), detail=detail)
    return True
