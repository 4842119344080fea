"""What a page must be in a browser, whoever looks at it: one function per promise, each gives the faults it found."""

import re
from typing import TYPE_CHECKING, Any

from tests.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
HAN = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]+")  # Chinese signs and punctuation

# What axe cannot decide by itself: (rule, part of the element's HTML) → why a person decided that it is right.
DECIDED: dict[tuple[str, str], str] = {
    (
        "color-contrast",
        "<kbd aria-hidden",
    ): "a key's name, #1f2937 on #fff (14:1); axe finds single letters and arrows too short",
    (
        "color-contrast",
        "<tspan ",
    ): "the drawing of a process: #333a42 on #fff (11:1); axe cannot see through SVG shapes",
    (
        "color-contrast",
        "wall-number",
    ): "a number on the wall: #fff on #071a2f (17:1), #ffd98a on #0b4a8f (6:1); axe finds it too short",
    ("color-contrast", 'class="bpmn-'): "the same drawing: #333a42, #5b6470 (6:1) and #0b5cad (6.6:1) on #fff",
}

_SHAPE = """() => {
  const hidden = e => { for (; e; e = e.parentElement) if (getComputedStyle(e).clipPath !== 'none') return true; return false; };
  const wide = document.documentElement.scrollWidth - innerWidth, faults = [];
  if (wide > 0) faults.push(`scrolls ${wide} px sideways`);
  const seen = [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.visually-hidden, .skip, dialog') && !hidden(e));
  const cut = seen.filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1) && !e.closest('.table-wrap, svg, .scrolls'); });
  for (const e of cut.slice(0, 3)) faults.push(`cut off: ${e.outerHTML.slice(0, 90)}`);
  const squeezed = seen.filter(e => e.matches('button, .btn, .tag, summary, legend, label, th') && e.textContent.trim().length > 1 && e.getBoundingClientRect().width < 1.9 * parseFloat(getComputedStyle(e).fontSize));
  for (const e of squeezed.slice(0, 3)) faults.push(`squeezed to one letter a line: ${e.outerHTML.slice(0, 90)}`);
  // the blank half of a Chinese mark may hang over the end of a line
  const spilt = seen.filter(e => e.matches('button, .btn, .tag, td, th, dd, li, p, h1, h2, h3') && e.scrollWidth > e.clientWidth + (/[）》〕」，。；、]/.test(e.textContent) ? parseFloat(getComputedStyle(e).fontSize) / 2 : 2) && getComputedStyle(e).overflowX === 'visible' && getComputedStyle(e).display !== 'inline' && !e.closest('.table-wrap, svg'));
  for (const e of spilt.slice(0, 3)) faults.push(`text leaves its box by ${e.scrollWidth - e.clientWidth} px: ${e.outerHTML.slice(0, 90)}`);
  // beside its labels a row has no columns to scroll to: what is wider is cut
  const stretched = seen.filter(e => e.matches('.table-wrap') && e.querySelector('.table.stack tr') && getComputedStyle(e.querySelector('.table.stack tr')).display === 'block' && e.scrollWidth > e.clientWidth + 1);
  // what slides sideways says so
  const silent = seen.filter(e => e.matches('.table-wrap, .slides') && e.scrollWidth > e.clientWidth + 1 && !(e.previousElementSibling?.matches('.slide-hint') && e.previousElementSibling.checkVisibility()));
  for (const e of silent.slice(0, 3)) faults.push(`slides ${e.scrollWidth - e.clientWidth} px sideways without saying so: ${e.outerHTML.slice(0, 90)}`);
  for (const e of stretched.slice(0, 3)) faults.push(`a folded table is ${e.scrollWidth - e.clientWidth} px too wide: ${e.outerHTML.slice(0, 90)}`);
  // a fault leads to its field, boxes do not touch, buttons of a desk stand in one line
  const astray = seen.filter(e => e.matches('.error-summary a[href^="#"]') && !document.getElementById(decodeURIComponent(e.hash.slice(1))));
  for (const e of astray.slice(0, 3)) faults.push(`a fault that leads nowhere: ${e.outerHTML.slice(0, 120)}`);
  const close = seen.filter(e => e.matches('.error-summary, main > .card, .staff-main > .card, .columns-2, .counter-columns') && e.previousElementSibling?.matches('h1, header, p, .error-summary, .aside-note') && seen.includes(e.previousElementSibling) && e.getBoundingClientRect().top - e.previousElementSibling.getBoundingClientRect().bottom < 5 && e.getBoundingClientRect().top >= e.previousElementSibling.getBoundingClientRect().top + 5);
  for (const e of close.slice(0, 3)) faults.push(`stands without a gap under ${e.previousElementSibling.outerHTML.slice(0, 60)}: ${e.outerHTML.slice(0, 60)}`);
  const folded = innerWidth > 1100 && !document.body.classList.contains('elder') ? seen.filter(e => e.matches('button.btn, a.btn') && e.getBoundingClientRect().height > 1.5 * Math.max(34, parseFloat(getComputedStyle(e).minHeight) || 0) && !e.matches('.hour, .tile, .w-100, .d-grid > *')) : [];
  for (const e of folded.slice(0, 3)) faults.push(`a button in two lines: ${e.outerHTML.slice(0, 90)}`);
  const staff = document.body.classList.contains('staff'), least = e => staff && e.tagName !== 'A' ? 32 : 24;
  if (staff) {
    const lines = innerWidth > 820 && !document.body.classList.contains('elder') ? seen.filter(e => e.matches('.staff-nav a') && e.getBoundingClientRect().height > 40) : [];
    for (const e of lines.slice(0, 3)) faults.push(`a line of the menu in two: ${e.outerHTML.slice(0, 90)}`);
  }
  const small = seen.filter(e => e.matches('a, button, input:not([type=hidden]), select, summary, textarea')).map(e => [e.closest('label') || e, e])
    .filter(([box, e]) => { const r = box.getBoundingClientRect(); return r.width && r.height && r.height < least(e) - .5 && !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'); });
  for (const [box, e] of small.slice(0, 3)) faults.push(`too small to hit: ${e.outerHTML.slice(0, 90)}`);
  return faults;
}"""
_DRAWN = (
    "async () => { for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame); }"  # it has seen its new size
)
# Where lines end: a day or a number is read in one piece, the dot between two things neither ends nor begins a line, and a
# mark stands behind its word, and a sentence does not run into the next. What is wider than its box may break.
_LINES = """() => {
  const faults = [], lines = rects => new Set([...rects].filter(r => r.width).map(r => Math.round(r.top / 6))).size;
  const box = e => { while (getComputedStyle(e).display.startsWith('inline')) e = e.parentElement; const s = getComputedStyle(e); return e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight); };
  const block = node => { let e = node.parentElement; while (getComputedStyle(e).display.startsWith('inline')) e = e.parentElement; return e; };
  const PIECE = /\\d{4}年\\d{1,2}月\\d{1,2}日|\\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \\d{4}|\\d{6}-\\d{8}-[A-Z]-\\d{6}-\\d|\\d{1,2}:\\d{2}[–-]\\d{1,2}:\\d{2}/g;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  const rectsOf = (node, from, to) => { range.setStart(node, from); range.setEnd(node, to); return [...range.getClientRects()].filter(r => r.width); };
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (node.data.trim() && e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest('script, style, svg, textarea, select, pre, code, .visually-hidden, .skip, dialog, body.wall')) texts.push(node);
  }
  texts.forEach((node, at) => {
    const e = node.parentElement;
    for (const one of node.data.matchAll(PIECE)) {
      const rects = rectsOf(node, one.index, one.index + one[0].length), whole = e.matches('.piece') ? rectsOf(node, 0, node.data.length) : rects;
      if (lines(rects) > 1 && whole.reduce((sum, r) => sum + r.width, 0) < box(e) - 8) faults.push(`broken in two: ${one[0]} in ${(e.matches('.piece') ? e.parentElement : e).outerHTML.slice(0, 120)}`);
    }
    for (const one of node.data.matchAll(/(?:^|\\s)[·・](?=\\s|$)/g)) {
      const index = one.index + one[0].length - 1, [dot] = rectsOf(node, index, index + 1), rest = node.data.slice(index + 1).search(/\\S/);
      const next = rest >= 0 ? rectsOf(node, index + 1 + rest, index + 2 + rest)[0] : texts[at + 1] && rectsOf(texts[at + 1], texts[at + 1].data.search(/\\S/), texts[at + 1].data.search(/\\S/) + 1)[0];
      const before = node.data.slice(0, index).trimEnd(), last = before ? rectsOf(node, before.length - 1, before.length)[0] : texts[at - 1] && rectsOf(texts[at - 1], texts[at - 1].data.trimEnd().length - 1, texts[at - 1].data.trimEnd().length)[0];
      if (dot && next && next.top >= dot.bottom - 1) faults.push(`a dot ends a line: ${e.outerHTML.slice(0, 90)}`);
      if (dot && last && last.bottom <= dot.top + 1) faults.push(`a dot begins a line: ${e.outerHTML.slice(0, 90)}`);
    }
    const mark = /^\\s*[,.;:!?)，。；：、！？）”](?!\\S*[“（(])/.exec(node.data), before = texts[at - 1];
    if (mark && before && block(before) === block(node)) {
      const [here] = rectsOf(node, mark[0].length - 1, mark[0].length), end = before.data.trimEnd().length, last = rectsOf(before, end - 1, end)[0];
      if (here && last && last.bottom <= here.top + 1) faults.push(`a mark begins a line: ${e.outerHTML.slice(0, 120)}`);
    }
    const open = /[（(“]$/.exec(node.data), after = texts[at + 1];
    if (open && after && block(after) === block(node)) {
      const [here] = rectsOf(node, open.index, open.index + 1), from = after.data.search(/\\S/), next = rectsOf(after, from, from + 1)[0];
      if (here && next && next.top >= here.bottom - 1) faults.push(`a bracket ends a line: ${e.outerHTML.slice(0, 120)}`);
    }
  });
  for (const e of document.querySelectorAll('p, li, dd, td, small')) { const run = /[a-z)][.!?][A-Z][a-z]+ /.exec(e.innerText); if (run && document.documentElement.lang === 'en' && e.checkVisibility()) { faults.push(`sentences without a gap: ${run[0]} in ${e.outerHTML.slice(0, 90)}`); break; } }
  for (const e of document.querySelectorAll('.error-summary li, .field-error')) if (/\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b\\d{2}-\\d{2} \\d{2}:\\d{2}/.test(e.innerText)) faults.push(`a day as machines write it: ${e.innerText.slice(0, 90)}`);
  for (const e of document.querySelectorAll('caption')) if (e.checkVisibility() && e.clientWidth < e.parentElement.clientWidth / 2) faults.push(`a caption squeezed: ${e.outerHTML.slice(0, 90)}`);
  return faults.slice(0, 4);
}"""
_LETTERS = """least => {
  if (!document.body.classList.contains('citizen')) least = document.body.classList.contains('elder') ? 20 : 13;  // staff: denser
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), small = new Map();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement, size = parseFloat(getComputedStyle(e).fontSize);
    if (node.data.trim() && size < least - .01 && e.checkVisibility({visibilityProperty: true}) && !e.closest('.visually-hidden, script, style, noscript, svg')) small.set(e.className + e.tagName, `${size} px: ${e.outerHTML.slice(0, 90)}`);
  }
  return [...small.values()];
}"""
_HEAD = "() => [document.title, document.documentElement.lang, [...document.querySelectorAll('h1')].filter(e => e.checkVisibility()).length]"
_TOP = "() => { const top = document.querySelector('.staff-top'); return top && innerWidth <= 480 ? top.getBoundingClientRect().height : 0; }"
_MARKED = "() => !document.querySelector('.staff-nav li') || !!document.querySelector('.staff-body .staff-nav [aria-current], .staff-top [aria-current]')"
_WORDS = """() => {
  const body = document.body.cloneNode(true);  // as the server wrote it: lines.js puts days and numbers into pieces
  body.querySelectorAll('.piece').forEach(e => e.replaceWith(...e.childNodes));
  body.normalize();
  const found = [], walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const foreign = e => e && e.closest('[lang^=zh]');
  found.push(document.title);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // an option takes no markup: the number of a document (字号) stands there as it is
    const plain = node.nodeType === 3 && node.parentElement.closest('option') ? node.data.replace(/[A-Z]+.字〔\\d+〕\\d+号/g, '') : node.data;
    if (node.nodeType === 3) { if (!foreign(node.parentElement) && !node.parentElement.closest('script, style')) found.push(plain); continue; }
    if (foreign(node)) continue;
    for (const name of ['alt', 'aria-label', 'title', 'placeholder', 'data-words', 'data-link', 'data-failed', 'data-words-failed']) found.push(node.getAttribute(name) || '');
  }
  return found.map(t => t.trim()).filter(Boolean);
}"""


def head(page: "Page", *, english: bool, placed: bool = True) -> list[str]:
    """A title, the right language, one heading of the first level; a staff door's menu says where one is (`placed`) and
    leaves the phone to the page."""
    title, lang, headings = page.evaluate(_HEAD)
    faults = [] if title and not title.startswith(" ·") else ["no title"]
    if lang != ("en" if english else "zh-Hans-CN"):
        faults.append(f"lang is {lang!r}")
    if placed and not page.evaluate(_MARKED):
        faults.append("no line of the menu is marked")
    if (height := page.evaluate(_TOP)) > 64:
        faults.append(f"the top of a staff page takes {height} px of a phone")
    return faults + ([] if headings == 1 else [f"{headings} headings of the first level"])


def shape(page: "Page") -> list[str]:
    """Nothing scrolls sideways, is cut off, squeezed, or too small to hit, and lines end where they may."""
    page.evaluate(_DRAWN)
    found: list[str] = [*page.evaluate(_SHAPE), *page.evaluate(_LINES)]
    return found


def lines(page: "Page") -> list[str]:
    """A day or a number broken in two, a dot at the end or the beginning of a line, sentences without a gap."""
    page.evaluate(_DRAWN)
    found: list[str] = page.evaluate(_LINES)
    return found


def letters(page: "Page", least: int) -> list[str]:
    """Text of a citizen's page that is smaller than `least` pixels; staff read 13 px, and 20 px in large type."""
    return [f"letters of {fault}" for fault in page.evaluate(_LETTERS, least)]


def chinese(page: "Page", data: frozenset[str]) -> list[str]:
    """Chinese that an English page shows without marking it, but for names and what people wrote themselves."""
    left = []
    for text in page.evaluate(_WORDS):
        bare = text
        for word in sorted(data, key=len, reverse=True):
            bare = bare.replace(word, "")
        if HAN.search(bare):
            left.append(f"Chinese in English: {text[:80]}")
    return list(dict.fromkeys(left))


def axe(page: "Page") -> list[str]:
    """Violations of axe-core, and whatever it could not decide and no person did (`DECIDED`)."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations', 'incomplete'], elementRef: false})",
        RULES,
    )
    nodes = [
        (kind, rule, node) for kind in ("violations", "incomplete") for rule in found[kind] for node in rule["nodes"]
    ]
    return [
        f"{kind} {rule['id']}: {node['html'][:140]} — {' '.join(str(node.get('failureSummary', '')).split())[:300]} {_beside(node)}"
        for kind, rule, node in nodes
        if kind == "violations" or not any(rule["id"] == id and part in node["html"] for id, part in DECIDED)
    ]


def _beside(node: dict[str, Any]) -> str:
    """The elements that axe names as the reason."""
    return " ".join(other["html"][:80] for check in node["any"] for other in check.get("relatedNodes", ()))
