"""The live tasks of a process are found without reading those of all its rounds."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("engine", "0007_timers_in_turn")]
    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                name="engine_task_live", fields=["instance", "created_at"], condition=Q(state__in=["open", "claimed"])
            ),
        ),
    ]
