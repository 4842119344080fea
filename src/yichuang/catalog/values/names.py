"""The national lists that an item's facts come from (GB/T 39554): types of power, marks, levels, whom it is for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from yichuang.core.words import W, Words

JsonDict = dict[str, Any]


class TaskType(StrEnum):
    """The type of power behind an item (事项类型). Only PERMIT falls under the Administrative Licensing Law."""

    PERMIT = "PERMIT"
    BENEFIT = "BENEFIT"
    CONFIRMATION = "CONFIRMATION"
    REWARD = "REWARD"
    RULING = "RULING"
    OTHER = "OTHER"
    SERVICE = "SERVICE"

    @property
    def code(self) -> str:
        """The code of the national list (domain: some provinces use other codes)."""
        return _TASK_TYPES[self][0]

    @property
    def words(self) -> Words:
        return _TASK_TYPES[self][1]


_TASK_TYPES: Mapping[TaskType, tuple[str, Words]] = {
    TaskType.PERMIT: ("01", W("行政许可", "Administrative licence")),
    TaskType.BENEFIT: ("05", W("行政给付", "Benefit")),
    TaskType.CONFIRMATION: ("07", W("行政确认", "Administrative confirmation")),
    TaskType.REWARD: ("08", W("行政奖励", "Award")),
    TaskType.RULING: ("09", W("行政裁决", "Administrative ruling")),
    TaskType.OTHER: ("10", W("其他行政权力", "Other administrative power")),
    TaskType.SERVICE: ("20", W("公共服务", "Public service")),
}


class Mark(StrEnum):
    """The six 办 and their kin: what an item promises about how it is done."""

    AT_ONCE = "at_once"
    ONLINE = "online"
    NEARBY = "nearby"
    ONCE = "once"
    AT_HOME = "at_home"
    TOLERANT = "tolerant"
    NO_MEETING = "no_meeting"
    AUTOMATIC = "automatic"
    FULLY_ONLINE = "fully_online"

    @property
    def words(self) -> Words:
        return _MARKS[self]


_MARKS: Mapping[Mark, Words] = {
    Mark.AT_ONCE: W("马上办", "Done at once"),
    Mark.ONLINE: W("网上办", "Online"),
    Mark.NEARBY: W("就近办", "Nearby"),
    Mark.ONCE: W("一次办", "One visit"),
    Mark.AT_HOME: W("上门办", "At your home"),
    Mark.TOLERANT: W("容缺办", "Papers may follow"),
    Mark.NO_MEETING: W("不见面", "No meeting"),
    Mark.AUTOMATIC: W("秒批", "Decided in seconds"),
    Mark.FULLY_ONLINE: W("全程网办", "Online from start to end"),
}


LEVELS: Mapping[str, tuple[str, Words]] = {  # 行使层级
    "state": ("1", W("国家级", "National")),
    "province": ("2", W("省级", "Provincial")),
    "city": ("3", W("市级", "City")),
    "county": ("4", W("县级", "District or county")),
    "street": ("5", W("镇（街道）级", "Sub-district")),
    "community": ("6", W("村（社区）级", "Community")),
}


AUDIENCES: Mapping[str, tuple[str, Words]] = {  # 服务对象
    "person": ("1", W("自然人", "Individuals")),
    "company": ("2", W("企业法人", "Companies")),
    "institution": ("3", W("事业法人", "Public institutions")),
    "association": ("4", W("社会组织法人", "Social organisations")),
    "unincorporated": ("5", W("非法人企业", "Unincorporated businesses")),
    "organ": ("6", W("行政机关", "Administrative authorities")),
    "other": ("9", W("其他组织", "Other organisations")),
}

POWERS: Mapping[str, Words] = {  # 权力来源
    "own": W("法定本级行使", "Exercised by law at this level"),
    "delegated_down": W("上级下放", "Handed down from above"),
    "authorised_above": W("上级授权", "Authorised from above"),
    "authorised_peer": W("同级授权", "Authorised at the same level"),
    "entrusted_above": W("上级委托", "Entrusted from above"),
    "entrusted_peer": W("同级委托", "Entrusted at the same level"),
}

WAYS: Mapping[str, Words] = {
    "window": W("窗口办理", "At a counter"),
    "online": W("网上办理", "Online"),
    "post": W("快递申请", "By post"),
}

AREAS: Mapping[str, Words] = {  # 通办范围, from the narrowest to the widest
    "hall": W("只在责任网点", "Only at the responsible place"),
    "district": W("区内通办", "Anywhere in the district"),
    "city": W("全城通办", "Anywhere in the city"),
    "province": W("全省通办", "Anywhere in the province"),
    "state": W("跨省通办", "Anywhere in the country"),
}

MATERIAL_FORMS: Mapping[str, Words] = {
    "paper": W("纸质", "Paper"),
    "electronic": W("电子", "Electronic"),
    "either": W("纸质或电子", "Paper or electronic"),
}

ORIGINS: Mapping[str, Words] = {
    "self": W("申请人自备", "From you"),
    "government": W("政府部门核发", "Issued by an authority"),
    "other": W("其他", "From others"),
}

RESULT_KINDS: Mapping[str, Words] = {
    "certificate": W("证照", "Certificate"),
    "approval": W("批文", "Approval"),
    "other": W("其他", "Other"),
}
