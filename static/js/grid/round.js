// Rounds and findings on a phone: the position is asked for when a button is pressed, photos are shown and made small.
// Everything works without this file: a check-in without a position is kept and marked.
(() => {
  "use strict";
  const LONGEST_SIDE = 1600; // pixels; enough to see, light enough for a slow line

  const position = () =>
    new Promise((resolve) => {
      if (!("geolocation" in navigator) || !window.isSecureContext) return resolve(null);
      const options = { enableHighAccuracy: true, timeout: 8000, maximumAge: 5000 };
      navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), () => resolve(null), options);
    });

  const fill = (form, coords) => {
    if (!coords) return;
    form.elements.longitude.value = coords.longitude.toFixed(6);
    form.elements.latitude.value = coords.latitude.toFixed(6);
  };

  for (const form of document.querySelectorAll("form[data-here]")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sent) return;
      event.preventDefault();
      form.dataset.sent = "1";
      const button = form.querySelector("[type=submit]");
      button.textContent = form.dataset.here;
      button.disabled = true;
      fill(form, await position());
      form.submit();
    });
  }

  const locate = document.querySelector("[data-locate]");
  if (locate && "geolocation" in navigator && window.isSecureContext) {
    locate.hidden = false;
    locate.querySelector("button").addEventListener("click", async () => {
      const coords = await position();
      fill(locate.closest("form"), coords);
      locate.querySelector("[role=status]").textContent = coords ? locate.dataset.found : locate.dataset.none;
    });
  }

  const smaller = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = LONGEST_SIDE / Math.max(picture.width, picture.height);
    if (scale >= 1) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
  };

  for (const label of document.querySelectorAll(".photo-take")) {
    const input = label.querySelector("input");
    const show = async () => {
      const [file] = input.files;
      label.querySelectorAll("img, .again").forEach((one) => one.remove());
      if (!file) return;
      try {
        const light = await smaller(file);
        if (light !== file) {
          const files = new DataTransfer();
          files.items.add(light);
          input.files = files.files;
        }
      } catch {
        return; // not a picture the browser knows: the server says what it thinks of it
      }
      const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(input.files[0]), alt: "" });
      const again = Object.assign(document.createElement("span"), { className: "again", textContent: label.dataset.again });
      label.append(picture, again);
    };
    input.addEventListener("change", show);
    show(); // a photo taken before this file had arrived
  }
})();
