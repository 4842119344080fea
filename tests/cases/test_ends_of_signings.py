"""共同签署: what ends it besides its signatures – the draft says something else, was filed without them, or time is over."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.cases.at_once import COMPANY, proof
from tests.cases.cosigning import asked, draft_of, of, signs

from yichuang.cases import queries as signings
from yichuang.cases.commands import drafts
from yichuang.cases.commands.cosign import end_signing, sign
from yichuang.cases.commands.drafts import agree_to_fetch, save_draft
from yichuang.cases.commands.file_case import Filing, file_case
from yichuang.cases.cosigning import Signed
from yichuang.cases.models import Case, Draft, Signing
from yichuang.catalog.queries import get_pack
from yichuang.core import ledger
from yichuang.core.refusals import Conflict, Refused


def test_a_consent_that_is_taken_back_voids_what_was_signed(demo: Any) -> None:
    """What may be fetched instead of a paper is part of what is filed, so of what is signed."""
    zhang, draft = demo.actor("zhangxiao"), draft_of(demo, "sunyan", "qianjin")
    told: dict[str, Any] = {"actor": zhang, "draft": draft, "material": "place_proof", "at": demo.at}
    agree_to_fetch(**told, agreed=True)
    signing = asked(demo, draft=draft, agreed=frozenset({"place_proof"}))
    signs(demo, signing, "sunyan")
    read = signings.get_signature(demo.actor("qianjin"), of(signing, demo, "qianjin").id)
    assert read.fetched == ("place_proof",), "who signs reads that it is fetched"
    agree_to_fetch(**told, agreed=True)
    assert Signing.objects.get(id=signing).state == "open", "agreed to once more changes nothing"
    agree_to_fetch(**told, agreed=False)
    assert Signing.objects.get(id=signing).state == "void"
    with pytest.raises(Conflict):
        signs(demo, signing, "qianjin")


def test_asked_with_another_consent_it_is_another_signing(demo: Any) -> None:
    draft = draft_of(demo, "sunyan")
    one = asked(demo, draft=draft)
    other = asked(demo, draft=draft, agreed=frozenset({"place_proof"}))
    assert (other != one, Signing.objects.get(id=one).state) == (True, "void")


def test_asked_again_behind_its_end_it_is_a_new_one_also_where_no_job_came_by(demo: Any) -> None:
    draft = draft_of(demo, "sunyan")
    one = asked(demo, draft=draft)
    late = demo.at + timedelta(days=7)
    other = asked(demo, draft=draft, at=late)
    assert (other != one, Signing.objects.get(id=one).state) == (True, "expired")
    assert signs(demo, other, "sunyan", at=late).case


def unsigned(demo: Any, draft: UUID) -> Filing:
    """The same draft, as who asked for signatures files it without them."""
    row, zhang = Draft.objects.get(id=draft), demo.actor("zhangxiao")
    return Filing(COMPANY, row.item_version, row.answers, row.form, {}, zhang.id, draft=draft)


def test_filed_without_the_signatures_nobody_is_asked_for_them_any_more(demo: Any) -> None:
    draft = draft_of(demo, "sunyan", "qianjin")
    signing = asked(demo, draft=draft)
    signs(demo, signing, "sunyan")
    receipt, _ = file_case(
        actor=demo.actor("zhangxiao"), filing=unsigned(demo, draft), key=f"draft:{draft}", at=demo.at
    )
    row = Signing.objects.get(id=signing)
    assert (row.state, row.case_id) == ("ended", None)
    with pytest.raises(Conflict):
        signs(demo, signing, "qianjin")
    assert not [one for one in signings.list_signatures(demo.actor("qianjin")) if one.is_open]
    assert Case.objects.get().id == receipt.case_id
    assert ledger.verify_ledger([]) == []


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What became of acts that begin at the same moment, each in a connection of its own: an answer, or what it raised."""
    began, got = threading.Barrier(len(acts)), list[object]([None] * len(acts))

    def run(nth: int, act: Callable[[], object]) -> None:
        try:
            began.wait(10)
            got[nth] = act()
        except Exception as error:  # (looked at below)
            got[nth] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return got


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["save", "end", "file"])
def test_the_last_signature_and_who_asked_for_it_never_wait_for_each_other(
    demo: Any, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """Real threads: the signature is held where it files, the other where the draft is locked. One of them wins, whole."""
    draft = draft_of(demo, "sunyan")
    signing, zhang, sun = asked(demo, draft=draft), demo.actor("zhangxiao"), demo.actor("sunyan")
    row, theirs, mark = (
        Draft.objects.get(id=draft),
        of(signing, demo, "sunyan").id,
        Signing.objects.get(id=signing).mark,
    )
    void, pack_of = drafts.void_if_changed, "yichuang.cases.commands.file_case.open_pack"
    pack = get_pack(COMPANY, at=demo.at)

    def slowly(*args: Any, **told: Any) -> None:
        time.sleep(0.4)
        void(*args, **told)

    monkeypatch.setattr(drafts, "void_if_changed", slowly)
    monkeypatch.setattr(pack_of, lambda *told: time.sleep(0.2) or pack)
    acts: dict[str, Callable[[], object]] = {
        "save": lambda: save_draft(
            actor=zhang, draft=draft, item_code=COMPANY, item_version=row.item_version, answers=row.answers,
            form={**row.form, "capital": 999}, materials={}, applicant=zhang.id, step="form-name", at=demo.at,
        ),
        "end": lambda: end_signing(actor=zhang, signing=signing, at=demo.at),
        "file": lambda: file_case(actor=zhang, filing=unsigned(demo, draft), key=f"draft:{draft}", at=demo.at),
    }  # fmt: skip
    told = {"mark": mark, "agreed": True, "proof": proof(sun, demo.at)}
    found = at_once(lambda: sign(actor=sun, signature=theirs, at=demo.at, **told), acts[other])
    wrong = [one for one in found if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert wrong == []
    signed = found[0] if isinstance(found[0], Signed) else None
    states = {row.state for row in Signing.objects.all()}
    if signed is not None and signed.case:
        assert (states, Case.objects.count()) == ({"filed"}, 1)
    else:
        assert states <= {"void", "ended"}
        assert Case.objects.count() == (1 if other == "file" else 0)
