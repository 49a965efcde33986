/* The page of a batch: J and K go through the lines, N to the next finding, letters press what they are printed on. */
(() => {
  "use strict";
  const list = () => document.getElementById("line-list");
  const links = () => [...list().querySelectorAll("a[data-line]")];
  const current = () => links().findIndex((link) => link.hasAttribute("aria-current"));
  const more = () => list().querySelector("[data-more]");

  function mark(link) {
    for (const other of links()) other.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
  }

  function choose(link) {
    if (!link) return;
    link.focus({ preventScroll: true });
    link.click();
  }

  /* Fetch the next slice, then go on; false when there is none. */
  function loadMore() {
    const place = more();
    if (!place) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = () => {
        if (document.contains(place)) return;
        document.removeEventListener("htmx:afterSettle", done);
        resolve(true);
      };
      document.addEventListener("htmx:afterSettle", done);
      htmx.trigger(place, "more");
    });
  }

  async function step(by) {
    const at = current() + by;
    if (at < 0) return;
    if (at >= links().length && !(await loadMore())) return;
    choose(links()[at]);
  }

  async function nextFinding() {
    const from = current() + 1;
    do {
      const found = links().slice(from).find((link) => link.dataset.finding);
      if (found) return choose(found);
    } while (await loadMore());
    choose(links().find((link) => link.dataset.finding));
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-next-finding]")) return void nextFinding();
    const link = event.target.closest("a[data-line]");
    if (link && !event.ctrlKey && !event.metaKey) mark(link);
  });

  /* A line that was opened from elsewhere (a finding) is marked in the column where it is there. */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "line") return;
    const code = event.target.querySelector("[data-line-shown]")?.dataset.lineShown;
    mark(links().find((link) => link.dataset.line === code));
    event.target.scrollTop = 0;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-policy]")) htmx.trigger(event.target.form, "submit");
  });

  document.addEventListener("keydown", (event) => {
    if (!list() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=radio]), textarea, select")) return;
    const key = event.key.toUpperCase();
    if (key === "J") return void step(1);
    if (key === "K") return void step(-1);
    if (key === "N") return void nextFinding();
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button && !event.repeat) {
      event.preventDefault();
      button.click();
    }
  });
})();
