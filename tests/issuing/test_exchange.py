"""换领: a corrected certificate waits at the desk that handed out the old paper, and what became of that is on record."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from tests.issuing.test_desk import code_of, corrected, party_of, ready

from yichuang.cases import queries as cases
from yichuang.cases.commands.correct import ask_correction, make_correction
from yichuang.cases.turns import Wish
from yichuang.core import faults, ledger
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.roles import ISSUING_CLERK
from yichuang.issuing.commands import exchange_paper, hand_over, make_pickup_code
from yichuang.issuing.models import Delivery, Exchange
from yichuang.issuing.queries import find_code, find_exchange, list_exchanges, read_corrected, verify_number
from yichuang.issuing.rules import old_paper_faults
from yichuang.people.cast import PASSWORD
from yichuang.registry.models import Certificate
from yichuang.registry.queries import get_certificate

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def waiting(demo):
    """A dog licence that was handed over on paper, and corrected since."""
    receipt, page = ready(demo)
    identity = party_of(demo).id_no
    hand_over(
        actor=demo.actor("zhoujie"), number=receipt.number, version=page.version, identity=identity, receiver_name="",
        at=demo.at,
    )  # fmt: skip
    corrected(demo, receipt.number)
    run_waiting()
    return receipt


def exchange(demo, number, who="zhoujie", by=None, **otherwise):
    given = {"version": 2, "identity": party_of(demo).id_no, "receiver_name": "", "old_paper": "returned", "reason": ""}
    return exchange_paper(actor=by or demo.actor(who), number=number, at=demo.at, **{**given, **otherwise})


def acts_of(receipt):
    return [entry.act for entry in ledger.list_entries(ledger.Subject("case", receipt.case_id))]


def test_it_waits_where_the_old_paper_was_handed_out_and_goes_against_identity(demo, waiting):
    zhou = demo.actor("zhoujie")
    [row] = list_exchanges(zhou).items
    assert (row.case_number, row.version, row.place, row.at) == (waiting.number, 2, zhou.place, None)
    assert find_exchange(waiting.case_id) == row
    assert read_corrected(zhou, waiting.number, at=demo.at).certificate == row.certificate
    trips = cases.get_case_for(zhou, waiting.number, at=demo.at).trips
    done = exchange(demo, waiting.number)
    assert (done.at, done.old_paper.zh, done.receiver_masked, done.by_name) == (demo.at, "已收回", "张*", zhou.name)
    assert (list_exchanges(zhou).items, find_exchange(waiting.case_id)) == ((), None)
    entry = next(e for e in ledger.list_entries(ledger.Subject("case", waiting.case_id)) if e.act == "paper.exchange")
    assert (entry.detail["old_paper"], entry.detail["relation"]) == ("returned", "receiver")
    assert not ledger.verify_ledger(())
    lines = [line.words.zh for line in cases.get_case_for(zhou, waiting.number, at=demo.at).timeline]
    assert "核验身份，换发更正后的证照" in lines
    assert cases.get_case_for(zhou, waiting.number, at=demo.at).trips == trips, "the same stay as the hand-over"
    new = get_certificate(row.certificate)
    assert verify_number(find_code("certificate", new.id), at=demo.at).verdict == "valid"
    old = verify_number(get_certificate(new.previous).identifier, at=demo.at)
    assert (old.verdict, old.status.zh) == ("revoked", "已被新版本替换")


def test_pressed_twice_changes_nothing_and_nobody_else_says_otherwise(demo, waiting):
    done = exchange(demo, waiting.number)
    acts = acts_of(waiting)
    assert exchange(demo, waiting.number) == done
    with pytest.raises(Conflict) as otherwise:
        exchange(demo, waiting.number, old_paper="lost", reason="找不到")
    assert (code_of(otherwise), otherwise.value.change.at) == ("EXCHANGED", demo.at)
    colleague = replace(demo.actor("zhoujie"), id=demo.actor("lina").id)
    with pytest.raises(Conflict) as second:
        exchange(demo, waiting.number, by=colleague)
    assert (code_of(second), second.value.change.who) == ("EXCHANGED", "周洁")
    for otherwise in ({"version": 1}, {"reason": "另一个说法"}, {"identity": "12345678", "receiver_name": "张晓"}):
        with pytest.raises(Conflict) as caught:
            exchange(demo, waiting.number, **otherwise)
        assert code_of(caught) == "EXCHANGED", otherwise
    with pytest.raises(Refused) as stranger:
        exchange(demo, waiting.number, identity="440303199001019993")
    assert code_of(stranger) == "IDENTITY_NO_MATCH", "nobody else is told that it is theirs"
    assert (acts_of(waiting), Exchange.objects.count()) == (acts, 1)


def test_what_was_not_taken_back_has_a_reason(demo, waiting):
    for old_paper, reason, code in [
        ("", "", "OLD_PAPER_NEEDED"),
        ("burnt", "x", "OLD_PAPER_NEEDED"),
        ("lost", " ", "WHY_NOT_BACK"),
    ]:
        with pytest.raises(Refused) as caught:
            exchange(demo, waiting.number, old_paper=old_paper, reason=reason)
        assert code_of(caught) == code
    with pytest.raises(Refused) as all_at_once:
        exchange(demo, waiting.number, identity=" ", old_paper="")
    assert [reason.field for reason in all_at_once.value.reasons] == ["/identity", "/old_paper"]
    assert [fault.code for fault in old_paper_faults("returned", "长" * 501)] == ["WHY_NOT_BACK"]
    done = exchange(demo, waiting.number, old_paper="lost", reason="搬家时遗失，已书面说明")
    assert (done.old_paper.zh, done.reason) == ("遗失，未收回", "搬家时遗失，已书面说明")
    raw = Exchange.objects.extra(select={"raw": "reason"}).values_list("raw", flat=True)
    assert "遗失" not in str(list(raw)), "sealed"


def test_identity_and_pick_up_code_are_checked_as_at_the_hand_over(demo, waiting):
    for identity, name, code in [
        ("440303199001019993", "", "IDENTITY_NO_MATCH"),
        ("", "", "IDENTITY_NEEDED"),
        ("12345678", "张晓", "PICKUP_LOCKED"),
    ]:
        with pytest.raises(Refused) as caught:
            exchange(demo, waiting.number, identity=identity, receiver_name=name)
        assert code_of(caught) == code
    code = make_pickup_code(actor=demo.actor("zhangxiao"), number=waiting.number, at=demo.at).code
    with pytest.raises(Refused) as wrong:
        exchange(demo, waiting.number, identity=code, receiver_name="李四")
    assert code_of(wrong) == "PICKUP_WRONG"
    assert exchange(demo, waiting.number, identity=code, receiver_name="张晓").at == demo.at
    with pytest.raises(Refused) as nothing:
        make_pickup_code(actor=demo.actor("zhangxiao"), number=waiting.number, at=demo.at)
    assert code_of(nothing) == "NOTHING_TO_COLLECT"


def test_another_place_s_desk_finds_nothing_and_others_are_refused(demo, waiting):
    zhou = demo.actor("zhoujie")
    elsewhere = replace(zhou, grants=demo.actor("zhaomin").grants, place=demo.actor("zhaomin").place)
    elsewhere = replace(elsewhere, grants=frozenset(replace(g, role=ISSUING_CLERK) for g in elsewhere.grants))
    assert list_exchanges(elsewhere).items == ()
    with pytest.raises(NotFound):
        read_corrected(elsewhere, waiting.number, at=demo.at)
    for who in ("lina", "wangqiang", "zhangxiao"):
        assert list_exchanges(demo.actor(who)).items == ()
        with pytest.raises(Refused) as refused:
            exchange(demo, waiting.number, who)
        assert refused.value.kind == "forbidden"
    assert find_exchange(waiting.case_id) is not None


def test_corrected_again_the_newest_version_waits_and_the_older_page_is_told(demo, waiting):
    wish = Wish("form:/dog/colour", "纯黑")
    id = ask_correction(actor=demo.actor("zhangxiao"), number=waiting.number, wishes=[wish], reason="写错", at=demo.at)
    make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at)
    [row] = list_exchanges(demo.actor("zhoujie")).items
    assert row.version == 3
    with pytest.raises(Conflict) as stale:
        exchange(demo, waiting.number)
    assert code_of(stale) == "STALE_CERTIFICATE"
    exchange(demo, waiting.number, version=3)


def test_what_was_never_handed_over_on_paper_needs_no_exchange(demo):
    receipt, _ = ready(demo)
    corrected(demo, receipt.number)
    assert list_exchanges(demo.actor("zhoujie")).items == ()
    with pytest.raises(NotFound):
        exchange(demo, receipt.number)


def test_what_was_corrected_before_there_was_an_exchange_waits_after_the_upgrade(demo, waiting):
    """The migration finds the corrected certificates of older data, once, and only those whose paper was out before."""
    [made] = Exchange.objects.all()
    expect = import_module("yichuang.issuing.migrations.0006_exchanges_of_before").expect
    upgraded = SimpleNamespace(connection=connection)

    def waits():
        expect(apps, upgraded)
        return list(Exchange.objects.values_list("case", "certificate", "place", "since"))

    before = [(made.case_id, made.certificate_id, made.place_id, made.since)]
    assert waits() == before, "what waits or was exchanged is left alone"
    Exchange.objects.all().delete()  # as the version before left it
    assert waits() == before
    assert waits() == before, "once"
    [row] = list_exchanges(demo.actor("zhoujie")).items
    exchange(demo, waiting.number)
    assert waits() == before, "exchanged: nothing waits anew"
    Exchange.objects.all().delete()
    Delivery.objects.update(place=None)
    assert [place for *_, place, _ in waits()] == [row.place]
    Exchange.objects.all().delete()
    Delivery.objects.update(at=demo.at + timedelta(hours=1))
    assert waits() == [], "handed over after it was corrected: that paper is right"
    Delivery.objects.update(at=demo.at)
    Certificate.objects.filter(id=made.certificate_id).update(status="revoked")
    assert waits() == [], "nobody is given a certificate that is not in force"


def test_every_column_of_an_exchange_is_vouched_for(demo, waiting):
    """Somebody with all rights on the database alters, takes away or invents one: the check of the ledger says so."""
    exchange(demo, waiting.number, old_paper="lost", reason="搬家时遗失")
    row = Exchange.objects.get()
    other = get_certificate(row.certificate_id).previous
    forged = {
        "certificate_id": other, "place_id": demo.actor("zhaomin").place, "since": demo.at - timedelta(days=1),
        "at": demo.at + timedelta(days=1), "old_paper": "returned", "reason": "不知道", "receiver_name": "李四",
        "receiver_masked": "李*", "relation": "agent", "identity_kind": "pickup_code", "window": "99",
        "by_id": demo.actor("lina").id, "by_name": "李娜", "case_id": None, "id": None,
    }  # fmt: skip
    assert {field.attname for field in Exchange._meta.fields} == forged.keys(), "every column is tried"
    assert not ledger.verify_ledger(())
    for column, value in forged.items():
        if value is not None:
            kept = getattr(row, column)
            Exchange.objects.update(**{column: value})
            assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger(())}, column
            Exchange.objects.update(**{column: kept})
    other_case = demo.file(demo.actor("jiye"), form=other_dog(demo)).case_id
    Exchange.objects.update(case_id=other_case)
    assert {fault.kind for fault in ledger.verify_ledger(())} == {"FACT_MISSING", "FACT_UNKNOWN"}
    Exchange.objects.update(case_id=row.case_id)
    assert not ledger.verify_ledger(())
    Exchange.objects.all().delete()
    assert {fault.kind for fault in ledger.verify_ledger(())} == {"FACT_MISSING"}


def other_dog(demo):
    form = demo.example("yangquan-dengji").form
    return {
        "dog": {**form["dog"], "chip": "999000000077771"},
        "address": {**form["address"], "detail": "演示路 99 号 101"},
    }


def test_a_row_that_was_turned_to_another_certificate_gives_it_to_nobody(demo, waiting):
    """What waits is not vouched for: it is worth what the certificate says of its own case."""
    theirs = demo.file(demo.actor("jiye"), form=other_dog(demo))
    Certificate.objects.filter(status="valid").update(subject_id=theirs.case_id)
    assert (list_exchanges(demo.actor("zhoujie")).items, find_exchange(waiting.case_id)) == ((), None)
    with pytest.raises(NotFound):
        read_corrected(demo.actor("zhoujie"), waiting.number, at=demo.at)
    with pytest.raises(NotFound):
        exchange(demo, waiting.number)


def test_revoked_while_it_waits_it_is_given_to_nobody(demo, waiting, monkeypatch):
    module = import_module("yichuang.issuing.commands.exchange")
    find_taker = module.find_taker

    def meanwhile(*given):
        """The organ ends it while the clerk compares the document."""
        Certificate.objects.filter(status="valid").update(status="revoked")
        return find_taker(*given)

    monkeypatch.setattr(module, "find_taker", meanwhile)
    acts = acts_of(waiting)
    with pytest.raises(NotFound):
        exchange(demo, waiting.number)
    assert (list_exchanges(demo.actor("zhoujie")).items, acts_of(waiting)) == ((), acts)
    assert Exchange.objects.get().at is None


def test_what_breaks_off_between_its_lines_leaves_it_waiting(demo, waiting):
    code = make_pickup_code(actor=demo.actor("zhangxiao"), number=waiting.number, at=demo.at).code
    acts = acts_of(waiting)
    given = {"identity": code, "receiver_name": "张晓"}
    with faults.armed("exchange_paper.after_row", "raise"), pytest.raises(faults.Fault):
        exchange(demo, waiting.number, **given)
    assert (acts_of(waiting), find_exchange(waiting.case_id).at) == (acts, None)
    assert exchange(demo, waiting.number, **given).at == demo.at, "the code still opens"
    assert exchange(demo, waiting.number, **given).at == demo.at, "and pressed once more it answers the same"


def test_the_list_turns_its_pages_behind_those_who_never_come(demo, waiting, monkeypatch, client):
    monkeypatch.setattr("yichuang.issuing.exchanges.PAGE", 1)
    zhou = demo.actor("zhoujie")
    receipt, page = ready(demo, form=other_dog(demo))
    hand_over(
        actor=zhou, number=receipt.number, version=page.version, identity=party_of(demo).id_no, receiver_name="",
        at=demo.at,
    )  # fmt: skip
    corrected(demo, receipt.number)
    first = list_exchanges(zhou)
    second = list_exchanges(zhou, cursor=first.next)
    found = [row.case_number for row in (*first.items, *second.items)]
    assert (found, second.next) == ([waiting.number, receipt.number], None)
    with fixed(demo.at):
        client.post("/sign-in", {"way": "password", "username": "zhoujie", "password": PASSWORD})
        shown = client.get("/counter/ready/").content.decode()
        following = f"?exchanges={first.next}"
        assert (following in shown, receipt.number in shown) == (True, False)
        assert receipt.number in client.get(f"/counter/ready/{following}").content.decode()
    exchange(demo, waiting.number)
    assert list_exchanges(zhou, cursor=first.next).items == second.items, "fetched meanwhile: nobody is passed over"
