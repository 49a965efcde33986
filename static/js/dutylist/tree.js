// The catalogue beside the duty list: a filter of its names, and arrow keys between them.
(() => {
  "use strict";

  const shows = (element) => element.offsetParent !== null;

  function narrow(tree, words) {
    for (const top of tree.querySelectorAll("details")) {
      const whole = top.querySelector("summary .nm").textContent.toLowerCase().includes(words);
      let found = whole;
      for (const line of top.querySelectorAll("li")) {
        const fits = whole || line.textContent.toLowerCase().includes(words);
        line.hidden = !fits;
        found = found || fits;
      }
      top.hidden = !found;
      top.open = words ? found && !whole : top.querySelector('[aria-current="true"]') !== null;
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-tree-filter]")) {
      narrow(event.target.closest(".tree"), event.target.value.trim().toLowerCase());
    }
  });

  document.addEventListener("keydown", (event) => {
    const tree = event.target.closest(".tree");
    if (!tree || event.altKey || event.ctrlKey || event.metaKey) return;
    const stops = [...tree.querySelectorAll("[data-tree-filter], a, summary")].filter(shows);
    const at = stops.indexOf(event.target);
    const top = event.target.closest("details");
    if (event.key === "ArrowDown") stops[at + 1]?.focus();
    else if (event.key === "ArrowUp") stops[at - 1]?.focus();
    else if (event.key === "ArrowRight" && event.target.matches("summary")) top.open = true;
    else if (event.key === "ArrowLeft" && top) {
      top.open = false;
      top.querySelector("summary").focus();
    } else return;
    event.preventDefault();
  });
})();
