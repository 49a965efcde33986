/* Co-tasks: a press takes what a co-handler wrote over into the lead's one reply; a few letters find a department.
   Without this file the text is copied by hand and the list is read through. */
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
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const wanted = event.target.value.trim();
    for (const row of document.querySelectorAll(event.target.dataset.narrow)) {
      row.hidden = wanted !== "" && !row.textContent.includes(wanted) && !row.querySelector("input").checked;
    }
  });
})();
