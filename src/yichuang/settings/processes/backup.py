"""Backup and restore by one command each (`./run backup`, `./run restore`).

    python -m yichuang.settings.processes.backup save FILE --data DIR [--with-keys]
    python -m yichuang.settings.processes.backup restore FILE --data NEW [--keys FILE]

Order makes a running installation's backup consistent. Checkpoints first: none is newer than the ledger of the dump.
Then files, the dump in one snapshot, and the files that came meanwhile: every row of the dump finds its file.
Keys (`keys`, `ca`) go into a file of their own: who has one of the two reads nothing.

DATABASE_URL wins over the embedded database in both directions. Root may run both: what starts from here does so as
the system user, and what is restored belongs to it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from traceback import format_exception_only

import psycopg

from yichuang.settings.env import plain
from yichuang.settings.processes import archive, children, keys
from yichuang.settings.processes.archive import Damaged
from yichuang.settings.processes.children import NoSystemUser
from yichuang.settings.processes.embedded import DatabaseTrouble, Server, binaries_for, only_one
from yichuang.settings.processes.installation import PACKAGE, CannotStart, say
from yichuang.settings.processes.supervisor import MARK

DUMP = "database.dump"
FILES, SECRETS = (
    ("uploads", "papers", "archive", "packs"),
    ("keys", "ca"),
)  # packs: drafts of items that nobody published yet
_KEPT = "Kept in {file}: {files} files, {size:.1f} MB. 已备份。"
_ASIDE = """The keys are in {keys}: keep that file apart from the backup. Without it personal data cannot be read again.
密钥在 {keys}：请与备份文件分开保管。丢失密钥，个人信息将无法读取。"""
_TOGETHER = """The keys are inside: whoever has {file} reads all personal data of it.
密钥在备份文件内：拿到 {file} 的人可以读取其中全部个人信息。"""
_FAULTS = """Everything is restored in {data}, but the ledger is not whole. Find out whether it was when the backup was made.
已恢复，但留痕账本校验不通过。请查明备份时是否已经如此。
{said}"""
_STAYS = """{why}

The restore broke off after the database was loaded. The folder is empty again, but the database {name} on {host} holds
the tables of the backup, and a second try refuses a database with tables. Empty it first, then restore again:
  dropdb {at} {name} && createdb {at} {name}
or name another, empty database in DATABASE_URL. The backup file is unharmed.
恢复在数据库写入之后中断：数据库 {name}（{host}）已有备份中的表，须先清空（上述命令）或换用空数据库，再重新恢复。"""


class LedgerBroken(RuntimeError):
    """Everything is there, but the ledger of it has faults; the message names them."""


def main(arguments: Sequence[str]) -> int:
    """0 when it is done, 1 with the reason when it is not."""
    options = _options(arguments)
    try:
        if options.act == "save":
            with _database_of(options.data) as url:
                save(options.file, options.data, url, with_keys=options.with_keys)
        else:
            restore(options.file, options.data, options.keys)
    except FileExistsError as error:
        return _refuse(f"{error.filename2 or error.filename} is there already: nothing is overwritten")
    except OSError as error:
        return _refuse(f"{error.filename or options.file}: {error.strerror}")
    except (CannotStart, Damaged, DatabaseTrouble, LedgerBroken, NoSystemUser) as trouble:
        return _refuse(str(trouble))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Back up an installation, or make one from a backup.")
    acts = parser.add_subparsers(dest="act", required=True)
    saving = acts.add_parser("save", prog="./run backup", help="write a backup; the installation may be running")
    restoring = acts.add_parser("restore", prog="./run restore", help="make an installation from a backup")
    for act in (saving, restoring):
        act.add_argument("file", type=_absolute, metavar="FILE")
        act.add_argument("--data", type=_absolute, required=True, metavar="DIR")
    saving.add_argument("--with-keys", action="store_true", help="keys into the same file (default: FILE.keys)")
    restoring.add_argument("--keys", type=_absolute, metavar="FILE", help="the file of keys (default: FILE.keys)")
    return parser.parse_args(arguments)


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _refuse(reason: str) -> int:
    sys.stderr.write(f"\n{reason}\n")
    return 1


# ── backup ────────────────────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def _database_of(data: Path) -> Iterator[str]:
    """The database of an installation: DATABASE_URL, the running one, or the embedded one started for as long."""
    if not (data / MARK).exists():
        raise CannotStart(f"{data} is no data folder of yichuang: name it with --data")
    running = data / "database_url"
    if url := os.environ.get("DATABASE_URL") or (running.read_text().strip() if running.exists() else ""):
        yield plain(url)
        return
    with only_one(data), _running(Server(data)) as url:
        yield url


@contextmanager
def _running(server: Server) -> Iterator[str]:
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


def save(target: Path, data: Path, url: str, *, with_keys: bool) -> None:
    """Write the backup, and beside it `<name>.keys` unless the keys go in.

    Raises CannotStart when the database cannot be read, FileExistsError when one of the two files is there.
    """
    if not target.parent.is_dir():
        raise CannotStart(f"{target.parent} is no folder")
    secrets = target.with_name(target.name + ".keys")
    if not with_keys and secrets.exists():
        raise FileExistsError(0, "is there already", str(secrets))
    about = {"version": (PACKAGE / "VERSION").read_text().strip(), "made_at": datetime.now(UTC).isoformat()}
    with archive.writing(target, about) as writer, tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        if (data / "checkpoints.log").exists():
            writer.add("checkpoints.log", data / "checkpoints.log")
        for folder in FILES:
            writer.add_folder(data, folder)
        writer.add(DUMP, _dump(url, Path(scratch) / DUMP))
        for folder in (*FILES, *(SECRETS if with_keys else ())):
            writer.add_folder(data, folder)
    say(_KEPT.format(file=target, files=len(writer.members), size=target.stat().st_size / 1e6))
    if with_keys:
        say(_TOGETHER.format(file=target))
        return
    with archive.writing(secrets, {**about, "of": target.name}) as writer:
        for folder in SECRETS:
            writer.add_folder(data, folder)
    say(_ASIDE.format(keys=secrets))


def _dump(url: str, file: Path) -> Path:
    """All rows of all tenants too: the policies that hold even the tables' owner let this one session see the whole."""
    command = [_tool(url, "pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={file}"]
    address = _address(url)
    whole = f"{address.get('PGOPTIONS', '')} -c yichuang.whole=on"
    _run([*command, "--enable-row-security"], env={**address, "PGOPTIONS": whole})
    return file


def _tool(url: str, name: str) -> str:
    """A program of the server's own major version where there is one, else of a newer one."""
    try:
        with psycopg.connect(url) as connection:
            return str(binaries_for(connection.info.server_version // 10000).folder / name)
    except psycopg.OperationalError:
        raise CannotStart("The database does not answer: is it running, and is DATABASE_URL right?") from None


# ── restore ───────────────────────────────────────────────────────────────────────────────────────────────────────
def restore(source: Path, data: Path, secrets: Path | None) -> None:
    """Make the installation anew in an empty folder: hashes, files, database, migrations, ledger.

    What breaks off leaves the folder empty, as it was; a database of DATABASE_URL may stay filled, which is said. Raises CannotStart, Damaged; LedgerBroken after all is done.
    """
    if data.exists() and any(data.iterdir()):
        raise CannotStart(f"{data} is not empty: nothing is overwritten, choose a new folder with --data")
    sources = _checked(source, secrets)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _write(sources, data)
        if given := os.environ.get("DATABASE_URL"):
            _load(plain(given), data)
            with _saying_what_stays(plain(given)):
                said = _bring_up_to_date(plain(given), data)
                _finish(data)
        else:
            with _running(Server(data)) as url:
                _load(url, data)
                said = _bring_up_to_date(url, data)
            _finish(data)
    except BaseException:
        _empty(data)
        raise
    if said:
        raise LedgerBroken(_FAULTS.format(data=data, said=said))
    say(f"Restored, and the ledger is whole. 已恢复，留痕账本校验通过。\n  ./run serve --data {data}")


def _checked(source: Path, secrets: Path | None) -> list[Path]:
    """The files to unpack, each of them whole. Raises CannotStart when no keys are among them."""
    manifest = archive.check(source)
    beside = source.with_name(source.name + ".keys")
    if any(name.startswith("keys/") for name in archive.members(manifest)):
        return [source]
    secrets = secrets or (beside if beside.exists() else None)
    if secrets is None:
        raise CannotStart(f"{source} holds no keys: name their file with --keys (it was made as {beside.name})")
    if (made_for := archive.check(secrets).get("of")) and made_for != source.name:
        say(f"These keys were made beside {made_for}; they fit {source.name} while no key was changed between the two.")
    return [source, secrets]


def _write(sources: Sequence[Path], data: Path) -> None:
    for file in sources:
        archive.unpack(file, data)
        (data / archive.MANIFEST).unlink()
    (data / "logs").mkdir()
    _give(data)


def _finish(data: Path) -> None:
    (data / DUMP).unlink()
    (data / MARK).touch()
    _give(data)


@contextmanager
def _saying_what_stays(url: str) -> Iterator[None]:
    """A database of one's own is not emptied by us: who tries again after a failure is told that it holds the backup."""
    try:
        yield
    except BaseException as error:
        to = psycopg.conninfo.conninfo_to_dict(url)
        name, host = to.get("dbname") or to.get("user") or "postgres", to.get("host") or "localhost"
        at = f"--host={host}" + (f" --port={to['port']}" if to.get("port") else "")
        why = str(error) if isinstance(error, CannotStart) else "".join(format_exception_only(error)).strip()
        raise CannotStart(_STAYS.format(why=why, name=name, host=host, at=at)) from error


def _load(url: str, data: Path) -> None:
    """The dump into an empty database: all of it or nothing."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
            raise CannotStart("The database of DATABASE_URL holds tables: nothing is overwritten, name an empty one")
    to = _address(url)
    command = [_tool(url, "pg_restore"), "--single-transaction", "--no-owner", "--no-privileges"]
    _run([*command, f"--dbname={to['PGDATABASE']}", str(data / DUMP)], env=to)


def _bring_up_to_date(url: str, data: Path) -> str:
    """Migrate and verify, as this process's own installation from here on; what the ledger lacks, empty when whole."""
    told = {"DATABASE_URL": url, "YICHUANG_DATA": str(data), "DJANGO_SETTINGS_MODULE": "yichuang.settings.base"}
    os.environ.update({"YICHUANG_HTTPS": "False", **os.environ, **keys.found(data / "keys"), **told})
    import django
    from django.core.management import CommandError, call_command
    from django.db import connections

    django.setup()
    faults = StringIO()
    try:
        _refuse_what_is_newer()
        call_command("migrate", verbosity=0, interactive=False)
        try:
            call_command("verify_ledger", stdout=faults, stderr=faults)
        except CommandError as error:
            return f"{faults.getvalue()}{error}"
    finally:
        connections.close_all()
    return ""


def _refuse_what_is_newer() -> None:
    """Migrations that we do not have were made after us: this program would misread the tables."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    newer = sorted(".".join(key) for key in loader.applied_migrations or {} if key not in loader.disk_migrations)
    ours = [name for name in newer if name.partition(".")[0] in loader.migrated_apps]
    if ours:
        raise CannotStart(f"The backup was made by a newer version ({', '.join(ours[-3:])}): restore it with that one")


def _run(command: Sequence[str], *, env: dict[str, str]) -> None:
    done = subprocess.run(command, env={**os.environ, **env}, cwd="/", capture_output=True, text=True)
    if done.returncode:
        raise CannotStart(f"{' '.join(map(os.path.basename, command[:5]))} failed:\n{done.stderr.strip()[-2000:]}")


def _address(url: str) -> dict[str, str]:
    """The environment that leads PostgreSQL's own programs to a database: on a command line anybody reads passwords."""
    told = {option.keyword.decode(): (option.envvar or b"").decode() for option in psycopg.pq.Conninfo.get_defaults()}
    given = psycopg.conninfo.conninfo_to_dict(url).items()
    return {told[name]: str(value) for name, value in given if told.get(name) and value is not None}


def _give(folder: Path) -> None:
    """To the system user where root restores: it runs the database while the folder is filled, and everything later."""
    for path in (folder, *folder.rglob("*")):
        children.give(path)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
