/* The wall: every minute the page is read afresh and its figures are put in place; when that fails, it says so. */
"use strict";

(() => {
  const MINUTE = 60_000;

  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("screen");
      document.getElementById("screen").replaceWith(document.adoptNode(fresh));
      dispatchEvent(new Event("figures-changed"));
    } catch {
      document.getElementById("stale").textContent = document.getElementById("screen").dataset.textStale;
    }
  };

  setInterval(refresh, MINUTE);
})();
