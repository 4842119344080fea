"""Due timers are read tenant by tenant, so that many of one do not hold up another's."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("engine", "0006_policies")]
    operations = [
        migrations.RemoveIndex(model_name="wait", name="engine_wait_due"),
        migrations.AddIndex(
            model_name="wait",
            index=models.Index(
                name="engine_wait_of", fields=["tenant", "due_at", "id"], condition=Q(kind="timer", held_at__isnull=True)
            ),
        ),
    ]
