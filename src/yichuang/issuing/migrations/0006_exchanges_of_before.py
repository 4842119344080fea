"""Certificates that were corrected after their paper was handed over, before there was 换领, wait for their exchange too."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

from yichuang.core.ids import new_id


def expect(apps: Any, schema_editor: Any) -> None:
    """A waiting row for the newest correction behind each hand-over, unless the case has one: running it twice adds none."""
    Correction, Delivery, Exchange = (
        apps.get_model(*name) for name in (("cases", "Correction"), ("issuing", "Delivery"), ("issuing", "Exchange"))
    )
    base = schema_editor.connection.alias
    valid = apps.get_model("registry", "Certificate").objects.using(base).filter(status="valid")
    made = Correction.objects.using(base).filter(state="made", certificate__isnull=False)
    rows = made.filter(
        ~Exists(Exchange.objects.using(base).filter(case=OuterRef("case"))),
        Exists(Delivery.objects.using(base).filter(case=OuterRef("case"), at__lte=OuterRef("decided_at"))),
        Exists(valid.filter(id=OuterRef("certificate"))),
    )
    # One version of a certificate is in force: the newest. Its correction is the one whose certificate is valid.
    found = rows.order_by("decided_at", "id").values_list("case", "certificate", "decided_at", "case__taking_place")
    for case, certificate, at, taken in found:
        place = Delivery.objects.using(base).values_list("place", flat=True).get(case=case)
        Exchange.objects.using(base).create(
            id=new_id(), case_id=case, certificate_id=certificate, place_id=place or taken, since=at
        )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0022_uploads_by_link"),
        ("issuing", "0005_exchanges"),
        ("registry", "0004_terms_that_end"),
    ]

    operations = [migrations.RunPython(expect, migrations.RunPython.noop)]
