"""A search that found nothing is remembered, so that the words people use can be added."""

from datetime import datetime

from django.db.models import F

from yichuang.catalog.models import SearchMiss
from yichuang.catalog.search import without_people
from yichuang.core.clock import local_date


def record_unanswered(*, query: str, at: datetime) -> None:
    """Count a search without an answer. Numbers and addresses of people are blotted out before it is kept."""
    said = without_people(query)
    if not said:
        return
    SearchMiss.objects.bulk_create([SearchMiss(day=local_date(at), query=said, count=0)], ignore_conflicts=True)
    SearchMiss.objects.filter(day=local_date(at), query=said).update(count=F("count") + 1)
