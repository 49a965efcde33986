/* The shift leader's queue by keyboard: arrows choose a proposal, Y confirms it, N accepts the case instead. */
(() => {
  "use strict";
  const cards = [...document.querySelectorAll(".proposal")];
  if (!cards.length) return;
  let at = 0;

  function mark(step) {
    at = Math.min(cards.length - 1, Math.max(0, at + step));
    cards[at].focus({ preventScroll: true });
    cards[at].scrollIntoView({ block: "nearest" });
  }
  function decide(verdict) {
    const button = cards[at].querySelector(`button[value="${verdict}"]`);
    if (!button.disabled) button.click();
  }
  const KEYS = {
    ArrowDown: () => mark(1), ArrowUp: () => mark(-1), KeyJ: () => mark(1), KeyK: () => mark(-1),
    KeyY: () => decide("confirm"), KeyN: () => decide("decline"),
  };
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest(".proposal");
    if (card) at = cards.indexOf(card);
  });
  document.addEventListener("keydown", (event) => {
    const found = KEYS[event.code];
    const isBusy = event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey;
    if (!found || isBusy || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    found();
  });
  mark(0);
})();
