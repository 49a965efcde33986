/* The keys of the desk, one table. Letters go by their place on the keyboard, so that they work in any input method. */
(() => {
  "use strict";
  const { form, field, drafts, sending, assist, errors } = desk;
  const overlay = document.getElementById("keys");
  const focus = (name) => () => {
    const found = name === "area" ? document.getElementById("id_area_words") : field(name);
    const control = found instanceof RadioNodeList ? [...found].find((one) => one.checked) ?? found[0] : found;
    control.focus();
    control.scrollIntoView({ block: "nearest" });
  };
  const article = () => document.querySelector("#articles [data-article]")?.dataset.article;
  const ALT = {
    KeyN: () => drafts.open(), KeyW: () => void drafts.discard(),
    KeyP: focus("phone"), KeyT: focus("content"), KeyL: focus("address"), KeyA: focus("area"),
    KeyO: () => assist.takeHint(), KeyI: focus("search"), KeyC: focus("request_type"), KeyY: focus("urgency"),
    KeyG: () => assist.linkNearest(), KeyU: () => void assist.urgeNearest(),
    KeyK: () => void sending.openOutcome("answer", article()), KeyJ: () => void sending.openOutcome("refuse"),
    KeyH: () => void sending.openOutcome("handoff"),
  };
  for (const number of [1, 2, 3, 4, 5]) {
    ALT[`Digit${number}`] = () => document.querySelector(`#items [data-key="${number}"]`)?.click();
  }
  const CONTROL = {
    Enter: () => form.requestSubmit(), NumpadEnter: () => form.requestSubmit(),
    KeyS: () => void drafts.saveNow(), Slash: () => toggleOverlay(),
  };
  const PLAIN = { F2: () => sending.goOn(), F8: () => errors.next() };
  const DONE = { Enter: () => sending.goOn() }; /* while the number is shown */

  function toggleOverlay() {
    if (overlay.open) overlay.close();
    else overlay.showModal();
  }
  const isText = (element) => element.matches?.("input:not([type=radio], [type=checkbox], [type=file]), textarea, select");
  function action(event) {
    if (event.altKey && !event.ctrlKey && !event.metaKey) return sending.isDone && event.code !== "KeyN" ? undefined : ALT[event.code];
    if ((event.ctrlKey || event.metaKey) && !event.altKey) return CONTROL[event.code];
    if (event.key === "?" && !isText(event.target)) return toggleOverlay;
    if (sending.isDone && DONE[event.code] && !event.target.closest("a, button")) return DONE[event.code];
    return PLAIN[event.code];
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const found = action(event);
    if (found) {
      event.preventDefault();
      if (!event.repeat) found();
    } else if (event.key === "Enter" && event.target.matches("#register input:not([type=file])")) {
      event.preventDefault(); /* a single Enter in a field must not send half a request */
    }
  });
  document.getElementById("show-keys").addEventListener("click", toggleOverlay);
  overlay.addEventListener("click", (event) => event.target === overlay && overlay.close());
})();
