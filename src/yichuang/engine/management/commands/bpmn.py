"""`bpmn load DIR…`: reads any BPMN files, draws them, and lists what cannot be executed. Needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import ProcessFaults
from yichuang.engine.bpmn.survey import Element, Survey, survey

EXECUTABLE = Words("可以执行", "can be executed")
LINE = Words("第 {line} 行", "line {line}")
TITLE = Words("# BPMN 文件：读入、画出、不能执行的地方", "# BPMN files: loaded, drawn, what cannot be executed")
INTRO = Words(
    "由 `./run bpmn load DIR --page FILE` 生成；`docs/reference/bpmn-miwg.md` 读的是 BPMN MIWG 参考模型（bpmn-miwg-test-suite，提交 bc9f858c，CC-BY 3.0）。参考模型是交换用的图，大多不是可执行的流程：没有写明岗位、条件和操作。"
    "每一处都写明行号、元素和原因；其余元素可以执行（加 `--all` 逐个列出）。",
    "Made by `./run bpmn load DIR --page FILE`; `docs/reference/bpmn-miwg.md` of the BPMN MIWG reference models (bpmn-miwg-test-suite, commit bc9f858c, CC-BY 3.0). Reference models are drawings to be exchanged, most of them no executable "
    "processes: they name no posts, conditions or operations. Each line tells where, which element and why; all other "
    "elements can be executed (`--all` lists them too).",
)
COLUMNS = Words(
    "| 文件 | 流程 | 可执行的流程 | 画出的图形 | 不能执行 |",
    "| file | processes | executable | shapes drawn | not executable |",
)
NOTHING = Words("没有不能执行的", "nothing that cannot be executed")


class Command(BaseCommand):
    help = "Load BPMN files: draw each, and list element by element, with its line, what cannot be executed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["load"])
        parser.add_argument("paths", nargs="+", metavar="DIR", help="files, or folders with *.bpmn in them")
        parser.add_argument("--drawings", metavar="OUT", help="write the pictures (SVG) into this folder")
        parser.add_argument("--page", metavar="FILE", help="write the whole report as a page (Markdown) into this file")
        parser.add_argument("--english", action="store_true", help="in English")
        parser.add_argument("--all", action="store_true", dest="everything", help="also what can be executed")

    def handle(self, *args: Any, **options: Any) -> None:
        locale = "en" if options["english"] else "zh-hans"
        files = [file for path in options["paths"] for file in files_in(Path(path))]
        if not files:
            raise CommandError(f"No .bpmn file in {' '.join(options['paths'])}")
        loaded = 0
        page: list[tuple[str, Survey, list[str]]] = []
        for file in files:
            try:
                found = survey(file.read_bytes(), locale=locale)
            except ProcessFaults as hopeless:
                self.stdout.write(f"{file.name}: " + "；".join(one.words.in_(locale) for one in hopeless.faults))
                continue
            loaded += 1
            lines = report(file.name, found, locale, everything=options["everything"])
            page.append((file.name, found, lines))
            self.stdout.write("\n".join(lines))
            if options["drawings"]:
                out = Path(options["drawings"])
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{file.stem}.svg").write_text(found.svg, encoding="utf-8")
        if options["page"]:
            Path(options["page"]).write_text(page_of(page, locale), encoding="utf-8")
        words = Words("{n} 个文件，读入 {m} 个", "{n} files, {m} loaded").format(n=len(files), m=loaded)
        self.stdout.write(words.in_(locale))
        if loaded < len(files):
            raise SystemExit(1)


def page_of(found: list[tuple[str, Survey, list[str]]], locale: str) -> str:
    """The report as a page: one line for each file, then what it says of each."""
    head = TITLE.in_(locale), "", INTRO.in_(locale), "", COLUMNS.in_(locale), "|---|--:|--:|--:|--:|"
    rows = [
        f"| {name} | {len(one.processes)} | {len(one.executable)} | {one.drawn} | {len(one.faults)} |"
        for name, one, _ in found
    ]
    parts = [line for name, _, lines in found for line in (f"## {name}", "```text", *lines[1:], "```", "")]
    return "\n".join((*head, *rows, "", *parts))


def files_in(path: Path) -> list[Path]:
    """The file itself, or the BPMN files of a folder and the folders in it."""
    return [path] if path.is_file() else sorted(path.rglob("*.bpmn"))


def report(name: str, found: Survey, locale: str, *, everything: bool) -> list[str]:
    """The lines about one file."""
    title = Words(
        "{name}：流程 {n} 个，其中可执行 {m} 个；画出 {drawn} 个图形；不能执行 {bad} 处",
        "{name}: {n} processes, {m} of them executable; {drawn} shapes drawn; {bad} things that cannot be executed",
    )
    head = title.format(
        name=name, n=len(found.processes), m=len(found.executable), drawn=found.drawn, bad=len(found.faults)
    ).in_(locale)
    rows = [row for one in found.elements for row in _rows(one, locale, everything)]
    named = {fault for one in found.elements for fault in one.faults}
    rows += [
        f"  {_line(fault.line, locale)}  {fault.element}  {fault.words.in_(locale)}"
        for fault in found.faults
        if fault not in named
    ]
    return [head, *(rows or [f"  {NOTHING.in_(locale)}"])]


def _rows(one: Element, locale: str, everything: bool) -> list[str]:
    who = f"{one.kind.in_(locale)} {one.id}" + (f"“{one.name}”" if one.name else "")
    if not one.faults:
        return [f"  {_line(one.line, locale)}  {who}  {EXECUTABLE.in_(locale)}"] if everything else []
    return [f"  {_line(fault.line, locale)}  {who}  {fault.words.in_(locale)}" for fault in one.faults]


def _line(line: int, locale: str) -> str:
    return LINE.format(line=line).in_(locale)
