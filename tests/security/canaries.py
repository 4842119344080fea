"""One person whose every value is told apart from everything else, and her case from filing to the certificate."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.security.world import ITEM, Things, picture

ID_NO = "440303199107139263"  # region 罗湖, sequence digits of synthetic people
SECRETS = {  # what only she, and who must, may see
    "name": "金丝雀儿",
    "id_no": ID_NO,
    "mobile": "19900008731",
    "address": "金丝雀巷柒佰柒拾柒号",
    "password": "Kanarienvogel-2026-geheim",
    "wrong password": "Kanarienvogel-2026-falsch",
    "form text": "小名叫黄嘴唧唧",
    "draft text": "草稿里的黄嘴喳喳",
    "file name": "黄嘴唧唧的身份证",
    "file content": "KANARIE-IN-DER-AKTE",
    "opinion": "审查意见黄嘴吱吱",
    "reason": "撤回理由黄嘴啾啾",
    "corrected": "更正成黄嘴喈喈",
    "why corrected": "写错了黄嘴嘤嘤",
    "help": "不会弄黄嘴叽叽",
    "help address": "上门到黄嘴巷捌佰号",
    "help step": "讲解了黄嘴呖呖",
    "look reason": "核对黄嘴咕咕",
}


@dataclass
class Bird:
    """She, her things, and every answer that she or her clerks got on the way."""

    at: Any
    party: UUID
    secrets: dict[str, str]
    things: Things
    answers: list[Any] = field(default_factory=list)
    wal_from: str = ""  # where the database's write-ahead log stood when her life began


def paper() -> bytes:
    """A PDF with a text in it that nobody else has."""
    made, pdf = BytesIO(), pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    page.Contents = pdf.make_stream(f"% {SECRETS['file content']}\nBT ({SECRETS['file content']}) Tj ET".encode())
    pdf.save(made, compress_streams=False)
    return made.getvalue()


class Program:
    """Somebody who calls the API, and keeps what came back."""

    def __init__(self, bird_answers: list[Any], token: str) -> None:
        self.answers, self.client = bird_answers, Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: Any = None, **files: Any) -> Any:
        headers = {**self.headers, "Idempotency-Key": str(uuid4())}
        more: dict[str, Any] = (
            {"data": files} if files else {"data": json.dumps(body), "content_type": "application/json"}
        )
        answer = self.client.post(f"/api/v1/{path}", headers=headers, **more)
        self.answers.append(answer)
        assert answer.status_code < 300, answer.content.decode()[:1000]
        return answer.json()


def sign_in(answers: list[Any], username: str, password: str) -> Client:
    """A browser in which somebody signed in."""
    browser = Client(raise_request_exception=False)
    answers.append(browser.post("/sign-in", {"username": username, "password": password}))
    assert answers[-1].status_code == 302
    return browser


def live_through(demo: Any, tokens: dict[str, str]) -> Bird:
    """Everything that happens to her, through the doors wherever there is one."""
    from yichuang.core.actors import SYSTEM
    from yichuang.people import cast
    from yichuang.people.commands import issue_token, open_account, register_party

    secrets, answers = dict(SECRETS), []
    party = register_party(
        actor=SYSTEM, kind="person", name=secrets["name"], id_type="111", id_no=ID_NO, mobile=secrets["mobile"],
        address=f"深圳市罗湖区桂园街道老围社区{secrets['address']}", birth_date=date(1991, 7, 13), at=demo.at,
    )  # fmt: skip
    account = open_account(
        actor=SYSTEM, party=party, phone=secrets["mobile"], username="bird", password=secrets["password"],
        must_change=False, at=demo.at,
    )  # fmt: skip
    secrets["token"] = issue_token(account=account, at=demo.at)
    her, clerk = Program(answers, secrets["token"]), Program(answers, tokens["lina"])
    first, second, third = (_file(her, demo, nth) for nth in ("1", "2", "3"))
    secrets |= {f"query code {n}": case["query_code"] for n, case in enumerate((first, second, third), 1)}
    browser = sign_in(answers, "bird", secrets["password"])
    draft = _draft(browser, answers)
    things = _through_the_house(demo, her, clerk, Program(answers, tokens["wangqiang"]), first, answers)
    _turned(her, Program(answers, tokens["lina"]), third)
    secrets["link code"] = _withdrawn(her, clerk, second)
    window = sign_in(answers, "lina", cast.PASSWORD)
    answers.append(
        window.post(f"/counter/cases/{third['number']}/unmask/", {"field": "mobile", "reason": SECRETS["look reason"]})
    )
    answers.append(window.post("/counter/intake/", {"id_type": "111", "id_no": ID_NO}))
    _mistakes(answers, third)
    return Bird(
        demo.at, party, secrets, replace(things, draft=draft, applicant=party, waiting=third["number"]), answers
    )


def _file(her: Program, demo: Any, nth: str) -> Any:
    example = demo.example(ITEM)
    form = {
        **example.form,
        "owner": {"name": SECRETS["name"], "id_type": "111", "cn_id": ID_NO, "mobile": SECRETS["mobile"]},
        "address": {**example.form["address"], "detail": f"{SECRETS['address']}{nth}室"},
        "dog": {**example.form["dog"], "chip": f"99900000000095{nth}", "colour": SECRETS["form text"]},
    }
    materials = {}
    for code in example.materials[: 4 if nth == "1" else 3]:
        kind, content = ("png", picture()) if code == "dog_photos" else ("pdf", paper())
        sent = 2 if code == "dog_photos" else 1  # from the front and from the side
        named = f"{SECRETS['file name']}.{kind}"
        materials[code] = [her.post("uploads", file=SimpleUploadedFile(named, content))["id"] for _ in range(sent)]
    return her.post("cases", {"item": ITEM, "answers": example.answers, "form": form, "materials": materials})


def _draft(browser: Client, answers: list[Any]) -> UUID:
    answers.append(browser.post(f"/file/{ITEM}", {}))
    address = answers[-1]["location"].split("/step/")[0]
    answers.append(browser.post(f"{address}/step/situation", {"applicant_kind": "person", "housing": "own"}))
    typed = {"/owner/cn_id": ID_NO, "/owner/mobile": SECRETS["mobile"], "/dog/name": SECRETS["draft text"]}
    for step in ("form/save", "form"):
        answers.append(browser.post(f"{address}/step/{step}", typed))
    return UUID(address.rsplit("/", 1)[-1])


def _through_the_house(
    demo: Any, her: Program, clerk: Program, reviewer: Program, case: Any, answers: list[Any]
) -> Things:
    """Accepted, reviewed, granted, rendered, handed over."""
    from yichuang.cases.commands.decide import decide_case
    from yichuang.cases.models import Document, MaterialFile
    from yichuang.core import jobs
    from yichuang.engine.queries import tasks_of
    from yichuang.issuing.commands import render_certificate, render_document
    from yichuang.registry.queries import certificate_of_subject

    number = case["number"]
    head = clerk.post(f"cases/{number}/actions/accept", {"version": case["version"], "findings": {}})
    case_id = Document.objects.get(id=case["receipt"]).case_id
    task = tasks_of(("case", case_id))[0].id
    reviewer.post(f"tasks/{task}/actions/claim", {"version": head["version"]})
    done = reviewer.post(f"tasks/{task}/actions/complete", {"outcome": "agree", "opinion": SECRETS["opinion"]})
    decide_case(
        actor=demo.actor("linfang"), number=number, version=done["version"], outcome="grant", reasons="", at=demo.at
    )
    certificate = certificate_of_subject("case", case_id)
    assert certificate is not None
    render_certificate(certificate.id)
    document = Document.objects.filter(case_id=case_id).order_by("id")[0].id
    render_document(document)
    jobs.run_waiting()
    state = her.client.get(f"/api/v1/cases/{number}", headers=her.headers).json()
    desk = sign_in(answers, "zhoujie", "Demo-2026-yichuang")
    given = {"version": state["version"], "identity": ID_NO, "receiver_name": SECRETS["name"]}
    answers.append(desk.post(f"/counter/cases/{number}/hand-over/", given))
    return Things(
        reviewed=_Number(number), granted=number, waiting=number, lapsed=number, task=task, document=document,
        upload=MaterialFile.objects.get(material__case_id=case_id, material__code="owner_id").upload_id,
        draft=task, certificate=certificate.id, applicant=certificate.holder, code="",
        proceeding=task,  # none was opened
        notice=task,  # none was written
        package=task,  # nothing is archived yet
    )  # fmt: skip


@dataclass(frozen=True)
class _Number:
    number: str


def _turned(her: Program, clerk: Program, case: Any) -> None:
    """A slip that she asks to mend, and a visit that she asks for."""
    line = {"target": "form:/dog/name", "new": SECRETS["corrected"]}
    asked = her.post(
        f"cases/{case['number']}/actions/ask-correction", {"lines": [line], "reason": SECRETS["why corrected"]}
    )
    clerk.post(f"corrections/{asked['id']}/make", {})
    visit = {"kind": "visit", "text": SECRETS["help"], "place": "LH", "item": ITEM, "address": SECRETS["help address"]}
    help_id = her.post("help", {**visit, "consents": ["home"]})["id"]
    clerk.post(f"help/{help_id}/take", {})
    clerk.post(f"help/{help_id}/note", {"text": SECRETS["help step"]})


def _withdrawn(her: Program, clerk: Program, case: Any) -> str:
    """Accepted on a promise, a supply link made, then withdrawn; the code of the link."""
    path = f"cases/{case['number']}/actions"
    head = clerk.post(f"{path}/accept-with-gaps", {"version": case["version"], "promise_signed": True})
    code = her.post(f"{path}/supply-link", {"materials": []})["code"]
    her.client.get(f"/s/{code}")
    her.post(f"{path}/withdraw", {"version": head["version"], "reason": SECRETS["reason"]})
    return str(code)


def _mistakes(answers: list[Any], case: Any) -> None:
    """What people type where it does not belong, and what goes wrong."""
    nobody = Client(raise_request_exception=False)
    for path, typed in (
        ("/sign-in", {"username": "bird", "password": SECRETS["wrong password"]}),
        ("/sign-in", {"username": ID_NO, "password": SECRETS["password"]}),
        ("/sign-in/code", {"mobile": SECRETS["mobile"]}),
        ("/sign-in/code", {"mobile": SECRETS["mobile"], "step": "2", "code": "000000"}),
        ("/progress", {"number": case["number"], "code": "AAAAAAAA"}),
        ("/progress", {"number": ID_NO, "code": case["query_code"]}),
        ("/verify", {"number": ID_NO}),
        ("/api/v1/verify", {"number": SECRETS["mobile"]}),
    ):
        answers.append(nobody.post(path, typed))
    for query in (ID_NO, SECRETS["mobile"], f"{SECRETS['name']} {ID_NO}"):
        answers.append(nobody.get("/items", {"q": query}))
        answers.append(nobody.get("/api/v1/items", {"q": query}))
