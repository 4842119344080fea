"""The national element columns (GB/T 39554, exchange tables): which one is which fact of a pack, and the code lists both ways.

What has no national column keeps its path in the pack as its column, so that nothing is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from yichuang.catalog.sheets.cells import Cell
from yichuang.catalog.sheets.cells import read as read_cell
from yichuang.catalog.values import (
    AREAS,
    AUDIENCES,
    LEVELS,
    MATERIAL_FORMS,
    ORIGINS,
    POWERS,
    RESULT_KINDS,
    WAYS,
    TaskType,
)

CODE = "row_guid"  # 唯一标识: our code of the item, in every sheet
_PARTS = re.compile(r"[,，、;；\s]+")


class NotListed(ValueError):
    """The cell names nothing of its code list."""


@dataclass(frozen=True, slots=True)
class Codes:
    """A code list: our value → (national code, Chinese words). A cell may hold any of the three."""

    values: Mapping[Any, tuple[str, str]]
    many: bool = False

    def write(self, value: Any) -> Cell | None:
        """The national code; None when the list does not have the value."""
        try:
            if self.many:
                return ",".join(self.values[one][0] for one in value) or None
            return self.values[value][0]
        except (KeyError, TypeError):
            return None

    def read(self, cell: Cell) -> Any:
        text = str(int(cell)) if isinstance(cell, bool | float) and cell == int(cell) else str(cell).strip()
        if self.many:
            return [self._one(part) for part in _PARTS.split(text) if part]
        return self._one(text)

    def _one(self, text: str) -> Any:
        for value, (code, words) in self.values.items():
            if text in {code, words, str(value)} or (text.isdecimal() and code.isdecimal() and int(text) == int(code)):
                return value
        raise NotListed(text)

    @property
    def choices(self) -> str:
        return "、".join(f"{code} {words}" for code, words in self.values.values())


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of texts, one a line."""

    def write(self, value: Any) -> Cell | None:
        plain = (
            isinstance(value, list)
            and value
            and all(isinstance(one, str) and one.strip() == one != "" for one in value)
        )
        return "\n".join(value) if plain and not any("\n" in one or one[0] in '[{"' for one in value) else None

    def read(self, cell: Cell) -> Any:
        return [line.strip() for line in str(cell).splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Text:
    """A text, also where a spreadsheet made a number of it."""

    def write(self, value: Any) -> Cell | None:
        return None

    def read(self, cell: Cell) -> Any:
        found = read_cell(cell)
        if isinstance(found, bool | list | dict | None):
            raise NotListed(str(cell))
        return str(int(found)) if isinstance(found, float) and found == int(found) else str(found)


@dataclass(frozen=True, slots=True)
class Number:
    """A number, also where a spreadsheet made a text of it."""

    def write(self, value: Any) -> Cell | None:
        return None

    def read(self, cell: Cell) -> Any:
        if isinstance(cell, bool):
            raise NotListed(str(cell))
        try:
            number = float(cell)
            return int(number) if number == int(number) else number
        except (ValueError, OverflowError):
            raise NotListed(str(cell)) from None


class Kind(Protocol):
    """How the cells of a column are written and read."""

    def write(self, value: Any) -> Cell | None:
        """The cell; None when the column has no spelling of its own for the value."""

    def read(self, cell: Cell) -> Any:
        """The value. NotListed when the cell names none."""


@dataclass(frozen=True, slots=True)
class Column:
    """A national column: its name in the exchange tables, its title, the path in our files, how its cells read."""

    name: str
    title: str
    path: str
    kind: Kind = Text()


def _coded(words: Mapping[str, Any], codes: str) -> dict[str, tuple[str, str]]:
    return {value: (code, said.zh) for (value, said), code in zip(words.items(), codes.split(), strict=True)}


_YES = Codes({True: ("1", "是"), False: ("0", "否")})
_UNITS = Codes({"workday": ("1", "工作日"), "day": ("2", "自然日"), "hour": ("3", "小时"), "instant": ("9", "即时")})
ITEM = (
    Column(CODE, "唯一标识", "code"),
    Column("catalog_code", "基本编码", "codes.base"),
    Column("task_code", "实施编码", "codes.task"),
    Column("task_handle_item", "业务办理项编码", "codes.handle"),
    Column("task_name", "事项名称", "name.zh"),
    Column("task_type", "事项类型", "kind.type", Codes({t.value: (t.code, t.words.zh) for t in TaskType})),
    Column("task_version", "事项版本", "version", Number()),
    Column("use_level", "行使层级", "organ.level", Codes({v: (code, w.zh) for v, (code, w) in LEVELS.items()})),
    Column("power_source", "权力来源", "organ.power_source", Codes(_coded(POWERS, "1 2 3 4 5 6"))),
    Column("dept_code", "实施主体编码", "organ.department"),
    Column(
        "server_type", "服务对象", "audience.who", Codes({v: (c, w.zh) for v, (c, w) in AUDIENCES.items()}, many=True)
    ),
    Column("project_type", "办件类型", "handling.instant", Codes({True: ("1", "即办件"), False: ("2", "承诺件")})),
    Column("handle_type", "办理形式", "handling.ways", Codes(_coded(WAYS, "1 2 3"), many=True)),
    Column("anticipate_day", "法定办结时限", "limits.legal.amount", Number()),
    Column("anticipate_type", "法定办结时限单位", "limits.legal.unit", _UNITS),
    Column("anticipate_explain", "法定办结时限说明", "limits.legal.note.zh"),
    Column("promise_day", "承诺办结时限", "limits.promise.amount", Number()),
    Column("promise_type", "承诺办结时限单位", "limits.promise.unit", _UNITS),
    Column("promise_explain", "承诺办结时限说明", "limits.promise.note.zh"),
    Column("limit_scene_num", "到办事现场次数", "handling.visits.count", Number()),
    Column("limit_scene_explain", "必须现场办理原因", "handling.visits.reason.zh"),
    Column("online_handle_depth", "网办深度", "handling.online_depth", Number()),
    Column("handle_area", "通办范围", "handling.scope.area", Codes(_coded(AREAS, "hall district city province state"))),
    Column("is_express", "物流快递", "handling.express", _YES),
    Column("is_service_terminals", "自助终端", "handling.kiosk", _YES),
    Column("limit_explain", "数量限制", "handling.quantity_limit.zh"),
    Column("is_fee", "是否收费", "fees.charged", _YES),
    Column("fee_explain", "收费说明", "fees.note.zh"),
    Column("is_pay_online", "网上支付", "fees.pay_online", _YES),
    Column("transact_time", "办理时间", "contacts.hours.zh"),
    Column("link_way", "咨询方式", "contacts.consult"),
    Column("supervise_way", "监督投诉方式", "contacts.complain"),
    Column("result_type", "审批结果类型", "result.kind", Codes(_coded(RESULT_KINDS, "10 20 30"))),
    Column("result_name", "审批结果名称", "result.name.zh"),
    Column("spoken_words", "口语说法", "spoken.zh", Lines()),
)
_NECESSITY = Codes({"main": ("1", "必要"), "optional": ("2", "非必要"), "secondary": ("3", "容缺后补")})
_MATERIAL = Codes({"certificate": ("1", "证件证书证明"), "form": ("2", "申请表格文书"), "other": ("3", "其他")})
MATERIAL = (
    Column("material_guid", "材料标识", "code"),
    Column("material_name", "材料名称", "name.zh"),
    Column("material_type", "材料类型", "kind", _MATERIAL),
    Column("material_format", "材料形式", "form", Codes(_coded(MATERIAL_FORMS, "1 2 3"))),
    Column("is_need", "必要性", "necessity", _NECESSITY),
    Column("page_num", "原件份数", "originals", Number()),
    Column("copy_num", "复印件份数", "copies", Number()),
    Column("page_format", "规格", "page_format"),
    Column("source_type", "来源渠道", "origin", Codes(_coded(ORIGINS, "10 20 99"))),
    Column("source_explain", "来源渠道说明", "origin_note.zh"),
    Column("by_law", "要求提供的依据", "basis"),
    Column("accept_stand", "受理标准", "accept_standard.zh"),
    Column("fill_explain", "填报须知", "fill_note.zh"),
    Column("license_code", "电子证照类型代码", "replaces"),
    Column("license_name", "电子证照名称", "replaces_name.zh"),
    Column("supply_days", "容缺补交工作日", "promise_days", Number()),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list in a pack's files, one row each: where it stands, and its national columns."""

    title: str
    file: str
    path: str
    columns: tuple[Column, ...] = ()
    extends: bool = False  # keeps columns that nobody knows


MAIN = Sheet("事项", "item.yaml", "", ITEM, extends=True)
LISTS = (
    Sheet("申请材料", "materials.yaml", "materials", MATERIAL, extends=True),
    Sheet(
        "设定依据", "item.yaml", "legal_basis",
        (
            Column("law_id", "依据标识", "id"), Column("law_name", "法律法规名称", "title"), Column("law_number", "文号", "number"),
            Column("law_article", "条款", "article"), Column("law_content", "内容", "text.zh"),
            Column("law_organ", "颁布机关", "issued_by"), Column("law_date", "实施日期", "in_force"),
        ),
    ),
    Sheet("受理条件", "item.yaml", "conditions", (Column("accept_condition", "受理条件", "text.zh"),)),
    Sheet(
        "办理流程", "item.yaml", "flow",
        (
            Column("step_name", "环节", "name.zh"), Column("transactor", "办理人", "by.zh"),
            Column("step_limit", "办理时限", "limit.zh"), Column("step_result", "办理结果", "result.zh"),
        ),
    ),
    Sheet(
        "收费项目", "item.yaml", "fees.items",
        (
            Column("fee_name", "收费项目名称", "name.zh"), Column("fee_stand", "收费标准", "standard.zh"),
            Column("fee_by_law", "收费依据", "basis"),
        ),
    ),
    Sheet("情形引导", "situations.yaml", "questions", (Column("condition_name", "情形", "text.zh"),)),
    Sheet("常见问题", "faqs.yaml", "faqs", (Column("question", "问题", "question.zh"), Column("answer", "解答", "answer.zh"))),
    Sheet("办理地点", "item.yaml", "contacts.places", (Column("transact_addr", "办理地点", "zh"),)),
    Sheet("主题分类", "item.yaml", "audience.themes", (Column("user_topic_type", "主题分类", "zh"),)),
    Sheet("生命周期", "item.yaml", "audience.life_events", (Column("life_event", "人生大事", "zh"),)),
    Sheet("特别程序", "item.yaml", "limits.special_procedures", (Column("special_procedure", "特别程序", "name.zh"),)),
    Sheet("时限情形", "item.yaml", "limits.variants"),
    Sheet("登记数据", "item.yaml", "facts"),
    Sheet("告知承诺", "item.yaml", "commitments"),
    Sheet("共同签署", "item.yaml", "signing.signers"),
    Sheet("来源", "item.yaml", "sources"),
    Sheet("结果内容", "result.yaml", "fields"),
    Sheet("随附物品", "result.yaml", "handovers"),
)  # fmt: skip
