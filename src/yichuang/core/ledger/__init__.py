"""The ledger (留痕): every act on record in its own transaction, in a Merkle tree that nobody can rewrite unseen."""

from yichuang.core.ledger.entries import append, count_entries, destroy_salts, list_entries, list_entries_of
from yichuang.core.ledger.signing import checkpoints_file, public_key_file, public_key_pem, read_checkpoints
from yichuang.core.ledger.tree import checkpoint, consistency_path, receipt_for, sequence
from yichuang.core.ledger.values import Checkpoint, Entry, Fault, ReceiptProof, Subject
from yichuang.core.ledger.verify import verify_ledger
from yichuang.core.ledger.vouching import Facts, Witness, register_witness, row_facts

__all__ = [
    "Checkpoint",
    "Entry",
    "Facts",
    "Fault",
    "ReceiptProof",
    "Subject",
    "Witness",
    "append",
    "checkpoint",
    "checkpoints_file",
    "consistency_path",
    "count_entries",
    "destroy_salts",
    "list_entries",
    "list_entries_of",
    "public_key_file",
    "public_key_pem",
    "read_checkpoints",
    "receipt_for",
    "register_witness",
    "row_facts",
    "sequence",
    "verify_ledger",
]
