"""The address of a ticket's own page: worked out anew, so that the table keeps only what its secret hashes to."""

from django.conf import settings

from yichuang.visits.giving import taken
from yichuang.visits.models import Ticket


def address_of(ticket: Ticket) -> str:
    """The page of this number; whoever has the address holds the number."""
    return f"{settings.YICHUANG_BASE_URL}/t/{taken(ticket).token}"
