"""Triggers that give `network_stamp` a new value whenever a cached table changes, whoever changes it.

A statement trigger, so that no command, data load or hand-written UPDATE can forget to say that caches are old.
"""

from django.db import migrations

GROUPS = {
    "calendar": ("network_calendarday", "network_calendaryear"),
    "places": (
        "network_place",
        "network_openinghours",
        "network_openingexception",
        "network_department",
        "network_post",
    ),
}

FUNCTION = """
CREATE FUNCTION network_touch_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO network_stamp (name, value) VALUES (TG_ARGV[0], gen_random_uuid())
    ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value;
    RETURN NULL;
END $$
"""


def trigger(table: str, group: str) -> str:
    return (
        f"CREATE TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION network_touch_stamp('{group}')"
    )


OPERATIONS = [
    migrations.RunSQL(FUNCTION, "DROP FUNCTION network_touch_stamp()"),
    *(
        migrations.RunSQL(trigger(table, group), f"DROP TRIGGER {table}_stamp ON {table}")
        for group, tables in GROUPS.items()
        for table in tables
    ),
]
