from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0002_hands")]

    operations = [
        migrations.AddField("instance", "posts", models.JSONField(default=dict)),
    ]
