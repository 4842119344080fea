"""免证办: what was fetched in the place of a paper, or taken over from an earlier case (docs/adr/0024); part of `cases.models`."""

from django.db import models
from django.db.models import Q

from yichuang.cases.fetched import HeldState
from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id
from yichuang.registry.values import Base, Trust

STATES = [state.value for state in HeldState]


class HeldPaper(models.Model):
    """Where one paper of a case was looked for in the applicant's favour, and what came: the latest, the ledger has all.

    `look` is its line in the log of the bases (谁看过我的数据). `data` are the fewest fields that stand for the paper.
    Of an earlier paper: `earlier` is the material of that case, `base` is empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="held_papers", db_index=False)
    code = models.CharField(max_length=60)  # of the material
    state = models.CharField(max_length=10)
    level = models.CharField(max_length=1)  # 材料可信等级
    base = models.CharField(max_length=20, blank=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300)
    provider_zh = models.CharField(max_length=200)
    provider_en = models.CharField(max_length=300)
    certificate = models.UUIDField(null=True, blank=True)  # one of our own
    earlier = models.ForeignKey("cases.Material", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    number = SealedText(aad="cases_heldpaper.number", keep_empty=True, blank=True, default="")
    valid_to = models.DateField(null=True, blank=True)
    data = SealedJson(aad="cases_heldpaper.data")
    ground = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    consent = models.UUIDField(
        null=True, blank=True
    )  # under which the log knows it; the filing's entry says who agreed
    look = models.UUIDField(null=True, blank=True)
    why_zh = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=300, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)  # when its source said it
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="held_paper_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="held_paper_state_known"),
            models.CheckConstraint(condition=Q(level__in=[level.value for level in Trust]), name="held_paper_level"),
            models.CheckConstraint(
                condition=Q(base="", earlier__isnull=False)
                | Q(base__in=[base.value for base in Base], earlier__isnull=True, ground__in=["duty", "consent"]),
                name="held_paper_source",
            ),
            models.CheckConstraint(
                condition=~Q(state="fetched", level="A") | Q(look__isnull=False), name="held_paper_logged"
            ),
            models.CheckConstraint(
                condition=~Q(ground="consent") | Q(state="declined") | Q(consent__isnull=False),
                name="held_paper_agreed",
            ),
        ]
