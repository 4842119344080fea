"""Filings whose papers the state holds: public rental housing by 张晓, and a birth allowance."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from yichuang.cases.models import HeldPaper, Material
from yichuang.core.ids import new_id
from yichuang.core.words import W
from yichuang.people.queries import get_party
from yichuang.registry.commands import record_certificate
from yichuang.registry.local import key_index
from yichuang.registry.models import SharedRecord
from yichuang.registry.values import Base, CertificateRow

HOME, BIRTH, INSURED, AWAY = "gongzufang-shenqing", "shengyu-jintie", "shebao-danwei-dengji", "yidi-jiuyi-beian"
BIRTH_TYPE = "11440303YC00001596001"
OWN_PAPERS = ("family_ids", "money_statement", "check_consent")  # of HOME: what nobody holds


def own_form(demo: Any, item: str, who: Any, part: str, number: int = 1) -> dict[str, Any]:
    """The first example's form with the person's own name and number."""
    party, form = get_party(who.id), demo.example(item, number).form
    return {**form, part: {**form[part], "name": party.name, "cn_id": party.id_no}}


def file_home(
    demo: Any, username: str = "zhangxiao", *, of: str = "", handed_in: tuple[str, ...] = OWN_PAPERS, **more: Any
) -> Any:
    """A filing for public rental housing; `of`: somebody else stands in the form."""
    who = demo.actor(username)
    form = own_form(demo, HOME, demo.actor(of) if of else who, "applicant")
    return demo.file(who, HOME, form=form, materials=handed_in, **more)


def file_birth(demo: Any, username: str = "zhangxiao", **more: Any) -> Any:
    who = demo.actor(username)
    return demo.file(who, BIRTH, form=own_form(demo, BIRTH, who, "person"), materials=(), **more)


def born(
    demo: Any,
    username: str = "zhangxiao",
    *,
    on: str = "2026-01-20",
    at: datetime | None = None,
    until: date | None = None,
) -> CertificateRow:
    """A birth certificate that the person holds from us."""
    return record_certificate(
        type_code=BIRTH_TYPE,
        name=W("出生医学证明", "Medical birth certificate"),
        issuer_uscc="11440303YC00001596",
        issuer_name=W("罗湖区妇幼保健院（示例）", "Luohu Maternity Hospital (example)"),
        holder_party=demo.actor(username).id,
        holder_name_masked="张*",
        number=f"深罗出生〔2026〕{uuid4().int % 10**7:07}",
        data={"baby": "张小满", "born_on": on, "mother": "张晓"},
        labels={"baby": "新生儿姓名", "born_on": "出生日期", "mother": "母亲姓名"},
        valid_from=date(2026, 1, 21),
        valid_to=until,
        subject=("case", new_id()),
        at=(at or demo.at) - timedelta(days=1),
    )


def rows(receipt: Any) -> dict[str, HeldPaper]:
    """What became of each paper that was looked for."""
    return {row.code: row for row in HeldPaper.objects.filter(case=receipt.case_id)}


def states(receipt: Any) -> dict[str, str]:
    """What the case's materials stand at, by code."""
    return dict(Material.objects.filter(case=receipt.case_id).values_list("code", "state"))


def known(number: str, base: Base, **fields: object) -> None:
    """What the demo's giver says of this number, changed."""
    row = SharedRecord.objects.get(key_index=key_index(base, "full", number), source__in=["demo_police", "demo_market"])
    row.data = {**row.data, **fields}
    row.save()


def in_doubt(number: str, *, doubtful: bool = True) -> None:
    """What the demo's giver said of this person last could not be taken (or could again)."""
    index = key_index(Base.POPULATION, "full", number)
    SharedRecord.objects.filter(key_index=index, source="demo_police").update(doubtful=doubtful)


def plain(rows: Mapping[str, HeldPaper]) -> dict[str, str]:
    return {code: row.state for code, row in rows.items()}
