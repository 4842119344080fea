"""Sealing (盖章) and checking: a PAdES-B-B signature whose visible face is the organ's round seal (ETSI EN 319 142-1).

A signed file allows no further change (certification signature, DocMDP level 1), so that anything appended counts as
alteration. `validate` never trusts the reader alone: whose signature it is comes from the bytes, whether the file is
whole from pyHanko.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Literal

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from yichuang.issuing.authority import Credential, credential_of, named, root_certificate
from yichuang.issuing.typeset import SEAL_SIZE, Paper, SealSpot, typeset_seal

_CENTRED = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, margins=Margins(0, 0, 0, 0))
_DER = serialization.Encoding.DER
_CONTENTS = re.compile(rb"/Contents\s*<([0-9a-fA-F]{400,200000})>")


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What the signature says: `intact` ours and whole; `altered` ours, but the file is not what was signed;
    `unknown` not signed by an organ of this system. `digest` (hex) is what was signed: it names the original."""

    state: Literal["intact", "altered", "unknown"]
    signer: str = ""
    digest: str = ""


class _SealFace(PdfContent):
    """The seal's own PDF page, put into the signature's appearance as it is: vectors and embedded fonts."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        super().__init__(box=BoxConstraints(width=SEAL_SIZE, height=SEAL_SIZE))

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject[pdf_name("/Seal")] = page
        # Multiplied like ink, so that organ and date stay readable under the star.
        ink = DictionaryObject({pdf_name("/BM"): pdf_name("/Multiply")})  # type: ignore[no-untyped-call]  # pyHanko's, untyped
        self.resources.ext_g_state[pdf_name("/Ink")] = ink
        return b"/Ink gs /Seal Do"


class _Writer(IncrementalPdfFileWriter):
    """Leaves the metadata as typst wrote them: pyHanko's rewriting would spoil the PDF/A extension schema."""

    def _update_meta(self) -> None:
        return


class _Signer(PdfSigner):
    """Signs with the hall's clock, and keeps the file at PDF 1.7 as PDF/A-2 wants it.

    pyHanko would announce PDF 2.0 for a P-256 key (ISO/TS 32002); every reader in use knows the curve without.
    """

    at: datetime

    def register_extensions(self, pdf_out, *, md_algorithm):  # type: ignore[no-untyped-def]  # as pyHanko declares it
        pdf_out.register_extension(ESIC_EXTENSION_1)

    def init_signing_session(self, pdf_out, existing_fields_only=False):  # type: ignore[no-untyped-def]  # as pyHanko declares it
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


def sign(paper: Paper, *, organ: str, purpose: str, at: datetime, visible: bool = True) -> bytes:
    """The paper sealed by the organ: visibly over the spot its template left, or invisibly."""
    credential = credential_of(organ)
    spot = paper.spot if visible else None
    style = None
    if spot is not None:
        style = StaticStampStyle(
            border_width=0,
            background=_SealFace(typeset_seal(organ, purpose)),
            background_opacity=1.0,
            background_layout=_CENTRED,
        )
    signer = _Signer(
        PdfSignatureMetadata(
            field_name="Seal",
            md_algorithm="sha256",
            reason=purpose,
            location=organ,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=_simple_signer(credential),
        stamp_style=style,
        new_field_spec=SigFieldSpec(
            "Seal",
            on_page=spot.page if spot else 0,
            box=_box(spot) if spot else None,
        ),
    )
    signer.at = at
    out = signer.sign_pdf(_Writer(BytesIO(paper.pdf)), bytes_reserved=_room(credential))
    return bytes(out.getvalue())


def _room(credential: Credential) -> int:
    """Hexadecimal digits to keep free for the signature: both certificates, and 2 kB for all else that is in it.

    pyHanko would sign a first time only to learn this.
    """
    certificates = (credential.certificate, credential.root)
    return 2 * sum(len(one.public_bytes(_DER)) for one in certificates) + 4096


def _box(spot: SealSpot) -> tuple[int, int, int, int]:
    x, y, size = round(spot.x), round(spot.y), round(SEAL_SIZE)
    return x, y, x + size, y + size


def _simple_signer(credential: Credential) -> SimpleSigner:
    key = credential.key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's, untyped
    store.register(_asn1(credential.root))
    return SimpleSigner(_asn1(credential.certificate), PrivateKeyInfo.load(key), store)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(_DER))


def validate(pdf: bytes) -> SealCheck:
    """Whose seal the file carries and whether the file is still what was sealed. Never raises for a broken file."""
    for container in _containers(pdf):
        found = _our_signature(container)
        if found is not None:
            signer, digest = found
            return SealCheck("intact" if _is_whole(pdf, digest) else "altered", signer, digest.hex())
    return SealCheck("unknown")


def signed_digest(pdf: bytes) -> str:
    """The digest (hex) that our signature in this file names; "" without one. Whether the file is still what was signed
    is `validate`'s to say: who has just signed it need not ask."""
    found = next(filter(None, map(_our_signature, _containers(pdf))), None)
    return found[1].hex() if found else ""


def _containers(pdf: bytes) -> Iterator[cms.SignedData]:
    for match in _CONTENTS.finditer(pdf):
        try:
            info = cms.ContentInfo.load(bytes.fromhex(match[1].decode()))
            if info["content_type"].native == "signed_data":
                yield info["content"]
        except ValueError:
            continue


def _our_signature(signed: cms.SignedData) -> tuple[str, bytes] | None:
    """Signer's name and signed digest, when a certificate of our root made the signature over its attributes."""
    try:
        info = signed["signer_infos"][0]
        attributes = info["signed_attrs"]
        digest = next(a["values"][0].native for a in attributes if a["type"].native == "message_digest")
        certificate = _signing_certificate(signed, info["sid"].chosen["serial_number"].native)
        certificate.verify_directly_issued_by(root_certificate())
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return None
        key.verify(info["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    except (ValueError, TypeError, KeyError, IndexError, StopIteration, AttributeError, InvalidSignature):
        return None
    return named(certificate), digest


def _signing_certificate(signed: cms.SignedData, serial: int) -> x509.Certificate:
    for choice in signed["certificates"]:
        if choice.chosen.serial_number == serial:
            return x509.load_der_x509_certificate(choice.chosen.dump())
    raise ValueError("the signature does not carry its certificate")


def _is_whole(pdf: bytes, digest: bytes) -> bool:
    """Whether pyHanko finds this very signature sound, trusted and covering the whole file."""
    trust = ValidationContext(trust_roots=[_asn1(root_certificate())], allow_fetching=False)
    try:
        found = [s for s in PdfFileReader(BytesIO(pdf)).embedded_signatures if s.compute_digest() == digest]
        if len(found) != 1:
            return False
        status = validate_pdf_signature(
            found[0], trust, key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature"})
        )
    except Exception:  # a damaged file breaks the reader in many ways; each of them means: not as it was signed
        return False
    return bool(
        status.intact and status.valid and status.trusted and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    )
