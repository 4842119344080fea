"""A small package of three offices, for the pure rules: a shop's licence, its seals, its bank."""

from typing import Any

from yichuang.bundles.values import Group, Package, PackagePromise, SharedField, SharedQuestion, Slot
from yichuang.core.words import W


def text(least: int, most: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most, "x-label": "栏", "x-label-en": "Field", **more}


def group(**fields: Any) -> dict[str, Any]:
    return {
        "type": "object", "x-label": "组", "x-label-en": "Group", "additionalProperties": False,
        "required": list(fields), "properties": fields,
    }  # fmt: skip


def form(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "x-groups": [], "required": list(properties), "properties": properties}


PROMISE = {"type": "boolean", "const": True, "x-label": "承诺真实", "x-label-en": "True"}
LICENCE = form(name=group(trade=text(2, 20)), boss=group(name=text(2, 50), mobile=text(11, 11)), promise=PROMISE)
SEAL = form(name=group(trade=text(2, 10)), seals=group(count=text(1, 2)), promise=PROMISE)
BANK = form(boss=group(name=text(2, 50), mobile=text(11, 11), rank=text(1, 9)))
SCHEMAS = {"licence": LICENCE, "seal": SEAL, "bank": BANK}
PACKAGE = Package(
    code="shop",
    version=1,
    name=W("开店一件事", "Opening a shop"),
    summary=W("一次办齐", "All at once"),
    spoken=("开店",),
    slots=(
        Slot("licence", "item-a", W("营业执照", "Licence")),
        Slot("seal", "item-b", W("刻章", "Seals"), rests_on=("licence",), answers={"kind": "first"}),
        Slot("bank", "item-c", W("银行", "Bank"), rests_on=("seal",), fed={"/boss/rank": "licence/number"}),
    ),
    groups=(
        Group("name", W("名称", "Name"), (SharedField("trade", {"licence": "/name/trade", "seal": "/name/trade"}),)),
        Group(
            "boss",
            W("负责人", "Head"),
            (
                SharedField("name", {"licence": "/boss/name", "bank": "/boss/name"}),
                SharedField("mobile", {"licence": "/boss/mobile", "bank": "/boss/mobile"}),
            ),
        ),
    ),
    questions=(SharedQuestion("agent", {"licence": "agent", "seal": "by"}),),
    promise=PackagePromise(240, W("半个工作日", "half a working day"), "P"),
    process_xml=b"",
)
RESTS = {"licence": (), "seal": ("licence",), "bank": ("seal",)}
