"""What of a key or a value is shown to who keeps the bases in order: enough to name the record to its source, no more."""

from yichuang.core.identifiers import check_cn_id, check_uscc, normal_id
from yichuang.core.masks import mask_address, mask_by_shape, mask_id, mask_name
from yichuang.registry.values import FIELDS, KEYS, Base


def masked_key(base: Base, key: str) -> str:
    """An identity number masked; a credit code and an address of no person as they are."""
    if KEYS[base] == "address":
        return key.strip()[:200]
    number = normal_id(key)
    if KEYS[base] == "company":
        return number
    return mask_id(number) if not check_cn_id(number) or check_uscc(number) else number


def masked_value(base: Base, field: str, value: object) -> str:
    """A value masked by its field; what is nobody's personal data stays."""
    spec = FIELDS[base].get(field)
    text = "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if spec is None or not spec.personal or spec.kind in {"flag", "number"}:
        return text
    if spec.kind == "date":
        return text[:4] + "-**-**"
    if spec.compare == "address":
        return mask_address(text)
    return mask_name(text) if spec.compare == "name" else mask_by_shape(text)
