"""What clerks and supervisors write in their own words may name somebody: it is sealed, old rows too."""

from typing import Any

from django.db import migrations

from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.sealing import seal_column


def _text(model: str, column: str, **more: Any) -> list[migrations.AlterField | migrations.RunPython]:
    return seal_column("cases", model, column, SealedText(aad=f"cases_{model}.{column}", **more))


RARE = {"keep_empty": True, "blank": True, "default": ""}


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_trips")]
    operations = [
        *_text("material", "fault_zh", **RARE),
        *_text("material", "fault_en", **RARE),
        *seal_column("cases", "gapnotice", "items", SealedJson(aad="cases_gapnotice.items")),
        *_text("gapnotice", "supervisor_reason", **RARE),
        *_text("extension", "approved_by"),
        *_text("promiselapse", "repaired_reason", **RARE),
    ]
