// The pages without log-in. Everything works without this file; it spares re-choosing files and typing the place.
(() => {
  "use strict";

  const show = (element) => element.removeAttribute("hidden");

  // --- copy -----------------------------------------------------------------------------------
  for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const words = button.textContent;
    show(button);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = words), 2000);
    });
  }

  const form = document.querySelector("form[data-report]");
  if (!form) return;
  const errors = document.getElementById("form-errors");
  const submit = form.querySelector("[type=submit]");
  const field = (name) => form.querySelector(`[data-field="${name}"]`);

  // --- position: offered, never asked for unbidden -----------------------------------------------
  const locate = form.querySelector("[data-locate]");
  if (locate && "geolocation" in navigator && window.isSecureContext) {
    const said = locate.querySelector("[role=status]");
    show(locate);
    locate.querySelector("button").addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.longitude.value = coords.longitude.toFixed(6);
          form.elements.latitude.value = coords.latitude.toFixed(6);
          form.elements.longitude.dispatchEvent(new Event("change", { bubbles: true }));
          said.textContent = form.dataset.textPosition;
        },
        () => (said.textContent = form.dataset.textNoPosition),
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
    form.addEventListener("photo-place", () => (said.textContent = ""));
  }

  // --- the place of a photo, when its offer was taken: the area stands where it can be read and mended ---
  let filled = "";
  form.addEventListener("photo-place", ({ detail: place }) => {
    const { address } = form.elements;
    if (address.value && address.value !== filled) return;
    address.value = filled = place?.area?.name ?? "";
  });

  // --- what was chosen, to be looked at ------------------------------------------------------------
  const chosen = form.querySelector("[data-chosen]");
  const inputs = [...form.querySelectorAll("[type=file]")];
  form.addEventListener("change", (event) => {
    if (!inputs.includes(event.target)) return;
    for (const picture of chosen.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    chosen.replaceChildren(...inputs.flatMap((input) => [...input.files]).map(entry));
    chosen.hidden = !chosen.children.length;
  });

  function entry(file) {
    const item = document.createElement("li");
    const isPicture = /^image\/(jpeg|png|webp)$/.test(file.type);
    const content = document.createElement(isPicture ? "img" : "span");
    if (isPicture) {
      content.src = URL.createObjectURL(file);
      content.alt = file.name;
    } else {
      content.textContent = file.name;
    }
    item.append(content);
    return item;
  }

  // --- sending: errors come back beside the fields, and chosen files stay chosen ------------------
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    const words = submit.textContent;
    submit.setAttribute("aria-disabled", "true");
    submit.textContent = form.dataset.textSending;
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
      const answer = await response.json();
      if (answer.address) return location.assign(answer.address);
      if (answer.stamp) form.elements.stamp.value = answer.stamp;
      tell(answer.errors);
    } catch {
      tell({ __all__: [{ message: form.dataset.textOffline }] });
    }
    submit.removeAttribute("aria-disabled");
    submit.textContent = words;
  });

  function tell(problems) {
    for (const old of form.querySelectorAll(".field .error")) old.remove();
    for (const old of form.querySelectorAll(".has-error")) old.classList.remove("has-error");
    errors.replaceChildren();
    for (const [name, list] of Object.entries(problems)) {
      const place = field(name);
      for (const { message } of list) (place || errors).append(paragraph(message, place ? "error" : ""));
      place?.classList.add("has-error");
    }
    errors.classList.toggle("hidden", !errors.children.length);
    const first = form.querySelector(".has-error :is(input, textarea)");
    (first || errors).focus();
    errors.scrollIntoView({ block: "center" });
  }

  function paragraph(text, style) {
    const made = document.createElement("p");
    made.textContent = text;
    made.className = style;
    return made;
  }
})();
