/* Fields that are filled by searching: [data-combo] holds a hidden input, a text input, and a list of choices. */
(() => {
  "use strict";
  const within = (element, selector) => element.closest("[data-combo]")?.querySelector(selector);
  const clear = (combo) => {
    combo.querySelector(".choices").replaceChildren();
    combo.querySelector("[role=combobox]").setAttribute("aria-expanded", "false");
  };

  function pick(button) {
    const combo = button.closest("[data-combo]");
    if (!combo) return;
    const hidden = combo.querySelector("input[type=hidden]");
    const text = combo.querySelector("[role=combobox]");
    if (combo.dataset.combo === "many") {
      const ids = hidden.value ? hidden.value.split(",") : [];
      if (!ids.includes(button.dataset.id)) add(combo, button.dataset.id, button.dataset.name);
      text.value = "";
    } else {
      hidden.value = button.dataset.id;
      text.value = button.dataset.name;
    }
    clear(combo);
    text.focus();
  }

  /* One more of several: a chip that a click takes out again. */
  function add(combo, id, name) {
    const hidden = combo.querySelector("input[type=hidden]");
    hidden.value = [...(hidden.value ? hidden.value.split(",") : []), id].join(",");
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip plain";
    chip.dataset.take = id;
    chip.textContent = `${name} ×`;
    combo.querySelector("[data-picked]").append(chip);
  }
  window.dutyCombo = { add };

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("button.choice");
    if (choice) return pick(choice);
    const taken = event.target.closest("[data-take]");
    if (!taken) return;
    const hidden = within(taken, "input[type=hidden]");
    hidden.value = hidden.value.split(",").filter((id) => id !== taken.dataset.take).join(",");
    taken.remove();
  });

  /* What is typed is not yet a choice. */
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-combo] [role=combobox]")) return;
    if (event.target.closest("[data-combo]").dataset.combo !== "many") within(event.target, "input[type=hidden]").value = "";
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-combo] [role=combobox], [data-combo] .choice")) return;
    const combo = event.target.closest("[data-combo]");
    const all = [...combo.querySelectorAll(".choice")];
    if (event.key === "Escape") return clear(combo);
    if (event.key === "Enter" && event.target.matches("[role=combobox]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      return all[0]?.click();
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !all.length) return;
    event.preventDefault();
    const at = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (all[at] ?? (at < 0 ? combo.querySelector("[role=combobox]") : all.at(-1))).focus();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const text = event.target.closest?.("[data-combo]")?.querySelector("[role=combobox]");
    if (text) text.setAttribute("aria-expanded", String(event.target.children.length > 0));
  });
})();
