"""What of a giver's records is in doubt: rows with faults, and what a faulty whole delivery left out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0005_shared_bases'),
    ]

    operations = [
        migrations.AddField('Holding', 'incomplete_at', models.DateTimeField(null=True)),
        migrations.AddField('SharedRecord', 'doubtful', models.BooleanField(default=False)),
    ]
