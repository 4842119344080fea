"""鉴定、销毁: never by itself, never by one alone, never what is still needed; what stays is the register and the ledger."""

import os
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.cases.test_follow_ups import day, follows, granted
from tests.issuing.test_archive import proved, run_due

from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.holds import place_hold
from yichuang.cases.models import Hold
from yichuang.core import clock, ledger
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.issuing.appraisals import CARRIED_ON, IN_FORCE, newest_of, what_holds
from yichuang.issuing.commands import answer_appraisal, appraise, archive_case, open_package
from yichuang.issuing.jobs import sweep_archive
from yichuang.issuing.models import Appraisal, ArchivePackage
from yichuang.issuing.queries import (
    appraisal_page,
    due_for_archive,
    find_packages,
    list_destroyed,
    list_due,
    list_proposed,
)
from yichuang.issuing.rules import appraisal_faults
from yichuang.issuing.store import keep_package
from yichuang.people.cast import PASSWORD
from yichuang.people.commands import issue_token
from yichuang.people.models import Account

LATER = datetime(2057, 1, 2, 2, 0, tzinfo=UTC)  # a file of 2026 that is kept for 30 years is due from 2057


@pytest.fixture
def filed(demo: Any) -> Any:
    """A withdrawn case in the archive."""
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    withdraw_case(actor=zhang, number=receipt.number, version=1, reason="不养了", at=demo.at)
    proved(demo.at)
    archive_case(case=receipt.case_id, at=demo.at)
    return ArchivePackage.objects.get(case_id=receipt.case_id)


def why(call: Any, **values: Any) -> tuple[str, list[str]]:
    with pytest.raises(Refused) as refused:
        call(**values)
    return refused.value.kind, [reason.code for reason in refused.value.reasons]


def test_rules_of_an_appraisal():
    def codes(**change: Any) -> list[str]:
        given = {"outcome": "destroy", "reason": "期满", "until": None, "kept_until": date(2036, 12, 31), "held": ()}
        return [fault.code for fault in appraisal_faults(**{**given, "today": date(2037, 1, 1), **change})]

    assert codes() == []
    assert codes(kept_until=None) == ["KEPT_FOR_EVER"]
    assert codes(today=date(2036, 12, 31), reason=" ") == ["NOT_DUE", "WHY_NEEDED"], "the last day belongs to the term"
    assert codes(held=(W("听证", "hearing"), W("更正", "correction"))) == ["FILE_HELD", "FILE_HELD"]
    extend = {"outcome": "extend", "held": (W("听证", "hearing"),)}
    assert codes(**extend, until=date(2037, 1, 2)) == [], "what holds a file is no reason against keeping it"
    for until in (None, date(2037, 1, 1), date(2067, 1, 2)):
        assert codes(**extend, until=until) == ["UNTIL_WHEN"]
    assert codes(**extend, until=date(2067, 1, 1)) == [], "thirty years, no day more"
    leap = {**extend, "today": date(2040, 2, 29)}
    assert codes(**leap, until=date(2070, 2, 28)) == []
    assert codes(**leap, until=date(2070, 3, 1)) == ["UNTIL_WHEN"]
    (early,) = appraisal_faults(
        outcome="destroy", reason="期满", until=None, kept_until=date(2036, 12, 31), today=date(2036, 1, 1), held=()
    )
    assert "2036年12月31日" in early.words.zh
    assert "31 December 2036" in early.words.en


def test_a_file_is_destroyed_by_two_and_its_entry_and_proofs_stay(demo, filed, settings):
    wang, lin = demo.actor("wangqiang"), demo.actor("linfang")
    file = Path(settings.YICHUANG_DATA) / filed.path
    of = {"actor": wang, "package": filed.id, "outcome": "destroy", "reason": "保管期满，无继续保存价值"}
    assert why(appraise, **of, at=demo.at) == ("invalid", ["NOT_DUE"])
    assert list_due(wang, at=demo.at).items == ()
    assert [row.id for row in list_due(wang, at=LATER).items] == [filed.id]
    stranger = demo.actor("sunli")
    assert list_due(stranger, at=LATER).items == ()
    with pytest.raises(NotFound):
        appraise(**{**of, "actor": stranger}, at=LATER)
    said = appraise(**of, at=LATER)
    assert why(appraise, **of, at=LATER) == ("conflict", ["PROPOSED_ALREADY"])
    assert list_due(wang, at=LATER).items == ()
    assert [row.id for row in list_proposed(lin).items] == [said]
    answer = {"appraisal": said, "approve": True, "at": LATER}
    assert why(answer_appraisal, actor=wang, **answer) == ("forbidden", ["SAME_PERSON"])
    supervisor = demo.actor("huanghai")  # looks at every archive and decides nothing
    assert why(answer_appraisal, actor=supervisor, **answer) == ("forbidden", ["NOT_ALLOWED"])
    with pytest.raises(NotFound):
        answer_appraisal(actor=stranger, **answer)
    assert why(appraise, **{**of, "actor": supervisor}, at=LATER) == ("forbidden", ["NOT_ALLOWED"])
    assert file.is_file()
    answer_appraisal(actor=lin, **answer)
    with clock.fixed(LATER):
        assert run_due("issuing.wipe") == 1
    assert not file.exists()
    (line,) = list_destroyed(wang).items
    assert (line.register, line.number, line.by_name, line.answered_name) == (
        "CGZF-XH-2057-000001", filed.number, "王强", "林芳",
    )  # fmt: skip
    assert (line.kept_until, line.reason) == (date(2056, 12, 31), of["reason"])
    assert why(open_package, actor=wang, package=filed.id, at=LATER) == ("gone", ["DESTROYED"])
    assert find_packages(wang, filed.number).items[0].destroyed_on == date(2057, 1, 2)
    assert why(appraise, **of, at=LATER) == ("conflict", ["DESTROYED"])
    assert why(answer_appraisal, actor=lin, **answer) == ("conflict", ["ANSWERED_ALREADY"])
    proved(LATER)
    assert ledger.verify_ledger([]) == []
    assert due_for_archive(None, 10) == (None, ()), "the night makes nothing of it again"
    assert archive_case(case=filed.case_id, at=LATER) == filed.id
    assert not file.exists()
    Appraisal.objects.update(answered_name="别人")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_a_term_is_extended_by_one_and_due_again_afterwards(demo, filed):
    wang = demo.actor("wangqiang")
    of = {"actor": wang, "package": filed.id, "outcome": "extend", "reason": "涉及历史遗留问题"}
    until = date(2060, 12, 31)
    appraise(**of, until=until, at=LATER)
    assert list_due(wang, at=LATER).items == ()
    page = appraisal_page(wang, filed.id, at=LATER)
    assert (page.kept_until, page.is_due, page.may_appraise, page.rows[0].until) == (until, False, False, until)
    assert why(appraise, **of, until=date(2070, 1, 1), at=LATER) == ("invalid", ["NOT_DUE"])
    again = LATER + timedelta(days=4 * 366)
    assert [row.id for row in list_due(wang, at=again).items] == [filed.id]
    assert appraisal_page(wang, filed.id, at=again).may_appraise
    supervisor = demo.actor("huanghai")
    assert not appraisal_page(supervisor, filed.id, at=again).may_appraise
    refused = why(appraise, **{**of, "actor": supervisor}, until=date(2070, 1, 1), at=again)
    assert refused == ("forbidden", ["NOT_ALLOWED"])
    assert ledger.verify_ledger([]) == []


def test_what_is_still_needed_is_not_destroyed(demo, filed):
    wang, lin = demo.actor("wangqiang"), demo.actor("linfang")
    of = {"actor": wang, "package": filed.id, "outcome": "destroy", "reason": "期满"}
    hold = {"case": filed.case_id, "kind": "lawsuit", "source": "court", "words": W("行政诉讼", "lawsuit")}
    place_hold(**hold, at=LATER)
    assert why(appraise, **of, at=LATER) == ("invalid", ["FILE_HELD"])
    assert appraisal_page(wang, filed.id, at=LATER).held
    Hold.objects.update(lifted_at=LATER)
    said = appraise(**of, at=LATER)
    Hold.objects.update(lifted_at=None)  # since it was proposed
    answer = {"actor": lin, "appraisal": said, "at": LATER}
    assert why(answer_appraisal, **answer, approve=True) == ("conflict", ["FILE_HELD"])
    assert why(answer_appraisal, **answer, approve=False) == ("invalid", ["WHY_NEEDED"])
    answer_appraisal(**answer, approve=False, note="有诉讼")
    assert (list_proposed(lin).items, list_destroyed(lin).items) == ((), ())
    assert [row.id for row in list_due(wang, at=LATER).items] == [filed.id], "to be appraised anew"


def test_the_second_person_answers_the_proposal_that_they_read_and_no_other(demo, filed, client):
    wang, lin = demo.actor("wangqiang"), demo.actor("linfang")
    ArchivePackage.objects.update(keep_until=date(2025, 12, 31))
    of = {"actor": wang, "package": filed.id, "outcome": "destroy", "at": demo.at}
    read = appraise(**of, reason="期满")
    answer_appraisal(actor=lin, appraisal=read, approve=False, note="再查一查", at=demo.at)
    other = appraise(**of, reason="另一个理由")
    assert why(answer_appraisal, actor=lin, appraisal=read, approve=True, at=demo.at) == (
        "conflict",
        ["ANSWERED_ALREADY"],
    )
    with clock.fixed(demo.at):
        client.post("/sign-in", {"way": "password", "username": "linfang", "password": PASSWORD})
        page = f"/office/archive/{filed.id}/appraisal/"
        assert f'name="appraisal" value="{other}"' in client.get(page).content.decode()
        token = issue_token(account=Account.objects.get(username="linfang").id, at=demo.at)

        def by_page(appraisal: Any) -> int:
            return client.post(f"{page}answer/", {"appraisal": str(appraisal), "approve": "1"}).status_code

        def by_api(appraisal: Any) -> int:
            return client.post(
                f"/api/v1/archive/{filed.id}/appraisals/answer", {"appraisal": str(appraisal), "approve": True},
                content_type="application/json", headers={"Authorization": f"Bearer {token}"},
            ).status_code  # fmt: skip

        assert (by_page(read), by_api(read)) == (409, 409)
        assert (by_page(filed.id), by_page(""), by_api(filed.id)) == (404, 404, 404), "no proposal of this file"
        assert Appraisal.objects.get(id=other).stage == "proposed"
        assert by_page(other) == 302
    assert Appraisal.objects.get(id=other).stage == "destroyed"


def test_the_register_names_the_edition_that_came_while_the_lock_was_waited_for(demo, filed, monkeypatch):
    ArchivePackage.objects.update(keep_until=date(2025, 12, 31))
    new = ArchivePackage.objects.get(id=filed.id)
    new.id, new.edition, new.number = new_id(), 2, f"{filed.number}-2"
    asked: list[Any] = []

    def late(*given: Any) -> Any:
        """What was read before the lock; then the other archives, and what is read behind it."""
        asked.append(found := newest_of(*given))
        if len(asked) == 1:
            new.save(force_insert=True)
        return found

    monkeypatch.setattr(import_module("yichuang.issuing.commands.appraise"), "newest_of", late)
    wang = demo.actor("wangqiang")
    said = appraise(actor=wang, package=filed.id, outcome="destroy", reason="期满", at=demo.at)
    row = Appraisal.objects.get(id=said)
    assert (row.package_id, row.editions, [asked[0].edition, asked[-1].edition]) == (new.id, 2, [1, 2])


def test_the_file_of_a_grant_is_held_while_a_renewal_of_its_renewal_is_in_force(demo):
    zhang = demo.actor("zhangxiao")
    first = demo.file(zhang)
    granted(demo, first)
    last = first
    for on in ("2027-10-08", "2028-10-08"):
        later, last = follows(SimpleNamespace(zhang=zhang, case=last.case_id), "renew", on)
        granted(later, last)
    assert CARRIED_ON in what_holds(first.case_id, at=day("2029-01-01"))
    assert IN_FORCE not in what_holds(first.case_id, at=day("2029-01-01"))
    assert IN_FORCE in what_holds(last.case_id, at=day("2029-01-01"))
    assert CARRIED_ON not in what_holds(first.case_id, at=day("2029-11-24")), "its last day was the 23rd"


def test_the_night_takes_away_what_a_failed_wipe_or_a_crash_left(demo, filed, settings, monkeypatch):
    wang, lin, data = demo.actor("wangqiang"), demo.actor("linfang"), Path(settings.YICHUANG_DATA)
    said = appraise(actor=wang, package=filed.id, outcome="destroy", reason="期满", at=LATER)
    for other in (data / "archive").rglob("*"):  # what earlier tests left there, whose rows were rolled back
        if other.is_file() and other != data / filed.path:
            other.unlink()
    stray, fresh, part = (new_id() for _ in range(3))
    left, busy = data / keep_package(stray, b"sealed"), data / keep_package(fresh, b"sealed")
    half = (data / keep_package(part, b"sealed")).rename(data / "archive" / part.hex[-2:] / f"{part.hex}.part")
    other = busy.with_name("notes.txt")
    other.write_text("an operator's", encoding="utf-8")
    file, old = data / filed.path, (LATER - timedelta(days=2)).timestamp()
    for path in (file, left, half, other):
        os.utime(path, (old, old))
    now = LATER.timestamp()
    os.utime(busy, (now, now))
    with clock.fixed(LATER):
        monkeypatch.setattr("yichuang.issuing.jobs.MOST_STRAY", 1)
        sweep_archive()
        assert left.is_file(), "so many look like another database's"
        monkeypatch.undo()
        sweep_archive()
        assert other.is_file()
        assert (file.is_file(), left.exists(), half.exists(), busy.is_file()) == (True, False, False, True)
        answer_appraisal(actor=lin, appraisal=said, approve=True, at=LATER)
        run_due("none")  # the job of the approval was given up
        sweep_archive()
        assert run_due("issuing.wipe") == 1
    assert (file.exists(), busy.is_file()) == (False, True)


def test_the_lists_of_appraisals_turn_their_pages_to_the_end(demo, filed, client, monkeypatch):
    """Three files, pages of two: by query, on the page and in the API; what is answered meanwhile loses nobody."""
    monkeypatch.setattr("yichuang.issuing.appraisals.PAGE", 2)
    zhang, wang, lin = (demo.actor(name) for name in ("zhangxiao", "wangqiang", "linfang"))
    more: list[Any] = []
    for _ in range(2):
        more.append(demo.file(zhang))
        withdraw_case(actor=zhang, number=more[-1].number, version=1, reason="不养了", at=demo.at)
    proved(demo.at)
    files = [filed.id, *(archive_case(case=one.case_id, at=demo.at) for one in more)]
    ArchivePackage.objects.update(keep_until=date(2025, 12, 31))

    def turned(list_: Any, *given: Any, **more: Any) -> list[Any]:
        first = list_(*given, **more)
        second = list_(*given, **more, cursor=first.next)
        assert (len(first.items), len(second.items), second.next) == (2, 1, None)
        return [row.id for row in (*first.items, *second.items)]

    assert turned(list_due, wang, at=demo.at) == files
    said = [appraise(actor=wang, package=id, outcome="destroy", reason="期满", at=demo.at) for id in files]
    assert turned(list_proposed, lin) == said
    with clock.fixed(demo.at):
        client.post("/sign-in", {"way": "password", "username": "linfang", "password": PASSWORD})
        page = client.get("/office/archive/appraisals/").content.decode()
        following = f"?proposed={said[1]}"
        assert following in page
        assert str(files[2]) not in page
        second = client.get(f"/office/archive/appraisals/{following}").content.decode()
        assert str(files[2]) in second
        token = issue_token(account=Account.objects.get(username="linfang").id, at=demo.at)
        api = {"headers": {"Authorization": f"Bearer {token}"}}
        first = client.get("/api/v1/archive/due", **api).json()
        assert ([row["id"] for row in first["proposed"]], first["proposed_next"]) == (
            [str(id) for id in said[:2]],
            str(said[1]),
        )
        last = client.get("/api/v1/archive/due", {"proposed_cursor": first["proposed_next"]}, **api).json()
        assert ([row["id"] for row in last["proposed"]], last["proposed_next"]) == ([str(said[2])], None)
    cursor = list_proposed(lin).next
    for n, one in enumerate(said[:2]):
        answer_appraisal(actor=lin, appraisal=one, approve=True, at=demo.at + timedelta(minutes=n))
    assert [row.id for row in list_proposed(lin, cursor=cursor).items] == said[2:]
    answer_appraisal(actor=lin, appraisal=said[2], approve=True, at=demo.at + timedelta(minutes=1))
    assert turned(list_destroyed, lin) == [said[2], said[1], said[0]]
