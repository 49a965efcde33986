/* The form of a dispatch rule: rows come and go, comparisons fit the field, values are suggested. */
(() => {
  "use strict";
  const form = document.querySelector("[data-rule-form]");
  if (!form) return;
  const rows = form.querySelector("[data-rows]");
  const template = form.querySelector("[data-row-template]");
  const total = form.elements["rows-TOTAL_FORMS"];
  const most = Number(form.elements["rows-MAX_NUM_FORMS"].value);
  const operators = JSON.parse(document.getElementById("rule-operators").textContent);

  /* Only what the field allows can be chosen. */
  function fit(row) {
    const allowed = operators[row.querySelector("[data-field]").value]?.split(" ");
    const op = row.querySelector("[data-op]");
    for (const option of op.options) option.hidden = option.disabled = Boolean(allowed && option.value && !allowed.includes(option.value));
    if (op.selectedOptions[0]?.disabled || (allowed && !op.value)) op.value = allowed[0];
  }

  function prepare(row) {
    row.querySelector("[data-row-remove]").hidden = false;
    fit(row);
  }

  function add() {
    const place = Number(total.value);
    if (place >= most) return;
    const groups = [...rows.querySelectorAll(".g input")].map((input) => Number(input.value) || 0);
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(place));
    const row = holder.firstElementChild;
    row.querySelector(".g input").value = Math.min(Math.max(0, ...groups) + 1, most);
    rows.append(row);
    total.value = place + 1;
    prepare(row);
    row.querySelector("[data-field]").focus();
  }

  /* A removed row stays, empty and unseen: the numbers of the others hold. */
  function remove(row) {
    row.querySelector("[data-field]").value = "";
    row.querySelector("[data-suggest]").value = "";
    row.hidden = true;
  }

  let waiting = 0;
  let asked = new AbortController();
  async function suggest(input) {
    const row = input.closest("[data-row]");
    const field = input.dataset.suggest || row?.querySelector("[data-field]").value;
    if (!field) return;
    asked.abort();
    asked = new AbortController();
    const values = new URLSearchParams({ field, op: row ? row.querySelector("[data-op]").value : "", value: input.value });
    try {
      const answer = await fetch(`${form.dataset.values}?${values}`, { signal: asked.signal });
      if (answer.ok && !answer.redirected) input.list.innerHTML = await answer.text();
    } catch {
      /* another question came first, or the server is away: what is typed stays */
    }
  }

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-row-add]")) {
      event.preventDefault();
      add();
    }
    const button = event.target.closest("[data-row-remove]");
    if (button) remove(button.closest("[data-row]"));
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-field]")) fit(event.target.closest("[data-row]"));
  });
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-suggest]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 200, event.target);
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-suggest]")) suggest(event.target);
  });
  for (const row of rows.querySelectorAll("[data-row]")) prepare(row);
})();
