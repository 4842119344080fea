"""A real case from filing to certificate: whatever a database superuser changes of it, `verify_ledger` names it."""

from typing import Any

import pytest
from tests.cases.tampering import attacks, broken, delete, insert_like, looking_only_at, superuser, undone

from yichuang.cases.commands.accept import accept_with_gaps
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.models import Case
from yichuang.cases.queries import list_tasks
from yichuang.cases.states import Act
from yichuang.cases.vouch import facts_after
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.ledger.vouching import fingerprint
from yichuang.core.models import Entry, EntrySalt
from yichuang.issuing.commands import hand_over, prepare_result, render_document
from yichuang.issuing.models import Delivery
from yichuang.people.queries import get_party
from yichuang.registry.commands import set_status
from yichuang.registry.models import Certificate
from yichuang.registry.values import Status

PAPERS = ("owner_id", "property_certificate", "immunity_certificate")


class Life:
    """The case, what came of it, and the checkpoints that somebody else keeps."""

    def __init__(self, demo: Any) -> None:
        self.demo, self.notes = demo, []
        zhang, li, wang, lin = (demo.actor(name) for name in ("zhangxiao", "lina", "wangqiang", "linfang"))
        receipt = demo.file(zhang, materials=PAPERS)
        self.id, self.number = receipt.case_id, receipt.number
        same = {"number": receipt.number, "at": demo.at}
        head = accept_with_gaps(actor=li, version=1, findings={}, promise_signed=True, **same)
        self.checkpoint()
        task = list_tasks(wang, at=demo.at).items[0].task.id
        head = claim_review(actor=wang, task=task, version=head.version, at=demo.at)
        head = complete_review(actor=wang, task=task, version=head.version, outcome="agree", opinion="同意", at=demo.at)
        head = decide_case(actor=lin, version=head.version, outcome="grant", reasons="", **same)
        self.checkpoint()
        photos = {"dog_photos": [demo.upload(zhang)]}
        head = supplement_case(actor=zhang, version=head.version, materials=photos, **same)
        self.certificate = Certificate.objects.get(subject_id=self.id)
        prepare_result(case=self.id, certificate=self.certificate.id, physical=True, at=demo.at)
        render_document(receipt.receipt)
        taker = get_party(zhang.id)
        hand_over(
            actor=demo.actor("zhoujie"),
            version=head.version + 1,
            identity=taker.id_no,
            receiver_name=taker.name,
            **same,
        )
        self.checkpoint()

    def checkpoint(self) -> None:
        ledger.sequence(at=self.demo.at)
        self.notes.append(ledger.checkpoint(at=self.demo.at).note)

    def faults(self) -> set[str]:
        """Kind of fault, and what is meant, without ids."""
        return {f"{fault.kind} {fault.where.partition(' ')[2].partition(':')[0]}".strip() for fault in self.all()}

    def all(self) -> list[Any]:
        return ledger.verify_ledger(self.notes)


@pytest.fixture
def life(demo: Any, settings: Any, tmp_path: Any) -> Life:
    settings.YICHUANG_DATA = tmp_path
    lived = Life(demo)
    assert lived.all() == []
    assert Case.objects.get(id=lived.id).state == "DELIVERED"
    return lived


# ── the rows that the log speaks of ───────────────────────────────────────────────────────────────────────────────

OF_CASE = {
    "outcome": "'deny'", "state": "'DENIED'", "version": "version + 1", "number": "number || 'x'",
    "item_code": "'other'", "item_version": "item_version + 1", "answers": "'{}'", "is_permit": "NOT is_permit",
    "applicant_id": "gen_random_uuid()", "receiver_id": "gen_random_uuid()", "agent_id": "gen_random_uuid()",
    "received_at": "received_at - interval '1 day'", "accepted_date": "accepted_date - 1",
    "decided_at": "decided_at - interval '1 microsecond'", "legal_amount": "legal_amount + 1",
    "promise_unit": "'day'", "accepted_as": "'full'", "channel": "'counter'",
    "form": "(SELECT form FROM cases_case AS other WHERE other.id <> cases_case.id LIMIT 1)",  # sealed for this column
}  # fmt: skip
OF_CERTIFICATE = {
    "number": "'X-1'", "holder_name_masked": "'李*'", "holder_id": "gen_random_uuid()", "valid_to": "valid_to + 365",
    "valid_from": "valid_from - 1", "status": "'revoked'", "issuer_name_zh": "'某局'", "labels": "'[]'",
    "type_code": "'X'", "issued_at": "issued_at - interval '1 hour'",
}  # fmt: skip
STATEMENTS = [
    ("UPDATE cases_decision SET outcome = 'deny' WHERE case_id = %s", "FACT_ALTERED decision"),
    ("UPDATE cases_decision SET served_at = NULL WHERE case_id = %s", "FACT_ALTERED decision"),
    ("DELETE FROM cases_decision WHERE case_id = %s", "FACT_MISSING decision"),
    ("UPDATE cases_material SET state = 'missing' WHERE code = 'owner_id' AND case_id = %s", "FACT_ALTERED materials"),
    ("DELETE FROM cases_material WHERE code = 'dog_photos' AND case_id = %s", "FACT_ALTERED materials"),
    ("UPDATE cases_document SET number = 'X' WHERE kind = 'grant' AND case_id = %s", "FACT_ALTERED document"),
    ("UPDATE cases_document SET issued_at = now() WHERE kind = 'receipt' AND case_id = %s", "FACT_ALTERED document"),
    ("DELETE FROM cases_document WHERE kind = 'promise' AND case_id = %s", "FACT_MISSING document"),
    (
        "INSERT INTO cases_document SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), "
        "'number', 'forged'))).* FROM cases_document AS d WHERE kind = 'grant' AND case_id = %s",
        "FACT_UNKNOWN document",
    ),
    ("UPDATE cases_upload SET sha256 = repeat('a', 64) WHERE case_id = %s", "FACT_ALTERED file"),
    (
        "DELETE FROM cases_materialfile USING cases_material AS m WHERE m.id = material_id AND m.case_id = %s",
        "FACT_MISSING file",
    ),
    (
        "INSERT INTO cases_materialfile SELECT (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid()))).* "
        "FROM cases_materialfile AS f JOIN cases_material AS m ON m.id = f.material_id WHERE m.case_id = %s",
        "FACT_UNKNOWN file",
    ),
    ("DELETE FROM cases_case WHERE id = %s", "FACT_MISSING case"),
]  # fmt: skip


def test_every_altered_column_of_the_case_is_named(life: Life) -> None:
    dog = {**life.demo.example("yangquan-dengji").form["dog"], "chip": "999000000000777"}
    life.demo.file(life.demo.actor("moshengren"), form={"dog": dog})  # whose sealed form a superuser can copy
    for column, value in OF_CASE.items():
        with undone():
            superuser(f"UPDATE cases_case SET {column} = {value} WHERE id = %s", life.id)
            assert broken("case") == {"FACT_ALTERED case"}, column
    superuser("UPDATE cases_case SET outcome = 'deny' WHERE id = %s", life.id)
    assert life.faults() == {"FACT_ALTERED case"}


def test_what_was_decided_promised_issued_or_handed_in_is_named(life: Life) -> None:
    for statement, found in STATEMENTS:
        with undone():
            superuser(statement, life.id)
            assert found in broken("case"), statement


def test_a_case_put_in_past_the_commands_is_named(life: Life) -> None:
    forged = Case.objects.get(id=life.id)
    forged.pk, forged.number = None, "440303-20261124-N-999999-9"
    forged.save(force_insert=True)
    assert f"FACT_UNKNOWN case:{forged.id}" in {f"{fault.kind} {fault.where}" for fault in life.all()}


def test_an_altered_certificate_or_paper_is_named(life: Life) -> None:
    for column, value in OF_CERTIFICATE.items():
        with undone():
            superuser(f"UPDATE registry_certificate SET {column} = {value} WHERE id = %s", life.certificate.id)
            assert broken("certificate") == {"FACT_ALTERED certificate"}, column
    with undone():
        superuser("DELETE FROM registry_certificate WHERE id = %s", life.certificate.id)
        assert "FACT_MISSING certificate" in life.faults()
    for change in ("sha256 = reverse(sha256)", "digest = 'x'", "size = size + 1"):
        with undone():
            superuser(f"UPDATE issuing_rendering SET {change} WHERE edition = %s", 1)
            assert life.faults() == {"FACT_ALTERED paper"}, change
    set_status(id=life.certificate.id, status=Status.REVOKED, reason="欺骗取得", at=life.demo.at)
    assert life.all() == []
    superuser("UPDATE registry_certificate SET status = 'valid' WHERE id = %s", life.certificate.id)
    assert life.faults() == {"FACT_ALTERED certificate"}


def test_a_hand_over_that_was_changed_taken_out_or_made_up_is_named(life: Life) -> None:
    row = Delivery.objects.get(case_id=life.id)
    for what, statement, values in attacks(row, relation="'agent'", identity_kind="'pickup_code'"):
        with undone():
            superuser(statement, *values)
            assert broken("case") & {"FACT_ALTERED delivery", "FACT_MISSING delivery"}, what
    with undone():
        delete(row)
        assert life.faults() == {"FACT_MISSING delivery"}
    other = life.demo.file(life.demo.actor("zhangxiao"), "getihu-sheli")
    insert_like(row, case_id=other.case_id)
    assert [f"{fault.kind} {fault.where}" for fault in life.all()] == [f"FACT_UNKNOWN case:{other.case_id}"]


# ── the log itself, over the life of a case ───────────────────────────────────────────────────────────────────────


def kinds(life: Life) -> set[str]:
    return {fault.kind for fault in life.all()}


def of_the_log(life: Life) -> set[str]:
    """The same of the log alone, whatever rows it vouches for."""
    with looking_only_at():
        return kinds(life)


def entries(life: Life) -> list[Entry]:
    return list(Entry.objects.filter(subject_kind="case", subject_id=life.id).order_by("seq"))


def test_altered_deleted_inserted_and_reordered_entries_are_named(life: Life) -> None:
    acts = [entry.act for entry in entries(life)]
    assert {"file", "accept-with-gaps", "review", "prepare-grant", "supplement", "serve-grant", "deliver"} <= set(acts)
    for entry in entries(life):
        with undone():
            superuser("""UPDATE core_entry SET detail = detail || '{"state": "X"}' WHERE id = %s""", entry.id)
            assert "ENTRY_ALTERED" in of_the_log(life), entry.act
        with undone():
            superuser("UPDATE core_entry SET at = at - interval '3 days' WHERE id = %s", entry.id)
            assert "ENTRY_ALTERED" in of_the_log(life), entry.act
        with undone():
            superuser("DELETE FROM core_entry WHERE id = %s", entry.id)
            assert "ENTRY_MISSING" in of_the_log(life), entry.act
    with undone():
        last = entries(life)[-1]
        superuser(
            "INSERT INTO core_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), "
            "'seq', seq + 1))).* FROM core_entry AS e WHERE id = %s",
            last.id,
        )
        assert "ENTRY_HIDDEN" in kinds(life)
    with undone():
        first, second = entries(life)[1:3]
        superuser("UPDATE core_entry SET seq = -seq WHERE id IN (%s, %s)", first.id, second.id)
        superuser("UPDATE core_entry SET seq = %s WHERE id = %s", second.seq, first.id)
        superuser("UPDATE core_entry SET seq = %s WHERE id = %s", first.seq, second.id)
        assert "ENTRY_ALTERED" in kinds(life)


def test_a_row_changed_together_with_its_fingerprint_is_named(life: Life) -> None:
    """The attack that fits: the salt lies beside the entry, so the fingerprint can be made anew; the commitment cannot."""
    superuser("UPDATE cases_case SET outcome = 'deny' WHERE id = %s", life.id)
    (entry,) = (e for e in entries(life) if e.act == "deliver")
    salt = bytes(EntrySalt.objects.get(entry_id=entry.id).salt)
    mark = fingerprint(salt, "case", facts_after(Case.objects.get(id=life.id), Act.DELIVER)["case"])
    superuser(
        "UPDATE core_entry SET detail = jsonb_set(detail, '{facts.case}', to_jsonb(%s::text)) WHERE id = %s",
        mark,
        entry.id,
    )
    assert kinds(life) == {"ENTRY_ALTERED"}


def test_an_act_put_in_through_the_sequencer_vouches_for_nothing(life: Life) -> None:
    """A superuser may let the log itself take a forged act; the row it was forged for is still named."""
    superuser("UPDATE cases_case SET outcome = 'deny' WHERE id = %s", life.id)
    ledger.append(
        act="deny", actor=SYSTEM, at=life.demo.at, subject=Subject("case", life.id), detail={"state": "DENIED"}
    )
    life.checkpoint()
    assert life.faults() == {"FACT_ALTERED case"}


def test_a_cut_off_tail_and_replaced_checkpoints_are_named(life: Life) -> None:
    with undone():
        kept = int(life.notes[0].split("\n")[1])
        superuser("DELETE FROM core_entry WHERE id IN (SELECT entry_id FROM core_leaf WHERE index >= %s)", kept)
        superuser("DELETE FROM core_leaf WHERE index >= %s", kept)
        superuser("DELETE FROM core_node WHERE (index + 1) << level > %s", kept)
        superuser("DELETE FROM core_checkpoint WHERE size > %s", kept)
        assert {"LOG_TRUNCATED", "CHECKPOINT_MISSING"} <= kinds(life)
        assert "FACT_ALTERED case" in life.faults(), "the case knows more than the log"
    with undone():
        superuser("UPDATE core_checkpoint SET note = replace(note, size::text, (size + 1)::text) WHERE size > %s", 0)
        assert {"CHECKPOINT_FORGED", "CHECKPOINT_MISSING"} <= kinds(life)


def test_erasure_on_record_ends_the_proof_and_nothing_else(life: Life) -> None:
    ledger.destroy_salts(subject=Subject("case", life.id), actor=SYSTEM, at=life.demo.at, reason="erasure")
    assert life.all() == []
