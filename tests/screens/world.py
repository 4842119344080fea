"""A small district at work, so that no page is empty: each case stands where a page has something to show."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from tests.bundles.driver import grant, refuse
from tests.bundles.filings import CHILD, HOME, filing
from tests.bundles.filings import COMPANY as OPENING
from tests.bundles.filings import file as file_package
from tests.cases.at_once import COMPANY, JOB, SHOP, let
from tests.cases.at_once import file as file_for_rules
from tests.cases.cosigning import PLACE
from tests.cases.judged import a_recheck, a_rehearsal, sha_of
from tests.demo import Demo
from tests.insight.months import give_a_past
from tests.packs_aside import FAULTY, MOVED, NEWER, asking_more
from tests.screens.kiosk import MACHINES, at_a_kiosk
from tests.screens.promised import HYGIENE, promised
from tests.screens.rated import rated
from tests.screens.signed import signings
from tests.screens.tenants import two_tenants
from tests.screens.told import CALLED, USED, look_at, over, picture
from tests.security.world import archived
from tests.visits.booked import appointments
from tests.visits.hall import waiting_in_the_hall

from yichuang.bundles.commands.drafts import begin_draft, keep_draft
from yichuang.bundles.models import Part
from yichuang.bundles.packages import newest
from yichuang.bundles.values import BundleReceipt
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps
from yichuang.cases.commands.ask import answer_question, ask_specialist
from yichuang.cases.commands.ask_person import ask_person
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.carry import send_result
from yichuang.cases.commands.correct import ask_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.commands.duty import set_duty
from yichuang.cases.commands.end import lapse_promise
from yichuang.cases.commands.escalate import escalate_case, urge_case
from yichuang.cases.commands.extend import ask_extension
from yichuang.cases.commands.hearing import record_statement, tell_interested
from yichuang.cases.commands.help import ask_help, link_case, note_step, take_help
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.prioritise import give_priority
from yichuang.cases.commands.proceedings import open_proceeding
from yichuang.cases.commands.promise import offer_promise
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.serve_notice import make_answer_code
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.commands.supplement import make_supply_link
from yichuang.cases.instant import Mode
from yichuang.cases.models import ToldParty, Upload
from yichuang.cases.queries import get_case_for
from yichuang.cases.turns import Wish
from yichuang.cases.values import RefusalKind
from yichuang.catalog.commands import CLOSE, publish_pack, record_unanswered
from yichuang.catalog.queries import get_pack
from yichuang.core import second
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.core.masks import mask_by_shape, mask_name
from yichuang.core.words import W
from yichuang.engine.queries import tasks_of
from yichuang.issuing.commands import appraise
from yichuang.issuing.models import ArchivePackage
from yichuang.people import cast
from yichuang.people.queries import get_party, represented
from yichuang.registry.commands import ask_local, load_batch
from yichuang.registry.queries import list_contradictions, list_held
from yichuang.registry.values import Base, Ground, Purpose, Question

DOG = "yangquan-dengji"
MAIN = ("owner_id", "immunity_certificate")
ALL = ("owner_id", "property_certificate", "immunity_certificate", "dog_photos")
BLURRED = "照片四角不全，看不清证件号码，请平放后重拍"
CARRIER = "机要交换 0007"
TYPED = (
    "深圳演示宾馆有限公司",
    "桂园街道演示路 9 号",
    "深圳市罗湖区桂园街道桂园路1号101",
    "没有消毒柜，两名理发师没有健康证。",
    "店长",
)
DOGS = ("雪球", "黑豆", "可乐", "年糕", "大黄", "豆包", "阿黄", "花花", "阿黑", "来福")
ASKED = ("免疫证上的芯片号少一位，能否后补？", "可以，以犬只实测为准。", "申请人住址在两个街道交界，归哪个街道？")
NO_USE = "保管期满，无继续保存价值"
MORE_DAYS, MATTER, NEIGHBOUR = "需到住所核实犬舍", "犬舍与相邻住户共用出入口", "邻居王某"
MENDED, MISTAKE = ("form:/dog/colour", "黑白相间"), "填写时看错了"
HELP, DOORSTEP, WHEN, STEPPED = "腿脚不便，不会上传材料", "演示路 8 号 501", "工作日下午三点以后", "已上门拍好材料照片"
WANTED = "职责划转，已无在办事项"
LOOK, NO_PLACE = "失业日期好像不对，请核对", "深圳市罗湖区桂园街道没有这条路9号101"
BATCH_FILE, OTHER, LAW = "街道人口.csv", "陈明", "《促进个体工商户发展条例》第十条"
FOUND = "所交狂犬病免疫证明系伪造"


def build(demo: Demo, packs: Path) -> dict[str, str]:
    """The values of the addresses in `screens.SCREENS`. `packs`: the folders that the console reads."""
    demo = replace(demo, picture=picture())
    with fixed(demo.at):
        return _build(demo) | {"moved": _moving(demo, packs)}


def _build(demo: Demo) -> dict[str, str]:
    for query in ("溜宠物", "溜宠物", "给猫上户口"):
        record_unanswered(query=query, at=demo.at)
    zhang, lina = demo.actor("zhangxiao"), demo.actor("lina")
    lapsed = _lapsed(demo)
    late = _late(demo)
    ready = _ready(demo)
    told = _told(demo)
    accepted = demo.file(zhang)
    accept_case(actor=lina, number=accepted.number, version=accepted.version, findings={}, at=demo.at)
    ask_correction(actor=zhang, number=accepted.number, wishes=(Wish(*MENDED),), reason=MISTAKE, at=demo.at)
    _suspended(demo)
    _long_name(demo)
    new = demo.file(zhang, materials=MAIN)
    draft, bad = _draft(demo, "zhangxiao", MAIN), _draft(demo, "sunyan", ())
    refused = demo.file(demo.actor("sunyan"), form=_of(demo, "sunyan", "可乐", 3))
    refuse_case(
        actor=lina, number=refused.number, version=1, kind=RefusalKind.NOT_OURS, reason="住所不在本区，本机关无权登记",
        where_to_go="深圳市福田区城市管理和综合执法局", at=demo.at,
    )  # fmt: skip
    offered = demo.file(demo.actor("zhangjie"), materials=MAIN, form=_of(demo, "zhangjie", "年糕", 4))
    offer_promise(actor=lina, number=offered.number, version=offered.version, findings={}, at=demo.at)
    task = tasks_of(("case", accepted.case_id))[0]
    page = get_case_for(demo.actor("zhangjie"), ready.number, at=demo.at)
    paper = page.documents[0]
    certificate = list_held([demo.actor("zhangjie").id]).items[0].id
    _on_duty(demo)
    two_tenants(demo)
    look_at(demo, zhang.id, told.number, certificate)
    at_once = _at_once(demo)  # before 张晓 runs a business, and what bases say of her is in doubt
    give_a_past(demo.actor("lina").place, demo.at)
    return {
        **signings(demo),
        "over": over(demo, told.number),
        "certificate": str(certificate),
        "plain": str(_plain(demo)),
        "proceeding": str(
            open_proceeding(
                actor=demo.actor("wangqiang"), certificate=certificate, ground="fraud", facts=FOUND, at=demo.at
            )
        ),
        "proposal": str(
            second.propose(actor=demo.actor("shilei"), act=CLOSE, args={"code": "GDGS"}, reason=WANTED, at=demo.at)
        ),
        "item": DOG,
        "newer": NEWER,
        "faulty": FAULTY,
        "staff": str(demo.actor("wangqiang").id),
        "new": new.number,
        "told": told.number,
        "offered": offered.number,
        "refused": refused.number,
        "ready": ready.number,
        "elsewhere": _elsewhere(demo),
        "accepted": accepted.number,
        "lapsed": lapsed.number,
        "late": late.number,
        "draft": str(draft),
        "bad": str(bad),
        "task": str(task.id),
        "document": str(paper.id),
        "query_code": new.query_code,
        "link": make_supply_link(actor=zhang, number=told.number, materials=(), at=demo.at),
        "party": str(zhang.id),
        "receiver": str(page.receiver or page.applicant),
        "paper": list_held([demo.actor("zhangjie").id]).items[0].number,
        "version": str(new.version),
        "agent_name": get_party(demo.actor("moshengren").id).name,
        "agent_no": get_party(demo.actor("moshengren").id).id_no,
        **promised(demo),
        **_appraised(demo, lapsed.case_id, refused.case_id),
        **_heard(demo),
        **at_once,
        **_packed(demo),
        **_shared(demo, at_once["doubtful"]),
        "recheck": str(a_recheck(demo)),
        "rehearsal": str(a_rehearsal(demo)),
        "rules": sha_of(demo.at),
        **_helped(demo, new.number),
        **waiting_in_the_hall(demo),
        **rated(demo),
        **at_a_kiosk(demo),
        **appointments(demo),
        "authority": str(next(r.id for r in represented(demo.actor("sunyan").id, at=demo.at) if r.kind == "agent")),
    }


def _at_once(demo: Demo) -> dict[str, str]:
    """秒批: one granted at once, which a person is asked to look at; one that a person decides; one whose sources are silent."""
    for code in (JOB, SHOP, COMPANY):
        let(code, Mode.ALONE, demo.at)
    granted, doubtful = file_for_rules(demo, JOB), file_for_rules(demo, SHOP, parts={"place": {"detail": NO_PLACE}})
    company = file_for_rules(demo, COMPANY)
    for one in (granted, doubtful, company):
        decide_at_once(case=one.case_id, at=demo.at)
    ask_person(actor=demo.actor("zhangxiao"), number=granted.number, reason=LOOK, at=demo.at)
    return {"at_once": granted.number, "doubtful": doubtful.number, "founders": company.number}


def _packed(demo: Demo) -> dict[str, str]:
    """Packages: one under way whose licence is granted, one that waits for its applicant, one that failed, one not filed."""
    under_way, born, whole = (
        file_package(demo, OPENING),
        file_package(demo, CHILD),
        file_package(demo, HOME, who="maimaiti"),
    )
    grant(demo, under_way, "licence")
    grant(demo, born, "birth")
    grant(demo, born, "household")
    refuse(demo, whole, "tax")
    stuck = _paper_used_elsewhere(demo, whole)
    version, package = newest(OPENING)
    wanted, zhang = filing(demo, OPENING), demo.actor("zhangxiao")
    packing = begin_draft(actor=zhang, package=version, applicant=zhang.id, form=dict(wanted.form), at=demo.at)
    keep_draft(actor=zhang, draft=packing, answers=wanted.answers, at=demo.at)
    assert package.code == OPENING
    return {
        "bundle": under_way.number,
        "born": born.number,
        "whole": whole.number,
        "packing": str(packing),
        "part": dict(under_way.cases)["seal"],
        "stuck": stuck,
    }


def _paper_used_elsewhere(demo: Demo, other: BundleReceipt) -> str:
    """A package that asks for a paper: the one handed in lies in another case by the time its item's turn comes."""
    receipt = file_package(demo, HOME, who="maimaiti")
    kept = Part.objects.get(bundle=receipt.bundle, slot="title").filing["materials"]["applicant_id"]
    Upload.objects.filter(id__in=kept).update(case=Part.objects.get(bundle=other.bundle, slot="tax").case_id)
    grant(demo, receipt, "tax")
    return receipt.number


def _shared(demo: Demo, number: str) -> dict[str, str]:
    """A batch with faults, a contradiction, and what was asked of the shared bases about an applicant."""
    editor, zhang = demo.actor("wuqian"), get_party(demo.actor("zhangxiao").id)
    rows: list[dict[str, object]] = [
        {"key": zhang.id_no, "name": zhang.name, "birth_date": "1999-09-09"},
        {"key": "440303199901011234", "name": OTHER},
        {"key": "", "name": OTHER},
    ]
    report = load_batch(base=Base.POPULATION, source="street", actor=SYSTEM, at=demo.at, rows=rows, name=BATCH_FILE)
    ask_local(
        [
            Question("person", Base.POPULATION, zhang.id_no, ("name", "alive", "residence_address")),
            Question("credit", Base.CREDIT, zhang.id_no, ("restricted", "barred")),
        ],
        actor=SYSTEM,
        ground=Ground("duty", LAW),
        purpose=Purpose("getihu-sheli", number, W("个体工商户设立登记", "Registering a shop")),
        at=demo.at,
    )
    clash = list_contradictions(editor).items[0].id
    return {"batch": str(report.id), "clash": str(clash)}


def _appraised(demo: Demo, kept: UUID, proposed: UUID) -> dict[str, str]:
    """Two files whose term is over; of one the destruction is proposed."""
    due, waiting = (archived(case, at=demo.at) for case in (kept, proposed))
    ArchivePackage.objects.filter(id__in=[due, waiting]).update(keep_until=date(2025, 12, 31))
    appraise(actor=demo.actor("wangqiang"), package=waiting, outcome="destroy", reason=NO_USE, at=demo.at)
    return {"due": str(due), "waiting": str(waiting)}


def _moving(demo: Demo, packs: Path) -> str:
    """An item whose new version asks for one paper more: one open case may move, another is accepted and stays."""
    for username in ("wangxiuying", "jiye"):
        receipt = demo.file(demo.actor(username), MOVED)
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    with mock.patch("yichuang.catalog.commands.publish.all_examples", return_value=[]):
        publish_pack(folder=asking_more(packs), actor=SYSTEM, at=demo.at)
    return MOVED


def _on_duty(demo: Demo) -> None:
    """The first days of a roster; the rest is vacant."""
    lin, staff = demo.actor("linfang"), {"am": demo.actor("wangqiang").id, "pm": demo.actor("hejing").id}
    for day in (date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)):
        for half, who in staff.items():
            set_duty(actor=lin, department="CGZF", day=day, half=half, staff=who, at=demo.at)


def _heard(demo: Demo) -> dict[str, str]:
    """A case of which the neighbours are told; one answered, and more days are asked for."""
    wang, receipt = demo.actor("wangqiang"), demo.file(demo.actor("sunyan"), form=_of(demo, "sunyan", "大黄", 5))
    of: dict[str, Any] = {"actor": wang, "number": receipt.number, "at": demo.at}
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    head = ask_extension(**of, version=head.version, days=3, reason=MORE_DAYS)
    head = tell_interested(**of, version=head.version, matter=MATTER, parties=[(NEIGHBOUR, "13800000000")])
    told = ToldParty.objects.get(case=receipt.case_id, is_applicant=False)
    head, code = make_answer_code(**of, version=head.version, party=told.id)
    record_statement(**of, version=head.version, who="", words=MATTER, asks=False, party=told.id)
    mine = ToldParty.objects.get(case=receipt.case_id, is_applicant=True)
    return {"heard": receipt.number, "answer": code, "notice": str(mine.id), "told_party": str(told.id)}


def _helped(demo: Demo, number: str) -> dict[str, str]:
    """A visit that a clerk makes, with a case of it; an errand that nobody has taken yet."""
    zhang, lina, at = demo.actor("zhangxiao"), demo.actor("lina"), demo.at
    helped = ask_help(
        actor=zhang, kind="visit", text=HELP, place="LH", item_code=DOG, address=DOORSTEP, wished=WHEN,
        consents=["progress", "phone", "home"], at=at,
    )  # fmt: skip
    take_help(actor=lina, request=helped, at=at)
    note_step(actor=lina, request=helped, text=STEPPED, at=at)
    link_case(actor=zhang, request=helped, number=number, at=at)
    waiting = ask_help(actor=demo.actor("maimaiti"), kind="errand", text=HELP, place="LH", consents=["papers"], at=at)
    return {"helped": str(helped), "help_open": str(waiting)}


def _lapsed(demo: Demo) -> Any:
    """A promise of three weeks ago that was not kept."""
    then = replace(demo, at=demo.at - timedelta(days=21))
    with fixed(then.at):
        receipt = then.file(then.actor("wangxiuying"), materials=MAIN, form=_of(demo, "wangxiuying", "花花", 7))
        accept_with_gaps(
            actor=then.actor("lina"), number=receipt.number, version=receipt.version, findings={},
            promise_signed=True, at=then.at,
        )  # fmt: skip
    lapse_promise(case=receipt.case_id, at=demo.at)
    return receipt


def _late(demo: Demo) -> Any:
    """Filed two weeks ago and not answered: escalated, and urged by the supervisor."""
    then = replace(demo, at=demo.at - timedelta(days=14))
    with fixed(then.at):
        receipt = then.file(then.actor("maimaiti"), DOG, form=_of(demo, "maimaiti", "阿黑", 8))
    escalate_case(case=receipt.case_id, at=demo.at)
    urge_case(actor=demo.actor("huanghai"), number=receipt.number, words="请今日内答复申请人", at=demo.at)
    return receipt


def _ready(demo: Demo) -> Any:
    """Granted at the window; certificate and paper lie ready."""
    owner, lina, example = demo.actor("zhangjie"), demo.actor("lina"), demo.example(DOG)
    form = _of(demo, "zhangjie", "雪球", 777)
    form["address"] = {**example.form["address"], "detail": "老围社区演示路 21 号 702"}
    receipt = demo.file(lina, applicant=owner.id, form=form, originals=frozenset({"application_form"}))
    head = accept_case(actor=lina, number=receipt.number, version=receipt.version, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"), number=receipt.number, version=head.version, outcome="grant", reasons="", at=demo.at
    )  # fmt: skip
    run_waiting()
    return receipt


def _elsewhere(demo: Demo) -> str:
    """Taken at a community for the district hall, put forward, asked about, granted; its result is on the way back."""
    owner, lina, example = demo.actor("wangxiuying"), demo.actor("lina"), demo.example(DOG)
    form = _of(demo, "wangxiuying", "黑豆", 555)
    form["address"] = {**example.form["address"], "detail": "新秀社区演示路 5 号 101"}
    receipt = demo.file(
        demo.actor("wenhui"),
        applicant=owner.id,
        form=form,
        originals=frozenset({"application_form"}),
        receiver=owner.id,
    )
    number = receipt.number
    give_priority(actor=lina, number=number, category="elderly", at=demo.at)
    first = ask_specialist(actor=lina, number=number, text=ASKED[0], at=demo.at)
    answer_question(actor=demo.actor("wangqiang"), question=first, text=ASKED[1], for_knowledge=True, at=demo.at)
    ask_specialist(actor=lina, number=number, text=ASKED[2], at=demo.at)
    head = accept_case(actor=lina, number=number, version=1, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"), number=number, version=head.version, outcome="grant", reasons="", at=demo.at
    )
    run_waiting()
    send_result(actor=lina, number=number, version=head.version + 1, carrier=CARRIER, at=demo.at)
    return number


def _plain(demo: Demo) -> UUID:
    """A certificate of which nobody wants anything."""
    receipt = demo.file(demo.actor("jiye"), form=_of(demo, "jiye", "豆包", 778))
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"), number=receipt.number, version=head.version, outcome="grant", reasons="", at=demo.at
    )  # fmt: skip
    return list_held([demo.actor("jiye").id]).items[0].id


def _told(demo: Demo) -> Any:
    """Some papers are missing, one is blurred: the applicant was told everything at once, a week ago and more."""
    filed, answered = replace(demo, at=demo.at - timedelta(days=12)), demo.at - timedelta(days=11)
    with fixed(filed.at):
        receipt = filed.file(filed.actor("zhangxiao"), materials=MAIN)
    with fixed(answered):
        notify_gaps(
            actor=demo.actor("lina"), number=receipt.number, version=receipt.version, at=answered,
            findings={"owner_id": MaterialFinding("faulty", BLURRED, False)},
        )  # fmt: skip
    return receipt


def _suspended(demo: Demo) -> None:
    """Filed two weeks ago and stopped for an inspection; another of that time runs late."""
    then = replace(demo, at=demo.at - timedelta(days=14))
    with fixed(then.at):
        for username, dog, stop in (("moshengren", "来福", True), ("jiye", "豆包", False)):
            receipt = then.file(then.actor(username), form=_of(demo, username, dog, 9))
            head = accept_case(
                actor=then.actor("lina"), number=receipt.number, version=receipt.version, findings={}, at=then.at
            )
            if stop:
                suspend_case(
                    actor=then.actor("wangqiang"), number=receipt.number, version=head.version, ground="inspection",
                    days=10, reason="需要现场查看犬只饲养条件", at=then.at,
                )  # fmt: skip


def _long_name(demo: Demo) -> None:
    """A very long name, and a shop in another department."""
    person = demo.actor("maimaiti")
    demo.file(person, form=_of(demo, "maimaiti", "阿黄", 6))
    demo.file(demo.actor("sunyan"), "getihu-sheli")


def _of(demo: Demo, username: str, dog: str, number: int) -> dict[str, Any]:
    """The form of somebody's own dog."""
    party, example = get_party(demo.actor(username).id), demo.example(DOG)
    return {
        "owner": {**example.form["owner"], "name": party.name, "cn_id": party.id_no, "mobile": party.mobile},
        "dog": {**example.form["dog"], "name": dog, "chip": f"99900000000{number:04}"},
    }


def _draft(demo: Demo, username: str, papers: tuple[str, ...]) -> Any:
    """With its papers, and of somebody who broke off in the middle of a number."""
    actor, example = demo.actor(username), demo.example(DOG)
    form: Mapping[str, Any] = example.form if papers else {"owner": {"name": actor.name, "cn_id": "440303199003079"}}
    return save_draft(
        actor=actor, item_code=DOG, item_version=get_pack(DOG, at=demo.at).version, answers=example.answers, form=form,
        materials={code: [str(demo.upload(actor))] for code in papers}, applicant=actor.id,
        step="form-owner", at=demo.at,
    )  # fmt: skip


def data_words(demo: Demo) -> frozenset[str]:
    """Chinese that stays Chinese on an English page: names and what the people themselves wrote."""
    names = {row.name for row in (*cast.WORKERS, *cast.CITIZENS)} | {
        cast.COMPANY,
        BLURRED,
        FOUND,
        WANTED,
        CALLED,
        USED,
        MORE_DAYS,
        MATTER,
        NEIGHBOUR,
        MENDED[1],
        MISTAKE,
        "材料.jpg",
        *DOGS,
        *TYPED,
        "新秀社区演示路 5 号 101",
        CARRIER,
        HELP,
        DOORSTEP,
        WHEN,
        STEPPED,
        *MACHINES,
        *ASKED,
        "老围社区演示路 21 号 702",
        PLACE["detail"],
        "养狗",
        "没有这样的事",
        "没有这个地方",
        "没有这个人",
        "溜宠物",
    }
    typed = {
        word for code in (DOG, JOB, SHOP, COMPANY, HYGIENE, "yinhang-kaihu") for word in _texts(demo.example(code).form)
    }
    masked = {mask(word) for word in names | typed for mask in (mask_name, mask_by_shape)}
    return frozenset({word for word in names | masked | typed if word})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
