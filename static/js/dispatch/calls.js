/* The desk of call-backs by keys: Y and N or 1–5 answer the next question, Ctrl+Enter records, C takes the next call. */
(() => {
  "use strict";
  const form = () => document.getElementById("script");
  const typing = (target) => target.closest("textarea, select, input:not([type=radio])");
  const fields = () => [...form().querySelectorAll("fieldset")].filter((field) => field.offsetParent);
  const answered = (field) => field.querySelector("input:checked");

  /* Questions of the script are hidden while nobody answered; the next one stands out. */
  function refresh() {
    if (!form()) return;
    const result = form().querySelector("input[name=result]:checked")?.value;
    form().classList.toggle("silent", Boolean(result) && result !== "reached");
    for (const field of form().querySelectorAll("[data-now]")) delete field.dataset.now;
    const next = fields().find((field) => !answered(field));
    if (next) next.dataset.now = "";
  }

  function answer(key) {
    const value = { y: "yes", n: "no" }[key] || key;
    const next = fields().find((field) => !answered(field));
    const input = next?.querySelector(`input[value="${CSS.escape(value)}"]`);
    if (!input) return false;
    input.checked = true;
    refresh();
    return true;
  }

  /* The number goes off the page when its time is over. */
  function forget() {
    const shown = document.getElementById("dialled");
    if (!shown || shown.dataset.end) return;
    shown.dataset.end = String(Date.now() + Number(shown.dataset.seconds) * 1000);
    const timer = setInterval(() => {
      if (Date.now() < Number(shown.dataset.end)) return;
      shown.remove();
      clearInterval(timer);
    }, 1000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form()) {
      event.preventDefault();
      form().requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const button = document.querySelector(`[data-call-key="${CSS.escape(key)}"]`);
    if (button) button.click();
    else if (!form() || !/^[yn1-5]$/.test(key) || !answer(key)) return;
    event.preventDefault();
  });
  document.addEventListener("change", refresh);
  document.addEventListener("htmx:afterSwap", forget);
  refresh();
  (document.querySelector("#script .has-error input, #script .has-error textarea"))?.focus();
})();
