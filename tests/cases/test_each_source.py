"""秒批, source by source: each that a shop asks, down, slow, wrong or contradicted; and rules that are published while people file."""

import shutil
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection
from tests.cases.at_once import RECORD, SHOP, Outside, codes, file, forget, let
from tests.packs_aside import PACKS, newer_version

from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.instant import JudgedBy, Mode
from yichuang.cases.models import AutoDecision, Case, RuleSet
from yichuang.cases.rules.instant import AGAIN
from yichuang.catalog.commands import publish_pack
from yichuang.catalog.queries import get_pack
from yichuang.core.actors import SYSTEM
from yichuang.core.faults import armed
from yichuang.people.queries import get_party
from yichuang.registry.models import Certificate
from yichuang.registry.ports import Found, Nothing, SourceDown, SourceRefused, SourceSlow, SourceWrong, connected
from yichuang.registry.values import Base

BASES: Final = {
    Base.POPULATION: "identity_unknown",
    Base.CREDIT: "credit_silent",
    Base.ADDRESSES: "address_silent",
}
WELL: Final[dict[Base, dict[str, object]]] = {
    Base.POPULATION: {"alive": True},
    Base.CREDIT: {"restricted": False, "barred": False},
    Base.ADDRESSES: {"street": "440303001", "registrable": True, "entities": 0},
}
ILL: Final[dict[Base, tuple[dict[str, object], str]]] = {
    Base.POPULATION: ({"alive": False}, "not_alive"),
    Base.CREDIT: ({"restricted": True}, "restricted"),
    Base.ADDRESSES: ({"registrable": False}, "not_registrable"),
}


def says(demo: Any, base: Base, **fields: object) -> Found:
    name = {"name": get_party(demo.actor("zhangxiao").id).name} if base is Base.POPULATION else {}
    return Found({**name, **WELL[base], **fields}, demo.at)


def settled(demo: Any, source: Outside) -> AutoDecision:
    """What became of a shop once nobody is asked any more."""
    let(SHOP, Mode.ALONE, demo.at)
    case = file(demo, SHOP).case_id
    at = demo.at
    with connected(source):
        for wait in (*AGAIN, None):
            became = decide_at_once(case=case, at=at)
            assert became
            if became.judged is not JudgedBy.WAITING:
                break
            at += (wait or timedelta()) + timedelta(minutes=5)  # the breaker has closed again
    return AutoDecision.objects.get(case=case)


def of_the_table(row: AutoDecision) -> set[str]:
    """The table's doubts; beside them stand the source's own words (""), and the paper that its data would have stood for."""
    return codes(row) - {"", "PAPER"}


@pytest.mark.parametrize("base", BASES, ids=str)
def test_a_shop_is_registered_by_what_each_source_says_outside(demo: Any, base: Base) -> None:
    forget(base)
    assert settled(demo, Outside(base, says(demo, base))).acted


@pytest.mark.parametrize("base", BASES, ids=str)
@pytest.mark.parametrize(
    "fault",
    [SourceDown("down"), SourceSlow("slow"), SourceWrong("signature"), SourceRefused("no right")],
    ids=["down", "slow", "wrong", "refused"],
)
def test_whichever_source_fails_however_the_shop_lies_with_a_person_under_that_doubt_alone(
    demo: Any, base: Base, fault: Exception
) -> None:
    forget(base)
    row = settled(demo, Outside(base, fault))
    assert (row.state, row.verdict, of_the_table(row)) == ("done", "person", {BASES[base]})
    assert Case.objects.get(id=row.case_id).state == "SUBMITTED"
    assert not Certificate.objects.filter(subject_id=row.case_id).exists()


@pytest.mark.parametrize("base", BASES, ids=str)
def test_whichever_source_speaks_against_it_the_doubt_is_named(demo: Any, base: Base) -> None:
    forget(base)
    against, code = ILL[base]
    assert code in codes(settled(demo, Outside(base, says(demo, base, **against))))


@pytest.mark.parametrize("base", [Base.POPULATION, Base.CREDIT], ids=str)
def test_whichever_source_contradicts_what_the_house_knows_nothing_is_granted(demo: Any, base: Base) -> None:
    against, _ = ILL[base]
    row = settled(demo, Outside(base, says(demo, base, **against)))
    assert (row.verdict, row.acted) == ("person", False)


@pytest.mark.parametrize("base", BASES, ids=str)
def test_of_whom_a_source_knows_nothing_is_no_silence(demo: Any, base: Base) -> None:
    """Nobody in the credit base is nobody with a restriction; no such person, or no such address, is a doubt."""
    forget(base)
    row = settled(demo, Outside(base, Nothing(demo.at)))
    expected = {Base.POPULATION: {"identity_unknown"}, Base.CREDIT: set(), Base.ADDRESSES: {"address_not_standard"}}
    assert (of_the_table(row), row.acted) == (expected[base], base is Base.CREDIT)


@pytest.mark.django_db(transaction=True)
def test_rules_that_are_published_while_people_file_decide_nothing_that_was_filed_before(
    demo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real threads: each filing is judged by the table under which it was filed; the new one begins as a shadow."""
    monkeypatch.setattr("yichuang.catalog.commands.publish.all_examples", lambda *_: [])
    let(RECORD, Mode.ALONE, demo.at)
    old = get_pack(RECORD, at=demo.at)
    newer = another_table(tmp_path)
    who = ("zhangxiao", "sunyan", "qianjin", "jiye")
    began, broke = threading.Barrier(len(who) + 1), list[BaseException]()

    def run(do: Any) -> None:
        try:
            began.wait(20)
            do()
        except BaseException as error:
            broke.append(error)
        finally:
            connection.close()

    def files(username: str) -> None:
        for _ in range(3):
            decide_at_once(case=file(demo, RECORD, username).case_id, at=demo.at)

    acts = [lambda name=name: files(name) for name in who]
    with armed("at_once.after_comparing", "sleep", 0.05):
        threads = [
            threading.Thread(target=run, args=[do])
            for do in (*acts, lambda: publish_pack(folder=newer, actor=SYSTEM, at=demo.at))
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
    assert broke == []
    files("zhangxiao")  # and under the new one
    rows = AutoDecision.objects.filter(item_code=RECORD)
    now = get_pack(RECORD, at=demo.at)
    assert old.decision
    assert now.decision
    assert (now.version, now.decision.sha != old.decision.sha) == (old.version + 1, True)
    shas = {old.version: old.decision.sha, now.version: now.decision.sha}
    for row in rows:
        assert row.state == "done"
        assert row.sha == shas[row.item_version]
        assert row.mode == ("alone" if row.item_version == old.version else "shadow")
        assert not (row.acted and row.item_version == now.version), "nobody let the new one decide"
    assert {row.item_version for row in rows} == set(shas)
    assert RuleSet.objects.filter(item_code=RECORD, mode="alone").values_list("sha", flat=True)[0] == old.decision.sha


def another_table(tmp_path: Path) -> Path:
    """The next version of the item, with another table."""
    folder = Path(shutil.copytree(PACKS / "renshe" / RECORD, tmp_path / RECORD))
    newer_version(folder / "item.yaml")
    table = folder / "decision.dmn"
    text = table.read_text("utf-8")
    table.write_text(text.replace("</definitions>", "<!-- another --></definitions>"), "utf-8")
    return folder
