"""Tasks change hands: seats of a joint review (会签), questions to other posts (加签), delegation (转办), return (退回)."""

import django.db.models.deletion
import yichuang.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='task',
            name='engine_task_act',
        ),
        migrations.RemoveConstraint(
            model_name='task',
            name='engine_task_one_live',
        ),
        migrations.AddField(
            model_name='task',
            name='asked_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='asked_name',
            field=yichuang.core.fields.SealedText(aad='engine_task.asked_name', null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='back_to',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='task',
            name='delegated_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='delegated_name',
            field=yichuang.core.fields.SealedText(aad='engine_task.delegated_name', null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='countersigns', to='engine.task'),
        ),
        migrations.AddField(
            model_name='task',
            name='question',
            field=yichuang.core.fields.SealedText(aad='engine_task.question', null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='seat',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='task',
            name='act',
            field=models.CharField(max_length=20),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['review', 'decide', 'inspect', 'countersign'])), name='engine_task_act'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'countersign'), ('asked_by__isnull', False), ('parent__isnull', False)), models.Q(models.Q(('act', 'countersign'), _negated=True), ('asked_by__isnull', True), ('parent__isnull', True)), _connector='OR'), name='engine_task_countersign'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('delegated_by__isnull', True), ('state__in', ['claimed', 'done', 'cancelled']), _connector='OR'), name='engine_task_delegated'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', True), ('state__in', ['open', 'claimed'])), fields=('instance', 'node', 'seat'), name='engine_task_one_live'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', False), ('state__in', ['open', 'claimed'])), fields=('parent', 'post'), name='engine_task_asked_once'),
        ),
    ]
