"""What the gate checks over 免证办: what may be fetched in a paper's place, and which earlier papers will do once more."""

from collections.abc import Iterator, Mapping

from yichuang.catalog.packs.documents import Document
from yichuang.catalog.values import HeldSpec, Material, Pack, PackFault
from yichuang.core.words import W, Words
from yichuang.registry.values import FIELDS, KEYS, Base, Trust

Fault = tuple[str, str, Words]  # where below the material, code, words
_TYPE = W("从证照库取得要写明证照类型（replaces）", "Of the certificates: the type is missing (replaces)")
_ORIGIN = W(
    "政府部门没有的材料（origin 不是 government）无法取得",
    "What no authority has (origin is not government) cannot be fetched",
)
_FIELDS = W(
    "从数据库取得要写明字段（fields）和判断（fits）",
    "Of a base: which fields (fields), and what they have to say (fits)",
)
_FIELD = W("{base} 库没有字段 {name}；有：{has}", "{base} has no field {name}; it has: {has}")
_KEY = W("申请人没有这个库的号码，查不到", "No applicant has a number that this base is asked by")
_NAME = W("fetched 是保留的名称，请换一个", "“fetched” is a name of the house: choose another")
_WORD = W(
    "只有申请人自己写的材料才能凭承诺再用（D 级）", "Only what applicants write themselves rests on their word (D)"
)


def held_faults(pack: Pack, documents: Mapping[str, Document]) -> Iterator[PackFault]:
    """Every fault of what materials say of it."""
    for n, fact in enumerate(pack.facts):
        if fact.name == "fetched":
            yield documents["item.yaml"].fault(f"/facts/{n}/name", "FACT_NAME", _NAME)
    for n, material in enumerate(pack.materials):
        found = _of_spec(pack, material, material.held) if material.held is not None else iter(())
        for place, code, words in (*found, *_of_again(material)):
            yield documents["materials.yaml"].fault(f"/materials/{n}{place}", code, words)


def _of_spec(pack: Pack, material: Material, spec: HeldSpec) -> Iterator[Fault]:
    if material.origin != "government":
        yield "/held", "HELD_ORIGIN", _ORIGIN
    if spec.base is Base.CERTIFICATES:
        if material.replaces is None:
            yield "/held", "HELD_TYPE", _TYPE
        return
    if not spec.fields or spec.fits is None:
        yield "/held", "HELD_FIELDS", _FIELDS
    for name in spec.fields:
        if name not in FIELDS[spec.base]:
            told = _FIELD.format(base=spec.base.value, name=name, has="、".join(FIELDS[spec.base]))
            yield "/held/fields", "LOOKUP_FIELD", told
    if KEYS[spec.base] in {"person", "company"} and KEYS[spec.base] not in pack.audience:
        yield "/held/base", "HELD_KEY", _KEY


def _of_again(material: Material) -> Iterator[Fault]:
    if material.again is not None and material.again.trust is Trust.D and material.origin != "self":
        yield "/again/trust", "AGAIN_WORD", _WORD
