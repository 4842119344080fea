"""Trips (跑动账): visits and their causes, kept once; cases of the first slice count the filing at a window as their first."""

import django.db.models.deletion
import yichuang.core.ids
from django.db import migrations, models

from yichuang.core.append_only import append_only

COUNT_FILINGS = """
UPDATE cases_case SET trip_count = 1 FROM cases_encounter
WHERE cases_encounter.id = cases_case.encounter_id AND cases_encounter.place_id IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_vouch_for_rows'),
        ('network', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='trip_count',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='tripcause',
            name='chosen_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff'),
        ),
        migrations.AlterField(
            model_name='tripcause',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='trips', to='cases.case'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], include=('taking_place', 'department', 'item_code', 'item_version', 'trip_count'), name='case_closed'),
        ),
        migrations.AddConstraint(
            model_name='tripcause',
            constraint=models.UniqueConstraint(fields=('case', 'encounter', 'kind', 'material'), name='trip_cause_once'),
        ),
        migrations.AddConstraint(
            model_name='tripcause',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['consult', 'present_in_person', 'by_choice', 'sent_on', 'system_fault', 'material_missing', 'material_faulty', 'collect', 'withdraw'])), name='trip_cause_known'),
        ),
        migrations.AddField(
            model_name='visit',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='cases.case'),
        ),
        migrations.AddField(
            model_name='visit',
            name='encounter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='cases.encounter'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.UniqueConstraint(fields=('case', 'encounter'), name='visit_once_per_encounter'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['file', 'supplement', 'collect', 'withdraw', 'other'])), name='visit_purpose_known'),
        ),
        append_only("cases_visit"),
        append_only("cases_tripcause"),
        migrations.RunSQL(COUNT_FILINGS, migrations.RunSQL.noop),
    ]
