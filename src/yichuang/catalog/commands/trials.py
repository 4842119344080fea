"""Checking and trying a pack in any folder. Reads the folder; changes nothing."""

from pathlib import Path

from django.db import DatabaseError

from yichuang.catalog.comparison.rule import compare
from yichuang.catalog.packs.decision_trial import run_decision_examples
from yichuang.catalog.packs.folder import load_folder
from yichuang.catalog.packs.mutate import mutations
from yichuang.catalog.packs.trial import run_examples
from yichuang.catalog.queries import list_versions
from yichuang.catalog.store import pack_of
from yichuang.catalog.values import Comparison, ExampleResult, Mutation, Pack, PackFault, PackTrial
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.core.workdays import Calendar
from yichuang.network import queries as network
from yichuang.network.commands import published_days

_VERSION = W("事项版本", "version of the item")
_OTHER_ITEM = W(
    "{folder} 是另一个事项 {found}，不能与 {code} 比较",
    "{folder} is another item, {found}: nothing to compare with {code}",
)
_YEARS = range(2020, 2040)


def check_pack(folder: str | Path) -> list[PackFault]:
    """Every fault of the pack, with file and line; [] when it may be published."""
    return list(load_folder(Path(folder)).faults)


def pack_warnings(folder: str | Path) -> list[PackFault]:
    """What hinders nothing, but an editor should know: gaps of a decision table, promises that no rules can keep."""
    return list(load_folder(Path(folder)).warnings)


def test_pack(  # not a pytest test, though it is called so
    folder: str | Path,
    *,
    calendar: Calendar | None = None,  # noqa: PT028  (not a pytest test)
) -> list[ExampleResult]:
    """Run the worked examples, and those of the decision table, through the real rules. Raises Refused with all faults when the pack is not sound."""
    return all_examples(_sound(folder), calendar or working_calendar())


def mutate_pack(folder: str | Path, *, calendar: Calendar | None = None) -> list[Mutation]:
    """Change each material, limit, condition, rule and cell once; say which example noticed. Raises Refused as test_pack."""
    return mutations(_sound(folder), calendar or working_calendar())


def compare_pack(folder: str | Path, *, version: int | None = None, other: str | Path | None = None) -> Comparison:
    """The pack of a folder against what it would follow: a published version (the newest, if none is named), or the
    pack of another folder. Raises Refused with all faults of a folder that is not sound, NotFound without a version."""
    new = _sound(folder)
    if other is not None:
        return compare(_same_item(other, new.code), new)
    published = list_versions(new.code)
    if version is None and published:
        version = published[0][0]
    try:
        return compare(pack_of(new.code, version or 0), new)
    except LookupError:
        raise NotFound(_VERSION) from None


def try_pack(folder: str | Path) -> PackTrial:
    """Faults, worked examples and the difference to the newest published version, of one reading of the folder."""
    loaded = load_folder(Path(folder))
    if loaded.pack is None or loaded.faults:
        return PackTrial(loaded.faults)
    pack = loaded.pack
    published = list_versions(pack.code)
    comparison = compare(pack_of(pack.code, published[0][0]), pack) if published else None
    return PackTrial((), pack, tuple(all_examples(pack, working_calendar())), comparison, loaded.warnings)


def all_examples(pack: Pack, calendar: Calendar) -> list[ExampleResult]:
    """The worked examples of the item, then those of its decision table."""
    return [*run_examples(pack, calendar), *run_decision_examples(pack, calendar)]


def working_calendar() -> Calendar:
    """The district's calendar; the published years as they are known, where no calendar is kept yet.

    So a pack can be tried on a machine that has a database but no installation.
    """
    try:
        kept = network.working_calendar()
    except DatabaseError:
        kept = None
    if kept is not None and kept.confirmed_years:
        return kept
    years = {year: published_days(year) for year in _YEARS}
    days = {day.day: day.working for found in years.values() for day in found}
    return Calendar(days, frozenset(year for year, found in years.items() if found))


def _sound(folder: str | Path) -> Pack:
    loaded = load_folder(Path(folder))
    if loaded.pack is None or loaded.faults:
        raise Refused(*(fault_reason(fault) for fault in loaded.faults))
    return loaded.pack


def _same_item(folder: str | Path, code: str) -> Pack:
    """The pack of that folder, whatever the folder is called."""
    loaded = load_folder(Path(folder))
    if loaded.pack is None:
        raise Refused(*(fault_reason(fault) for fault in loaded.faults))
    if loaded.pack.code != code:
        raise Refused(Reason("OTHER_ITEM", _OTHER_ITEM.format(folder=folder, found=loaded.pack.code, code=code)))
    return loaded.pack


def fault_reason(fault: PackFault) -> Reason:
    """A fault of a pack as a reason; its field is "file:line"."""
    return Reason(f"PACK_{fault.code}", fault.message, f"{fault.file}:{fault.line}")
