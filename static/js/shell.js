/* The shell's few gestures: navigation, search key, notices, countdowns, answers of htmx that are refusals. */
(() => {
  "use strict";
  /* On admin pages the script stands in the head, before there is a body. */
  const body = document.body ?? { get classList() { return document.body.classList; }, get dataset() { return document.body.dataset; } };
  const notices = () => document.getElementById("notices");

  function remember(name, value) {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  }

  function openNavigation(open) {
    body.classList.toggle("nav-open", open);
    const button = document.querySelector("[data-nav-open]");
    if (button) button.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector("#side a")?.focus();
  }

  function toggleRail(button) {
    const rail = body.classList.toggle("rail");
    button.setAttribute("aria-pressed", String(rail));
    remember("rail", rail ? "1" : "0");
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    button.dataset.copied = "1";
    setTimeout(() => delete button.dataset.copied, 1500);
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    const button = hit("button, a");
    if (button?.matches("[data-nav-open]")) return openNavigation(!body.classList.contains("nav-open"));
    if (button?.matches("[data-nav-rail]")) return toggleRail(button);
    if (button?.matches("[data-dismiss]")) return button.closest(".notice").remove();
    if (button?.matches("[data-reload]")) return location.reload();
    if (button?.matches("[data-back]")) return history.back();
    if (button?.matches("[data-print]")) return window.print();
    if (button?.matches("[data-copy]")) return void copy(button);
    if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
    if (body.classList.contains("nav-open") && !hit("#side")) openNavigation(false);
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      openNavigation(false);
      for (const menu of document.querySelectorAll("details.account[open]")) menu.open = false;
    }
    const search = document.getElementById("global-search");
    const slash = event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
    const controlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (search && (slash || controlK)) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  /* A form sends once: a second press before the answer does nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  /* htmx: a refusal (4xx) is shown, in place when it is the form again (422), else among the notices. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = event.detail;
    const status = detail.xhr.status;
    if (status < 400 || status >= 500) return;
    detail.isError = false;
    detail.shouldSwap = true;
    if (status !== 422) {
      detail.target = notices();
      detail.swapOverride = "innerHTML";
    }
  });
  function say(text) {
    const line = document.createElement("div");
    line.className = "notice bad";
    line.setAttribute("role", "alert");
    line.textContent = text;
    notices().replaceChildren(line);
  }
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) say(body.dataset.textBroken);
  });
  document.addEventListener("htmx:sendError", () => say(body.dataset.textOffline));
  document.addEventListener("htmx:timeout", () => say(body.dataset.textOffline));

  /* Countdowns: [data-due] holds the moment, data-words the texts "{time} left|{time} overdue|d|h|min|between". */
  function span(seconds, words) {
    const [day, hour, minute, between] = words.slice(2);
    const d = Math.floor(seconds / 86400), h = Math.floor((seconds % 86400) / 3600), m = Math.floor((seconds % 3600) / 60);
    if (d) return [d + day, h + hour].join(between);
    return h ? [h + hour, m + minute].join(between) : m + minute;
  }
  function tick() {
    for (const chip of document.querySelectorAll("[data-due]")) {
      const words = chip.dataset.words.split("|");
      const seconds = (new Date(chip.dataset.due) - Date.now()) / 1000;
      const text = words[seconds < 0 ? 1 : 0].replace("{time}", span(Math.abs(seconds), words));
      const place = chip.querySelector(".left");
      if (place && place.textContent !== text) place.textContent = text;
    }
  }
  setInterval(tick, 30000);
})();
