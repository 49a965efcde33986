/* What fits the text so far: one request a moment after the last key, and one for the destination when that is at stake. */
(() => {
  "use strict";
  const { form, field } = desk;
  const PAUSE = 120; /* milliseconds without a key */
  const ASSISTED = ["content", "address", "house_code", "search", "area", "item"];
  const FORECAST = ["item", "area", "urgency", "request_type", "house_code"];
  let typing;
  let asked = "";

  const askNow = () => desk.drafts.current?.number || window.htmx?.trigger("#assist", "assist");
  function askSoon() {
    clearTimeout(typing);
    typing = setTimeout(askNow, PAUSE);
  }
  /* The place may also have been read from the text, so the destination is asked after each answer that changed it. */
  function askDestination(force) {
    if (!form.dataset.forecast || !window.htmx) return;
    const found = document.querySelector("#place-hint [data-found-area]")?.dataset.foundArea ?? "";
    const values = {};
    for (const name of ["item", "area", "urgency", "request_type", "house_code"]) values[name] = field(name).value;
    values.area ||= found;
    const key = JSON.stringify(values);
    if (key === asked && !force) return;
    asked = key;
    htmx.ajax("GET", form.dataset.forecast, { target: "#destination", swap: "innerHTML", values });
  }
  function chooseItem(code) {
    field("item").value = code;
    field("suggested").value = code ? document.querySelector("[data-suggested]")?.dataset.suggested ?? "" : "";
    desk.errors.clearOne("item");
    desk.tell("changed", "item");
  }
  function count() {
    const content = field("content");
    document.getElementById("content-count").textContent = `${content.value.length} / ${content.maxLength}`;
  }

  /* --- what the words say about urgency and kind: offered while something else is chosen --- */
  function showHints() {
    for (const hint of document.querySelectorAll("[data-hint]")) hint.hidden = field(hint.dataset.hint).value === hint.dataset.value;
  }
  function takeHint(button) {
    if (!button) return;
    field(button.dataset.take).value = button.value;
    desk.tell("changed", button.dataset.take);
  }

  /* --- the same matter --- */
  function showLink() {
    const number = field("link_to").value;
    const line = document.getElementById("linked");
    line.hidden = !number;
    line.querySelector("b").textContent = number;
    for (const button of document.querySelectorAll("[data-link]")) {
      button.setAttribute("aria-pressed", String(button.dataset.link === number));
    }
  }
  function link(number) {
    field("link_to").value = field("link_to").value === number ? "" : number;
    showLink();
    desk.tell("changed", "link_to");
  }
  /* The case at the focus, else the first one that is probably the same matter, else the caller's first open case. */
  function nearest(attribute) {
    const near = document.activeElement?.closest("[data-case]")?.querySelector(`[${attribute}]`);
    const first = (part) => document.querySelector(`${part} [${attribute}]`);
    return near ?? first("#similar") ?? first("#caller");
  }
  function linkNearest() {
    const button = nearest("data-link");
    if (button) link(button.dataset.link);
    else desk.notice(desk.words.noLink, "warn");
  }
  async function urge(button) {
    if (!button) return desk.notice(desk.words.noCase, "warn");
    const answer = await desk.ask(button.dataset.urge, { method: "POST" });
    const told = desk.isJson(answer) ? await answer.json() : { error: desk.words.offline };
    desk.notice(told.said ?? told.error, told.said ? "ok" : "bad");
    if (told.said) window.htmx?.trigger("#id_phone", "caller");
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-item]")) return chooseItem(hit("[data-item]").dataset.item);
    if (hit("[data-link]")) return link(hit("[data-link]").dataset.link);
    if (hit("[data-urge]")) return void urge(hit("[data-urge]"));
    if (hit("[data-take]")) return takeHint(hit("[data-take]"));
    if (hit("#unlink")) return link(field("link_to").value);
  });
  desk.on("changed", (name) => {
    if (name === "content") count();
    if (name === "area" || name === "item") askNow();
    else if (ASSISTED.includes(name)) askSoon();
    if (FORECAST.includes(name)) askDestination();
    showHints();
  });
  desk.on("shown", () => {
    count();
    showLink();
    field("search").value = "";
    askNow();
    window.htmx?.trigger("#id_phone", "caller");
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id !== "assist") return;
    askDestination();
    showLink();
    showHints();
  });
  form.addEventListener("htmx:afterSwap", (event) => event.target.id === "caller" && showLink());
  desk.assist = { askNow, chooseItem, linkNearest, urgeNearest: () => urge(nearest("data-urge")),
    takeHint: () => takeHint(document.querySelector("[data-hint]:not([hidden]) [data-take]")) };
  count();
})();
