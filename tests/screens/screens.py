"""Every page of the doors, kept by hand: who opens it where. A new route without an entry fails the gate.

Addresses take their values from `world.build`. `name` is the picture's name, when the page is one of those shown in
docs/screens. A screen with `posted` is the answer to a form: faults, a code, a verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# too large a body, posted so often that it is stopped, without the form's token, a bug behind the page
WRONGS = ("large", "often", "tokenless", "broken")


@dataclass(frozen=True, slots=True)
class Screen:
    """One page as one person sees it. `route` is (door, path of the route)."""

    door: str
    route: str
    path: str
    who: str = ""  # user name; nobody signed in when empty
    name: str = ""
    posted: Mapping[str, str] | None = None
    status: int = 200
    elder: bool = True
    wrong: str = ""  # what goes wrong with the form on its way: a name of WRONGS

    def __str__(self) -> str:
        return f"{'POST ' if self.posted is not None else ''}{self.path} ({self.who or 'nobody'})"


def _portal(route: str, path: str | None = None, who: str = "", **more: Any) -> Screen:
    return Screen("portal", route, "/" + (route if path is None else path), who, **more)


def _mine(route: str, path: str | None = None, who: str = "zhangxiao", **more: Any) -> Screen:
    return _portal(route, path, who, **more)


def _staff(door: str, route: str, path: str, who: str, **more: Any) -> Screen:
    return Screen(door, route, f"/{door}/{path}", who, elder=False, **more)


STEP = "my/drafts/<uuid:draft>/step/<str:step>"
CASE = "my/cases/<str:number>"
WRONG_PERSON = {"username": "nobody", "password": "wrong"}
REGISTER = {
    "name": "李",
    "id_type": "111",
    "id_no": "44030319900307900X",
    "mobile": "1",
    "username": "a",
    "password": "1",
}

PORTAL = (
    _portal("", name="home"),
    _mine("", "", name="home-mine"),
    _portal("", "", "wangxiuying", name="home-empty"),
    _portal("help", name="help"),
    _portal("places", name="places"),
    _portal("places", "places?q=没有这个地方"),
    _portal("places/<str:code>", "places/LH", name="place"),
    _portal("places/<str:code>", "places/LH-E01"),
    _portal("items", name="items"),
    _portal("items", "items?q=养狗&audience=person"),
    _portal("items", "items?q=没有这样的事", name="items-none"),
    _portal("items/<str:code>", "items/{item}?applicant_kind=person&housing=rent", name="item"),
    _portal("lists", name="lists"),
    _portal("lists/<str:code>", "lists/at-once-2", name="list"),
    _portal("lists/<str:code>", "lists/district-wide-1"),
    _portal("items/<str:code>", "items/shiye-dengji"),
    _portal("items/<str:code>", "items/fangwu-zulin-beian"),
    _portal("items/<str:code>", "items/getihu-sheli"),
    _portal("items/<str:code>", "items/{item}?applicant_kind=person&housing=own&print=1", name="item-print"),
    _mine("file/<str:item>", "file/{item}", name="filing-who"),
    _mine("file/<str:item>/", "file/{item}/"),
    _mine("my/drafts/<uuid:draft>/discard", "my/drafts/{draft}/discard"),
    _mine(STEP, "my/drafts/{draft}/step/situation", name="filing-situation"),
    _mine(STEP, "my/drafts/{draft}/step/form-owner", name="filing-form"),
    _mine(STEP, "my/drafts/{draft}/step/form-dog", name="filing-dog"),
    _mine(STEP, "my/drafts/{bad}/step/form-owner", name="filing-faults", posted={"/owner/name": "", "/owner/cn_id": "44030319900307900X", "/owner/mobile": "12", "/owner/id_type": "111"}, status=422),
    _mine(STEP, "my/drafts/{draft}/step/materials", name="filing-papers"),
    _mine(STEP, "my/drafts/{draft}/step/check", name="filing-check"),
    _mine(STEP, "my/drafts/{bad}/step/check", name="filing-check-faults"),
    _mine("my/cases", name="my-cases"),
    _portal("my/cases", who="maimaiti"),
    _portal("my/cases", who="qianjin"),
    _mine(CASE, "my/cases/{told}", name="case-asked"),
    _mine(CASE, "my/cases/{accepted}", name="case"),
    _mine(CASE, "my/cases/{ready}", "zhangjie", name="case-ready"),
    _mine(CASE, "my/cases/{lapsed}", "wangxiuying"),
    _mine(CASE, "my/cases/{elsewhere}", "wangxiuying", name="case-elsewhere"),
    _mine(CASE, "my/cases/{refused}", name="case-refused"),
    _mine("file/<str:item>", "file/{item}?previous={refused}"),
    _mine(CASE + "/receipt", "my/cases/{new}/receipt", name="receipt"),
    _mine(CASE + "/clock", "my/cases/{accepted}/clock", name="clock"),
    _mine(CASE + "/papers", "my/cases/{told}/papers", name="supplement"),
    _mine(CASE + "/link", "my/cases/{told}/link"),
    _mine(CASE + "/link", "my/cases/{told}/link", posted={"material": "owner_id"}),
    _mine(CASE, "my/cases/{offered}", name="case-offered"),
    _mine(CASE + "/promise", "my/cases/{offered}/promise", name="promise"),
    _mine(CASE + "/promise", "my/cases/{offered}/promise", posted={"version": "1"}, status=422),
    _mine(CASE + "/promise/decline", "my/cases/{offered}/promise/decline"),
    _mine(CASE + "/correct", "my/cases/{told}/correct", name="correction"),
    _mine(CASE + "/correct", "my/cases/{told}/correct", posted={"target": ""}, status=422),
    _mine(CASE + "/withdraw", "my/cases/{new}/withdraw"),
    _mine(CASE + "/objection", "my/cases/{lapsed}/objection", "wangxiuying"),
    _mine(CASE + "/pick-up", "my/cases/{ready}/pick-up", "zhangjie", posted={}, name="pick-up"),
    _portal("my/company", who="qianjin", name="company"),
    _mine("my/company"),
    _mine("my/service", name="service"),
    _mine("my/agents", name="agents"),
    _portal("my/agents", who="qianjin"),
    _mine("my/agents/give", name="agent-give"),
    _mine("my/agents/give", posted={"name": "", "id_no": "1", "scope": "some", "valid_to": ""}, status=422),
    _mine("my/agents/give", posted={"name": "{agent_name}", "id_no": "{agent_no}", "valid_to": "2027-03-31"}, name="agent-confirm"),
    _portal("my/agents/<uuid:id>/end", "my/agents/{authority}/end", "sunyan"),
    _portal("my/certificates", who="zhangjie", name="certificates"),
    _portal("my/certificates", who="moshengren"),
    _mine("my/certificates/<uuid:id>/about", "my/certificates/{certificate}/about", "zhangjie", name="certificate"),
    _mine("my/certificates/<uuid:id>/about", "my/certificates/{certificate}/proceedings/{proceeding}/defence", "zhangjie", posted={"version": "1", "statement": ""}, status=422),
    _portal("verify", name="verify"),
    _portal("verify", "verify?number={paper}", name="verify-paper"),
    _portal("verify", "verify?number=123456"),
    _portal("progress", name="progress"),
    _portal("progress", posted={"number": "{new}", "code": "{query_code}"}, name="progress-found"),
    _portal("progress", posted={"number": "{new}", "code": "AAAAAAAA"}, status=404),
    _portal("h/"),
    _portal("h/", posted={"code": "AAAAAAAA"}, status=404),
    _portal("h/<str:code>", "h/{answer}", name="heard"),
    _portal("h/<str:code>", "h/{answer}", posted={"words": ""}, status=422),
    _mine("my/notices", name="notices"),
    _mine("my/notices", "my/notices", "moshengren"),
    _mine("my/notices/<uuid:notice>", "my/notices/{notice}"),
    _portal("s/"),
    _portal("s/<str:code>", "s/{link}", name="supply"),
    _portal("s/<str:code>/done", "s/{link}/done"),
    _portal("sign-in", name="sign-in"),
    _portal("sign-in", posted=WRONG_PERSON, status=422),
    _portal("sign-in/code", posted={"mobile": "13800000{turn}"}),
    _portal("register"),
    _portal("register", posted=REGISTER, status=422, name="register-faults"),
    _mine("password"),
    Screen("portal", "password", "/password", "lina", elder=False),
    _mine("my/account", name="account"),
    _mine("my/account", posted={"step": "send", "email": "nobody"}, status=422),
    _mine("my/account", posted={"step": "send", "email": "xiao{turn}@example.com"}, name="account-code"),
    _mine("my/messages", name="messages"),
    _portal("my/messages", who="moshengren"),
    Screen("portal", "my/messages", "/my/messages", "lina", elder=False),
    _mine("my/looks", name="looks"),
    _portal("my/looks", who="moshengren"),
    _portal("dev/outbox", name="outbox"),
    _mine("my/help", name="helps"),
    _portal("my/help", who="moshengren"),
    _mine("my/help/new", "my/help/new?item={item}", name="help-ask"),
    _mine("my/help/new", "my/help/new?item={item}", posted={"kind": "visit", "text": ""}, status=422),
    _mine("my/help/<uuid:help>", "my/help/{helped}", name="help-steps"),
    _portal("my/help/<uuid:help>", "my/help/{help_open}", "maimaiti"),
)  # fmt: skip

DESK, C = "intake/<uuid:party>/<str:code>/", "cases/<str:number>/"
COUNTER = (
    _staff("counter", "", "", "lina", name="desk"),
    _staff("counter", "", "", "zhaomin", name="desk-empty"),
    _staff("counter", "", "", "wenhui", name="desk-elsewhere"),
    _staff("counter", C, "cases/{elsewhere}/", "wenhui", name="counter-elsewhere"),
    _staff("counter", C, "cases/{elsewhere}/", "lina", name="answers-elsewhere"),
    _staff("counter", "ready/", "ready/", "wenhui", name="ready-elsewhere"),
    _staff("counter", "", "?q=nothing", "lina"),
    _staff("counter", "intake/", "intake/", "lina", name="intake"),
    _staff("counter", "intake/", "intake/", "lina", posted={"step": "find", "id_type": "111", "id_no": "440303199003079"}, status=422),
    _staff("counter", "intake/", "intake/", "lina", posted={"step": "find", "id_type": "111", "id_no": "440303199909099996"}),
    _staff("counter", "intake/<uuid:party>/", "intake/{party}/", "lina", name="intake-item"),
    _staff("counter", "service/<uuid:party>/", "service/{party}/", "lina", name="counter-service"),
    _staff("counter", "intake/<uuid:party>/", "intake/{party}/?q=没有这样的事", "lina"),
    _staff("counter", DESK, "intake/{party}/{item}/", "lina"),
    _staff("counter", DESK, "intake/{party}/{item}/", "lina", posted={"step": "file", "answer:applicant_kind": "person", "answer:housing": "own"}, status=422, name="intake-form"),
    _staff("counter", DESK, "intake/{party}/{item}/?agent={receiver}", "lina"),
    _staff("counter", C, "cases/{new}/", "lina", name="counter-case"),
    _staff("counter", C, "cases/{told}/", "lina"),
    _staff("counter", C, "cases/{offered}/", "lina"),
    _staff("counter", C, "cases/{ready}/", "zhoujie"),
    _staff("counter", C, "cases/{accepted}/", "chengang"),
    _staff("counter", C + "accept/", "cases/{new}/accept/", "lina", posted={"version": "{version}", "state:owner_id": "faulty"}, status=422, name="counter-faults"),
    _staff("counter", C + "transfer/", "cases/{new}/transfer/", "lina", name="transfer"),
    _staff("counter", C + "correct/", "cases/{new}/correct/", "lina"),
    _staff("counter", C + "clock/", "cases/{accepted}/clock/", "lina"),
    _staff("counter", C + "unmask/", "cases/{new}/unmask/", "lina", posted={"field": "id_no", "reason": "核对证件"}),
    _staff("counter", C + "hand-over/", "cases/{ready}/hand-over/", "zhoujie", name="hand-over"),
    _staff("counter", "ready/", "ready/", "zhoujie", name="ready"),
    _staff("counter", "help/", "help/", "lina", name="counter-helps"),
    _staff("counter", "help/", "help/", "zhaomin"),
    _staff("counter", "help/new/<uuid:party>/", "help/new/{party}/", "lina"),
    _staff("counter", "help/new/<uuid:party>/", "help/new/{party}/", "lina", posted={"kind": "visit", "text": ""}, status=422, name="counter-help-ask"),
    _staff("counter", "help/<uuid:help>/", "help/{helped}/", "lina", name="counter-help"),
    _staff("counter", "help/<uuid:help>/", "help/{help_open}/", "lina"),
)  # fmt: skip

OFFICE = (
    _staff("office", "items/", "items/", "wangqiang", name="office-items"),
    _staff("office", "", "", "wangqiang", name="office"),
    _staff("office", "", "?state=claimed", "wangqiang", name="office-empty"),
    _staff("office", "questions/", "questions/", "wangqiang", name="office-questions"),
    _staff("office", "questions/", "questions/", "sunli"),
    _staff("office", "duty/", "duty/", "linfang", name="office-duty"),
    _staff("office", "duty/", "duty/", "wangqiang"),
    _staff("office", "duty/", "duty/", "linfang", posted={"department": "CGZF", "half": ""}, status=422),
    _staff("office", C, "cases/{elsewhere}/", "wangqiang", name="office-elsewhere"),
    _staff("office", "cases/", "cases/", "wangqiang", name="office-cases"),
    _staff("office", "cases/", "cases/?q=nothing", "wangqiang"),
    _staff("office", C, "cases/{accepted}/", "wangqiang", name="office-case"),
    _staff("office", C, "cases/{accepted}/", "linfang"),
    _staff("office", C, "cases/{lapsed}/", "huanghai"),
    _staff("office", C, "cases/{told}/", "huanghai"),
    _staff("office", "archive/", "archive/", "wangqiang", name="office-archive"),
    _staff("office", "archive/", "archive/?q=nothing", "wangqiang"),
    _staff("office", "archive/appraisals/", "archive/appraisals/", "wangqiang", name="office-appraisals"),
    _staff("office", "archive/appraisals/", "archive/appraisals/", "sunli"),
    _staff("office", "archive/<uuid:package>/appraisal/", "archive/{due}/appraisal/", "wangqiang", name="office-appraisal"),
    _staff("office", "archive/<uuid:package>/appraisal/", "archive/{waiting}/appraisal/", "linfang", name="office-appraisal-answer"),
    _staff("office", "archive/<uuid:package>/appraisal/", "archive/{due}/appraisal/", "wangqiang", posted={"outcome": "extend"}, status=422),
    _staff("office", "certificates/", "certificates/", "wangqiang", name="office-certificates"),
    _staff("office", "certificates/", "certificates/?q=nothing", "wangqiang"),
    _staff("office", "certificates/<uuid:id>/", "certificates/{certificate}/", "wangqiang", name="office-certificate"),
    _staff("office", "certificates/<uuid:id>/", "certificates/{plain}/", "linfang"),
    _staff("office", "certificates/<uuid:id>/open/", "certificates/{plain}/open/", "wangqiang", posted={"ground": "", "facts": ""}, status=422),
    _staff("office", "supervision/", "supervision/", "huanghai"),
    _staff("office", "supervision/", "supervision/", "mali"),
    _staff("office", "supervision/", "supervision/", "sunli"),
    _staff("office", C, "cases/{late}/", "huanghai"),
    _staff("office", C + "urge/", "cases/{late}/urge/", "huanghai", posted={"words": ""}, status=422),
    _staff("office", C + "decide/", "cases/{accepted}/decide/", "linfang", posted={"version": "1", "outcome": "deny", "reasons": ""}, status=409),
    _staff("office", C, "cases/{heard}/", "wangqiang", name="office-heard"),
    _staff("office", C, "cases/{heard}/", "linfang", name="office-extension"),
    _staff("office", C + "transfer/", "cases/{accepted}/transfer/", "linfang"),
    _staff("office", C + "correct/", "cases/{elsewhere}/correct/", "linfang"),
    _staff("office", "corrections/", "corrections/", "linfang", name="corrections"),
    _staff("office", "corrections/", "corrections/", "sunli"),
    _staff("office", C + "clock/", "cases/{accepted}/clock/", "wangqiang", name="office-clock"),
    _staff("office", C + "unmask/", "cases/{accepted}/unmask/", "wangqiang", posted={"field": "mobile", "reason": "联系申请人"}),
)  # fmt: skip

CONSOLE = (
    _staff("console", "", "", "anning", name="console"),
    _staff("console", "", "", "shilei"),
    _staff("console", "", "", "mali"),
    _staff("console", "staff/", "staff/", "anning", name="console-staff"),
    _staff("console", "staff/", "staff/?q=没有这个人", "shilei"),
    _staff("console", "staff/new/", "staff/new/", "shilei"),
    _staff("console", "staff/new/", "staff/new/", "shilei", posted={"name": "", "staff_no": "*", "username": "x", "phone": "12", "password": "1"}, status=422),
    _staff("console", "staff/<uuid:staff>/", "staff/{staff}/", "shenjing"),
    _staff("console", "staff/<uuid:staff>/account/", "staff/{staff}/account/", "shilei"),
    _staff("console", "staff/<uuid:staff>/password/", "staff/{staff}/password/", "shilei"),
    _staff("console", "staff/<uuid:staff>/password/", "staff/{staff}/password/", "shilei", posted={"act": "password", "password": "1"}, status=422),
    _staff("console", "staff/<uuid:staff>/powers/", "staff/{staff}/powers/", "anning", name="console-powers"),
    _staff("console", "staff/<uuid:staff>/powers/", "staff/{staff}/powers/", "anning", posted={"act": "grant", "role": "king", "valid_to": "2020-01-01"}, status=422),
    _staff("console", "places/", "places/", "shilei"),
    _staff("console", "places/", "places/?q=没有这个地方", "mali"),
    _staff("console", "places/new/", "places/new/", "shilei"),
    _staff("console", "places/new/", "places/new/", "shilei", posted={"code": "*", "week/0": "x"}, status=422),
    _staff("console", "places/<str:code>/", "places/LH/", "mali", name="console-place"),
    _staff("console", "places/<str:code>/", "places/LH/?window=1", "shilei"),
    _staff("console", "places/<str:code>/", "places/LH/", "mali", posted={"act": "special", "day": "2020-01-01"}, status=422),
    _staff("console", "places/<str:code>/", "places/LH/", "mali", posted={"act": "window", "number": "*", "window_kind": "special"}, status=422),
    _staff("console", "second/", "second/", "chengyuan", name="console-second"),
    _staff("console", "second/ask/", "second/ask/?act=close_department&args=%7B%22code%22%3A%22GDGS%22%7D", "shilei", name="console-second-ask"),
    _staff("console", "second/<uuid:proposal>/", "second/{proposal}/", "chengyuan", name="console-second-one"),
    _staff("console", "second/<uuid:proposal>/", "second/{proposal}/", "shilei"),
    _staff("console", "departments/", "departments/", "shilei", name="console-departments"),
    _staff("console", "departments/", "departments/?q=没有这个部门", "shilei"),
    _staff("console", "departments/new/", "departments/new/", "shilei"),
    _staff("console", "departments/new/", "departments/new/", "shilei", posted={"code": "*", "kind": "statutory", "uscc": "1"}, status=422),
    _staff("console", "departments/<str:code>/", "departments/CGZF/", "shilei", name="console-department"),
    _staff("console", "departments/<str:code>/", "departments/CGZF/?post=CGZF.street_review", "shilei"),
    _staff("console", "departments/<str:code>/", "departments/CGZF/", "shilei", posted={"act": "close"}, status=409),
    _staff("console", "departments/<str:code>/", "departments/CGZF/", "shilei", posted={"act": "post", "does": "review", "post": "*"}, status=422),
    _staff("console", "posts/", "posts/", "anning", name="console-posts"),
    _staff("console", "posts/", "posts/?department=GDGS&state=empty", "shenjing"),
    _staff("console", "assignments/", "assignments/", "shilei", name="console-assignments"),
    _staff("console", "assignments/", "assignments/?organ=YSYH", "wuqian"),
    _staff("console", "assignments/", "assignments/", "shilei", posted={"department": ""}, status=422),
    _staff("console", "authorisations/", "authorisations/", "chengang", name="console-authorisations"),
    _staff("console", "authorisations/", "authorisations/", "chengang", posted={"act": "grant"}, status=422),
    _staff("console", "calendar/", "calendar/", "shilei", name="console-calendar"),
    _staff("console", "calendar/", "calendar/?year=2027", "shilei", posted={"act": "confirm"}, status=422),
    _staff("console", "messages/", "messages/", "shilei", name="console-messages"),
    _staff("console", "messages/", "messages/?only=parked", "shenjing"),
    _staff("console", "ledger/", "ledger/", "shenjing", name="console-ledger"),
    _staff("console", "", "", "wuqian"),
    _staff("console", "items/", "items/", "wuqian"),
    _staff("console", "items/", "items/?q=没有这样的事", "wuqian"),
    _staff("console", "items/<str:code>/", "items/{newer}/", "wuqian", name="console-item"),
    _staff("console", "items/<str:code>/", "items/{faulty}/", "wuqian", name="console-item-faults"),
    _staff("console", "items/<str:code>/", "items/{item}/", "wuqian", posted={"act": "withdraw", "ends_at": "2020-01-01T00:00"}, status=422),
    _staff("console", "items/<str:code>/moving/", "items/{item}/moving/", "wuqian"),
    _staff("console", "items/<str:code>/moving/", "items/{moved}/moving/", "wuqian", name="console-moving"),
    _staff("console", "items/<str:code>/process/", "items/{moved}/process/", "wuqian", name="console-rerouting"),
    _staff("console", "items/<str:code>/process/", "items/{moved}/process/?to-street_review=first_check&to-decide=decide", "wuqian"),
    _staff("console", "items/<str:code>/flow/", "items/shebao-chaxun/flow/", "wuqian", name="console-process"),
    _staff("console", "items/<str:code>/flow/", "items/shebao-chaxun/flow/", "wuqian", posted={"content": "<a"}, status=422),
    _staff("console", "items/<str:code>/decision/", "items/shebao-chaxun/decision/", "wuqian", name="console-decision"),
    _staff("console", "items/<str:code>/decision/", "items/shebao-chaxun/decision/", "wuqian", posted={"content": "<a"}, status=422),
    _staff("console", "workbooks/", "workbooks/", "wuqian", name="console-workbooks"),
    _staff("console", "workbooks/", "workbooks/", "wuqian", posted={"act": "look"}, status=422),
    _staff("console", "workbooks/", "workbooks/", "wuqian", posted={"act": "look", "workbook": "0755-00001234"}, name="console-workbook"),
    _staff("console", "lists/", "lists/", "wuqian", name="console-lists"),
    _staff("console", "registry/", "registry/", "wuqian", name="console-registry"),
    _staff("console", "registry/", "registry/", "shilei"),
    _staff("console", "registry/batches/", "registry/batches/", "wuqian", name="console-batches"),
    _staff("console", "registry/batches/", "registry/batches/", "wuqian", posted={"base": "people", "source": "*"}, status=422),
    _staff("console", "registry/batches/<uuid:batch>/", "registry/batches/{batch}/", "wuqian", name="console-batch"),
    _staff("console", "registry/contradictions/", "registry/contradictions/", "wuqian", name="console-contradictions"),
    _staff("console", "registry/contradictions/", "registry/contradictions/?state=settled", "wuqian"),
    _staff("console", "registry/contradictions/", "registry/contradictions/", "wuqian", posted={"contradiction": "{clash}", "keep": "nobody", "reason": ""}, status=422),
    _staff("console", "searches/", "searches/?words=溜宠物", "wuqian", name="console-searches"),
    _staff("console", "searches/", "searches/", "wuqian", posted={"words": "", "item": ""}, status=422),
)  # fmt: skip

FAULTS = (  # what goes wrong: not there, not yours, signed out in the middle of a form
    _portal("nothing", name="not-found", status=404),
    _mine(CASE, "my/cases/{told}", "moshengren", status=404),
    _staff("counter", C, "cases/{new}/", "zhaomin", status=404),
    _portal("my/cases", who="lina", status=403, name="staff-here"),
    _portal("my/drafts/<uuid:draft>/submit", "my/drafts/{bad}/submit", status=405, name="no-page"),
    _portal(STEP, "my/drafts/{bad}/step/form-owner", posted={"/owner/name": "张晓"}, status=401, name="signed-out"),
    _portal("s/<str:code>", "s/AAAAAAAA", status=404),
    _portal("progress", posted={"number": "1"}, wrong="large", status=413, name="too-large"),
    _portal("s/", posted={"code": "ABCD2345"}, wrong="often", status=429, name="too-often"),
    _portal(
        "progress", posted={"number": "{new}", "code": "AAAAAAAA"}, wrong="tokenless", status=403, name="tokenless"
    ),
    _portal("progress", posted={"number": "{new}", "code": "AAAAAAAA"}, wrong="broken", status=500, name="broken"),
    _staff(
        "counter",
        "intake/",
        "intake/",
        "lina",
        posted={"step": "find", "id_type": "111", "id_no": "440303199909099996"},
        wrong="tokenless",
        status=403,
    ),
    _staff(
        "counter",
        "intake/",
        "intake/",
        "lina",
        posted={"step": "find", "id_type": "111", "id_no": "440303199909099996"},
        wrong="broken",
        status=500,
    ),
)

SCREENS = (*PORTAL, *COUNTER, *OFFICE, *CONSOLE, *FAULTS)

# Addresses one can GET that are no page: (door, path) → why.
NO_PAGE = {
    ("portal", "items/<str:code>/start"): "leads on to the filing",
    ("portal", "my/drafts/<uuid:draft>"): "leads on to the step where the draft was left",
    ("portal", CASE + "/certificate"): "a PDF",
    ("portal", "my/documents/<uuid:document>"): "a PDF",
    ("portal", "my/files/<uuid:upload>"): "a file",
    ("portal", "my/certificates/<uuid:id>"): "a PDF",
    ("portal", "verify/<str:code>"): "leads on to verify",
    ("counter", "documents/<uuid:document>/"): "a PDF",
    ("counter", "cases/<str:number>/certificate/"): "a PDF",
    ("counter", "uploads/<uuid:upload>/"): "a file",
    ("console", "workbooks/export"): "a workbook",
    ("console", "items/<str:code>/flow/file"): "a BPMN file",
    ("console", "items/<str:code>/decision/file"): "a DMN file",
    ("office", "documents/<uuid:document>/"): "a PDF",
    ("office", "archive/<uuid:package>/"): "a ZIP",
    ("office", "uploads/<uuid:upload>/"): "a file",
}
