"""For the contract test: the acts of a whole review — tasks that change hands, inspections, hearings — each where it makes sense."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.cases.test_inspection import PICTURE, SITE, Site
from tests.files import picture

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.extend import ask_extension
from yichuang.cases.commands.hands import ask_countersign, delegate_review
from yichuang.cases.commands.hearing import call_hearing, record_statement, tell_interested
from yichuang.cases.commands.inspect import add_photo, arrange_inspection, record_inspection
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.models import Hearing, ToldParty
from yichuang.engine.queries import tasks_of
from yichuang.people.queries import service_text

PICTURE_FILE = picture()
TELL = {"matter": "共用出入口", "parties": [{"name": "邻居王某", "contact": "13800000000"}]}


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for name, prepare in TASKS.items():
        recipe(f"POST /tasks/{{id}}/actions/{name}")(prepare)
    for name, prepare in CASES.items():
        recipe(f"POST /cases/{{number}}/actions/{name}")(prepare)
    recipe("GET /tasks/{id}/hands")(_hands)
    recipe("GET /cases/{number}/told")(_told_of)
    recipe("GET /notices")(_my_notices)
    recipe("GET /service-consents")(_consents)
    recipe("POST /service-consents")(_give_consent)
    recipe("POST /service-consents/withdraw")(_withdraw_consent)
    recipe("POST /notices/{id}/answer")(_answer_notice)


def _mine(world: Any) -> tuple[Any, Any]:
    _, task, head = world.claimed()
    world.user, world.path, world.body = "wangqiang", {"id": str(task)}, {"version": head.version}
    return task, head


def _hands(world: Any) -> None:
    _mine(world)
    world.body = None


def _delegate(world: Any) -> None:
    _mine(world)
    world.body |= {"to": str(world.demo.actor("hejing").id), "reason": "出差"}


def _take_back(world: Any) -> None:
    task, head = _mine(world)
    demo = world.demo
    to = demo.actor("hejing").id
    given: dict[str, Any] = {"actor": demo.actor("wangqiang"), "task": task, "version": head.version, "at": demo.at}
    world.body["version"] = delegate_review(**given, to=to, reason="出差").version


def _countersign(world: Any) -> None:
    _mine(world)
    world.body |= {"post": "SCJG.review", "question": "是否合规？"}


def _asked(world: Any) -> tuple[Any, Any]:
    task, head = _mine(world)
    demo = world.demo
    given: dict[str, Any] = {"actor": demo.actor("wangqiang"), "task": task, "version": head.version, "at": demo.at}
    head = ask_countersign(**given, post="SCJG.review", question="是否合规？")
    (asked,) = (one for one in tasks_of(("case", head.case_id)) if one.act == "countersign")
    world.body["version"] = head.version
    return asked, head


def _withdraw(world: Any) -> None:
    asked, _ = _asked(world)
    world.body["question"] = str(asked.id)


def _answer(world: Any) -> None:
    asked, head = _asked(world)
    luo = world.demo.actor("luobin")
    head = claim_review(actor=luo, task=asked.id, version=head.version, at=world.demo.at)
    world.user, world.path = "luobin", {"id": str(asked.id)}
    world.body = {"version": head.version, "outcome": "agree", "opinion": "合规"}


def _return_to(world: Any) -> None:
    task, head = _mine(world)
    demo = world.demo
    head = complete_review(
        actor=demo.actor("wangqiang"), task=task, version=head.version, outcome="agree", opinion="", at=demo.at
    )
    (open_one,) = (one for one in tasks_of(("case", head.case_id)) if one.state == "open")
    world.user, world.path = "linfang", {"id": str(open_one.id)}
    world.body = {"version": head.version, "to": "street_review", "reason": "补查"}


def _site(world: Any) -> Site:
    """Its clock begins an hour early, so that all of it lies behind the request."""
    site = Site(world.demo)
    world.user, world.path = "wangqiang", {"id": str(site.task(SITE).id)}
    return site


def _arrange(world: Any) -> None:
    site = _site(world)
    one, two = (str(world.demo.actor(who).id) for who in ("wangqiang", "linfang"))
    world.body = {
        "version": site.version,
        "first": {"staff": one, "licence": "440303001"},
        "second": {"staff": two, "licence": "440303002"},
        "planned_at": (world.demo.at + timedelta(days=1)).isoformat(),
        "place": "演示路 8 号",
    }


def _arranged(world: Any) -> Site:
    site = _site(world)
    site.do(arrange_inspection, "wangqiang", SITE, plan=site.plan())
    return site


def _photo(world: Any) -> None:
    _arranged(world)
    world.files = {"file": PICTURE_FILE}


def _record(world: Any) -> None:
    site = _arranged(world)
    site.do(add_photo, "wangqiang", SITE, photo=PICTURE)
    world.body = {
        "version": site.version, "held_at": world.demo.at.isoformat(), "findings": "符合。", "meets": True,
        "present": "管理员", "signed": "signed",
    }  # fmt: skip


def _sign(world: Any) -> None:
    site = _arranged(world)
    site.do(add_photo, "wangqiang", SITE, photo=PICTURE)
    site.do(record_inspection, "wangqiang", SITE, record=site.record())
    world.user, world.body = "linfang", {"version": site.version}


def _case(world: Any) -> dict[str, Any]:
    receipt = world.file()
    demo = world.demo
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    world.user, world.path, world.body = "wangqiang", {"number": receipt.number}, {"version": head.version}
    return {"actor": demo.actor("wangqiang"), "number": receipt.number, "at": demo.at}


def _tell(world: Any) -> None:
    _case(world)
    world.body |= TELL


def _told(world: Any) -> dict[str, Any]:
    of = _case(world)
    head = tell_interested(**of, version=world.body["version"], matter="共用出入口", parties=[("邻居", "138")])
    world.body["version"] = head.version
    return of


def _party(world: Any) -> str:
    return str(ToldParty.objects.get(case__number=world.path["number"], is_applicant=False).id)


def _serve(world: Any) -> None:
    _told(world)
    world.body |= {"party": _party(world), "on": "2026-11-24", "how": "in_person"}


def _code(world: Any) -> None:
    _told(world)
    world.body["party"] = _party(world)


def _told_of(world: Any) -> None:
    _told(world)
    world.body = None


def _consents(world: Any) -> None:
    world.demo.agrees("zhangxiao")
    world.user = "zhangxiao"


def _give_consent(world: Any) -> None:
    world.user, world.body = "zhangxiao", {"version": service_text().version}


def _withdraw_consent(world: Any) -> None:
    _consents(world)
    world.body = {}


def _my_notices(world: Any) -> None:
    _answer_notice(world)
    world.path, world.body = {}, None


def _answer_notice(world: Any) -> None:
    _told(world)
    notice = ToldParty.objects.get(case__number=world.path["number"], is_applicant=True)
    world.user, world.path, world.body = "zhangxiao", {"id": str(notice.id)}, {"words": "已与邻居协商"}


def _statement(world: Any) -> None:
    _told(world)
    world.body |= {"who": "邻居", "words": "要求听证", "asks": True}


def _asks(world: Any) -> dict[str, Any]:
    of = _told(world)
    head = record_statement(**of, version=world.body["version"], who="邻居", words="要求听证", asks=True)
    world.body["version"] = head.version
    return of


def _call(world: Any) -> None:
    _asks(world)
    world.body |= {"day": "2026-12-04", "place": "301", "chair": str(world.demo.actor("hejing").id)}


def _hold(world: Any) -> None:
    of = _asks(world)
    chair = world.demo.actor("hejing").id
    head = call_hearing(**of, version=world.body["version"], day=date(2026, 12, 4), place="301", chair=chair)
    Hearing.objects.update(held_on=date(2026, 11, 24))
    world.body = {
        "version": head.version,
        "present": "邻居",
        "record": "各方陈述。",
        "signed": True,
        "note": "各方到场并同意",
    }


def _postpone(world: Any) -> None:
    _hold(world)
    chair = str(world.demo.actor("hejing").id)
    world.body = {"version": world.body["version"], "day": "2026-12-08", "place": "302", "chair": chair, "reason": "病"}


def _close(world: Any) -> None:
    _hold(world)
    world.body = {"version": world.body["version"], "ground": "withdrawn", "reason": "双方和解"}


TASKS = {
    "delegate": _delegate, "take-back": _take_back, "countersign": _countersign, "withdraw-question": _withdraw,
    "answer": _answer, "return-to": _return_to, "inspect-arrange": _arrange, "inspect-photo": _photo,
    "inspect-record": _record, "inspect-sign": _sign,
}  # fmt: skip


def _ask_extension(world: Any) -> None:
    receipt, head = world.accepted()
    world.user, world.path = "linfang", {"number": receipt.number}
    world.body = {"version": head.version, "days": 1, "reason": "需核实住所"}


def _extend(world: Any) -> None:
    _ask_extension(world)
    of = {"actor": world.demo.actor("wangqiang"), "number": world.path["number"], "at": world.demo.at}
    world.body = {"version": ask_extension(**of, **world.body).version}


def _decline_extension(world: Any) -> None:
    _extend(world)
    world.body["reason"] = "时间足够"


CASES = {
    "serve-notice": _serve,
    "answer-code": _code,
    "ask-extension": _ask_extension,
    "extend": _extend,
    "decline-extension": _decline_extension,
    "tell-interested": _tell, "statement": _statement, "call-hearing": _call, "hold-hearing": _hold,
    "postpone-hearing": _postpone, "close-hearing": _close,
}  # fmt: skip
