// The counter's extras; every page works without them. Keys are pressed by webkit's app.js (data-key).
(() => {
  "use strict";
  const form = document.querySelector("form[data-refresh]");

  // A choice may open or close other fields: ask the server, and keep the place and everything typed meanwhile.
  const same = (el) => (other) => other.name === el.name && (!/^(radio|checkbox)$/.test(el.type) || other.value === el.value);
  const carry = (from, to) => {
    const old = [...from.querySelectorAll("[name]")];
    for (const el of to.querySelectorAll("[name]")) {
      const before = old.find(same(el));
      if (!before || /^(hidden|file|submit)$/.test(el.type)) continue;  // buttons of one name say different things
      if (/^(radio|checkbox)$/.test(el.type)) el.checked = before.checked; else el.value = before.value;
    }
  };
  const holdsFiles = (part) => [...part.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  let asking = null;
  const refresh = async () => {
    if (asking) asking.abort();
    asking = new AbortController();
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("step", "show");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, credentials: "same-origin", signal: asking.signal });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html"), here = document.activeElement;
      for (const part of form.querySelectorAll("[data-part]")) {
        const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
        if (!next || holdsFiles(part)) continue;
        carry(part, next);
        part.replaceWith(next);
      }
      if (!here || here.isConnected || !here.name) return;
      const again = [...form.elements].find(same(here));
      if (!again) return;
      again.focus({ preventScroll: true });
      if (typeof here.selectionStart === "number" && again.setSelectionRange) again.setSelectionRange(here.selectionStart, here.selectionEnd);
    } catch { /* the page still works: the next press of a button shows the fields */ }
  };
  if (form) form.addEventListener("change", (event) => {
    const el = event.target;
    if (el.matches("select, input[type=radio], input[type=checkbox]") && !/^(original:|confirmed$)/.test(el.name)) refresh();
  });

  // "All checked": every paper that was handed in is marked as checked, at one press.
  const all = document.querySelector("[data-check-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => document.querySelectorAll("[data-handed-in] input[value=checked]").forEach((input) => { input.checked = true; input.dispatchEvent(new Event("change", { bubbles: true })); }));
  }

  // Writing what is wrong means: this paper is faulty.
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name || !field.name.startsWith("fault:") || !field.value.trim()) return;
    const faulty = field.closest("[data-paper]").querySelector("input[value=faulty]");
    if (faulty) faulty.checked = true;
  });

  // Arrow keys walk the rows of a list.
  const rows = [...document.querySelectorAll("[data-rows] a[data-row]")];
  document.addEventListener("keydown", (event) => {
    if (!rows.length || !["ArrowDown", "ArrowUp"].includes(event.key) || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    event.preventDefault();
    const here = rows.indexOf(document.activeElement);
    const next = here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + (event.key === "ArrowDown" ? 1 : -1)));
    rows[next].focus();
  });
})();
