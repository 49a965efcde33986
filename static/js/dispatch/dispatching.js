/* The dispatch desk by keys: 1–5 and Enter send, the next case slides in; the case is held while somebody works on it. */
(() => {
  "use strict";
  const KEEP_EVERY = 60000;
  const byId = (id) => document.getElementById(id);
  const form = () => byId("send");
  const desk = () => byId("desk");
  let active = false;

  function words() {
    const button = form()?.querySelector("[data-send]");
    if (!button) return;
    const ticked = document.querySelectorAll('input[name="also"]:checked').length;
    button.querySelector("[data-together]").textContent = ticked ? ` ×${ticked + 1}` : "";
    const all = document.querySelector("[data-all-alike]");
    if (all) all.setAttribute("aria-pressed", String(ticked > 0));
  }

  function pickUnit(id, name) {
    form().elements.unit_id.value = id;
    byId("unit-name").value = name;
    byId("unit-choices").replaceChildren();
    byId("unit-name").setAttribute("aria-expanded", "false");
    const button = form().querySelector("[data-send]");
    button.querySelector("span").textContent = `${button.dataset.words} ${name}`;
  }

  function pickCandidate(button) {
    if (!button || !form()) return;
    for (const other of document.querySelectorAll(".candidate")) other.setAttribute("aria-pressed", String(other === button));
    button.scrollIntoView({ block: "nearest" });
    form().elements.item_id.value = button.dataset.item;
    if (button.dataset.unit) pickUnit(button.dataset.unit, button.dataset.unitName);
    else byId("unit-name").focus();
  }

  function goTo(by) {
    const all = [...document.querySelectorAll("[data-waiting]")];
    const at = all.findIndex((link) => link.hasAttribute("aria-current"));
    all[at + by]?.click();
  }

  function tickAll() {
    const boxes = [...document.querySelectorAll('input[name="also"]:not(:disabled)')];
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
    words();
  }

  /* Focus goes to what must be mended, else to the case, from where every key works. */
  function settle() {
    const wrong = document.querySelector("#send .has-error .ctl");
    (wrong || byId("h-case"))?.focus({ preventScroll: true });
    document.querySelector("[data-waiting][aria-current]")?.scrollIntoView({ block: "nearest" });
    words();
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    const candidate = hit(".candidate");
    if (candidate) {
      event.preventDefault();
      return pickCandidate(candidate);
    }
    const choice = hit(".choice");
    if (choice) {
      pickUnit(choice.dataset.unit, choice.dataset.unitName);
      return byId("unit-name").focus();
    }
    if (hit("[data-all-alike]")) return tickAll();
    const opener = hit("[data-open]");
    if (opener) byId(opener.dataset.open).showModal();
  });

  document.addEventListener("change", (event) => {
    if (event.target.name === "also") words();
  });

  /* What is typed is not yet a unit: only a choice from the list is. */
  document.addEventListener("input", (event) => {
    active = true;
    if (event.target.id !== "unit-name" || !form()) return;
    form().elements.unit_id.value = "";
    const button = form().querySelector("[data-send]");
    button.querySelector("span").textContent = button.dataset.none;
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.id === "unit-name") event.target.select();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "unit-choices") byId("unit-name").setAttribute("aria-expanded", String(!!event.target.children.length));
    if (event.detail.target.id === "desk") settle();
  });

  function search(key) {
    const field = key === "U" ? byId("unit-name") : key === "W" ? form()?.elements.note : byId("item-words");
    field?.focus();
    field?.select();
  }

  /* Enter in the unit's field takes the first one found, and sends once a unit is chosen. */
  function enter(event) {
    const first = event.target.id === "unit-name" && document.querySelector("#unit-choices .choice");
    if (first) {
      event.preventDefault();
      return first.click();
    }
    if (event.target.closest("a, button, [role=search]") && !event.ctrlKey) return;
    if (!form()) return;
    event.preventDefault();
    if (!event.repeat && !document.body.classList.contains("htmx-request")) form().requestSubmit(form().querySelector("[data-send]"));
  }

  document.addEventListener("keydown", (event) => {
    active = true;
    if (!desk() || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter") return enter(event);
    if (event.key === "Escape") {
      byId("unit-choices")?.replaceChildren();
      return byId("h-case")?.focus({ preventScroll: true });
    }
    if (event.target.matches("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toUpperCase();
    if (/^[1-9]$/.test(key)) return pickCandidate(document.querySelector(`.candidate[data-number="${key}"]`));
    if (key === "J") return goTo(1);
    if (key === "K") return goTo(-1);
    if ("UIW0".includes(key)) {
      event.preventDefault();
      return search(key);
    }
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button && !event.repeat) {
      event.preventDefault();
      button.click();
    }
  });

  /* The case is held: longer while somebody works on it, given back when the page is left. */
  for (const sign of ["pointerdown", "wheel"]) document.addEventListener(sign, () => { active = true; }, { passive: true });
  setInterval(() => {
    const address = desk()?.dataset.keep;
    if (!address || !active || document.hidden) return;
    active = false;
    htmx.ajax("POST", address, { swap: "none" });
  }, KEEP_EVERY);
  window.addEventListener("pagehide", () => {
    const held = desk()?.dataset;
    if (!held?.release) return;
    const given = new FormData();
    given.append("csrfmiddlewaretoken", document.querySelector('#send [name="csrfmiddlewaretoken"]')?.value || "");
    given.append("claimed_at", held.claimed);
    navigator.sendBeacon(held.release, given);
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", settle);
  else settle();
})();
