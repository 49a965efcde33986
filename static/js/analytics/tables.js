// On narrow screens the form of an ad-hoc table folds away; on wide ones it stands beside the table.
"use strict";
(() => {
  const ask = document.querySelector("[data-ask]");
  if (ask && window.matchMedia("(min-width: 1001px)").matches) ask.open = true;
})();
