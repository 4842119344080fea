"""From now on the ledger vouches for hand-overs too: those that are there already are put on record."""

from django.db import migrations

from yichuang.core.ledger.adopting import adopt_rows


class Migration(migrations.Migration):
    dependencies = [("issuing", "0001_initial"), ("core", "0001_initial")]
    operations = [adopt_rows("issuing", "Delivery", kind="case", subject="case_id", name=lambda row: "delivery")]
