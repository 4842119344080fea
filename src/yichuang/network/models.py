"""Tables of the network. No decisions here; every change bumps the one `Stamp` row by trigger (see 0001_initial)."""

from collections.abc import Iterable
from enum import StrEnum

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from yichuang.core.ids import new_id
from yichuang.network.values import (
    WORDS,
    AssignmentRule,
    DepartmentKind,
    PlaceKind,
    PostAct,
    WindowKind,
    ZoneKind,
)


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """The values of an enumeration with their Chinese words (plain strings: migrations import nothing of ours)."""
    return [(member.value, WORDS[member].zh) for member in kind]


def one_of(column: str, kind: type[StrEnum], name: str) -> models.CheckConstraint:
    """The database, too, knows only these values."""
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [member.value for member in kind]}), name=name)


def matches(column: str, pattern: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__regex": pattern}), name=name)


def filled(columns: Iterable[str], name: str) -> models.CheckConstraint:
    """None of the columns is empty."""
    condition = Q()
    for column in columns:
        condition &= ~Q(**{column: ""})
    return models.CheckConstraint(condition=condition, name=name)


class Place(models.Model):
    """A place (网点) in the tree of the network."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=20, choices=choices(PlaceKind))
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=160)
    address_zh = models.CharField(max_length=200, blank=True, default="")
    address_en = models.CharField(max_length=300, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    region_code = models.CharField(max_length=6)
    street_code = models.CharField(max_length=9, blank=True, default="", db_index=True)
    community_code = models.CharField(max_length=12, blank=True, default="")
    takes_filings = models.BooleanField(default=True)
    always_open = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)
        constraints = (
            matches("code", r"^[A-Z0-9][A-Z0-9-]*$", "network_place_code_format"),
            one_of("kind", PlaceKind, "network_place_kind_known"),
            filled(("name_zh", "name_en"), "network_place_named_twice"),
            matches("region_code", r"^\d{6}$", "network_place_region_six_digits"),
            matches("street_code", r"^(\d{9})?$", "network_place_street_nine_digits"),
            matches("community_code", r"^(\d{12})?$", "network_place_community_twelve_digits"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="network_place_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name_zh


class OpeningHours(models.Model):
    """One stretch of opening on a weekday (0 = Monday); two rows make a lunch break, one row is 午间不断档."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ("place", "weekday", "opens")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="network_hours_weekday_0_to_6"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="network_hours_open_before_close"),
            models.UniqueConstraint(fields=("place", "weekday", "opens"), name="network_hours_once"),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class OpeningException(models.Model):
    """Other hours on one date: both times empty = closed (临时闭厅), else extended or shortened (延时办理)."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    reason_zh = models.CharField(max_length=100)
    reason_en = models.CharField(max_length=160)

    class Meta:
        ordering = ("place", "day", "opens")
        constraints = (
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__lt=F("closes")),
                name="network_exception_closed_or_a_span",
            ),
            filled(("reason_zh", "reason_en"), "network_exception_has_reason"),
            models.UniqueConstraint(
                fields=("place", "day", "opens"), nulls_distinct=False, name="network_exception_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.reason_zh}"


class ExtendedHours(models.Model):
    """Extended hours (延时办理): the place serves longer on these weekdays, from a day to a day; ended, never deleted, so that
    the past keeps its hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="extended")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # [] = every day
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    opens = models.TimeField()
    closes = models.TimeField()
    reason_zh = models.CharField(max_length=100)
    reason_en = models.CharField(max_length=160)
    taken_back = models.BooleanField(default=False)  # before they ever held

    class Meta:
        ordering = ("place", "first", "opens")
        constraints = (
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="network_extended_a_span"),
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")), name="network_extended_days_forward"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="network_extended_weekdays_known"
            ),
            filled(("reason_zh", "reason_en"), "network_extended_has_reason"),
            models.UniqueConstraint(
                fields=("place", "first", "last", "opens", "closes", "weekdays"),
                condition=Q(taken_back=False),
                nulls_distinct=False,
                name="network_extended_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.reason_zh}"

    @property
    def dated(self) -> bool:
        """Whether it is for one day only."""
        return self.first == self.last


class Zone(models.Model):
    """A zone or facility of a place: waiting area, self-service zone, nursing room, parking …"""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="zones")
    kind = models.CharField(max_length=20, choices=choices(ZoneKind))
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    capacity = models.PositiveIntegerField(default=0)
    always_open = models.BooleanField(default=False)

    class Meta:
        ordering = ("place", "id")
        constraints = (
            one_of("kind", ZoneKind, "network_zone_kind_known"),
            filled(("name_zh", "name_en"), "network_zone_named_twice"),
            models.UniqueConstraint(fields=("place", "name_zh"), name="network_zone_once"),
        )

    def __str__(self) -> str:
        return self.name_zh


class Window(models.Model):
    """A window (窗口) of a hall."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="windows")
    number = models.CharField(max_length=8)
    kind = models.CharField(max_length=20, choices=choices(WindowKind))
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("place", "number")
        constraints = (
            one_of("kind", WindowKind, "network_window_kind_known"),
            matches("number", r"^[A-Z]?\d{1,3}$", "network_window_number_format"),
            models.UniqueConstraint(fields=("place", "number"), name="network_window_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name_zh}"


class Terminal(models.Model):
    """Where a self-service machine stands; its live state belongs to `devices`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="terminals")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    always_open = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)
        constraints = (filled(("name_zh", "name_en"), "network_terminal_named_twice"),)

    def __str__(self) -> str:
        return self.code


class Department(models.Model):
    """A department (进驻部门), or a utility or bank that works in the halls."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20, unique=True)
    uscc = models.CharField(max_length=18, unique=True)
    kind = models.CharField(max_length=20, choices=choices(DepartmentKind))
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=160)
    organ_seal = models.CharField(max_length=100)
    address_zh = models.CharField(max_length=200, blank=True, default="")
    address_en = models.CharField(max_length=300, blank=True, default="")
    review_organ_zh = models.CharField(max_length=100)
    review_organ_en = models.CharField(max_length=160)
    court_zh = models.CharField(max_length=100)
    court_en = models.CharField(max_length=160)
    phone = models.CharField(max_length=40)
    complaint_phone = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True, blank=True)  # takes on nothing new; what it has under way goes on
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)
        constraints = (
            matches("code", r"^[A-Z][A-Z0-9]+$", "network_department_code_format"),
            # "WINDOW" is the lane of the taking place itself, never an organ.
            models.CheckConstraint(condition=~Q(code="WINDOW"), name="network_department_not_window"),
            matches("uscc", r"^[0-9A-HJ-NPQRTUWXY]{18}$", "network_department_uscc_format"),
            one_of("kind", DepartmentKind, "network_department_kind_known"),
            filled(
                ("name_zh", "name_en", "organ_seal", "review_organ_zh", "court_zh", "phone", "complaint_phone"),
                "network_department_complete",
            ),
            models.CheckConstraint(
                condition=~Q(phone=F("complaint_phone")), name="network_department_complaints_elsewhere"
            ),
        )

    def __str__(self) -> str:
        return self.name_zh


class Post(models.Model):
    """A post (岗位) "DEPT.post". Posts of the window itself ("WINDOW.chief") belong to no department."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    act = models.CharField(max_length=10, choices=choices(PostAct))

    class Meta:
        ordering = ("code",)
        constraints = (
            matches("code", r"^[A-Z][A-Z0-9]+\.[a-z][a-z0-9_]*$", "network_post_code_format"),
            one_of("act", PostAct, "network_post_act_known"),
            models.CheckConstraint(
                condition=Q(department__isnull=False, code__regex=r"^(?!WINDOW\.)")
                | Q(department__isnull=True, code__startswith="WINDOW."),
                name="network_post_window_has_no_department",
            ),
        )

    def __str__(self) -> str:
        return self.code


class ItemAssignment(models.Model):
    """Which department answers for an item, and where (属地)."""

    item_code = models.CharField(max_length=80, primary_key=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    rule = models.CharField(max_length=10, choices=choices(AssignmentRule))
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments")

    class Meta:
        ordering = ("item_code",)
        constraints = (
            one_of("rule", AssignmentRule, "network_assignment_rule_known"),
            models.CheckConstraint(
                condition=Q(rule=AssignmentRule.PLACE.value, place__isnull=False)
                | (~Q(rule=AssignmentRule.PLACE.value) & Q(place__isnull=True)),
                name="network_assignment_place_only_when_named",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_code} {self.rule}"


class WindowItem(models.Model):
    """What a specialised window takes: one item, or all items of a department."""

    window = models.ForeignKey(Window, on_delete=models.CASCADE, related_name="scopes")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    item_code = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ("window", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(department__isnull=False, item_code="") | (Q(department__isnull=True) & ~Q(item_code="")),
                name="network_windowitem_one_or_the_other",
            ),
            models.UniqueConstraint(
                fields=("window", "department", "item_code"), nulls_distinct=False, name="network_windowitem_once"
            ),
        )

    def __str__(self) -> str:
        return self.item_code or str(self.department_id)


class Authorisation(models.Model):
    """A department lets a place's clerks receive in its name (委托受理); one row per item, "" = all its items."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="authorisations")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="authorisations")
    item_code = models.CharField(max_length=80, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    seal_name = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ("place", "department", "item_code", "valid_from")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="network_authorisation_ends_after_start",
            ),
            filled(("seal_name",), "network_authorisation_has_seal"),
            # Two papers for the same thing on the same day would leave open which seal counts.
            ExclusionConstraint(
                name="network_authorisation_no_overlap",
                expressions=[
                    ("department", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("item_code", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.department_id} -> {self.place_id} {self.item_code or '*'}"


class CalendarYear(models.Model):
    """A year of the working-day calendar; unconfirmed until the State Council's notice is taken over."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    confirmed = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("year",)
        constraints = (
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2199), name="network_year_plausible"),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(source=""), name="network_year_confirmed_by_source"
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A public holiday (法定节假日, week-ends within it included) or a make-up working day (调休上班)."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)

    class Meta:
        ordering = ("day",)
        constraints = (filled(("name_zh", "name_en"), "network_day_named_twice"),)

    def __str__(self) -> str:
        return f"{self.day} {'works' if self.working else 'rests'}"


class Stamp(models.Model):
    """One row per table group; a trigger gives it a new value on every change, so that caches know they are old.

    A random value, not a counter: a counter would repeat after a rolled-back transaction and bless a wrong cache.
    """

    name = models.CharField(max_length=20, primary_key=True)
    value = models.UUIDField(default=new_id)

    def __str__(self) -> str:
        return self.name
