"""Anyone can verify: valid, expired, revoked, altered and unknown are told apart, and nobody learns more than that."""

from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from tests.issuing.pdf import run, text_of
from tests.issuing.samples import RARE, sheet

from yichuang.core.refusals import Refused
from yichuang.issuing.codes import printed
from yichuang.issuing.commands import render_certificate
from yichuang.issuing.models import Rendering
from yichuang.issuing.queries import find_code, find_verify_url, verify_file, verify_number, verify_qr
from yichuang.issuing.typeset import typeset
from yichuang.registry.commands import record_certificate, set_status
from yichuang.registry.values import Status

pytestmark = pytest.mark.usefixtures("data_folder")


def code_of(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.reasons[0].code


def flip(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def test_a_certificate_prints_holder_fields_and_identifier(record, tmp_path):
    row = record(data={"holder": RARE, "dog": "豆豆", "chip": "156000000000001", "born": date(2024, 3, 1)})
    pdf = render_certificate(row.id)
    text = text_of(pdf, tmp_path)
    for said in ("养犬登记证", RARE, "豆豆", "156000000000001", "2024年3月1日", row.number, row.identifier):
        assert said in text, said
    assert "2026年11月24日至2027年11月23日" in text
    path = tmp_path / "c.pdf"
    path.write_bytes(pdf)
    assert "Signature is Valid" in run("pdfsig", str(path))


@pytest.mark.parametrize(
    "template", ["business_licence", "lease-registration", "unemployment_registration", "", "x/../y"]
)
def test_every_template_sets_the_same_record(record, template, tmp_path):
    text = text_of(render_certificate(record(template=template).id), tmp_path)
    assert "豆豆" in text
    assert "扫码核验真伪" in text


def test_a_certificate_in_force_is_valid_by_code_identifier_number_qr_and_file(record, at):
    row = record()
    pdf = render_certificate(row.id)
    code = find_code("certificate", row.id)
    url = find_verify_url("certificate", row.id)
    assert code
    assert url
    assert url.endswith(f"/verify/{code}")
    for found in (
        verify_number(printed(code).lower(), at=at),
        verify_number(row.identifier, at=at),
        verify_number(f" {row.number} ", at=at),
        verify_qr(url, at=at),
        verify_qr(code, at=at),
        verify_file(pdf, at=at),
    ):
        assert found.verdict == "valid"
        assert (found.holder_masked, found.number) == ("张*", "深罗养********001")
        assert found.issuer.zh == "深圳市罗湖区城市管理和综合执法局"
        assert "豆豆" not in repr(found), "the public learns status and masked data, nothing of what it says"
    assert verify_file(pdf, at=at).signer == "深圳市罗湖区城市管理和综合执法局"


def test_the_qr_on_the_paper_leads_to_its_own_verification(record, at):
    """Read from the drawing itself: the QR's modules against what segno makes of the address."""
    from yichuang.issuing.typeset import qr_svg

    row = record()
    render_certificate(row.id)
    url = find_verify_url("certificate", row.id)
    assert qr_svg(url).startswith("<svg")
    assert verify_qr(url, at=at).kind == "certificate"


def test_an_expired_certificate_is_genuine_but_out_of_its_term(record, at):
    pdf = render_certificate(record().id)
    late = at + timedelta(days=400)
    assert verify_file(pdf, at=late).verdict == "expired"
    assert "已过有效期" in verify_file(pdf, at=late).words.zh


@pytest.mark.parametrize("status", [Status.REVOKED, Status.CANCELLED, Status.SUSPENDED])
def test_what_an_organ_ended_is_revoked_and_says_how(record, at, status):
    row = record()
    pdf = render_certificate(row.id)
    set_status(id=row.id, status=status, reason="理由", at=at)
    for found in (verify_file(pdf, at=at), verify_number(row.number, at=at)):
        assert found.verdict == "revoked"
        assert found.status_at == at
    assert render_certificate(row.id) == pdf, "the file stays; what it is worth is asked of the register"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999])
def test_one_changed_byte_is_altered_and_still_says_of_what(record, at, share):
    row = record()
    pdf = render_certificate(row.id)
    found = verify_file(flip(pdf, int(len(pdf) * share)), at=at)
    assert (found.verdict, found.kind, found.name) == ("altered", "certificate", row.name)


def test_a_change_in_the_signature_s_padding_is_altered_too(record, at):
    pdf = render_certificate(record().id)
    padding = pdf.index(b">", pdf.index(b"/Contents <30")) - 3
    assert pdf[padding : padding + 1] == b"0"
    assert verify_file(flip(pdf, padding), at=at).verdict == "altered"


def test_a_file_saved_anew_has_lost_its_seal_and_is_altered(record, at):
    out = BytesIO()
    with pikepdf.open(BytesIO(render_certificate(record().id))) as pdf:
        pdf.save(out)
    assert verify_file(out.getvalue(), at=at).verdict == "altered"


def test_another_pdf_is_unknown(db, at):
    assert verify_file(typeset(sheet("acceptance")).pdf, at=at).verdict == "unknown"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = BytesIO()
        pdf.save(out)
    assert verify_file(out.getvalue(), at=at).verdict == "unknown"
    assert verify_file(b"%PDF-1.7 broken", at=at).verdict == "unknown"


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 a zip", b"<html>%PDF</html>"])
def test_what_is_not_a_pdf_is_refused_clearly(db, at, content):
    with pytest.raises(Refused) as caught:
        verify_file(content, at=at)
    assert code_of(caught) == "NOT_A_PDF"


def test_sixty_megabytes_are_refused_before_they_are_read(db, at):
    with pytest.raises(Refused) as caught:
        verify_file(b"%PDF-1.7" + bytes(60 * 1024 * 1024), at=at)
    assert (code_of(caught), caught.value.status) == ("TOO_LARGE", 413)


def test_an_encrypted_pdf_is_refused_clearly(record, at):
    for owner, user in (("o", "u"), ("o", "")):
        out = BytesIO()
        with pikepdf.open(BytesIO(render_certificate(record().id))) as pdf:
            pdf.save(out, encryption=pikepdf.Encryption(owner=owner, user=user))
        with pytest.raises(Refused) as caught:
            verify_file(out.getvalue(), at=at)
        assert code_of(caught) == "ENCRYPTED"


@pytest.mark.parametrize(
    "text", ["深罗养犬9999", "8F3K-2QX7-MN", "1.2.156.3005.2.X.Y.Z", "'; DROP TABLE x; --", "😀" * 400]
)
def test_what_nobody_issued_is_unknown(db, at, text):
    assert verify_number(text, at=at).verdict == "unknown"
    assert verify_qr(text, at=at).verdict == "unknown"


def test_nothing_typed_is_refused(db, at):
    with pytest.raises(Refused) as caught:
        verify_number("  ", at=at)
    assert code_of(caught) == "NOTHING_TO_VERIFY"


def test_the_same_bytes_every_time(record):
    row = record()
    assert render_certificate(row.id) == render_certificate(row.id)
    assert Rendering.objects.count() == 1


def test_nothing_personal_lies_in_the_data_folder(record, data_folder):
    record_row = record(data={"holder": "CANARY张晓", "dog": "CANARY豆豆"})
    render_certificate(record_row.id)
    kept = [path.read_bytes() for path in data_folder.rglob("*") if path.is_file()]
    assert any(len(content) > 10_000 for content in kept)
    assert not any(b"CANARY" in content or b"%PDF" in content for content in kept)


def test_a_lost_file_is_made_anew_and_both_editions_stay_genuine(record, data_folder, at):
    row = record()
    first = render_certificate(row.id)
    (kept,) = data_folder.glob("papers/*/*.sealed")
    kept.write_bytes(b"damaged")
    second = render_certificate(row.id)
    assert second != first
    assert [r.edition for r in Rendering.objects.order_by("edition")] == [1, 2]
    assert verify_file(first, at=at).verdict == verify_file(second, at=at).verdict == "valid"


def test_our_own_seal_is_believed_when_the_record_of_the_file_was_lost(record, at):
    row = record()
    pdf = render_certificate(row.id)
    Rendering.objects.all().delete()
    assert verify_file(pdf, at=at).verdict == "valid"
    assert verify_file(flip(pdf, 3000), at=at).verdict == "altered"


def test_a_certificate_with_a_character_in_no_font_is_not_printed(record):
    row = record(data={"holder": "张\U00031234", "dog": "豆豆"})
    with pytest.raises(Refused) as caught:
        render_certificate(row.id)
    assert code_of(caught) == "GLYPH_MISSING"
    assert "U+31234" in caught.value.reasons[0].words.zh
    assert Rendering.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_one_paper(record):
    import threading

    from django.db import connection

    row = record()
    papers: list[bytes] = []

    def ask() -> None:
        try:
            papers.append(render_certificate(row.id))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(papers) == 5
    assert len(set(papers)) == 1
    assert Rendering.objects.count() == 1


def test_a_replaced_certificate_points_to_its_end(record, at):
    old = record()
    pdf = render_certificate(old.id)
    new = record_certificate(
        **{
            "type_code": old.type_code,
            "name": old.name,
            "issuer_uscc": old.issuer_uscc,
            "issuer_name": old.issuer_name,
            "holder_party": old.holder,
            "holder_name_masked": old.holder_masked,
            "number": "",
            "data": old.data,
            "valid_from": old.valid_from,
            "valid_to": old.valid_to,
            "subject": old.subject,
            "previous": old.id,
            "at": at,
        }
    )
    assert verify_file(pdf, at=at).verdict == "revoked"
    assert verify_file(render_certificate(new.id), at=at).verdict == "valid"
