/* Desks: keys, the docked case, ticking, the pictures that were chosen. Everything also works without this file. */
(() => {
  "use strict";
  const wide = matchMedia("(min-width: 1200px)");
  const list = () => document.getElementById("desk-list");
  const dock = () => document.getElementById("dock");
  const rows = () => [...document.querySelectorAll("#desk-list tbody tr[data-case]")];
  const chosen = () => rows().findIndex((row) => row.getAttribute("aria-selected") === "true");

  function choose(row, focus) {
    if (!row || !dock()) return;
    for (const other of rows()) other.removeAttribute("aria-selected");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    if (focus) row.querySelector("[data-dock]")?.focus({ preventScroll: true });
    const step = list().dataset.step;
    htmx.ajax("GET", `${row.dataset.case}?docked=1${step ? `&do=${step}` : ""}`, { target: "#dock", swap: "innerHTML" });
  }

  function move(by) {
    const all = rows();
    if (!all.length) return;
    choose(all[Math.max(0, Math.min(all.length - 1, chosen() + by))], true);
  }

  function countTicked() {
    const number = document.querySelectorAll('input[name="ids"][form="bulk"]:checked').length;
    for (const place of document.querySelectorAll("[data-ticked]")) place.textContent = number || "";
    for (const button of document.querySelectorAll("[data-bulk]")) button.disabled = !number;
  }

  /* Show the names, or small pictures, of the files that were chosen. */
  function showChosen(input) {
    const place = document.querySelector(`label[for="${input.id}"] [data-chosen]`);
    if (!place) return;
    const files = [...input.files];
    place.textContent = files.length ? files.map((file) => file.name).join(", ") : place.dataset.none;
    place.closest("label").querySelectorAll("img").forEach((picture) => picture.remove());
    for (const file of files.filter((one) => one.type.startsWith("image/")).slice(0, 4)) {
      const picture = new Image();
      picture.alt = file.name;
      picture.src = URL.createObjectURL(file);
      place.before(picture);
    }
  }

  document.addEventListener("click", (event) => {
    const turn = event.target.closest("[data-desk]");
    if (turn) return move(turn.dataset.desk === "next" ? 1 : -1);
    const row = event.target.closest("#desk-list tr[data-case]");
    if (!row || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, button, label, .c-act")) return;
    event.preventDefault();
    choose(row);
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      for (const box of document.querySelectorAll('input[name="ids"][form="bulk"]')) box.checked = event.target.checked;
    }
    if (event.target.matches('input[type="file"]')) showChosen(event.target);
    countTicked();
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      return event.target.form.requestSubmit();
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toUpperCase();
    if (dock() && key === "J") return move(1);
    if (dock() && key === "K") return move(-1);
    if (dock() && event.key === "Enter" && chosen() >= 0 && event.target.closest("#desk-list, body") && !event.target.closest("a, button")) {
      location.href = rows()[chosen()].dataset.case;
      return;
    }
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button && !event.repeat) {
      event.preventDefault();
      button.click();
    }
  });

  /* A step was taken on the docked case: the list beside it is read again. */
  document.body.addEventListener("desk-changed", async () => {
    if (!list()) return;
    const open = document.getElementById("case")?.dataset.number;
    await htmx.ajax("GET", location.href, { target: "#desk-list", select: "#desk-list", swap: "outerHTML" });
    const row = rows().find((one) => one.dataset.case.includes(`/${open}/`));
    if (row) row.setAttribute("aria-selected", "true");
    countTicked();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelectorAll?.('input[type="file"]').forEach((input) => { if (input.files.length) showChosen(input); });
  });

  function begin() {
    countTicked();
    if (dock() && wide.matches && rows().length && !("chooseNone" in list().dataset)) choose(rows()[0]);
  }
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
})();
