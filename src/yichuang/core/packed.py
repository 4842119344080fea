"""Rows of other tables inside a statement: what hangs on one row comes with it instead of by a statement of its own.

    Account.objects.annotate(posts=packed(Posting.objects.filter(staff=OuterRef("staff__id")).order_by("id"), "post_id"))

gives each account a list with one list of values per row. Values are those of JSON: ids and moments come as text
(`UUID(text)`, `datetime.fromisoformat(text)`), sealed texts stay sealed (`crypto.unseal`), decimals would lose digits.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, QuerySet


def packed(rows: QuerySet[Any, Any], *columns: str) -> Func:
    """An annotation: the columns of the rows, in their order, as lists in a list; empty without rows."""
    line = Func(*columns, function="jsonb_build_array", output_field=JSONField())
    return Func(ArraySubquery(rows.values(line=line)), function="to_jsonb", output_field=JSONField())
