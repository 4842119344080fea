"""容缺受理: the same days on the filing page, in the clerk's letter and in the case."""

from datetime import date, datetime, time, timedelta

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_with_gaps
from yichuang.cases.commands.end import lapse_promise, withdraw_case
from yichuang.cases.commands.review import claim_review
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.models import Case, Material
from yichuang.cases.states import State
from yichuang.core.clock import SHANGHAI
from yichuang.core.refusals import Conflict, Refused
from yichuang.engine.queries import tasks_of
from yichuang.notices.queries import list_outbox

SHOP = "getihu-sheli"


def test_papers_may_follow_also_where_a_whole_filing_would_be_decided_on_the_spot(demo):
    zhang, clerk = demo.actor("zhangxiao"), demo.actor("lina")
    whole = demo.example(SHOP)
    receipt = demo.file(zhang, SHOP, materials=tuple(code for code in whole.materials if code != "rented_premises"))
    case = Case.objects.get(id=receipt.case_id)
    assert case.promise_unit == "instant"
    offer = queries.promise_offer(clerk, receipt.number, states={}, at=demo.at)
    assert offer.days == {"rented_premises": date(2026, 11, 25)}
    head = accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    assert head.state is State.IN_REVIEW
    case.refresh_from_db()
    assert (int(case.promise_amount), case.promise_unit) == (1, "workday")
    assert queries.get_case_for(zhang, receipt.number, at=demo.at).due_at is not None


def test_the_day_decides_and_not_the_minute_in_which_the_job_comes(demo):
    """A paper that comes at 23:59 of its day is in time; a minute later it is late, though nobody wrote the lapse down yet."""
    zhang, clerk = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "immunity_certificate", "property_certificate"))
    head = accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    day = Material.objects.get(case=receipt.case_id, state="promised").due_date
    midnight = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    photo = demo.upload(zhang)
    sent = {"actor": zhang, "number": receipt.number, "version": head.version, "materials": {"dog_photos": [photo]}}
    for late in (
        lambda: supplement_case(**sent, at=midnight),
        lambda: withdraw_case(actor=zhang, number=receipt.number, version=head.version, reason="", at=midnight),
        lambda: claim_review(
            actor=demo.actor("wangqiang"),
            task=tasks_of(("case", receipt.case_id))[0].id,
            version=head.version,
            at=midnight,
        ),
    ):
        with pytest.raises(Conflict) as refused:
            late()
        assert [r.code for r in refused.value.reasons] == ["PROMISE_LATE"]
        assert "11月27日" in refused.value.reasons[0].words.zh
    assert Material.objects.get(case=receipt.case_id, code="dog_photos").state == "promised"
    supplement_case(**sent, at=midnight - timedelta(minutes=1))
    assert lapse_promise(case=receipt.case_id, at=midnight) is None


def test_the_message_names_each_promised_paper_with_its_own_day(demo):
    receipt = demo.file(demo.actor("zhangxiao"), materials=("owner_id", "immunity_certificate"))
    clerk = demo.actor("lina")
    accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    told = next(row.body for row in list_outbox().items if row.template == "accepted_with_gaps")
    assert "补交 2 项材料：犬只照片" in told
    assert "最迟 2026年11月27日（周五）；" in told
    assert "最迟 2026年11月30日（周一）。" in told


def test_each_promised_paper_has_its_own_day_and_the_first_late_one_ends_the_case(demo):
    zhang, clerk = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "immunity_certificate"))
    accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    days = dict(Material.objects.filter(case=receipt.case_id, state="promised").values_list("code", "due_date"))
    assert days == {"property_certificate": date(2026, 11, 30), "dog_photos": date(2026, 11, 27)}
    page = queries.get_case_for(zhang, receipt.number, at=demo.at)
    assert ["11月27日" in item.words.zh or "11月30日" in item.words.zh for item in page.asked] == [True, True]
    assert lapse_promise(case=receipt.case_id, at=demo.at + timedelta(days=3)) is None
    assert lapse_promise(case=receipt.case_id, at=demo.at + timedelta(days=4)).state is State.TERMINATED
    told = queries.get_case_for(zhang, receipt.number, at=demo.at + timedelta(days=4)).ending.papers
    assert [words.zh for words in told] == ["犬只照片（正面、侧面各 1 张）：承诺期限内未补交"]
    assert [words.en for words in told] == ["Photos of the dog (front and side): not handed in by the promised day"]


def test_one_photograph_of_two_keeps_no_promise(demo):
    """Nobody looks at what was promised before the approval takes effect: what is short must be told to who sends it."""
    zhang, clerk = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "immunity_certificate", "property_certificate"))
    head = accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)

    def send(photos, **by):
        values = {"actor": zhang, "version": head.version, "at": demo.at, **by}
        return supplement_case(number=receipt.number, materials={"dog_photos": photos}, **values)

    with pytest.raises(Refused) as refused:
        send([demo.upload(zhang, pages=1)])
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("TOO_FEW_PAGES", "/materials/dog_photos")
    assert Material.objects.get(case=receipt.case_id, code="dog_photos").state == "promised"
    send([demo.upload(zhang, pages=1), demo.upload(zhang, pages=1)])
    assert Material.objects.get(case=receipt.case_id, code="dog_photos").state == "provided"


def test_a_clerk_who_saw_the_paper_takes_one_picture_of_it(demo):
    zhang, clerk = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "immunity_certificate", "property_certificate"))
    head = accept_with_gaps(actor=clerk, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    came = {"dog_photos": [demo.upload(clerk, pages=1)]}
    supplement_case(
        actor=clerk, number=receipt.number, version=head.version, materials=came, originals=frozenset(came), at=demo.at
    )
    assert Material.objects.get(case=receipt.case_id, code="dog_photos").state == "checked"
