"""接力码: a draft begun on the phone goes on at any window and back; the code alone opens nothing, guesses end it."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yichuang.cases.commands.drafts import save_draft, store_upload
from yichuang.cases.commands.relay import (
    begin_for,
    draft_of_code,
    end_relay,
    look_at_relay,
    make_relay_code,
    open_relay,
    put_back,
    take_files,
)
from yichuang.cases.models import Draft, Relay, Upload
from yichuang.cases.queries import get_draft, relay_steps, relayed
from yichuang.cases.relaying import AT_A_WINDOW, LIFE, digits_of, fits
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.queries import get_party

ITEM, ANSWERS = "yangquan-dengji", {"applicant_kind": "person", "housing": "own"}


class Begun:
    """张晓 has begun a filing on her phone; 赵敏 of another hall has it before her."""

    def __init__(self, demo):
        self.demo, self.at = demo, demo.at
        self.zhang, self.zhao = demo.actor("zhangxiao"), demo.actor("zhaomin")
        self.file = self.upload(self.zhang, "狗.png")
        self.draft = save_draft(
            actor=self.zhang, item_code=ITEM, item_version=1, answers=ANSWERS, form={"dog": {"name": "豆豆"}},
            materials={"dog_photos": [str(self.file)]}, applicant=None, step="", at=self.at,
        )  # fmt: skip

    def upload(self, actor, name):
        given = {"kind": "image/png", "pages": 1, "sha256": name.encode().hex()[:64]}
        return store_upload(actor=actor, name=name, content=name.encode(), **given, at=self.at).id

    @property
    def tail(self):
        return get_party(self.zhang.id).id_no[-4:]

    def code(self):
        return make_relay_code(actor=self.zhang, draft=self.draft, at=self.at).code

    def open(self, code, tail=None, actor=None):
        return open_relay(actor=actor or self.zhao, code=code, tail=self.tail if tail is None else tail, at=self.at)


@pytest.fixture
def begun(demo):
    return Begun(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_begun_on_the_phone_added_to_at_another_halls_window_and_gone_on_with_at_home(begun):
    relay = begun.open(begun.code())
    found = relayed(begun.zhao, relay, at=begun.at)
    assert (found.owner, found.answers, found.form) == (begun.zhang.id, ANSWERS, {"dog": {"name": "豆豆"}})
    assert found.materials == {"dog_photos": ((begun.file, "狗.png"),)}
    mine = take_files(actor=begun.zhao, relay=relay, materials={"dog_photos": [begun.file]}, at=begun.at)["dog_photos"]
    assert Upload.objects.get(id=mine[0].id).staff_id == begun.zhao.id
    scanned = begun.upload(begun.zhao, "证.png")
    put_back(
        actor=begun.zhao, relay=relay, answers=found.answers, form={"dog": {"name": "豆包"}},
        materials={"dog_photos": [mine[0].id], "owner_id": [scanned]}, seen=found.mark, at=begun.at,
    )  # fmt: skip
    row = get_draft(begun.zhang, begun.draft)
    assert row.form == {"dog": {"name": "豆包"}}
    assert row.materials["dog_photos"] == [str(begun.file)]
    assert Upload.objects.get(id=UUID(row.materials["owner_id"][0])).owner_id == begun.zhang.id
    told = [(one.words.zh, one.staff_name) for one in relay_steps(begun.zhang, begun.draft)]
    assert told == [("补充后存回", "赵敏"), ("在窗口打开", "赵敏"), ("生成了接力码", "")]


def test_filed_at_the_window_the_code_and_the_draft_are_over(begun):
    code = begun.code()
    relay = begun.open(code)
    seen = relayed(begun.zhao, relay, at=begun.at).mark
    for _ in "twice":
        end_relay(actor=begun.zhao, relay=relay, seen=seen, at=begun.at)
    assert not Draft.objects.filter(id=begun.draft).exists()
    with pytest.raises(NotFound):
        begun.open(code)


def test_what_its_owner_added_while_it_was_filed_at_the_window_stays_theirs(begun):
    code = begun.code()
    relay = begun.open(code)
    seen = relayed(begun.zhao, relay, at=begun.at).mark
    save_draft(
        actor=begun.zhang, draft=begun.draft, item_code=ITEM, item_version=1, answers=ANSWERS,
        form={"dog": {"name": "豆豆", "breed": "柴犬"}}, materials={"dog_photos": [str(begun.file)]}, applicant=None,
        step="", at=begun.at,
    )  # fmt: skip
    end_relay(actor=begun.zhao, relay=relay, seen=seen, at=begun.at)
    assert get_draft(begun.zhang, begun.draft).form == {"dog": {"name": "豆豆", "breed": "柴犬"}}
    with pytest.raises(NotFound):
        begun.open(code)


def test_the_code_alone_opens_nothing_and_the_fifth_wrong_end_of_the_document_voids_it(begun):
    code = begun.code()
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused) as refused:
            begun.open(code, "0000")
        assert codes(refused) == ["RELAY_TAIL"]
        assert f"还可以试 {left} 次" in refused.value.reasons[0].words.zh
    with pytest.raises(Refused) as refused:
        begun.open(code, "0000")
    assert codes(refused) == ["RELAY_VOID"]
    with pytest.raises(NotFound):
        begun.open(code)


def test_a_new_code_voids_the_old_one_and_a_day_ends_it(begun):
    old, new = begun.code(), begun.code()
    with pytest.raises(NotFound):
        begun.open(old)
    assert draft_of_code(actor=begun.zhang, code=f"{new[:4]} {new[4:]}", at=begun.at) == begun.draft
    begun.at += LIFE
    with pytest.raises(NotFound):
        begun.open(new)


def test_only_the_clerk_who_opened_it_goes_on_and_only_for_two_hours(begun):
    relay = begun.open(begun.code())
    for other in ("lina", "wangqiang", "mali", "zhangxiao", "moshengren"):
        with pytest.raises(NotFound):
            relayed(begun.demo.actor(other), relay, at=begun.at)
    with pytest.raises(NotFound):
        relayed(begun.zhao, relay, at=begun.at + AT_A_WINDOW)


def test_strangers_make_and_use_no_code(begun):
    stranger = begun.demo.actor("moshengren")
    with pytest.raises(NotFound):
        make_relay_code(actor=stranger, draft=begun.draft, at=begun.at)
    with pytest.raises(NotFound):
        draft_of_code(actor=stranger, code=begun.code(), at=begun.at)
    with pytest.raises(NotFound):
        relay_steps(stranger, begun.draft)
    for name in ("wangqiang", "zhoujie", "zhangxiao"):
        with pytest.raises(Refused) as refused:
            begun.open(begun.code(), actor=begun.demo.actor(name))
        assert refused.value.kind == "forbidden"
        with pytest.raises(NotFound):
            look_at_relay(actor=begun.demo.actor(name), code=begun.code(), tail=begun.tail, at=begun.at)


def test_a_clerk_takes_over_no_file_that_is_not_in_the_draft(begun):
    other = begun.upload(begun.demo.actor("moshengren"), "别人的.png")
    relay = begun.open(begun.code())
    assert take_files(actor=begun.zhao, relay=relay, materials={"x": [other]}, at=begun.at) == {"x": []}


def test_begun_at_a_window_it_becomes_the_persons_draft_with_a_code(begun):
    scanned = begun.upload(begun.zhao, "证.png")
    made = begin_for(
        actor=begun.zhao, person=begun.zhang.id, applicant=begun.zhang.id, item_code=ITEM, item_version=1, answers={},
        form={"dog": {"name": "来福"}}, materials={"owner_id": [scanned]}, at=begun.at + timedelta(minutes=1),
    )  # fmt: skip
    draft = draft_of_code(actor=begun.zhang, code=made.code, at=begun.at + timedelta(minutes=2))
    row = get_draft(begun.zhang, draft)
    assert row.form == {"dog": {"name": "来福"}}
    assert Upload.objects.get(id=UUID(row.materials["owner_id"][0])).owner_id == begun.zhang.id


def test_the_digits_are_kept_nowhere(begun):
    code = begun.code()
    assert code not in str(Relay.objects.values().get(ended_at=None))


def test_codes_are_read_as_people_say_and_scanners_type_them():
    assert {digits_of(text) for text in ("1234 5678", "12345678", "https://x/relay/12345678", "1234-5678")} == {
        "12345678"
    }
    assert fits("44030319900307901X", "901x")
    assert not any(fits("44030319900307901X", said) for said in ("", "X", "01X", "9010", "7901X"))


def test_what_the_owner_changed_meanwhile_is_not_written_over_and_a_second_press_is_the_first(begun):
    relay = begun.open(begun.code())
    found = relayed(begun.zhao, relay, at=begun.at)
    scanned = begun.upload(begun.zhao, "证.png")
    given = {
        "actor": begun.zhao, "relay": relay, "answers": found.answers, "form": {"dog": {"name": "豆包"}},
        "materials": {"owner_id": [scanned]}, "at": begun.at,
    }  # fmt: skip
    save_draft(
        actor=begun.zhang, draft=begun.draft, item_code=ITEM, item_version=1, answers=ANSWERS,
        form={"dog": {"name": "豆豆", "breed": "柴犬"}}, materials={"dog_photos": [str(begun.file)]}, applicant=None,
        step="", at=begun.at,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        put_back(**given, seen=found.mark)
    assert codes(refused) == ["DRAFT_CHANGED"]
    assert get_draft(begun.zhang, begun.draft).form == {"dog": {"name": "豆豆", "breed": "柴犬"}}
    fresh = relayed(begun.zhao, relay, at=begun.at).mark
    for _ in "twice":
        put_back(**given, seen=fresh)
    row = get_draft(begun.zhang, begun.draft)
    assert (row.form, list(row.materials)) == ({"dog": {"name": "豆包"}}, ["owner_id"])
    assert [one.words.zh for one in relay_steps(begun.zhang, begun.draft)].count("补充后存回") == 1


def test_papers_alone_that_differ_are_not_taken_for_the_first_press(begun):
    relay = begun.open(begun.code())
    found = relayed(begun.zhao, relay, at=begun.at)
    given = {"actor": begun.zhao, "relay": relay, "answers": found.answers, "form": found.form, "at": begun.at}
    scanned = begun.upload(begun.zhao, "证.png")
    put_back(**given, materials={"owner_id": [scanned]}, seen=found.mark)
    for other in ({}, {"dog_photos": [scanned]}):  # taken out again, laid to another paper: not what the draft has
        with pytest.raises(Refused) as refused:
            put_back(**given, materials=other, seen=found.mark)
        assert codes(refused) == ["DRAFT_CHANGED"]
    put_back(**given, materials={"owner_id": [scanned]}, seen=found.mark)
    assert list(get_draft(begun.zhang, begun.draft).materials) == ["owner_id"]


def test_a_page_that_only_looks_at_the_draft_bars_nobody(begun):
    relay = begun.open(begun.code())
    found = relayed(begun.zhao, relay, at=begun.at)
    begun.at += timedelta(minutes=1)
    Draft.objects.filter(id=begun.draft).update(step="check", updated_at=begun.at)
    put_back(
        actor=begun.zhao, relay=relay, answers=ANSWERS, form={}, materials={}, seen=found.mark, at=begun.at
    )  # fmt: skip
    assert get_draft(begun.zhang, begun.draft).form == {}


def test_the_draft_is_locked_before_its_code_wherever_both_are_and_old_codes_are_left_to_who_holds_them(begun):
    old = begun.code()
    Relay.objects.update(expires_at=begun.at + timedelta(seconds=1))
    begun.at += timedelta(minutes=1)
    with CaptureQueriesContext(connection) as made:
        code = begun.code()
    swept = [one["sql"] for one in made if "SKIP LOCKED" in one["sql"] and "cases_relay" in one["sql"]]
    assert len(swept) == 1
    assert not Relay.objects.filter(code_index=old, ended_at=None).exists()
    relay = begun.open(code)
    found = relayed(begun.zhao, relay, at=begun.at)
    with CaptureQueriesContext(connection) as back:
        put_back(
            actor=begun.zhao, relay=relay, answers=ANSWERS, form={}, materials={}, seen=found.mark, at=begun.at
        )  # fmt: skip
    locked = [one["sql"] for one in back if "FOR UPDATE" in one["sql"]]
    assert ["cases_draft" in sql.split("WHERE")[0] for sql in locked][:2] == [True, False]
