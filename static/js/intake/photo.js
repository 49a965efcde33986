/* Where a chosen photo was taken: offered, and used only after a press. The server reads the start of the photo and keeps
   nothing. Fills longitude and latitude of the form and tells it "photo-place" with the place, or null when dropped. */
(() => {
  "use strict";
  const START = 256 * 1024; /* bytes: a photo's notes stand before its picture */
  const MOST = 5; /* photos asked about */
  const box = document.querySelector("[data-photo-place]");
  if (!box) return;
  const form = box.closest("form");
  const { longitude, latitude, csrfmiddlewaretoken: token } = form.elements;
  const [line, said, where, button] = ["p", "span", "b", "button"].map((name) => box.querySelector(name));
  let found = null;
  let turn = 0;

  const isUsed = (place) => Boolean(place) && Number(longitude.value) === place.longitude && Number(latitude.value) === place.latitude;
  const words = (place) => [place.area?.name, `${Number(place.latitude).toFixed(5)}, ${Number(place.longitude).toFixed(5)}`].filter(Boolean).join(" · ");

  function paint() {
    const kept = longitude.value && latitude.value ? { longitude: longitude.value, latitude: latitude.value } : null;
    const isOffer = found && !isUsed(found);
    const shown = found ?? kept;
    line.hidden = !shown;
    if (!shown) return;
    said.textContent = isOffer ? box.dataset.textFound : box.dataset.textUsed;
    where.textContent = words(shown);
    button.textContent = isOffer ? box.dataset.textUse : box.dataset.textDrop;
  }
  function fill(place) {
    longitude.value = place?.longitude ?? "";
    latitude.value = place?.latitude ?? "";
    longitude.dispatchEvent(new Event("change", { bubbles: true }));
    form.dispatchEvent(new CustomEvent("photo-place", { detail: place }));
  }
  async function ask(photo) {
    const body = new FormData();
    body.append("file", photo.slice(0, START, photo.type), "photo");
    try {
      const answer = await fetch(box.dataset.photoPlace, { method: "POST", body, headers: { "X-CSRFToken": token.value } });
      const place = answer.ok ? await answer.json() : {};
      return typeof place.longitude === "number" ? place : null;
    } catch {
      return null;
    }
  }
  /* A place that came from a photo goes with the photo; files put back by a script (another tab) change nothing. */
  async function look(byHand) {
    const mine = ++turn;
    const used = byHand && isUsed(found) ? found : null;
    const files = [...form.querySelectorAll("[type=file]")].flatMap((input) => [...input.files]);
    let place = null;
    for (const photo of files.filter((file) => file.type.startsWith("image/")).slice(0, MOST)) {
      place = await ask(photo);
      if (mine !== turn) return;
      if (place) break;
    }
    found = place;
    if (used && isUsed(used) && !isUsed(found)) fill(null);
    paint();
  }

  /* Caught on the way down: what a script tells a file field does not bubble. */
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") void look(event.isTrusted);
    else if (event.target === longitude && found) paint();
  }, true);
  button.addEventListener("click", () => {
    fill(found && !isUsed(found) ? found : null);
    paint();
  });
})();
