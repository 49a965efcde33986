/* The dispatch desk: number keys choose a candidate, typing finds a unit, J and K change the case. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const form = () => byId("send");

  function pickUnit(id, name) {
    form().elements.unit_id.value = id;
    byId("unit-name").value = name;
    byId("unit-choices").replaceChildren();
    byId("unit-name").setAttribute("aria-expanded", "false");
    const button = form().querySelector("[data-send]");
    button.querySelector("span").textContent = `${button.dataset.words} ${name}`;
  }

  function pickCandidate(button) {
    if (!button) return;
    for (const other of document.querySelectorAll(".candidate")) other.setAttribute("aria-pressed", String(other === button));
    form().elements.item_id.value = button.dataset.item;
    if (button.dataset.unit) pickUnit(button.dataset.unit, button.dataset.unitName);
    else byId("unit-name").focus();
  }

  function goTo(by) {
    const all = [...document.querySelectorAll("[data-waiting]")];
    const at = all.findIndex((link) => link.hasAttribute("aria-current"));
    const next = all[at + by];
    if (next) location.href = next.href;
  }

  document.addEventListener("click", (event) => {
    const candidate = event.target.closest(".candidate");
    if (candidate) return pickCandidate(candidate);
    const choice = event.target.closest(".choice");
    if (choice) pickUnit(choice.dataset.unit, choice.dataset.unitName);
  });

  /* What is typed is not yet a unit: only a choice from the list is. */
  document.addEventListener("input", (event) => {
    if (event.target.id !== "unit-name") return;
    form().elements.unit_id.value = "";
    const button = form().querySelector("[data-send]");
    button.querySelector("span").textContent = button.dataset.none;
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.id === "unit-name") event.target.select();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "unit-choices") byId("unit-name").setAttribute("aria-expanded", String(!!event.target.children.length));
  });

  document.addEventListener("keydown", (event) => {
    if (!form()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return form().requestSubmit();
    }
    if (event.target.id === "unit-name" && event.key === "Enter") {
      event.preventDefault();
      return document.querySelector(".choice")?.click();
    }
    if (event.key === "Escape") byId("unit-choices").replaceChildren();
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[1-9]$/.test(event.key)) pickCandidate(document.querySelector(`.candidate[data-number="${event.key}"]`));
    else if (event.key === "j") goTo(1);
    else if (event.key === "k") goTo(-1);
    else if (event.key === "u") { event.preventDefault(); byId("unit-name").select(); }
    else if (event.key === "0") { event.preventDefault(); byId("item-words").focus(); }
  });
})();
