from django.db import migrations, models

# Whose timers stand still already stands still itself; whoever has none was not known to.
STANDING = """
UPDATE engine_instance AS i SET paused_at = held.since
FROM (SELECT instance_id, min(held_at) AS since FROM engine_wait WHERE held_at IS NOT NULL GROUP BY instance_id) AS held
WHERE held.instance_id = i.id AND i.state = 'running'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0004_whole"),
    ]

    operations = [
        migrations.AddField(model_name="instance", name="paused_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
    ]
