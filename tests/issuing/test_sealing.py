"""The seal: what one sees is the signature; one changed byte is found; nobody else's signature passes for ours."""

import stat
import subprocess
import threading
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from tests.issuing.pdf import run
from tests.issuing.samples import AT, ORGAN, sheet

from yichuang.issuing import authority
from yichuang.issuing.sealing import sign, signed_digest, validate
from yichuang.issuing.typeset import typeset

PURPOSE = "受理专用章"


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sign(typeset(sheet("acceptance")), organ=ORGAN, purpose=PURPOSE, at=AT)


def test_a_sealed_paper_is_intact_and_names_its_organ(sealed):
    check = validate(sealed)
    assert (check.state, check.signer) == ("intact", ORGAN)
    assert len(check.digest) == 64


def test_what_was_signed_is_named_without_checking_the_whole_file(sealed):
    assert signed_digest(sealed) == validate(sealed).digest
    assert signed_digest(typeset(sheet("acceptance")).pdf) == ""


@pytest.mark.parametrize("long", ["深圳市罗湖区住房和建设局（深圳市罗湖区住房保障中心）", "𠮷" * 64])
def test_an_organ_with_a_long_name_seals_too_and_is_named_whole(long):
    check = validate(sign(typeset(sheet("acceptance")), organ=long, purpose=PURPOSE, at=AT))
    assert (check.state, check.signer) == ("intact", long)


def test_pdfsig_agrees(sealed, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(sealed)
    told = run("pdfsig", str(path))
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert ORGAN in told
    path.write_bytes(sealed.replace(b"/Producer", b"/Producex", 1) if b"/Producer" in sealed else flip(sealed, 500))
    assert "Signature is Valid" not in run("pdfsig", str(path))


def test_pdf_a_is_still_declared_after_signing(sealed):
    assert sealed.startswith(b"%PDF-1.7")
    with pikepdf.open(BytesIO(sealed)) as pdf:
        assert pdf.pdf_version == "1.7"
        assert pdf.Root.get("/Version") is None
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert "yichuang:document:8F3K2QX7MN" in str(metadata["pdf:Keywords"])


def test_the_seal_is_seen_over_the_date_and_printed(sealed):
    with pikepdf.open(BytesIO(sealed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        rect = [float(x) for x in field.Rect]
        assert rect[2] - rect[0] == pytest.approx(119, abs=1)
        assert 300 < rect[0] < 420, "on the right half"
        assert rect[1] > 60, "above the footer"
        assert int(field.F) & 4, "the print flag: PDF/A wants it, and so does paper"
        assert "/AP" in field


def test_an_own_paper_is_sealed_without_a_seal_to_be_seen():
    pdf = sign(typeset(sheet("promise")), organ=ORGAN, purpose=PURPOSE, at=AT, visible=False)
    assert validate(pdf).state == "intact"
    with pikepdf.open(BytesIO(pdf)) as found:
        (field,) = found.Root.AcroForm.Fields
        assert [float(x) for x in field.get("/Rect", [0, 0, 0, 0])] == [0, 0, 0, 0]


def flip(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def contents_of(pdf: bytes) -> tuple[int, int]:
    """Where the signature's own container lies: the hole that no signature can cover."""
    start = pdf.index(b"/Contents <30") + len(b"/Contents <")
    return start, pdf.index(b">", start)


def test_one_changed_byte_is_found_wherever_it_is(sealed):
    """In the container's padding nothing is signed: there the bytes on record tell (see `verify_file`)."""
    start, end = contents_of(sealed)
    for n in range(120):
        position = (n * len(sealed)) // 120 + n
        if not start <= position < end:
            assert validate(flip(sealed, position)).state != "intact", position


def test_a_change_outside_the_signature_still_shows_whose_it_was(sealed):
    check = validate(flip(sealed, 2000))
    assert (check.state, check.signer) == ("altered", ORGAN)
    assert check.digest == validate(sealed).digest


def test_anything_appended_is_an_alteration(sealed):
    assert validate(sealed + b"\n% a note").state == "altered"
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    out = BytesIO(sealed)
    writer = IncrementalPdfFileWriter(out)
    writer.root["/Lang"] = writer.root.get("/Lang", None) or pikepdf_name()
    writer.update_root()
    writer.write_in_place()
    assert validate(out.getvalue()).state == "altered"


def pikepdf_name():
    from pyhanko.pdf_utils.generic import pdf_name

    return pdf_name("/en")


@pytest.mark.parametrize(
    "junk", [b"", b"%PDF-1.7", b"hello", bytes(5000), b"%PDF-1.7 /Contents <" + b"30" * 900 + b">"]
)
def test_junk_is_unknown_and_breaks_nothing(junk):
    assert validate(junk).state == "unknown"


def test_an_unsigned_paper_is_unknown():
    assert validate(typeset(sheet("acceptance")).pdf).state == "unknown"


def test_the_same_organ_name_under_another_root_is_unknown(sealed, tmp_path, settings):
    settings.YICHUANG_DATA = tmp_path
    foreign = sign(typeset(sheet("acceptance")), organ=ORGAN, purpose=PURPOSE, at=AT)
    assert validate(foreign).state == "intact"
    assert validate(sealed).state == "unknown"


def test_our_signature_moved_into_another_file_is_altered(sealed):
    other = sign(typeset(sheet("acceptance", applicant="另一人")), organ=ORGAN, purpose=PURPOSE, at=AT)
    start, end = contents_of(sealed)
    there, until = contents_of(other)
    container = sealed[start:end].ljust(until - there, b"0")[: until - there]
    forged = other[:there] + container + other[until:]
    check = validate(forged)
    assert check.state == "altered"
    assert check.digest == validate(sealed).digest


def test_keys_are_private_and_made_once(tmp_path, settings):
    settings.YICHUANG_DATA = tmp_path
    first = authority.credential_of(ORGAN)
    for path in (tmp_path / "ca").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700
    authority._root.cache_clear()
    authority._organ.cache_clear()
    again = authority.credential_of(ORGAN)
    assert again.certificate == first.certificate
    assert again.root == first.root


def test_many_who_start_at_once_share_one_root(tmp_path):
    """Eight processes, each with its own caches, one folder."""
    code = (
        "from django.conf import settings; import sys; settings.configure(YICHUANG_DATA=sys.argv[1]);"
        "from yichuang.issuing.authority import root_certificate; print(root_certificate().serial_number)"
    )
    source = str(Path(authority.__file__).parents[2])
    import os
    import sys

    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": source},
        )
        for _ in range(4)
    ]
    serials = {process.communicate(timeout=60)[0] for process in started}
    assert len(serials) == 1
    assert serials != {b""}


def test_threads_share_the_compiler(sealed):
    found: list[str] = []

    def work(n: int) -> None:
        pdf = sign(typeset(sheet("grant", applicant=f"张{n}")), organ=ORGAN, purpose=PURPOSE, at=AT)
        found.append(validate(pdf).state)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["intact"] * 6


def test_the_time_of_the_seal_is_the_hall_s(sealed, tmp_path):
    path = tmp_path / "a.pdf"
    moved = sign(typeset(sheet("grant")), organ=ORGAN, purpose=PURPOSE, at=datetime(2026, 2, 13, 1, tzinfo=UTC))
    path.write_bytes(moved)
    assert "Feb 13 2026" in run("pdfsig", str(path))
