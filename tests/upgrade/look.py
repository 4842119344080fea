"""Brings the world of the first slice up to date in a process of its own, looks at all of it, and says what it saw.

    python -m tests.upgrade.look FOLDER      FOLDER has the unpacked data; DATABASE_URL leads to the loaded dump

Prints one JSON object. A process of its own, because keys, data folder and database are the old installation's.
"""

import json
import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

PEOPLE = {"zhangxiao": "/my/cases/{}", "lina": "/counter/cases/{}/", "linfang": "/office/cases/{}/"}
PASSWORD = "Demo-2026-yichuang"


def main(folder: Path) -> None:
    _be_the_old_installation(folder)
    from tests.demo import TUESDAY

    from yichuang.core.clock import fixed

    with fixed(TUESDAY + timedelta(days=1)) as at:
        seen = _look(folder, at)
    sys.stdout.write(json.dumps(seen, ensure_ascii=False))


def _be_the_old_installation(folder: Path) -> None:
    from yichuang.settings import test

    test.YICHUANG_DATA = folder
    test.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    for name in ("SECRET_KEY", "YICHUANG_FIELD_KEYS", "YICHUANG_INDEX_KEY"):
        file = folder / "keys" / name.removeprefix("YICHUANG_").lower()
        setattr(test, name, file.read_text(encoding="ascii"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.test")
    import django

    django.setup()


def _look(folder: Path, at: Any) -> dict[str, Any]:
    from django.core.management import call_command

    from yichuang.cases.models import Case
    from yichuang.core import ledger
    from yichuang.core.jobs import run_waiting

    seen: dict[str, Any] = {"before": _migrations()}
    seen["plain before"] = _unsealed()
    call_command("migrate", verbosity=0, interactive=False)
    seen["after"] = _migrations()
    seen["layout"] = _layout()
    seen["plain after"] = _unsealed()
    seen["written over"] = _written_over()
    seen["ledger"] = _faults()
    numbers = list(Case.objects.order_by("id").values_list("number", flat=True))
    seen["states"] = sorted(set(Case.objects.values_list("state", flat=True)))
    seen["pages"] = {name: _pages(name, address, numbers) for name, address in PEOPLE.items()}
    seen["verified"] = _verify(at)
    seen["files"] = _files()
    seen["items"] = _new_versions(at)
    seen["acts"] = _go_on(at)
    seen["running under"] = _versions_of_cases()
    run_waiting()
    ledger.checkpoint(at=at)
    seen["ledger at last"] = _faults()
    return seen


def _migrations() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT app || ' ' || name FROM django_migrations WHERE name LIKE '0%' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def _layout() -> list[str]:
    from django.db import connection
    from tests.migrated import layout

    with connection.cursor() as cursor:
        return layout(cursor)


def _unsealed() -> list[str]:
    """Columns that today's models call sealed and in which a value lies open."""
    from django.apps import apps
    from django.db import connection

    from yichuang.core.fields import SealedJson, SealedText

    found = []
    for model in apps.get_models():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedText | SealedJson) and field.column in _columns(table):
                with connection.cursor() as cursor:
                    open_ones = f"""SELECT count(*) FROM "{table}" WHERE "{field.column}"::text !~ '^(k1:intl:.*)?$'"""
                    cursor.execute(open_ones)
                    row = cursor.fetchone()
                    if row and row[0]:
                        found.append(f"{table}.{field.column}")
    return sorted(found)


def _written_over() -> str:
    """What comes of changing a row of a table to which one may only add."""
    from django.db import DatabaseError, transaction

    from yichuang.registry.models import RegistryUse

    try:
        with transaction.atomic():
            return f"{RegistryUse.objects.update(purpose='x')} rows changed"
    except DatabaseError:
        return "refused"


def _columns(table: str) -> set[str]:
    """The columns of a table as it stands; none when it is not there (yet)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        return {name for (name,) in cursor.fetchall()}


def _faults() -> list[str]:
    from yichuang.core import ledger

    return [f"{fault.kind} {fault.where}" for fault in ledger.verify_ledger(list(ledger.read_checkpoints()))]


def _pages(name: str, address: str, numbers: list[str]) -> list[list[Any]]:
    """Every case as this person's door shows it: address and status; the applicant's clocks and papers too."""
    from django.test import Client

    browser = Client(headers={"accept-language": "zh-CN"})
    entered = browser.post("/sign-in", {"username": name, "password": PASSWORD})
    assert entered.status_code == 302, entered.content.decode()[:2000]
    found, papers = [], set()
    for number in numbers:
        answer = browser.get(address.format(number))
        found.append([address.format(number), answer.status_code])
        papers |= set(re.findall(r"/my/documents/[0-9a-f-]{36}", answer.content.decode()))
    if name == "zhangxiao":
        more = [f"{address.format(number)}/clock" for number in numbers] + sorted(papers)
        found += [[path, browser.get(path).status_code] for path in more]
    return found


def _verify(at: Any) -> dict[str, str]:
    """The certificate that the first slice gave out, by number and by its very file."""
    from yichuang.issuing.commands import render_certificate
    from yichuang.issuing.models import Rendering
    from yichuang.issuing.queries import verify_file, verify_number
    from yichuang.registry.models import Certificate

    row = Certificate.objects.get(status="suspended")
    assert Rendering.objects.exists()
    return {
        "by number": verify_number(row.identifier, at=at).verdict,
        "by file": verify_file(render_certificate(row.id), at=at).verdict,
    }


def _files() -> int:
    """Every file that was handed in opens with the kept keys; how many."""
    from yichuang.cases.models import Upload
    from yichuang.cases.storage import read_file

    return sum(bool(read_file(row.id, row.path)) for row in Upload.objects.order_by("id"))


def _new_versions(at: Any) -> dict[str, list[int]]:
    """The packs of today as a start of the demo publishes them: which version each item now has, which it had."""
    from yichuang.catalog.queries import list_versions
    from yichuang.webkit.management.commands.load_demo import PACKS, _publish

    for folder in sorted(PACKS.glob("*/*/item.yaml")):
        if list_versions(folder.parent.name):
            _publish(folder.parent, at)
            assert not _publish(folder.parent, at), "twice changes nothing"
    known = (folder.parent.name for folder in PACKS.glob("*/*/item.yaml"))
    return {code: sorted(version for version, *_ in list_versions(code)) for code in known if list_versions(code)}


def _versions_of_cases() -> dict[str, list[int]]:
    from yichuang.cases.models import Case

    rows = Case.objects.order_by("id").values_list("item_code", "item_version")
    return {code: sorted({version for item, version in rows if item == code}) for code, _ in rows}


def _go_on(at: Any) -> dict[str, str]:
    """What the first slice began is ended by today's commands; the state each case comes to."""
    from tests.cases.test_life_of_a_case import review_all
    from tests.demo import Demo

    from yichuang.cases.commands.accept import accept_case
    from yichuang.cases.commands.decide import decide_case
    from yichuang.cases.commands.special import resume_case
    from yichuang.cases.commands.supplement import supplement_case
    from yichuang.cases.models import Case, Material

    demo = Demo(at)
    zhang, lina, wang, lin = (demo.actor(name) for name in ("zhangxiao", "lina", "wangqiang", "linfang"))
    came: dict[str, str] = {}
    shop = Case.objects.filter(state="SUBMITTED", item_code="getihu-sheli").order_by("id")[0]
    came["accept"] = accept_case(actor=lina, number=shop.number, version=shop.version, findings={}, at=at).state
    asked = Case.objects.filter(state="CORRECTING").order_by("id")[0]
    missing = Material.objects.filter(case=asked).exclude(state="provided").order_by("order")
    handed = {row.code: [demo.upload(zhang)] for row in missing}
    head = supplement_case(actor=zhang, number=asked.number, version=asked.version, materials=handed, at=at)
    came["supplement"] = head.state
    waiting = Case.objects.get(state="SUSPENDED")
    came["resume"] = resume_case(actor=wang, number=waiting.number, version=waiting.version, at=at).state
    plain = Case.objects.filter(state="IN_REVIEW", item_code="yangquan-dengji").order_by("id")[0]
    version = review_all(demo, plain.id, plain.version, "wangqiang")
    came["deny"] = decide_case(
        actor=lin, number=plain.number, version=version, outcome="deny", reasons="犬种禁养", basis=["L2"], at=at
    ).state
    came["file"] = demo.file(zhang, "getihu-sheli").state
    return {act: str(state) for act, state in came.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
