"""Cases under review go on by the process of a newer version: by an explicit map, all steps or none, and it says why not."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cases.processes import DOG, WHOLE, publish
from tests.cases.test_process_of_a_case import Run

from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.move_process import (
    MOVE_PROCESS,
    default_map,
    movable_processes,
    move_process,
    steps_to_map,
)
from yichuang.cases.models import Case
from yichuang.core import ledger, second
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import NotFound, Refused
from yichuang.engine import queries as engine

# the district joins both posts into one step, and asks the market office before the decision
NEWER = (
    WHOLE.replace("NEED", "any")
    .replace('id="street" name="街道审查" yc:nameEn="Review by the sub-district" yc:post="CGZF.street_review"',
             'id="check" name="执法审查" yc:nameEn="Review by the bureau" yc:post="CGZF.review"')
    .replace('"street"', '"check"')
    .replace('workingDays="3"/></boundaryEvent>', 'workingDays="5"/></boundaryEvent>')
)  # fmt: skip
MAP = {"street": "check", "late": "late", "together": "together", "joint": "joint", "decide": "decide"}


@pytest.fixture
def moving(demo: Any, tmp_path: Any, monkeypatch: Any) -> tuple[Run, dict[str, Any]]:
    """An accepted case at its first step, and the words of moving it to the newer process."""
    old = publish(tmp_path, monkeypatch, demo.at, WHOLE.replace("NEED", "any"))
    run = Run(demo)
    run.at += timedelta(minutes=1)
    new = publish(tmp_path, monkeypatch, run.at, NEWER)
    return run, {"actor": SYSTEM, "old": old, "new": new, "at": run.at}


def test_a_case_under_review_goes_on_by_the_new_process(demo: Any, moving: Any) -> None:
    run, given = moving
    notes = list(ledger.read_checkpoints())
    item = run.case.item_version
    due = run.waits["late"].due_at
    assert movable_processes(item=DOG, **given) == (run.number,)
    assert move_process(number=run.number, names=MAP, **given, dry_run=True).moved
    assert run.held == {"street": "CGZF.street_review"}
    assert move_process(number=run.number, names=MAP, **given).moved
    assert run.held == {"check": "CGZF.review"}
    assert run.waits["late"].due_at == due  # what waited keeps its moment
    assert run.case.item_version == item  # papers, limits and result are those of the acceptance
    entry = ledger.list_entries(ledger.Subject("case", run.id))[-1]
    assert (entry.act, entry.detail["from"], entry.detail["to"]) == ("move-process", given["old"], given["new"])
    assert "street=check" in str(entry.detail["map"])
    assert movable_processes(item=DOG, **given) == ()
    with pytest.raises(NotFound):  # it runs by the old process no more
        move_process(number=run.number, names=MAP, **given)
    run.review("wangqiang")
    run.review("hejing")
    run.later(minutes=1)
    run.later(days=8)
    decide_case(
        actor=demo.actor("linfang"), number=run.number, version=run.case.version, outcome="grant", reasons="", at=run.at
    )
    assert ledger.verify_ledger(notes) == []


def test_what_the_map_leaves_out_stays_and_is_named(demo: Any, moving: Any) -> None:
    run, given = moving
    before = (run.held, run.case.version, run.acts())
    for names, code in (
        ({}, "MIGRATE_NOT_MAPPED"),
        ({"street": "gone"}, "MIGRATE_NO_NODE"),
        ({"street": "together"}, "MIGRATE_KIND"),
        ({"street": "joint"}, "MIGRATE_CONTAINER"),
    ):
        found = move_process(number=run.number, names=names, **given)
        assert [reason.code for reason in found.stays] == [code]
        assert "街道审查" in found.stays[0].words.zh
    (task,) = engine.holders_of(("case", run.id))
    from yichuang.cases.commands.review import claim_review

    claim_review(actor=demo.actor("wangqiang"), task=task.id, version=run.case.version, at=run.at)
    held = move_process(number=run.number, names=MAP, **given)
    assert [reason.code for reason in held.stays] == ["MIGRATE_HELD"]  # another post does it then: first given back
    assert (run.held, run.acts()) == (before[0], [*before[2], "review"])


def test_a_review_that_the_new_process_asks_earlier_is_named_as_left_out(demo: Any, moving: Any) -> None:
    """Whoever moves the case, and whoever confirms it, reads that nobody will do it; so does the ledger."""
    run, given = moving
    run.review("wangqiang")
    run.review("wangqiang")
    run.later(minutes=1)
    names = default_map(*steps_to_map(DOG, old=given["old"], new=given["new"], at=given["at"]))
    found = move_process(number=run.number, names=names, **given, dry_run=True)
    assert found.moved, found.stays
    assert [one.zh for one in found.left_out] == ["执法审查"]
    args = {"item": DOG, "old": given["old"], "new": given["new"], "numbers": [run.number], "names": names}
    lines = second.preview(SYSTEM, MOVE_PROCESS, args, at=given["at"])
    assert "“执法审查”已经走过" in lines[-1].value.zh
    assert move_process(number=run.number, names=names, **given).moved
    assert ledger.list_entries(ledger.Subject("case", run.id))[-1].detail["left_out"] == "执法审查"


def test_the_same_process_is_nothing_to_move(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    old = publish(tmp_path, monkeypatch, demo.at, WHOLE.replace("NEED", "any"))
    run = Run(demo)
    later = demo.at + timedelta(minutes=1)
    new = publish(tmp_path, monkeypatch, later, WHOLE.replace("NEED", "any"))
    assert run.held
    assert movable_processes(actor=SYSTEM, item=DOG, old=old, new=new, at=later) == ()


def test_who_may_and_which_cases(demo: Any, moving: Any) -> None:
    run, given = moving
    for who in ("wangqiang", "lina", "zhangxiao"):
        with pytest.raises(Refused) as refused:
            move_process(number=run.number, names=MAP, **{**given, "actor": demo.actor(who)})
        assert refused.value.kind == "forbidden"
    with pytest.raises(Refused) as alone:  # an editor needs a second one
        move_process(number=run.number, names=MAP, **{**given, "actor": demo.actor("wuqian")})
    assert alone.value.reasons[0].code == "SECOND_NEEDED"
    withdraw_case(actor=run.zhang, number=run.number, version=run.case.version, reason="不办了", at=run.at)
    assert movable_processes(item=DOG, **given) == ()
    with pytest.raises(NotFound):
        move_process(number=run.number, names=MAP, **given)


def test_a_second_editor_reads_the_map_and_confirms(demo: Any, moving: Any) -> None:
    run, given = moving
    args = {"item": DOG, "old": given["old"], "new": given["new"], "numbers": [run.number], "names": MAP}
    first, other = demo.actor("wuqian"), demo.actor("wuyue")
    asked = second.propose(actor=first, act=MOVE_PROCESS, args=args, reason="机构合并，岗位调整", at=given["at"])
    lines = second.preview(other, MOVE_PROCESS, args, at=given["at"])
    assert ("流程环节", "街道审查 → 执法审查") in {(line.label.zh, line.value.zh) for line in lines}
    assert (run.number, "改按新流程审查") in {(line.label.zh, line.value.zh) for line in lines}
    later = given["at"] + timedelta(minutes=5)
    assert second.confirm(actor=other, proposal=asked, mark=second.mark_of(lines), at=later) == {"moved": 1}
    assert run.held == {"check": "CGZF.review"}
    assert Case.objects.get(id=run.id).item_version == given["old"]


def test_the_suggestion_is_what_kept_its_name_and_kind(moving: Any) -> None:
    _, given = moving
    before, after = steps_to_map(DOG, old=given["old"], new=given["new"], at=given["at"])
    found = default_map(before, after)
    assert "street" not in found
    assert found["decide"] == "decide"
    assert set(found) < set(before.resting)
