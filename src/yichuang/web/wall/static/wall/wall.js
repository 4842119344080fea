// A board: hears that the hall changed, fetches its rows, says new calls aloud where the browser has a voice. When the
// network is gone it keeps the last truth under a mark, and fetches again as soon as it can.
(() => {
  "use strict";
  const main = document.querySelector("[data-rows]"), stale = document.querySelector("[data-stale]");
  if (!main) return;
  const OFTEN = 20000, LATE = 45000;
  const said = new Set([...main.querySelectorAll("[data-called]")].map((row) => row.dataset.number + row.dataset.called));
  let fetched = Date.now(), asking = false, again = false;

  const speak = () => {
    for (const row of main.querySelectorAll("[data-called]")) {
      const mark = row.dataset.number + row.dataset.called;
      if (said.has(mark)) continue;
      said.add(mark);
      if (!window.speechSynthesis || !main.dataset.say) continue;
      const words = main.dataset.say.replace("{number}", [...row.dataset.number].join(" ")).replace("{window}", row.dataset.window);
      const voice = new SpeechSynthesisUtterance(words);
      voice.lang = document.documentElement.lang;
      window.speechSynthesis.speak(voice);
    }
  };
  const fetchRows = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(main.dataset.rows, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok) {
        const text = await answer.text();
        const part = new DOMParser().parseFromString(text, "text/html");
        const fresh = "whole" in main.dataset ? part.querySelector("main") : part.body;
        const mark = main.querySelector("[data-stale]");
        main.replaceChildren(...fresh.childNodes);
        if (mark) main.prepend(mark);
        fetched = Date.now();
        if (stale) stale.hidden = true;
        speak();
      }
    } catch { /* the mark says it */ }
    asking = false;
    if (again) { again = false; fetchRows(); }
  };
  if (window.EventSource && main.dataset.events) {
    const address = new URL(main.dataset.events, window.location.href);
    const loopback = (name) => name === "localhost" || name === "127.0.0.1";
    if (loopback(address.hostname) && loopback(window.location.hostname)) address.hostname = window.location.hostname;
    address.searchParams.append("topic", main.dataset.topic);
    const source = new EventSource(address, { withCredentials: true });
    for (const kind of ["hall", "resync"]) source.addEventListener(kind, fetchRows);
    source.addEventListener("open", fetchRows);
  }
  window.addEventListener("online", fetchRows);
  window.setInterval(fetchRows, OFTEN);
  const clock = document.querySelector("[data-clock]");
  window.setInterval(() => {
    if (stale) stale.hidden = Date.now() - fetched < LATE;
    const now = main.querySelector("[data-clock-says]");
    if (clock && now) clock.textContent = now.dataset.clockSays;
  }, 1000);
})();
