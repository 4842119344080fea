// Keeps together on one line what is read as one: a day, a number, a case number; and lets no line begin or end with the
// dot that stands between two things. Sentences come from messages, papers and people's own words: only the browser knows
// where a line ends. Without this the page says the same.
(() => {
  "use strict";
  const MONTH = "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
  const ONE = [
    "https?:\\/\\/[^\\s，。；）]+",  // an address: too wide for a line it goes on behind a slash
    "(?:\\d{4}年)?\\d{1,2}月\\d{1,2}日(?:（周[一二三四五六日]）)?",  // a day; the time of day is a thing of its own
    `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\\b\\d{1,2} ${MONTH}\\b(?: \\d{4})?`,
    "\\d{1,2}:\\d{2} ?[–-] ?\\d{1,2}:\\d{2}",
    "[A-Z]*[\\u4e00-\\u9fff]{0,4}〔\\d{4}〕\\d+号?",  // the number of a document (字号): too wide for a line it goes on behind its kind
    "(?<![A-Za-z0-9])(?=[A-Z-]*\\d)[A-Z0-9]+(?:-[A-Z0-9*]+)+(?![a-z])",  // of a case, a request, a telephone
    "\\d[\\d,.–]* ?(?:个工作日|个工作小时|个自然日|个月|小时|分钟|号窗口|[年月日天人项件份次个元米岁张页名位字处条栋室步版批行列席])",
    "[\\u4e00-\\u9fff]\\*[*·]*[\\u4e00-\\u9fff]?",  // a masked name
    "[\\u4e00-\\u9fff]{1,9}·(?=[\\u4e00-\\u9fff])|(?<=[\\u4e00-\\u9fff]·)[\\u4e00-\\u9fff]{1,6}",  // a part of a name of several
    "第[一二三四五六七八九十百零]+条(?:第[一二三四五六七八九十]+款)?",
    "第 ?\\d+ ?(?:版|次|步|项|条|行|列|页|批|号)",
    "\\b\\d[\\d,.–]* (?:(?:working |opening )?(?:days?|hours?)|minutes?|months?|years?|visits?|companions?|windows?|characters?|pages?|cop(?:y|ies)|steps?|papers?|documents?|files?|cases?|people|MB|KB)\\b",
    "\\b(?:[Ww]indow|[Vv]ersion|[Ss]tep|[Rr]ow|[Ll]ine|[Nn]o\\.) \\d+\\b",
    "\\bart\\. \\d[\\d()]*",
    "\\d+[–-]\\d+(?![\\d-])",  // from, to
    "\\b[A-Za-z][A-Za-z0-9]*(?:\\.[A-Za-z][A-Za-z0-9]*)*(?:_[A-Za-z0-9]+)+\\b",  // a code: too wide for a line it goes on behind a dot or a low line
  ].join("|");
  // A mark that belongs to it goes with it: a line would end before a comma that stands behind a box.
  const PIECE = new RegExp(`([（(“]?(?:${ONE})[,.;:!?)，。；：、！？）”]*)|\\s+[·・](?=\\s|$)|^[,.;:!?)，。；：、！？）”]+`, "g");
  const PLACE = "p, li, dd, dt, td, th, h1, h2, h3, h4, label, summary, div, section, main";
  const LEFT_ALONE = "script, style, textarea, select, svg, code, pre, .dot, .piece, .visually-hidden, [contenteditable]";
  const display = (el) => getComputedStyle(el).display;

  const span = (name, ...what) => { const el = document.createElement("span"); el.className = name; el.append(...what); return el; };
  const inside = (text) => {
    if (/^http/.test(text)) return text.split(/(?<=[^:/]\/)/).flatMap((part) => [part, document.createElement("wbr")]);
    if (/^[（(“]?[A-Za-z][\w.]*_/.test(text)) return text.split(/(?<=[._])/).flatMap((part) => [part, document.createElement("wbr")]);
    return text.includes("〔") ? text.split(/(?=〔)/).map((part) => span("piece", part)) : [text];
  };
  // A line may end behind a box, even before a blank that holds: the two are held by what is put around them.
  const hold = (before, mark, name) => {
    let last = before;
    while (last?.nodeType === 1 && display(last) === "inline") last = last.lastChild;
    if (last?.nodeType !== 1 || !display(last).startsWith("inline")) return mark;
    const held = span(name);
    last.replaceWith(held);
    held.append(last, mark);
    return held;
  };

  const keep = (root) => {
    const texts = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) if (/[\d·・*条_]|https?:|^[,.;:!?)，。；：、！？）”]/.test(text.data)) texts.push(text);
    for (const text of texts) {
      const around = text.parentElement, found = [...text.data.matchAll(PIECE)];
      if (!found.length || !around || around.closest(LEFT_ALONE)) continue;
      let into = around, at = 0;
      const put = (node) => into.insertBefore(node, text), words = (end) => { if (end > at) put(document.createTextNode(text.data.slice(at, end))); };
      if (/flex|grid/.test(display(around))) { into = span("run"); text.replaceWith(into); into.append(text); }  // there each piece would be a thing of its own
      for (const one of found) {
        words(one.index);
        const mark = one[1] ? span("piece", ...inside(one[1])) : /[·・]/.test(one[0]) ? hold(text.previousSibling, span("dot", "\u00a0·"), "held") : hold(text.previousSibling, document.createTextNode(one[0]), "held marked");
        if (!mark.isConnected) put(mark);
        at = one.index + one[0].length;
      }
      words(text.data.length);
      text.remove();
    }
  };

  // What is read after the dot, and where its first line stands.
  const next = (dot) => {
    const walker = document.createTreeWalker(dot.closest(PLACE) || document.body, NodeFilter.SHOW_TEXT);
    walker.currentNode = dot.lastChild;
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const from = text.data.search(/\S/), range = document.createRange();
      if (from < 0) continue;
      range.setStart(text, from);
      range.setEnd(text, from + 1);
      const box = range.getClientRects()[0];
      if (box && box.width) return box;
    }
    return null;
  };
  // First all are measured, then all are marked: the page is laid out once.
  const measure = () => {
    const dots = [...document.querySelectorAll(".dot")].map((dot) => {
      const box = dot.getClientRects()[0], after = box && next(dot);
      return [dot, Boolean(box) && (!after || (after.top + after.bottom) / 2 >= box.bottom)];  // in a heading the boxes of two lines overlap
    });
    for (const [dot, ends] of dots) dot.classList.toggle("ends", ends);
  };

  let size = null;
  const start = (root) => {
    if (document.body.classList.contains("wall")) return;  // its lines are few and fetched anew each time
    keep(root);
    measure();
    if (size) return;
    size = new ResizeObserver(() => requestAnimationFrame(measure));
    document.querySelectorAll("body, header, main").forEach((el) => size.observe(el));
  };
  document.addEventListener("DOMContentLoaded", () => start(document.body));
  document.addEventListener("htmx:load", (event) => start(event.target));
  document.fonts?.ready.then(measure);
})();
