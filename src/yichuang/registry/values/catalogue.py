"""The data catalogue (数据目录): which bases there are, what each says of a key, and how a field is compared.

The catalogue itself is public (政务信息资源目录); it names fields, never anybody's data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from yichuang.core.words import W, Words


class Base(StrEnum):
    """A base that organs share (一库共享)."""

    POPULATION = "population"
    ENTITIES = "entities"
    ADDRESSES = "addresses"
    CREDIT = "credit"
    CERTIFICATES = "certificates"


Kind = Literal["text", "date", "number", "flag", "list"]
Compare = Literal["exact", "name", "address", "date"]
KeyKind = Literal["person", "company", "either", "address"]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a base. `personal`: sealed, masked, and told to the person each time it is used."""

    name: str
    words: Words
    kind: Kind
    personal: bool
    compare: Compare | None


def _fields(*specs: FieldSpec) -> Mapping[str, FieldSpec]:
    return MappingProxyType({spec.name: spec for spec in specs})


_F = FieldSpec
FIELDS: Mapping[Base, Mapping[str, FieldSpec]] = MappingProxyType(
    {
        Base.POPULATION: _fields(
            _F("name", W("姓名", "Name"), "text", True, "name"),
            _F("sex", W("性别", "Sex"), "text", True, "exact"),  # male | female
            _F("birth_date", W("出生日期", "Date of birth"), "date", True, "date"),
            _F("alive", W("在世", "Alive"), "flag", True, "exact"),
            _F("death_date", W("死亡日期", "Date of death"), "date", True, "date"),
            _F("household_address", W("户籍地址", "Address of household registration"), "text", True, "address"),
            _F("household_region", W("户籍区划代码", "Region of household registration"), "text", True, "exact"),
            _F("residence_address", W("居住地址", "Place of residence"), "text", True, "address"),
            _F("marital_status", W("婚姻状况", "Marital status"), "text", True, "exact"),  # single | married | …
            _F("in_work", W("在职参保", "Insured as employed"), "flag", True, "exact"),
            _F("insured_until", W("参保缴费至", "Insured until"), "date", True, "date"),
            _F("pension", W("领取养老待遇", "Draws a pension"), "flag", True, "exact"),
        ),
        Base.ENTITIES: _fields(
            _F("name", W("名称", "Name"), "text", False, "name"),
            _F("kind", W("主体类型", "Kind of entity"), "text", False, "exact"),  # company | individual | institution …
            _F("status", W("登记状态", "Status"), "text", False, "exact"),  # active | cancelled | revoked
            _F("legal_representative", W("法定代表人（经营者）", "Legal representative"), "text", True, "name"),
            _F("address", W("住所（经营场所）", "Address"), "text", False, "address"),
            _F("established_on", W("成立日期", "Established on"), "date", False, "date"),
            _F("capital", W("注册资本（万元）", "Registered capital (10,000 CNY)"), "number", False, "exact"),
            _F("scope", W("经营范围", "Business scope"), "list", False, "exact"),
            _F("abnormal", W("列入经营异常名录", "Listed as operating abnormally"), "flag", False, "exact"),
        ),
        Base.ADDRESSES: _fields(
            _F("code", W("标准地址编码", "Code of the standard address"), "text", False, "exact"),
            _F("standard", W("标准地址", "Standard address"), "text", False, "address"),
            _F("street", W("所属街道代码", "Sub-district"), "text", False, "exact"),
            _F("community", W("所属社区代码", "Community"), "text", False, "exact"),
            _F(
                "use", W("房屋用途", "Use of the premises"), "text", False, "exact"
            ),  # housing | shop | office | factory
            _F("registrable", W("可登记为经营场所", "May be registered as business premises"), "flag", False, "exact"),
            _F("entities", W("已登记的主体数", "Entities registered there"), "number", False, "exact"),
        ),
        Base.CREDIT: _fields(
            _F("restricted", W("严重失信且未修复", "Seriously untruthful and not repaired"), "flag", True, "exact"),
            _F("barred", W("不得担任经营者或高管", "Barred from running a business"), "flag", True, "exact"),
            _F("grounds", W("列入事由", "Grounds of the listing"), "list", True, None),
            _F("until", W("限制至", "Restricted until"), "date", True, "date"),
        ),
        Base.CERTIFICATES: _fields(
            _F("types", W("有效证照的类型代码", "Types of certificates in force"), "list", True, "exact"),
            _F("numbers", W("有效证照的编号", "Numbers of certificates in force"), "list", True, "exact"),
        ),
    }
)
BASE_WORDS: Mapping[Base, Words] = MappingProxyType(
    {
        Base.POPULATION: W("人口库", "Population"),
        Base.ENTITIES: W("法人库", "Legal entities"),
        Base.ADDRESSES: W("地址库", "Addresses"),
        Base.CREDIT: W("信用库", "Credit records"),
        Base.CERTIFICATES: W("证照库", "Certificates"),
    }
)
KEYS: Mapping[Base, KeyKind] = MappingProxyType(
    {
        Base.POPULATION: "person",
        Base.ENTITIES: "company",
        Base.ADDRESSES: "address",
        Base.CREDIT: "either",
        Base.CERTIFICATES: "either",
    }
)
KEY_WORDS: Mapping[KeyKind, Words] = MappingProxyType(
    {
        "person": W("公民身份号码", "Identity number"),
        "company": W("统一社会信用代码", "Unified social credit code"),
        "either": W("公民身份号码或统一社会信用代码", "Identity number or credit code"),
        "address": W("标准地址（或能对上的地址）", "Standard address, or one that can be matched"),
    }
)
# How old what a source said may be before it counts as no answer. No law states it: our own bounds, the shorter the more
# a change would matter (a listing counts at once, a house stands for years).
FRESH_FOR: Mapping[Base, timedelta] = MappingProxyType(
    {
        Base.POPULATION: timedelta(days=31),
        Base.ENTITIES: timedelta(days=31),
        Base.ADDRESSES: timedelta(days=366),
        Base.CREDIT: timedelta(days=7),
        Base.CERTIFICATES: timedelta(days=31),
    }
)
# How long an answer of an outside source may be used again (seconds). Credit records change in the hour.
KEEP_FOR: Mapping[Base, int] = MappingProxyType(
    {
        Base.POPULATION: 6 * 3600,
        Base.ENTITIES: 3600,
        Base.ADDRESSES: 24 * 3600,
        Base.CREDIT: 1800,
        Base.CERTIFICATES: 3600,
    }
)
