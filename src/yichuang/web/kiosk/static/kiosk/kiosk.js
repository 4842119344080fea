// The kiosk: asks whoever stood still whether they are there, then wipes; keeps the page when the network is gone; says each minute
// that it lives. Moves are htmx's, without a history: nobody can go back to what somebody else saw.
(() => {
  "use strict";
  const BEAT = 60000, RETRY = 3000, STAY = 20000;
  const page = () => document.querySelector("[data-kiosk]");
  const one = (name) => document.querySelector(name);
  let touched = Date.now(), told = Date.now(), beaten = Date.now(), gone = false, leaving = false;
  const opened = Date.now(), clockSaid = one("[data-clock]")?.textContent || "";

  const show = (state) => { gone = state; const mark = one("[data-gone]"); if (mark) mark.hidden = !state; };
  const post = async (address, body) => {
    const token = one("input[name=csrfmiddlewaretoken]");
    const answer = await fetch(address, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token ? token.value : "" } });
    if (answer.status >= 500) throw new Error(String(answer.status));
    show(false);
    if (answer.redirected && !answer.url.endsWith(page().dataset.home) && answer.url.includes("/enrol/")) window.location.replace(page().dataset.home);
    return answer;
  };
  const beat = () => { beaten = Date.now(); post(page().dataset.beat).catch(() => show(true)); };

  // What stood on the screen goes at once; the server is told until it has heard.
  const leave = async () => {
    if (leaving) return;
    leaving = true;
    one("[data-ask]")?.close();
    one("main").replaceChildren();
    for (;;) {
      try { await post(page().dataset.wipe); break; } catch { show(true); await new Promise((done) => setTimeout(done, RETRY)); }
    }
    window.location.replace(page().dataset.home);
  };
  const touch = () => {
    touched = Date.now();
    const ask = one("[data-ask]");
    if (ask?.open && !leaving) ask.close();
    if ("visited" in page().dataset && touched - told > STAY) { told = touched; post(page().dataset.stay).catch(() => show(true)); }
  };
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) document.addEventListener(kind, (event) => { if (!event.target.closest?.("[data-leave]")) touch(); }, { passive: true });

  const first = () => window.location.pathname === page().dataset.home && one("[data-first]");
  window.setInterval(() => {
    if (!page() || leaving) return;
    const { idle, countdown } = page().dataset, still = (Date.now() - touched) / 1000, ask = one("[data-ask]");
    if (!first() || "visited" in page().dataset) {
      const left = Math.ceil(Number(idle) + Number(countdown) - still);
      if (left <= 0) { leave(); return; }
      if (still >= Number(idle)) { one("[data-left]").textContent = left; if (!ask.open) ask.showModal(); }
    }
    if (Date.now() - beaten > (gone ? RETRY : BEAT)) beat();
    const clock = one("[data-clock]"), [hours, minutes] = clockSaid.split(":").map(Number);
    if (clock && Number.isFinite(minutes)) {
      const now = (hours * 60 + minutes + Math.floor((Date.now() - opened) / 60000)) % 1440;
      clock.textContent = `${String(Math.floor(now / 60)).padStart(2, "0")}:${String(now % 60).padStart(2, "0")}`;
    }
  }, 1000);

  document.addEventListener("click", (event) => {
    const press = event.target.closest("[data-leave], [data-go-on], [data-type], [data-read]");
    if (!press) return;
    if ("leave" in press.dataset) leave();
    else if ("read" in press.dataset) read();
    else if ("type" in press.dataset) {
      const field = one(".kiosk-find input[name=number]");
      field.value = press.dataset.type ? field.value + press.dataset.type : "";
    }
  });
  // Another look, and the end, load a page anew: never without a network, for then the browser's own page would stand there.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("end" in form.dataset) { event.preventDefault(); event.stopPropagation(); leave(); }
    else if ("look" in form.dataset) {
      event.preventDefault(); event.stopPropagation();
      const body = new FormData(form, event.submitter);
      post(form.getAttribute("action"), body).then(() => window.location.replace(body.get("next")), () => show(true));
    }
  }, true);

  // Reading aloud where the browser has a voice for the page's language.
  const voice = () => window.speechSynthesis?.getVoices().find((known) => known.lang.toLowerCase().startsWith(document.documentElement.lang.slice(0, 2).toLowerCase()));
  const read = () => {
    const words = new SpeechSynthesisUtterance(one("main").innerText);
    [words.voice, words.lang] = [voice(), document.documentElement.lang];
    window.speechSynthesis.cancel(); window.speechSynthesis.speak(words);
  };
  const ready = () => {
    const button = one("[data-read]"), pad = one("[data-pad]");
    if (button) button.hidden = !voice();
    if (pad) pad.hidden = false;
    if (gone) show(true);
  };
  window.speechSynthesis?.addEventListener?.("voiceschanged", ready);
  document.addEventListener("htmx:afterSettle", () => { ready(); window.speechSynthesis?.cancel(); touched = told = Date.now(); one("main")?.focus(); });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, () => show(true));
  window.addEventListener("offline", () => show(true));
  window.addEventListener("online", beat);
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("DOMContentLoaded", ready);
})();
