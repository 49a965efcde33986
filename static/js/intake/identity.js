// Takes who called off the page when its time is over, and when the page is left open behind others and comes back.
"use strict";
(() => {
  const shown = document.getElementById("identity");
  if (!shown) return;
  const end = Date.now() + Number(shown.dataset.seconds) * 1000;
  const look = () => {
    if (Date.now() < end) return;
    shown.remove();
    document.getElementById("identity-over").hidden = false;
    clearInterval(timer);
  };
  const timer = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
