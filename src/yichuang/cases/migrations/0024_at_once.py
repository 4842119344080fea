
from decimal import Decimal

import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0023_notices_read'),
        ('network', '0002_closed_departments'),
        ('people', '0005_consent_with_all'),
    ]

    operations = [
        migrations.CreateModel(
            name='AutoDecision',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('item_code', models.CharField(max_length=60)),
                ('item_version', models.PositiveIntegerField()),
                ('sha', models.CharField(max_length=64)),
                ('mode', models.CharField(max_length=10)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('verdict', models.CharField(blank=True, max_length=10)),
                ('codes', models.JSONField(default=list)),
                ('doubts', models.JSONField(default=list)),
                ('inputs', yichuang.core.fields.SealedJson(aad='cases_autodecision.inputs')),
                ('record', models.BinaryField(default=b'')),
                ('sources', models.JSONField(default=dict)),
                ('proved', models.CharField(blank=True, max_length=10)),
                ('error', models.CharField(blank=True, max_length=40)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('acted', models.BooleanField(default=False)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='auto_decision', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='HumanReview',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('reason', yichuang.core.fields.SealedText(aad='cases_humanreview.reason')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_name', models.CharField(blank=True, max_length=60)),
                ('stands', models.BooleanField(null=True)),
                ('answer', yichuang.core.fields.SealedText(aad='cases_humanreview.answer', blank=True, default='', keep_empty=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='human_review', to='cases.case')),
                ('department', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.department')),
            ],
        ),
        migrations.CreateModel(
            name='Recheck',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('drawn_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('verdict', models.CharField(blank=True, max_length=10)),
                ('reasons', yichuang.core.fields.SealedText(aad='cases_recheck.reasons', blank=True, default='', keep_empty=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='recheck', to='cases.autodecision')),
                ('department', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.department')),
            ],
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('item_code', models.CharField(max_length=60)),
                ('sha', models.CharField(max_length=64)),
                ('mode', models.CharField(default='shadow', max_length=10)),
                ('since', models.DateTimeField()),
                ('reason_zh', models.CharField(blank=True, max_length=300)),
                ('reason_en', models.CharField(blank=True, max_length=300)),
                ('percent', models.DecimalField(decimal_places=2, default=5, max_digits=5)),
                ('bound', models.DecimalField(decimal_places=5, default=Decimal('0.01'), max_digits=6)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
            ],
        ),
        migrations.AddIndex(
            model_name='autodecision',
            index=models.Index(fields=['item_code', 'sha', '-id'], name='auto_decision_of_set'),
        ),
        migrations.AddIndex(
            model_name='autodecision',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['state', 'id'], name='auto_decision_waiting'),
        ),
        migrations.AddConstraint(
            model_name='autodecision',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['shadow', 'alone', 'off'])), name='auto_decision_mode_known'),
        ),
        migrations.AddConstraint(
            model_name='autodecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acted', False), ('judged_at__isnull', True), ('state', 'waiting'), ('verdict', '')), models.Q(('judged_at__isnull', False), ('state', 'done'), ('verdict__in', ['approve', 'person'])), models.Q(('acted', False), ('judged_at__isnull', False), ('state', 'failed'), ('verdict', '')), _connector='OR'), name='auto_decision_whole'),
        ),
        migrations.AddConstraint(
            model_name='autodecision',
            constraint=models.CheckConstraint(condition=models.Q(('acted', False), models.Q(('mode', 'alone'), ('verdict', 'approve')), _connector='OR'), name='auto_decision_acts_when_sure'),
        ),
        migrations.AddIndex(
            model_name='humanreview',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['department', 'asked_at', 'id'], name='human_review_open'),
        ),
        migrations.AddIndex(
            model_name='humanreview',
            index=models.Index(fields=['department', '-id'], name='human_review_of_dep'),
        ),
        migrations.AddConstraint(
            model_name='humanreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('stands__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('stands__isnull', False)), _connector='OR'), name='human_review_answered_whole'),
        ),
        migrations.AddIndex(
            model_name='recheck',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['department', 'drawn_at', 'id'], name='recheck_open'),
        ),
        migrations.AddIndex(
            model_name='recheck',
            index=models.Index(fields=['department', '-id'], name='recheck_of_department'),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('state', 'open'), ('verdict', '')), models.Q(('at__isnull', False), ('by__isnull', False), ('state', 'done'), ('verdict__in', ['grant', 'not'])), _connector='OR'), name='recheck_whole'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.UniqueConstraint(fields=('item_code', 'sha'), name='rule_set_once'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['shadow', 'alone', 'off'])), name='rule_set_mode_known'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='rule_set_percent'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('bound__gte', 0), ('bound__lte', 1)), name='rule_set_bound'),
        ),
    ]
