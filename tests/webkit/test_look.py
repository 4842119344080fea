"""What pages are made of: icons that exist, no inline script or style, words in both languages, dates as people say them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation

from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.webkit import filters, icons, messages
from yichuang.webkit.problems import anchor, problems_of

SOURCE = Path(icons.__file__).parents[1]
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))


def test_every_icon_that_a_page_uses_is_in_the_sprite() -> None:
    used = {
        name for t in TEMPLATES for name in re.findall(r"icon\(['\"]([a-z0-9-]+)['\"]", t.read_text(encoding="utf-8"))
    }
    assert used - icons.known() == set()
    assert icons.known() == set(icons.wanted())
    assert icons.SPRITE.stat().st_size < 60_000


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-on|<script(?![^>]*\ssrc=)", text)
    assert "|safe" not in text


def test_nothing_is_loaded_from_elsewhere() -> None:
    for template in TEMPLATES:
        for address in re.findall(r"(?:src|href)=\"(https?://[^\"]+)", template.read_text(encoding="utf-8")):
            raise AssertionError(f"{template.name}: {address}")


def test_translations_are_complete_and_fresh() -> None:
    assert messages.check_all() == []


def test_days_moments_and_limits_in_both_languages() -> None:
    at = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert filters.day(date(2026, 11, 22)) == "2026年11月22日（周日）"
        assert filters.day(datetime(2026, 11, 21, 16, 30, tzinfo=UTC)) == "2026年11月22日（周日）"
        assert filters.moment(at) == "2026年11月22日 18:00"
        took = [filters.lasted(seconds) for seconds in (0.44, 119, 150, 7200, 86400, 1814400)]
        assert took == ["0.4 秒", "119.0 秒", "2 分钟", "2 小时", "24 小时", "21 天"]
        assert filters.limit(SimpleNamespace(amount=10, unit="workday")) == "10 个工作日"
        assert filters.say(W("您好", "Hello")) == "您好"
    with translation.override("en"):
        assert filters.day(date(2026, 11, 22)) == "Sun 22 Nov 2026"
        assert filters.moment(at) == "22 Nov 2026, 18:00"
        assert filters.limit(SimpleNamespace(amount=1, unit="workday")) == "1 working day"
        assert filters.limit(SimpleNamespace(amount=0, unit="instant")) == "on the spot"
        assert filters.say(None) == ""
    assert filters.money(Decimal("1200")) == "¥1,200.00"
    assert filters.size(3_355_443) == "3.2 MB"
    assert anchor("/lessors/0/name") == "f-lessors-0-name"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2027-01-09", "2027年1月9日", "9 January 2027"),
        ("2024-05", "2024年5月", "May 2024"),
        ("2024-13", "2024-13", "2024-13"),
        ("20240501", "20240501", "20240501"),  # a number is no day
        ("雪球", "雪球", "雪球"),
    ],
)
def test_days_among_the_data_of_a_certificate_are_shown_as_its_paper_prints_them(value: str, zh: str, en: str) -> None:
    assert (filters.written(value, en=False), filters.written(value, en=True)) == (zh, en)


def test_a_reason_stands_beside_its_field_whether_its_command_names_it_by_pointer_or_plainly() -> None:
    found = problems_of(
        [Reason("A", W("甲", "a"), "/place"), Reason("B", W("乙", "b"), "kind"), Reason("C", W("丙", "c"))]
    )
    assert [p.code for p in found.of("place")] == ["A"] == [p.code for p in found.of("/place")]
    assert [p.code for p in found.of("/kind")] == ["B"]
    assert found.of("") == ()
