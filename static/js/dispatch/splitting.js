/* Taking a request apart: the selected text goes into a part with Alt+1 to Alt+5; Ctrl+Enter sends. */
(() => {
  "use strict";
  const parts = () => [...document.querySelectorAll("[data-part]")];
  const content = (part) => part.querySelector("textarea");

  /* Parts beyond the second stay folded until they are needed. */
  function fold() {
    const written = parts().filter((part) => content(part).value.trim() || part.querySelector(".error")).length;
    parts().forEach((part, place) => { part.hidden = place > Math.max(1, written); });
  }

  function selected() {
    const found = getSelection();
    const whole = document.getElementById("whole");
    return found.rangeCount && whole.contains(found.anchorNode) && whole.contains(found.focusNode) ? found.toString().trim() : "";
  }

  function put(number) {
    const part = parts()[number - 1];
    if (!part) return;
    part.hidden = false;
    const field = content(part), text = selected();
    if (text) field.value = field.value.trim() ? `${field.value.trim()}\n${text}` : text;
    getSelection().removeAllRanges();
    field.focus();
    part.scrollIntoView({ block: "nearest" });
    fold();
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey && /^Digit[1-5]$/.test(event.code)) {
      event.preventDefault();
      put(Number(event.code.slice(5)));
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.getElementById("split").requestSubmit();
    if (event.key === "Escape" && !event.target.matches("select")) document.querySelector(".actionbar a").focus();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) fold();
  });

  function begin() {
    for (const one of document.querySelectorAll("[data-with-script]")) one.hidden = false;
    fold();
    const wrong = document.querySelector(".part .has-error .ctl, .part [aria-invalid]");
    const missing = parts().slice(0, 2).map(content).find((field) => !field.value.trim());
    (wrong || missing || content(parts()[0])).focus();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
