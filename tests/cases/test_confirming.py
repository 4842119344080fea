"""申请人确认: what a clerk typed is filed only as somebody's own word, and how they gave it stays on record."""

from typing import Any

import pytest

from yichuang.cases.models import Document
from yichuang.cases.queries import timeline
from yichuang.catalog.queries import get_pack
from yichuang.catalog.values import TaskType
from yichuang.core import ledger
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Refused


def test_the_law_is_named_only_where_it_is_the_law(demo: Any) -> None:
    """行政许可法 art. 31 speaks of permits; for everything else it is the house's own rule."""
    for code, law in (("yangquan-dengji", "行政许可法"), ("yanglao-renzheng", "")):
        kind = get_pack(code, at=demo.at).kind
        with pytest.raises(Refused) as refused:
            demo.file(demo.actor("lina"), code, applicant=demo.actor("wangxiuying").id, confirmed="")
        [reason] = [one for one in refused.value.reasons if one.code == "CONFIRM_FIRST"]
        assert (law in reason.basis, bool(reason.basis)) == (True, kind is TaskType.PERMIT)


@pytest.mark.parametrize("said", ["", "aloud"])
def test_a_clerk_files_nothing_that_nobody_has_confirmed(demo: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        demo.file(demo.actor("lina"), applicant=demo.actor("zhangxiao").id, confirmed=said)
    assert [(one.code, one.field) for one in refused.value.reasons] == [("CONFIRM_FIRST", "/confirmed")]


@pytest.mark.parametrize(("how", "words"), [("paper", "签字确认"), ("screen", "口头确认")])
def test_how_it_was_confirmed_stands_on_the_receipt_in_the_ledger_and_in_the_record(
    demo: Any, how: str, words: str
) -> None:
    receipt = demo.file(demo.actor("lina"), applicant=demo.actor("zhangxiao").id, confirmed=how)
    assert words in Document.objects.get(id=receipt.receipt).values["confirmed"]
    [entry] = [one for one in ledger.list_entries(Subject("case", receipt.case_id)) if one.act == "file"]
    assert entry.detail["confirmed"] == how
    assert words in timeline(demo.actor("zhangxiao"), receipt.number)[0].words.zh


def test_who_files_for_themselves_confirms_by_filing(demo: Any) -> None:
    receipt = demo.file(demo.actor("zhangxiao"), confirmed="paper")
    assert "confirmed" not in Document.objects.get(id=receipt.receipt).values
    [entry] = [one for one in ledger.list_entries(Subject("case", receipt.case_id)) if one.act == "file"]
    assert "confirmed" not in entry.detail, "nobody's window confirmed anything"
