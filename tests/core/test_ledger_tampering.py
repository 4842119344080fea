"""What a database superuser can do to the ledger, and that each of it is found against checkpoints kept outside."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor, Channel
from yichuang.core.ledger import Subject, signing
from yichuang.core.models import Entry

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK = Actor(kind="staff", id=uuid4(), name="李娜", channel=Channel.COUNTER, place=uuid4(), window="A01", device="pc")
SUBJECT = Subject("case", uuid4())
TABLES = "core_entry, core_entry_salt, core_unsequenced, core_leaf, core_node, core_checkpoint"


@pytest.fixture(autouse=True)
def outside(db, settings, tmp_path):
    """Twenty acts under three checkpoints; the notes as somebody else keeps them."""
    settings.YICHUANG_DATA = tmp_path
    notes = []
    for size in (5, 8, 7):
        for n in range(size):
            ledger.append(act="act", actor=CLERK, at=AT, subject=SUBJECT, detail={"n": n}, behalf=uuid4())
        ledger.sequence(at=AT)
        notes.append(ledger.checkpoint(at=AT).note)
    assert ledger.verify_ledger(notes) == []
    return notes


def superuser(*statements):
    """Triggers and foreign keys are off for one who may set this."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # settle the acts so far
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def kinds(notes, **more):
    return {fault.kind for fault in ledger.verify_ledger(notes, **more)}


OTHER = "01900000-0000-7000-8000-000000000000"
NEW_VALUES = {
    "id": f"'{OTHER}'",
    "subject_kind": "'casf'",
    "subject_id": f"'{OTHER}'",
    "seq": "99",
    "at": "at + interval '1 microsecond'",
    "act": "'acu'",
    "actor_kind": "'system'",
    "actor_id": f"'{OTHER}'",
    "actor_name_masked": "'王*'",
    "behalf": "NULL",
    "channel": "'portal'",
    "place": "NULL",
    "window": "'A02'",
    "device": "''",
    "detail": "'{\"n\": 1000}'",
    "commitment": "sha256('x')",
}


def test_every_column_is_tried():
    assert set(NEW_VALUES) == {field.column for field in Entry._meta.concrete_fields}


@pytest.mark.parametrize("column", sorted(NEW_VALUES))
def test_an_altered_column_is_found(outside, column):
    superuser(f'UPDATE core_entry SET "{column}" = {NEW_VALUES[column]} WHERE seq = 7')
    assert kinds(outside) & {"ENTRY_ALTERED", "ENTRY_MISSING"}
    assert kinds([]) & {"ENTRY_ALTERED", "ENTRY_MISSING"}  # the tree in the database tells, too


def test_an_altered_or_lost_salt_is_found(outside):
    superuser(
        "UPDATE core_entry_salt SET salt = '0123456789abcdef' WHERE entry_id = (SELECT id FROM core_entry WHERE seq = 7)"
    )
    assert kinds(outside) == {"ENTRY_ALTERED"}
    superuser("DELETE FROM core_entry_salt WHERE entry_id = (SELECT id FROM core_entry WHERE seq = 7)")
    assert kinds(outside) == {"SALT_MISSING"}


def test_a_salt_destroyed_to_hide_a_change_stays_on_record(outside):
    ledger.destroy_salts(subject=SUBJECT, actor=SYSTEM, at=AT, reason="erasure")
    assert kinds(outside) == set()
    assert ledger.list_entries(SUBJECT)[-1].act == "ledger.salts_destroyed"
    ledger.append(act="later", actor=CLERK, at=AT, subject=SUBJECT)
    superuser("DELETE FROM core_entry_salt")
    ledger.sequence(at=AT)
    assert kinds(outside) == {"SALT_MISSING"}  # what came after the lawful destruction is not covered by it


@pytest.mark.parametrize("seq", [1, 7, 20])
def test_a_deleted_entry_is_found(outside, seq):
    superuser(f"DELETE FROM core_entry WHERE seq = {seq}")
    assert "ENTRY_MISSING" in kinds(outside)


def test_a_deleted_leaf_is_found(outside):
    superuser("DELETE FROM core_leaf WHERE index = 7")
    assert {"LEAF_MISSING", "ENTRY_HIDDEN", "LOG_REWRITTEN"} <= kinds(outside)


def test_an_entry_kept_out_of_the_tree_is_found(outside):
    ledger.append(act="secret", actor=CLERK, at=AT, subject=SUBJECT)
    superuser("DELETE FROM core_unsequenced")
    assert kinds(outside) == {"ENTRY_HIDDEN"}


def test_an_act_deleted_before_it_got_its_place_is_found_by_the_next_one(outside):
    for _ in range(2):
        ledger.append(act="act", actor=CLERK, at=AT, subject=SUBJECT)
    superuser("DELETE FROM core_entry WHERE seq = 21", "DELETE FROM core_unsequenced")
    assert "ENTRY_MISSING" in kinds(outside)


def test_altered_nodes_and_leaves_are_found(outside):
    with transaction.atomic():
        superuser("UPDATE core_node SET hash = sha256('x') WHERE level = 2 AND index = 1")
        assert kinds(outside) == {"NODE_ALTERED"}
        transaction.set_rollback(True)
    superuser("UPDATE core_leaf SET hash = sha256('x') WHERE index = 7")
    assert {"ENTRY_ALTERED", "LOG_REWRITTEN"} <= kinds(outside)


def _truncate_tail(keep: int) -> None:
    superuser(
        f"DELETE FROM core_entry WHERE id IN (SELECT entry_id FROM core_leaf WHERE index >= {keep})",
        f"DELETE FROM core_leaf WHERE index >= {keep}",
        f"DELETE FROM core_node WHERE (index + 1) << level > {keep}",
        f"DELETE FROM core_checkpoint WHERE size > {keep}",
    )


def test_a_truncated_tail_is_found_only_with_the_checkpoints_outside(outside):
    _truncate_tail(13)
    assert kinds([]) == set()  # the rest is whole in itself: this is why checkpoints live elsewhere
    assert kinds(outside) == {"LOG_TRUNCATED", "CHECKPOINT_MISSING"}


def _rebuild() -> None:
    """The strongest attack: alter an act, make every commitment, leaf, node and checkpoint anew, with the real key."""
    entries = ledger.list_entries(SUBJECT)
    superuser(f"TRUNCATE {TABLES}")
    for entry in entries:
        ledger.append(
            act="forged" if entry.seq == 7 else entry.act,
            actor=CLERK,
            at=entry.at,
            subject=SUBJECT,
            detail=entry.detail,
            behalf=entry.behalf,
        )
        if entry.seq in {5, 13, 20}:
            ledger.sequence(at=AT)
            ledger.checkpoint(at=AT)


def test_a_log_rebuilt_with_the_stolen_key_is_found(outside):
    _rebuild()
    assert kinds([]) == set()
    assert kinds(outside) == {"LOG_REWRITTEN"}


def test_a_log_rebuilt_with_another_key_is_found(outside, settings, tmp_path):
    pem = ledger.public_key_pem()
    settings.YICHUANG_DATA = tmp_path / "thief"
    _rebuild()
    assert {"LOG_REWRITTEN", "CHECKPOINT_FORGED"} <= kinds(outside, public_key_pem=pem)


def test_an_emptied_database_is_found(outside):
    superuser(f"TRUNCATE {TABLES}")
    assert kinds(outside) == {"LOG_TRUNCATED", "CHECKPOINT_MISSING"}


def test_a_forged_checkpoint_is_told_from_a_forged_log(outside):
    assert kinds([outside[0].replace("\n5\n", "\n6\n"), "nonsense"]) == {"CHECKPOINT_FORGED"}


def test_checkpoints_deleted_from_the_database_are_found(outside):
    superuser("DELETE FROM core_checkpoint WHERE size = 13")
    assert kinds(outside) == {"CHECKPOINT_MISSING"}


def test_the_command_fails_and_names_the_faults(outside, tmp_path, capsys):
    signing.keep_outside([(size, note) for size, note in zip((5, 13, 20), outside, strict=True)])
    call_command("verify_ledger", skip_checks=True)
    _truncate_tail(13)
    with pytest.raises(CommandError, match="2 faults"):
        call_command("verify_ledger", skip_checks=True)
    assert "LOG_TRUNCATED 日志短于已签名的检查点（20 条）" in capsys.readouterr().err
    with pytest.raises(CommandError, match="does not exist"):
        call_command("verify_ledger", "--checkpoints", tmp_path / "none", skip_checks=True)
