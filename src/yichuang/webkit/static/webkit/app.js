// Small helpers of every page. All of them are extras: each page works without.
(() => {
  "use strict";
  const MAX_FILE = 20 * 1024 * 1024;

  // An error summary takes the focus, so that it is read first.
  const focusSummary = () => { const box = document.querySelector("[data-focus]"); if (box) box.focus(); };

  // "?" opens the key map; data-key="F8" on a button or link is pressed by that key.
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) && !/^(checkbox|radio|button|submit)$/.test(el.type || "");
  document.addEventListener("keydown", (event) => {
    const map = document.getElementById("key-map");
    if (event.key === "?" && map && !typing(event.target)) { event.preventDefault(); map.showModal(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const plain = /^F\d+$/.test(event.key);
    if (!plain && typing(event.target)) return;
    const name = (event.shiftKey && plain ? "Shift+" : "") + (event.key === " " ? "Space" : event.key);
    if (name === "Space" && /^(BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
    const target = [...document.querySelectorAll("[data-key]")].find((el) => el.dataset.key === name && !el.disabled);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input:not([type=submit]), textarea, select")) { target.focus(); if (target.select) target.select(); } else target.click();
  });

  // An open menu closes by Escape, or when somebody presses beside it.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => document.querySelectorAll(".menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));

  // A page that is itself the answer to a form gives its place in the history to the page of data-instead (its own, or the
  // form's) when it is left, so that nobody who comes back is asked to send it again. Relative addresses are made whole
  // before: they are read from the page's address.
  let instead = false;
  const whole = (el, name, address) => el.setAttribute(name, new URL(address || "", document.baseURI).href);
  const leave = (place) => { if (place) { instead = true; window.history.replaceState(null, "", place); } };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]"), place = document.body.dataset.instead;
    if (!place || !link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.getAttribute("href").startsWith("#")) { event.preventDefault(); window.location.replace(link.getAttribute("href")); return; }  // no second place of the answer
    if (link.hasAttribute("download") || (link.target && link.target !== "_self") || !/^https?:$/.test(link.protocol)) return;
    whole(link, "href", link.getAttribute("href"));
    leave(place);
  });

  // A form is sent once: a second press while it travels does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target, press = event.submitter;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
    if (press && press.getAttribute("formtarget") === "_blank") return;  // a print in a tab of its own: the form stays where it is
    // its attribute: a field of the name "method" would stand before the form's own
    const sends = (form.getAttribute("method") || "").toLowerCase() === "post", place = form.dataset.instead || document.body.dataset.instead;
    if (sends && form.dataset.sent) { event.preventDefault(); return; }
    if (place) {
      whole(form, "action", form.getAttribute("action"));
      if (press && press.hasAttribute("formaction")) whole(press, "formaction", press.getAttribute("formaction"));
      leave(place);
    }
    if (!sends) return;
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", (event) => { if (instead && event.persisted) window.location.reload(); });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Autosave: the form's data goes to data-autosave; the answer is the mark ("已保存 10:32").
  const autosave = (form) => {
    const mark = document.getElementById(form.dataset.mark || "saved");
    let timer = 0;
    const send = async () => {
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
        if (answer.headers.get("HX-Redirect") || !answer.ok) throw new Error(String(answer.status));
        mark.textContent = await answer.text(); mark.classList.remove("failed");
      } catch { mark.textContent = form.dataset.failed || ""; mark.classList.add("failed"); }
    };
    form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(send, 1200); });
    form.addEventListener("change", () => { window.clearTimeout(timer); timer = window.setTimeout(send, 200); });
    form.addEventListener("submit", () => window.clearTimeout(timer));
  };

  // Uploads: each chosen file travels at once, with progress; the server's fragment replaces the list.
  const upload = (box) => {
    const input = box.querySelector("input[type=file]"), place = box.querySelector(".progress-place");
    const say = (text, wrong) => { const p = document.createElement("p"); p.textContent = text; p.className = wrong ? "field-error" : "small"; place.append(p); return p; };
    const send = (file) => new Promise((done) => {
      if (file.size > MAX_FILE) { say(`${file.name}: ${box.dataset.wordsLarge}`, true); done(); return; }
      const line = say(`${box.dataset.wordsSending} ${file.name}`), bar = document.createElement("progress");
      bar.max = 100; bar.value = 0; bar.setAttribute("aria-label", line.textContent); line.after(bar);
      const body = new FormData(), token = document.querySelector("input[name=csrfmiddlewaretoken]");
      if (token) body.append("csrfmiddlewaretoken", token.value);
      box.querySelectorAll("input[type=hidden]").forEach((known) => body.append(known.name, known.value));
      body.append(input.name, file);
      const xhr = new XMLHttpRequest();
      xhr.open("POST", box.dataset.upload);
      xhr.setRequestHeader("HX-Request", "true");
      xhr.upload.onprogress = (e) => { if (e.lengthComputable) bar.value = (100 * e.loaded) / e.total; };
      xhr.onload = () => {
        bar.remove(); line.remove();
        if (xhr.getResponseHeader("HX-Redirect")) { window.location.assign(xhr.getResponseHeader("HX-Redirect")); return; }
        const part = new DOMParser().parseFromString(xhr.responseText, "text/html"), fresh = part.querySelector(".file-list");
        if (xhr.status < 300 && fresh) {
          box.querySelector(".file-list").replaceWith(fresh);
          const state = box.closest("section")?.querySelector("[data-once-here]");
          if (state?.firstElementChild && fresh.children.length) { state.firstElementChild.className = "tag green"; state.firstElementChild.textContent = state.dataset.onceHere; }
        }
        else { const told = [...part.querySelectorAll("li")].map((li) => li.textContent.trim()).join(" ") || box.dataset.wordsFailed; say(told.includes(file.name) ? told : `${file.name}: ${told}`, true); }
        done();
      };
      xhr.onerror = () => { bar.remove(); line.remove(); say(`${file.name}: ${box.dataset.wordsFailed}`, true); done(); };
      xhr.send(body);
    });
    const sendAll = async (files) => { place.textContent = ""; for (const file of files) await send(file); input.value = ""; };
    input.addEventListener("change", () => sendAll([...input.files]));
    const drop = box.querySelector(".drop");
    drop.addEventListener("dragover", (e) => { e.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (e) => { e.preventDefault(); drop.classList.remove("over"); sendAll([...e.dataTransfer.files]); });
  };

  const start = (root) => {
    root.querySelectorAll("form[data-autosave]:not([data-started])").forEach((form) => { form.dataset.started = "1"; autosave(form); });
    root.querySelectorAll("[data-upload]:not([data-started])").forEach((box) => { box.dataset.started = "1"; upload(box); });
    root.querySelectorAll("[data-drop]:not([data-started])").forEach((drop) => {
      drop.dataset.started = "1";
      drop.addEventListener("dragover", (e) => { e.preventDefault(); drop.classList.add("over"); });
      drop.addEventListener("dragleave", () => drop.classList.remove("over"));
      drop.addEventListener("drop", (e) => { e.preventDefault(); drop.classList.remove("over"); drop.querySelector("input").files = e.dataTransfer.files; });
    });
    root.querySelectorAll("[data-print]:not([data-started])").forEach((button) => { button.dataset.started = "1"; button.hidden = false; button.addEventListener("click", () => window.print()); });
    // What is wider than its place (a drawing, a table) slides, and says so above.
    root.querySelectorAll(":is(.table-wrap, .slides):not([data-started])").forEach((box) => {
      box.dataset.started = "1";
      const hint = document.createElement("p");
      hint.className = "slide-hint";
      hint.hidden = true;
      hint.setAttribute("aria-hidden", "true");
      hint.textContent = document.body.dataset.slide || "";
      box.before(hint);
      const mark = () => {
        const more = box.scrollWidth - box.clientWidth;
        hint.hidden = more <= 1;
        box.classList.toggle("more-left", box.scrollLeft > 1);
        box.classList.toggle("more-right", more - box.scrollLeft > 1);
      };
      new ResizeObserver(mark).observe(box);
      box.addEventListener("scroll", mark, { passive: true });
    });
    root.querySelectorAll(".slides:not([data-shown])").forEach((box) => {
      box.dataset.shown = "1";
      // A drawing larger than its frame shows where the process is now, or begins: not a corner that is blank.
      const here = box.querySelector("[aria-current=step]") || box.querySelector(".bpmn-start");
      if (!here) return;
      const frame = box.getBoundingClientRect(), at = here.getBoundingClientRect();
      box.scrollLeft += at.left + at.width / 2 - frame.left - box.clientWidth / 2;
      box.scrollTop += at.top + at.height / 2 - frame.top - box.clientHeight / 2;
    });
    root.querySelectorAll("[data-submit-on-change]:not([data-started])").forEach((el) => { el.dataset.started = "1"; el.addEventListener("change", () => el.form.requestSubmit()); });
  };
  document.addEventListener("htmx:load", (event) => start(event.target));
  document.addEventListener("DOMContentLoaded", () => { start(document); focusSummary(); });
})();
