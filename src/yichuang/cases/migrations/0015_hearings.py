"""Interested parties told and heard, hearings called and held (听证)."""

import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_inspections'),
        ('people', '0002_seal_free_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hearing',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(max_length=10)),
                ('matter', yichuang.core.fields.SealedText(aad='cases_hearing.matter')),
                ('parties', yichuang.core.fields.SealedJson(aad='cases_hearing.parties')),
                ('told_at', models.DateTimeField()),
                ('answer_until', models.DateField()),
                ('statements', yichuang.core.fields.SealedJson(aad='cases_hearing.statements')),
                ('asked_on', models.DateField(blank=True, null=True)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('chair_name', models.CharField(blank=True, max_length=60)),
                ('present', yichuang.core.fields.SealedText(aad='cases_hearing.present', blank=True, default='', keep_empty=True)),
                ('record', yichuang.core.fields.SealedText(aad='cases_hearing.record', blank=True, default='', keep_empty=True)),
                ('signed', models.BooleanField(null=True)),
                ('note', yichuang.core.fields.SealedText(aad='cases_hearing.note', blank=True, default='', keep_empty=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hearings', to='cases.case')),
                ('chair', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('stage__in', ['told', 'asked', 'called', 'held', 'closed'])), name='hearing_stage_known'), models.UniqueConstraint(condition=models.Q(('stage__in', ['told', 'asked', 'called'])), fields=('case',), name='one_running_hearing'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['called', 'held']), _negated=True), models.Q(('asked_on__isnull', False), ('chair__isnull', False), ('held_on__isnull', False)), _connector='OR'), name='hearing_called_whole'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'held'), _negated=True), ('signed__isnull', False), _connector='OR'), name='hearing_held_is_signed_or_refused')],
            },
        ),
    ]
