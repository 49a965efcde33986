/* While a report is written: which of the things it must hold are there already. The list is the server's, and the server
   decides; without this file it stands there unmarked. */
(() => {
  "use strict";

  function lengthOf(form, name) {
    const field = form.elements[name];
    if (!field) return 0;
    return field.type === "file" ? field.files.length : [...field.value.trim()].length;
  }

  /* Some things are asked for only unless another field says so, and not before it says anything. */
  function isAsked(form, unless) {
    if (!unless) return true;
    const [name, value] = unless.split("=");
    return !["", value].includes(form.elements[name]?.value ?? "");
  }

  function look(box) {
    const form = box.closest("form");
    let missing = 0;
    for (const line of box.querySelectorAll("[data-fields]")) {
      const { fields, least, unless } = line.dataset;
      const there = "met" in line.dataset || fields.split(" ").some((name) => lengthOf(form, name) >= Number(least));
      line.hidden = !isAsked(form, unless);
      line.className = there ? "there" : "lacks";
      line.querySelector("[data-said]").textContent = there ? box.dataset.there : box.dataset.lacks;
      if (!line.hidden && !there) missing += 1;
    }
    const told = box.querySelector("[data-missing]");
    told.textContent = missing ? `${missing} ${told.dataset.some}` : told.dataset.none;
  }

  const all = () => document.querySelectorAll("[data-needs]").forEach(look);
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      const box = event.target.form?.querySelector("[data-needs]");
      if (box) look(box);
    });
  }
  document.addEventListener("htmx:afterSettle", all);
  all();
})();
