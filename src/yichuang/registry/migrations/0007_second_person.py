"""Files that wait for a second person, and when each batch was made."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def fill(apps: Any, schema_editor: Any) -> None:
    """Batches of before were made when they were loaded, as far as anybody knows."""
    apps.get_model('registry', 'SharedBatch').objects.filter(as_of=None).update(as_of=F('at'))


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0006_doubt'),
    ]

    operations = [
        migrations.AddField('SharedBatch', 'as_of', models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField('SharedBatch', 'as_of', models.DateTimeField()),
        migrations.AddIndex('SharedBatch', models.Index(fields=['base', 'source', '-as_of'], name='registry_batch_newest')),
        migrations.CreateModel(
            name='StagedBatch',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('base', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=40)),
                ('file', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('whole', models.BooleanField()),
                ('encoding', models.CharField(max_length=10)),
                ('content', models.BinaryField()),
                ('at', models.DateTimeField(db_index=True)),
                ('by_id', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'registry_staged',
                'constraints': [models.CheckConstraint(condition=models.Q(('base__in', ['population', 'entities', 'addresses', 'credit', 'certificates'])), name='registry_staged_base')],
            },
        ),
    ]
