/* The lead's one reply: a press takes what a co-handler wrote over into it. Without this file it is copied by hand. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const place = document.getElementById(button.closest("[data-take-into]").dataset.takeInto);
    const text = button.closest(".entry").querySelector("[data-text]").textContent.trim();
    if (!place) return;
    place.value = [place.value.trimEnd(), text].filter(Boolean).join("\n");
    place.dispatchEvent(new Event("input", { bubbles: true }));
    place.focus();
    button.disabled = true;
  });
})();
