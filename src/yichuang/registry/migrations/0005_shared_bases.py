"""The shared bases: records of givers, what they gave, kept answers, the log of every use, contradictions."""

import django.db.models.deletion
import yichuang.core.fields
from django.db import migrations, models

from yichuang.core.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_service_consent'),
        ('registry', '0004_terms_that_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='CachedAnswer',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=40)),
                ('base', models.CharField(max_length=20)),
                ('key_index', models.CharField(max_length=64)),
                ('names', models.JSONField()),
                ('found', models.BooleanField()),
                ('data', yichuang.core.fields.SealedJson(aad='registry_cache.data')),
                ('as_of', models.DateTimeField()),
                ('valid_until', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'registry_cache',
                'constraints': [models.UniqueConstraint(fields=('key_index', 'source'), name='registry_cache_once')],
            },
        ),
        migrations.CreateModel(
            name='Contradiction',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('base', models.CharField(max_length=20)),
                ('key_index', models.CharField(max_length=64)),
                ('key_masked', models.CharField(max_length=200)),
                ('field', models.CharField(max_length=40)),
                ('said', yichuang.core.fields.SealedJson(aad='registry_contradiction.said')),
                ('found_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('kept', models.CharField(default='', max_length=40)),
                ('reason', yichuang.core.fields.SealedText(aad='registry_contradiction.reason', default='', keep_empty=True)),
                ('by_id', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'registry_contradiction',
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['base', '-id'], name='registry_contradiction_list'), models.Index(fields=['key_index'], name='registry_contradiction_key')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('key_index', 'field'), name='registry_contradiction_open'), models.CheckConstraint(condition=models.Q(models.Q(('kept', ''), ('settled_at', None)), models.Q(('settled_at__isnull', False), models.Q(('kept', ''), _negated=True)), _connector='OR'), name='registry_contradiction_settled')],
            },
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('base', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=40)),
                ('whole_at', models.DateTimeField(null=True)),
                ('loaded_at', models.DateTimeField()),
                ('records', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'registry_holding',
                'constraints': [models.UniqueConstraint(fields=('base', 'source'), name='registry_holding_once'), models.CheckConstraint(condition=models.Q(('base__in', ['population', 'entities', 'addresses', 'credit', 'certificates'])), name='registry_holding_base')],
            },
        ),
        migrations.CreateModel(
            name='SharedBatch',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('base', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=40)),
                ('file', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('whole', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('by_kind', models.CharField(max_length=12)),
                ('by_id', models.UUIDField(null=True)),
                ('by_name_masked', models.CharField(max_length=100)),
                ('loaded', models.PositiveIntegerField()),
                ('unchanged', models.PositiveIntegerField()),
                ('gone', models.PositiveIntegerField()),
                ('clashes', models.PositiveIntegerField()),
                ('fault_count', models.PositiveIntegerField()),
                ('faults', models.JSONField()),
            ],
            options={
                'db_table': 'registry_batch',
                'constraints': [models.CheckConstraint(condition=models.Q(('base__in', ['population', 'entities', 'addresses', 'credit', 'certificates'])), name='registry_batch_base')],
            },
        ),
        migrations.CreateModel(
            name='RegistryLook',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('base', models.CharField(max_length=20)),
                ('names', models.JSONField()),
                ('key_index', models.CharField(max_length=64)),
                ('by_kind', models.CharField(max_length=12)),
                ('by_id', models.UUIDField(null=True)),
                ('by_name_masked', models.CharField(max_length=100)),
                ('item', models.CharField(max_length=80)),
                ('purpose', yichuang.core.fields.SealedJson(aad='registry_look.purpose')),
                ('ground', models.CharField(max_length=10)),
                ('basis', models.CharField(max_length=200)),
                ('consent', models.UUIDField(null=True)),
                ('case_number', models.CharField(max_length=50)),
                ('state', models.CharField(max_length=10)),
                ('sources', models.JSONField()),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
            ],
            options={
                'db_table': 'registry_look',
                'indexes': [models.Index(fields=['party', '-id'], name='registry_look_party'), models.Index(fields=['key_index', '-id'], name='registry_look_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['duty', 'consent'])), name='registry_look_ground'), models.CheckConstraint(condition=models.Q(('ground', 'duty'), ('consent__isnull', False), _connector='OR'), name='registry_look_consent'), models.CheckConstraint(condition=models.Q(('base__in', ['population', 'entities', 'addresses', 'credit', 'certificates'])), name='registry_look_base'), models.CheckConstraint(condition=models.Q(('state__in', ['found', 'none', 'unknown'])), name='registry_look_state')],
            },
        ),
        migrations.CreateModel(
            name='SharedRecord',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('base', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=40)),
                ('key_index', models.CharField(max_length=64)),
                ('loose_index', models.CharField(default='', max_length=64)),
                ('key_masked', models.CharField(max_length=200)),
                ('data', yichuang.core.fields.SealedJson(aad='registry_record.data')),
                ('digest', models.CharField(max_length=64)),
                ('as_of', models.DateTimeField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='registry.sharedbatch')),
            ],
            options={
                'db_table': 'registry_record',
                'indexes': [models.Index(fields=['base', 'source'], name='registry_record_giver'), models.Index(condition=models.Q(('loose_index', ''), _negated=True), fields=['loose_index'], name='registry_record_loose')],
                'constraints': [models.UniqueConstraint(fields=('key_index', 'source'), name='registry_record_once'), models.CheckConstraint(condition=models.Q(('base__in', ['population', 'entities', 'addresses', 'credit', 'certificates'])), name='registry_record_base')],
            },
        ),
        append_only("registry_look"),
    ]
