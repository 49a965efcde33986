/* The agent's desk, its ground: the form as data, small messages, what the other files of the desk share.
   desk.on(name, f) and desk.tell(name, what) tie them together: "shown" (another tab), "changed" (the form),
   "beat" (a pulse came), "sent" (registered). */
window.desk = (() => {
  "use strict";
  const form = document.getElementById("register");
  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = data("desk-words");
  const names = data("desk-fields");
  const field = (name) => form.elements.namedItem(name); /* [name] would find the method item() for "item" */
  const isBox = (control) => control.type === "checkbox";

  function read() {
    const fields = {};
    for (const name of names) {
      const control = field(name);
      if (control) fields[name] = isBox(control) ? (control.checked ? "on" : "") : control.value;
    }
    return fields;
  }
  const blank = Object.freeze(read());
  function write(fields) {
    const wanted = { ...blank, ...fields };
    for (const name of names) {
      const control = field(name);
      if (!control) continue;
      if (isBox(control)) control.checked = Boolean(wanted[name]);
      else control.value = wanted[name];
    }
  }
  /* Whether anything was typed or chosen that would be a loss. */
  const isWorthKeeping = (fields) =>
    ["phone", "name", "content", "title", "address", "wish", "house_code", "item", "area"].some((name) => fields[name]);

  const bus = new EventTarget();
  const on = (name, listener) => bus.addEventListener(name, (event) => listener(event.detail));
  const tell = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));

  const token = () => form.elements.namedItem("csrfmiddlewaretoken").value;
  function ask(address, options = {}) {
    const headers = { Accept: "application/json", "X-CSRFToken": token(), ...options.headers };
    return fetch(address, { redirect: "manual", ...options, headers });
  }
  const isJson = (answer) => (answer.headers.get("Content-Type") || "").startsWith("application/json");

  function notice(text, tone = "") {
    const line = document.createElement("div");
    line.className = `notice ${tone}`;
    line.setAttribute("role", "status");
    line.append(Object.assign(document.createElement("span"), { textContent: text }));
    const box = document.getElementById("notices");
    box.replaceChildren(line);
    clearTimeout(notice.timer);
    notice.timer = setTimeout(() => line.remove(), 8000);
  }
  const isTyping = () => {
    const active = document.activeElement;
    return Boolean(active && form.contains(active) && active.matches("input, textarea, select") && active.value);
  };

  form.addEventListener("input", (event) => event.target.closest("dialog") || tell("changed", event.target.name));
  form.addEventListener("change", (event) => event.target.closest("dialog") || tell("changed", event.target.name));
  return { form, data, words, names, field, read, write, isWorthKeeping, on, tell, ask, isJson, notice, isTyping, token };
})();
