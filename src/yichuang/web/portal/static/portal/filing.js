// Fields that come and go with others: when a choice changes, the page asks for the fields of the new situation.
// Whatever was typed meanwhile stays: the old field's value is put into the new one. Without JavaScript "next" does the same.
(() => {
  "use strict";
  const form = document.querySelector("form[data-changes]");
  if (!form) return;
  const values = (root) => new Map([...root.querySelectorAll("input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea, select")].map((el) => [el.name, el.value]));
  let turn = 0;
  form.addEventListener("change", async (event) => {
    if (!event.target.matches("select, input[type=radio], input[type=checkbox]")) return;
    const mine = ++turn, body = new FormData(form);
    body.append("_refresh", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok || mine !== turn) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html"), fresh = part.getElementById("fields"), old = document.getElementById("fields");
      if (!fresh || mine !== turn) return;
      const names = (root) => root.querySelector("[name=_shown]").value;
      if (names(fresh) === names(old)) return;
      const typed = values(old), focus = document.activeElement && document.activeElement.id;
      const spot = document.activeElement && "selectionStart" in document.activeElement ? document.activeElement.selectionStart : null;
      const ticked = new Set([...old.querySelectorAll("input:checked")].map((el) => el.name + "=" + el.value));
      const known = new Set([...old.querySelectorAll("[name]")].map((el) => el.name));
      for (const el of fresh.querySelectorAll("[name]")) {
        if (!known.has(el.name)) continue;
        if (el.type === "radio" || el.type === "checkbox") el.checked = ticked.has(el.name + "=" + el.value);
        else if (typed.has(el.name)) el.value = typed.get(el.name);
      }
      old.replaceWith(fresh);
      const again = focus && document.getElementById(focus);
      if (again) { again.focus(); if (spot !== null) try { again.setSelectionRange(spot, spot); } catch { /* not a text field */ } }
    } catch { /* offline: the next page asks again */ }
  });
})();
