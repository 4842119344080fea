"""Append-only tables: triggers that refuse UPDATE, DELETE and TRUNCATE whoever asks, for use in migrations.

Statement-level, so that an INSERT pays nothing. A superuser can still switch them off: that is what the ledger's
checkpoints outside the database are for.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def append_only(table: str, *, deletable: bool = False) -> migrations.RunSQL:
    """The migration step that closes a table; `deletable` leaves DELETE open (destroying salts)."""
    events = "UPDATE" if deletable else "UPDATE OR DELETE"
    return migrations.RunSQL(
        f"""{FUNCTION}
        CREATE TRIGGER {table}_append_only BEFORE {events} ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();""",
        f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};",
    )
