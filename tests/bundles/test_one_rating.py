"""好差评 of a package: one rating for the whole, never one for each of its items."""

from tests.bundles.driver import grant, refuse
from tests.bundles.filings import COMPANY, file
from tests.demo import Demo

from yichuang.core.jobs import run_waiting
from yichuang.feedback.models import Invitation
from yichuang.feedback.queries import list_to_rate


def test_a_package_that_has_ended_is_rated_once_as_a_whole_and_none_of_its_items_is(demo: Demo) -> None:
    zhang = demo.actor("zhangxiao")
    receipt = file(demo, COMPANY)
    refuse(demo, receipt, "seal")
    for slot in ("licence", "tax", "insurance", "fund"):
        grant(demo, receipt, slot)
    run_waiting()
    assert list_to_rate(zhang, at=demo.at) == (), "the bank has not answered yet"
    grant(demo, receipt, "bank")
    run_waiting()
    (asked,) = Invitation.objects.all()
    assert (asked.kind, asked.subject, asked.number) == ("package", receipt.bundle, receipt.number)
    assert [one.name.zh for one in list_to_rate(zhang, at=demo.at)] == ["企业开办一件事"]
