"""Of a file that waits for a second person, when its giver made it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_fewer_indexes")]
    operations = [
        migrations.AddField(model_name="stagedbatch", name="made_at", field=models.DateTimeField(null=True)),
    ]
