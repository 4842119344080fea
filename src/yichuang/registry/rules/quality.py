"""The quality of a row of a batch (数据质量检查): its key, its kinds, and whether it contradicts itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yichuang.core.identifiers import parse_cn_id
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.registry.rules.coding import exact, parsed
from yichuang.registry.rules.keys import How, key_parts
from yichuang.registry.values import FIELDS, KEYS, Base, FieldSpec, Value

_KEY = "key"
FAULTS: Mapping[str, Words] = {
    "KEY_MISSING": W("没有填写主键", "There is no key"),
    "KEY_WRONG": W(
        "主键不正确（校验位、格式或地址不完整）", "The key is wrong (check digit, form, or an incomplete address)"
    ),
    "KEY_TWICE": W("同一主键在本批出现多次", "The same key stands in this batch more than once"),
    "WRONG_KIND": W("“{field}”的格式不正确", "“{field}” has the wrong form"),
    "NOT_YET": W("“{field}”是将来的日期", "“{field}” lies in the future"),
    "BIRTH_DIFFERS": W("出生日期与身份证号不一致", "The date of birth does not fit the identity number"),
    "SEX_DIFFERS": W("性别与身份证号不一致", "The sex does not fit the identity number"),
    "DEAD_AND_ALIVE": W("在世与死亡日期矛盾", "Alive, and with a date of death"),
    "CELLS_BEYOND": W(
        "这一行的单元格比列名多，可能错位", "The row has more cells than there are columns: it may have shifted"
    ),
    "NO_FIELDS": W("除主键外没有任何内容", "There is nothing besides the key"),
}
SOURCE = W("请填写数据来源（小写字母、数字、下划线，40 个以内）", "Name the source (a–z, 0–9, _; at most 40)")
_PAST = frozenset({"birth_date", "death_date", "established_on"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which column; never the value."""

    column: str
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as it would be kept, and everything that is wrong with it."""

    key: str = field(repr=False)
    parts: tuple[How, str] | None = field(repr=False)  # the key in its one spelling; None where it is wrong
    fields: Mapping[str, Value] = field(repr=False)
    faults: tuple[Fault, ...]


def check_row(base: Base, cells: Mapping[str, object], *, today: date) -> Checked:
    """The row in the kinds of the catalogue, with all faults at once. `today`: births and deaths lie before it."""
    faults: list[Fault] = []
    key = str(cells.get(_KEY) or "").strip()
    parts = key_parts(base, key) if key and exact(cells.get(_KEY)) else None
    if not key:
        faults.append(_fault(_KEY, "KEY_MISSING"))
    elif parts is None or (KEYS[base] == "address" and parts[0] != "full"):
        faults.append(_fault(_KEY, "KEY_WRONG"))
    if cells.get("beyond"):
        faults.append(_fault(_KEY, "CELLS_BEYOND"))
    fields: dict[str, Value] = {}
    for name, spec in FIELDS[base].items():
        _take(spec, cells.get(name), fields, faults, today)
    if base is Base.POPULATION and parts is not None:
        faults += _against_number(parts[1], fields)
    if not fields and not faults:
        faults.append(_fault(_KEY, "NO_FIELDS"))
    return Checked(key, parts, fields, tuple(faults))


def _take(spec: FieldSpec, cell: object, fields: dict[str, Value], faults: list[Fault], today: date) -> None:
    try:
        value = parsed(spec, cell)
    except ValueError:
        faults.append(_fault(spec.name, "WRONG_KIND", spec))
        return
    if value is None:
        return
    if spec.name in _PAST and isinstance(value, date) and value > today:
        faults.append(_fault(spec.name, "NOT_YET", spec))
        return
    fields[spec.name] = value


def _against_number(number: str, fields: Mapping[str, Value]) -> list[Fault]:
    """An identity number tells birth and sex (GB 11643-1999); a row that says otherwise is wrong in one of them."""
    told, faults = parse_cn_id(number), []
    if fields.get("birth_date", told.birth_date) != told.birth_date:
        faults.append(_fault("birth_date", "BIRTH_DIFFERS"))
    if fields.get("sex", told.sex) != told.sex:
        faults.append(_fault("sex", "SEX_DIFFERS"))
    if fields.get("alive") is True and "death_date" in fields:
        faults.append(_fault("alive", "DEAD_AND_ALIVE"))
    return faults


def _fault(column: str, code: str, spec: FieldSpec | None = None) -> Fault:
    words = FAULTS[code]
    return Fault(column, code, words.format(field=spec.words) if spec else words)


def judge_source(source: str) -> list[Reason]:
    """What is wrong with the code of a giver of rows, as somebody typed it."""
    plain = source.isascii() and source.replace("_", "").isalnum() and source == source.lower()
    return [] if 0 < len(source) <= 40 and plain else [Reason("SOURCE_NAME", SOURCE, "/source")]
