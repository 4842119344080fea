
import django.db.models.deletion
import yichuang.core.fields
import yichuang.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0016_extension_requests'),
        ('network', '0001_initial'),
        ('people', '0003_email_of_a_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=60)),
                ('ground', models.CharField(max_length=20)),
                ('reason', yichuang.core.fields.SealedText(aad='cases_transfer.reason')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='cases.case')),
                ('from_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.department')),
                ('from_place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.place')),
                ('to_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.department')),
                ('to_place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.place')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('from_place', models.F('to_place')), ('from_department', models.F('to_department')), _connector='XOR'), name='transfer_moves_one_thing'), models.CheckConstraint(condition=models.Q(('ground__in', ['area', 'competence', 'reorganised', 'recusal'])), name='transfer_ground_known')],
            },
        ),
    ]
