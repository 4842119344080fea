"""告知承诺 from end to end: licensed on a promise, found broken, told, heard, revoked; the next promise is refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.cases.test_checks import PICTURE
from tests.cases.test_commitment import BARBER, ITEM
from tests.demo import Demo
from tests.journeys.people import Hall

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.checks import add_check_photo, arrange_check, sign_check, write_check
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.models import Case, SignedCommitment
from yichuang.cases.rules.inspection import Inspector, Plan, Record
from yichuang.catalog.queries import get_pack
from yichuang.people import cast

OWNER = "maimaiti"
FOUND = "没有消毒柜，两名理发师没有健康证。"
ARRANGED, LOOKED = datetime(2026, 11, 25, 1, tzinfo=UTC), datetime(2026, 11, 26, 3, tzinfo=UTC)
ORDERED, AGAIN = datetime(2026, 11, 26, 6, tzinfo=UTC), datetime(2026, 12, 8, 3, tzinfo=UTC)


def filled_in(demo: Demo, way: str = "promise") -> UUID:
    """A barber's draft with everything filled in but the letter."""
    example, owner = demo.example(ITEM, BARBER), demo.actor(OWNER)
    place = {**example.form["place"], "detail": f"桂园街道告知路 1 号{way}"}
    return save_draft(
        actor=owner, item_code=ITEM, item_version=get_pack(ITEM, at=demo.at).version,
        answers={**example.answers, "way": way}, form={**example.form, "place": place},
        materials={code: [str(demo.upload(owner))] for code in ("layout", "business_licence", "representative_id")},
        applicant=owner.id, step="check", at=demo.at,
    )  # fmt: skip


def granted(demo: Demo, number: str) -> SignedCommitment:
    """Accepted by 李娜, decided by 雷鸣 on the spot."""
    version = accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at).version
    decider = demo.actor("leiming")
    decide_case(actor=decider, number=number, version=version, outcome="grant", reasons="", at=demo.at)
    return SignedCommitment.objects.get(case=Case.objects.get(number=number))


def look_again(demo: Demo, commitment: UUID) -> None:
    """The second check, behind the day of the order: nothing was put right."""
    he, lei = demo.actor("helian"), demo.actor("leiming")
    plan = Plan(Inspector(he.id, "440303001"), Inspector(lei.id, "440303002"), AGAIN, "桂园街道告知路 1 号")
    version = SignedCommitment.objects.get(id=commitment).version
    before = AGAIN - timedelta(days=1)
    version = arrange_check(actor=he, commitment=commitment, version=version, plan=plan, at=before).version
    version = add_check_photo(actor=he, commitment=commitment, version=version, photo=PICTURE, at=AGAIN).version
    record = Record(AGAIN, "仍没有消毒柜。", False, "店长", "signed", "")
    version = write_check(actor=he, commitment=commitment, version=version, record=record, at=AGAIN).version
    sign_check(actor=lei, commitment=commitment, version=version, at=AGAIN)


def test_a_shop_licensed_on_a_promise_breaks_it_and_is_told_heard_and_revoked(hall: Hall, photo: Path) -> None:
    demo = Demo()
    draft = filled_in(demo)
    owner = hall.person(OWNER, phone=True, to=f"/my/drafts/{draft}/step/check")
    owner.sees("告知承诺书", "先告知您", "您承诺")
    owner.shot("commitment-01-letter")
    owner.page.locator("input[name=agreed]").check()
    owner.page.fill("#f-password", cast.PASSWORD)
    owner.press("确认提交")
    number = owner.page.url.rstrip("/").split("/")[-2] if owner.page.url.endswith("receipt") else ""
    number = number or Case.objects.filter(applicant=demo.actor(OWNER).id, item_code=ITEM).latest("filed_at").number
    row = granted(demo, number)
    hall.work()
    owner.go(f"/my/cases/{number}")
    owner.sees("公共场所卫生条件告知承诺", "待核查", "2027年1月19日")
    owner.shot("commitment-02-granted")

    hall.set_clock(ARRANGED)
    he = hall.person("helian", to="/office/checks/")
    he.follow("公共场所卫生条件告知承诺")
    he.page.locator("#f-first").select_option(label="贺莲")
    he.page.locator("#f-second").select_option(label="雷鸣")
    he.page.fill("#f-first-licence", "440303001")
    he.page.fill("#f-second-licence", "440303002")
    he.page.fill("#f-planned", "2026-11-26T10:00")
    he.page.fill("#f-place", "桂园街道告知路 1 号")
    he.shot("commitment-03-plan")
    he.press("安排核查并通知申请人")
    he.sees("已安排现场核查并通知当事人")

    hall.set_clock(LOOKED)
    he = hall.person("helian", to=f"/office/checks/{row.id}/")
    he.page.locator("#f-photo").set_input_files([str(photo)])
    he.press("上传照片", exact=True)
    he.sees("现场照片已保存")
    he.page.fill("#f-held", "2026-11-26T10:30")
    he.page.fill("#f-findings", FOUND)
    he.page.locator("input[name=meets][value=no]").check()
    he.page.fill("#f-present", "店长")
    he.page.locator("input[name=signed][value=signed]").check()
    he.press("保存记录并签字")
    he.sees("核查情况已记录")
    lei = hall.person("leiming", phone=True, to=f"/office/checks/{row.id}/")
    lei.shot("commitment-04-sign")
    lei.press("核对无误，签字")
    lei.sees("已签字，核查结果已记录")

    hall.set_clock(ORDERED)
    he = hall.person("helian", to=f"/office/checks/{row.id}/")
    he.page.fill("#f-demands", "配备消毒柜；未取得健康证的人员不得上岗。")
    he.page.fill("#f-mend", "2026-12-07")
    he.shot("commitment-05-order")
    he.press("责令改正并通知当事人")
    he.sees("责令限期改正通知书已生成")
    owner = hall.person(OWNER, phone=True, to=f"/my/cases/{number}")
    owner.sees("责令限期改正通知书", "2026年12月7日", FOUND)
    owner.shot("commitment-06-mend")

    hall.set_clock(AGAIN)
    look_again(demo, row.id)
    he = hall.person("helian", to=f"/office/checks/{row.id}/")
    he.sees("认定未履行承诺", "仍没有消毒柜")
    he.shot("commitment-07-broken")
    he.follow("查看证照，启动撤销程序")
    he.page.select_option("#f-ground", "unqualified")
    he.page.fill("#f-facts", "两次核查均不符合告知承诺的卫生条件。")
    he.press("启动程序")
    he.sees("拟撤销行政许可告知书")
    certificate = he.page.url.rstrip("/").rpartition("/")[2]

    owner = hall.person(OWNER, phone=True, to=f"/my/certificates/{certificate}/about")
    owner.page.fill("#f-statement", "消毒柜已订货。")
    owner.press("提交陈述申辩")
    owner.sees("陈述申辩已提交")
    hall.set_clock(AGAIN + timedelta(days=9))
    lei = hall.person("leiming", to=f"/office/certificates/{certificate}/")
    lei.sees("消毒柜已订货")
    lei.page.fill("#f-reasons", "期限届满仍未改正，申辩不予采纳。")
    lei.press("撤销", exact=True)
    lei.sees("撤销行政许可决定书")

    owner = hall.person(OWNER, phone=True, to=f"/my/cases/{number}")
    owner.sees("核查认定没有履行告知承诺", "对这条记录提出异议")
    owner.shot("commitment-08-lapse")
    owner.go(f"/my/drafts/{filled_in(demo)}/step/check")
    owner.sees("修复前不适用告知承诺，请选择一般程序")
    assert not owner.page.locator("input[name=agreed]").count()
    owner.shot("commitment-09-refused")
    english = hall.person(OWNER, to=f"/my/cases/{number}", locale="en-GB")
    english.sees("Found broken")
    english.shot("commitment-10-english")
