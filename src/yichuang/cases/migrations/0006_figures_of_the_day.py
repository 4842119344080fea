"""Indexes for the figures of a desk: what came in on a day, and what was accepted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_escalations'),
        ('network', '0001_initial'),
        ('people', '0002_seal_free_text'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['filed_at'], name='case_filed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('accepted_at__isnull', False)), fields=['accepted_at'], name='case_accepted'),
        ),
    ]
