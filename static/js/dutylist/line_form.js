/* The form of a line: what an ending kind needs, and the responsibility rows as one complete set. */
(() => {
  "use strict";
  const form = document.getElementById("line-form");
  if (!form) return;
  const editor = form.querySelector("[data-rows-editor]");
  const body = editor.querySelector("[data-rows]");
  const entry = editor.querySelector("[data-row-entry]");
  const value = (name) => entry.querySelector(`[data-value="${name}"]`);
  const shown = (name) => value(name).closest("[data-combo]").querySelector("[role=combobox]");

  function showKind() {
    const kind = form.elements.kind.value;
    const ends = form.dataset.ending.split(" ").includes(kind);
    form.querySelector("[data-for-content]").hidden = ends;
    form.querySelector("[data-for-ending]").hidden = !ends;
  }

  const ids = (text) => (text ? text.split(",").map(Number) : []);
  function store() {
    const rows = [...body.rows].map(({ dataset }) => ({
      area: Number(dataset.area), lead: Number(dataset.lead), co: ids(dataset.co),
      fallback: dataset.fallback ? Number(dataset.fallback) : null, note: dataset.note,
    }));
    form.elements.rows.value = JSON.stringify(rows);
    for (const note of editor.querySelectorAll("[data-rows-state]")) note.hidden = note.dataset.rowsState === "kept";
  }

  function clearEntry() {
    for (const combo of entry.querySelectorAll("[data-combo]")) {
      combo.querySelector("input[type=hidden]").value = "";
      combo.querySelector("[role=combobox]").value = "";
      combo.querySelector("[data-picked]")?.replaceChildren();
    }
    value("note").value = "";
  }

  function makeButton(name, words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn s g";
    button.setAttribute(name, "");
    button.textContent = words;
    return button;
  }

  function setRow() {
    for (const name of ["area", "lead"]) {
      const missing = !value(name).value;
      shown(name).setAttribute("aria-invalid", String(missing));
      if (missing) return shown(name).focus();
    }
    const area = value("area").value;
    const row = body.querySelector(`tr[data-area="${CSS.escape(area)}"]`) ?? body.insertRow();
    Object.assign(row.dataset, {
      area, lead: value("lead").value, co: value("co").value, fallback: value("fallback").value, note: value("note").value.trim(),
    });
    const co = [...value("co").closest("[data-combo]").querySelectorAll("[data-take]")].map((chip) => chip.textContent.slice(0, -2));
    const fallback = value("fallback").value ? shown("fallback").value : "";
    const cells = [shown("area").value, shown("lead").value, co.join("；"), fallback, row.dataset.note].map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    });
    const buttons = document.createElement("td");
    buttons.className = "nw";
    buttons.append(makeButton("data-row-edit", editor.dataset.textEdit), makeButton("data-row-remove", editor.dataset.textRemove));
    row.replaceChildren(...cells, buttons);
    row.classList.add("changed");
    row.scrollIntoView({ block: "nearest" });
    store();
    clearEntry();
    shown("area").focus();
  }

  function editRow(row) {
    clearEntry();
    const [area, lead, co, fallback] = [...row.cells].map((cell) => cell.textContent.trim());
    for (const [name, text] of [["area", area], ["lead", lead], ["fallback", fallback]]) {
      value(name).value = row.dataset[name];
      shown(name).value = text;
    }
    const names = co ? co.split("；") : [];
    ids(row.dataset.co).forEach((id, at) => window.dutyCombo.add(value("co").closest("[data-combo]"), String(id), names[at]));
    value("note").value = row.dataset.note;
    shown("lead").focus();
    shown("lead").select();
  }

  editor.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (event.target.closest("[data-row-set]")) return setRow();
    if (event.target.closest("[data-row-edit]")) return editRow(row);
    if (event.target.closest("[data-row-remove]")) {
      row.remove();
      store();
    }
  });
  editor.querySelector("[data-rows-find]").addEventListener("input", (event) => {
    const words = event.target.value.trim();
    for (const row of body.rows) row.hidden = Boolean(words) && !row.textContent.includes(words);
  });
  form.elements.kind.addEventListener("change", showKind);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest("[data-row-entry]") && !event.target.matches("button") && !event.defaultPrevented) event.preventDefault();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  showKind();
})();
