/* Standard texts: `/` and the first characters, or Ctrl+Space, in a text box with data-texts. {Gaps} are jumped to by Tab. */
(() => {
  "use strict";
  const texts = desk.data("desk-texts");
  const CALLED = /(?:^|[\s，。；：、,;:（(])[/／]([^\s/]{0,12})$/;
  const GAP = /\{[^{}]*\}/g;
  const menu = document.createElement("ul");
  menu.className = "options texts";
  menu.id = "texts";
  menu.hidden = true;
  menu.setAttribute("role", "listbox");
  let box;
  let from = 0; /* where the call for the menu begins in the text */
  let to = 0;
  let at = 0;
  let found = [];

  function close() {
    menu.hidden = true;
    box?.removeAttribute("aria-activedescendant");
    box = undefined;
  }
  function open(where, start, typed) {
    box = where;
    [from, to] = [start, where.selectionStart];
    const kind = where.dataset.texts;
    found = texts.filter((text) => text.kind === kind && (text.code.startsWith(typed) || text.title.includes(typed))).slice(0, 9);
    if (!found.length && typed) return close();
    at = 0;
    menu.replaceChildren(...(found.length ? found.map(line) : [empty()]));
    where.insertAdjacentElement("afterend", menu);
    menu.hidden = false;
    mark(0);
  }
  function line(text, number) {
    const entry = document.createElement("li");
    entry.id = `text-${number}`;
    entry.setAttribute("role", "option");
    const title = Object.assign(document.createElement("b"), { textContent: text.title });
    const words = Object.assign(document.createElement("span"), { className: "sm mut el", textContent: text.text });
    entry.append(title, words);
    entry.addEventListener("mousedown", (event) => {
      event.preventDefault();
      at = number;
      put();
    });
    return entry;
  }
  const empty = () => Object.assign(document.createElement("li"), { className: "none mut sm", textContent: desk.words.noTexts });
  function mark(step) {
    if (!found.length) return;
    at = (at + step + found.length) % found.length;
    [...menu.children].forEach((entry, number) => entry.setAttribute("aria-selected", String(number === at)));
    box.setAttribute("aria-activedescendant", `text-${at}`);
    menu.children[at].scrollIntoView({ block: "nearest" });
  }
  function put() {
    const [where, text] = [box, found[at]?.text];
    close();
    if (!text) return;
    where.setRangeText(text, from, to, "end");
    where.dispatchEvent(new Event("input", { bubbles: true }));
    if (!gap(where, from)) where.setSelectionRange(from + text.length, from + text.length);
  }
  /* Select the first gap at or after a place; whether there was one. */
  function gap(where, after) {
    for (const hit of where.value.matchAll(GAP)) {
      if (hit.index < after) continue;
      where.setSelectionRange(hit.index, hit.index + hit[0].length);
      return true;
    }
    return false;
  }

  document.addEventListener("input", (event) => {
    const where = event.target;
    if (!where.dataset?.texts || event.isComposing) return;
    const called = CALLED.exec(where.value.slice(0, where.selectionStart));
    if (called) open(where, where.selectionStart - called[1].length - 1, called[1]);
    else if (box) close();
  });
  document.addEventListener("keydown", (event) => {
    const where = event.target;
    if (!where.dataset?.texts || event.isComposing) return;
    const take = () => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (event.code === "Space" && event.ctrlKey) {
      take();
      open(where, where.selectionStart, "");
    } else if (box && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      take();
      mark(event.key === "ArrowDown" ? 1 : -1);
    } else if (box && (event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && found.length) {
      take();
      put();
    } else if (box && event.key === "Escape") {
      take();
      close();
    } else if (event.key === "Tab" && !event.shiftKey && gap(where, where.selectionStart)) {
      take();
    }
  }, true);
  document.addEventListener("focusout", (event) => event.target === box && close());
})();
