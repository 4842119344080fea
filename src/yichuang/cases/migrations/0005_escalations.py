"""Escalations (督办): limits that turned red or passed, and supervisors' words to whoever holds the case."""

import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models

from yichuang.core.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_seal_free_text'),
        ('network', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(max_length=20)),
                ('limit', models.CharField(blank=True, max_length=20)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('note', yichuang.core.fields.SealedText(aad='cases_escalation.note', blank=True, default='')),
                ('by_name', models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'GRANTED')), fields=['decided_at', 'id'], name='case_undelivered'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='cases.case'),
        ),
        migrations.AddIndex(
            model_name='escalation',
            index=models.Index(fields=['case', 'at'], name='escalation_of_case'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(condition=models.Q(('step', 'order'), _negated=True), fields=('case', 'step', 'limit', 'due_at'), name='escalated_once'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('due_at__isnull', True), ('limit', ''), ('step', 'order')), models.Q(('by__isnull', True), ('due_at__isnull', False), ('limit__in', ['answer', 'decision', 'delivery']), ('step__in', ['due_soon', 'overdue'])), _connector='OR'), name='escalation_whole'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['due_soon', 'overdue', 'order'])), name='escalation_step_known'),
        ),
        append_only("cases_escalation"),
    ]
