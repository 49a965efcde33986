/* A report is kept in the browser before it is sent, and forgotten once the server has answered. So nothing is lost when
   the line is cut or the page is closed; what waits is sent when the line is back. Its key makes the server count it once.
   Also the bar that takes a step back, which counts down. Everything works without this file, only not without a line. */
(() => {
  "use strict";
  const RETRY = 20_000; /* milliseconds between two looks at what waits */
  const bar = document.getElementById("unsent");

  // --- the bar that takes back ---------------------------------------------------------------------
  setInterval(() => {
    for (const form of document.querySelectorAll("[data-undo]")) {
      form.undoUntil ??= Date.now() + Number(form.dataset.undo) * 1000;
      const left = Math.ceil((form.undoUntil - Date.now()) / 1000);
      if (left <= 0) form.remove();
      else {
        const told = form.querySelector("[data-left]");
        told.textContent = told.textContent.replace(/\d+/, left);
      }
    }
  }, 500);

  if (!bar || !("indexedDB" in window)) return;
  const words = bar.dataset;
  const owner = words.user;
  let isSending = false;

  // --- the store -----------------------------------------------------------------------------------
  const store = new Promise((done, fail) => {
    const asked = indexedDB.open("kept-reports", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("reports", { keyPath: "once" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  async function ask(mode, act) {
    const table = (await store).transaction("reports", mode, { durability: "strict" });
    const request = act(table.objectStore("reports"));
    return new Promise((done, fail) => {
      table.oncomplete = () => done(request.result);
      table.onerror = table.onabort = () => fail(table.error);
    });
  }
  const keep = (entry) => ask("readwrite", (table) => table.put(entry));
  const forget = (once) => ask("readwrite", (table) => table.delete(once));
  const all = async () => (await ask("readonly", (table) => table.getAll())).filter((entry) => entry.owner === owner);

  const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

  /* What a form says, without its token: that is the page's, and a kept report outlives the page. */
  function entryOf(form) {
    let { once } = form.elements;
    if (!once) {
      once = Object.assign(document.createElement("input"), { type: "hidden", name: "once", value: newKey() });
      form.append(once);
    }
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.name));
    return { once: once.value, owner, address: form.action, number: form.dataset.keep, fields, kept: Date.now(), said: "" };
  }

  // --- sending in front of the eyes: htmx sends, after the report was kept ----------------------------
  document.addEventListener("htmx:confirm", async (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-keep]")) return;
    event.preventDefault();
    if (form.dataset.going) return;
    form.dataset.going = "1";
    await form.photosReady;
    await keep(entryOf(form)).catch(() => {});
    event.detail.issueRequest(true);
  });
  /* What the shell would say then, that nothing was changed and one should try again, is not so here. */
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.matches?.("form[data-keep]")) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("htmx:afterRequest", async (event) => {
    const form = event.detail.elt;
    if (!form.matches?.("form[data-keep]")) return;
    delete form.dataset.going;
    if (!form.elements.once) return;
    const { status, responseURL } = event.detail.xhr;
    if (status >= 200 && status < 500 && !responseURL.includes("login")) return forget(form.elements.once.value).then(paint);
    const note = Object.assign(document.createElement("p"), { className: "notice warn kept-note", textContent: words.textKept });
    form.replaceChildren(note);
    await paint();
    bar.scrollIntoView({ block: "center" });
  });

  // --- sending what waits ----------------------------------------------------------------------------
  async function send(entry) {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    const answer = await fetch(entry.address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok && told.done) {
      await forget(entry.once);
      say(entry, words.textSent);
      document.body.dispatchEvent(new Event("desk-changed"));
      return true;
    }
    entry.said = told.error ?? (answer.redirected || answer.status === 403 ? words.textLogin : "");
    entry.isRefused = Boolean(told.error);
    if (told.row_version) entry.fields = entry.fields.map(([name, value]) => [name, name === "row_version" ? String(told.row_version) : value]);
    await keep(entry);
    return false;
  }
  /* What the server refused waits for a person; the rest is tried again. */
  async function sendAll(byHand) {
    if (isSending || (!navigator.onLine && !byHand)) return;
    isSending = true;
    try {
      for (const entry of await all()) {
        if (!entry.isRefused || byHand === entry.once) await send(entry).catch(() => false);
      }
    } finally {
      isSending = false;
      await paint();
    }
  }

  // --- what is seen of it ----------------------------------------------------------------------------
  function button(text, act, style = "btn s") {
    const made = Object.assign(document.createElement("button"), { type: "button", className: style, textContent: text });
    made.addEventListener("click", act);
    return made;
  }
  function line(entry, text, ...more) {
    const box = document.createElement("div");
    const p = document.createElement("p");
    const photos = entry.fields.filter(([, value]) => value instanceof Blob).length;
    p.append(Object.assign(document.createElement("b"), { textContent: entry.number }), text);
    if (photos) p.append(` (${photos} ${words.textPhotos})`);
    if (entry.said) p.append(Object.assign(document.createElement("small"), { textContent: entry.said }));
    box.append(p, ...more);
    return box;
  }
  async function paint() {
    const inForm = document.querySelector("form[data-keep][data-going]")?.elements.once?.value;
    const waiting = (await all().catch(() => [])).filter((entry) => entry.once !== inForm);
    const sent = [...bar.querySelectorAll(".sent")];
    bar.replaceChildren(...sent, ...waiting.map((entry) => line(
      entry,
      words.textWaiting,
      button(words.textSend, () => sendAll(entry.once), "btn s p"),
      Object.assign(document.createElement("a"), { className: "btn s", textContent: words.textOpen, href: words.case.replace("NUMBER", entry.number) }),
      button(words.textDrop, () => confirm(words.textSure) && forget(entry.once).then(paint), "btn s g"),
    )));
    bar.hidden = !bar.children.length;
  }
  function say(entry, text) {
    const box = line({ ...entry, said: "" }, text);
    box.className = "sent";
    bar.append(box);
    bar.hidden = false;
    setTimeout(() => { box.remove(); bar.hidden = !bar.children.length; }, 15_000);
  }

  addEventListener("online", () => sendAll());
  setInterval(() => { if (bar.querySelector(":scope > :not(.sent)")) void sendAll(); }, RETRY);
  void paint().then(() => sendAll());
})();
