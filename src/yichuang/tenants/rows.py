"""Rows of data tables as others see them, and what they are found by."""

from uuid import UUID

from yichuang.core.crypto import blind_index
from yichuang.tenants.models import Row
from yichuang.tenants.values import DataRow


def data_row(row: Row) -> DataRow:
    """With its sealed columns: whoever asks stands inside the tenant's wall."""
    data = {**row.data, **(row.hidden or {})}
    return DataRow(row.id, row.table, row.version, data, row.made_at, row.changed_at)


def blind(tenant: UUID, table: str, group: str, value: str) -> str:
    """What stands in the index for a value: nothing is told by it, and nothing is equal across tenants."""
    return blind_index(f"tenants.{tenant}.{table}.{group}", value)
