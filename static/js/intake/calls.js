/* The pulse: while the page is visible it asks how calls and drafts stand, so that a caller pops up within a second.
   Why it asks and is not told: docs/adr/0008-the-desk-asks.md. */
(() => {
  "use strict";
  const { form, words } = desk;
  const PAUSE = 800; /* milliseconds between an answer and the next question */
  const RARELY = 8; /* who else has a case open is asked every so many pulses */
  const SLOW = 5000; /* after a failure */
  let beats = 0;
  let timer;
  let ahead = 0; /* seconds the server's clock is ahead of ours */

  const shownCases = () => [...document.querySelectorAll("#caller [data-present]")].map((one) => one.dataset.present);
  async function pulse() {
    clearTimeout(timer);
    if (document.hidden) return;
    const asked = performance.now();
    const cases = beats++ % RARELY === 0 ? shownCases() : [];
    let pause = PAUSE;
    try {
      const answer = await desk.ask(form.dataset.pulse + (cases.length ? `?cases=${cases.join(",")}` : ""));
      if (!answer.ok || !desk.isJson(answer)) throw new Error(answer.status);
      const told = await answer.json();
      ahead = told.now - Date.now() / 1000;
      desk.tell("beat", { ...told, asked });
      if (cases.length) showPresent(told.present);
    } catch {
      pause = SLOW;
    }
    clearTimeout(timer);
    timer = setTimeout(pulse, pause);
  }
  function showPresent(present) {
    for (const place of document.querySelectorAll("#caller [data-present]")) {
      const names = present[place.dataset.present] ?? [];
      place.hidden = names.length === 0;
      place.lastChild.textContent = `${words.present} ${names.join(", ")}`;
    }
  }
  function tick() {
    for (const tab of desk.drafts.tabs.values()) {
      const seconds = Math.max(0, Math.floor(Date.now() / 1000 + ahead - tab.since));
      const isRunning = tab.call && tab.call !== "missed" && !tab.number && tab.since && seconds < 3600;
      const time = tab.button.querySelector("time");
      const text = isRunning ? [seconds / 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":") : "";
      if (time.textContent !== text) time.textContent = text;
    }
  }

  const seat = document.getElementById("seat");
  seat.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const answer = await desk.ask(seat.action, { method: "POST", body: new URLSearchParams(new FormData(seat)) });
    const told = desk.isJson(answer) ? await answer.json() : { error: words.offline };
    desk.notice(told.said ?? told.error, told.said ? "ok" : "bad");
    if (told.said) desk.field("content").focus();
  });
  document.addEventListener("visibilitychange", pulse);
  window.addEventListener("load", () => {
    void pulse();
    setInterval(tick, 1000);
  });
})();
