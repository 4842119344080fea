from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose account was opened before this is not known to have shown a document: they are seen at their next visit."""

    dependencies = [
        ("people", "0005_consent_with_all"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="identity_seen",
            field=models.BooleanField(default=False),
        ),
    ]
