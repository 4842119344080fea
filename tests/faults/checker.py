"""The judge of the storm: what the clients were told, against what the database holds; never the server's own logs.

`judge(acks)` runs inside Django on the installation's database and gives one line per check: (name, figures, faults).
A client's own mark (the chip number in the sealed form) is what finds a filing again, so that neither the server's numbers
nor its idempotency table can hide a loss or a double.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import bookings_checker
import windows_checker

Ack = Mapping[str, Any]
Verdict = tuple[str, str, list[str]]
ENTRIES_OF = {
    "accept": {"accept"},
    "claim": {"review:claim"},
    "complete": {"review:complete"},
    "decide": {"grant"},
    "deliver": {"deliver"},
}


class Book:
    """The database, read once."""

    def __init__(self, services: Iterable[UUID] = ()) -> None:
        """`services`: encounters at a window that need no case: somebody asked a question."""
        from yichuang.cases.models import Case, Document, Encounter, Material, MaterialFile, Upload, Visit
        from yichuang.core.models import Entry, IdempotencyKey

        self.cases = list(Case.objects.order_by("id"))
        self.by_mark: dict[str, list[Any]] = defaultdict(list)
        for case in self.cases:
            self.by_mark[str(case.form["dog"]["chip"])].append(case)
        self.by_number = {case.number: case for case in self.cases}
        self.materials: dict[UUID, list[Any]] = _group(Material.objects.order_by("id"), "case_id")
        self.files: dict[UUID, list[UUID]] = defaultdict(list)
        for row in MaterialFile.objects.select_related("material").order_by("id"):
            self.files[row.material.case_id].append(row.upload_id)
        self.documents: dict[UUID, list[Any]] = _group(Document.objects.order_by("id"), "case_id")
        self.uploads = {row.id: row for row in Upload.objects.order_by("id")}
        self.encounters = {row.id: row for row in Encounter.objects.order_by("id")}
        self.entries: dict[UUID, Counter[str]] = defaultdict(Counter)
        for subject, act, detail in (
            Entry.objects.filter(subject_kind="case").order_by("id").values_list("subject_id", "act", "detail")
        ):
            self.entries[subject][f"review:{detail['step']}" if act == "review" else act] += 1
        self.services = set(services)
        self.visits = set(Visit.objects.order_by("id").values_list("encounter_id", flat=True))
        self.keys = Counter(IdempotencyKey.objects.order_by("key").values_list("key", flat=True))

    def acts(self, case: UUID) -> int:
        """Entries of acts on the case itself; what is put on record beside them (paper.hand-over, the archive's night) moves
        no version."""
        return sum(times for act, times in self.entries[case].items() if "." not in act and act != "archive")


def _group(rows: Iterable[Any], by: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def lost(book: Book, acks: Iterable[Ack]) -> list[str]:
    """Acknowledged, but not there."""
    found = []
    for ack in acks:
        if ack["kind"] == "upload":
            found += [] if UUID(ack["id"]) in book.uploads else [f"upload {ack['id']}"]
        elif ack["kind"] == "file":
            found += _filing_lost(book, ack)
        else:
            found += _act_lost(book, ack)
    return found


def _filing_lost(book: Book, ack: Ack) -> list[str]:
    cases = book.by_mark.get(ack["mark"], [])
    case = next((c for c in cases if ack.get("number") in {None, c.number}), None)
    if case is None:
        return [f"filing {ack['mark']} ({ack.get('number')})"]
    if ack.get("number") is None:  # the control knows nothing more
        return []
    told = [
        (case.query_code == ack["query_code"], "its query code"),
        (any(str(d.id) == ack["receipt"] for d in book.documents[case.id]), "its receipt"),
        ({UUID(u) for ids in ack["uploads"].values() for u in ids} == set(book.files[case.id]), "its files"),
        (book.keys[ack["key"]] == 1, "its idempotency key"),
    ]
    return [f"filing {case.number}: {what}" for true, what in told if not true]


def _act_lost(book: Book, ack: Ack) -> list[str]:
    case = book.by_number.get(ack["number"])
    if case is None or case.version < ack["version"]:
        return [f"{ack['kind']} {ack['number']}: version {ack['version']}"]
    if not any(book.entries[case.id][act] for act in ENTRIES_OF[ack["kind"]]):
        return [f"{ack['kind']} {ack['number']}: no ledger entry"]
    return []


def duplicated(book: Book) -> list[str]:
    """Done twice: two cases of one client's mark, or two entries of an act that happens once in these cases."""
    found = [f"mark {mark}: {[c.number for c in cases]}" for mark, cases in book.by_mark.items() if len(cases) > 1]
    found += [f"number {n}" for n, times in Counter(c.number for c in book.cases).items() if times > 1]
    for case in book.cases:
        found += [f"{case.number}: {act} ×{n}" for act, n in book.entries[case.id].items() if n > 1]
        kinds = Counter(d.kind for d in book.documents[case.id])
        found += [f"{case.number}: document {kind} ×{n}" for kind, n in kinds.items() if n > 1]
    return found + _messages(book, more_than_once=True) + _certificates(book, more_than_once=True)


def half_written(book: Book) -> list[str]:
    """A case without one of its parts, or a part without its case."""
    found = []
    for case in book.cases:
        parts = [
            (book.encounters.get(case.encounter_id) is not None, "encounter"),
            (len(book.materials[case.id]) >= 4, "materials"),
            (any(d.kind == "receipt" for d in book.documents[case.id]), "receipt"),
            (book.entries[case.id]["file"] == 1, "ledger entry"),
            (case.version == book.acts(case.id), f"version {case.version}, but {dict(book.entries[case.id])}"),
            ((case.accepted_at is not None) == (book.entries[case.id]["accept"] == 1), "acceptance and its entry"),
            ((case.decided_at is not None) == (book.entries[case.id]["grant"] == 1), "decision and its entry"),
            ((case.delivered_at is not None) == (book.entries[case.id]["deliver"] == 1), "delivery and its entry"),
            (
                (case.delivered_at is not None) == any(d.kind == "delivery" for d in book.documents[case.id]),
                "its proof",
            ),
            ((case.accepted_at is not None) == any(d.kind == "acceptance" for d in book.documents[case.id]), "notice"),
        ]
        found += [f"{case.number}: {what}" for whole, what in parts if not whole]
    seen = {case.encounter_id for case in book.cases} | book.visits | book.services
    ids = {case.id for case in book.cases}
    found += [f"encounter {e.id} without a case" for e in book.encounters.values() if e.id not in seen]
    found += [f"ledger entries of no case: {subject}" for subject in book.entries if subject not in ids]
    used = {upload for files in book.files.values() for upload in files}
    found += [
        f"upload {u.id} says it is used, but is not" for u in book.uploads.values() if u.case_id and u.id not in used
    ]
    return found + _messages(book, more_than_once=False) + _certificates(book, more_than_once=False)


def _messages(book: Book, *, more_than_once: bool) -> list[str]:
    """Every filing is told exactly once, and the message goes out exactly once."""
    from yichuang.notices.models import Delivery, Message

    told = Counter(
        key.split(":")[1]
        for key in Message.objects.filter(template__in=("case_filed", "granted_at_once"))
        .order_by("id")
        .values_list("dedupe", flat=True)
    )
    went = Counter(Delivery.objects.filter(sent=True).order_by("id").values_list("message_id", flat=True))
    if more_than_once:
        return [f"told {n} times: {c}" for c, n in told.items() if n > 1] + [
            f"message {m} went out {n} times" for m, n in went.items() if n > 1
        ]
    found = [f"{case.number}: nobody was told" for case in book.cases if told[str(case.id)] < 1]
    unsent = Message.objects.exclude(id__in=list(went)).filter(kind="sms").count()
    return found + ([f"{unsent} messages never went out"] if unsent else [])


def _certificates(book: Book, *, more_than_once: bool) -> list[str]:
    from yichuang.registry.models import Certificate

    made = Counter(Certificate.objects.order_by("id").values_list("subject_id", flat=True))
    granted = [case for case in book.cases if case.outcome == "grant"]
    if more_than_once:
        return [f"{case.number}: {made[case.id]} certificates" for case in granted if made[case.id] > 1]
    return [f"{case.number}: no certificate" for case in granted if not made[case.id]]


def unnumbered(book: Book) -> list[str]:
    """Gaps in the counters: a number given and taken back would show here."""
    serials = defaultdict(list)
    for case in book.cases:
        region, day, _, serial, _ = case.number.split("-")
        serials[region, day].append(int(serial))
    return [
        f"{region} {day}: {len(found)} cases, last number {max(found)}"
        for (region, day), found in serials.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]


def unreadable(book: Book, acks: Iterable[Ack]) -> list[str]:
    """Files that were acknowledged but cannot be opened."""
    from yichuang.cases.storage import read_file

    found = []
    for ack in acks:
        row = book.uploads.get(UUID(ack["id"])) if ack["kind"] == "upload" else None
        if row is not None:
            try:
                read_file(row.id, row.path)
            except Exception as trouble:  # whatever it is, the citizen's paper is gone
                found.append(f"upload {row.id}: {type(trouble).__name__}")
    return found


def ledger_faults(outside: Path) -> list[str]:
    """The whole ledger against the checkpoints that were copied out of the installation while it ran."""
    from yichuang.core import ledger
    from yichuang.core.clock import now
    from yichuang.core.ledger.signing import checkpoints_file

    while ledger.sequence(at=now()):
        pass
    ledger.checkpoint(at=now())
    # a worker that was killed again and again may have signed nothing while the storm blew: then the checkpoint
    # just taken, kept in the file outside the database, is what the rows are held against
    notes = list(ledger.read_checkpoints(outside)) or list(ledger.read_checkpoints(checkpoints_file()))
    if not notes:
        return ["no checkpoint was kept outside: nothing is proved"]
    return [fault.words.en for fault in ledger.verify_ledger(notes)]


def judge(acks: list[Ack], control: list[Ack], outside: Path, booked: list[Ack]) -> list[Verdict]:
    """All verdicts. The control was acknowledged before anything was committed: it must come out as lost."""
    hall = windows_checker.HallBook()
    book = Book(hall.encounters)
    appointments = [ack for ack in acks if ack.get("booking")]
    acks = [ack for ack in acks if not ack.get("booking")]
    called = [ack for ack in acks if ack["kind"] in windows_checker.KINDS]
    acks = [ack for ack in acks if ack["kind"] not in windows_checker.KINDS]
    kinds = Counter(ack["kind"] for ack in acks)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    seen = lost(book, control)
    blind = [] if seen else ["the control acknowledged before commit and nothing of it was reported as lost"]
    return [
        ("lost 0", f"acknowledged: {told}", lost(book, acks)),
        (
            "duplicated 0",
            f"{len(book.cases)} cases, {sum(map(len, book.documents.values()))} documents",
            duplicated(book),
        ),
        ("half-written 0", f"{sum(sum(c.values()) for c in book.entries.values())} ledger entries", half_written(book)),
        ("numbers without gap or repeat", f"{len(book.by_number)} numbers", unnumbered(book)),
        ("files readable", f"{kinds['upload']} uploads", unreadable(book, acks)),
        (
            "ledger whole",
            f"{outside.read_text().count('yichuang') if outside.exists() else 0} lines kept outside",
            ledger_faults(outside),
        ),
        *windows_checker.verdicts(hall, called),
        *bookings_checker.verdicts(bookings_checker.DayBook(), appointments, booked),
        ("control reported as lost", f"{len(seen)} of {len(control)} acknowledged too early", blind),
    ]


def main() -> None:
    """`checker.py ACKS.json`: reads {"acks": […], "control": […], "outside": path}, prints the verdicts as JSON."""
    import django

    django.setup()
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    verdicts = judge(given["acks"], given["control"], Path(given["outside"]), given["booked"])
    sys.stdout.write(json.dumps(verdicts, ensure_ascii=False))


if __name__ == "__main__":
    main()
