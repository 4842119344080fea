"""免证办: what the state holds is fetched into the case – of the applicant alone, on a ground, on record; else asked for as usual."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.cases.held import (
    AWAY,
    BIRTH,
    HOME,
    INSURED,
    OWN_PAPERS,
    born,
    file_birth,
    file_home,
    in_doubt,
    known,
    own_form,
    plain,
    rows,
    states,
)
from tests.cases.tampering import broken, superuser
from tests.registry.sources import Scripted

from yichuang.cases.commands import look_again
from yichuang.cases.commands.accept import MaterialFinding, accept_case
from yichuang.cases.commands.look_again import look_again_job
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.fetched import HeldState
from yichuang.cases.models import HeldPaper, TripCause
from yichuang.cases.queries import get_case_for
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import fixed
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.queries import get_party, represented
from yichuang.registry.commands import load_batch, set_status
from yichuang.registry.models import RegistryLook, RegistryUse, SharedRecord
from yichuang.registry.ports import SourceDown, connected
from yichuang.registry.queries import list_looks, list_uses
from yichuang.registry.values import Base, Status, Trust


def test_what_the_state_holds_is_fetched_with_the_filing_and_nobody_need_bring_it(demo: Any) -> None:
    receipt = file_home(demo)
    found = rows(receipt)
    assert plain(found) == {"applicant_id": "fetched", "household_register": "fetched", "marriage_proof": "declined"}
    assert {code: state for code, state in states(receipt).items() if code in found} == {
        "applicant_id": "held",
        "household_register": "held",
        "marriage_proof": "missing",
    }
    register = found["household_register"]
    assert register.data == {"household_region": "440303"}, "no more than the fields that stand for the paper"
    assert (register.level, register.base, register.ground) == ("A", "population", "duty")
    assert register.basis == "《优化营商环境条例》第三十七条"
    look = RegistryLook.objects.get(id=register.look)
    assert (look.case_number, look.names, look.basis) == (receipt.number, ["household_region"], register.basis)
    assert (look.by_name_masked, look.party_id) == ("系统", demo.actor("zhangxiao").id)
    entry = ledger.list_entries(Subject("case", receipt.case_id))[0]
    assert entry.detail["fetched"] == "applicant_id,household_register"
    assert "agreed" not in entry.detail


def test_what_rests_on_consent_is_fetched_only_with_it_and_the_log_knows_the_consent(demo: Any) -> None:
    declined = rows(file_home(demo))["marriage_proof"]
    assert (declined.state, declined.look, declined.consent) == ("declined", None, None)
    receipt = file_home(demo, agreed=frozenset({"marriage_proof"}))
    row = rows(receipt)["marriage_proof"]
    assert (row.state, row.data, row.ground) == ("fetched", {"marital_status": "married"}, "consent")
    look = RegistryLook.objects.get(id=row.look)
    assert (look.ground, look.consent, look.names) == ("consent", row.id, ["marital_status"])
    assert ledger.list_entries(Subject("case", receipt.case_id))[0].detail["agreed"] == "marriage_proof"
    asked = RegistryLook.objects.filter(names__contains=["marital_status"]).values_list("case_number", flat=True)
    assert list(asked) == [receipt.number], "of who did not agree nobody asked"


def test_nothing_is_fetched_of_anybody_but_the_applicant(demo: Any) -> None:
    receipt = file_home(demo, of="moshengren", agreed=frozenset({"marriage_proof"}))
    assert rows(receipt) == {}
    assert not RegistryLook.objects.filter(case_number=receipt.number).exists()
    assert states(receipt)["applicant_id"] == "missing"


def test_what_was_handed_in_is_not_fetched_beside_it(demo: Any) -> None:
    receipt = file_home(demo, handed_in=(*OWN_PAPERS, "applicant_id", "household_register"))
    assert plain(rows(receipt)) == {"marriage_proof": "declined"}
    assert not RegistryLook.objects.filter(case_number=receipt.number).exists()
    assert states(receipt)["household_register"] == "provided"


def test_our_own_certificate_comes_with_its_number_and_the_fewest_fields(demo: Any) -> None:
    certificate = born(demo)
    receipt = file_birth(demo, agreed=frozenset({"birth_certificate"}))
    row = rows(receipt)["birth_certificate"]
    assert (row.state, row.certificate, row.number) == ("fetched", certificate.id, certificate.number)
    assert (row.provider_zh, row.data) == ("罗湖区妇幼保健院（示例）", {"出生日期": "2026-01-20"})
    use = RegistryUse.objects.get(id=row.look)
    assert (use.fields, use.ground, use.case_number) == (["born_on"], "consent", receipt.number)
    assert states(receipt)["birth_certificate"] == "held"


@pytest.mark.parametrize(
    ("end", "words"), [("revoked", "已撤销"), ("expired", "已过有效期"), ("suspended", "暂停使用")]
)
def test_a_certificate_that_is_not_in_force_stands_for_nothing_and_the_reason_is_told(
    demo: Any, end: str, words: str
) -> None:
    certificate = born(demo, until=date(2026, 11, 23) if end == "expired" else None)
    if end != "expired":
        set_status(id=certificate.id, status=Status(end), reason="有误", at=demo.at)
    receipt = file_birth(demo, agreed=frozenset({"birth_certificate"}))
    row = rows(receipt)["birth_certificate"]
    assert (row.state, row.data, row.number) == ("ended", {}, "")
    assert words in row.why_zh
    assert states(receipt)["birth_certificate"] == "missing"
    assert not RegistryUse.objects.filter(certificate=certificate.id).exists()


def test_a_certificate_that_says_something_else_does_not_stand_for_the_paper(demo: Any) -> None:
    born(demo, on="2024-01-20")
    row = rows(receipt := file_birth(demo, agreed=frozenset({"birth_certificate"})))["birth_certificate"]
    assert (row.state, row.data) == ("unfit", {})
    assert states(receipt)["birth_certificate"] == "missing"


def test_what_a_base_says_has_to_fit(demo: Any) -> None:
    known(get_party(demo.actor("zhangxiao").id).id_no, Base.POPULATION, household_region="430103")
    receipt = file_home(demo)
    assert rows(receipt)["household_register"].state == "unfit"
    assert "不一致" in rows(receipt)["household_register"].why_zh
    assert states(receipt)["household_register"] == "missing"


def test_a_source_that_says_nothing_sure_leaves_the_paper_asked_for_and_nobody_blamed(demo: Any) -> None:
    in_doubt(get_party(demo.actor("zhangxiao").id).id_no)
    receipt = file_home(demo)
    row = rows(receipt)["household_register"]
    assert (row.state, row.look is not None) == ("silent", True)
    assert row.why_zh == "人口库暂时没有可靠的答复（数据来源的答复无法确认真实或格式不对），不算您漏交"
    assert states(receipt)["household_register"] == "missing"


def test_sources_that_contradict_each_other_are_no_answer(demo: Any) -> None:
    number = get_party(demo.actor("zhangxiao").id).id_no
    other = [{"key": number, "household_region": "430103"}]
    load_batch(base=Base.POPULATION, source="other_police", rows=other, actor=SYSTEM, at=demo.at)
    row = rows(file_home(demo))["household_register"]
    assert (row.state, "几个来源说法不一致" in row.why_zh) == ("silent", True)


def test_who_is_in_no_base_is_asked_as_usual(demo: Any) -> None:
    SharedRecord.objects.filter(base="certificates").delete()
    receipt = file_home(demo)
    row = rows(receipt)["applicant_id"]
    assert (row.state, row.why_zh) == ("nothing", "证照库里没有查到您的居民身份证")
    assert states(receipt)["applicant_id"] == "missing"


def test_a_company_is_known_by_its_own_number(demo: Any) -> None:
    agent = demo.actor("qianjin")
    company = represented(agent.id, at=demo.at)[0].principal
    form = demo.example(INSURED).form
    name = "".join(form["name"][part] for part in ("region", "trade", "industry", "form"))
    known(get_party(company).id_no, Base.ENTITIES, name=name)
    receipt = demo.file(
        agent, INSURED, number=4, form={"staff": {**form["staff"], "first_month": "2026-12"}}, materials=("staff_list",),
        applicant=company,
    )  # fmt: skip
    row = rows(receipt)["licence"]
    assert (row.state, row.data) == ("fetched", {"name": name, "status": "active"})
    assert states(receipt)["licence"] == "held"
    assert "representative_id" not in rows(receipt), "the representative's own card is not the company's"


def at_counter(demo: Any) -> Any:
    """李娜 files for 张晓, who agrees."""
    zhang = demo.actor("zhangxiao")
    form, agreed = own_form(demo, HOME, zhang, "applicant"), frozenset({"marriage_proof"})
    return demo.file(demo.actor("lina"), HOME, form=form, materials=(), applicant=zhang.id, agreed=agreed)


def test_a_clerk_at_a_counter_is_named_in_the_log(demo: Any) -> None:
    receipt = at_counter(demo)
    assert set(plain(rows(receipt)).values()) == {"fetched"}
    assert {look.by_kind for look in RegistryLook.objects.filter(case_number=receipt.number)} == {"staff"}


def test_the_applicant_reads_all_of_it_and_staff_read_it_masked(demo: Any) -> None:
    receipt = at_counter(demo)
    mine = {m.code: m.held for m in get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at).materials}
    theirs = {m.code: m.held for m in get_case_for(demo.actor("lina"), receipt.number, at=demo.at).materials}
    row = mine["household_register"]
    assert row is not None
    assert (row.state, row.level, row.provider.zh) == (HeldState.FETCHED, Trust.A, "人口库")
    assert [(label.zh, value.zh) for label, value in row.said] == [("户籍区划代码", "440303")]
    assert row.mark is not None
    assert row.mark.zh.startswith("此件由人口库提供，仅供办理“公共租赁住房")
    assert theirs["household_register"] is not None
    assert [value.zh for _, value in theirs["household_register"].said] == ["说法 1（内容已隐去）"]
    assert mine["money_statement"] is None


def test_the_person_is_told_and_reads_who_looked(demo: Any) -> None:
    born(demo)
    zhang = demo.actor("zhangxiao")
    receipt = file_birth(demo, agreed=frozenset({"birth_certificate"}))
    assert [look.case_number for look in list_looks(zhang.id).items][:1] == [receipt.number]
    assert [use.case_number for use in list_uses(zhang.id).items][:1] == [receipt.number]


def test_the_ledger_vouches_for_what_was_fetched(demo: Any) -> None:
    receipt = file_home(demo)
    assert broken("case") == set()
    row = HeldPaper.objects.get(case=receipt.case_id, code="household_register")
    superuser("UPDATE cases_heldpaper SET state = 'nothing', look = NULL WHERE id = %s", row.id)
    assert broken("case") == {"FACT_ALTERED held"}


# ── behind the filing, and before it is answered ──────────────────────────────────────────────────────────────────


def moving_away(demo: Any) -> Any:
    """李娜 files for 张晓, who moves to where she is registered now and has nothing with her but the signed form."""
    zhang = demo.actor("zhangxiao")
    known(get_party(zhang.id).id_no, Base.POPULATION, household_region="440106")
    form = own_form(demo, AWAY, zhang, "person", number=2)
    of = {"form": form, "materials": ("application_form",), "applicant": zhang.id}
    return demo.file(demo.actor("lina"), AWAY, number=2, **of)


def test_what_was_revoked_in_between_is_asked_for_with_the_reason(demo: Any) -> None:
    certificate = born(demo)
    receipt = filed_on(demo)
    assert states(receipt)["birth_certificate"] == "held"
    later = demo.at + timedelta(hours=2)
    set_status(id=certificate.id, status=Status.REVOKED, reason="信息有误", at=later)
    li, of = demo.actor("lina"), {"number": receipt.number, "version": 1}
    with pytest.raises(Refused) as refused:
        accept_case(actor=li, findings={}, at=later, **of)
    assert [reason.words.zh for reason in refused.value.reasons] == [
        "材料不齐，不能直接受理：缺少“出生医学证明”（系统没有取到：您的出生医学证明：已撤销）"
    ]
    assert (rows(receipt)["birth_certificate"].state, states(receipt)["birth_certificate"]) == ("ended", "missing")
    entry = ledger.list_entries(Subject("case", receipt.case_id))[-1]
    assert (entry.act, entry.actor_kind) == ("look-again", "staff")
    assert broken("case") == set()
    with pytest.raises(Refused) as refused:
        accept_case(actor=li, findings={"birth_certificate": MaterialFinding("held")}, at=later, **of)
    assert refused.value.reasons[0].code == "NOT_HELD"


def filed_on(demo: Any) -> Any:
    """李娜 files for 张晓, whose birth certificate is fetched with her consent."""
    zhang = demo.actor("zhangxiao")
    form, agreed = own_form(demo, BIRTH, zhang, "person"), frozenset({"birth_certificate"})
    return demo.file(
        demo.actor("lina"), BIRTH, form=form, materials=("application_form",), applicant=zhang.id, agreed=agreed
    )


@pytest.mark.parametrize("ended", ["after", "before"])
def test_a_certificate_that_was_renewed_before_the_answer_need_not_be_brought(demo: Any, ended: str) -> None:
    old, later = born(demo), demo.at + timedelta(hours=2)
    if ended == "before":
        set_status(id=old.id, status=Status.REVOKED, reason="信息有误", at=demo.at)
    receipt = filed_on(demo)
    if ended == "after":
        set_status(id=old.id, status=Status.REVOKED, reason="信息有误", at=later)
    new = born(demo, at=later)
    accept(demo, receipt, later)
    row = rows(receipt)["birth_certificate"]
    assert (row.state, row.certificate, row.number) == ("fetched", new.id, new.number)
    assert states(receipt)["birth_certificate"] == "held"
    use = RegistryUse.objects.get(id=row.look)
    assert (use.certificate_id, use.ground, use.by_kind) == (new.id, "consent", "staff"), "on record, like the first"
    assert broken("case") == set()


def test_what_is_still_there_is_accepted_and_nobody_looks_twice_in_an_hour(demo: Any) -> None:
    receipt = moving_away(demo)
    looks = RegistryLook.objects.filter(case_number=receipt.number).count()
    accept(demo, receipt, demo.at + timedelta(minutes=50))
    assert RegistryLook.objects.filter(case_number=receipt.number).count() == looks


def accept(demo: Any, receipt: Any, at: datetime) -> None:
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=at)


def test_what_was_fetched_long_ago_is_asked_again_before_acceptance(demo: Any) -> None:
    receipt = moving_away(demo)
    number, later = get_party(demo.actor("zhangxiao").id).id_no, demo.at + timedelta(hours=7)
    known(number, Base.POPULATION, household_region="430103")
    with pytest.raises(Refused) as refused:
        accept(demo, receipt, later)
    assert "与这份材料要证明的不一致" in refused.value.reasons[0].words.zh
    assert rows(receipt)["residence_proof"].state == "unfit"
    assert rows(receipt)["residence_proof"].asked_at == later
    assert states(receipt)["residence_proof"] == "missing"


def test_silence_takes_nothing_away_that_was_there_when_it_was_filed(demo: Any) -> None:
    receipt = moving_away(demo)
    in_doubt(get_party(demo.actor("zhangxiao").id).id_no)
    accept(demo, receipt, demo.at + timedelta(hours=7))
    assert (rows(receipt)["residence_proof"].state, states(receipt)["residence_proof"]) == ("fetched", "held")


def test_a_source_that_speaks_again_spares_the_applicant_the_paper(demo: Any) -> None:
    in_doubt(get_party(demo.actor("zhangxiao").id).id_no)
    receipt = moving_away(demo)
    assert states(receipt)["residence_proof"] == "missing"
    in_doubt(get_party(demo.actor("zhangxiao").id).id_no, doubtful=False)
    accept(demo, receipt, demo.at + timedelta(hours=1))
    assert (rows(receipt)["residence_proof"].state, states(receipt)["residence_proof"]) == ("fetched", "held")


def test_the_one_time_notice_says_what_could_not_be_fetched_and_that_it_is_nobodys_omission(demo: Any) -> None:
    in_doubt(get_party(demo.actor("zhangxiao").id).id_no)
    receipt = moving_away(demo)
    li = demo.actor("lina")
    notify_gaps(actor=li, number=receipt.number, version=1, findings={}, at=demo.at)
    page = get_case_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    (told,) = [gap for gap in page.asked if gap.material == "residence_proof"]
    assert told.words.zh.startswith("缺少“居住证明（户口簿、居住证等）”（系统没有取到：人口库暂时没有可靠的答复")
    assert "不算您漏交" in told.words.zh
    later = demo.at + timedelta(days=1)
    supplement_case(
        actor=li, number=receipt.number, version=2, materials={}, originals=frozenset({"residence_proof"}), at=later
    )
    assert TripCause.objects.get(case=receipt.case_id, material="residence_proof").kind == "system_fault"


def test_a_stranger_who_knows_the_number_makes_nobody_look(demo: Any) -> None:
    in_doubt(get_party(demo.actor("zhangxiao").id).id_no)
    receipt = moving_away(demo)
    looks = RegistryLook.objects.filter(case_number=receipt.number).count()
    with pytest.raises(NotFound):
        accept_case(actor=demo.actor("zhaomin"), number=receipt.number, version=1, findings={}, at=demo.at)
    assert RegistryLook.objects.filter(case_number=receipt.number).count() == looks


def test_other_houses_are_asked_behind_the_filing_and_never_inside_it(demo: Any) -> None:
    number = get_party(demo.actor("zhangxiao").id).id_no
    source = Scripted("province", {number: {"household_region": "440303"}}, demo.at)
    with connected(source):
        receipt = file_home(demo)
        assert source.asked == []
        assert (rows(receipt)["household_register"].state, states(receipt)["household_register"]) == (
            "waiting",
            "missing",
        )
        with fixed(demo.at):
            look_again_job(case=receipt.case_id)
    assert [question.fields for question in source.asked] == [("household_region",)]
    assert (rows(receipt)["household_register"].state, states(receipt)["household_register"]) == ("fetched", "held")
    assert broken("case") == set()


def test_other_houses_that_are_down_leave_the_paper_asked_for(demo: Any) -> None:
    source = Scripted("province", {}, demo.at, fails=SourceDown("down"))
    with connected(source):
        receipt = file_home(demo)
        with fixed(demo.at):
            look_again_job(case=receipt.case_id)
    row = rows(receipt)["household_register"]
    assert (row.state, "数据来源暂时连不上" in row.why_zh) == ("silent", True)
    assert states(receipt)["household_register"] == "missing"


def test_a_slow_silence_does_not_undo_what_another_look_found_meanwhile(
    demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, ask = get_party(demo.actor("zhangxiao").id).id_no, look_again._ask_outside
    source = Scripted("province", {number: {"household_region": "440303"}}, demo.at, fails=SourceDown("down"))

    def overtaken(*of: Any) -> Any:
        monkeypatch.setattr(look_again, "_ask_outside", ask)
        silence, source.fails = ask(*of), None
        look_again_job(case=receipt.case_id)  # the other one hears the answer, and writes first
        return silence

    with connected(source):
        receipt = file_home(demo)
        monkeypatch.setattr(look_again, "_ask_outside", overtaken)
        with fixed(demo.at + timedelta(minutes=1)):
            look_again_job(case=receipt.case_id)
    assert (rows(receipt)["household_register"].state, states(receipt)["household_register"]) == ("fetched", "held")
    acts = [entry.act for entry in ledger.list_entries(Subject("case", receipt.case_id))]
    assert acts.count("look-again") == 1
    assert broken("case") == set()
