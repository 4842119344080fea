"""For the contract test: the turns that a case can take, each where it makes sense."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.bundles.driver import NUMBER, grant
from tests.bundles.filings import CHILD, COMPANY, HOME, file, filing
from tests.cases.at_once import JOB, let
from tests.cases.at_once import file as file_for_rules

from yichuang.bundles.packages import newest
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.ask import ask_specialist
from yichuang.cases.commands.ask_person import ask_person
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.carry import send_result
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.help import ask_help
from yichuang.cases.commands.prioritise import give_priority
from yichuang.cases.instant import Mode
from yichuang.cases.turns import Wish
from yichuang.core.jobs import run_waiting
from yichuang.issuing.commands import hand_over
from yichuang.people.queries import get_party


def register(recipe: Callable[[str], Callable[[Any], Any]]) -> None:
    """Add them to the recipes."""
    for name, prepare in CASES.items():
        recipe(f"POST /cases/{{number}}/actions/{name}")(prepare)
    recipe("GET /cases/{number}/process")(_process)
    recipe("GET /cases/{number}/decision")(_judged)
    recipe("POST /cases/{number}/decision/ask-person")(_ask_person)
    recipe("POST /cases/{number}/decision/answer-person")(_answer_person)
    recipe("GET /packages")(_packages)
    recipe("GET /packages/{code}")(_package)
    recipe("POST /packages/{code}/filings")(_file_package)
    recipe("GET /package-filings")(_package_filings)
    recipe("GET /package-filings/{number}")(_package_filing)
    recipe("GET /package-filings/{number}/items/{slot}")(_born)
    recipe("POST /package-filings/{number}/items/{slot}")(_complete)
    recipe("POST /package-filings/{number}/items/{slot}/leave")(_leave_item)
    recipe("POST /package-filings/{number}/leave")(_leave)
    recipe("POST /package-filings/{number}/collect")(_collect)
    recipe("GET /help")(_helps)
    recipe("POST /help")(_ask_help)
    recipe("GET /help/{id}")(_help)
    recipe("POST /help/{id}/{step}")(_help_step)
    recipe("GET /corrections")(_corrections)
    recipe("POST /corrections/{id}/make")(_make_correction)
    recipe("POST /corrections/{id}/decline")(_decline_correction)
    recipe("POST /corrections/{id}/withdraw")(_withdraw_correction)
    recipe("GET /questions")(_questions)
    recipe("GET /duty")(_duty)
    recipe("POST /duty")(_set_duty)
    recipe("POST /questions/{id}/answer")(_answer)


def _process(world: Any) -> None:
    receipt, _ = world.accepted()
    world.path = {"number": receipt.number}


def _judged(world: Any) -> Any:
    let(JOB, Mode.ALONE, world.demo.at)
    receipt = file_for_rules(world.demo, JOB)
    decide_at_once(case=receipt.case_id, at=world.demo.at)
    world.user, world.path = "zhangxiao", {"number": receipt.number}
    return receipt


def _ask_person(world: Any) -> None:
    _judged(world)
    world.body = {"reason": "失业日期不对"}


def _answer_person(world: Any) -> None:
    receipt = _judged(world)
    ask_person(actor=world.demo.actor("zhangxiao"), number=receipt.number, reason="失业日期不对", at=world.demo.at)
    world.user, world.body = "sunli", {"stands": True, "answer": "已核对"}


def _duty(world: Any) -> None:
    world.user = "linfang"


def _set_duty(world: Any) -> None:
    world.user = "linfang"
    hejing = str(world.demo.actor("hejing").id)
    world.body = {"department": "CGZF", "day": "2026-11-24", "half": "am", "staff": hejing}


def _filed(world: Any) -> Any:
    receipt = world.file()
    world.user, world.path = "lina", {"number": receipt.number}
    return receipt


def _give_priority(world: Any) -> None:
    _filed(world)
    world.body = {"category": "elderly"}


def _exchange(world: Any) -> None:
    receipt, _, head = world.ready()
    demo, taker = world.demo, get_party(world.demo.actor("zhangxiao").id)
    who = {"identity": taker.id_no, "receiver_name": taker.name}
    hand_over(actor=demo.actor("zhoujie"), number=receipt.number, version=head.version + 1, at=demo.at, **who)
    asked = ask_correction(
        actor=demo.actor("zhangxiao"), number=receipt.number, wishes=[COLOUR], reason="写错", at=demo.at
    )
    make_correction(actor=demo.actor("chengang"), correction=asked, at=demo.at)
    world.user, world.path = "zhoujie", {"number": receipt.number}
    world.body = {"version": 2, "old_paper": "returned", **who}


def _transfer(world: Any) -> None:
    _filed(world)
    world.body = {"version": 1, "ground": "area", "reason": "饲养地在另一街道", "to_place": "LH-S01"}


COLOUR = Wish("form:/dog/colour", "黑白")


def _ask_correction(world: Any) -> None:
    receipt, _ = world.accepted()
    world.path = {"number": receipt.number}
    world.body = {"lines": [{"target": COLOUR.target, "new": COLOUR.new}], "reason": "录入时写错"}


def _corrections(world: Any) -> UUID:
    receipt, _ = world.accepted()
    id = ask_correction(
        actor=world.demo.actor("zhangxiao"), number=receipt.number, wishes=(COLOUR,), reason="写错", at=world.demo.at
    )
    world.user = "linfang"
    return id


def _make_correction(world: Any) -> None:
    world.path = {"id": str(_corrections(world))}


def _decline_correction(world: Any) -> None:
    world.path, world.body = {"id": str(_corrections(world))}, {"note": "照片上就是黄白"}


def _withdraw_correction(world: Any) -> None:
    world.path = {"id": str(_corrections(world))}
    world.user = "zhangxiao"


def _packages(world: Any) -> None:
    world.user = "zhangxiao"


def _package(world: Any) -> None:
    world.user, world.path = "zhangxiao", {"code": COMPANY}


def _file_package(world: Any) -> None:
    wanted = filing(world.demo, COMPANY)
    world.user, world.path = "zhangxiao", {"code": COMPANY}
    world.headers = {"Idempotency-Key": "a-package"}
    world.body = {"version": newest(COMPANY)[1].version, "answers": wanted.answers, "form": wanted.form}


def _package_filings(world: Any) -> None:
    world.user = "zhangxiao"
    file(world.demo, HOME)


def _package_filing(world: Any) -> None:
    world.user, world.path = "zhangxiao", {"number": file(world.demo, HOME).number}


def _born(world: Any) -> None:
    receipt = file(world.demo, CHILD)
    grant(world.demo, receipt, "birth")
    grant(world.demo, receipt, "household")
    world.user, world.path = "zhangxiao", {"number": receipt.number, "slot": "insurance"}


def _leave_item(world: Any) -> None:
    world.user, world.path = "zhangxiao", {"number": file(world.demo, HOME).number, "slot": "utilities"}
    world.body = {"reason": "不办了"}


def _collect(world: Any) -> None:
    world.user, world.path = "zhangxiao", {"number": file(world.demo, COMPANY).number}


def _leave(world: Any) -> None:
    world.user, world.path = "zhangxiao", {"number": file(world.demo, HOME).number}
    world.body = {"reason": "不办了"}


def _complete(world: Any) -> None:
    _born(world)
    world.body = {"form": {"insured": {"cn_id": NUMBER["insurance"][1]}}}


def _ask_help(world: Any) -> None:
    world.body = {"kind": "assist", "text": "不会上传材料", "place": "LH"}


def _help(world: Any) -> None:
    demo = world.demo
    id = ask_help(actor=demo.actor("zhangxiao"), kind="assist", text="不会上传", place="LH", at=demo.at)
    world.path = {"id": str(id)}


def _help_step(world: Any) -> None:
    _help(world)
    world.user, world.body = "lina", {}
    world.path["step"] = "take"


def _helps(world: Any) -> None:
    _help(world)
    world.path = {}


def _end_priority(world: Any) -> None:
    receipt, demo = _filed(world), world.demo
    give_priority(actor=demo.actor("lina"), number=receipt.number, category="elderly", at=demo.at)


def _ask(world: Any) -> None:
    _filed(world)
    world.body = {"text": "芯片号能否后补？"}


def _asked(world: Any) -> Any:
    receipt, demo = _filed(world), world.demo
    world.user, world.path = "wangqiang", {}
    return ask_specialist(actor=demo.actor("lina"), number=receipt.number, text="芯片号能否后补？", at=demo.at)


def _questions(world: Any) -> None:
    _asked(world)


def _answer(world: Any) -> None:
    world.path, world.body = {"id": str(_asked(world))}, {"text": "可以，五日内补交。"}


def _made_elsewhere(world: Any) -> dict[str, Any]:
    """Taken at a community, granted by the district hall's chief representative: the result lies there."""
    demo = world.demo
    papers = (*demo.example("yangquan-dengji").materials, "application_form")
    receipt = demo.file(demo.actor("wenhui"), applicant=demo.actor("zhangxiao").id, materials=papers)
    same: dict[str, Any] = {"number": receipt.number, "at": demo.at}
    head = accept_case(actor=demo.actor("lina"), version=1, findings={}, **same)
    head = decide_case(actor=demo.actor("chengang"), version=head.version, outcome="grant", reasons="", **same)
    run_waiting()
    world.user, world.path, world.body = "lina", {"number": receipt.number}, {"version": head.version}
    return same


def _send_result(world: Any) -> None:
    _made_elsewhere(world)
    world.body |= {"carrier": "本所通信员"}


def _receive_result(world: Any) -> None:
    same = _made_elsewhere(world)
    head = send_result(actor=world.demo.actor("lina"), carrier="本所通信员", version=world.body["version"], **same)
    world.user, world.body = "wenhui", {"version": head.version}


CASES = {
    "exchange": _exchange,
    "give-priority": _give_priority,
    "end-priority": _end_priority,
    "ask": _ask,
    "transfer": _transfer,
    "ask-correction": _ask_correction,
    "send-result": _send_result,
    "receive-result": _receive_result,
}
