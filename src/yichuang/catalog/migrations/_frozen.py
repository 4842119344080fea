"""A published version never changes: the database itself refuses, whoever asks. Only its end may be set."""

from django.db import migrations

FROZEN = migrations.RunSQL(
    """
    CREATE OR REPLACE FUNCTION catalog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'retired_at') IS DISTINCT FROM (to_jsonb(OLD) - 'retired_at') THEN
            RAISE EXCEPTION 'a published version of an item never changes' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER catalog_version_frozen BEFORE UPDATE OR DELETE ON catalog_itemversion
        FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change();
    """,
    "DROP TRIGGER catalog_version_frozen ON catalog_itemversion; DROP FUNCTION catalog_refuse_change();",
)
