"""归档: a closed case becomes a package that proves itself, found and taken out on record; whoever alters it is found."""

import json
import zipfile
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.core import clock, ledger
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import NotFound
from yichuang.issuing import archive, jobs
from yichuang.issuing.authority import root_pem
from yichuang.issuing.commands import archive_case, hand_over, open_package
from yichuang.issuing.jobs import archive_nightly
from yichuang.issuing.models import ArchivePackage
from yichuang.issuing.queries import due_for_archive, find_packages, is_archived
from yichuang.people.queries import get_party, list_looks
from yichuang.registry.commands import set_status
from yichuang.registry.queries import certificate_of_subject
from yichuang.registry.values import Status


def test_how_long_a_file_is_kept():
    def kept(granted: bool, forever: bool, permit: bool) -> str:
        return archive.retention_of(granted=granted, forever=forever, is_permit=permit)

    assert kept(True, True, False) == "permanent"
    assert kept(True, False, False) == kept(False, False, True) == "30"
    assert kept(False, True, False) == "10"
    assert archive.retention_of(granted=True, forever=False, is_permit=True, keep="10") == "10", "as the item says"
    assert archive.retention_of(granted=False, forever=False, is_permit=True, keep="10") == "30", "of grants only"
    assert archive.keep_until(date(2026, 11, 24), "10") == date(2036, 12, 31)
    assert archive.keep_until(date(2026, 11, 24), "permanent") is None


def proved(at: Any) -> None:
    ledger.sequence(at=at)
    ledger.checkpoint(at=at)


@pytest.fixture
def withdrawn(demo: Any) -> Any:
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    withdraw_case(actor=zhang, number=receipt.number, version=1, reason="不养了", at=demo.at)
    return receipt


def altered(content: bytes, change: Any) -> bytes:
    """The package with its files changed as `change` does."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    change(files)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, piece in files.items():
            file.writestr(name, piece)
    return out.getvalue()


def test_a_closed_case_is_archived_by_its_job_and_every_alteration_is_found(demo, withdrawn, tmp_path):
    proved(demo.at)
    with clock.fixed(demo.at + timedelta(minutes=3)):
        for job in ("issuing.archive_case",):
            assert run_due(job) == 1
    assert is_archived(withdrawn.case_id)
    wang = demo.actor("wangqiang")
    (row,) = find_packages(wang, withdrawn.number).items
    assert (row.retention.zh, row.edition) == ("30年", 1)
    name, content = open_package(actor=wang, package=row.id, at=demo.at)
    assert archive.check_package(content) == []
    assert archive.check_package(content, root=root_pem(), ledger_key=ledger.public_key_pem()) == []
    with zipfile.ZipFile(BytesIO(content)) as file:
        index = json.loads(file.read("index.json"))
    assert index["case"] == withdrawn.number
    assert [piece["title"] for piece in index["documents"]] == ["收件凭证", "撤回申请书"]

    paper = index["documents"][0]["path"]
    changes = {
        "paper": lambda files: files.update({paper: files[paper][:-9] + b"corrupted"}),
        "gone": lambda files: files.pop("ledger/0002.json"),
        "more": lambda files: files.update({"extra.txt": b"x"}),
        "manifest": lambda files: files.update({"manifest.json": files["manifest.json"].replace(b"30", b"10")}),
        "act": lambda files: files.update({"ledger/0001.json": files["ledger/0001.json"].replace(b"file", b"deny")}),
        "root": lambda files: files.update({"organ.pem": b"none"}),
        "unsigned": lambda files: files.pop("manifest.sig"),
    }
    for what, change in changes.items():
        assert archive.check_package(altered(content, change)), what
    assert archive.check_package(b"PK nothing")
    good, bad = tmp_path / name, tmp_path / "bad.zip"
    good.write_bytes(content)
    bad.write_bytes(altered(content, changes["paper"]))
    out = StringIO()
    call_command("verify_archive", str(good), stdout=out)
    assert "whole and genuine" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("verify_archive", str(bad), stderr=StringIO())


def run_due(name: str) -> int:
    """Run the queued jobs of a name, whatever their hour."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name <> %s", [name])
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    return run_waiting()


def test_nothing_is_archived_before_its_acts_are_proved_and_nothing_twice(demo, withdrawn):
    assert archive_case(case=withdrawn.case_id, at=demo.at) is None
    proved(demo.at)
    first = archive_case(case=withdrawn.case_id, at=demo.at)
    proved(demo.at)
    assert archive_case(case=withdrawn.case_id, at=demo.at) == first


@pytest.mark.parametrize("lost", [lambda file: file.unlink(), lambda file: file.write_bytes(b"rotten")])
def test_a_package_whose_file_is_lost_is_made_again(demo, withdrawn, settings, lost):
    proved(demo.at)
    first = archive_case(case=withdrawn.case_id, at=demo.at)
    lost(Path(settings.YICHUANG_DATA) / ArchivePackage.objects.get(id=first).path)
    proved(demo.at)
    again = archive_case(case=withdrawn.case_id, at=demo.at)
    assert again != first
    _, content = open_package(actor=demo.actor("wangqiang"), package=again, at=demo.at)
    assert archive.check_package(content, root=root_pem(), ledger_key=ledger.public_key_pem()) == []
    proved(demo.at)
    assert archive_case(case=withdrawn.case_id, at=demo.at) == again


def sweep(at: Any) -> None:
    """A night: every batch of it, and what they queued."""
    with clock.fixed(at):
        archive_nightly()
        while run_due_of("issuing.archive_behind"):
            pass
        run_due("issuing.archive_case")


def run_due_of(name: str) -> int:
    """Run the queued jobs of a name, whatever their hour, and leave others where they are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = CASE WHEN task_name = %s THEN NULL::timestamptz "
            "ELSE timestamptz '2999-01-01' END WHERE status = 'todo'",
            [name],
        )
    return run_waiting(limit=1)


def test_a_night_archives_what_no_event_did_batch_by_batch(demo, monkeypatch, settings):
    monkeypatch.setattr(jobs, "BATCH", 2)
    zhang = demo.actor("zhangxiao")
    receipts = [demo.file(zhang) for _ in range(5)]
    for receipt in receipts[:-1]:
        withdraw_case(actor=zhang, number=receipt.number, version=1, reason="不养了", at=demo.at)
    forget_jobs()  # closed before the upgrade, or given up
    proved(demo.at)
    sweep(demo.at)
    closed = [receipt.case_id for receipt in receipts[:-1]]
    assert editions(closed) == [1, 1, 1, 1]
    assert not is_archived(receipts[-1].case_id), "not closed"

    proved(demo.at)
    ledger.append(act="end-drop", actor=zhang, at=demo.at, subject=ledger.Subject("case", closed[1]), detail={})
    lost = ArchivePackage.objects.get(case_id=closed[2])
    (Path(settings.YICHUANG_DATA) / lost.path).unlink()
    proved(demo.at)
    sweep(demo.at)
    assert editions(closed) == [1, 2, 2, 1]
    proved(demo.at)
    assert due_for_archive(None, 10) == (None, ()), "and then there is nothing to do"


def editions(closed: list[Any]) -> list[int]:
    return [ArchivePackage.objects.filter(case_id=case).count() for case in closed]


def forget_jobs() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_it_is_found_by_number_person_and_day_by_its_department_only_and_taking_it_out_is_seen(demo, withdrawn):
    proved(demo.at)
    package = archive_case(case=withdrawn.case_id, at=demo.at)
    wang, zhang = demo.actor("wangqiang"), demo.actor("zhangxiao")
    today = demo.at.date()
    assert package in [row.id for row in find_packages(wang, get_party(zhang.id).id_no).items]
    assert package in [row.id for row in find_packages(wang, since=today, until=today).items]
    assert package not in [row.id for row in find_packages(wang, since=today + timedelta(days=1)).items]
    for stranger in (demo.actor("sunli"), zhang):
        assert find_packages(stranger, withdrawn.number).items == ()
        with pytest.raises(NotFound):
            open_package(actor=stranger, package=package, at=demo.at)
    open_package(actor=wang, package=package, at=demo.at)
    look = list_looks(zhang.id)[0]
    assert (look.purpose.zh, look.case_number) == ("查阅归档案卷", withdrawn.number)


def test_what_becomes_of_the_certificate_makes_another_edition(demo):
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    chief = demo.actor("chengang")
    decide_case(actor=chief, number=receipt.number, version=head.version, outcome="grant", reasons="", at=demo.at)
    with clock.fixed(demo.at):
        run_due("issuing.prepare_result")
    from yichuang.cases.queries import get_case_for

    issuer = demo.actor("zhoujie")
    version = get_case_for(issuer, receipt.number, at=demo.at).version
    hand_over(
        actor=issuer,
        number=receipt.number,
        version=version,
        identity=get_party(zhang.id).id_no,
        receiver_name="",
        at=demo.at,
    )
    proved(demo.at)
    assert archive_case(case=receipt.case_id, at=demo.at) is not None
    certificate = certificate_of_subject("case", receipt.case_id)
    assert certificate is not None
    set_status(id=certificate.id, status=Status.SUSPENDED, reason="核查", at=demo.at)
    ledger.append(act="note-trip", actor=chief, at=demo.at, subject=ledger.Subject("case", receipt.case_id), detail={})
    proved(demo.at)
    with clock.fixed(demo.at):
        assert run_due("issuing.archive_case") == 1
    rows = find_packages(demo.actor("wangqiang"), receipt.number).items
    assert sorted(row.edition for row in rows) == [1, 2]
    assert {row.retention.zh for row in rows} == {"30年"}
    assert Path(rows[0].number).name == rows[0].number, "a number that can name a file"
