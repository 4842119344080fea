"""From now on the ledger vouches for these rows too: those that are there already are put on record."""

from django.db import migrations

from yichuang.core.ledger.adopting import adopt_rows


def _rows(model: str, family: str) -> migrations.RunPython:
    return adopt_rows("cases", model, kind="case", subject="case_id", name=lambda row: f"{family}:{row.pk}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("core", "0001_initial")]
    operations = [
        _rows("Hold", "hold"),
        _rows("GapNotice", "notice"),
        _rows("Suspension", "suspension"),
        _rows("Extension", "extension"),
        _rows("PromiseLapse", "lapse"),
        _rows("SupplyLink", "link"),
    ]
