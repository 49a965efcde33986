/* Tabs are drafts: saved 2 s after the last key, restored after a closed browser or on another machine. */
(() => {
  "use strict";
  const { form, field, words, read, write } = desk;
  const PAUSE = 2000; /* milliseconds without a key */
  const AGAIN = 5000; /* after a failure */
  const strip = document.getElementById("tabs");
  const pattern = document.getElementById("tab");
  const saved = document.getElementById("saved");
  const tabs = new Map();
  const ended = new Set(); /* keys of drafts that ended on this page: a pulse asked before may still tell of them */
  let current;

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const address = (key) => form.dataset.draft.replace("KEY", key);
  function add(told = {}) {
    const tab = {
      key: newKey(), label: "", revision: 0, call: "", since: 0, fields: {},
      isDirty: false, isNew: false, number: "", at: performance.now(), ...told,
    };
    tab.button = pattern.content.firstElementChild.cloneNode(true);
    tab.button.addEventListener("click", () => show(tab));
    tabs.set(tab.key, tab);
    strip.append(tab.button);
    paint(tab);
    return tab;
  }
  function paint(tab) {
    const { button } = tab;
    button.className = `desk-tab ${tab.number ? "registered" : tab.call || "manual"}`;
    button.setAttribute("aria-selected", String(tab === current));
    button.tabIndex = tab === current ? 0 : -1;
    button.querySelector("b").textContent = tab.number ? `…${tab.number.slice(-8)}` : tab.label || words.newTab;
    button.querySelector(".state").textContent = tab.number ? words.registered : words[tab.call] ?? "";
    button.querySelector("kbd").hidden = next() !== tab;
  }
  const paintAll = () => tabs.forEach(paint);
  /* Where F2 goes: to a call that nobody looked at yet, else to the tab after this one. */
  function next() {
    const all = [...tabs.values()];
    const others = [...all.slice(all.indexOf(current) + 1), ...all.slice(0, Math.max(all.indexOf(current), 0))];
    return others.find((tab) => tab.isNew) ?? others.find((tab) => !tab.number);
  }

  function leave() {
    if (!current) return;
    if (current.number) return remove(current);
    current.fields = read();
    current.files = field("files").files;
    if (current.isDirty) save(current);
    else if (!current.revision && !current.call && !desk.isWorthKeeping(current.fields)) remove(current);
  }
  function show(tab, { focus = true } = {}) {
    if (tab !== current) leave();
    current = tab;
    tab.isNew = false;
    field("key").value = tab.key;
    write(tab.fields);
    field("files").files = tab.files ?? new DataTransfer().files;
    field("files").dispatchEvent(new Event("change"));
    saved.textContent = "";
    paintAll();
    desk.tell("shown", tab);
    if (focus) field("content").focus();
  }
  function remove(tab) {
    clearTimeout(tab.timer);
    tabs.delete(tab.key);
    tab.button.remove();
    if (tab === current) current = undefined;
  }
  const open = (told) => show(add(told));
  function goOn() {
    const tab = next();
    if (tab) show(tab);
    else if (current?.number || !current) open();
  }

  /* --- saving --- */
  function touch() {
    if (!current || current.number) return;
    current.isDirty = true;
    saved.textContent = "";
    plan(current, PAUSE);
  }
  function plan(tab, pause) {
    clearTimeout(tab.timer);
    tab.timer = setTimeout(() => save(tab), pause);
  }
  function save(tab) {
    clearTimeout(tab.timer);
    if (tab.number || !tabs.has(tab.key)) return;
    if (tab.isSaving || tab.isSending) return plan(tab, 300);
    if (tab === current) tab.fields = read();
    if (!tab.revision && !desk.isWorthKeeping(tab.fields)) return;
    tab.isSaving = true;
    tab.isDirty = false;
    tab.saving = keep(tab); /* a case that is sent waits for it */
  }
  async function keep(tab) {
    try {
      const sent = new URLSearchParams({ ...tab.fields, revision: tab.revision });
      const answer = await desk.ask(address(tab.key), { method: "POST", body: sent, keepalive: true });
      await take(tab, answer);
    } catch {
      failed(tab);
    } finally {
      tab.isSaving = false;
      tab.at = performance.now();
    }
  }
  async function take(tab, answer) {
    if (answer.status === 404) return rename(tab);
    if (!desk.isJson(answer)) return failed(tab);
    const told = await answer.json();
    if (answer.status === 409 && told.key) return newer(tab, told);
    if (!answer.ok) return failed(tab, told.error);
    Object.assign(tab, { revision: told.revision, label: told.label });
    if (tab === current) saved.textContent = `✓ ${words.saved} ${new Date().toTimeString().slice(0, 5)}`;
    paint(tab);
  }
  function failed(tab, why) {
    tab.isDirty = true;
    if (tab === current) saved.textContent = why ?? words.notSaved;
    plan(tab, AGAIN);
  }
  /* Closed elsewhere while it was typed in here: what was typed goes on as a new draft. */
  function rename(tab) {
    tabs.delete(tab.key);
    Object.assign(tab, { key: newKey(), revision: 0, call: "", isDirty: true });
    tabs.set(tab.key, tab);
    if (tab === current) field("key").value = tab.key;
    desk.notice(words.typedOn, "warn");
    plan(tab, 0);
  }
  /* Changed elsewhere: the newer text is shown, the older is kept in a tab of its own. */
  function newer(tab, told) {
    const mine = tab.fields;
    Object.assign(tab, { fields: told.fields, revision: told.revision, label: told.label, isDirty: false });
    if (desk.names.some((name) => (mine[name] ?? "") !== (told.fields[name] ?? ""))) {
      const kept = add({ fields: mine, isDirty: true });
      save(kept);
      desk.notice(words.elsewhere, "warn");
    }
    if (tab === current) show(tab, { focus: false });
  }

  /* --- what the pulse tells --- */
  async function beat({ drafts, asked }) {
    const told = new Map(drafts.map((draft) => [draft.key, draft]));
    for (const draft of drafts) {
      const tab = tabs.get(draft.key);
      if (!tab) await arrive(draft);
      else if (draft.revision > tab.revision && !tab.isDirty && !tab.isSaving && tab.at < asked) await refresh(tab);
      if (tab && (tab.call !== draft.call || tab.since !== draft.since)) {
        Object.assign(tab, { call: draft.call, since: draft.since });
        paint(tab);
      }
    }
    for (const tab of [...tabs.values()]) {
      const wasThere = (tab.revision || tab.call) && !tab.number && !tab.isSaving && !tab.isSending && tab.at < asked;
      if (wasThere && !told.has(tab.key)) vanish(tab);
    }
  }
  async function fetched(key) {
    const answer = await desk.ask(address(key));
    return answer.ok && desk.isJson(answer) ? answer.json() : undefined;
  }
  const coming = new Set();
  async function arrive(draft) {
    if (coming.has(draft.key) || ended.has(draft.key)) return;
    coming.add(draft.key);
    const told = await fetched(draft.key);
    coming.delete(draft.key);
    if (!told || tabs.has(draft.key)) return;
    const isFree = !current || (!current.number && !current.revision && !current.call && !desk.isWorthKeeping(read()));
    const tab = add({ ...told, isNew: true });
    if (isFree && !form.querySelector("dialog[open]")) show(tab, { focus: !desk.isTyping() });
    else paintAll();
  }
  async function refresh(tab) {
    const told = await fetched(tab.key);
    if (!told || tab.isDirty || told.revision <= tab.revision) return;
    Object.assign(tab, { fields: told.fields, revision: told.revision, label: told.label });
    if (tab === current) show(tab, { focus: false });
    else paint(tab);
  }
  function vanish(tab) {
    if (tab.isDirty) return rename(tab);
    const wasShown = tab === current;
    remove(tab);
    if (!wasShown) return paintAll();
    desk.notice(words.gone, "warn");
    show(next() ?? add());
  }

  async function discard() {
    if (!current || (desk.isWorthKeeping(read()) && !current.number && !confirm(words.discard))) return;
    const tab = current;
    ended.add(tab.key);
    remove(tab);
    if (tab.revision || tab.call) void desk.ask(address(tab.key), { method: "DELETE", keepalive: true });
    show(next() ?? add());
  }
  function finish(tab, number) {
    clearTimeout(tab.timer);
    ended.add(tab.key);
    Object.assign(tab, { number, isDirty: false, isSending: false });
    paintAll();
  }

  desk.on("changed", (name) => name !== "search" && touch());
  desk.on("beat", beat);
  desk.form.addEventListener("focusout", () => current?.isDirty && plan(current, 300));
  window.addEventListener("pagehide", () => current?.isDirty && save(current));
  window.addEventListener("beforeunload", (event) => {
    const isAtRisk = [...tabs.values()].some((tab) => tab.isDirty || tab.isSaving || tab.files?.length);
    if (isAtRisk || (!current?.number && field("files").files.length)) {
      if (current?.isDirty) save(current);
      event.preventDefault();
    }
  });
  document.getElementById("tab-new").addEventListener("click", () => open());
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...tabs.values()];
    const tab = all[(all.indexOf(current) + step + all.length) % all.length];
    show(tab, { focus: false });
    tab.button.focus();
  });
  desk.drafts = {
    tabs, add, open, show, goOn, discard, finish, paintAll, saveNow: () => current && save(current), get current() { return current; },
  };
  window.addEventListener("load", () => {
    const own = desk.data("desk-drafts");
    for (const draft of own) add({ ...draft, isNew: false });
    show([...tabs.values()].find((tab) => tab.call === "talking") ?? tabs.values().next().value ?? add({ key: field("key").value, fields: read() }));
  });
})();
