"""A department may be closed (已撤销): it takes on nothing new."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]

    operations = [
        migrations.AddField("department", "closed_at", models.DateTimeField(blank=True, null=True)),
    ]
