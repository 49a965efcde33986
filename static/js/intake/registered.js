/* After registration: Alt+N or Enter takes the next call. */
(() => {
  "use strict";
  const next = document.getElementById("next-call");
  if (!next) return;
  next.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.code === "KeyN") {
      event.preventDefault();
      next.click();
    }
  });
})();
