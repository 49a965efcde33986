/* Sending: the page stays as it is until the server has the case; then the number stands big in its place. */
(() => {
  "use strict";
  const { form, words, errors, drafts } = desk;
  const entry = document.getElementById("entry");
  const done = document.getElementById("done");
  const outcome = document.getElementById("outcome");
  const outcomeBody = document.getElementById("outcome-body");
  const sendButton = document.getElementById("send");
  let isSending = false;

  async function send(tab) {
    const answer = await desk.ask(location.pathname, { method: "POST", body: new FormData(form) });
    if (!desk.isJson(answer)) return errors.setForm(answer.status >= 500 ? words.offline : words.lost);
    const told = await answer.json();
    if (told.address) return show(tab, told);
    for (const [name, found] of Object.entries(told.errors)) {
      for (const error of found) (name === "__all__" ? errors.setForm : errors.set.bind(null, name))(error.message);
    }
  }
  async function show(tab, told) {
    drafts.finish(tab, told.number);
    closeOutcome();
    turn(true);
    await htmx.ajax("GET", told.address, { target: done, swap: "innerHTML" });
    const number = done.querySelector("#number");
    if (number) {
      number.tabIndex = -1;
      number.focus({ preventScroll: true });
    }
    if (told.warning) desk.notice(told.warning, "warn");
  }
  /* The number takes the place of the form; the columns beside it rest. */
  function turn(isDone) {
    entry.hidden = isDone;
    done.hidden = !isDone;
    document.body.classList.toggle("is-done", isDone);
    for (const side of form.querySelectorAll("[data-side]")) side.inert = isDone;
    if (!isDone) done.replaceChildren();
  }
  const goOn = () => drafts.goOn();

  /* --- what becomes of it: the dialog's fields are sent with the form while it is open --- */
  async function openOutcome(kind, article = "") {
    if (drafts.current?.number) return;
    await htmx.ajax("GET", form.dataset.outcome, { target: outcomeBody, swap: "innerHTML", values: { outcome: kind, article } });
    if (!outcomeBody.children.length) return;
    if (!outcome.open) outcome.showModal();
    outcome.querySelector("[autofocus], textarea, select, input:not([type=hidden])")?.focus();
  }
  function closeOutcome() {
    if (outcome.open) outcome.close();
    outcomeBody.replaceChildren();
  }
  outcome.addEventListener("close", () => outcomeBody.replaceChildren());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const tab = drafts.current;
    if (isSending || !tab || tab.number) return;
    isSending = tab.isSending = true;
    sendButton.setAttribute("aria-busy", "true");
    errors.clear();
    try {
      await tab.saving;
      await send(tab);
    } catch {
      errors.setForm(words.offline);
    }
    isSending = tab.isSending = false;
    sendButton.removeAttribute("aria-busy");
    if (tab.number) return;
    errors.count();
    const wrong = errors.slots();
    if (outcome.open && wrong.length && !wrong.some((slot) => outcome.contains(slot))) closeOutcome();
    if (wrong.length) errors.next();
    else document.getElementById("form-errors").scrollIntoView();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-outcome], button[data-article]");
    if (button) void openOutcome(button.dataset.outcome ?? "answer", button.dataset.article);
    if (event.target.closest("[data-close]")) outcome.close();
    if (event.target.closest("[data-next]")) goOn();
  });
  /* Photos and files chosen: shown by name and size. Caught on the way down: what another tab puts back does not bubble. */
  form.addEventListener("change", (event) => {
    if (event.target.name !== "files") return;
    const names = document.getElementById("file-names");
    const empty = names.dataset.empty ?? (names.dataset.empty = names.textContent.trim());
    const chips = [...event.target.files].map((file) => {
      const text = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
      return Object.assign(document.createElement("span"), { className: "chip plain", textContent: text });
    });
    const quiet = Object.assign(document.createElement("span"), { className: "mut", textContent: empty });
    names.replaceChildren(...(chips.length ? chips : [quiet]));
    errors.clearOne("files");
  }, true);
  desk.on("shown", (tab) => turn(Boolean(tab.number)));
  desk.sending = { openOutcome, goOn, get isDone() { return Boolean(drafts.current?.number); } };
})();
