"""The ledger in ordinary life: appending, sequencing, checkpoints, receipts."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import faults, ledger, receipts
from yichuang.core.actors import SYSTEM, Actor, Channel
from yichuang.core.ledger import Subject
from yichuang.core.ledger.tree import tree_size
from yichuang.core.ledger.vouching import _plain, spelled
from yichuang.core.models import Checkpoint, Entry, EntrySalt, Leaf, Node, Unsequenced
from yichuang.core.refusals import NotFound

AT = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)
LI_NA = Actor(
    kind="staff", id=uuid4(), name="李娜娜", channel=Channel.COUNTER, place=uuid4(), window="A01", device="pc-7"
)


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.YICHUANG_DATA = tmp_path
    return tmp_path


def case():
    return Subject("case", uuid4())


def act(subject, name="accept_case", **detail):
    return ledger.append(act=name, actor=LI_NA, at=AT, subject=subject, detail=detail or {"number": "440305-1"})


def verified(receipt, **more):
    return receipts.check_receipt(json.loads(json.dumps(receipt.as_json())), ledger.public_key_pem(), **more)


# ── appending ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_an_act_is_one_statement_and_reads_back_whole(django_assert_num_queries):
    subject, party = case(), uuid4()
    with django_assert_num_queries(1):
        entry = ledger.append(
            act="file_case",
            actor=LI_NA,
            at=AT,
            subject=subject,
            detail={"n": 3, "x": True, "y": None, "z": "容缺"},
            behalf=party,
        )
    with django_assert_num_queries(1):
        assert ledger.list_entries(subject) == (entry,)
    assert (entry.seq, entry.actor_name_masked, entry.behalf, entry.at) == (1, "李*娜", party, AT)
    assert EntrySalt.objects.filter(entry_id=entry.id).exists()
    assert Unsequenced.objects.filter(entry_id=entry.id).exists()


@pytest.mark.django_db
def test_entries_count_per_subject():
    one, other = case(), case()
    assert [act(one).seq, act(one).seq, act(other).seq, act(one).seq] == [1, 2, 1, 3]
    assert [entry.seq for entry in ledger.list_entries(one)] == [1, 2, 3]
    assert ledger.list_entries(case()) == ()


@pytest.mark.django_db
def test_the_system_is_named_and_people_are_masked():
    subject = case()
    assert ledger.append(act="deem", actor=SYSTEM, at=AT, subject=subject).actor_name_masked == "系统"
    nobody = Actor(kind="anonymous", channel=Channel.PORTAL, device="x" * 300)
    entry = ledger.append(act="look", actor=nobody, at=AT, subject=subject)
    assert (entry.actor_name_masked, len(entry.device)) == ("", 100)
    assert ledger.list_entries(subject)[1] == entry


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        "11010519491231002X",
        "号码 11010519491231002x。",
        "１３８００００３２１０",
        "电话:13800003210",
        "x" * 501,
        "a\x00",
        1.5,
        ["a"],
    ],
)
def test_personal_data_and_odd_values_never_enter(value):
    with pytest.raises(ValueError, match="ledger detail 'x'"):
        act(case(), x=value)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    ["440305-20261122-W-000123-7", "46c6b824-e53e-4da4-a24a-dbd7528d1e2f", "110105194912310021", "91440305MA9000003T"],
)
def test_numbers_of_documents_may_enter(value):
    act(case(), x=value)


@pytest.mark.django_db(transaction=True)
def test_acts_at_once_on_one_subject_get_numbers_without_gaps():
    subject, failed = case(), []

    def clerk():
        try:
            for _ in range(5):
                with transaction.atomic():
                    act(subject)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [entry.seq for entry in ledger.list_entries(subject)] == list(range(1, 21))
    assert EntrySalt.objects.count() == Unsequenced.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_leaves_no_trace():
    with pytest.raises(RuntimeError), transaction.atomic():
        act(case())
        raise RuntimeError
    assert not Entry.objects.exists()
    assert not EntrySalt.objects.exists()
    assert not Unsequenced.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["core_entry", "core_leaf", "core_node", "core_checkpoint", "core_entry_salt"])
@pytest.mark.parametrize("change", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"])
def test_nothing_is_ever_changed(table, change):
    column = {"core_entry": "act", "core_leaf": "hash", "core_node": "hash", "core_checkpoint": "root"}.get(
        table, "salt"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")  # tests switch it off to clean up
        if (table, change[:6]) == ("core_entry_salt", "DELETE"):
            cursor.execute(change.format(t=table, c=column))  # destroying a salt is the one lawful deletion
            return
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(change.format(t=table, c=column))


# ── sequencing ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_every_entry_gets_a_place_without_gaps(batch):
    entries = [act(case()) for _ in range(11)]
    assert ledger.sequence(at=AT, batch=batch) == 11
    assert ledger.sequence(at=AT) == 0
    assert [leaf.index for leaf in Leaf.objects.order_by("index")] == list(range(11))
    assert {leaf.entry_id for leaf in Leaf.objects.all()} == {entry.id for entry in entries}
    assert Node.objects.count() == 5 + 2 + 1
    act(case())
    assert ledger.sequence(at=AT) == 1
    assert tree_size() == 12


@pytest.mark.django_db
def test_a_run_costs_the_same_whatever_the_history(django_assert_num_queries):
    for _ in range(2):
        for _ in range(30):
            act(case())
        with django_assert_num_queries(9):  # savepoint, lock, take, entries, size, peaks, leaves, nodes, release
            ledger.sequence(at=AT)


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_commits_late_is_not_skipped():
    inside, go_on = threading.Event(), threading.Event()
    late = case()

    def slow():
        try:
            with transaction.atomic():
                act(late)
                inside.set()
                assert go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert inside.wait(10)
    act(case())  # later id, earlier commit
    assert ledger.sequence(at=AT) == 1
    go_on.set()
    thread.join()
    assert ledger.sequence(at=AT) == 1
    assert Leaf.objects.get(entry__subject_id=late.id).index == 1
    assert ledger.verify_ledger([]) == []


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_do_not_meet():
    act(case())
    results = []

    def second():
        try:
            results.append(ledger.sequence(at=AT))
        finally:
            connection.close()

    with transaction.atomic():
        assert ledger.sequence(at=AT) == 1
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert results == [0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["sequence.before_leaves", "sequence.after_leaves"])
def test_a_sequencer_that_dies_leaves_nothing_half_done(point):
    entry = act(case())
    with faults.armed(point), pytest.raises(faults.Fault):
        ledger.sequence(at=AT)
    assert not Leaf.objects.exists()
    assert Unsequenced.objects.get().entry_id == entry.id
    assert ledger.sequence(at=AT) == 1


@pytest.mark.django_db
def test_an_entry_has_one_place_only():
    entry = act(case())
    ledger.sequence(at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.create(index=1, entry_id=entry.id, hash=b"", at=AT)


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_checkpoints_are_signed_and_kept_outside(data_folder):
    empty = ledger.checkpoint(at=AT)
    assert empty.size == 0
    act(case())
    ledger.sequence(at=AT)
    first = ledger.checkpoint(at=AT)
    assert ledger.checkpoint(at=AT + timedelta(days=1)) == first  # nothing new, nothing signed
    note = receipts.check_note(first.note, ledger.public_key_pem())
    assert (note.origin, note.size, note.root, note.at) == (
        "yichuang/ledger",
        1,
        first.root,
        "2026-03-02T01:00:00.123456Z",
    )
    assert list(ledger.read_checkpoints()) == [empty.note, first.note]
    assert (data_folder / "keys" / "ledger-key.pem").stat().st_mode & 0o777 == 0o600
    assert ledger.public_key_file().read_bytes() == ledger.public_key_pem()


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_that_was_not_written_outside_is_made_good():
    ledger.checkpoint(at=AT)
    ledger.checkpoints_file().unlink()
    act(case())
    ledger.sequence(at=AT)
    ledger.checkpoint(at=AT)
    assert [receipts.parse_note(note).size for note in ledger.read_checkpoints()] == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_checkpoint_is_never_published():
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.checkpoint(at=AT)
        raise RuntimeError
    assert list(ledger.read_checkpoints()) == []
    assert not Checkpoint.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_job_sequences_signs_and_clears():
    from yichuang.core import upkeep

    act(case())
    upkeep.sequence_ledger()
    upkeep.sequence_ledger()
    upkeep.clear_jobs()
    assert [receipts.parse_note(note).size for note in ledger.read_checkpoints()] == [1]


# ── receipts ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def thirteen(transactional_db):
    entries = []
    for size in (1, 4, 8):
        entries += [act(case()) for _ in range(size)]
        ledger.sequence(at=AT)
        ledger.checkpoint(at=AT)
    return entries


def test_every_entry_has_a_receipt_that_stays_the_same(thirteen):
    for entry in thirteen:
        receipt = ledger.receipt_for(entry.id)
        assert receipt.is_final
        assert verified(receipt) == entry.leaf
        assert len(json.dumps(receipt.as_json())) < 1500
    before = ledger.receipt_for(thirteen[0].id)
    act(case())
    ledger.sequence(at=AT)
    ledger.checkpoint(at=AT)
    assert ledger.receipt_for(thirteen[0].id) == before


def test_a_receipt_costs_five_statements(thirteen, django_assert_num_queries):
    with django_assert_num_queries(3):
        ledger.receipt_for(thirteen[3].id)


def test_a_receipt_can_be_had_under_a_checkpoint_from_elsewhere(thirteen):
    notes = list(ledger.read_checkpoints())
    receipt = ledger.receipt_for(thirteen[0].id, size=13)
    assert verified(receipt, checkpoint=notes[-1]) == thirteen[0].leaf
    with pytest.raises(receipts.ReceiptError):
        verified(receipt, checkpoint=notes[0])


def test_the_log_between_two_checkpoints_only_grew(thirteen):
    old, new = (receipts.parse_note(note) for note in list(ledger.read_checkpoints())[1:])
    receipts.check_consistency(old.size, old.root, new.size, new.root, ledger.consistency_path(old.size, new.size))


def test_no_part_of_a_receipt_can_be_changed(thirteen):
    good = ledger.receipt_for(thirteen[5].id, opened=True).as_json()
    pem = ledger.public_key_pem()
    assert receipts.check_receipt(good, pem)
    for part in good["leaf"]:
        with pytest.raises(receipts.ReceiptError):
            receipts.check_receipt({**good, "leaf": {**good["leaf"], part: "x"}}, pem)
    for part in good["opening"]["committed"]:
        committed = {**good["opening"]["committed"], part: "x"}
        with pytest.raises(receipts.ReceiptError):
            receipts.check_receipt({**good, "opening": {**good["opening"], "committed": committed}}, pem)
    for change in (
        {"index": 4},
        {"index": 99},
        {"index": "x"},
        {"path": good["path"][1:]},
        {"path": ["!"]},
        {"v": 2},
        {"leaf": "x"},
        {"checkpoint": good["checkpoint"].replace("\n13\n", "\n14\n")},
        {"checkpoint": "x"},
        {"opening": {"salt": "zz"}},
    ):
        with pytest.raises(receipts.ReceiptError):
            receipts.check_receipt({**good, **change}, pem)


def test_another_key_proves_nothing(thirteen, settings, tmp_path):
    receipt = ledger.receipt_for(thirteen[0].id).as_json()
    settings.YICHUANG_DATA = tmp_path / "other"
    with pytest.raises(receipts.ReceiptError, match="another key"):
        receipts.check_receipt(receipt, ledger.public_key_pem())


@pytest.mark.django_db
def test_a_receipt_before_its_checkpoint_is_not_final():
    entry = act(case())
    receipt = ledger.receipt_for(entry.id)
    assert not receipt.is_final
    assert receipt.as_json() == {"v": 1, "leaf": entry.leaf}
    with pytest.raises(receipts.ReceiptError, match="not a finished"):
        verified(receipt)
    ledger.sequence(at=AT)
    assert not ledger.receipt_for(entry.id).is_final
    with pytest.raises(NotFound):
        ledger.receipt_for(uuid4())


def test_a_receipt_names_nobody(thirteen):
    text = json.dumps(ledger.receipt_for(thirteen[0].id).as_json(), ensure_ascii=False)
    assert str(LI_NA.id) not in text
    assert "李" not in text


def test_the_verifier_runs_alone(thirteen, tmp_path):
    receipt, key, note = tmp_path / "r.json", ledger.public_key_file(), tmp_path / "c.txt"
    receipt.write_text(json.dumps(ledger.receipt_for(thirteen[2].id).as_json()), encoding="utf-8")
    note.write_text(list(ledger.read_checkpoints())[1], encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-I", receipts.__file__, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert run(receipt, key)[0] == 0
    code, said = run(receipt, key, note)
    assert (code, said.startswith("VALID:"), "accept_case" in said) == (0, True, True)
    receipt.write_text(receipt.read_text(encoding="utf-8").replace("accept_case", "refuse_case"), encoding="utf-8")
    assert run(receipt, key) == (1, "INVALID: the log of this checkpoint does not hold this act\n")
    assert run(receipt)[0] == 2


# ── erasure ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_destroyed_salts_leave_receipts_valid_and_are_on_record(thirteen):
    subject = thirteen[0].subject
    ledger.destroy_salts(subject=subject, actor=SYSTEM, at=AT, reason="erasure")
    assert not EntrySalt.objects.filter(entry_id=thirteen[0].id).exists()
    assert verified(ledger.receipt_for(thirteen[0].id, opened=True)) == thirteen[0].leaf
    assert ledger.receipt_for(thirteen[0].id, opened=True).opening is None
    assert [(e.act, e.detail.get("through")) for e in ledger.list_entries(subject)[1:]] == [
        ("ledger.salts_destroyed", 1)
    ]
    ledger.sequence(at=AT)
    ledger.checkpoint(at=AT)
    assert ledger.verify_ledger(ledger.read_checkpoints()) == []


def test_the_command_says_that_all_is_whole(thirteen, capsys):
    call_command("verify_ledger", skip_checks=True)
    assert "The ledger is whole: 13 leaves, 3 checkpoints from outside." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_subject_made_just_now_gets_its_first_entry_without_waiting_for_the_number():
    subject = case()
    entry = ledger.append(act="file", actor=LI_NA, at=AT, subject=subject, first=True)
    assert entry.seq == 1
    assert ledger.list_entries(subject) == (entry,)
    assert ledger.append(act="claim", actor=LI_NA, at=AT, subject=subject).seq == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.append(act="file", actor=LI_NA, at=AT, subject=subject, first=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_facts_are_spelled_byte_for_byte_as_receipts_are(facts):
    assert spelled(_plain(facts)) == receipts.canonical(facts)


def test_numbers_that_others_spell_otherwise_too():
    facts = {
        "a": [1e-7, 1e16, 1e22, -0.0, 0.1, 68.5, 2**70, -(2**63), float("nan"), float("-inf")],
        "é": 1,
        "中": {"z": 2},
    }
    assert spelled(_plain(facts)) == receipts.canonical(facts)
