"""A network written down in a folder: places.yaml, communities.yaml, departments.yaml, read into plain values.

No database here. A fault names the file and the entry; all faults of a folder are told at once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from yichuang.core.refusals import Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.network.rules import judge_department, judge_place, judge_post, judge_window
from yichuang.network.values import (
    WORDS,
    AssignmentRule,
    DepartmentData,
    DepartmentKind,
    PlaceData,
    PlaceKind,
    PostAct,
    Span,
    WindowKind,
    ZoneKind,
)

# The same safe loader in C where libyaml is built in: 0.13 s become 0.02 s for the demo network.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FORMAT = "yichuang-network/1"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_WORDS = W("", "")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ZoneData:
    kind: ZoneKind
    name: Words
    capacity: int
    always: bool


@dataclass(frozen=True, slots=True)
class WindowData:
    number: str
    kind: WindowKind
    name: Words
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TerminalData:
    code: str
    name: Words
    always: bool


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """A place with what belongs to it."""

    place: PlaceData
    zones: tuple[ZoneData, ...]
    windows: tuple[WindowData, ...]
    terminals: tuple[TerminalData, ...]


@dataclass(frozen=True, slots=True)
class PostData:
    code: str
    department: str | None
    name: Words
    act: PostAct


@dataclass(frozen=True, slots=True)
class AssignmentData:
    item_code: str
    department: str
    rule: AssignmentRule
    place: str | None


@dataclass(frozen=True, slots=True)
class AuthorisationData:
    department: str
    place: str
    item_code: str
    valid_from: date
    valid_to: date | None
    seal_name: str
    number: str


@dataclass(frozen=True, slots=True)
class Folder:
    """All that a folder says; places stand after the place above them."""

    places: tuple[PlaceFile, ...]
    departments: tuple[DepartmentData, ...]
    posts: tuple[PostData, ...]
    assignments: tuple[AssignmentData, ...]
    authorisations: tuple[AuthorisationData, ...]


@dataclass(slots=True)
class _Faults:
    reasons: list[Reason] = field(default_factory=list)

    def take(self, where: str, reasons: list[Reason]) -> None:
        self.reasons += [Reason(r.code, r.words, f"{where}{r.field or ''}", r.basis) for r in reasons]

    def say(self, where: str, zh: str, en: str) -> None:
        self.reasons.append(Reason("FILE_FAULT", W(zh, en), where))


def read_folder(folder: Path) -> Folder:
    """The network in the folder; `Refused` with every fault, each with its file and entry in `field`."""
    faults = _Faults()
    documents = {name: _document(folder / name, faults) for name in ("places.yaml", "departments.yaml")}
    communities = _document(folder / "communities.yaml", faults) if (folder / "communities.yaml").exists() else {}
    refuse_all(faults.reasons)
    try:
        places = tuple(_places(documents["places.yaml"], communities))
        read = Folder(
            places=places,
            departments=tuple(_departments(documents["departments.yaml"])),
            posts=tuple(_posts(documents["departments.yaml"])),
            assignments=tuple(_assignments(documents["departments.yaml"])),
            authorisations=tuple(_authorisations(documents["departments.yaml"], places)),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as fault:
        text = f"{type(fault).__name__}: {fault}"
        faults.say(
            str(folder), f"网点文件读不懂（缺少字段或取值不对）：{text}", f"The files cannot be understood: {text}"
        )
        refuse_all(faults.reasons)
        raise
    _judge(read, faults)
    refuse_all(faults.reasons)
    return read


def _document(path: Path, faults: _Faults) -> Json:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as fault:
        faults.say(path.name, f"文件打不开或不是 YAML：{fault}", f"The file cannot be read or is not YAML: {fault}")
        return {}
    if not isinstance(document, dict) or document.get("format", FORMAT) != FORMAT:
        faults.say(path.name, f"文件须写明 format: {FORMAT}", f"The file must say format: {FORMAT}")
        return {}
    return document


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _places(document: Json, communities: Json) -> Iterator[PlaceFile]:
    for entry in document["places"]:
        yield _place(document, {**document["templates"].get(entry.get("template"), {}), **entry})
    for parent, rows in communities.get("communities", {}).items():
        for code, zh, en in rows:
            yield _place(document, _community(document, parent, str(code), zh, en))


def _community(document: Json, parent: str, code: str, zh: str, en: str) -> Json:
    return {
        **document["templates"]["community"],
        "code": f"{parent.split('-')[0]}-C{code}",  # the statistical code: numbers by position would shift
        "kind": PlaceKind.COMMUNITY.value,
        "parent": parent,
        "street": code[:9],
        "community": code,
        "name": {"zh": f"{zh}社区便民服务站", "en": f"{en} Community Centre"},
        "address": {"zh": f"{zh}社区演示路 1 号", "en": f"1 Demo Road, {en}"},
    }


def _place(document: Json, entry: Json) -> PlaceFile:
    code, seat = entry["code"], entry.get("seat")
    if seat:
        entry = {
            "name": {"zh": f"{seat['zh']}街道便民服务中心", "en": f"{seat['en']} Sub-district Service Centre"},
            "address": {"zh": f"{seat['zh']}街道演示路 1 号", "en": f"1 Demo Road, {seat['en']}"},
            **entry,
        }
    place = PlaceData(
        code=code,
        kind=PlaceKind(entry["kind"]),
        name=_words(entry["name"]),
        region_code=str(document["region"]),
        parent=entry.get("parent"),
        address=_words(entry["address"]) if "address" in entry else NO_WORDS,
        phone=str(entry.get("phone", "")),
        street_code=str(entry.get("street", "")),
        community_code=str(entry.get("community", "")),
        takes_filings=bool(entry.get("takes_filings", True)),
        always_open=bool(entry.get("always", False)),
        demo=bool(document.get("demo", False)),
        week=_week(document["hours"][entry["hours"]]) if "hours" in entry else ((),) * 7,
    )
    return PlaceFile(
        place=place,
        zones=tuple(
            ZoneData(ZoneKind(z["kind"]), _words(z), int(z.get("capacity", 0)), bool(z.get("always", False)))
            for z in entry.get("zones", ())
        ),
        windows=tuple(_windows(entry.get("windows", ()))),
        terminals=tuple(
            TerminalData(f"{code}-T{n:02}", W(f"{n} 号自助终端", f"Terminal {n}"), bool(entry.get("terminals_always")))
            for n in range(1, int(entry.get("terminals", 0)) + 1)
        ),
    )


def _windows(groups: list[Json]) -> Iterator[WindowData]:
    number = 0
    for group in groups:
        kind = WindowKind(group["kind"])
        for _ in range(int(group["count"])):
            number += 1
            yield WindowData(str(number), kind, WORDS[kind], tuple(group.get("departments", ())))


def _week(hours: Json) -> tuple[tuple[Span, ...], ...]:
    """{"mon-fri": ["09:00-12:00", …], "sat": […]} as seven days from Monday on."""
    week: list[tuple[Span, ...]] = [()] * 7
    for days, spans in hours.items():
        first, _, last = days.partition("-")
        for weekday in range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1):
            week[weekday] = tuple(_span(text) for text in spans)
    return tuple(week)


def _span(text: str) -> Span:
    opens, closes = text.split("-")
    return Span(time.fromisoformat(opens), time.max if closes == "24:00" else time.fromisoformat(closes))


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{value!r} is not a day like 2024-01-01")
    return value


def _words(entry: Json) -> Words:
    return W(str(entry["zh"]), str(entry["en"]))


# ── departments ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _departments(document: Json) -> Iterator[DepartmentData]:
    remedies = document["remedies"]
    demo = bool(document.get("demo", False))
    for entry in document["departments"]:
        yield DepartmentData(
            code=entry["code"],
            uscc=str(entry["uscc"]),
            kind=DepartmentKind(entry["kind"]),
            name=_words(entry["name"]),
            organ_seal=entry.get("seal", f"{entry['name']['zh']}（演示专用）" if demo else entry["name"]["zh"]),
            review_organ=_words(entry.get("review", remedies["review"])),
            court=_words(entry.get("court", remedies["court"])),
            phone=str(entry["phone"]),
            complaint_phone=str(entry["complaint_phone"]),
            address=_words(entry["address"]) if "address" in entry else NO_WORDS,
            demo=demo,
        )


def _posts(document: Json) -> Iterator[PostData]:
    for department in document["departments"]:
        for key, post in department.get("posts", {}).items():
            yield PostData(f"{department['code']}.{key}", department["code"], _words(post), PostAct(post["act"]))
    for key, post in document.get("window_posts", {}).items():
        yield PostData(f"WINDOW.{key}", None, _words(post), PostAct(post["act"]))


def _assignments(document: Json) -> Iterator[AssignmentData]:
    for item, entry in document.get("assignments", {}).items():
        yield AssignmentData(item, entry["department"], AssignmentRule(entry["rule"]), entry.get("place"))


def _authorisations(document: Json, places: tuple[PlaceFile, ...]) -> Iterator[AuthorisationData]:
    names = {entry["code"]: entry["name"]["zh"] for entry in document["departments"]}
    for entry in document.get("authorisations", ()):
        kinds, codes = set(entry.get("kinds", ())), set(entry.get("places", ()))
        chosen = [p.place for p in places if p.place.kind.value in kinds or p.place.code in codes]
        for department in entry["departments"]:
            for place in chosen:
                for item in entry.get("items") or [""]:
                    yield AuthorisationData(
                        department=department,
                        place=place.code,
                        item_code=item,
                        valid_from=_day(entry["valid_from"]),
                        valid_to=_day(entry["valid_to"]) if entry.get("valid_to") else None,
                        seal_name=entry["seal"].format(department=names[department], place=place.name.zh),
                        number=entry.get("number", "").format(department_code=department),
                    )


# ── judging ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _judge(read: Folder, faults: _Faults) -> None:
    codes = {department.code for department in read.departments}
    above: set[str] = set()
    for entry in read.places:
        _judge_place(entry, above, codes, faults)
        above.add(entry.place.code)
    for department in read.departments:
        faults.take(f"departments.yaml:{department.code}", judge_department(department))
    for post in read.posts:
        faults.take(f"departments.yaml:{post.code}", judge_post(post.code, post.name))
    _judge_authorisations(read.authorisations, faults)
    for where, code in [
        *((f"assignments/{a.item_code}", a.department) for a in read.assignments),
        *((f"authorisations/{a.place}", a.department) for a in read.authorisations),
    ]:
        if code not in codes:
            faults.say(f"departments.yaml:{where}", f"部门 {code} 不存在", f"There is no department {code}")


def _judge_authorisations(rows: tuple[AuthorisationData, ...], faults: _Faults) -> None:
    twice = Counter((row.department, row.place, row.item_code) for row in rows)
    for (department, place, item), count in twice.items():
        if count > 1:
            where = f"departments.yaml:authorisations/{department}/{place}/{item or '*'}"
            faults.say(where, "同一授权写了不止一次", "The same authorisation is written more than once")


def _judge_place(entry: PlaceFile, above: set[str], departments: set[str], faults: _Faults) -> None:
    place, where = entry.place, f"places.yaml:{entry.place.code}"
    faults.take(where, judge_place(place))
    if place.code in above:
        faults.say(where, "编码重复", "The code is used twice")
    if place.parent is not None and place.parent not in above:
        faults.say(
            where, f"上级网点 {place.parent} 须写在前面", f"The place above, {place.parent}, must stand before it"
        )
    for window in entry.windows:
        reasons = judge_window(window.number, window.kind, window.name, window.departments, (), departments)
        faults.take(f"{where}/windows/{window.number}", reasons)
