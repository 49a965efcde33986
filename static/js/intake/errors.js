/* Errors stand beside their field and are counted in the bar; what is missing is counted, too, without a reproach.
   F8 goes to the next of them. */
(() => {
  "use strict";
  const { form, field, words } = desk;
  const REQUIRED = ["content"];
  const errorCount = document.getElementById("error-count");
  const missingCount = document.getElementById("missing-count");
  const slots = () => [...form.querySelectorAll("[data-error-of]:not([hidden])")];
  const control = (name) => {
    if (name === "area") return document.getElementById("id_area_words");
    if (name === "item") return field("search");
    const found = field(name);
    return found instanceof RadioNodeList ? found[0] : found;
  };
  const missing = () => REQUIRED.filter((name) => !field(name).value.trim());

  function count() {
    const number = slots().length + form.querySelectorAll("#form-errors .notice").length;
    errorCount.hidden = number === 0;
    errorCount.querySelector("span").textContent = `${number} ${words.toMend}`;
    const open = number ? [] : missing();
    missingCount.hidden = open.length === 0;
    missingCount.querySelector("span").textContent = `${words.toFill} ${open.map((name) => words[name]).join(", ")}`;
  }
  function setFormError(text) {
    const line = document.createElement("div");
    line.className = "notice bad";
    line.setAttribute("role", "alert");
    line.textContent = text;
    const dialog = form.querySelector("dialog[open] .form-errors");
    (dialog ?? document.getElementById("form-errors")).append(line);
  }
  function setError(name, text) {
    const slot = form.querySelector(`[data-error-of="${name}"]`);
    if (!slot) return setFormError(text);
    slot.querySelector("span").textContent = text;
    slot.hidden = false;
    control(name)?.setAttribute("aria-invalid", "true");
  }
  function clearError(name) {
    const shown = name === "area_words" ? "area" : name === "search" ? "item" : name;
    const slot = form.querySelector(`[data-error-of="${shown}"]`);
    if (slot && !slot.hidden) {
      slot.hidden = true;
      control(shown)?.removeAttribute("aria-invalid");
    }
    count();
  }
  function clearErrors() {
    for (const slot of slots()) clearError(slot.dataset.errorOf);
    for (const box of form.querySelectorAll(".form-errors")) box.replaceChildren();
    count();
  }
  function nextError() {
    const names = slots().map((slot) => slot.dataset.errorOf);
    const stops = (names.length ? names : missing()).map(control).filter(Boolean);
    if (stops.length) stops[(stops.indexOf(document.activeElement) + 1) % stops.length].focus();
  }

  form.addEventListener("input", (event) => clearError(event.target.name));
  for (const button of [errorCount, missingCount]) button.addEventListener("click", nextError);
  desk.on("shown", clearErrors);
  desk.errors = { set: setError, setForm: setFormError, clear: clearErrors, clearOne: clearError, next: nextError, count, slots };
  count();
})();
