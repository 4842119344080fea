
import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0020_duty_roster'),
        ('network', '0001_initial'),
        ('people', '0003_email_of_a_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='HelpRequest',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('item_code', models.CharField(blank=True, max_length=60)),
                ('asker_masked', models.CharField(max_length=120)),
                ('state', models.CharField(default='open', max_length=10)),
                ('text', yichuang.core.fields.SealedText(aad='cases_helprequest.text')),
                ('address', yichuang.core.fields.SealedText(aad='cases_helprequest.address', blank=True, default='', keep_empty=True)),
                ('wished', yichuang.core.fields.SealedText(aad='cases_helprequest.wished', blank=True, default='', keep_empty=True)),
                ('consents', models.JSONField(default=list)),
                ('channel', models.CharField(max_length=20)),
                ('asked_at', models.DateTimeField()),
                ('helper_name', models.CharField(blank=True, max_length=60)),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('asked_at_window_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('helper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.place')),
            ],
        ),
        migrations.CreateModel(
            name='HelpStep',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=20)),
                ('by_kind', models.CharField(max_length=10)),
                ('by_id', models.UUIDField(blank=True, null=True)),
                ('by_name', yichuang.core.fields.SealedText(aad='cases_helpstep.by_name')),
                ('text', yichuang.core.fields.SealedText(aad='cases_helpstep.text', blank=True, default='', keep_empty=True)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='cases.helprequest')),
            ],
        ),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(condition=models.Q(('state__in', ['open', 'taken'])), fields=['place', 'asked_at', 'id'], name='help_of_place'),
        ),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(fields=['asker', '-id'], name='help_of_asker'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['assist', 'errand', 'visit'])), name='help_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'taken', 'done', 'ended'])), name='help_state_known'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('helper__isnull', True), ('state', 'open')), models.Q(('ended_at__isnull', True), ('helper__isnull', False), ('state', 'taken'), ('taken_at__isnull', False)), models.Q(('ended_at__isnull', False), ('helper__isnull', False), ('state', 'done')), models.Q(('ended_at__isnull', False), ('state', 'ended')), _connector='OR'), name='help_taken_by_one'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'ended']), _negated=True), ('consents', []), _connector='OR'), name='help_consent_ends_with_it'),
        ),
    ]
