"""What of a key or a value is shown to who keeps the bases in order: enough to name the record to its source, no more."""

import json
from collections.abc import Mapping

from yichuang.core.identifiers import check_cn_id, check_uscc, normal_id
from yichuang.core.masks import mask_address, mask_id, mask_name
from yichuang.core.words import W, Words
from yichuang.registry.values import FIELDS, KEYS, Base, FieldSpec

YES, NO = W("是", "yes"), W("否", "no")
HIDDEN = W("说法 {n}（内容已隐去）", "answer {n} (hidden)")
PRESENCE = {"none": W("无记录", "nothing on record"), "found": W("有记录", "a record")}
CODES = {  # of fields that are nobody's personal data
    "company": W("公司", "company"),
    "individual": W("个体工商户", "individual business"),
    "institution": W("事业单位", "public institution"),
    "active": W("存续", "active"),
    "cancelled": W("已注销", "cancelled"),
    "revoked": W("已吊销", "revoked"),
    "housing": W("住宅", "housing"),
    "shop": W("商铺", "shop"),
    "office": W("办公", "office"),
    "factory": W("厂房", "factory"),
}


def masked_key(base: Base, key: str) -> str:
    """An identity number masked; a credit code and an address of no person as they are."""
    if KEYS[base] == "address":
        return key.strip()[:200]
    number = normal_id(key)
    if KEYS[base] == "company":
        return number
    return mask_id(number) if not check_cn_id(number) or check_uscc(number) else number


def told(base: Base, field: str, said: Mapping[str, object]) -> tuple[tuple[str, Words], ...]:
    """What each source says, masked by the field: (source, words), by source.

    A mask of a short code ("married") hides nothing from who knows the codes and says nothing to anybody else: such
    personal values are left out, and the sources that say the same bear the same number.
    """
    sources = sorted(said)
    spec = FIELDS[base].get(field)
    if spec is None:
        return tuple((source, PRESENCE.get(str(said[source]), _same(str(said[source])))) for source in sources)
    if not spec.personal:
        return tuple((source, _open(said[source])) for source in sources)
    if spec.kind in {"text", "list"} and spec.compare not in {"name", "address"}:
        different = list(dict.fromkeys(json.dumps(said[source], ensure_ascii=False) for source in sources))
        return tuple(
            (source, HIDDEN.format(n=different.index(json.dumps(said[source], ensure_ascii=False)) + 1))
            for source in sources
        )
    return tuple((source, _masked(spec, said[source])) for source in sources)


OF_PEOPLE = {  # codes of personal fields: only who may read the value gets its word
    "single": W("未婚", "single"),
    "married": W("已婚", "married"),
    "divorced": W("离婚", "divorced"),
    "widowed": W("丧偶", "widowed"),
    "male": W("男", "male"),
    "female": W("女", "female"),
}


def masked_value(base: Base, field: str, value: object) -> Words:
    """One value as who handles a case may see it without asking for more: codes of people are left out."""
    return told(base, field, {"": value})[0][1]


def plain_value(value: object) -> Words:
    """One value for whose it is: codes in words, the rest as it is."""
    return OF_PEOPLE.get(str(value)) or _open(value)


def _masked(spec: FieldSpec, value: object) -> Words:
    if spec.kind in {"flag", "number"}:
        return _open(value)
    if spec.kind == "date":
        return _same(f"{str(value)[:4]}-**-**")
    return _same(mask_address(str(value)) if spec.compare == "address" else mask_name(str(value)))


def _open(value: object) -> Words:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | tuple):
        return Words("、".join(map(str, value)), ", ".join(map(str, value)))
    return CODES.get(str(value), _same(str(value)))


def _same(text: str) -> Words:
    return Words(text, text)
