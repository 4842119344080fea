"""The English of the pages: one for each text, whichever app shows it."""

from pathlib import Path

import pytest

from yichuang.webkit import folding, messages


def test_one_text_has_one_english_whichever_app_shows_it() -> None:
    known = {
        "counter": {"待领取": "To collect", "状态": "Status"},
        "office": {"待领取": "To be taken", "状态": "Status"},
    }
    (fault,) = messages.disagreements(known)
    assert "待领取" in fault
    assert "'To be taken' (office)" in fault


def test_a_text_that_counts_has_two_in_english_and_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    texts = {"还有 %(n)s 天": ("%(n)s day left", "%(n)s days left"), "状态": "Status"}
    po = tmp_path / "django.po"
    po.write_bytes(messages.compiled(texts)[0])
    assert messages.read(po) == texts
    half = {"还有 %(n)s 天": ("", "%(n)s days left")}
    po.write_bytes(messages.compiled(half)[0])
    assert messages.read(po) == half
    assert b"days left" not in messages.compiled(half)[1], "half a translation is none"


@pytest.mark.parametrize(("n", "said"), [(0, "0 days left"), (1, "1 day left"), (2, "2 days left")])
def test_english_says_one_day_and_two_days(n: int, said: str) -> None:
    assert folding.counted("en", "还有 %(n)s 天", n=n) == said
    assert folding.counted("zh-hans", "还有 %(n)s 天", n=n) == f"还有 {n} 天"


def test_a_number_of_things_is_asked_for_by_one_and_by_several(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "hall.html").write_text(
        '{{ _("%(n)s 个窗口", n=n) }}{{ _("第 %(n)s 批", n=n) }}', "utf-8"
    )
    po = messages.catalogue(tmp_path)
    po.parent.mkdir(parents=True)
    source, binary = messages.compiled({"%(n)s 个窗口": "%(n)s open windows", "第 %(n)s 批": "Lot %(n)s has items"})
    po.write_bytes(source)
    po.with_suffix(".mo").write_bytes(binary)
    (fault,) = messages.faults(tmp_path)
    assert "%(n)s 个窗口" in fault
    assert "counted" in fault
