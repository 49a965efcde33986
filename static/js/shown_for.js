// Takes personal data off the page when its time is over, and when the page is left open behind others and comes back.
"use strict";
(() => {
  const shown = document.querySelector("[data-shown-for]");
  if (!shown) return;
  const end = Date.now() + Number(shown.dataset.shownFor) * 1000;
  const look = () => {
    if (Date.now() < end) return;
    shown.remove();
    document.querySelector("[data-shown-over]").hidden = false;
    clearInterval(timer);
  };
  const timer = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
