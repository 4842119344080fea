
import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0017_transfer'),
        ('people', '0003_email_of_a_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='asked', max_length=10)),
                ('lines', yichuang.core.fields.SealedJson(aad='cases_correction.lines')),
                ('reason', yichuang.core.fields.SealedText(aad='cases_correction.reason')),
                ('asked_at', models.DateTimeField()),
                ('asked_name', yichuang.core.fields.SealedText(aad='cases_correction.asked_name')),
                ('on_the_spot', models.BooleanField(default=False)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_name', models.CharField(blank=True, max_length=60)),
                ('note', yichuang.core.fields.SealedText(aad='cases_correction.note', blank=True, default='', keep_empty=True)),
                ('document', models.UUIDField(blank=True, null=True)),
                ('replaced', models.UUIDField(blank=True, null=True)),
                ('certificate', models.UUIDField(blank=True, null=True)),
                ('asked_by_party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('asked_by_staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['asked_at', 'id'], name='correction_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'made', 'declined', 'withdrawn'])), name='correction_state_known'), models.CheckConstraint(condition=models.Q(('asked_by_party__isnull', True), ('asked_by_staff__isnull', True), _connector='XOR'), name='correction_asked_by_one'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state__in', ['asked', 'withdrawn'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['made', 'declined'])), _connector='OR'), name='correction_decided_whole'), models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('state', 'made')), models.Q(models.Q(('state', 'made'), _negated=True), ('document__isnull', True)), _connector='OR'), name='correction_made_with_a_paper'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), ('on_the_spot', True), ('asked_by_staff__isnull', True), models.Q(('asked_by_staff', models.F('decided_by')), _negated=True), _connector='OR'), name='correction_approved_by_another'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('case',), name='correction_one_open')],
            },
        ),
    ]
