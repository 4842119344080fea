"""What each kind of process asks of the database: seen from the server, in a process with an installation's settings."""

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
ASKED = """
import json, django
django.setup()
from django.db import connection

def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('lock_timeout')")
        return cursor.fetchone()

job = told()
connection.close()
import yichuang.settings.wsgi
print(json.dumps([job, told()]))
"""


def address() -> str:
    """Of the tests' own database."""
    of = connection.settings_dict
    there = {"host": of["HOST"], "port": of["PORT"]}
    return f"postgresql://{quote(of['USER'])}:{quote(of['PASSWORD'])}@/{of['NAME']}?" + "&".join(
        f"{name}={quote(str(value), safe='')}" for name, value in there.items() if value
    )


@pytest.mark.django_db
def test_only_doors_drive_the_server_to_its_indexes() -> None:
    """A job that joins whole tables would take many times as long: 45 ms were measured, and 670."""
    given = {"SECRET_KEY": "x" * 60, "FIELD_KEYS": f"k1:{KEY}", "INDEX_KEY": KEY}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("YICHUANG_")}
    environ |= {f"YICHUANG_{name}": value for name, value in given.items()}
    environ |= {"DJANGO_SETTINGS_MODULE": "yichuang.settings.base", "DATABASE_URL": address()}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    job, door = json.loads(done.stdout)
    assert job == ["on", "5s"]
    assert door == ["off", "5s"]
