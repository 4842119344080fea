"""Companies that 张晓 opens with others: their drafts, and the signatures that are asked for and given."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tests.cases.at_once import COMPANY, proof

from yichuang.cases.commands.cosign import ask_signatures, sign
from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.commands.file_case import Filing
from yichuang.cases.cosigning import Signed
from yichuang.cases.models import Draft, Signature, Signing
from yichuang.catalog.queries import get_pack
from yichuang.people.queries import get_party

PLACE = {"street": "440303001", "detail": "深圳市罗湖区桂园街道桂园路1号101"}


def company(demo: Any, *others: str, **parts: Any) -> dict[str, Any]:
    """张晓 is director and legal representative, the others hold shares and keep the books."""
    zhang, *rest = (get_party(demo.actor(who).id) for who in ("zhangxiao", *others))
    form = {**demo.example(COMPANY, 9).form}
    share, officer = form["shareholders"][0], form["officers"][0]
    parts_of = {1: (100,), 2: (60, 40), 3: (34, 33, 33)}[1 + len(rest)]  # of a capital of 100
    form["representative"] = {**form["representative"], "name": zhang.name, "cn_id": zhang.id_no}
    form["shareholders"] = [
        {**share, "name": one.name, "cn_id": one.id_no, "amount": part, "share": part}
        for one, part in zip((zhang, *rest), parts_of, strict=True)
    ]
    form["officers"] = [
        {**officer, "post": post, "name": one.name, "cn_id": one.id_no}
        for post, one in zip(("director", *["finance"] * len(rest)), (zhang, *rest), strict=True)
    ]
    form["place"] = {**form["place"], **PLACE}
    return form | parts


def draft_of(demo: Any, *others: str, **parts: Any) -> UUID:
    zhang = demo.actor("zhangxiao")
    return save_draft(
        actor=zhang, item_code=COMPANY, item_version=get_pack(COMPANY, at=demo.at).version,
        answers=dict(demo.example(COMPANY, 9).answers), form=company(demo, *others, **parts), materials={},
        applicant=zhang.id, step="check", at=demo.at,
    )  # fmt: skip


def asked(
    demo: Any,
    *others: str,
    draft: UUID | None = None,
    at: datetime | None = None,
    agreed: frozenset[str] = frozenset(),
    **parts: Any,
) -> UUID:
    """张晓 asks for signatures."""
    zhang, draft, at = demo.actor("zhangxiao"), draft or draft_of(demo, *others, **parts), at or demo.at
    row = Draft.objects.get(id=draft)
    filing = Filing(
        COMPANY,
        row.item_version,
        row.answers,
        row.form,
        {},
        zhang.id,
        draft=draft,
        proof=proof(zhang, at),
        agreed=agreed,
    )
    return ask_signatures(actor=zhang, filing=filing, at=at)


def of(signing: UUID, demo: Any, who: str) -> Any:
    number = get_party(demo.actor(who).id).id_no
    return next(one for one in Signature.objects.filter(signing=signing).order_by("order") if one.number == number)


def signs(demo: Any, signing: UUID, who: str, *, at: datetime | None = None, **wrong: Any) -> Signed:
    at, actor = at or demo.at, demo.actor(who)
    told = {"mark": Signing.objects.get(id=signing).mark, "agreed": True, "proof": proof(actor, at), **wrong}
    return sign(actor=actor, signature=of(signing, demo, who).id, at=at, **told)
