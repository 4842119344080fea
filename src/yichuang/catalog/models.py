"""Published versions of items, ready for lists and search, and the searches that found nothing."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from yichuang.core.ids import new_id


class _Span(Func):
    """[effective_at, retired_at) as a range."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class ItemVersion(models.Model):
    """One published version. The files never change (trigger); only its end may be set."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    files = models.JSONField()  # file name -> text
    effective_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)  # people.Staff; none: the system (demo, first installation)

    name_zh = models.CharField(max_length=200)
    department = models.CharField(max_length=10)  # network.Department.code
    kind = models.CharField(max_length=20)
    audience = ArrayField(models.CharField(max_length=20))
    marks = ArrayField(models.CharField(max_length=20))
    ways = ArrayField(models.CharField(max_length=20))
    themes = ArrayField(models.CharField(max_length=60))
    area = models.CharField(max_length=10, default="")  # 通办范围
    visits = models.PositiveSmallIntegerField(default=0)
    letter = models.CharField(max_length=1)
    sort_key = models.CharField(max_length=300)  # pinyin of the name, so that lists follow the alphabet
    row = models.JSONField()  # catalog.values.ItemRow
    spoken = models.TextField()  # everything people may type, for trigrams
    search = SearchVectorField()  # its terms with their places, as they were put into the index of words

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="catalog_version_once"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("effective_at")), name="catalog_ends_after"
            ),
            ExclusionConstraint(
                name="catalog_one_version_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (_Span("effective_at", "retired_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            GinIndex(fields=["spoken"], opclasses=["gin_trgm_ops"], name="catalog_spoken_trgm"),
            models.Index(fields=["sort_key", "code"], name="catalog_list"),
            models.Index(fields=["department", "sort_key", "code"], name="catalog_by_department"),
        ]


class ListedItems(models.Model):
    """One list of items by batch, target and date (事项清单), as it stands in lists.toml now; the ledger has its past."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    position = models.PositiveIntegerField()  # order in the file
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    batch = models.PositiveIntegerField()
    target = models.PositiveIntegerField()
    target_on = models.DateField()
    marks = ArrayField(models.CharField(max_length=20))
    area = models.CharField(max_length=10, blank=True)
    visits = models.PositiveSmallIntegerField(null=True)
    items = ArrayField(models.CharField(max_length=60))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(target__gte=1), name="catalog_list_has_a_target")]


class SpokenWords(models.Model):
    """What people say for an item, beyond what its pack says: kept beside the pack, in force for every version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.CharField(max_length=60, unique=True)
    words = ArrayField(models.CharField(max_length=40))
    saved_at = models.DateTimeField()


class SearchedItem(models.Model):
    """A version that searches look at, and its number in the lists of terms: later versions have larger numbers."""

    number = models.PositiveIntegerField(primary_key=True)
    version = models.OneToOneField(ItemVersion, on_delete=models.CASCADE, related_name="+")


class SearchTerm(models.Model):
    """One term (with the letter of its place in the items, A to D) and the items it stands in; "" counts all items."""

    term = models.TextField(primary_key=True, db_collation="C")
    count = models.PositiveIntegerField()
    items = models.BinaryField()  # numbers of SearchedItem, see `postings`


class SearchMiss(models.Model):
    """A search without an answer (no personal data: numbers are blotted out), counted per day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    query = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "query"], name="catalog_miss_once_a_day")]
