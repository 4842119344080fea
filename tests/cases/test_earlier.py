"""用上次交过的: a paper of an earlier case of the same person will do once more, as far as it was checked and the item lets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.cases.held import HOME, own_form, rows, states

from yichuang.cases.commands.accept import MaterialFinding
from yichuang.cases.commands.drafts import save_draft, store_upload, use_earlier
from yichuang.cases.commands.file_case import Filing, file_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.models import Case, Draft, HeldPaper, Material, Upload
from yichuang.cases.queries import earlier_offers, get_case_for
from yichuang.catalog.queries import get_pack, requirements
from yichuang.catalog.values import Requirements
from yichuang.core.refusals import NotFound
from yichuang.registry.values import Trust

PAPER = "family_ids"


def upload(demo: Any, actor: Any) -> UUID:
    content = uuid4().bytes
    return store_upload(
        actor=actor, name="证件.jpg", kind="jpg", content=content, pages=1, sha256=(content + content).hex(), at=demo.at
    ).id


def filed(demo: Any, by: str = "zhangxiao", *, code: str = PAPER, seen: bool = False) -> Any:
    """A case of 张晓's with one paper; `seen`: 李娜 takes it at the window and checks it against the original."""
    zhang, actor = demo.actor("zhangxiao"), demo.actor("lina" if seen else by)
    originals = frozenset({code}) if seen else frozenset()
    form, files = own_form(demo, HOME, zhang, "applicant"), {code: [upload(demo, actor)]}
    return demo.file(actor, HOME, form=form, uploads=files, applicant=zhang.id, originals=originals)


def needs(demo: Any) -> Requirements:
    pack, example = get_pack(HOME, at=demo.at), demo.example(HOME)
    return requirements(HOME, pack.version, answers=example.answers, form=example.form, facts={}, at=demo.at)


def offers(demo: Any, who: str = "zhangxiao", *, days: int = 0) -> dict[str, list[Trust]]:
    actor, zhang = demo.actor(who), demo.actor("zhangxiao")
    found = earlier_offers(actor, needs(demo), zhang.id, at=demo.at + timedelta(days=days))
    return {code: [one.level for one in ones] for code, ones in found.items()}


def again(demo: Any, earlier: Any) -> Any:
    """张晓 takes the paper of her earlier case and files anew."""
    zhang = demo.actor("zhangxiao")
    draft = drafted(demo, "zhangxiao")
    use_earlier(actor=zhang, draft=draft, material=PAPER, earlier=paper_of(earlier), at=demo.at)
    row = Draft.objects.get(id=draft)
    filing = Filing(
        item_code=HOME, item_version=None, answers=row.answers, form=row.form,
        materials={code: [UUID(id) for id in ids] for code, ids in row.materials.items()}, applicant=zhang.id, draft=draft,
    )  # fmt: skip
    return file_case(actor=zhang, filing=filing, key=str(uuid4()), at=demo.at)[0]


def drafted(demo: Any, who: str) -> UUID:
    actor = demo.actor(who)
    return save_draft(
        actor=actor, item_code=HOME, item_version=get_pack(HOME, at=demo.at).version, answers=demo.example(HOME).answers,
        form=own_form(demo, HOME, actor, "applicant"), materials={}, applicant=actor.id, step="materials", at=demo.at,
    )  # fmt: skip


def paper_of(receipt: Any, code: str = PAPER) -> UUID:
    return Material.objects.get(case=receipt.case_id, code=code).id


def test_what_a_clerk_checked_against_the_original_is_checked_still_and_says_so(demo: Any) -> None:
    first = filed(demo, seen=True)
    assert offers(demo) == {PAPER: [Trust.B]}
    second = again(demo, first)
    row = rows(second)[PAPER]
    assert (row.level, row.state, row.earlier_id, row.base) == ("B", "fetched", paper_of(first), "")
    assert states(second)[PAPER] == "checked"
    held = next(
        m.held for m in get_case_for(demo.actor("zhangxiao"), second.number, at=demo.at).materials if m.code == PAPER
    )
    assert held is not None
    assert held.mark is not None
    assert (held.mark.zh, first.number in held.provider.zh) == ("与原件核对无误", True)
    own = {upload.case_id for upload in Upload.objects.filter(files__material__case=second.case_id)}
    assert own == {second.case_id}, "each case keeps its own copy"


def test_what_was_only_uploaded_is_looked_at_again_and_the_clerk_is_told(demo: Any) -> None:
    second = again(demo, filed(demo))
    row = rows(second)[PAPER]
    assert (row.level, states(second)[PAPER]) == ("C", "provided")
    assert row.why_zh == "以前上传过，没有核对过原件，请核对"


def test_a_paper_that_has_to_have_been_checked_is_not_offered_unchecked(demo: Any) -> None:
    filed(demo, code="marriage_proof")
    assert offers(demo) == {}
    filed(demo, code="marriage_proof", seen=True)
    assert offers(demo) == {"marriage_proof": [Trust.B]}


def test_an_old_paper_will_not_do(demo: Any) -> None:
    filed(demo, seen=True)
    assert offers(demo, days=365) == {PAPER: [Trust.B]}
    assert offers(demo, days=366) == {}


def test_nobody_uses_or_sees_the_papers_of_another(demo: Any) -> None:
    first = filed(demo, seen=True)
    assert offers(demo, "moshengren") == {}
    stranger = demo.actor("moshengren")
    with pytest.raises(NotFound):
        use_earlier(
            actor=stranger, draft=drafted(demo, "moshengren"), material=PAPER, earlier=paper_of(first), at=demo.at
        )


def test_another_file_is_another_paper(demo: Any) -> None:
    filed(demo, seen=True)
    second = filed(demo)
    assert PAPER not in rows(second)
    assert states(second)[PAPER] == "provided"


def test_the_very_same_file_handed_in_anew_is_known(demo: Any) -> None:
    first = filed(demo, seen=True)
    old = Upload.objects.get(files__material=paper_of(first))
    zhang = demo.actor("zhangxiao")
    same = store_upload(
        actor=zhang, name="another name.jpg", kind="jpg", content=b"0" * 16, pages=1, sha256=old.sha256, at=demo.at
    )
    form = own_form(demo, HOME, zhang, "applicant")
    second = demo.file(zhang, HOME, form=form, uploads={PAPER: [same.id]})
    assert rows(second)[PAPER].level == "B"


def test_pressed_twice_it_is_there_once_and_another_paper_is_not_there(demo: Any) -> None:
    first, zhang, draft = filed(demo), demo.actor("zhangxiao"), drafted(demo, "zhangxiao")
    for _ in range(2):
        use_earlier(actor=zhang, draft=draft, material=PAPER, earlier=paper_of(first), at=demo.at)
    assert len(Draft.objects.get(id=draft).materials[PAPER]) == 1
    for wrong in ({"material": "money_statement"}, {"earlier": uuid4()}):
        given = {"material": PAPER, "earlier": paper_of(first), **wrong}
        with pytest.raises(NotFound):
            use_earlier(actor=zhang, draft=draft, at=demo.at, **given)


def test_items_that_say_nothing_of_it_look_for_nothing(demo: Any) -> None:
    demo.file(demo.actor("zhangxiao"))
    demo.file(demo.actor("zhangxiao"))
    assert not HeldPaper.objects.exists()


def faulty(demo: Any, receipt: Any, days: int = 0) -> None:
    """赵敏, where the case belongs, looks at the paper and sends it back."""
    found = {PAPER: MaterialFinding("faulty", "拍得不清楚")}
    at, version = demo.at + timedelta(days=days), Case.objects.get(id=receipt.case_id).version
    notify_gaps(actor=demo.actor("zhaomin"), number=receipt.number, version=version, findings=found, at=at)


def put_right(demo: Any, receipt: Any, *, seen: bool, days: int = 1) -> UUID:
    """A better file of it comes; `seen`: at the window, against the original."""
    actor = demo.actor("zhaomin" if seen else "zhangxiao")
    better, at = upload(demo, actor), demo.at + timedelta(days=days)
    supplement_case(
        actor=actor, number=receipt.number, version=Case.objects.get(id=receipt.case_id).version,
        materials={PAPER: [better]}, originals=frozenset({PAPER}) if seen else frozenset(), at=at,
    )  # fmt: skip
    return better


def test_what_a_clerk_sends_back_counts_nowhere_as_good_any_more(demo: Any) -> None:
    first = filed(demo, seen=True)
    second = again(demo, first)
    assert states(second)[PAPER] == "checked"
    faulty(demo, second)
    assert offers(demo) == {}, "the case that it was checked in lends it to nobody"
    third = filed(demo)
    old = Upload.objects.get(files__material=paper_of(first))
    zhang = demo.actor("zhangxiao")
    same = store_upload(
        actor=zhang, name="the same.jpg", kind="jpg", content=b"0" * 16, pages=1, sha256=old.sha256, at=demo.at
    )
    form = own_form(demo, HOME, zhang, "applicant")
    fourth = demo.file(zhang, HOME, form=form, uploads={PAPER: [same.id]})
    assert PAPER not in rows(fourth), "handed in anew it is a file like any other"
    assert [PAPER in rows(third), states(fourth)[PAPER]] == [False, "provided"]


def test_the_file_that_was_put_right_is_used_without_the_bad_one_and_looked_at_once_more(demo: Any) -> None:
    first = filed(demo)
    faulty(demo, first)
    better = put_right(demo, first, seen=True)
    zhang = demo.actor("zhangxiao")
    found = earlier_offers(zhang, needs(demo), zhang.id, at=demo.at + timedelta(days=2))[PAPER]
    assert [(one.level, one.mended, [file.id for file in one.uploads]) for one in found] == [(Trust.C, True, [better])]
    second = again(demo, first)
    assert (rows(second)[PAPER].why_zh, states(second)[PAPER]) == ("以前被要求更正过，请核对是否完整", "provided")


def test_an_original_that_was_brought_for_it_makes_no_good_file_of_a_bad_one(demo: Any) -> None:
    first = filed(demo)
    faulty(demo, first)
    supplement_case(
        actor=demo.actor("zhaomin"), number=first.number, version=Case.objects.get(id=first.case_id).version, materials={},
        originals=frozenset({PAPER}), at=demo.at + timedelta(hours=1),
    )  # fmt: skip
    assert offers(demo) == {}


def test_what_was_checked_after_it_had_been_sent_back_is_good_again(demo: Any) -> None:
    """The last word counts: the very same file, brought anew with the original."""
    first = filed(demo)
    faulty(demo, first)
    old = Upload.objects.get(files__material=paper_of(first))
    li, zhang, later = demo.actor("lina"), demo.actor("zhangxiao"), demo.at + timedelta(days=1)
    same = store_upload(actor=li, name="x.jpg", kind="jpg", content=b"0" * 16, pages=1, sha256=old.sha256, at=later)
    form = own_form(demo, HOME, zhang, "applicant")
    replace(demo, at=later).file(
        li, HOME, form=form, uploads={PAPER: [same.id]}, applicant=zhang.id, originals=frozenset({PAPER})
    )
    Upload.objects.filter(id=same.id).update(size=old.size)
    assert offers(demo) == {PAPER: [Trust.B]}
