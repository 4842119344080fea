"""From what a record says to the sheet that is set: the words around the values, the code, the QR."""

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.conf import settings

from yichuang.cases.values import DocumentValues
from yichuang.core.clock import local_date
from yichuang.core.masks import mask_holder
from yichuang.core.words import Words
from yichuang.issuing.codes import mark_of, printed
from yichuang.issuing.documents import DOCUMENTS, prepared, title_of, zh_day
from yichuang.issuing.typeset import Sheet
from yichuang.registry.values import CertificateRow

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
VERIFY_CAPTION = "扫码核验真伪"
PROGRESS_CAPTION = "扫码查询进度"
PURPOSE_OF_CERTIFICATES = "行政审批专用章"
PLAIN_CERTIFICATE = "certificate"
CERTIFICATE_TEMPLATES = frozenset(
    {"business_licence", "dog_registration", "unemployment_registration", "lease_registration", PLAIN_CERTIFICATE}
)


def verify_url(code: str) -> str:
    """Where the QR of a paper leads."""
    return f"{settings.YICHUANG_BASE_URL.rstrip('/')}/verify/{code}"


def progress_url(number: str) -> str:
    """Where the QR of a receipt leads: the public progress, where the query code is asked for."""
    return f"{settings.YICHUANG_BASE_URL.rstrip('/')}/progress?{urlencode({'number': number})}"


def document_sheet(row: DocumentValues, code: str) -> Sheet:
    """The sheet of a legal document. A receipt's QR leads to the progress of the case, every other to verification."""
    spec = DOCUMENTS[row.kind.value]
    is_progress = spec.qr == "progress"
    return Sheet(
        template=row.kind.value,
        title=title_of(row.kind.value, row.values).zh,
        number=row.number,
        organ=row.organ,
        date=zh_day(local_date(row.issued_at)),
        at=row.issued_at,
        values=prepared(row.values),
        qr=progress_url(str(row.values["case_number"])) if is_progress else verify_url(code),
        qr_caption=PROGRESS_CAPTION if is_progress else VERIFY_CAPTION,
        code=printed(code),
        mark=mark_of("document", code),
    )


def document_title(row: DocumentValues) -> Words:
    """The printed title with its English name."""
    return title_of(row.kind.value, row.values)


def holder_of_document(row: DocumentValues) -> str:
    """Whom the document is for, a person masked."""
    return mask_holder(str(row.values.get("applicant", "")))


def certificate_sheet(row: CertificateRow, code: str) -> Sheet:
    """The sheet of a certificate, in the template that its pack names (or the plain one)."""
    template = row.template.replace("-", "_").removesuffix(".typ")
    values: dict[str, object] = {
        "holder": row.data.get("holder", ""),
        "identifier": row.identifier,
        "fields": certificate_fields(row),
        "valid_from_on": row.valid_from.isoformat(),
        "valid_to_on": row.valid_to.isoformat() if row.valid_to else "",
    }
    return Sheet(
        template=template if template in CERTIFICATE_TEMPLATES else PLAIN_CERTIFICATE,
        title=row.name.zh,
        number=row.number,
        organ=row.issuer_name.zh,
        date=zh_day(local_date(row.issued_at)),
        at=row.issued_at,
        values=prepared(values),
        qr=verify_url(code),
        qr_caption=VERIFY_CAPTION,
        code=printed(code),
        mark=mark_of("certificate", code),
    )


def certificate_fields(row: CertificateRow) -> list[Mapping[str, str]]:
    """Label and value of each line, in the order of the labels; what is empty or has no label is not printed."""
    lines = ((label, _shown(row.data.get(key))) for key, label in row.labels.items())
    return [{"label": label, "value": value} for label, value in lines if value]


def _shown(value: object) -> str:
    """A value of the certificate base as a person reads it."""
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case list() | tuple():
            return "、".join(filter(None, map(_shown, value)))
        case str() if _DAY.fullmatch(value):
            return _zh_date(value)
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _zh_date(text: str) -> str:
    """2026-11-22 and 2026-11 as a paper shows them; anything else of that form as it is."""
    try:
        if len(text) == 10:
            return zh_day(date.fromisoformat(text))
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return text
    return f"{day.year}年{day.month}月"
