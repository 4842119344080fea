"""A refused form among many on a page: its faults stand beside its own fields, and no other form shows what was typed."""

from django.test import RequestFactory

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.webkit.problems import problems_sent
from yichuang.webkit.sent import Sent, sent

WHY = W("请写明理由", "Please give the reason")


def refused_at(path: str, **typed: str) -> Sent:
    return sent(RequestFactory().post(path, typed), Refused(Reason("REASON_NEEDED", WHY, "/reason")))


def test_a_page_that_was_only_opened_has_nothing_typed_and_nothing_wrong():
    page = sent(RequestFactory().get("/x/"), None)
    form = page.to("/x/end/")
    assert (form.open, form.get("reason"), form.of("reason"), form.id("f-end-reason", "reason")) == (
        False, "", (), "f-end-reason",
    )  # fmt: skip


def test_the_faults_stand_in_the_form_that_was_sent():
    page = refused_at("/x/end/", reason="因为")
    end, refuse = page.to("/x/end/"), page.to("/x/refuse/")
    assert (end.open, end.get("reason"), [p.words for p in end.of("reason")]) == (True, "因为", [WHY])
    assert end.id("f-end-reason", "reason") == "f-reason", "where the summary's link leads"
    assert (refuse.open, refuse.get("reason"), refuse.of("reason")) == (False, "", ())
    assert refuse.id("f-reason", "reason") == "f-reason-other", "an id stands once on a page"


def test_of_several_forms_to_one_address_the_hidden_value_says_which():
    page = refused_at("/x/serve/", party="2")
    assert [page.to("/x/serve/", party=n).open for n in (1, 2)] == [False, True]


def test_faults_are_told_in_the_order_of_the_page():
    reasons = [Reason(field or "WHOLE", WHY, field) for field in ("/phone", None, "/kind", "/name", "/week/1")]
    request = RequestFactory().post("/x/", {"name": "", "phone": "1", "week/0": "", "week/1": "x"})
    # what was not sent (nobody chose a kind) stays behind what it followed
    assert [p.field for p in problems_sent(request, reasons)] == ["/name", "/phone", "", "/kind", "/week/1"]
