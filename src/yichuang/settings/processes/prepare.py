"""What must be done between the start of the database and the start of the pages.

python -m yichuang.settings.processes.prepare FILE     FILE gets what there is to say about the demo's accounts
"""

import hashlib
import io
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.base")


def main(accounts: Path) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _build_wall()
    _collect_static(settings.STATIC_ROOT)
    give_a_voice(Path(settings.YICHUANG_VOICE))
    with accounts.open("w", encoding="utf-8") as said:
        if settings.YICHUANG_DEMO:
            call_command("load_demo")
            call_command("show_accounts", stdout=said)
    return 0


def give_a_voice(folder: Path) -> None:
    """The sound parts of calls, at the first start where the operator's espeak-ng is there; boards do without where it fails."""
    from django.core.management import CommandError, call_command

    if shutil.which("espeak-ng") is None or (folder / "please.wav").is_file():
        return
    try:
        call_command("make_voice", verbosity=0, stdout=io.StringIO())
    except CommandError as failed:
        sys.stderr.write(f"{failed}\n")


def _build_wall() -> None:
    """The role that keeps tenants apart and its rights: no migration gives them to a database that was restored or moved."""
    from django.db import connection

    from yichuang.tenants import wall

    with connection.cursor() as cursor:
        wall.build(cursor)


def _collect_static(root: Path) -> None:
    """Hash and compress the static files anew when any of them changed; a warm start skips it."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    sources = (Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([]))
    fingerprint, mark = _fingerprint(sources), root.with_name("static.fingerprint")
    if not root.exists() or not mark.exists() or mark.read_text() != fingerprint:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(fingerprint)


def _fingerprint(paths: Iterable[Path]) -> str:
    lines = sorted(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in paths)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
