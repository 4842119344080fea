"""For migrations: rows that the ledger did not vouch for when they were written are put on record at the upgrade."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import migrations

from yichuang.core import clock
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger.entries import append
from yichuang.core.ledger.values import Subject
from yichuang.core.ledger.vouching import row_facts

ADOPTED = "record.adopt"


def adopt_rows(app: str, model: str, *, kind: str, subject: str, name: Callable[[Any], str]) -> migrations.RunPython:
    """The migration step: one entry of the system for each row of the table, about the subject that a column names.

    `name` is what the room's witness calls the row. Undoing it leaves the entries: they were true when they were made.
    """

    def adopt(apps: Any, schema_editor: Any) -> None:
        for row in apps.get_model(app, model).objects.order_by("pk").iterator(chunk_size=500):
            about: UUID = getattr(row, subject)
            facts = {name(row): row_facts(row)}
            append(act=ADOPTED, actor=SYSTEM, at=clock.now(), subject=Subject(kind, about), facts=facts)

    return migrations.RunPython(adopt, migrations.RunPython.noop)
