"""Complete filings of the demo's packages, put together from the worked examples of their items."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from tests.demo import Demo

from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.packages import newest
from yichuang.bundles.rules.form import question_home, whole_of
from yichuang.bundles.values import BundleFiling, BundleReceipt
from yichuang.people.cast import WORKERS

HOLDERS = {post: worker.username for worker in WORKERS for post in worker.posts}
COMPANY, CHILD, HOME = "qiye-kaiban", "xinshenger-chusheng", "ershoufang-zhuanyi-yijianshi"
# What an example says that the demo's day has left behind, or that the package's situation does not have.
LATER: dict[str, dict[str, Any]] = {
    "shebao-danwei-dengji": {"staff": {"first_month": "2026-12"}},
    "gongjijin-danwei-kaihu": {"fund": {"first_month": "2026-12"}},
    "yinhang-kaihu": {"account": {"day": "2026-11-26"}},
    "chusheng-zhengming": {"baby": {"born_on": "2026-11-10"}},
    "xinshenger-luohu": {"baby": {"born_on": "2026-11-10"}},
    "jumin-yibao-canbao": {"insured": {"born_on": "2026-11-10"}},
    "shengyu-jintie": {"event": {"on": "2026-11-10", "leave_from": "2026-11-01"}},
}
CARD_ITEM, CARD_PAPERS = "shebaoka-shenling", ("guardian_id", "household_register")
CARD = {
    "holder": {"name": "张小禾"},
    "contact": {"name": "张晓", "cn_id": "440303199205089028", "mobile": "19900000001"},
    "bank": {"name": "demo"},
    "promise": True,
}


def _example(demo: Demo, item: str) -> tuple[dict[str, Any], dict[str, Any]]:
    example = demo.example(item)
    form = {**example.form}
    for group, fields in LATER.get(item, {}).items():
        form[group] = {**form[group], **fields}
    return dict(example.answers), CARD if item == CARD_ITEM else form


def filing(demo: Demo, code: str) -> BundleFiling:
    """A complete filing of the package, without papers."""
    _, package = newest(code)
    answers: dict[str, str] = {}
    parts = {}
    for slot in package.slots:
        given, form = _example(demo, slot.item)
        if slot.item == CARD_ITEM:
            given = {"request": "first", "card": "electronic", "who": "child"}
        for question, value in given.items():
            if home := question_home(package, slot, question):
                answers.setdefault(home, value)
        parts[slot.id] = form
    return BundleFiling(
        package=code, version=None, answers=answers, form=whole_of(package, parts), materials={}, applicant=None
    )


def papers(demo: Demo, actor: Any, code: str) -> dict[str, dict[str, list[UUID]]]:
    """A small file for every paper."""
    _, package = newest(code)
    wanted = {
        slot.id: CARD_PAPERS if slot.item == CARD_ITEM else demo.example(slot.item).materials for slot in package.slots
    }
    return {slot: {paper: [demo.upload(actor)] for paper in codes} for slot, codes in wanted.items()}


def file(demo: Demo, code: str = COMPANY, *, who: str = "zhangxiao", **changes: Any) -> BundleReceipt:
    """File a package of the demo, with the papers of its items' examples."""
    actor = demo.actor(who)
    wanted = replace(filing(demo, code), **{"materials": papers(demo, actor, code), **changes})
    receipt, _ = file_bundle(actor=actor, filing=wanted, key=str(uuid4()), at=demo.at)
    return receipt
