"""Why a status changed and what a certificate was used for are people's own words: sealed, old rows too."""

from django.db import migrations

from yichuang.core.fields import SealedText
from yichuang.core.sealing import seal_column


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        *seal_column(
            "registry",
            "certificatestatus",
            "reason",
            SealedText(aad="registry_certificate_status.reason"),
            append_only=True,
        ),
        *seal_column("registry", "registryuse", "purpose", SealedText(aad="registry_use.purpose"), append_only=True),
    ]
