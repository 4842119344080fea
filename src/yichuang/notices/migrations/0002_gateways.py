"""What senders and providers say of a message: each step by its sender and outcome, and reports of arrival (回执)."""

import django.db.models.deletion
import yichuang.core.ids
from django.db import migrations, models

from yichuang.core.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceiptRow',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('sender', models.CharField(max_length=40)),
                ('state', models.CharField(max_length=11)),
                ('code', models.CharField(default='', max_length=40)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='delivery',
            name='outcome',
            field=models.CharField(default='', max_length=8),
        ),
        migrations.AddField(
            model_name='delivery',
            name='sender',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('outcome', 'parked')), fields=['-at'], name='notices_parked'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('sent', True)), fields=['-at'], name='notices_handed_over'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'again', 'begun', 'failed', 'later', 'parked', 'refused', 'sent', 'unknown'])), name='notices_delivery_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(('outcome', 'sent'), ('sent', True)), models.Q(('sent', False), models.Q(('outcome', 'sent'), _negated=True)), _connector='OR'), name='notices_delivery_sent_is_sent'),
        ),
        migrations.AddField(
            model_name='receiptrow',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='notices.message'),
        ),
        migrations.AddIndex(
            model_name='receiptrow',
            index=models.Index(condition=models.Q(('state', 'undelivered')), fields=['-received_at'], name='notices_undelivered'),
        ),
        migrations.AddConstraint(
            model_name='receiptrow',
            constraint=models.UniqueConstraint(fields=('message', 'sender', 'state'), name='notices_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='receiptrow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['delivered', 'undelivered'])), name='notices_receipt_state'),
        ),
        append_only("notices_receiptrow"),
    ]
