"""The legal documents (文书) and what each must be told: the list that `cases` fills and the templates print.

Values are plain JSON. Keys that end in `_on` are ISO dates, in `_at` aware ISO datetimes: the paper shows them as
2026年11月22日 and 2026年11月22日 09:30 (Asia/Shanghai). Lists of rows are lists of objects with the keys named here;
everything else is text as it shall be printed ("5 个工作日"). `permit` is True for 行政许可: only then may the paper cite
行政许可法. Optional values that are absent leave their place out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from yichuang.cases.values import DocumentKind, document_title
from yichuang.core.clock import local
from yichuang.core.words import Words

COMMON = ("applicant", "item_name", "case_number")  # whom it is for, about which item, in which case
COMMON_OPTIONAL = ("permit", "contact", "title", "agent", "item_code")


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """One kind of document: the values it needs beside `COMMON`, those it may have, and its lists of rows.

    `own` papers are the applicant's: no letterhead and
    no visible seal. `rows` names the keys of each list's rows.
    """

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: bool = False
    qr: Literal["verify", "progress"] = "verify"


_MATERIALS = {"materials": ("name", "copies", "form", "state")}
_GAPS = {"gaps": ("material", "problem", "due_on")}
_REMEDIES = ("review_organ", "court")
_LIMITS = ("promise_limit", "legal_limit")
_OF_CERTIFICATE = ("certificate_name", "certificate_number")

_ALL = (
    DocumentSpec(
        "receipt",
        ("received_at", "query_code"),
        ("materials", "counted_from_on", "place", "window", "channel", "clerk", "confirmed", *_LIMITS),
        _MATERIALS,
        qr="progress",
    ),
    DocumentSpec(
        "package_receipt",
        ("received_at", "items", "promise_limit", "handover"),
        ("place", "stops"),
        {"items": ("name", "organ", "number", "limit")},
    ),
    DocumentSpec(
        "gap_notice",
        ("filed_on", "gaps"),
        ("due_on", "ways"),
        {"gaps": ("material", "problem", "how", "basis")},
    ),
    DocumentSpec(
        "acceptance",
        ("filed_on", "accepted_on"),
        ("materials", "due_on", "query_code", "place", "window", "automatic", *_LIMITS),
        _MATERIALS,
    ),
    DocumentSpec(
        "deemed_acceptance",
        ("received_on", "deadline_on", "accepted_on"),
        ("due_on", "legal_limit"),
    ),
    DocumentSpec(
        "non_acceptance",
        ("filed_on", "reasons", *_REMEDIES),
        ("basis",),
    ),
    DocumentSpec(
        "not_needed",
        ("filed_on", "reasons"),
        ("basis", *_REMEDIES),
    ),
    DocumentSpec(
        "not_ours",
        ("filed_on", "right_organ", *_REMEDIES),
        ("reasons", "right_organ_address", "right_organ_phone"),
    ),
    DocumentSpec(
        "gap_acceptance",
        ("filed_on", "accepted_on", "gaps"),
        ("due_on", "query_code", "place", "window", "ways", *_LIMITS),
        _GAPS,
    ),
    DocumentSpec(
        "promise",
        ("gaps", "signer"),
        ("sign_way", "consequence", "applicant_id_masked", "mobile_masked"),
        _GAPS,
        own=True,
    ),
    DocumentSpec(
        "special_procedure",
        ("ground", "days", "started_on", "reason"),
        ("basis", "ends_on", "old_due_on", "new_due_on"),
    ),
    DocumentSpec(
        "extension",
        ("reason", "days", "old_due_on", "new_due_on", "approver"),
        ("basis", "accepted_on"),
    ),
    DocumentSpec(
        "grant",
        ("filed_on", "accepted_on"),
        (
            *("basis", "decision", "result_name", "certificate_number", "valid_from_on", "valid_to_on"),
            *("delivery_way", "conditions", "automatic", "checks"),
        ),
    ),
    DocumentSpec(
        "deemed_renewal",
        ("filed_on", "accepted_on", "result_name", "certificate_number", "valid_to_on"),
        ("basis", "decision", "valid_from_on", "delivery_way", "conditions"),
    ),
    DocumentSpec(
        "refusal",
        ("filed_on", "accepted_on", "reasons", *_REMEDIES),
        ("basis",),
    ),
    DocumentSpec(
        "delivery",
        ("papers", "receiver", "delivered_at", "place", "way", "clerk"),
        ("relation", "identity", "witness", "remark"),
        {"papers": ("name", "number", "copies")},
    ),
    DocumentSpec(
        "withdrawal",
        ("filed_on", "reason", "signer"),
        ("sign_way", "returned", "applicant_id_masked", "mobile_masked"),
        own=True,
    ),
    DocumentSpec(
        "termination",
        ("filed_on", "reasons"),
        ("basis", "returned", *_REMEDIES),
    ),
    DocumentSpec(
        "proxy",
        ("agent", "powers", "signer"),
        ("sign_way", "applicant_id_masked", "agent_id_masked", "mobile_masked", "valid_from_on", "valid_to_on"),
        own=True,
    ),
    DocumentSpec(
        "interested_notice",
        ("interested", "matter"),
        ("answer_until_on",),  # of papers from before the days ran from each party's own service
        {"interested": ("name",)},
    ),
    DocumentSpec("review_hearing", ("hearing_on", "hearing_place", "chair")),
    DocumentSpec(
        "review_hearing_record", ("hearing_on", "hearing_place", "chair", "present", "record", "signed"), ("note",)
    ),
    DocumentSpec(
        "inspection",
        ("inspectors", "inspected_at", "inspected_place", "findings", "conclusion", "photos", "present_signed"),
        ("present", "present_note"),
        {"inspectors": ("name", "licence", "signed")},
    ),
    DocumentSpec(
        "correction",
        ("lines", "reason"),
        ("certificate_name", "certificate_number", "version"),
        {"lines": ("what", "old", "new")},
    ),
    DocumentSpec("transfer", ("from_organ", "to_organ", "ground", "reason"), ("due_on",)),
    DocumentSpec(
        "lapse",
        ("accepted_on", "gaps"),
        ("consequence", "barred_until_on", "objection_due_on", "repair", *_REMEDIES),
        _GAPS,
    ),
    # 告知承诺: what is promised, what is to be put right, that it was not kept
    DocumentSpec(
        "commitment",
        (
            *("commitment_name", "commitment_kind", "basis", "told", "promises", "check_way", "check_within"),
            *("consequence", "signer"),
        ),
        ("promised_conditions", "spared", "published", "sign_way", "applicant_id_masked", "mobile_masked"),
        own=True,
    ),
    DocumentSpec(
        "mending_order",
        (
            "commitment_name",
            "letter_number",
            "checked_on",
            "findings",
            "demands",
            "mend_by_on",
            "consequence",
            *_REMEDIES,
        ),
        ("check_way",),
    ),
    DocumentSpec(
        "commitment_broken",
        ("commitment_name", "letter_number", "checked_on", "findings", "consequence", "repair"),
        ("order_number", "mend_by_on"),
    ),
    # 办结之后: what an organ tells and decides of a certificate, and what its holder answers
    *(
        DocumentSpec(kind, (*_OF_CERTIFICATE, "ground", "facts", "basis", "answer_until_on"), ("note",))
        for kind in ("revoke_notice", "withdraw_notice", "forfeit_notice", "cancel_notice")
    ),
    *(
        DocumentSpec(
            kind, (*_OF_CERTIFICATE, "ground", "facts", "basis", "decided_on", "reasons", *_REMEDIES), ("heard", "note")
        )
        for kind in ("revocation", "taking_back", "forfeiture", "cancellation")
    ),
    DocumentSpec(
        "defence",
        (*_OF_CERTIFICATE, "notice_number", "statement", "signer"),
        ("hearing", "sign_way", "applicant_id_masked", "mobile_masked"),
        own=True,
    ),
    DocumentSpec("hearing_notice", (*_OF_CERTIFICATE, "notice_number", "hearing_on", "hearing_place"), ("chair",)),
    DocumentSpec(
        "hearing_record", (*_OF_CERTIFICATE, "notice_number", "hearing_on", "hearing_place", "chair", "record")
    ),
    DocumentSpec("proceeding_dropped", (*_OF_CERTIFICATE, "notice_number", "reasons")),
)
DOCUMENTS: Mapping[str, DocumentSpec] = MappingProxyType({spec.kind: spec for spec in _ALL})


def missing_values(kind: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """The required values that are absent or empty; a KeyError when the kind is not known."""
    return tuple(key for key in (*COMMON, *DOCUMENTS[kind].required) if values.get(key) in (None, "", [], ()))


def title_of(kind: str, values: Mapping[str, object]) -> Words:
    """The title as printed, and in English: the one given in the values, else the kind's."""
    title = document_title(DocumentKind(kind), permit=values.get("permit") is True)
    return Words(str(values.get("title") or title.zh), title.en)


_LISTS = frozenset({"reasons", "powers", "conditions"})


def prepared(values: Mapping[str, object]) -> dict[str, object]:
    """The values as a template takes them: what is a list stands as one, a bare number of days names its unit."""
    found = {key: _lines(value) if key in _LISTS else value for key, value in values.items()}
    days = str(found.get("days", ""))
    if days.isdigit():
        found["days"] = f"{days} 个工作日"
    return {key: present(value, key) for key, value in found.items()}


def _lines(value: object) -> object:
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


def zh_day(day: date) -> str:
    """2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(value: str) -> str:
    at = local(datetime.fromisoformat(value))
    return f"{zh_day(at.date())} {at:%H:%M}"


def present(value: object, key: str = "") -> object:
    """The value as the paper shows it: dates and moments in Chinese, everything below lists and objects too."""
    if isinstance(value, Mapping):
        return {str(k): present(v, str(k)) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [present(item, key) for item in value]
    if isinstance(value, datetime):
        return _moment(value.isoformat())
    if isinstance(value, date):
        return zh_day(value)
    if isinstance(value, str) and value:
        return _present_text(value, key)
    return value if isinstance(value, bool) else "" if value is None else str(value)


def _present_text(value: str, key: str) -> str:
    try:
        if key.endswith("_on"):
            return zh_day(date.fromisoformat(value))
        if key.endswith("_at"):
            return _moment(value)
    except ValueError:  # already in words ("补齐之日起 3 个工作日内"): printed as told
        pass
    return value
