"""The objects and the callers of the access matrix, made through the real commands on the demo world.

Three applicants have the same things: 张晓 (filed for her by an agent whose authority has ended since), the child whose
guardian she is, and a company. Each caller meets the things of the applicant whom their relation is about.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from PIL import Image
from tests.tenants.things import PROCESS, made, publish
from tests.visits.booked import booked_by

ITEM = "yangquan-dengji"
PAPERS = ("owner_id", "property_certificate", "immunity_certificate")  # all but the photos, which may follow
STALE = 999  # a version no case has: whoever may act meets a conflict, and nothing is changed


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: the demo account ("" = not signed in), and whose things they ask for."""

    username: str
    asks_for: str = "own"


CALLERS = {
    "nobody": Caller(""),
    "applicant": Caller("zhangxiao"),
    "other": Caller("moshengren"),  # a citizen who has nothing to do with it
    "agent": Caller("jiye"),  # authorised for everything
    "item_agent": Caller("wangxiuying"),  # authorised for this one item
    "former_agent": Caller("zhangjie"),  # filed the cases as agent; the authority was revoked afterwards
    "receiver": Caller("maimaiti"),  # named to collect the result, no more
    "guardian": Caller("zhangxiao", "child"),
    "legal_rep": Caller("qianjin", "company"),
    "company_agent": Caller("sunyan", "company"),
    "link": Caller(""),  # holds the code of a supply link (补交码); elsewhere the same as nobody, and not asked again
    "clerk": Caller("lina"),  # at the place that took the filing
    "other_clerk": Caller("zhaomin"),
    "community": Caller("linxiaoyu"),  # worker of a community centre, which took none of the cases
    "issuer": Caller("zhoujie"),
    "chief": Caller("chengang"),
    "manager": Caller("mali"),
    "reviewer": Caller("wangqiang"),  # of the deciding department
    "other_reviewer": Caller("sunli"),
    "decider": Caller("linfang"),
    "other_decider": Caller("tangmin"),
    "supervisor": Caller("huanghai"),
    "editor": Caller("wuqian"),
    "keeper": Caller("dengjie"),
    "system": Caller("shilei"),
    "security": Caller("anning"),
    "auditor": Caller("shenjing"),
}


@dataclass
class Things:
    """What one applicant has: a case under review, one with a certificate, one that waits for a promised paper, and one
    that lapsed because the paper never came."""

    reviewed: Any
    granted: str
    waiting: str
    lapsed: str
    task: UUID
    document: UUID
    upload: UUID
    draft: UUID
    certificate: UUID
    applicant: UUID
    code: str
    proceeding: UUID  # on the certificate
    notice: UUID  # 告知书 to the applicant of the case under review
    question: UUID | None = None  # to the duty specialist, about the case under review
    correction: UUID | None = None  # asked for of the case under review
    help: UUID | None = None  # a request for help that waits
    ticket: UUID | None = None  # 号票, waiting in the hall
    ticket_token: str = ""  # its address
    served: UUID | None = None  # 评价邀请 of a stay at 李娜's window
    rating_token: str = ""  # its address
    booking: UUID | None = None  # 预约 of a home visit
    waits: UUID | None = None  # 候补, on the list
    group: UUID | None = None  # the queue in which it was booked
    half_hour: UUID | None = None  # its slot
    package: UUID | None = None  # in the archive: the case that lapsed
    recheck: UUID | None = None  # 抽查 of an automatic decision of the department
    commitment: UUID | None = None  # 告知承诺 that a post of the department checks
    rehearsal: UUID | None = None  # 重放 of the rules of this item
    signature: UUID | None = None  # 共同签署: asked of 买买提 by who keeps the draft
    bundle: str = ""  # 一件事: the transfer of a home, its taxes filed
    packing: UUID | None = None  # a package in the making
    proposal: UUID | None = None  # 四眼: to close a department, asked by the other system administrator
    authority: UUID | None = None  # of an agent of this applicant; of the child, the guardian's own


@dataclass
class World:
    """All of it, and how each caller shows who they are."""

    at: datetime
    things: dict[str, Things]
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def of(self, caller: str) -> Things:
        return self.things[CALLERS[caller].asks_for]


def build(demo: Any) -> World:
    """The world of the matrix. Papers are rendered here once, so that the probes only read them."""
    from yichuang.people.commands import grant_agency, revoke_agency
    from yichuang.people.queries import represented

    zhang = demo.actor("zhangxiao")
    until = demo.at.date() + timedelta(days=300)
    agents = {name: demo.actor(name).id for name in ("jiye", "wangxiuying", "zhangjie")}
    for name, items in (("jiye", ()), ("wangxiuying", (ITEM,)), ("zhangjie", ())):
        grant_agency(actor=zhang, principal=zhang.id, agent=agents[name], items=items, valid_to=until, at=demo.at)
    former = demo.actor("zhangjie")
    receiver = demo.actor("maimaiti").id
    child = next(row.principal for row in represented(zhang.id, at=demo.at) if row.kind == "guardian")
    company = next(iter(demo.actor("sunyan").represents))
    things = {
        "own": _things(demo, former, zhang.id, zhang, "1", receiver=receiver),
        "child": _things(demo, zhang, child, zhang, "2"),
        "company": _things(demo, demo.actor("sunyan"), company, demo.actor("sunyan"), "3"),
    }
    authority = next(row.id for row in represented(agents["zhangjie"], at=demo.at) if row.principal == zhang.id)
    revoke_agency(actor=zhang, representation=authority, at=demo.at)
    for name, principal, agent in (
        ("own", zhang.id, agents["jiye"]),
        ("child", child, zhang.id),
        ("company", company, demo.actor("sunyan").id),
    ):
        things[name].authority = next(r.id for r in represented(agent, at=demo.at) if r.principal == principal)
    publish(made(demo, "jiefang"), "process", "book", PROCESS, demo.at)
    world = World(demo.at, things)
    sign_in_all(world)
    return world


def _notice(demo: Any, case: Any) -> UUID:
    """The applicant and a neighbour are told of their right to be heard."""
    from yichuang.cases.commands.hearing import tell_interested
    from yichuang.cases.models import Case, ToldParty

    version = Case.objects.get(id=case.case_id).version
    given = {"matter": "共用出入口", "parties": [("邻居", "桂园路 1 号")], "at": demo.at}
    tell_interested(actor=demo.actor("wangqiang"), number=case.number, version=version, **given)
    return ToldParty.objects.get(case=case.case_id, is_applicant=True).id


def _things(demo: Any, files: Any, applicant: UUID, keeps: Any, mark: str, **more: Any) -> Things:
    """`files` is the actor who files, `keeps` the one who has a draft."""
    from yichuang.cases.commands.accept import accept_case, accept_with_gaps
    from yichuang.cases.commands.ask import ask_specialist
    from yichuang.cases.commands.correct import ask_correction
    from yichuang.cases.commands.decide import decide_case
    from yichuang.cases.commands.drafts import save_draft
    from yichuang.cases.commands.end import lapse_promise
    from yichuang.cases.commands.help import ask_help
    from yichuang.cases.commands.proceedings import open_proceeding
    from yichuang.cases.commands.supplement import make_supply_link
    from yichuang.cases.models import Document, MaterialFile
    from yichuang.cases.turns import Wish
    from yichuang.catalog.commands import CLOSE
    from yichuang.catalog.queries import get_pack
    from yichuang.core import second
    from yichuang.engine.queries import tasks_of
    from yichuang.issuing.commands import render_certificate, render_document
    from yichuang.registry.queries import certificate_of_subject
    from yichuang.visits.commands.tickets import take_ticket
    from yichuang.visits.values import Source

    li, chief = demo.actor("lina"), demo.actor("chengang")

    def file(nth: str, **also: Any) -> Any:
        return demo.file(files, form=_dog(demo, mark + nth), applicant=applicant, **more, **also)

    case = file("1")
    accept_case(actor=li, number=case.number, version=1, findings={}, at=demo.at)
    granted = file("2")
    head = accept_case(actor=li, number=granted.number, version=1, findings={}, at=demo.at)
    decide_case(actor=chief, number=granted.number, version=head.version, outcome="grant", reasons="", at=demo.at)
    waiting, lapsed = (file(nth, materials=PAPERS) for nth in ("3", "4"))
    for promised in (waiting, lapsed):
        accept_with_gaps(actor=li, number=promised.number, version=1, findings={}, promise_signed=True, at=demo.at)
    lapse_promise(case=lapsed.case_id, at=demo.at + timedelta(days=30))
    certificate = certificate_of_subject("case", granted.case_id)
    assert certificate is not None
    newest = get_pack(ITEM, at=demo.at).version
    draft = save_draft(
        actor=keeps, item_code=ITEM, item_version=newest, answers={}, form={}, materials={}, applicant=applicant,
        step="form", at=demo.at,
    )  # fmt: skip
    document = Document.objects.filter(case_id=case.case_id).order_by("id")[0].id
    render_document(document)
    render_certificate(certificate.id)
    taken = take_ticket(
        actor=li, place=li.place, source=Source.GUIDE, key=f"matrix-{mark}", person=applicant, at=demo.at
    )
    served, rating_token = _served(demo, applicant)
    return Things(
        reviewed=case,
        granted=granted.number,
        waiting=waiting.number,
        lapsed=lapsed.number,
        task=tasks_of(("case", case.case_id))[0].id,
        document=document,
        upload=MaterialFile.objects.filter(material__case_id=case.case_id).order_by("id")[0].upload_id,
        draft=draft,
        certificate=certificate.id,
        applicant=applicant,
        question=ask_specialist(actor=li, number=case.number, text="芯片号能否后补", at=demo.at),
        correction=ask_correction(
            actor=keeps, number=case.number, wishes=(Wish("form:/dog/colour", "黑白"),), reason="写错", at=demo.at
        ),
        help=ask_help(actor=li, asker=applicant, kind="assist", text="不会上传材料", at=demo.at),
        ticket=taken.ticket,
        ticket_token=taken.token,
        served=served,
        rating_token=rating_token,
        **booked_by(demo, applicant, mark),
        recheck=_recheck(demo, granted.case_id),
        rehearsal=_rehearsal(demo),
        commitment=_commitment(demo, files, applicant),
        proposal=second.propose(
            actor=demo.actor("chengyuan"), act=CLOSE, args={"code": "GDGS"}, reason="机构改革", at=demo.at
        ),
        signature=_signature(demo, keeps, draft),
        bundle=_bundle(demo, keeps, applicant, mark),
        packing=_packing(demo, keeps, applicant),
        package=archived(lapsed.case_id, at=demo.at + timedelta(days=30)),
        proceeding=open_proceeding(
            actor=demo.actor("wangqiang"),
            certificate=certificate.id,
            ground="facts_changed",
            facts="规划调整",
            at=demo.at,
        ),
        notice=_notice(demo, case),
        code=make_supply_link(actor=files, number=waiting.number, materials=[], at=demo.at),
    )


def _commitment(demo: Any, files: Any, applicant: UUID) -> UUID:
    """What was promised with a filing for a hygiene licence, to be checked by a post that 王强 holds."""
    from tests.cases.test_commitment import promise

    from yichuang.cases.models import SignedCommitment

    row = SignedCommitment.objects.filter(case=promise(demo, "lina", applicant=applicant).case_id)
    row.update(post="CGZF.street_review")
    return row.get().id


def _rehearsal(demo: Any) -> UUID:
    """One that found nothing."""
    from yichuang.cases.models import Rehearsal

    ended = {"state": "done", "ended_at": demo.at}
    by = demo.actor("wuqian").id
    return Rehearsal.objects.create(item_code=ITEM, sha="0" * 64, asked_at=demo.at, asked_by_id=by, **ended).id


def _recheck(demo: Any, like: UUID) -> UUID:
    """A draw of a case like that one, in which nobody of the staff had a hand."""
    from tests.cases.judged import judged

    from yichuang.cases.models import Case, Recheck

    (row,) = judged(demo, 1, alone=True, like=Case.objects.get(id=like))
    return Recheck.objects.create(decision=row, department_id=row.case.department_id, drawn_at=demo.at).id


def _signature(demo: Any, keeps: Any, draft: UUID) -> UUID:
    """A signing of that draft, by who keeps it, that waits for 买买提."""
    from yichuang.cases.models import Draft, Signature, Signing
    from yichuang.cases.signings import number_index
    from yichuang.people.queries import get_party

    row, signer = Draft.objects.get(id=draft), get_party(demo.actor("maimaiti").id)
    content = {
        "answers": row.answers,
        "form": row.form,
        "materials": {},
        "applicant": None,
        "agreed": [],
        "commitment": "",
        "locale": "zh-hans",
    }
    signing = Signing.objects.create(
        draft=draft, owner_id=keeps.id, item_code=row.item_code, item_version=row.item_version, item_name_zh="养犬登记",
        item_name_en="Dog registration", content=content, mark="0" * 64, draft_mark="0" * 64, proved="sms", asked_at=demo.at,
        expires_at=demo.at + timedelta(days=7),
    )  # fmt: skip
    words = [["饲养人", "Keeper"]]
    return Signature.objects.create(
        signing=signing, order=0, number=signer.id_no, number_index=number_index(signer.id_no), name=signer.name,
        roles=words, signs=words,
    ).id  # fmt: skip


def _bundle(demo: Any, files: Any, applicant: UUID, mark: str) -> str:
    """The number of a filed package: of the applicant, by who keeps their drafts."""
    from tests.bundles.filings import HOME, filing, papers

    from yichuang.bundles.commands.file_bundle import file_bundle

    wanted = filing(demo, HOME)
    contract = {**wanted.form["contract"], "number": f"WQ-2026-90{mark}"}
    wanted = replace(wanted, applicant=applicant, form={**wanted.form, "contract": contract})
    wanted = replace(wanted, materials=papers(demo, files, HOME))
    return file_bundle(actor=files, filing=wanted, key=f"matrix-{mark}", at=demo.at)[0].number


def _served(demo: Any, applicant: UUID) -> tuple[UUID, str]:
    """A stay at 李娜's window is over and may be rated: the invitation, and what its address carries."""
    from yichuang.cases.events import ServiceKind, ServiceOver
    from yichuang.core.ids import new_id
    from yichuang.core.words import W
    from yichuang.feedback.commands.invite import invite
    from yichuang.feedback.models import Invitation
    from yichuang.feedback.queries import token_for

    li, stay = demo.actor("lina"), new_id()
    invite(
        over=ServiceOver(
            kind=ServiceKind.STAY, subject=stay, number="", name=W("大厅", "Hall"), person=applicant, place=li.place,
            window="1", department=None, staff=li.id, items=(ITEM,), channel="counter", told=False, at=demo.at,
        )
    )  # fmt: skip
    return Invitation.objects.get(subject=stay).id, token_for("stay", stay)


def _packing(demo: Any, keeps: Any, applicant: UUID) -> UUID:
    from tests.bundles.filings import HOME

    from yichuang.bundles.commands.drafts import begin_draft
    from yichuang.bundles.queries import newest_version

    version, _ = newest_version(HOME)
    return begin_draft(actor=keeps, package=version, applicant=applicant, form={}, at=demo.at)


def archived(case: UUID, *, at: datetime) -> UUID:
    """The archive package of a closed case, whose acts are proved first."""
    from yichuang.core import ledger
    from yichuang.issuing.commands import archive_case

    ledger.sequence(at=at)
    ledger.checkpoint(at=at)
    package = archive_case(case=case, at=at)
    assert package is not None
    return package


def _dog(demo: Any, mark: str) -> dict[str, Any]:
    """Another dog at another home, so that neither chip nor household stands in the way."""
    form = demo.example(ITEM).form
    return {
        "dog": {**form["dog"], "chip": f"9990000000008{mark}"},
        "address": {**form["address"], "detail": f"演示路 {mark} 号"},
    }


def sign_in_all(world: World) -> None:
    """A token and a session for everybody who has an account."""
    from yichuang.people import cast
    from yichuang.people.commands import issue_token, sign_in_password
    from yichuang.people.queries import find_account

    for username in sorted({caller.username for caller in CALLERS.values()} - {""}):
        account = find_account(username)
        assert account is not None
        world.tokens[username] = issue_token(account=account, at=world.at)
        signed_in = sign_in_password(username=username, password=cast.PASSWORD, address="", at=world.at)
        session = SessionStore()
        session["account"], session["stamp"] = str(signed_in.account), signed_in.stamp
        session["since"] = session["seen"] = world.at.isoformat()
        session.save()
        world.sessions[username] = str(session.session_key)


def picture() -> bytes:
    """A small real picture."""
    out = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(out, "PNG")
    return out.getvalue()
