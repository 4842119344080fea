// The editors of processes and decisions. The vendored tools draw; what is right or wrong the server says, every time.
(() => {
  "use strict";
  const box = document.getElementById("editor");
  if (!box) return;
  const says = JSON.parse(box.dataset.says), setup = JSON.parse(box.dataset.setup), keep = document.getElementById("keep");
  const field = keep.querySelector("textarea[name=content]"), desk = box.querySelector(".editor-desk"), canvas = box.querySelector(".editor-canvas");
  const verdict = document.getElementById("verdict"), list = document.getElementById("faults");
  const fill = (text, values) => text.replace(/\{ ?(\w+) ?\}/g, (all, name) => (values && name in values ? values[name] : all));
  const make = (tag, text, css) => { const el = document.createElement(tag); if (text) el.textContent = text; if (css) el.className = css; return el; };
  let changed = false, tool = null, quick = 0, whole = 0, timer = 0;

  // The tools ask for words in English; ours are in a table. They also write <style> elements, which our policy forbids:
  // the rules go into a constructed sheet instead, so that no page has to allow inline styles.
  const translate = (text, values) => fill(setup.words[text] || text, values);
  const words = { translate: ["value", translate] };
  const create = Document.prototype.createElement;
  document.createElement = function (name, ...rest) {
    const element = create.call(document, name, ...rest);
    if (String(name).toLowerCase() === "style") {
      const sheet = new CSSStyleSheet();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      Object.defineProperty(element, "textContent", { set: (text) => sheet.replaceSync(text), get: () => "" });
    }
    return element;
  };
  const marks = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, marks];

  const load = () => Promise.all([
    ...box.dataset.styles.trim().split(/\s+/).map((href) => new Promise((done, fail) => { const link = create.call(document, "link"); link.rel = "stylesheet"; link.href = href; link.onload = done; link.onerror = fail; document.head.append(link); })),
    ...box.dataset.scripts.trim().split(/\s+/).map((src) => new Promise((done, fail) => { const script = create.call(document, "script"); script.src = src; script.onload = done; script.onerror = fail; document.head.append(script); })),
  ]);
  const post = async (address, more) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", keep.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("content", await xml());
    if (box.dataset.table) body.append("table", box.dataset.table);
    for (const [name, value] of more || []) body.append(name, value);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const xml = async () => (tool ? (await tool.saveXML({ format: true })).xml : field.value);
  const place = (one) => (one.row ? fill(says.cell, one) : one.line && !tool ? fill(says.line, { n: one.line }) : "");

  // What was found: the verdict, a list whose entries lead to the element, and a mark at each element.
  const show = (found) => {
    const bad = found.faults.filter((one) => !one.warns);
    verdict.replaceChildren(make("span", found.faults.length ? `${bad.length ? says.wrong : says.warns} ${found.faults.length}` : says.fine, `tag ${bad.length ? "red" : found.faults.length ? "amber" : "green"}`));
    list.replaceChildren(...found.faults.map((one) => {
      const item = make("li"), where = place(one);
      if (where) item.append(make("strong", `${where} `));
      if (one.element && kind.has(one)) {
        const link = make("button", one.words); link.type = "button"; link.addEventListener("click", () => kind.go(one)); item.append(link);
      } else item.append(one.words);
      return item;
    }));
    if (found.more) list.append(make("li", says.more));
    kind.mark(found.faults);
  };
  // The last answer counts. A whole check says what a check of cells would; one of cells that came later knows newer cells.
  const checkCells = async () => {
    const mine = ++quick;
    try { const found = await post(box.dataset.check); if (mine === quick) show(found); } catch { if (mine === quick) verdict.textContent = says.failed; }
  };
  const checkAll = async () => {
    window.clearTimeout(timer);
    const mine = ++whole, cells = ++quick;
    verdict.textContent = says.checking;
    try {
      const found = await post(box.dataset.check, [["whole", "1"]]);
      if (mine !== whole) return;
      if (cells === quick) show(found);
      if (kind.examples) kind.examples(found);
    } catch { if (mine === whole) verdict.textContent = says.failed; }
  };
  const note = () => { changed = true; };

  // ── the process ────────────────────────────────────────────────────────────────────────────────────────────────
  const part = document.getElementById("part");
  const text = (name) => ({ name, type: "String", isAttr: true });
  const YC = { name: "yichuang", prefix: "yc", uri: "https://yichuang.example/bpmn", types: [
    { name: "Extra", extends: ["bpmn:BaseElement"], properties: ["nameEn", "post", "act", "outcome", "operation", "decision", "items", "item", "posts", "count", "need", "workingDays"].map((name) => text(name)) },
  ] };
  const fit = () => { const view = tool.get("canvas"), scale = view.zoom("fit-viewport"); view.zoom(Math.min(1, scale * 0.78), "auto"); view.scroll({ dx: 60, dy: 0 }); }; // beside the palette
  const process = {
    open: async () => {
      tool = new window.BpmnJS({ container: canvas, additionalModules: [words], moddleExtensions: { yc: YC } });
      await tool.importXML(field.value);
      const bus = tool.get("eventBus");
      fit();
      bus.on("selection.changed", (event) => process.form(event.newSelection.length === 1 ? event.newSelection[0] : null));
      bus.on("commandStack.changed", note);
      process.form(null);
    },
    has: (one) => Boolean(tool && tool.get("elementRegistry").get(one.element)),
    go: (one) => { const element = tool.get("elementRegistry").get(one.element); tool.get("selection").select(element); tool.get("canvas").scrollToElement(element); canvas.scrollIntoView({ block: "nearest" }); },
    mark: (faults) => {
      if (!tool) return;
      const overlays = tool.get("overlays");
      overlays.remove({ type: "fault" });
      for (const one of faults) if (process.has(one)) {
        const mark = make("span", one.warns ? says.warns : says.wrong, `fault-mark${one.warns ? " warns" : ""}`); mark.title = one.words;
        overlays.add(one.element, "fault", { position: { top: -14, left: 0 }, html: mark });
      }
    },
    // The form beside the drawing: what the house reads of the element that is chosen.
    form: (element) => {
      part.replaceChildren();
      const shape = element && element.labelTarget ? element.labelTarget : element, it = shape && shape.businessObject;
      if (!it || !it.$instanceOf) { part.append(make("p", says.none, "m-0")); return; }
      const modeling = tool.get("modeling"), factory = tool.get("bpmnFactory");
      const set = (values) => modeling.updateProperties(shape, values);
      const input = (label, value, save, options) => {
        const line = make("div", "", "field"), name = make("label", label, "form-label"), control = make(options ? "select" : "input", "", options ? "form-select" : "form-control");
        control.id = `part-${part.childElementCount}`; name.htmlFor = control.id;
        if (options) for (const one of [{ code: "", name: says.choose }, ...options]) { const choice = make("option", one.code && one.code.includes(".") ? `${one.name}（${one.code}）` : one.name); choice.value = one.code; control.append(choice); }
        if (options && value && !options.some((one) => one.code === value)) { const choice = make("option", value); choice.value = value; control.append(choice); }
        control.value = value || "";
        control.addEventListener("change", () => save(control.value.trim() || undefined));
        line.append(name, control); part.append(line);
      };
      input(says.name, it.name, (value) => set({ name: value }));
      input(says.english, it.get("yc:nameEn"), (value) => set({ "yc:nameEn": value }));
      if (it.$instanceOf("bpmn:UserTask")) {
        const several = it.loopCharacteristics;
        input(says.post, it.get("yc:post"), (value) => set({ "yc:post": value }), setup.posts || undefined);
        input(says.act, it.get("yc:act") || "review", (value) => set({ "yc:act": value }), setup.acts);
        if (!several || several.get("yc:posts") || !(several.get("yc:items") || several.loopCardinality)) {
          const seats = (values) => {
            const was = it.loopCharacteristics, given = { posts: was && was.get("yc:posts"), count: was && was.get("yc:count"), need: was && was.get("yc:need"), ...values };
            set({ loopCharacteristics: given.posts || given.count ? factory.create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: was ? was.isSequential : false, "yc:posts": given.posts, "yc:count": given.count, "yc:need": given.need }) : undefined });
          };
          input(says.posts, several && several.get("yc:posts"), (value) => seats({ posts: value, count: value ? undefined : several && several.get("yc:count") }));
          input(says.need, several && several.get("yc:need"), (value) => seats({ need: value }));
        }
      }
      if (it.$instanceOf("bpmn:ServiceTask") || it.$instanceOf("bpmn:SendTask")) input(says.operation, it.get("yc:operation"), (value) => set({ "yc:operation": value }));
      if (it.$instanceOf("bpmn:SequenceFlow")) {
        input(says.condition, it.conditionExpression && it.conditionExpression.body, (value) => set({ conditionExpression: value ? factory.create("bpmn:FormalExpression", { body: value }) : undefined }));
        if (it.sourceRef && it.sourceRef.$instanceOf("bpmn:Gateway")) {
          const line = make("label", "", "pick"), tick = make("input"); tick.type = "checkbox"; tick.checked = it.sourceRef.default === it;
          tick.addEventListener("change", () => modeling.updateProperties(shape.source, { default: tick.checked ? it : undefined }));
          line.append(tick, ` ${says.otherwise}`); part.append(line);
        }
      }
      const timer = (it.eventDefinitions || []).find((one) => one.$instanceOf("bpmn:TimerEventDefinition"));
      if (timer) input(says.days, timer.get("yc:workingDays"), (value) => modeling.updateModdleProperties(shape, timer, { "yc:workingDays": value, ...(value ? { timeDuration: undefined, timeDate: undefined } : {}) }));
    },
    stack: () => tool.get("commandStack"),
  };

  // ── the decision table ─────────────────────────────────────────────────────────────────────────────────────────
  const table = () => tool.getActiveView().element.decisionLogic;
  const decision = {
    open: async () => {
      const more = { additionalModules: [words] };
      tool = new window.DmnJS({ container: canvas, common: more, decisionTable: more });
      await tool.importXML(field.value);
      const tables = tool.getViews().filter((view) => view.type === "decisionTable");
      await tool.open(tables.find((view) => view.element.name === box.dataset.table) || tables[0]);
      tool.getActiveViewer().get("eventBus").on("elements.changed", () => { note(); decision.examples({ hits: [], examples: [] }); window.clearTimeout(timer); timer = window.setTimeout(checkCells, 500); });
    },
    has: (one) => Boolean(tool && one.row),
    go: (one) => { const cell = canvas.querySelector(`[data-element-id="${decision.cell(one)}"]`); if (cell) cell.scrollIntoView({ block: "center" }); },
    cell: (one) => { const rule = table().rule[one.row - 1], cell = rule && [...(rule.inputEntry || []), ...(rule.outputEntry || [])][one.column - 1]; return cell ? cell.id : ""; },
    mark: (faults) => {
      const cells = tool ? faults.filter((one) => one.row).map((one) => [decision.cell(one), one]).filter(([id]) => id) : [];
      marks.replaceSync(cells.map(([id, one]) => `td[data-element-id="${CSS.escape(id)}"] { box-shadow: inset 0 0 0 2px ${one.warns ? "#8a5a00" : "#9b1c14"}; background: ${one.warns ? "#fff6e5" : "#fdecea"}; }`).join("\n"));
    },
    examples: (found) => {
      if (!document.getElementById("examples")) return;
      const untried = found.hits.map((hits, at) => (hits ? 0 : at + 1)).filter(Boolean);
      document.getElementById("coverage").textContent = !found.hits.length ? "" : untried.length ? fill(says.untried, { rows: untried.join(", ") }) : says.tried;
      document.getElementById("examples").replaceChildren(...[...found.examples].sort((a, b) => a.ok - b.ok).map((one) => {
        const item = make("li"); item.append(make("span", one.ok ? says.example : says.red, `tag ${one.ok ? "green" : "red"}`), ` ${one.name}`);
        for (const line of one.differences) item.append(make("br"), make("small", line));
        return item;
      }));
    },
    stack: () => tool.getActiveViewer().get("commandStack"),
  };
  const kind = box.dataset.kind === "process" ? process : decision;

  // ── the bar ────────────────────────────────────────────────────────────────────────────────────────────────────
  const bar = box.querySelector(".editor-bar"), picture = document.getElementById("picture");
  const zoom = (by) => { const view = tool.get("canvas"); view.zoom(view.zoom() * by); };
  const deeds = {
    open: async () => {
      bar.querySelector("[data-do=open]").disabled = true;
      try {
        await load();
        desk.hidden = false;
        await kind.open();
      } catch { desk.hidden = true; verdict.textContent = says.unopened; tool = null; return; }
      bar.querySelectorAll("[data-do]").forEach((button) => { button.hidden = button.dataset.do === "open"; });
      document.getElementById("take").hidden = false;
      if (picture) picture.hidden = true;
      if (box.dataset.kind === "process") checkAll();
    },
    check: () => checkAll(),
    undo: () => { if (kind.stack().canUndo()) kind.stack().undo(); },
    redo: () => { if (kind.stack().canRedo()) kind.stack().redo(); },
    in: () => zoom(1.2), out: () => zoom(1 / 1.2), fit: () => fit(),
  };
  bar.addEventListener("click", (event) => { const button = event.target.closest("[data-do]"); if (button) deeds[button.dataset.do](); });
  bar.hidden = false;
  document.getElementById("take").addEventListener("click", async () => {
    const link = make("a"); link.href = URL.createObjectURL(new Blob([await xml()], { type: "application/xml" })); link.download = box.dataset.file; link.click();
  });

  // Saving: what is drawn goes into the form, then the form goes.
  let ready = false;
  keep.addEventListener("submit", (event) => {
    if (!tool || ready) { changed = false; return; }
    event.preventDefault();
    delete keep.dataset.sent;
    // later: a form that is still being submitted submits no second time
    xml().then((drawn) => window.setTimeout(() => { field.value = drawn; ready = true; changed = false; keep.requestSubmit(); }));
  }, true);
  window.addEventListener("pageshow", () => { ready = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) { event.preventDefault(); event.returnValue = says.unsaved; } });

  // ── the test bench ─────────────────────────────────────────────────────────────────────────────────────────────
  const bench = document.getElementById("bench"), answer = document.getElementById("answer");
  if (bench) bench.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.textContent = says.checking;
    try {
      const said = await post(box.dataset.try, [...new FormData(bench)].filter(([name]) => name.startsWith("in-")));
      answer.replaceChildren();
      if (said.refused) { for (const line of said.refused) answer.append(make("p", line, "field-error")); return; }
      answer.append(make("p", "", "mb-1"));
      const sure = said.approved || said.value; // a table that approves, or one that says a value
      answer.firstChild.append(make("span", !sure ? says.person : said.value ? fill(says.value, said) : says.approve, `tag ${sure ? "green" : "amber"}`));
      const doubts = make("ul", "", "faults"), rows = make("ol", "", "timeline");
      for (const line of said.doubts) doubts.append(make("li", line));
      for (const row of said.rows) {
        const item = make("li"); item.append(make("strong", `${fill(says.rule, { n: row.row })} `));
        if (row.hit) item.append(make("span", says.hit, "tag green"), " ");
        item.append(row.words, make("br"), make("small", row.why, "text-secondary")); rows.append(item);
      }
      answer.append(doubts, rows);
    } catch { answer.textContent = says.failed; }
  }, true);
})();
