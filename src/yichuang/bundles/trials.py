"""Everything that is wrong with a package's folder (套餐检查), as publishing asks and the item editor's page shows."""

from datetime import datetime
from pathlib import Path

from yichuang.bundles.reading import BPMN, YAML, package_of, read_files
from yichuang.bundles.rules.package import faults_of
from yichuang.bundles.values import Package, PackageFault
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core.refusals import NotFound
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
