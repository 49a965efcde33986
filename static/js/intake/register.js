/* The registration desk: suggestions while typing, pickers by keyboard, sending without losing what was typed. */
(() => {
  "use strict";
  const form = document.getElementById("register");
  const field = (name) => form.elements.namedItem(name); /* [name] would find the method item() for "item" */
  const content = field("content");
  const areaWords = document.getElementById("id_area_words");
  const options = document.getElementById("area-options");
  const combo = areaWords.closest(".combo");
  const errorCount = document.getElementById("error-count");
  const sendButton = document.getElementById("send");
  let sent = false;
  let typing;

  /* --- suggestions: one request for place, items and destination, a moment after the last key --- */
  const askNow = () => window.htmx?.trigger("#assist", "assist");
  function askSoon() {
    clearTimeout(typing);
    typing = setTimeout(askNow, 400);
  }
  function count() {
    document.getElementById("content-count").textContent = `${content.value.length} / ${content.maxLength}`;
  }
  form.addEventListener("input", (event) => {
    if (event.target === content) count();
    if (["content", "address", "house_code", "search"].includes(event.target.name)) askSoon();
    clearError(event.target.name);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "urgency") askNow();
    if (event.target.name === "files") showFiles(event.target.files);
  });
  function showFiles(files) {
    const names = document.getElementById("file-names");
    names.replaceChildren(...[...files].map((file) => {
      const chip = document.createElement("span");
      chip.className = "chip plain";
      chip.textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
      return chip;
    }));
    clearError("files");
  }

  /* --- duty item --- */
  function chooseItem(code) {
    field("item").value = code;
    clearError("item");
    askNow();
  }

  /* --- area --- */
  function chooseArea(code, path) {
    field("area").value = code;
    areaWords.value = path;
    combo.classList.toggle("chosen", Boolean(code));
    areaWords.readOnly = Boolean(code);
    document.getElementById("area-clear").hidden = !code;
    showOptions(false);
    clearError("area");
    askNow();
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
      if (!options.hidden && marked) chooseArea(marked.dataset.area, marked.dataset.path);
    } else if (event.key === "Escape") {
      showOptions(false);
    } else if (areaWords.readOnly && (event.key === "Backspace" || event.key === "Delete")) {
      chooseArea("", "");
    }
  });
  areaWords.addEventListener("blur", () => setTimeout(() => showOptions(false), 150));

  document.addEventListener("click", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) return chooseItem(item.dataset.item);
    const area = event.target.closest("[data-area]");
    if (area) return chooseArea(area.dataset.area, area.dataset.path);
    if (event.target.closest("#area-clear")) {
      chooseArea("", "");
      return areaWords.focus();
    }
    if (event.target.closest("#error-count")) nextError();
  });

  /* --- errors: beside the field, counted in the bar --- */
  const slots = () => [...form.querySelectorAll("[data-error-of]:not([hidden])")];
  const control = (name) => {
    if (name === "area") return areaWords;
    if (name === "item") return field("search");
    const found = field(name);
    return found instanceof RadioNodeList ? found[0] : found;
  };
  function showCount() {
    const number = slots().length + document.querySelectorAll("#form-errors .notice").length;
    errorCount.hidden = number === 0;
    errorCount.querySelector("span").textContent = `${number} ${form.dataset.tooMany}`;
  }
  function setError(name, text) {
    const slot = form.querySelector(`[data-error-of="${name}"]`);
    if (!slot) return setFormError(text);
    slot.querySelector("span").textContent = text;
    slot.hidden = false;
    control(name)?.setAttribute("aria-invalid", "true");
  }
  function setFormError(text) {
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    document.getElementById("form-errors").append(notice);
  }
  function clearError(name) {
    const shown = name === "area_words" ? "area" : name === "search" ? "item" : name;
    const slot = form.querySelector(`[data-error-of="${shown}"]`);
    if (!slot || slot.hidden) return;
    slot.hidden = true;
    control(shown)?.removeAttribute("aria-invalid");
    showCount();
  }
  function clearErrors() {
    for (const slot of slots()) clearError(slot.dataset.errorOf);
    document.getElementById("form-errors").replaceChildren();
    showCount();
  }
  function nextError() {
    const wrong = slots().map((slot) => control(slot.dataset.errorOf)).filter(Boolean);
    if (!wrong.length) return;
    wrong[(wrong.indexOf(document.activeElement) + 1) % wrong.length].focus();
  }

  /* --- sending: the page stays as it is until the server has the case --- */
  async function send() {
    const answer = await fetch(form.action || location.href, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual",
    });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (!isJson) return setFormError(answer.status >= 500 ? form.dataset.offline : form.dataset.lost);
    const told = await answer.json();
    if (told.address) {
      sent = true;
      return location.assign(told.address);
    }
    for (const [name, errors] of Object.entries(told.errors)) {
      for (const error of errors) (name === "__all__" ? setFormError : setError.bind(null, name))(error.message);
    }
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sendButton.disabled) return;
    sendButton.disabled = true;
    clearErrors();
    try {
      await send();
    } catch {
      setFormError(form.dataset.offline);
    }
    delete form.dataset.sent;
    if (!sent) {
      sendButton.disabled = false;
      showCount();
      if (slots().length) nextError();
      else document.getElementById("form-errors").scrollIntoView();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "F8") {
      event.preventDefault();
      nextError();
    } else if (event.altKey && /^Digit[1-5]$/.test(event.code)) {
      const item = document.querySelector(`#items [data-key="${event.code.slice(-1)}"]`);
      if (item) {
        event.preventDefault();
        chooseItem(item.dataset.item);
      }
    } else if (event.altKey && ["KeyP", "KeyI"].includes(event.code)) {
      event.preventDefault();
      (event.code === "KeyP" ? field("phone") : field("search")).focus();
    } else if (event.key === "Enter" && event.target.matches("#register input:not([type=file])")) {
      event.preventDefault(); /* a single Enter in a field must not send half a request */
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && content.value.trim()) event.preventDefault();
  });

  count();
  if (field("area").value) chooseArea(field("area").value, areaWords.value || field("area").value);
  if (content.value || field("item").value) window.addEventListener("load", askNow);
  showCount();
})();
