"""Days, numbers and the dots between two things keep their lines on every width (lines.js), and a drawing shows where the
process is (app.js). The pages are made here: no server, no network."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.screens import checks

import yichuang.webkit as webkit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STATIC = Path(webkit.__file__).parent / "static/webkit"
WIDTHS = range(180, 380, 7)
WORDS = """<p>Some words that run on and on until Tue 24 Nov 2026, 10:30, and then case 440303-20261124-N-000001-3 again</p>
<p>A thing that is long · another thing that is · <a href="#">some <span class="num">24 Nov 2026</span></a> · last</p>
<p><span class="num">440303********9008</span> · a name · <span class="num">5</span> · the end of it</p>
<p lang="zh-Hans-CN">如今天受理，2026年11月24日（周二）前作出决定，编号 440303-20261124-N-000001-3“转移登记”，买买提·阿卜杜热西提。</p>
<p style="display:inline-flex"><b>!</b> Back to the case 440303-20261124-N-000001-3 of a person</p>
<p>Papers that are late (3 working days), or found wanting on 24 Nov 2026, 10:30: Tue 1 Dec 2026; wait about 64–125 minutes, at window 12.</p>
<p>It is for <span class="num">440303-20261124-N-000001-3</span>, and <b class="num">A012</b>; <span class="num">10:30</span>.</p>
<p>Valid <span class="num">from today on and then until Wed 31 Mar 2027 in the end</span></p>"""


def _page(body: str, width: int, *scripts: str) -> str:
    css = (STATIC / "theme.css").read_text(encoding="utf-8")
    run = "".join(f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>" for name in scripts)
    return f'<!doctype html><html lang="en"><style>{css}</style><body class="citizen"><main style="width:{width}px">{body}</main>{run}'


def _faults(browser: "Browser", *scripts: str) -> list[str]:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    found = []
    for width in WIDTHS:
        page.set_content(_page(WORDS, width, *scripts))
        found += [f"{width}: {fault}" for fault in checks.lines(page)]
    page.close()
    return found + errors


@pytest.mark.browser
def test_no_day_and_no_number_breaks_and_no_dot_ends_or_begins_a_line(browser: "Browser") -> None:
    assert _faults(browser, "lines.js") == []


@pytest.mark.browser
def test_without_the_script_lines_end_anywhere(browser: "Browser") -> None:
    """The control: the measure finds each of the three."""
    found = " ".join(_faults(browser))
    assert "broken in two: 24 Nov 2026" in found
    assert "broken in two: 440303-20261124-N-000001-3" in found
    assert "a dot ends a line" in found
    assert "a dot begins a line" in found


@pytest.mark.browser
def test_a_name_of_several_parts_breaks_between_them(browser: "Browser") -> None:
    page = browser.new_page()
    page.set_content(_page('<p lang="zh-Hans-CN">买买提·阿卜杜热西提·吐尔逊江</p>', 200, "lines.js"))
    rows = "() => { const rows = {}; for (const e of document.querySelectorAll('p .piece')) (rows[e.getBoundingClientRect().top] ||= []).push(e.textContent); return Object.values(rows).map(r => r.join('')); }"
    assert page.evaluate(rows) == ["买买提·阿卜杜热西提·", "吐尔逊江"]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("It was published as Version 3 of it", ["Version 3"]),
        ("It may be as long as 18 characters", ["18 characters"]),
        ("It was checked again under no. 12", ["no. 12"]),
        ("核查的结果已经登记在第 12 版里", ["第 12 版"]),
        ("Open https://hall.example.gov.cn/s/U66CUSYW now", ["https://hall.example.gov.cn/", "s/U66CUSYW"]),
        ("Paper CGZF拟撤字〔2026〕000001号", ["CGZF拟撤字", "〔2026〕000001号"]),
        ("Post CGZF.street_review_and_inspect of it", ["CGZF.street_review_", "and_inspect"]),
    ],
)
def test_an_address_and_the_number_of_a_paper_break_where_they_are_read(
    browser: "Browser", words: str, rows: list[str]
) -> None:
    page = browser.new_page()
    page.set_content(_page(f"<p>{words}</p>", 215, "lines.js"))
    told = """() => {
      const rows = new Map(), walker = document.createTreeWalker(document.querySelector('.piece'), NodeFilter.SHOW_TEXT), range = document.createRange();
      for (let node = walker.nextNode(); node; node = walker.nextNode()) for (let at = 0; at < node.length; at++) {
        range.setStart(node, at); range.setEnd(node, at + 1);
        const top = range.getBoundingClientRect().top;
        rows.set(top, (rows.get(top) || '') + node.data[at]);
      }
      return [...rows.values()];
    }"""
    assert page.evaluate(told) == rows
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("wide", "told"), [(900, True), (100, False)])
def test_what_is_wider_than_its_place_says_that_it_slides(browser: "Browser", wide: int, told: bool) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    table = f'<div class="card"><div class="table-wrap"><table class="table"><tr><td><div style="width:{wide}px">x</div></td></tr></table></div></div>'
    page.set_content(
        _page(table, 360, "app.js").replace('<body class="citizen"', '<body class="citizen" data-slide="左右滑动"')
    )
    assert [one for one in checks.shape(page) if "sideways" in one] == []
    assert page.get_by_text("左右滑动").is_visible() is told
    page.evaluate("() => document.querySelector('.slide-hint').remove()")
    assert any("without saying so" in one for one in checks.shape(page)) is told
    page.close()


@pytest.mark.browser
def test_what_is_made_wider_or_narrower_is_measured_anew(browser: "Browser") -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_content(_page(WORDS, 360, "lines.js"))
    for width in WIDTHS:
        page.evaluate("width => { document.querySelector('main').style.width = `${width}px`; }", width)
        assert checks.lines(page) == [], width
    page.close()


@pytest.mark.browser
def test_the_words_of_a_page_stay_what_they_were_and_what_is_typed_or_laid_out_in_pieces_is_left_alone(
    browser: "Browser",
) -> None:
    page = browser.new_page()
    body = "<textarea>24 Nov 2026 · x</textarea><code>1-2-3</code>"
    page.set_content(_page(WORDS + body, 300))
    before = page.inner_text("main")
    page.set_content(_page(WORDS + body, 300, "lines.js"))
    assert page.inner_text("main").replace("\u00a0", " ") == before
    assert page.locator(":is(textarea, code) *").count() == 0
    assert page.locator("p .piece").count() >= 5
    page.close()


@pytest.mark.browser
def test_a_drawing_larger_than_its_frame_shows_the_step_that_is_now(browser: "Browser") -> None:
    drawing = (
        '<svg width="1500" height="1600"><g class="bpmn-start"><rect x="5" y="800" width="9" height="9"/></g>{}</svg>'
    )
    step = '<g aria-current="step"><rect x="900" y="1100" width="40" height="40"/></g>'
    for now, shown in (("", ".bpmn-start"), (step, "[aria-current=step]")):
        page = browser.new_page(viewport={"width": 390, "height": 800})
        box = f'<div class="slides table-wrap">{drawing.format(now)}</div>'
        page.set_content(_page(box, 360, "app.js"))
        frame, at = page.locator(".slides").bounding_box(), page.locator(shown).bounding_box()
        assert frame
        assert at
        assert frame["height"] < 800
        assert frame["x"] <= at["x"]
        assert at["x"] + at["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= at["y"]
        assert at["y"] + at["height"] <= frame["y"] + frame["height"]
        page.close()
