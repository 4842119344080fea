// A board: hears that the hall changed, fetches what it shows, says new calls aloud one after the other. When the network is gone it
// keeps the last truth under a mark, asks again every few seconds, and catches up at once when it is back.
(() => {
  "use strict";
  const main = document.querySelector("[data-rows]"), stale = document.querySelector("[data-stale]");
  if (!main) return;
  const OFTEN = 20000, RETRY = 3000, LATE = 45000, BEAT = 60000, TOO_LONG = 15000, GAP = 0.03;
  const key = (row) => `${row.dataset.number} ${row.dataset.called}`;
  const called = () => [...main.querySelectorAll("[data-called]")];
  const said = new Set(called().map(key));
  let fetched = Date.now(), asking = false, again = false, failed = false;

  // Voice: the browser's own where it speaks Chinese, else the sound parts of the house. One queue; each call once, a call that is
  // repeated has another time and is said again. Browsers want one press before they make a sound.
  const button = document.querySelector("[data-sound]"), sounds = new Map();
  const speech = window.speechSynthesis, Audio = window.AudioContext;
  const voice = () => speech?.getVoices().find((known) => /^(zh|cmn)/i.test(known.lang));
  let audio = null, turn = Promise.resolve();
  const sayable = () => !("mute" in main.dataset) && (Boolean(voice()) || called().some((row) => row.dataset.parts) || audio !== null);
  const within = (work) => Promise.race([work, new Promise((done) => window.setTimeout(done, TOO_LONG))]);
  const spoken = (words) => new Promise((done) => {
    const one = new SpeechSynthesisUtterance(words);
    [one.voice, one.lang, one.rate] = [voice(), "zh-CN", 0.9];
    one.onend = done;
    one.onerror = (event) => { if (event.error === "not-allowed") offer(); done(); };
    speech.speak(one);
  });
  const sound = async (part) => {
    if (!sounds.has(part)) {
      const answer = await fetch(main.dataset.voice.replace("PART", `${part}.wav`));
      if (!answer.ok) throw new Error(String(answer.status));
      sounds.set(part, await audio.decodeAudioData(await answer.arrayBuffer()));
    }
    return sounds.get(part);
  };
  let silent = 0; // from when on nothing is said, by the clock of the sound
  const played = async (parts) => {
    audio ??= new Audio();
    if (audio.state !== "running") { offer(); return; }
    const heard = await Promise.all(parts.map(sound));
    let at = Math.max(audio.currentTime, silent); // a timer may be early by the clock of the sound
    for (const part of heard) {
      const source = audio.createBufferSource();
      source.buffer = part; source.connect(audio.destination); source.start(at);
      at += part.duration + GAP;
    }
    silent = at;
    await new Promise((done) => window.setTimeout(done, 1000 * (at - audio.currentTime)));
  };
  const say = ({ say: words, parts }) => {
    turn = turn.then(() => within(voice() ? spoken(words) : parts && Audio ? played(parts.split(" ")) : null)).catch(() => {});
  };
  const offer = () => { if (button && !("mute" in main.dataset)) button.hidden = false; };
  button?.addEventListener("click", () => {
    button.hidden = true;
    if (Audio) { audio ??= new Audio(); audio.resume(); }
    if (speech && voice()) speech.speak(new SpeechSynthesisUtterance(" "));
  });
  const prepare = () => {
    if (!sayable() || navigator.userActivation?.hasBeenActive) return;
    if (Audio && !audio) audio = new Audio();
    if (audio?.state !== "running") offer();
  };
  speech?.addEventListener?.("voiceschanged", prepare);

  const news = () => {
    const fresh = called().filter((row) => !said.has(key(row)));
    for (const row of fresh.reverse()) {  // the oldest first
      said.add(key(row));
      row.classList.add("rises");
      if (!("mute" in main.dataset) && row.dataset.say) say(row.dataset);
    }
    if (fresh.length) prepare();
  };
  const mark = () => { if (stale) stale.hidden = !failed && Date.now() - fetched < LATE; };
  const fetchRows = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(main.dataset.rows, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      main.replaceChildren(...("whole" in main.dataset ? part.querySelector("main") : part.body).childNodes);
      fetched = Date.now(); failed = false;
      news();
    } catch { failed = true; window.setTimeout(fetchRows, RETRY); }
    asking = false;
    mark();
    if (again) { again = false; fetchRows(); }
  };
  if (window.EventSource && main.dataset.events) {
    const address = new URL(main.dataset.events, window.location.href);
    const loopback = (name) => name === "localhost" || name === "127.0.0.1";
    if (loopback(address.hostname) && loopback(window.location.hostname)) address.hostname = window.location.hostname;
    address.searchParams.append("topic", main.dataset.topic);
    const source = new EventSource(address, { withCredentials: true });
    for (const kind of ["hall", "resync", "open", "error"]) source.addEventListener(kind, fetchRows);
  }
  window.addEventListener("online", fetchRows);
  window.addEventListener("offline", () => { failed = true; mark(); window.setTimeout(fetchRows, RETRY); });
  window.setInterval(fetchRows, OFTEN);

  const clock = document.querySelector("[data-clock]"), opened = Date.now();
  const [hours, minutes] = (clock?.textContent || "").split(":").map(Number);
  window.setInterval(() => {
    mark();
    if (!clock || !Number.isFinite(minutes)) return;
    const now = (hours * 60 + minutes + Math.floor((Date.now() - opened) / 60000)) % 1440;
    clock.textContent = `${String(Math.floor(now / 60)).padStart(2, "0")}:${String(now % 60).padStart(2, "0")}`;
  }, 1000);
  if (main.dataset.beat) {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
    window.setInterval(() => fetch(main.dataset.beat, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token } }).catch(() => {}), BEAT);
  }
  prepare();
})();
