"""Every fault point of the house, in every main act: killed or failing there, nothing of the act is left, and doing it
again finishes it exactly once.

One test loads the demo once and commits for real. A kill is real too: a forked child runs the act with the point armed
and dies by SIGKILL in the middle of its transaction.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, wraps
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connections, transaction
from tests.bundles import filings as packages
from tests.cases.at_once import JOB, SHOP, form_of, let
from tests.cases.at_once import file as file_for_rules
from tests.cases.driver import answer_of, trace
from tests.cases.test_checks import Shop
from tests.cases.test_life_of_a_case import DOG, review_all
from tests.demo import Demo
from tests.engine.processes import bpmn
from tests.engine.processes import work as service
from tests.faults import booking_acts, node_acts
from tests.visits.booked import BookedHall

from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.commands.move import settle_bundle
from yichuang.cases.commands import at_once
from yichuang.cases.commands import file_case as file_commands
from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps, deem_accepted
from yichuang.cases.commands.checks import arrange_check
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.drafts import store_upload
from yichuang.cases.commands.end import lapse_promise, withdraw_case
from yichuang.cases.commands.file_case import Filing, file_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.proceedings import end_certificate, open_proceeding
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.commands.work import do_work
from yichuang.cases.instant import Mode
from yichuang.cases.models import Case
from yichuang.cases.queries import case_record
from yichuang.cases.turns import Wish
from yichuang.cases.values import Receipt, RefusalKind
from yichuang.catalog.commands import CLOSE
from yichuang.core import faults, ledger, second
from yichuang.core.actors import SYSTEM, Actor, Channel
from yichuang.core.jobs import run_waiting
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine.queries import waits_of
from yichuang.issuing.commands import archive_case, exchange_paper, hand_over, render_certificate, render_document
from yichuang.issuing.commands.prepare import prepare_result
from yichuang.people import queries as people
from yichuang.people.values import Proof
from yichuang.registry.commands import ask
from yichuang.registry.queries import certificate_of_subject
from yichuang.registry.values import Base, Ground, Purpose, Question

# the child does nothing but the act, and dies: the threads of the test runner that it lacks are not missed
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")]
ALL_BUT_PHOTOS = ("owner_id", "property_certificate", "immunity_certificate")
ALL_BUT_ID = ("property_certificate", "immunity_certificate", "dog_photos")
Run = Callable[[], Any]


@dataclass
class Scene:
    """The demo with cases that do not stand in each other's way: each dog has its own chip and home."""

    demo: Demo
    numbers: count
    certificate: str = ""

    @cached_property
    def hall(self) -> BookedHall:
        return BookedHall.open_to(self.demo)

    def form(self) -> dict[str, Any]:
        nth, example = next(self.numbers), self.demo.example(DOG).form
        return {
            **example,
            "dog": {**example["dog"], "chip": f"9990000000002{nth:02d}"},
            "address": {**example["address"], "detail": f"桂园社区桂园路 {nth} 号"},
        }

    def filed(self, materials: tuple[str, ...] | None = None) -> dict[str, Any]:
        receipt = self.demo.file(self.demo.actor("zhangxiao"), form=self.form(), materials=materials)
        return {"number": receipt.number, "version": receipt.version, "at": self.demo.at}

    def case(self, of: dict[str, Any]) -> Case:
        return Case.objects.get(number=of["number"])

    def accepted(self, materials: tuple[str, ...] | None = None) -> dict[str, Any]:
        of, li = self.filed(materials), self.demo.actor("lina")
        if materials is None:
            head = accept_case(actor=li, **of, findings={})
        else:
            head = accept_with_gaps(actor=li, **of, findings={}, promise_signed=True)
        return {**of, "version": head.version}

    def reviewed(self, materials: tuple[str, ...] | None = None) -> dict[str, Any]:
        of = self.accepted(materials)
        return {**of, "version": review_all(self.demo, self.case(of).id, of["version"], "wangqiang")}

    def granted(self, materials: tuple[str, ...] | None = None) -> dict[str, Any]:
        of = self.reviewed(materials)
        head = decide_case(actor=self.demo.actor("linfang"), **of, outcome="grant", reasons="")
        return {**of, "version": head.version}


def file(scene: Scene) -> Run:
    zhang, example = scene.demo.actor("zhangxiao"), scene.demo.example(DOG)
    materials = {code: [scene.demo.upload(zhang)] for code in example.materials}
    filing = Filing(DOG, None, example.answers, scene.form(), materials, zhang.id)
    return lambda: file_case(actor=zhang, filing=filing, key="the-same-key", at=scene.demo.at)


def upload(scene: Scene) -> Run:
    zhang = scene.demo.actor("zhangxiao")
    return lambda: store_upload(
        actor=zhang, name="a.pdf", kind="pdf", content=b"%PDF-1.4", pages=1, sha256="0" * 64, at=scene.demo.at
    )


def accept(scene: Scene) -> Run:
    of, li = scene.filed(), scene.demo.actor("lina")
    return lambda: accept_case(actor=li, **of, findings={})


def accept_on_promise(scene: Scene) -> Run:
    of, li = scene.filed(ALL_BUT_PHOTOS), scene.demo.actor("lina")
    return lambda: accept_with_gaps(actor=li, **of, findings={}, promise_signed=True)


def notify(scene: Scene) -> Run:
    of, li = scene.filed(), scene.demo.actor("lina")
    faulty = {"dog_photos": MaterialFinding("faulty", "模糊")}
    return lambda: notify_gaps(actor=li, **of, findings=faulty)


def refuse(scene: Scene) -> Run:
    of, li = scene.filed(), scene.demo.actor("lina")
    return lambda: refuse_case(actor=li, **of, kind=RefusalKind.NOT_ACCEPTED, reason="不符合条件")


def deny(scene: Scene) -> Run:
    of, lin = scene.reviewed(), scene.demo.actor("linfang")
    return lambda: decide_case(actor=lin, **of, outcome="deny", reasons="超过限养数量", basis=["L2"])


def grant(scene: Scene) -> Run:
    of, lin = scene.reviewed(), scene.demo.actor("linfang")
    return lambda: decide_case(actor=lin, **of, outcome="grant", reasons="")


def render(scene: Scene) -> Run:
    certificate = certificate_of_subject("case", scene.case(scene.granted()).id)
    assert certificate is not None
    scene.certificate = str(certificate.id)
    return lambda: render_certificate(certificate.id)


def issue(scene: Scene) -> Run:
    """The certificate is made before, in a transaction of its own: a lost one is made again."""
    case = scene.case(scene.granted())
    certificate = certificate_of_subject("case", case.id)
    assert certificate is not None
    render_certificate(certificate.id)
    return lambda: prepare_result(case=case.id, certificate=certificate.id, physical=True, at=scene.demo.at)


def give_out(scene: Scene) -> Run:
    of, zhou = scene.granted(), scene.demo.actor("zhoujie")
    run_waiting()
    party = people.get_party(scene.demo.actor("zhangxiao").id)
    version = scene.case(of).version
    return lambda: hand_over(
        actor=zhou, number=of["number"], version=version, identity=party.id_no, receiver_name=party.name, at=of["at"]
    )


def exchange(scene: Scene) -> Run:
    """换领 of what was corrected after the old paper had gone out."""
    of, zhou = scene.granted(), scene.demo.actor("zhoujie")
    run_waiting()
    party, case = people.get_party(scene.demo.actor("zhangxiao").id), scene.case(of)
    told = {"actor": zhou, "number": of["number"], "identity": party.id_no, "receiver_name": party.name, "at": of["at"]}
    hand_over(version=case.version, **told)
    wish = Wish("form:/dog/colour", "黑白")
    asked = ask_correction(
        actor=scene.demo.actor("zhangxiao"), number=case.number, wishes=[wish], reason="写错", at=scene.demo.at
    )
    make_correction(actor=scene.demo.actor("linfang"), correction=asked, at=scene.demo.at)
    run_waiting()
    return lambda: exchange_paper(**told, version=2, old_paper="returned", reason="")


def link_serves(scene: Scene) -> Run:
    """The last promised paper comes by a link, and the prepared approval takes effect in the same act."""
    of = scene.granted(ALL_BUT_PHOTOS)
    link = Actor(kind="link", case=scene.case(of).id, channel=Channel.LINK)
    materials = {"dog_photos": [scene.demo.upload(link)]}
    return lambda: supplement_case(
        actor=link, **{**of, "version": None}, materials=materials, link_materials=frozenset({"dog_photos"})
    )


def correct(scene: Scene) -> Run:
    of, zhang = scene.filed(ALL_BUT_ID), scene.demo.actor("zhangxiao")
    head = notify_gaps(actor=scene.demo.actor("lina"), **of, findings={})
    materials = {"owner_id": [scene.demo.upload(zhang)]}
    return lambda: supplement_case(actor=zhang, **{**of, "version": head.version}, materials=materials)


def withdraw(scene: Scene) -> Run:
    of, zhang = scene.accepted(ALL_BUT_PHOTOS), scene.demo.actor("zhangxiao")
    return lambda: withdraw_case(actor=zhang, **of, reason="不办了")


def deem(scene: Scene) -> Run:
    case = scene.case(scene.filed()).id
    return lambda: deem_accepted(case=case, at=scene.demo.at + timedelta(days=9))


def lapse(scene: Scene) -> Run:
    case = scene.case(scene.accepted(ALL_BUT_PHOTOS)).id
    return lambda: lapse_promise(case=case, at=scene.demo.at + timedelta(days=9))


def end_by_law(scene: Scene) -> Run:
    """撤销 of a certificate on a ground about which there is nothing to be heard."""
    certificate = certificate_of_subject("case", scene.case(scene.granted()).id)
    assert certificate is not None
    wang, lin, at = scene.demo.actor("wangqiang"), scene.demo.actor("linfang"), scene.demo.at
    opened = open_proceeding(
        actor=wang, certificate=certificate.id, ground="on_request", facts="持证人书面申请注销。", at=at
    )
    return lambda: end_certificate(actor=lin, proceeding=opened, version=1, reasons="申请属实", at=at)


def archive(scene: Scene) -> Run:
    """Its papers are typeset before; every act has its place in the tree."""
    case = scene.case(scene.filed())
    withdraw_case(actor=scene.demo.actor("zhangxiao"), number=case.number, version=1, reason="不办了", at=scene.demo.at)
    for paper in case_record(case.id).documents:
        render_document(paper.id)
    ledger.sequence(at=scene.demo.at)
    ledger.checkpoint(at=scene.demo.at)
    return lambda: archive_case(case=case.id, at=scene.demo.at)


def sequence(scene: Scene) -> Run:
    """The entries of all that happened before go into the tree."""
    return lambda: ledger.sequence(at=scene.demo.at)


def confirm_by_two(scene: Scene) -> Run:
    """四眼: the mark on the proposal and the act itself are one: both or neither."""
    asker, other, at = scene.demo.actor("shilei"), scene.demo.actor("chengyuan"), scene.demo.at
    asked = second.propose(actor=asker, act=CLOSE, args={"code": "GDGS"}, reason="机构改革", at=at)
    mark = second.mark_of(second.preview(other, CLOSE, {"code": "GDGS"}, at=at))
    return lambda: second.confirm(actor=other, proposal=asked, mark=mark, at=at)


def work(scene: Scene) -> Run:
    """What the process of a case asks of the house is done, and the process goes on."""
    case = scene.case(scene.accepted())
    engine.cancel_process(subject=("case", case.id), at=scene.demo.at, reason="another process")
    xml = bpmn(
        "start s",
        service("service", "tell", "tell-applicant"),
        "task d CGZF.decide decide",
        "end e",
        "s tell",
        "tell d",
        "d e",
    )
    engine.start_process(xml=xml, subject=("case", case.id), tenant="cases", variables={}, at=scene.demo.at)
    (wait,) = waits_of(("case", case.id))

    def run() -> None:
        do_work(wait=wait.id, at=scene.demo.at)

    return run


def route(scene: Scene) -> Run:
    """A table of the item says which way its process goes."""
    demo = scene.demo
    receipt = demo.file(demo.actor("zhangxiao"), "gongjijin-tiqu")
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    (wait,) = waits_of(("case", receipt.case_id))
    return lambda: do_work(wait=wait.id, at=demo.at) and None


def check_a_promise(scene: Scene) -> Run:
    """后续核查: two inspectors are sent to see whether what was promised is so."""
    shop = Shop(scene.demo)
    of = {"actor": scene.demo.actor("helian"), "commitment": shop.id, "version": shop.row().version, "at": shop.at}
    return lambda: arrange_check(**of, plan=shop.plan())


def ask_the_registers(scene: Scene) -> Run:
    """What the shared bases say of somebody, on record; without outside sources it is one act like any."""
    number = people.get_party(scene.demo.actor("zhangxiao").id).id_no
    question = Question("person", Base.POPULATION, number, ("name",))
    told = {
        "ground": Ground("duty", "《行政许可法》第三十四条"),
        "purpose": Purpose("yangquan-dengji", "", W("核对", "Checks")),
    }
    return lambda: ask((question,), actor=SYSTEM, at=scene.demo.at, **told)


def decide_alone(scene: Scene) -> Run:
    """秒批: judged, accepted and granted in one act. What the command makes of a fault is tested at tests/cases/test_at_once.py."""
    let(JOB, Mode.ALONE, scene.demo.at)
    case = file_for_rules(scene.demo, JOB).case_id
    return lambda: at_once._decide(case, scene.demo.at, 1.0)


def file_and_decide(scene: Scene) -> Run:
    """秒批 in the transaction of the filing. What the command makes of a fault is tested at tests/cases/test_filed_and_judged.py."""
    demo, key = scene.demo, str(uuid4())
    let(SHOP, Mode.ALONE, demo.at)
    zhang = demo.actor("zhangxiao")
    form, proved = form_of(demo, SHOP, zhang), Proof(zhang.id, "sms", demo.at)
    filing = Filing(SHOP, None, demo.example(SHOP).answers, form, {}, zhang.id, proof=proved)

    def run() -> tuple[Receipt, bool]:
        receipt, replayed = file_commands._file_once(zhang, filing, key, demo.at, judge=True)
        assert replayed or (receipt.became and receipt.became.alone)
        return replace(receipt, became=None), replayed

    return run


def file_package(scene: Scene) -> Run:
    """一件事: one form becomes the cases of six departments, all or none."""
    demo, key = scene.demo, str(uuid4())
    actor = demo.actor("zhangxiao")
    wanted = replace(packages.filing(demo, packages.COMPANY), materials=packages.papers(demo, actor, packages.COMPANY))
    return lambda: file_bundle(actor=actor, filing=wanted, key=key, at=demo.at)


def move_package(scene: Scene) -> Run:
    """A package follows what became of its cases: the licence was withdrawn, and with it goes what rests on it."""
    receipt = packages.file(scene.demo)
    number = dict(receipt.cases)["licence"]
    withdraw_case(actor=scene.demo.actor("zhangxiao"), number=number, version=1, reason="不办了", at=scene.demo.at)
    return lambda: settle_bundle(bundle=receipt.bundle, at=scene.demo.at)


def of_hall(prepare: Callable[[BookedHall], Run]) -> Callable[[Scene], Run]:
    """An act of appointments, in the scene's hall."""

    @wraps(prepare)
    def prepared(scene: Scene) -> Run:
        return prepare(scene.hall)

    return prepared


# what doing it once more answers: the same again ("ok", nothing new), another one, or that it was done
AGAIN: dict[Callable[[Scene], Run], str] = {
    file: "same",
    upload: "another",
    accept: "conflict",
    accept_on_promise: "conflict",
    notify: "conflict",
    refuse: "conflict",
    deny: "conflict",
    grant: "conflict",
    render: "same",
    issue: "same",
    give_out: "conflict",
    exchange: "same",
    link_serves: "conflict",
    correct: "conflict",
    withdraw: "conflict",
    deem: "same",
    lapse: "same",
    end_by_law: "conflict",
    archive: "same",
    confirm_by_two: "conflict",
    sequence: "same",
    work: "same",
    route: "same",
    check_a_promise: "conflict",
    ask_the_registers: "another",
    decide_alone: "same",
    file_and_decide: "same",
    file_package: "same",
    move_package: "same",
    **{of_hall(act): "same" for act in (*booking_acts.ACTS, *node_acts.ACTS)},
}


def passed(run: Run) -> list[tuple[str, int]]:
    """The points inside the act in order, each with the number of its pass; the act is undone."""
    with transaction.atomic(), faults.watched() as seen:
        run()
        transaction.set_rollback(True)
    times: Counter[str] = Counter()
    points = []
    for name in seen:
        times[name] += 1
        points.append((name, times[name]))
    return points


def killed_in(run: Run, name: str, nth: int) -> None:
    """Run the act in a forked child with a connection of its own, which the point kills."""
    child = os.fork()
    if child == 0:
        kept = connections["default"].connection  # the parent's: neither used nor closed here
        connections["default"].connection = None
        try:
            with faults.armed(name, "kill", nth):
                run()
        finally:
            os._exit(3 if kept else 4)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the act went on behind {name}"
    assert os.WTERMSIG(status) == signal.SIGKILL


RENDER = (
    "import sys, uuid, django; django.setup(); from yichuang.issuing.commands import render_certificate; "
    "render_certificate(uuid.UUID(sys.argv[1]))"
)


def killed_in_a_program(certificate: str, name: str) -> None:
    """Typesetting has threads of its own, which a forked child would miss: here a whole program dies."""
    known = connections["default"].settings_dict
    who, port = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}", f"&port={known['PORT']}" if known["PORT"] else ""
    address = f"postgresql://{who}@/{known['NAME']}?host={quote(known['HOST'], safe='')}{port}"
    env = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "yichuang.settings.test"}
    env |= {"YICHUANG_FAULT": f"{name}:kill", "PYTHONPATH": str(Path(faults.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", RENDER, certificate], env=env, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_whatever_fails_or_dies_leaves_nothing_and_can_be_done_again(demo: Demo, transactional_db: None) -> None:
    scene, fired = Scene(demo, count(10)), set()
    for prepare, again in AGAIN.items():
        run = prepare(scene)
        points = passed(run)
        assert points, f"{prepare.__name__} passes no fault point"
        before = trace()
        for name, nth in points:
            with faults.armed(name, "raise", nth), pytest.raises(faults.Fault):
                run()
            assert trace() == before, f"{prepare.__name__} failing at {name} leaves something"
            if prepare is render:
                killed_in_a_program(scene.certificate, name)
            else:
                killed_in(run, name, nth)
            assert trace() == before, f"{prepare.__name__} killed at {name} leaves something"
            fired.add(name)
        first = run()
        after = trace()
        assert after != before, f"{prepare.__name__} did nothing"
        check_again(prepare.__name__, again, run, first, after)
    assert fired == set(faults.catalogue()), "every fault point stands in an act that is tested here"


def check_again(name: str, again: str, run: Run, first: Any, after: dict[str, tuple[int, str]]) -> None:
    """Doing it once more changes nothing: it is refused, or answers the same."""
    answer, _ = answer_of(run)
    if again == "another":
        assert (answer, trace() == after) == ("ok", False)
        return
    assert answer == ("ok" if again == "same" else again), name
    if name in {"file", "file_package", "file_and_decide"}:
        receipt, replayed = run()
        assert (receipt, replayed) == (first[0], True)
        return
    assert trace() == after, f"{name} a second time changes something"
