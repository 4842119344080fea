"""`packs check|test|mutate|compare|publish DIR`: works on any folder, also outside the repository."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yichuang.catalog import commands
from yichuang.catalog.comparison import tables
from yichuang.catalog.lists.file import NAME
from yichuang.catalog.packs.schemas import FORMAT
from yichuang.catalog.values import PackFault
from yichuang.core import clock
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused

SOUND, FAULTY, WRONG_CALL = 0, 1, 2


@dataclass
class Report:
    """What one folder answered: lines for people, the same as data."""

    folder: str
    ok: bool = True
    lines: list[str] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    examples: list[dict[str, Any]] = field(default_factory=list)
    mutations: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    published: dict[str, Any] | None = None
    comparison: dict[str, Any] | None = None


class Command(BaseCommand):
    help = "Check, try, compare or publish item packs. Exit codes: 0 all is well, 1 faults were found, 2 wrong call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "test", "mutate", "compare", "publish"])
        parser.add_argument("folders", nargs="+", metavar="DIR", help="a pack, a folder of packs, or a lists.toml")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON document instead of lines")
        parser.add_argument(
            "--with",
            dest="other",
            metavar="VERSION",
            help="compare: a published version (default: the newest), or the folder of another pack",
        )
        parser.add_argument("--english", action="store_true", help="compare: the table in English")
        parser.add_argument("--effective-at", help="publish: from when it applies, e.g. 2026-03-02T00:00 (local time)")

    def handle(self, *args: Any, **options: Any) -> None:
        given = [Path(folder) for folder in options["folders"]]
        folders = [pack for folder in given if folder.name != NAME for pack in packs_in(folder)]
        action: Callable[[Path, dict[str, Any]], Report] = {
            "check": check,
            "test": test,
            "mutate": mutate,
            "compare": compare,
            "publish": publish,
        }[options["action"]]
        reports = [action(folder, options) for folder in folders]
        if options["action"] in LISTS:
            reports += [LISTS[options["action"]](file) for file in lists_in(given)]
        if options["as_json"]:
            data = {"format": FORMAT, "ok": all(r.ok for r in reports), "packs": [vars(r) for r in reports]}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
        else:
            for line in (line for report in reports for line in report.lines):
                self.stdout.write(line)
        if not all(report.ok for report in reports):
            raise SystemExit(FAULTY)


def packs_in(folder: Path) -> list[Path]:
    """The folder itself when it is a pack (or nothing else), else every pack below it."""
    if not folder.is_dir():
        raise CommandError(f"没有文件夹 {folder} / There is no folder {folder}", returncode=WRONG_CALL)
    if (folder / "item.yaml").exists():
        return [folder]
    return sorted(path.parent for path in folder.rglob("item.yaml")) or [folder]


def lists_in(given: list[Path]) -> list[Path]:
    """The lists.toml among what was given, and those beside the packs."""
    files = (path if path.name == NAME else path / NAME for path in given)
    return [file for file in files if file.is_file() or file in given]


def check_lists(file: Path) -> Report:
    faults = commands.check_lists(file)
    return _report(str(file), file.parent, faults)


def publish_lists(file: Path) -> Report:
    report = check_lists(file)
    if report.ok:
        lists = commands.publish_lists(file=file, actor=SYSTEM, at=clock.now())
        report.lines = [f"{file}: 已发布 / published {one.code} ({one.batch}, {one.target})" for one in lists]
    return report


LISTS: dict[str, Callable[[Path], Report]] = {"check": check_lists, "publish": publish_lists}


def check(folder: Path, options: dict[str, Any]) -> Report:
    report = _report(str(folder), folder, commands.check_pack(folder))
    for warning in commands.pack_warnings(folder) if report.ok else ():
        report.lines.append(f"{folder}/{warning}（提醒 / warning）")
        report.warnings.append(_as_data(warning))
    return report


def _report(name: str, folder: Path, faults: list[PackFault]) -> Report:
    report = Report(name)
    for fault in faults:
        report.ok = False
        report.lines.append(f"{folder}/{fault}")
        report.faults.append(_as_data(fault))
    if report.ok:
        report.lines.append(f"{name}: 没有问题 / sound")
    return report


def _as_data(fault: PackFault) -> dict[str, Any]:
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "message": fault.message.zh,
        "message_en": fault.message.en,
    }


def test(folder: Path, options: dict[str, Any]) -> Report:
    report = check(folder, options)
    if not report.ok:
        return report
    report.lines.clear()
    for result in commands.test_pack(folder):
        report.ok &= result.ok
        report.examples.append(
            {
                "file": result.file,
                "ok": result.ok,
                "name": result.name.zh,
                "differences": [d.en for d in result.differences],
            }
        )
        report.lines.append(f"{folder}/{result.file}: {'✓' if result.ok else '✗'} {result.name.zh}")
        report.lines += [f"    {difference.zh}" for difference in result.differences]
    return report


def mutate(folder: Path, options: dict[str, Any]) -> Report:
    report = test(folder, options)
    if not report.ok:
        return report
    for mutation in commands.mutate_pack(folder):
        report.mutations.append({"what": mutation.what, "noticed_by": mutation.noticed_by})
        if mutation.noticed_by is None:
            report.ok = False
            report.lines.append(f"{folder}: 没有例子发现这处改动 / no example noticed: {mutation.what}")
    return report


def compare(folder: Path, options: dict[str, Any]) -> Report:
    """Against what it would follow. Faulty (1) is a pack that differs and could not be published as the next version."""
    report = check(folder, options)
    if not report.ok:
        return report
    other, english = options["other"], options["english"]
    version = int(other) if other and other.isdecimal() else None
    beside = Path(other) if other and version is None else None
    if beside is not None and not (beside / "item.yaml").exists():
        raise CommandError(f"没有版本或事项包 {other} / No version or pack {other}", returncode=WRONG_CALL)
    try:
        found = commands.compare_pack(folder, version=version, other=beside)
    except Refused as refused:
        said = "\n".join(f"{folder}: {r.words.zh} / {r.words.en}" for r in refused.reasons)
        raise CommandError(said, returncode=WRONG_CALL) from refused
    report.lines = tables.lines(found, "en" if english else "zh-hans")
    report.comparison = tables.data(found)
    if found.changes and found.new <= found.old:
        report.ok = False
        words = tables.SAME_NUMBER.format(new=found.new, old=found.old)
        report.lines.append(words.in_("en" if english else "zh-hans"))
        report.faults.append(
            {"file": "item.yaml", "line": 0, "code": "VERSION_TOO_LOW", "message": words.zh, "message_en": words.en}
        )
    return report


def publish(folder: Path, options: dict[str, Any]) -> Report:
    report = check(folder, options)
    if not report.ok:
        return report
    at = clock.now()
    try:
        row = commands.publish_pack(folder=folder, actor=SYSTEM, at=at, effective_at=_instant(options["effective_at"]))
    except Refused as refused:
        report.ok = False
        report.lines = [f"{folder}: [{r.code}] {r.words.zh} / {r.words.en}" for r in refused.reasons]
        report.faults = [
            {"file": r.field or "", "line": 0, "code": r.code, "message": r.words.zh, "message_en": r.words.en}
            for r in refused.reasons
        ]
        return report
    report.published = {"code": row.code, "version": row.version}
    report.lines = [f"{folder}: 已发布 / published {row.code} v{row.version}"]
    return report


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--effective-at: {error}", returncode=WRONG_CALL) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
