// Live news: when what this page shows has changed, say so and offer to fetch it anew. Nothing moves by itself under
// somebody's hands, and what was typed stays.
(() => {
  "use strict";
  const box = document.querySelector("[data-live]");
  if (!box || !box.dataset.live || !window.EventSource) return;
  const address = new URL(box.dataset.events, window.location.href);
  // The demo's events come from another port of this machine: ask the name that the session cookie belongs to.
  const loopback = (name) => name === "localhost" || name === "127.0.0.1";
  if (loopback(address.hostname) && loopback(window.location.hostname)) address.hostname = window.location.hostname;
  for (const topic of box.dataset.live.split(" ").slice(0, 20)) address.searchParams.append("topic", topic);
  const tell = () => {
    if (document.querySelector("[data-fresh]")) { document.body.dispatchEvent(new Event("fresh")); return; } // it fetches itself
    if (box.firstChild) return;
    const note = document.createElement("p"), link = document.createElement("a");
    note.className = "aside-note";
    note.textContent = box.dataset.words + " ";
    link.href = box.dataset.here;
    link.textContent = box.dataset.link;
    note.append(link);
    box.append(note);
  };
  const source = new EventSource(address, { withCredentials: true });
  for (const kind of ["case", "post", "place", "hall", "ticket", "resync"]) source.addEventListener(kind, tell);
  window.addEventListener("pagehide", () => source.close());
})();
