"""Inspections on the spot (现场核查): two named inspectors, what they found, who signed."""

import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_questions'),
        ('people', '0002_seal_free_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('task', models.UUIDField(unique=True)),
                ('first_name', models.CharField(max_length=60)),
                ('first_licence', models.CharField(max_length=30)),
                ('second_name', models.CharField(max_length=60)),
                ('second_licence', models.CharField(max_length=30)),
                ('planned_at', models.DateTimeField()),
                ('place', yichuang.core.fields.SealedText(aad='cases_inspection.place')),
                ('photos', models.JSONField(default=list)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('findings', yichuang.core.fields.SealedText(aad='cases_inspection.findings', blank=True, default='', keep_empty=True)),
                ('meets', models.BooleanField(null=True)),
                ('present', yichuang.core.fields.SealedText(aad='cases_inspection.present', blank=True, default='', keep_empty=True)),
                ('present_signed', models.CharField(blank=True, max_length=10)),
                ('present_note', yichuang.core.fields.SealedText(aad='cases_inspection.present_note', blank=True, default='', keep_empty=True)),
                ('first_signed_at', models.DateTimeField(blank=True, null=True)),
                ('second_signed_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.UUIDField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='cases.case')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='inspection_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('held_at__isnull', True), ('meets__isnull', True), ('present_signed', '')), models.Q(('held_at__isnull', False), ('meets__isnull', False), ('present_signed__in', ['signed', 'refused', 'absent'])), _connector='OR'), name='inspection_recorded_whole'), models.CheckConstraint(condition=models.Q(('held_at__isnull', False), models.Q(('first_signed_at__isnull', True), ('second_signed_at__isnull', True)), _connector='OR'), name='inspection_signed_when_recorded'), models.CheckConstraint(condition=models.Q(('document__isnull', True), models.Q(('first_signed_at__isnull', False), ('second_signed_at__isnull', False)), _connector='OR'), name='inspection_paper_when_both_signed')],
            },
        ),
    ]
