"""Which document was seen when somebody was written down to stand for another is a clerk's own words: sealed."""

from django.db import migrations

from yichuang.core.fields import SealedText
from yichuang.core.sealing import seal_column


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        *seal_column(
            "people",
            "representation",
            "basis",
            SealedText(aad="people_representation.basis", keep_empty=True, default=""),
        ),
    ]
