/* Where it is: the area is picked by name, with the arrows; a chosen area is shown as one and cleared by Backspace. */
(() => {
  "use strict";
  const { field } = desk;
  const areaWords = document.getElementById("id_area_words");
  const options = document.getElementById("area-options");
  const combo = areaWords.closest(".combo");

  function show() {
    const code = field("area").value;
    combo.classList.toggle("chosen", Boolean(code));
    areaWords.readOnly = Boolean(code);
    document.getElementById("area-clear").hidden = !code;
    showOptions(false);
  }
  function choose(code, path) {
    field("area").value = code;
    areaWords.value = path;
    show();
    desk.errors.clearOne("area");
    desk.tell("changed", "area");
  }
  function showOptions(open) {
    options.hidden = !open;
    areaWords.setAttribute("aria-expanded", String(open));
    if (!open) areaWords.removeAttribute("aria-activedescendant");
  }
  const choices = () => [...options.querySelectorAll("[role=option]")];
  function mark(step) {
    const all = choices();
    if (!all.length) return;
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const next = all[(at + step + all.length) % all.length];
    for (const one of all) one.setAttribute("aria-selected", String(one === next));
    areaWords.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== options) return;
    showOptions(options.children.length > 0 && document.activeElement === areaWords);
    mark(1);
  });
  areaWords.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (options.hidden && choices().length) showOptions(true);
      mark(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      const marked = options.querySelector("[aria-selected=true]");
      if (!options.hidden && marked) choose(marked.dataset.area, marked.dataset.path);
    } else if (event.key === "Escape" && !options.hidden) {
      event.stopPropagation();
      showOptions(false);
    } else if (areaWords.readOnly && (event.key === "Backspace" || event.key === "Delete")) {
      choose("", "");
    }
  });
  areaWords.addEventListener("blur", () => setTimeout(() => showOptions(false), 150));
  document.addEventListener("click", (event) => {
    const area = event.target.closest("[data-area]");
    if (area) return choose(area.dataset.area, area.dataset.path);
    if (event.target.closest("#area-clear")) {
      choose("", "");
      areaWords.focus();
    }
  });
  /* Taken from a photo, and given back with it; what the agent chose stays. */
  let taken = "";
  desk.form.addEventListener("photo-place", ({ detail: place }) => {
    const code = field("area").value;
    if ((code && code !== taken) || (!code && !place?.area)) return;
    taken = place?.area?.code ?? "";
    choose(taken, place?.area?.name ?? "");
  });
  desk.on("shown", show);
  show();
})();
