"""Filings of items that have a table: by 张晓 for herself, of data that the demo's bases confirm."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.file_case import Filing, file_and_judge, file_case
from yichuang.cases.instant import Became, Mode
from yichuang.cases.models import AutoDecision, RuleSet
from yichuang.cases.values import Receipt
from yichuang.cases.vouch.instant import RULE_SET, facts_of_set
from yichuang.catalog.queries import get_pack
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.people.commands import grant_agency
from yichuang.people.queries import get_party
from yichuang.people.values import Proof
from yichuang.registry.models import Holding, SharedRecord
from yichuang.registry.ports import Found, Nothing
from yichuang.registry.values import Base, Question

JOB, SHOP, RECORD, CARD, COMPANY = (
    "shiye-dengji", "getihu-sheli", "shebao-chaxun", "laonian-youdai", "youxian-gongsi-sheli",
)  # fmt: skip
OWN = {JOB: "person", SHOP: "operator", RECORD: "person", CARD: "holder", COMPANY: "representative"}
SHOP_PLACE = {"street": "440303001", "detail": "深圳市罗湖区桂园街道桂园路1号101"}


def let(code: str, mode: Mode, at: Any) -> RuleSet:
    """Let the item's rule set go so far."""
    spec = get_pack(code, at=at).decision
    assert spec is not None
    row, _ = RuleSet.objects.update_or_create(item_code=code, sha=spec.sha, defaults={"mode": mode.value, "since": at})
    ledger.append(act="let", actor=SYSTEM, at=at, subject=Subject(RULE_SET, row.id), facts=facts_of_set(row))
    return row


def of_those_who_agreed(demo: Any, *, items: tuple[str, ...] = (COMPANY,)) -> dict[str, Any]:
    """A company of 张晓 and another, who gave her an authority for these items and whose name she spells wrongly."""
    zhang, other = demo.actor("zhangxiao"), demo.actor("maimaiti")
    until = demo.at.date() + timedelta(days=30)
    grant_agency(actor=other, principal=other.id, agent=zhang.id, items=items, valid_to=until, at=demo.at)
    form = form_of(demo, COMPANY, zhang)
    named = {"name": "马买提", "cn_id": get_party(other.id).id_no}
    for part in ("officers", "shareholders"):
        form[part] = [form[part][0], *({**one, **named} for one in form[part][1:])]
    return form


def proof(actor: Any, at: Any, how: Any = "sms") -> Proof:
    return Proof(actor.id, how, at)


def form_of(demo: Any, code: str, who: Any, **parts: Mapping[str, Any]) -> dict[str, Any]:
    """The first example's form, with the person's own name and number where it asks for them."""
    party = get_party(who.id)
    form = {**demo.example(code).form}
    form[OWN[code]] = {**form[OWN[code]], "name": party.name, "cn_id": party.id_no}
    if code == SHOP:
        form["place"] = {**form["place"], **SHOP_PLACE}
    if code == COMPANY:
        own = {"name": party.name, "cn_id": party.id_no}
        form["officers"] = [{**form["officers"][0], **own}, *form["officers"][1:]]
        form["shareholders"] = [{**form["shareholders"][0], **own}, *form["shareholders"][1:]]
    for name, part in parts.items():
        form[name] = {**form.get(name, {}), **part}
    return form


def file(
    demo: Any,
    code: str,
    username: str = "zhangxiao",
    *,
    proved: bool = True,
    key: str = "",
    command: Callable[..., tuple[Receipt, bool]] = file_case,
    **more: Any,
) -> Any:
    """The receipt of a filing without papers, which data stand for."""
    who = demo.actor(username)
    parts = more.pop("parts", {})
    answers = {**demo.example(code).answers, **more.pop("answers", {})}
    filing = Filing(
        item_code=code,
        item_version=None,
        answers=answers,
        form=more.pop("form", None) or form_of(demo, code, who, **parts),
        materials=more.pop("materials", {}),
        applicant=more.pop("applicant", who.id),
        proof=proof(who, demo.at) if proved else None,
        **more,
    )
    return command(actor=who, filing=filing, key=key or str(uuid4()), at=demo.at)[0]


def filed_and_judged(demo: Any, code: str, *args: Any, **more: Any) -> tuple[Became, AutoDecision]:
    """What became of it in the same request, as the doors do it."""
    receipt = file(demo, code, *args, command=file_and_judge, **more)
    became = receipt.became or decide_at_once(case=receipt.case_id, at=demo.at)
    assert became is not None
    return became, AutoDecision.objects.get(case=receipt.case_id)


class Police:
    """An outside population base, as it is told to behave."""

    bases, timeout = frozenset({Base.POPULATION}), 0.2

    def __init__(self, *told: Found | Nothing | Exception) -> None:
        self.code = f"police_{uuid4().hex[:8]}"  # each has a breaker of its own
        self.told, self.asked = list(told), 0

    def fetch(self, question: Question, *, deadline: float) -> Found | Nothing:
        self.asked += 1
        answer = self.told.pop(0) if len(self.told) > 1 else self.told[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Outside(Police):
    """Any one base, outside, as it is told to behave."""

    def __init__(self, base: Base, *told: Found | Nothing | Exception) -> None:
        super().__init__(*told)
        self.bases = frozenset({base})


def forget_population() -> None:
    """Nobody has given population data to this house: who is asked lies outside."""
    forget(Base.POPULATION)


def forget(base: Base) -> None:
    """Nobody has given data of this base to this house."""
    Holding.objects.filter(base=base.value).delete()
    SharedRecord.objects.filter(base=base.value).delete()


def codes(row: AutoDecision) -> set[str]:
    """The doubts by their codes."""
    return {doubt[3] for doubt in row.doubts}
