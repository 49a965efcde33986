/* Photos are made small in the browser before they are sent: at most 1600 pixels wide or high. Without this file, or where
   the browser cannot, they are sent as they are. */
(() => {
  "use strict";
  const MOST = 1600; /* pixels of the longer side */
  const LIGHT = 300 * 1024; /* bytes: what is this small is left alone */

  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= LIGHT) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, MOST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  }

  async function shrink(input) {
    const chosen = [...input.files];
    const made = await Promise.all(chosen.map((file) => smaller(file).catch(() => file)));
    if (made.every((file, place) => file === chosen[place])) return;
    const carrier = new DataTransfer();
    for (const file of made) carrier.items.add(file);
    input.files = carrier.files;
  }

  /* Whoever sends a form waits for its photos: `photosReady` of the form is a promise. */
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.form?.matches("[data-keep]")) return;
    const before = input.form.photosReady ?? Promise.resolve();
    input.form.photosReady = before.then(() => shrink(input)).catch(() => {});
  });
})();
