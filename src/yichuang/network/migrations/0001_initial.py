import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import yichuang.core.ids
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from yichuang.network.migrations._stamps import OPERATIONS as STAMPS


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('value', models.UUIDField(default=yichuang.core.ids.new_id)),
            ],
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('working', models.BooleanField()),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ('day',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='network_day_named_twice')],
            },
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('confirmed', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'ordering': ('year',),
                'constraints': [models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2199)), name='network_year_plausible'), models.CheckConstraint(condition=models.Q(('confirmed', False), models.Q(('source', ''), _negated=True), _connector='OR'), name='network_year_confirmed_by_source')],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('uscc', models.CharField(max_length=18, unique=True)),
                ('kind', models.CharField(choices=[('statutory', '法定机关'), ('authorised', '授权组织'), ('entrusted', '受委托组织'), ('utility', '公用事业单位'), ('bank', '银行')], max_length=20)),
                ('name_zh', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=160)),
                ('organ_seal', models.CharField(max_length=100)),
                ('address_zh', models.CharField(blank=True, default='', max_length=200)),
                ('address_en', models.CharField(blank=True, default='', max_length=300)),
                ('review_organ_zh', models.CharField(max_length=100)),
                ('review_organ_en', models.CharField(max_length=160)),
                ('court_zh', models.CharField(max_length=100)),
                ('court_en', models.CharField(max_length=160)),
                ('phone', models.CharField(max_length=40)),
                ('complaint_phone', models.CharField(max_length=40)),
                ('demo', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('code',),
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z][A-Z0-9]+$')), name='network_department_code_format'), models.CheckConstraint(condition=models.Q(('code', 'WINDOW'), _negated=True), name='network_department_not_window'), models.CheckConstraint(condition=models.Q(('uscc__regex', '^[0-9A-HJ-NPQRTUWXY]{18}$')), name='network_department_uscc_format'), models.CheckConstraint(condition=models.Q(('kind__in', ['statutory', 'authorised', 'entrusted', 'utility', 'bank'])), name='network_department_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('name_en', ''), _negated=True), models.Q(('organ_seal', ''), _negated=True), models.Q(('review_organ_zh', ''), _negated=True), models.Q(('court_zh', ''), _negated=True), models.Q(('phone', ''), _negated=True), models.Q(('complaint_phone', ''), _negated=True)), name='network_department_complete'), models.CheckConstraint(condition=models.Q(('phone', models.F('complaint_phone')), _negated=True), name='network_department_complaints_elsewhere')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('district_hall', '区政务服务中心'), ('special_hall', '专业大厅'), ('subdistrict_hall', '街道便民服务中心'), ('community', '社区便民服务站'), ('estation', '社区e站'), ('mall_point', '商圈自助服务点'), ('park_point', '园区自助服务点'), ('school_point', '校园自助服务点')], max_length=20)),
                ('name_zh', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=160)),
                ('address_zh', models.CharField(blank=True, default='', max_length=200)),
                ('address_en', models.CharField(blank=True, default='', max_length=300)),
                ('phone', models.CharField(blank=True, default='', max_length=40)),
                ('region_code', models.CharField(max_length=6)),
                ('street_code', models.CharField(blank=True, db_index=True, default='', max_length=9)),
                ('community_code', models.CharField(blank=True, default='', max_length=12)),
                ('takes_filings', models.BooleanField(default=True)),
                ('always_open', models.BooleanField(default=False)),
                ('active', models.BooleanField(default=True)),
                ('demo', models.BooleanField(default=False)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='network.place')),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='network.place')),
            ],
            options={
                'ordering': ('place', 'weekday', 'opens'),
            },
        ),
        migrations.CreateModel(
            name='OpeningException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('opens', models.TimeField(blank=True, null=True)),
                ('closes', models.TimeField(blank=True, null=True)),
                ('reason_zh', models.CharField(max_length=100)),
                ('reason_en', models.CharField(max_length=160)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exceptions', to='network.place')),
            ],
            options={
                'ordering': ('place', 'day', 'opens'),
            },
        ),
        migrations.CreateModel(
            name='ItemAssignment',
            fields=[
                ('item_code', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('rule', models.CharField(choices=[('district', '区内通办'), ('street', '街道属地办理'), ('place', '指定网点办理')], max_length=10)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='network.department')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='network.place')),
            ],
            options={
                'ordering': ('item_code',),
            },
        ),
        migrations.CreateModel(
            name='Authorisation',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('item_code', models.CharField(blank=True, default='', max_length=80)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('seal_name', models.CharField(max_length=120)),
                ('number', models.CharField(blank=True, default='', max_length=60)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorisations', to='network.department')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorisations', to='network.place')),
            ],
            options={
                'ordering': ('place', 'department', 'item_code', 'valid_from'),
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60, unique=True)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=100)),
                ('act', models.CharField(choices=[('receive', '受理'), ('review', '审查'), ('decide', '决定'), ('issue', '出件')], max_length=10)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='network.department')),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='Terminal',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=100)),
                ('always_open', models.BooleanField(default=False)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terminals', to='network.place')),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=8)),
                ('kind', models.CharField(choices=[('integrated', '综合窗口'), ('special', '专窗'), ('issuing', '出件窗口'), ('consult', '咨询窗口'), ('green', '绿色通道'), ('coordination', '协调帮办窗口'), ('tax', '缴税窗口')], max_length=20)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=100)),
                ('active', models.BooleanField(default=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='network.place')),
            ],
            options={
                'ordering': ('place', 'number'),
            },
        ),
        migrations.CreateModel(
            name='WindowItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_code', models.CharField(blank=True, default='', max_length=80)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='network.department')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scopes', to='network.window')),
            ],
            options={
                'ordering': ('window', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('waiting', '等候区'), ('intake', '受理区'), ('self_service', '自助服务区'), ('issuing', '出件窗口'), ('consult', '咨询窗口'), ('nursing_room', '母婴室'), ('parking', '停车位'), ('accessible', '无障碍设施'), ('lockers', '证照柜')], max_length=20)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=100)),
                ('capacity', models.PositiveIntegerField(default=0)),
                ('always_open', models.BooleanField(default=False)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zones', to='network.place')),
            ],
            options={
                'ordering': ('place', 'id'),
            },
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9][A-Z0-9-]*$')), name='network_place_code_format'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['district_hall', 'special_hall', 'subdistrict_hall', 'community', 'estation', 'mall_point', 'park_point', 'school_point'])), name='network_place_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='network_place_named_twice'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^\\d{6}$')), name='network_place_region_six_digits'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('street_code__regex', '^(\\d{9})?$')), name='network_place_street_nine_digits'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('community_code__regex', '^(\\d{12})?$')), name='network_place_community_twelve_digits'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='network_place_not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='network_hours_weekday_0_to_6'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='network_hours_open_before_close'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.UniqueConstraint(fields=('place', 'weekday', 'opens'), name='network_hours_once'),
        ),
        migrations.AddConstraint(
            model_name='openingexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), ('opens__lt', models.F('closes')), _connector='OR'), name='network_exception_closed_or_a_span'),
        ),
        migrations.AddConstraint(
            model_name='openingexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason_zh', ''), _negated=True), models.Q(('reason_en', ''), _negated=True)), name='network_exception_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='openingexception',
            constraint=models.UniqueConstraint(fields=('place', 'day', 'opens'), name='network_exception_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='itemassignment',
            constraint=models.CheckConstraint(condition=models.Q(('rule__in', ['district', 'street', 'place'])), name='network_assignment_rule_known'),
        ),
        migrations.AddConstraint(
            model_name='itemassignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', False), ('rule', 'place')), models.Q(models.Q(('rule', 'place'), _negated=True), ('place__isnull', True)), _connector='OR'), name='network_assignment_place_only_when_named'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='network_authorisation_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=models.CheckConstraint(condition=models.Q(('seal_name', ''), _negated=True), name='network_authorisation_has_seal'),
        ),
        migrations.AddConstraint(
            model_name='authorisation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('department', '='), ('place', '='), ('item_code', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='network_authorisation_no_overlap'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z][A-Z0-9]+\\.[a-z][a-z0-9_]*$')), name='network_post_code_format'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['receive', 'review', 'decide', 'issue'])), name='network_post_act_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code__regex', '^(?!WINDOW\\.)'), ('department__isnull', False)), models.Q(('code__startswith', 'WINDOW.'), ('department__isnull', True)), _connector='OR'), name='network_post_window_has_no_department'),
        ),
        migrations.AddConstraint(
            model_name='terminal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='network_terminal_named_twice'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['integrated', 'special', 'issuing', 'consult', 'green', 'coordination', 'tax'])), name='network_window_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^[A-Z]?\\d{1,3}$')), name='network_window_number_format'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.UniqueConstraint(fields=('place', 'number'), name='network_window_number_once'),
        ),
        migrations.AddConstraint(
            model_name='windowitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('item_code', '')), models.Q(('department__isnull', True), models.Q(('item_code', ''), _negated=True)), _connector='OR'), name='network_windowitem_one_or_the_other'),
        ),
        migrations.AddConstraint(
            model_name='windowitem',
            constraint=models.UniqueConstraint(fields=('window', 'department', 'item_code'), name='network_windowitem_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['waiting', 'intake', 'self_service', 'issuing', 'consult', 'nursing_room', 'parking', 'accessible', 'lockers'])), name='network_zone_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='network_zone_named_twice'),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.UniqueConstraint(fields=('place', 'name_zh'), name='network_zone_once'),
        ),
        *STAMPS,
    ]
