"""Documents for those they concern, verification for anybody."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yichuang.cases import queries as cases
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_receipt_comes_down_sealed_verifies_and_is_nobody_elses(
    signed_in: Callable[..., Client], client: Client, demo: Any
) -> None:
    actor = demo.actor("zhangxiao")
    receipt = demo.file(actor)
    (document, *_) = cases.get_case_for(actor, receipt.number, at=demo.at).documents
    browser = signed_in("zhangxiao")
    answer = browser.get(f"/my/documents/{document.id}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF-")
    assert signed_in("moshengren").get(f"/my/documents/{document.id}").status_code == 404
    whole = client.post("/verify", {"file": SimpleUploadedFile("a.pdf", answer.content)})
    assert 'data-verdict="valid"' in text(whole)
    assert "张晓" not in text(whole)
    changed = answer.content.replace(b"/Type", b"/Typf", 1)
    assert 'data-verdict="valid"' not in text(client.post("/verify", {"file": SimpleUploadedFile("a.pdf", changed)}))


def test_verifying_what_does_not_exist_and_what_is_no_pdf(client: Client, demo: Any) -> None:
    assert 'data-verdict="unknown"' in text(client.get("/verify", {"number": "no-such-number"}))
    assert client.get("/verify/abc").headers["Location"] == "/verify?number=abc"
    assert client.post("/verify", {}).status_code == 422
    wrong = client.post("/verify", {"file": io.BytesIO(b"MZ no pdf")})
    assert wrong.status_code == 422
    assert "<script>" not in text(client.get("/verify", {"number": "<script>alert(1)</script>"}))


def test_the_folder_of_certificates_starts_empty(signed_in: Callable[..., Client], demo: Any) -> None:
    assert "还没有电子证照" in text(signed_in("moshengren").get("/my/certificates"))


def test_a_certificate_of_the_small_hours_is_in_force_at_once(signed_in: Callable[..., Client], demo: Any) -> None:
    """At 03:00 in the hall it is still yesterday in UTC."""
    night = demo.at + timedelta(hours=17)
    receipt = demo.file(demo.actor("zhangxiao"))
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    with fixed(night):
        decide_case(
            actor=demo.actor("chengang"),
            number=receipt.number,
            version=head.version,
            outcome="grant",
            reasons="",
            at=night,
        )
        run_waiting()
        page = text(signed_in("zhangxiao").get(f"/my/cases/{receipt.number}"))
    assert "深罗犬" in page
    assert "尚未生效" not in page
