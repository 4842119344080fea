"""Rule sets, what they said of a case, re-checks and reviews: nothing of them changes unseen by `verify_ledger`."""

from typing import Any

import pytest
from tests.cases.tampering import attacks, broken, delete, insert_like, superuser, undone

from yichuang.cases.instant import Doubt, JudgedBy, Mode
from yichuang.cases.models import AutoDecision, Case, HumanReview, Recheck, RuleSet
from yichuang.cases.vouch import facts_of
from yichuang.cases.vouch.instant import RECHECK, RULE_SET, facts_of_recheck, facts_of_set
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.words import W

SHA = "a" * 64
SILENT = Doubt(W("人口库没有答复", "The population base did not answer"), True, "population_silent")


@pytest.fixture
def filed(demo: Any) -> Case:
    return Case.objects.get(id=demo.file(demo.actor("zhangxiao")).case_id)


@pytest.fixture
def judged(demo: Any, filed: Case) -> AutoDecision:
    return AutoDecision.objects.create(
        case=filed, item_code="getihu-sheli", item_version=3, sha=SHA, mode=Mode.ALONE.value,
        state=JudgedBy.DONE.value, verdict="person", codes=["population_silent"], doubts=[SILENT.kept()],
        inputs={"identity": "unknown"}, record=b"\x01\x02", sources={"operator": "down"}, proved="sms", tries=1,
        asked_at=demo.at, judged_at=demo.at,
    )  # fmt: skip


def vouch(kind: str, id: Any, facts: Any, at: Any) -> None:
    ledger.append(act="test", actor=SYSTEM, at=at, subject=Subject(kind, id), facts=facts)


def check(row: Any, kind: str, family: str, **special: str) -> None:
    row.refresh_from_db()
    assert broken(kind) == set()
    for what, statement, values in attacks(row, **special):
        with undone():
            superuser(statement, *values)
            assert broken(kind) & {f"FACT_ALTERED {family}", f"FACT_MISSING {family}"}, what
    with undone():
        delete(row)
        assert f"FACT_MISSING {family}" in broken(kind)


def test_what_a_rule_set_said_of_a_case_never_changes_unseen(judged: AutoDecision, demo: Any) -> None:
    vouch("case", judged.case_id, facts_of(judged), demo.at)
    # how often sources were asked is a count, no fact; a verdict without its state the database refuses
    check(judged, "case", "auto", tries="", verdict="'approve'", state="", mode="'shadow'", acted="")
    with undone():
        other = demo.file(demo.actor("zhangxiao")).case_id
        insert_like(judged, case_id=other)
        assert "FACT_UNKNOWN auto" in broken("case")


def test_a_rule_set_is_let_decide_by_nobody_unseen(demo: Any) -> None:
    row = RuleSet.objects.create(item_code="getihu-sheli", sha=SHA, mode=Mode.SHADOW.value, since=demo.at)
    vouch(RULE_SET, row.id, facts_of_set(row), demo.at)
    check(row, RULE_SET, "set", mode="'alone'")
    with undone():
        insert_like(row, item_code="another", mode="alone")
        assert "FACT_UNKNOWN" in broken(RULE_SET)  # a subject of which no entry speaks


def test_a_blind_re_check_is_altered_by_nobody_unseen(judged: AutoDecision, demo: Any) -> None:
    vouch("case", judged.case_id, facts_of(judged), demo.at)
    row = Recheck.objects.create(
        decision=judged, department_id=judged.case.department_id, drawn_at=demo.at, state="done",
        by_id=demo.actor("wangqiang").id, at=demo.at, verdict="grant", reasons="材料齐全",
    )  # fmt: skip
    vouch(RECHECK, row.id, facts_of_recheck(row), demo.at)
    check(row, RECHECK, "recheck", state="", verdict="'not'")


@pytest.mark.parametrize("stands", [True, False])
def test_what_an_applicant_asked_of_people_is_altered_by_nobody_unseen(filed: Case, demo: Any, stands: bool) -> None:
    row = HumanReview.objects.create(
        id=new_id(), case=filed, department_id=filed.department_id, asked_at=demo.at, asked_by_id=filed.applicant_id,
        reason="请人看一看", answered_at=demo.at, answered_by_id=demo.actor("wangqiang").id, answered_name="王强",
        stands=stands, answer="核对过了",
    )  # fmt: skip
    vouch("case", filed.id, facts_of(row), demo.at)
    # what stands is not undue: the database refuses it
    check(row, "case", "human-review", undue="" if stands else "true")
